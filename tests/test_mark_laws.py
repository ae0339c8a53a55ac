"""Laws of marks: they stay on the papers that have their names.

Documents and decisions are drawn from the world of tests/test_load_laws.py.
"""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from catalog.database.engine import opened
from catalog.marks.assign import MISASSIGNED
from catalog.marks.edit import Change, change, target_of
from catalog.models import table
from catalog.reads.asking import rows
from catalog.reads.drivers import run
from catalog.reads.marks import COLUMNS, IN_ORDER, MarkRow, by_paper
from tests.load_invented import NOW, Doc, forget, load
from tests.snapshot import snapshot
from tests.test_load_laws import DECISIONS, DOCS, LAW, law, settle, take_back

CHANGES = st.builds(
    Change,
    star=st.sampled_from([None, True]),
    read=st.sampled_from([None, True]),
    tags=st.lists(st.sampled_from(["one", "two"]), max_size=2, unique=True).map(tuple),
    note=st.sampled_from([None, "My word.", "Another."]),
).filter(bool)
CHOICES = st.lists(st.tuples(st.integers(0, 9), CHANGES), min_size=1, max_size=3)


def mark(engine, choices):
    """Mark papers, chosen by their place in the order of keys."""
    papers = table("papers")
    with engine.begin() as connection:
        ids = list(connection.scalars(select(papers.c.id).order_by(papers.c.key)))
        for number, (chosen, wanted) in enumerate(choices):
            if ids:
                target = target_of(connection, ids[chosen % len(ids)])
                change(connection, target, wanted, NOW + dt.timedelta(minutes=number))


def marks(engine):
    """Key of a paper -> what is on it."""
    with engine.connect() as connection:
        assert not connection.execute(text(f"SELECT id FROM marks WHERE {MISASSIGNED}")).all()
        found = by_paper(run(connection, rows(f"SELECT {COLUMNS} {IN_ORDER}", MarkRow)))
        keys = dict(connection.execute(text("SELECT id, key FROM papers")).all())
        return {keys.get(paper): mark for paper, mark in found.items()}


@LAW
@given(docs=DOCS, choices=CHOICES)
@law
def test_forgetting_and_loading_again_brings_every_mark_back(fresh, docs, choices):
    named = list({doc.name: doc for doc in docs}.values())
    with opened(fresh("one")) as one:
        load(one, *named)
        mark(one, choices)
        before = marks(one)
        forget(one, [doc.name for doc in named])
        assert marks(one).keys() <= {None}
        load(one, *reversed(named))
        assert marks(one) == before


@LAW
@given(docs=DOCS, choices=CHOICES, decisions=DECISIONS)
@law
def test_a_decision_that_is_taken_back_leaves_every_mark_where_it_was(
    fresh, docs, choices, decisions
):
    named = list({doc.name: doc for doc in docs}.values())
    with opened(fresh("one")) as one:
        load(one, *named)
        mark(one, choices)
        before = marks(one)
        take_back(one, settle(one, decisions))
        assert marks(one) == before


@LAW
@given(docs=DOCS, choices=CHOICES, decisions=DECISIONS)
@law
def test_no_mark_is_lost_by_a_decision(fresh, docs, choices, decisions):
    named = list({doc.name: doc for doc in docs}.values())
    with opened(fresh("one")) as one:
        load(one, *named)
        mark(one, choices)
        before = marks(one)
        settle(one, decisions)
        after = marks(one)
        assert None not in after
        assert {tag for found in after.values() for tag in found.tags} == {
            tag for found in before.values() for tag in found.tags
        }
        for fact in ("starred", "read"):
            assert any(getattr(m, fact) for m in after.values()) == any(
                getattr(m, fact) for m in before.values()
            )
        notes = "\n".join(found.note or "" for found in after.values())
        assert all((found.note or "") in notes for found in before.values())


@LAW
@given(docs=DOCS, choices=CHOICES)
@law
def test_marks_change_nothing_that_documents_say(fresh, docs, choices):
    named = list({doc.name: doc for doc in docs}.values())
    with opened(fresh("one")) as one, opened(fresh("other")) as other:
        load(one, *named[:1])
        mark(one, choices)
        load(one, *named[1:])
        load(other, *named)
        assert snapshot(one) == snapshot(other)


def test_the_mark_of_a_list_stays_when_the_publisher_has_the_paper(fresh):
    from catalog.domain.records import Identifier, PaperRecord

    title = "An Invented Title That Is Long Enough"
    listed = Doc("list", (PaperRecord(title=title),))
    published = Doc(
        "publisher",
        (PaperRecord(title=title, identifiers=(Identifier(scheme="arxiv", value="2401.00001"),)),),
        "publisher",
    )
    other = Doc(
        "other",
        (PaperRecord(title=title, identifiers=(Identifier(scheme="arxiv", value="2401.00002"),)),),
        "publisher",
    )
    with opened(fresh("one")) as one:
        load(one, listed)
        mark(one, [(0, Change(star=True))])
        load(one, published)
        assert list(marks(one)) == ["2401.00001"]
        forget(one, ["list"])
        assert list(marks(one)) == ["2401.00001"]
        load(one, other)  # of two papers of this title neither is known to be the one
        assert list(marks(one)) == [None]
        forget(one, ["other"])
        assert list(marks(one)) == ["2401.00001"]
