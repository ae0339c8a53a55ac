"""Tests of files that are changed or replaced while they are loaded."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from etl.plugins import formats
from tests.robust.calling import call, content
from tests.robust.programs import page

FORMAT = "digest-page"


@pytest.fixture
def meddling(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have something done while the first document is read, once."""

    def install(meddle: Callable[[], object]) -> None:
        known = formats()[FORMAT]
        due = [meddle]

        def parse(*args: Any) -> Iterator[Any]:
            for item in known.parse(*args):
                yield item
                if due:
                    due.pop()()

        monkeypatch.setitem(formats(), FORMAT, msgspec.structs.replace(known, parse=parse))

    return install


def append(file: Path) -> None:
    with file.open("a") as stream:
        stream.write(page("Later"))


def cut(file: Path) -> None:
    os.truncate(file, 10)


def rewrite(file: Path) -> None:
    """As many bytes, others, and a time of its own."""
    before = file.stat()
    file.write_text(file.read_text().replace("Nets", "Neta"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


@pytest.mark.parametrize("change", [append, cut, rewrite], ids=lambda change: change.__name__)
@pytest.mark.parametrize("was_loaded", [True, False], ids=["loaded before", "new"])
def test_file_that_changes_while_it_is_read_leaves_the_catalog_as_it_was(
    change: Callable[[Path], None], was_loaded: bool, catalog_file: Path, meddling
):
    file = catalog_file.with_name("page.txt")
    if was_loaded:
        file.write_text(page("Older"))
        assert call("load", str(file)).exit_code == 0
    before = content(catalog_file)
    file.write_text(page("Nets", "More Nets"))
    meddling(lambda: change(file))
    result = call("load", str(file))
    assert result.exit_code == 1
    assert "changed while it was read" in result.stderr
    assert "hint: load it again" in result.stderr
    assert content(catalog_file) == before
    file.write_text(page("Nets", "More Nets"))
    assert call("load", str(file)).exit_code == 0
    assert len(content(catalog_file)["papers"]) == 2


def test_file_put_in_the_place_of_one_that_waits_to_be_read_is_not_taken_for_it(
    catalog_file: Path, meddling
):
    first, second, other = (catalog_file.with_name(name) for name in ("a.txt", "b.txt", "new"))
    first.write_text(page("First"))
    second.write_text(page("Second"))
    other.write_text(page("Decond"))
    stamp = second.stat()
    os.utime(other, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    meddling(lambda: other.replace(second))
    result = call("load", str(first), str(second))
    assert result.exit_code == 3
    assert f"cannot load {second}" in result.stderr
    assert "changed while it was read" in result.stderr
    assert len(content(catalog_file)["papers"]) == 1
    assert call("load", str(second)).exit_code == 0
    assert len(content(catalog_file)["papers"]) == 2
