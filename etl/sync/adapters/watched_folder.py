"""Load new and changed files of a watched folder; deleted files stay loaded."""

from collections.abc import Iterator
from pathlib import Path

from catalog.domain.errors import CatalogError
from etl.ingest.inputs import Input, UnknownFormatError, input_of, is_of_a_database
from etl.plugins import SyncSource
from etl.sync.settings import Seconds, SourceSettings
from etl.sync.source_run import SourceRun


class Folder(SourceSettings, frozen=True, kw_only=True):
    """Settings of a watched folder."""

    path: str
    settle_seconds: Seconds = 10.0


def sync(source_run: SourceRun, config: Folder) -> None:
    """Load the files of the folder, each by itself.

    Raises:
        CatalogError: there is no such folder, or one of its files could not be loaded; the others
            were.

    """
    try:
        folder = Path(config.path).expanduser()
    except RuntimeError as error:
        raise CatalogError(
            f"cannot watch {config.path}",
            why="there is no such user on this machine",
            hint="correct path in the configuration",
        ) from error
    if not folder.is_dir():
        raise CatalogError(
            f"cannot watch {folder}",
            why="there is no such folder",
            hint="create it, or correct path in the configuration",
        )
    refused: list[CatalogError] = []
    inputs: list[Input] = []
    for path in settled(source_run, folder, config.settle_seconds):
        try:
            inputs.append(input_of(path, None, None))
        except UnknownFormatError:
            source_run.note(f"{path} is in no known format; skipped")
        except CatalogError as error:
            refused.append(error)
        except OSError as error:
            refused.append(unreadable(path, error))
    refused += source_run.load_inputs(inputs)
    for other in refused[1:]:
        source_run.warn(f"{other.what}: {other.why}")
    if refused:
        raise refused[0]


def unreadable(path: Path, error: OSError) -> CatalogError:
    """Say that a file of the folder cannot be read, and why."""
    return CatalogError(
        f"cannot load {path}",
        why=error.strerror or str(error),
        hint="check the file and its permissions; the other files are loaded",
    )


def is_catalogs(path: Path) -> bool:
    """Return true for a catalog inside the folder, and for what lies beside it."""
    try:
        return is_of_a_database(path)
    except OSError:
        return False  # it is told of when it is opened


def settled(source_run: SourceRun, folder: Path, seconds: float) -> Iterator[Path]:
    """Yield the files that nobody is still writing, in the order of their names."""
    before = source_run.world.now().timestamp() - seconds
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or not path.is_file() or is_catalogs(path):
            continue
        try:
            written = path.stat().st_mtime
        except FileNotFoundError:  # moved away meanwhile
            continue
        if written > before:
            source_run.note(f"{path} was written just now; left for the next run")
        else:
            yield path


SOURCE = SyncSource(
    name="folder",
    title="A folder that you put files in",
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
