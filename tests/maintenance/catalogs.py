"""Call commands on a catalog, and read what is in it and beside it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner, Result

from catalog.database.engine import opened
from etl.cli import main
from tests.robust.programs import page
from tests.snapshot import snapshot


def call(file: Path, *args: object) -> Result:
    words = ["--db", str(file), *map(str, args)]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def content(file: Path) -> dict[str, object]:
    with opened(f"sqlite:///{file}") as engine:
        return dict(snapshot(engine))


def papers(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM papers").fetchone()[0])


def load(file: Path, *words: str) -> None:
    document = file.with_name(f"{words[0]}.txt")
    document.write_text(page(*words))
    assert call(file, "load", document).exit_code == 0


def copies(file: Path) -> list[Path]:
    return sorted(file.parent.glob("*.backup.db"))


class Disk(NamedTuple):
    total: int
    used: int
    free: int
