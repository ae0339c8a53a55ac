"""Read people's decisions: on identity, on papers and their numbers, on names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any, TypeAlias

from msgspec import Struct
from sqlalchemy import Connection, Row, select

from catalog.domain.correction_rules import (
    NAME_KINDS,
    NONE_MADE,
    PAPER_KINDS,
    RESULT_KINDS,
    SUBJECTS,
    PaperDecision,
    PaperDecisions,
    ResultDecision,
    read,
)
from catalog.domain.identity import NONE_DECIDED, Anchor, Decisions
from catalog.models import table
from etl.ingest.name_rules import NO_RULES, NameDecision, NameRules, rules_of

Kept: TypeAlias = Row[Any, Any, Any, Any]
"""Kind, target, value and machine's value of a correction."""

Ordered: TypeAlias = tuple[int, Kept]
"""A correction with its number in the order in which they were made."""


class Decided(Struct, frozen=True):
    """All decisions in force."""

    identity: Decisions
    by_target: dict[Anchor, list[Ordered]]
    """Name of a paper -> the decisions on it."""

    names: NameRules

    @property
    def dataset_names(self) -> dict[str, str]:
        """Key of a dataset -> its name, where decisions choose it."""
        rows = self.names.rows.items()
        return {key: row["name"] for (subject, key), row in rows if subject == "dataset"}

    def of(self, anchors: Iterable[Anchor]) -> PaperDecisions:
        """Return the decisions on the paper that is held by these anchors."""
        if not self.by_target:
            return NONE_MADE
        ordered = [row for anchor in anchors for row in self.by_target.get(anchor, ())]
        found = [row for _, row in sorted(ordered, key=itemgetter(0))]
        if not found:
            return NONE_MADE
        return PaperDecisions(
            results=tuple(_results(found)),
            paper=tuple(
                PaperDecision(kind=row.kind, value=row.value)
                for row in found
                if row.kind in PAPER_KINDS
            ),
        )


NO_DECISIONS = Decided(NONE_DECIDED, {}, NO_RULES)


def _results(rows: Iterable[Kept]) -> Iterator[ResultDecision]:
    for row in rows:
        if row.kind in RESULT_KINDS:
            yield ResultDecision(
                kind=row.kind, value=read(row.value), machine=read(row.machine_value)
            )


def read_decisions(connection: Connection) -> Decided:
    """Read every decision in force, in the order in which they were made."""
    target = table("corrections")
    rows = connection.execute(
        select(target.c.kind, target.c.target, target.c.value, target.c.machine_value)
        .where(target.c.retracted_at.is_(None))
        .order_by(target.c.made_at, target.c.id)
    ).all()
    by_target: dict[Anchor, list[Ordered]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.kind in RESULT_KINDS or row.kind in PAPER_KINDS:
            by_target[row.target].append((number, row))
    return Decided(_identity(rows), by_target, rules_of(_names(rows)))


def _names(rows: Iterable[Kept]) -> Iterator[NameDecision]:
    for row in rows:
        if row.kind in NAME_KINDS and row.value is not None:
            subject, _, name = row.target.partition(":")
            if subject in SUBJECTS:
                other = row.value.partition(":")[2]
                yield NameDecision(row.kind, subject, name, other)


def _identity(rows: Iterable[Kept]) -> Decisions:
    pairs: dict[str, list[tuple[Anchor, Anchor]]] = {"merge": [], "split": []}
    for row in rows:
        if row.kind in pairs and row.value is not None:
            pairs[row.kind].append((row.target, row.value))
    if not any(pairs.values()):
        return NONE_DECIDED
    return Decisions(merged=tuple(pairs["merge"]), apart=tuple(pairs["split"]))
