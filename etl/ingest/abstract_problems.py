"""Make the problems of abstracts that a reader failed on, in the record that states them."""

from collections.abc import Sequence

from catalog.domain.merge import MergedPaper
from catalog.domain.plain_text import plain_abstract
from catalog.domain.records import Problem
from etl.formats.toolkit.decoding import excerpt
from etl.formats.toolkit.json_items import LONGEST_REASON
from etl.ingest.affected_records import Row
from etl.ingest.problem_rows import SECOND, UNREAD, UnreadAbstract


def unread_abstract(paper: MergedPaper, group: Sequence[Row], why: str) -> UnreadAbstract:
    """Make the problem of an abstract that the reader stumbled over."""
    return _problem(paper, group, f"{UNREAD}{why}; the paper was kept without results")


def second_failed(paper: MergedPaper, group: Sequence[Row], why: str) -> UnreadAbstract:
    """Make the problem of an abstract that the second reader failed on."""
    return _problem(paper, group, f"{SECOND}{why}; the built-in reading stands")


def _problem(paper: MergedPaper, group: Sequence[Row], why: str) -> UnreadAbstract:
    """Return the problem of the first record that states the paper's abstract."""
    stating = [row for row in group if plain_abstract(row.record.abstract or "") == paper.abstract]
    row = min(stating or group, key=lambda row: (row.rank, row.document_id, row.position))
    problem = Problem(
        where=f"record {row.position + 1}",
        why=excerpt(why, LONGEST_REASON),
        raw=excerpt(paper.abstract or ""),
    )
    return UnreadAbstract(row.document_id, problem)
