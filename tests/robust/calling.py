"""Call the command in tests, and read what it leaves behind."""

from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from catalog.database.engine import opened
from etl.cli import main
from tests.snapshot import snapshot


def call(*args: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(args), input=stdin, catch_exceptions=False)


def said(result: Result) -> str:
    return result.stderr


def content(catalog: Path | str) -> dict[str, Any]:
    """What a catalog says, given as its file or its URL."""
    with opened(f"sqlite:///{catalog}" if isinstance(catalog, Path) else catalog) as engine:
        return dict(snapshot(engine))


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def lay_out(folder: Path, files: dict[str, bytes | str]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
