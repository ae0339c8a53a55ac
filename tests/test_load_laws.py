"""Laws of loading: the content of a catalog depends only on its documents.

Documents are drawn from a small world of papers, so that they meet, contradict and join each other.
"""

import datetime as dt
from collections import Counter
from functools import wraps

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalog.database.engine import opened
from catalog.domain.keys import match_hashes
from catalog.domain.records import (
    DigestMention,
    Identifier,
    LinkRecord,
    PaperRecord,
    Problem,
    ResultRecord,
)
from catalog.models import table
from etl.ingest.corrections import decide, retract
from tests import postgres_databases
from tests.load_invented import NOW, Doc, forget, load, writer_on
from tests.snapshot import snapshot

LONG = "and this sentence goes on for a while so that it is long enough to be matched with others"
KNOWN_TITLES = ("Invented Networks Revisited", "A Second Invented Title")
SPELT = (r"\emph{Invented} Networks Revisited", "A Second &amp;amp;<i>Invented</i> Title")
"""The same titles as other sources write them."""
TITLES = st.sampled_from([*KNOWN_TITLES, *SPELT, "GAN", None])
ABSTRACTS = st.sampled_from(
    [
        f"We get 91% accuracy on SetA, {LONG}. Code: https://github.com/Ada/nets.",
        f"We get 91% accuracy on SetA, {LONG}. Code: this https URL.",
        f"We get 42% recall on setb, {LONG}. Code: https://github.com/ada/Nets.",
        "Short. 7% accuracy on SetB.",
        None,
    ]
)
IDENTIFIERS = st.lists(
    st.sampled_from(
        [
            Identifier(scheme="arxiv", value="2401.00001"),
            Identifier(scheme="arxiv", value="2401.00002"),
            Identifier(scheme="doi", value="10.1000/one"),
            Identifier(scheme="pwc", value="invented"),
        ]
    ),
    max_size=3,
    unique=True,
).map(tuple)
DAYS = st.sampled_from([dt.date(2025, 3, 11), dt.date(2025, 3, 12)])
MENTIONS = st.none() | st.builds(
    DigestMention,
    source=st.sampled_from(["page", "daily"]),
    day=DAYS,
    basis=st.sampled_from(["printed", "reading"]),
    rank=st.none() | st.integers(1, 3),
    upvotes=st.none() | st.integers(0, 9),
    observed_at=st.none() | st.sampled_from([NOW, NOW - dt.timedelta(hours=5)]),
)
LINKS = st.lists(
    st.builds(
        LinkRecord,
        url=st.sampled_from(["https://github.com/ADA/nets", "https://ada.example/page"]),
        kind=st.just("github"),
        found_in=st.just("field"),
        stars=st.none() | st.integers(0, 5),
        is_official=st.none() | st.booleans(),
        framework=st.sampled_from([None, "pytorch", "jax"]),
    ),
    max_size=1,
).map(tuple)
STATED = st.lists(
    st.builds(
        ResultRecord,
        text=st.sampled_from(["91.0", "n/a"]),
        metric=st.sampled_from(["Accuracy", "Score of Quills", "score-of-quills"]),
        dataset=st.sampled_from(["SetA", "SETB", "Set-B", "集SetB"]),
        dataset_text=st.sampled_from([None, "set b", "SET-B, test"]),
        task=st.sampled_from([None, "Object Detection", "object detection"]),
    ),
    max_size=2,
).map(tuple)
RECORDS = st.builds(
    PaperRecord,
    title=TITLES,
    abstract=ABSTRACTS,
    identifiers=IDENTIFIERS,
    published_on=st.none() | DAYS,
    authors=st.lists(st.sampled_from(["Ada", "Bob"]), max_size=2).map(tuple),
    categories=st.lists(st.sampled_from(["cs.CL", "cs.CV"]), max_size=2, unique=True).map(tuple),
    tasks=st.lists(st.sampled_from(["Parsing", "parsing"]), max_size=2).map(tuple),
    digest=MENTIONS,
    links=LINKS,
    results=STATED,
).filter(lambda r: r.title or r.abstract or r.identifiers)
PIECES = st.lists(
    RECORDS | st.just(Problem(where="line 3", why="broken", raw="x")), min_size=1, max_size=4
).filter(lambda pieces: any(isinstance(piece, PaperRecord) for piece in pieces))
DOCS = st.lists(
    st.builds(
        Doc,
        name=st.sampled_from(["one", "two", "three"]),
        pieces=PIECES.map(tuple),
        format=st.sampled_from(["publisher", "digest", "list"]),
    ),
    min_size=1,
    max_size=4,
)
LAW = settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FEW = 3
"""Examples on PostgreSQL, where each takes several times as long, until one fails."""


