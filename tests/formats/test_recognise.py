"""Tests that formats recognise their own documents only."""

import gzip
import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from etl.formats import Head
from etl.formats.contract import HEAD_SIZE
from etl.formats.toolkit.compression import decompressed
from etl.plugins import formats, recognise

Real = Callable[[str], Iterator[Path]]

DATA = Path(__file__).parents[1] / "data"


def recognised(data: bytes | str) -> str | None:
    data = data.encode() if isinstance(data, str) else data
    found = recognise(Head(name="-", data=data[:HEAD_SIZE]))
    return found.name if found else None


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("", id="nothing"),
        pytest.param("[]", id="an empty list could be any"),
        pytest.param("{}", id="an empty object"),
        pytest.param("[1, 2]", id="numbers"),
        pytest.param('{"name": "quill", "version": "1.0"}', id="a package"),
        pytest.param('[{"title": "x", "abstract": "y"}]', id="an array of our own lines"),
        pytest.param('{"title": "x", "isbn": "y"}', id="a title among other things"),
        pytest.param('{"id": "2405.1", "digest": "2024-05-27", "title": "x"}', id="other lines"),
        pytest.param('{"corpusid": 1, "text": "x"}', id="a summary of Semantic Scholar"),
        pytest.param("@article is how an entry begins\n", id="a text about BibTeX"),
        pytest.param("title,authors,isbn\nx,y,1\n", id="CSV of books"),
        pytest.param("name,description,url\nx,y,z\n", id="CSV of anything"),
        pytest.param("# Papers\n\n* [x](https://arxiv.org/abs/2405.15738)\n", id="Markdown"),
        pytest.param("<!DOCTYPE html><html><a href='https://arxiv.org/'>x</a></html>", id="HTML"),
        pytest.param(
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry>'
            '<link href="https://arxiv.org/abs/2405.15738"/></entry></feed>',
            id="a feed that links to arXiv",
        ),
        pytest.param(
            "<rss><channel><item><link>https://arxiv.org/abs/2405.15738</link></item></channel></rss>",
            id="a blog that links to arXiv",
        ),
        pytest.param("<OAI-PMH><Identify/></OAI-PMH>", id="OAI-PMH of someone else"),
        pytest.param(b"\x00\x01\x02" * 100, id="binary"),
        pytest.param(b"\x1f\x8b\x08", id="compressed, not yet opened"),
        pytest.param("[{" * 30_000, id="deep"),
        pytest.param('{"' * 30_000, id="quotes"),
    ],
)
def test_other_documents_are_not_taken(data: bytes | str) -> None:
    assert recognised(data) is None


def test_array_of_the_snapshots_shape_is_not_the_snapshot() -> None:
    """Seen: an array of that name with invented facts in it; the snapshot itself is lines."""
    line = (DATA / "arxiv-kaggle" / "snapshot.json").read_text("utf-8").splitlines()[0]
    assert recognised(line) == "arxiv-kaggle"
    assert recognised(f"[{line}]") is None


@pytest.mark.parametrize("format_name", formats())
def test_cases_are_recognised_by_one_format_only(format_name: str) -> None:
    for case in (DATA / format_name).glob("*"):
        if not case.name.endswith(".expected.json"):
            head = Head(name="-", data=case.read_bytes()[:HEAD_SIZE])
            assert [name for name in formats() if formats()[name].recognises(head)] == [format_name]


def test_compressed_cases_are_recognised_once_opened() -> None:
    case = (DATA / "pwc-links" / "links-between-papers-and-code.json").read_bytes()
    head = decompressed(BytesIO(gzip.compress(case))).read(HEAD_SIZE)
    assert recognised(head) == "pwc-links"


def test_task_whose_name_stands_behind_its_tables_is_recognised() -> None:
    rows = [{"model_name": "m", "metrics": {"F1": "1"}, "paper_title": "x" * 100}] * 1_000
    task = {"datasets": [{"dataset": "Q", "sota": {"rows": rows}}], "task": "Reading"}
    assert recognised(json.dumps([task])) == "pwc-tables"


@pytest.mark.parametrize(
    ("pattern", "format_name"),
    [
        ("digests/000*.txt", "digest-page"),
        ("digests/001*.txt", "abstract-listing"),
        ("digests/004*.txt", "digest-page"),
        ("abstracts/*.gz", None),
        ("*/LICENSE", None),
        ("README.md", None),
    ],
)
def test_real_files_are_recognised(real: Real, pattern: str, format_name: str | None) -> None:
    for path in real(pattern):
        with path.open("rb") as stream:
            assert recognised(decompressed(stream).read(HEAD_SIZE)) == format_name
