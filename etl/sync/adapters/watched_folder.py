"""A watched folder: what is new or changed in it is loaded; what is gone from it stays loaded."""

from collections.abc import Iterator
from pathlib import Path

from catalog.domain.errors import CatalogError
from etl.ingest.inputs import Input, UnknownFormatError, input_of
from etl.plugins import SyncSource
from etl.sync.settings import Seconds, SourceSettings
from etl.sync.source_run import Course


class Folder(SourceSettings, frozen=True, kw_only=True):
    """A folder that somebody puts files in."""

    path: str
    settle_seconds: Seconds = 10.0


def sync(course: Course, config: Folder) -> None:
    """Load the files of the folder, each by itself.

    Raises:
        CatalogError: there is no such folder, or one of its files could not be loaded; the others
            were.

    """
    folder = Path(config.path).expanduser()
    if not folder.is_dir():
        raise CatalogError(
            f"cannot watch {folder}",
            why="there is no such folder",
            hint="create it, or correct path in the configuration",
        )
    refused: list[CatalogError] = []
    inputs: list[Input] = []
    for path in settled(course, folder, config.settle_seconds):
        try:
            inputs.append(input_of(path, None, None))
        except UnknownFormatError:
            course.note(f"{path} is in no known format, passed over")
        except CatalogError as error:
            refused.append(error)
    refused += course.load_inputs(inputs)
    if refused:
        raise refused[0]


def settled(course: Course, folder: Path, seconds: float) -> Iterator[Path]:
    """The files of a folder that nobody is writing any more, in the order of their names."""
    before = course.world.now().timestamp() - seconds
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or not path.is_file():
            continue
        if path.stat().st_mtime > before:
            course.note(f"{path} was written just now, left for the next run")
        else:
            yield path


SOURCE = SyncSource(
    name="folder",
    title="A folder that somebody puts files in",
    settings=Folder,
    sync=sync,
    template="""\
# A folder that you put files in; give it any name, and have as many as you like.
# [sources.inbox]
# kind = "folder"
# path = "/home/you/papers"
# settle_seconds = 10       # a file that was written just now waits for the next run
""",
)
