"""A machine of random histories, whose catalogs must equal fresh ones of what is left.

Documents are loaded, loaded again, changed, moved and forgotten; papers are merged, split and
marked; numbers, names and papers are corrected; what people decided is taken back. The clock goes
on meanwhile, so that nothing may depend on the hour of a load. tests/test_histories.py runs it
shortly, benchmarks/histories.py for long.
"""

import datetime as dt
import random
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ClassVar
from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import Engine, select

from catalog.database.engine import opened
from catalog.models import table
from etl.ingest import moved_documents
from tests.load_invented import NOW, Doc, follow, forget, load, writer_on
from tests.snapshot import snapshot
from tests.test_correction_laws import CHOICES as JUDGEMENTS
from tests.test_correction_laws import judge, unjudge
from tests.test_load_laws import DECISIONS, PIECES, settle, take_back
from tests.test_mark_laws import CHOICES, mark, marks

NAMES = st.sampled_from(
    ["/a/one", "/a/two", "/b/one", "/b/two", "/c/2025-03-11.json", "/c/2025-03-12.json"]
)
FORMATS = st.sampled_from(["publisher", "digest", "list"])
WHOSE = {"documents", "paper_sources", "problems"}
"""Parts of a snapshot that tell which of two documents with the same bytes came first."""


class Histories(RuleBasedStateMachine):
    """A catalog with a history, and a model of what is left of it."""

    fresh: ClassVar[Callable[[str], str]]
    """Makes an empty catalog of a name; returns its address."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.engine: Engine = self.stack.enter_context(opened(type(self).fresh("history")))
        self.stack.enter_context(mock.patch.object(moved_documents, "is_gone", self.is_gone))
        self.documents: dict[str, Doc] = {}
        self.decided: list[tuple[str, Any]] = []
        """Decisions that were made and taken back, in order."""
        self.numbers: list[int] = []
        """Of all decisions, in order."""
        self.in_force: list[int] = []
        """Places in `numbers` of those that were not taken back."""
        self.judged: list[int] = []
        """Numbers of corrections, in order, that were not retracted."""
        self.has_judged = False
        self.marked = 0
        self.hour = 0

    def is_gone(self, name: str) -> bool:
        return name not in self.documents

    @rule(name=NAMES, pieces=PIECES, form=FORMATS)
    def load(self, name: str, pieces: list[Any], form: str) -> None:
        """Load a new document, or another version of one."""
        self._load(Doc(name=name, pieces=tuple(pieces), format=form))

    def _load(self, doc: Doc) -> None:
        self.hour += 1
        self.documents[doc.name] = doc
        follow(self.engine, doc)
        load(self.engine, doc.observed(NOW + dt.timedelta(hours=self.hour)))

    @precondition(lambda self: self.documents)
    @rule(chosen=st.integers(0, 9))
    def load_again(self, chosen: int) -> None:
        self._load(self.documents[self._name(chosen)])

    @precondition(lambda self: self.documents)
    @rule(chosen=st.integers(0, 9), name=NAMES)
    def load_a_twin(self, chosen: int, name: str) -> None:
        """Load the bytes of one document under another name as well."""
        held = self.documents[self._name(chosen)]
        self._load(Doc(name=name, pieces=held.pieces, format=held.format))

    @precondition(lambda self: self.documents)
    @rule(chosen=st.integers(0, 9), name=NAMES)
    def move(self, chosen: int, name: str) -> None:
        old = self._name(chosen)
        if name not in self.documents and not moved_documents.are_of_two_days(old, name):
            held = self.documents.pop(old)
            self._load(Doc(name=name, pieces=held.pieces, format=held.format))

    @precondition(lambda self: self.documents)
    @rule(chosen=st.integers(0, 9))
    def forget(self, chosen: int) -> None:
        name = self._name(chosen)
        del self.documents[name]
        forget(self.engine, [name])

    @rule(decisions=DECISIONS)
    def decide(self, decisions: list[Any]) -> None:
        """Merge or split papers, as a person says."""
        made = settle(self.engine, decisions)
        self.in_force += range(len(self.numbers), len(self.numbers) + len(made))
        self.numbers += made
        self.decided.append(("settle", decisions))

    @precondition(lambda self: self.in_force)
    @rule(chosen=st.integers(0, 9))
    def take_back(self, chosen: int) -> None:
        place = self.in_force.pop(chosen % len(self.in_force))
        take_back(self.engine, [self.numbers[place]])
        self.decided.append(("take back", place))

    @rule(choices=JUDGEMENTS)
    def judge(self, choices: list[Any]) -> None:
        """Correct numbers, names and papers, as a person says."""
        self.judged += judge(self.engine, choices)
        self.has_judged = True

    @precondition(lambda self: self.judged)
    @rule(chosen=st.integers(0, 9))
    def unjudge(self, chosen: int) -> None:
        unjudge(self.engine, [self.judged.pop(chosen % len(self.judged))])

    @rule(choices=CHOICES)
    def mark(self, choices: list[Any]) -> None:
        mark(self.engine, choices)
        self.marked = len(marks(self.engine))

    @rule()
    def read_again(self) -> None:
        """Compute every paper anew, as `reextract --all` does."""
        with self.engine.connect() as connection, connection.begin():
            papers = list(connection.scalars(select(table("papers").c.id)))
            writer = writer_on(connection)
            writer.recompute(papers)
            writer.tidy()

    def _name(self, chosen: int) -> str:
        names = sorted(self.documents)
        return names[chosen % len(names)]

    def teardown(self) -> None:
        """Compare with a catalog that only ever had what is left, in another order."""
        try:
            left = list(self.documents.values())
            random.Random(self.hour).shuffle(left)
            with opened(type(self).fresh("fresh")) as other:
                if self.has_judged:
                    self._carry_decisions(other)
                load(other, *left)
                if not self.has_judged:
                    self._decide_anew(other)
                had, has = snapshot(other), snapshot(self.engine)
            assert _known(had) == _known(has)
            for name in had.keys() - WHOSE:
                assert has[name] == had[name], name
        finally:
            self.stack.close()

    def _carry_decisions(self, other: Engine) -> None:
        """Give another catalog what people decided, before it has any paper."""
        decided = table("corrections")
        with self.engine.connect() as source, other.begin() as into:
            for row in source.execute(select(decided).order_by(decided.c.id)).mappings():
                into.execute(decided.insert().values(dict(row)))

    def _decide_anew(self, engine: Engine) -> None:
        numbers: list[int] = []
        for what, which in self.decided:
            if what == "settle":
                numbers += settle(engine, which)
            else:
                take_back(engine, [numbers[which]])


def _known(held: dict[str, list[tuple[Any, ...]]]) -> list[tuple[str, str, str]]:
    """Return name, format and hash of each document."""
    return sorted(row[:3] for row in held["documents"])
