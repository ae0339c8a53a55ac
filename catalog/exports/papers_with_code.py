"""Write papers, code links and leaderboards as the JSON files of Papers with Code.

What was loaded from such files comes out again; see https://github.com/paperswithcode/sota-extractor
and the files of https://huggingface.co/pwc-archive.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from catalog.domain.formatting import plural
from catalog.domain.identifiers import address, pdf_address
from catalog.domain.schemes import PUBLIC, PrintedIdentifier
from catalog.exports.contract import Papers
from catalog.reads.drivers import run
from catalog.reads.paper import Link, Paper, PaperIdentifier, identifiers_of
from catalog.reads.stated_results import (
    BoardLink,
    StatedResult,
    board_links,
    stated_results,
    stated_tasks,
)

PAPER_FIELD = "paper_url"
"""Field of leaderboards that holds the address of a paper that nothing else names."""
BOARD_FIELDS = ("code_links", "model_links")
"""Fields of leaderboards that hold addresses."""

_encode = msgspec.json.Encoder(enc_hook=str).encode


def write_pwc_papers(papers: Papers, stream: BinaryIO) -> int:
    """Write papers-with-abstracts: an array of papers with their tasks; return their number."""
    return _write_array(stream, map(_paper, papers.named()))


def write_pwc_links(papers: Papers, stream: BinaryIO) -> int:
    """Write links-between-papers-and-code: an array of repositories; return their number.

    Links of papers without title and identifier are left out: the array could not say whose.
    """
    nameless: list[Link] = []
    count = _write_array(stream, _codes(papers, nameless))
    if nameless:
        papers.remarks.append(
            f"Left out {plural(len(nameless), 'link')} of papers with neither title nor identifier."
        )
    return count


def _codes(papers: Papers, nameless: list[Link]) -> Iterator[dict[str, Any]]:
    """Yield the repositories of papers; keep those of papers without a name in `nameless`."""
    for paper in papers.named():
        links = [link for link in paper.links if _is_code(link)]
        if paper.title or paper.identifiers:
            yield from (_code(paper, link) for link in links)
        else:
            nameless += links


def _is_code(link: Link) -> bool:
    """Tell whether it is a repository, or called one, which leaderboards do not name anyway."""
    if link.found_in in BOARD_FIELDS:
        return link.framework is not None or link.is_official is not None
    return link.repository is not None or link.found_in == "repo_url"


def write_pwc_tables(papers: Papers, stream: BinaryIO) -> int:
    """Write evaluation-tables: an array of tasks with their leaderboards; return their number.

    The rows are those that sources state in tables, not what was read from abstracts.
    """
    ids = papers.ids if papers.is_excerpt else None
    tasks = run(papers.connection, stated_tasks(ids))
    return _write_array(stream, (_task(papers.connection, task, ids) for task in tasks))


def _write_array(stream: BinaryIO, items: Iterable[dict[str, Any]]) -> int:
    """Write a JSON array with an item a line."""
    count = 0
    for count, item in enumerate(items, start=1):
        stream.write((b"[\n" if count == 1 else b",\n") + _encode(item))
    stream.write(b"\n]\n" if count else b"[]\n")
    return count


class _Names(Struct, frozen=True):
    """The addresses of a paper in the files' terms."""

    page: str | None
    """At Papers with Code."""
    url_abs: str | None
    url_pdf: str | None
    arxiv: str | None
    openreview: str | None

    @property
    def best(self) -> str | None:
        """The address that tells most."""
        return self.url_abs or self.page


def _names(paper: Paper) -> _Names:
    values = {name.scheme: name for name in reversed(paper.identifiers)}
    arxiv = values.get("arxiv")
    others = [values[one] for one in ("doi", "openreview", "openalex") if one in values]
    url_abs = others[0].url if others else None
    if arxiv:
        printed = PrintedIdentifier(scheme="arxiv", value=arxiv.value, version=paper.version)
        url_abs = address(printed)
    pdfs = (pdf_address(name) for name in (arxiv, *others) if name)
    return _Names(
        page=values["pwc"].url if "pwc" in values else None,
        url_abs=url_abs,
        url_pdf=next(filter(None, pdfs), None),
        arxiv=arxiv.value if arxiv else None,
        openreview=values["openreview"].value if "openreview" in values else None,
    )


