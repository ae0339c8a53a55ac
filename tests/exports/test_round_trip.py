"""Tests that what is exported loads back to an equal catalog."""

from pathlib import Path
from typing import Any

import pytest

from catalog.database.engine import opened
from tests.conftest import Fresh
from tests.exports.conftest import Run, samples
from tests.snapshot import snapshot

PROVENANCE = {"documents", "paper_sources", "problems"}
"""Which document supplied what is not exported."""

GIVEN_ONCE = {"metrics": 2, "datasets": 2, "tasks": 2}
"""Table -> column of the name in addresses: of two that are alike the first loaded has the plain
one, and the order of loading is not exported."""


def content(url: str) -> dict[str, Any]:
    """What a catalog says, without provenance."""
    with opened(url) as engine:
        found = snapshot(engine)
    return {
        name: sorted(
            (row[: GIVEN_ONCE[name]] + row[GIVEN_ONCE[name] + 1 :] for row in rows), key=repr
        )
        if name in GIVEN_ONCE
        else rows
        for name, rows in found.items()
        if name not in PROVENANCE
    }


def test_the_catalogs_own_lines_load_back_to_an_equal_catalog(
    sampled: str, fresh: Fresh, run: Run, tmp_path: Path
) -> None:
    file, again = tmp_path / "papers.jsonl.gz", tmp_path / "again.jsonl.gz"
    run(sampled, "export", "catalog-jsonl", file)
    other = fresh("other")
    run(other, "load", "--jobs", "1", file)
    assert content(other) == content(sampled)
    run(other, "export", "catalog-jsonl", again)
    assert again.read_bytes() == file.read_bytes()


PWC = ("pwc-papers", "pwc-links", "pwc-tables")


def there_and_back(url: str, other: str, folder: Path, run: Run) -> None:
    files = [folder / f"{name}.json" for name in PWC]
    for name, file in zip(PWC, files, strict=True):
        run(url, "export", name, file)
    filled = [file for file in files if file.read_text() != "[]\n"]  # no format knows nothing
    run(other, "load", "--jobs", "1", *filled)
    assert content(other) == content(url)


def test_the_files_of_papers_with_code_load_back_to_an_equal_catalog(
    fresh: Fresh, run: Run, tmp_path: Path
) -> None:
    url = fresh("archive")
    run(url, "load", "--jobs", "1", *samples(*PWC), codes=(0, 3))
    there_and_back(url, fresh("other"), tmp_path, run)


@pytest.mark.parametrize("file", ["squad.json", "ogb.json", "nlp-progress.json", "redditsota.json"])
def test_real_tables_load_back_to_an_equal_catalog(
    file: str, shared: Path, fresh: Fresh, run: Run, tmp_path: Path
) -> None:
    url = fresh("archive")
    tables = shared / "data" / "pwc" / "evaluation-tables"
    run(url, "load", "--jobs", "1", tables / file, codes=(0, 3))
    there_and_back(url, fresh("other"), tmp_path, run)


def test_real_papers_load_back_to_an_equal_catalog(
    shared: Path, fresh: Fresh, run: Run, tmp_path: Path
) -> None:
    url, other, file = fresh("real"), fresh("other"), tmp_path / "papers.jsonl"
    data = shared / "data"
    days = sorted((data / "hf-daily").glob("2025-03-1*.json"))
    run(url, "load", "--jobs", "1", data / "digests", *days, codes=(0, 3))
    run(url, "export", "catalog-jsonl", file)
    run(other, "load", "--jobs", "1", file)
    assert content(other) == content(url)
