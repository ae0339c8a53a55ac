"""Tests that what is exported loads back to an equal catalog."""

from pathlib import Path
from typing import Any

import pytest

from catalog.database.engine import opened
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.catalog_jsonl import line_of
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


def test_links_of_papers_without_a_name_are_left_out_and_counted(
    fresh: Fresh, run: Run, tmp_path: Path
) -> None:
    address = "https://github.com/example/quills"
    records = [
        PaperRecord(abstract=f"We present quills. Code: {address}-0 and {address}-1."),
        PaperRecord(title=TITLES[0], abstract=f"We present ink. Code: {address}-2."),
    ]
    url, other, file = fresh("given"), fresh("other"), tmp_path / "links.json"
    lines = tmp_path / "papers.jsonl"
    lines.write_bytes(b"".join(map(line_of, records)))
    run(url, "load", "--jobs", "1", lines)
    told = run(url, "export", "pwc-links", file).stderr
    assert told.splitlines() == [
        "Left out 2 links of papers with neither title nor identifier.",
        f"Wrote 1 link to {file}.",
    ]
    assert "; 0 problems" in run(other, "load", "--jobs", "1", file).stdout


def test_an_empty_export_says_that_there_is_nothing_to_load(
    fresh: Fresh, run: Run, tmp_path: Path
) -> None:
    url, file = fresh("empty"), tmp_path / "links.json"
    run(url, "export", "pwc-links", file)
    refused = run(url, "load", file, codes=(1,)).stderr
    assert "it is an empty list of JSON: there is nothing to load" in refused
    run(url, "load", "--format", "pwc-links", file)


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


@pytest.mark.parametrize("form", ["bibtex", "ris", "csl-json"])
def test_references_load_back_with_the_same_titles_and_authors(
    form: str, fresh: Fresh, run: Run, tmp_path: Path
) -> None:
    records = [
        PaperRecord(
            title=title,
            abstract=f"We reach 9{number}\\% in $O(n^2)$ & more.",
            identifiers=(Identifier(scheme="arxiv", value=f"2503.0000{number}"),),
            authors=AUTHORS,
        )
        for number, title in enumerate(TITLES)
    ]
    (tmp_path / "papers.jsonl").write_bytes(b"".join(map(line_of, records)))
    url, other, file = fresh("given"), fresh("other"), tmp_path / "references"
    run(url, "load", "--jobs", "1", tmp_path / "papers.jsonl")
    run(url, "export", form, file)
    run(other, "load", "--jobs", "1", file)
    for name in ("authorships", "identifiers"):
        assert content(other)[name] == content(url)[name]
    assert titles(other) == titles(url)
    assert len(titles(url)) == len(TITLES)


AUTHORS = ("Ada Lovelace", "Jan van der Berg", "W. Rodrigues Jr.", "Gemini Team", "María Pérez")
TITLES = (
    "BERT Meets ImageNet: 50% of A_B & C#",
    "O(n²) α-GAN with ≤ 3 Steps",
    "Sets {0, 1}, and an open { brace",
    "Iñaki’s naïve “façade” — fünf Straßen",
)


def titles(url: str) -> list[tuple[str, str]]:
    return sorted((row[0], row[2]) for row in content(url)["papers"])