def _paper(paper: Paper) -> dict[str, Any]:
    names = _names(paper)
    return {
        "paper_url": names.page or names.best or "",
        "arxiv_id": names.arxiv,
        "nips_id": None,
        "openreview_id": names.openreview,
        "title": paper.title,
        "abstract": paper.abstract,
        "short_abstract": None,
        "url_abs": names.url_abs,
        "url_pdf": names.url_pdf,
        "proceeding": paper.venue,
        "authors": paper.authors,
        "tasks": [task.name for task in paper.tasks],
        "date": paper.published_on,
        "conference_url_abs": None,
        "conference_url_pdf": None,
        "conference": None,
        "reproduces_paper": None,
        "methods": [],
    }


def _code(paper: Paper, link: Link) -> dict[str, Any]:
    names = _names(paper)
    return {
        "paper_url": names.page or names.best or "",
        "paper_title": paper.title,
        "paper_arxiv_id": names.arxiv,
        "paper_url_abs": names.url_abs,
        "paper_url_pdf": names.url_pdf,
        "repo_url": link.url,
        "is_official": link.is_official,
        "mentioned_in_paper": link.found_in == "abstract",
        "mentioned_in_github": None,
        "framework": link.framework or "none",
    }


class _Beside(Struct, frozen=True):
    """The address and links of a paper, which each of its rows repeats."""

    address: str | None
    links: list[BoardLink]


def _task(connection: Connection, name: str, ids: Sequence[int] | None) -> dict[str, Any]:
    rows = run(connection, stated_results(name, ids))
    of = sorted({row.paper_id for row in rows})
    names, links = run(connection, identifiers_of(of)), run(connection, board_links(of))
    beside = {one: _beside(names.get(one, []), links.get(one, [])) for one in of}
    boards = groupby(rows, key=lambda row: row.dataset)
    return {
        "task": name,
        "description": "",
        "categories": [],
        "synonyms": [],
        "subtasks": [],
        "source_link": None,
        "datasets": [_dataset(dataset, list(held), beside) for dataset, held in boards],
    }


def _beside(names: list[PaperIdentifier], links: list[BoardLink]) -> _Beside:
    elsewhere = next((link.url for link in links if link.found_in == PAPER_FIELD), None)
    return _Beside(_best_address(names) or elsewhere, links)


def _best_address(names: list[PaperIdentifier]) -> str | None:
    ordered = sorted(names, key=lambda name: PUBLIC.index(name.scheme))
    return next((name.url for name in ordered), None)


def _dataset(name: str, rows: list[StatedResult], beside: dict[int, _Beside]) -> dict[str, Any]:
    held = [_row(row, beside[row[0].paper_id]) for row in _models(rows)]
    metrics = dict.fromkeys(metric for row in held for metric in row["metrics"])
    return {
        "dataset": name,
        "description": "",
        "dataset_citations": [],
        "dataset_links": [],
        "subdatasets": [],
        "sota": {"metrics": list(metrics), "rows": held},
    }


def _models(rows: list[StatedResult]) -> Iterator[list[StatedResult]]:
    """Split the numbers on a dataset by paper and model, and where a metric comes again."""
    for _, group in groupby(rows, key=lambda row: (row.paper_id, row.model)):
        found: list[dict[str, StatedResult]] = [{}]
        for one in group:
            if one.metric in found[-1]:
                found.append({})
            found[-1][one.metric] = one
        # In which order they were loaded is no part of the content.
        ordered = [[row[metric] for metric in sorted(row)] for row in found]
        yield from sorted(ordered, key=lambda row: [(one.metric, one.text) for one in row])


def _row(numbers: list[StatedResult], beside: _Beside) -> dict[str, Any]:
    """Make a row of the numbers of one model of a paper."""
    first = numbers[0]
    addresses = {
        found_in: [
            {"title": "", "url": one.url} for one in beside.links if one.found_in == found_in
        ]
        for found_in in BOARD_FIELDS
    }
    return {
        "model_name": first.model,
        "metrics": {one.metric: one.text for one in numbers},
        "paper_title": first.title,
        "paper_url": beside.address,
        "paper_date": first.published_on,
        **addresses,
        "uses_additional_data": False,
    }