def law(test):
    """Run a law on every database, on PostgreSQL with fewer examples."""
    tried = Counter()

    @wraps(test)
    def run(fresh, **drawn):
        if fresh is postgres_databases.fresh:
            if tried[fresh] == FEW:
                return
            tried[fresh] += 1
        try:
            test(fresh, **drawn)
        except BaseException:
            tried[fresh] = FEW + 1  # it is to be shrunk and replayed
            raise

    return run


@LAW
@given(docs=DOCS, order=st.randoms(use_true_random=False))
@law
def test_the_order_of_documents_does_not_matter(fresh, docs, order):
    named = list({doc.name: doc for doc in docs}.values())
    shuffled = order.sample(named, len(named))
    with (
        opened(fresh("one")) as one,
        opened(fresh("other")) as other,
    ):
        load(one, *named)
        load(other, *shuffled)
        first, second = snapshot(one), snapshot(other)
        # Of two documents with the same bytes the later is noted as the copy.
        if len({doc.facts.sha256 for doc in named}) == len(named):
            assert first == second
        else:
            assert first["papers"] == second["papers"]


@LAW
@given(docs=DOCS)
@law
def test_a_changed_document_leaves_no_trace_of_its_old_version(fresh, docs):
    with (
        opened(fresh("history")) as history,
        opened(fresh("final")) as final,
    ):
        load(history, *docs, run_id=None)
        last = {doc.name: doc for doc in docs}
        load(final, *last.values())
        first, second = snapshot(history), snapshot(final)
        for name in set(first) - {"documents", "paper_sources", "problems"}:
            assert first[name] == second[name]


@LAW
@given(docs=DOCS)
@law
def test_forgetting_equals_never_having_loaded(fresh, docs):
    named = list({doc.name: doc for doc in docs}.values())
    with (
        opened(fresh("one")) as one,
        opened(fresh("other")) as other,
    ):
        load(one, *named)
        forget(one, [named[0].name])
        load(other, *named[1:])
        first, second = snapshot(one), snapshot(other)
        assert first == second


@LAW
@given(docs=DOCS)
@law
def test_loading_twice_adds_nothing(fresh, docs):
    named = list({doc.name: doc for doc in docs}.values())
    with opened(fresh("one")) as one:
        load(one, *named)
        before = snapshot(one)
        assert set(load(one, *named)) == {"skip"}
        assert snapshot(one) == before


@LAW
@given(docs=DOCS)
@law
def test_forgetting_everything_leaves_an_empty_catalog(fresh, docs):
    named = list({doc.name: doc for doc in docs}.values())
    with opened(fresh("one")) as one:
        load(one, *named)
        forget(one, [doc.name for doc in named])
        assert {name: rows for name, rows in snapshot(one).items() if rows} == {}


ANCHORS = st.sampled_from(
    [
        "arxiv:2401.00001",
        "arxiv:2401.00002",
        "doi:10.1000/one",
        *(f"title:{match_hashes(PaperRecord(title=title))[0]}" for title in KNOWN_TITLES),
    ]
)
DECISIONS = st.lists(
    st.tuples(st.sampled_from(["merge", "split"]), ANCHORS, ANCHORS).filter(
        lambda decision: decision[1] != decision[2]
    ),
    min_size=1,
    max_size=2,
)


def settle(engine, decisions):
    """Write decisions down one after the other, as the commands do; their numbers."""
    with engine.connect() as connection:
        writer = writer_on(connection)
        numbers = []
        for kind, one, other in decisions:
            with connection.begin():
                numbers.append(
                    decide(writer, kind, one, other, label="-", why=None, made_by="-", now=NOW)
                )
    return numbers


def take_back(engine, numbers):
    with engine.connect() as connection:
        writer = writer_on(connection)
        for number in numbers:
            with connection.begin():
                retract(writer, number, NOW)


@LAW
@given(docs=DOCS, decisions=DECISIONS)
@law
def test_decisions_hold_whether_they_come_before_or_after_the_documents(fresh, docs, decisions):
    named = list({doc.name: doc for doc in docs}.values())
    with (
        opened(fresh("one")) as one,
        opened(fresh("other")) as other,
    ):
        settle(one, decisions)
        load(one, *named)
        load(other, *named)
        settle(other, decisions)
        assert snapshot(one) == snapshot(other)
        # The extractor run again, with new eyes, leaves people's decisions alone.
        before = snapshot(one)
        with one.connect() as connection, connection.begin():
            papers = list(connection.scalars(select(table("papers").c.id)))
            writer_on(connection).recompute(papers)
        assert snapshot(one) == before


@LAW
@given(docs=DOCS, decisions=DECISIONS)
@law
def test_a_decision_that_is_taken_back_leaves_no_trace(fresh, docs, decisions):
    named = list({doc.name: doc for doc in docs}.values())
    with (
        opened(fresh("one")) as one,
        opened(fresh("other")) as other,
    ):
        numbers = settle(one, decisions)
        load(one, *named)
        take_back(one, numbers)
        load(other, *named)
        assert snapshot(one) == snapshot(other)
