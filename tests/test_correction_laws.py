"""Laws of corrections: they hold whatever comes and goes, and leave no trace when retracted.

Documents and decisions are drawn from the world of tests/test_load_laws.py.
"""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from catalog.database.engine import opened
from catalog.domain.correction_rules import changed
from catalog.domain.errors import CatalogError
from catalog.domain.records import PaperRecord, ResultRecord
from catalog.models import table
from etl.ingest.correction_subjects import machine_of, results_of
from etl.ingest.corrections import (
    Signature,
    decide_on_names,
    decide_on_paper,
    decide_on_result,
    retract,
)
from tests.load_invented import NOW, Doc, forget, load, writer_on
from tests.snapshot import snapshot
from tests.test_load_laws import DECISIONS, DOCS, LAW, law, settle, take_back

FIELDS = st.sampled_from(
    [{"metric": "F1"}, {"dataset": "SetC"}, {"dataset": None}, {"value": 7.0, "unit": None}]
)
JUDGEMENTS = st.one_of(
    st.tuples(st.sampled_from(["accept", "reject"]), st.none()),
    st.tuples(st.just("edit"), FIELDS),
    st.tuples(st.just("add"), FIELDS),
    st.tuples(st.just("title"), st.sampled_from(["A Title by the Owner", "Another Title"])),
    st.tuples(st.just("day"), st.sampled_from(["2024-01-02", "2025-03-12"])),
    st.tuples(
        st.just("repository"),
        st.sampled_from(["https://github.com/owner/own", "https://github.com/ada/nets", None]),
    ),
    st.tuples(
        st.sampled_from(["same", "apart"]),
        st.sampled_from(
            [
                ("dataset", "SetB", "SetA"),
                ("dataset", "SetA", "setb"),
                ("dataset", "SETB", "SetB"),
                ("metric", "recall", "accuracy"),
                ("metric", "Accuracy", "recall"),
            ]
        ),
    ),
)
CHOICES = st.lists(st.tuples(st.integers(0, 9), JUDGEMENTS), min_size=1, max_size=4)


def judge(engine, choices):
    """Decide on papers, chosen by their place in the order of keys; the decisions' numbers."""
    papers, numbers = table("papers"), []
    with engine.connect() as connection:
        for minute, (chosen, (kind, value)) in enumerate(choices):
            with connection.begin():
                query = select(papers.c.id, papers.c.abstract).order_by(papers.c.key)
                found = connection.execute(query).all()
                if not found:
                    continue
                paper = found[chosen % len(found)]
                signed = Signature(made_by="-", now=NOW + dt.timedelta(minutes=minute))
                writer = writer_on(connection)
                try:
                    numbers += decided(writer, paper, kind, value, chosen, signed)
                except CatalogError:  # nothing holds the paper, or names are so already
                    continue
    return numbers


def decided(writer, paper, kind, value, chosen, signed):
    if kind in {"title", "day", "repository"}:
        return [decide_on_paper(writer, kind, paper.id, value, signed)]
    if kind in {"same", "apart"}:
        subject, name, other = value
        return [decide_on_names(writer, kind, subject, name, other, signed)]
    if kind == "add":
        at = (paper.abstract or "").find("A")
        if at < 0 or "We get" in (paper.abstract or "")[at : at + 6]:
            return []
        text = ResultRecord(text=paper.abstract[at : at + 1], start=at, end=at + 1)
        made = changed(text, value)
        return [decide_on_result(writer, "add", paper.id, None, made, signed)]
    stored = results_of(writer.connection, paper.id)
    if not stored:
        return []
    one = stored[chosen % len(stored)]
    machine = machine_of(writer.connection, one)
    wanted = changed(one.result, value or {}) if kind != "reject" else None
    return [decide_on_result(writer, kind, paper.id, machine, wanted, signed)] if machine else []


def unjudge(engine, numbers):
    with engine.connect() as connection:
        for number in numbers:
            with connection.begin():
                retract(writer_on(connection), number, NOW)


def named_of(docs):
    return list({doc.name: doc for doc in docs}.values())


@LAW
@given(docs=DOCS, choices=CHOICES)
@law
def test_forgetting_and_loading_again_brings_every_correction_back(fresh, docs, choices):
    named = named_of(docs)
    with opened(fresh("one")) as one:
        load(one, *named)
        judge(one, choices)
        before = snapshot(one)
        forget(one, [doc.name for doc in named])
        load(one, *named)
        assert snapshot(one) == before


@LAW
@given(docs=DOCS, choices=CHOICES)
@law
def test_a_newer_extractor_leaves_every_correction(fresh, docs, choices):
    with opened(fresh("one")) as one:
        load(one, *named_of(docs))
        judge(one, choices)
        before = snapshot(one)
        with one.connect() as connection, connection.begin():
            papers = list(connection.scalars(select(table("papers").c.id)))
            writer_on(connection).recompute(papers)
        assert snapshot(one) == before


@LAW
@given(docs=DOCS, choices=CHOICES)
@law
def test_retracting_restores_what_the_machine_had(fresh, docs, choices):
    named = named_of(docs)
    with opened(fresh("one")) as one, opened(fresh("other")) as other:
        load(one, *named)
        unjudge(one, judge(one, choices))
        load(other, *named)
        assert snapshot(one) == snapshot(other)


@LAW
@given(docs=DOCS, choices=CHOICES, decisions=DECISIONS)
@law
def test_merging_and_splitting_back_leaves_every_correction(fresh, docs, choices, decisions):
    with opened(fresh("one")) as one:
        load(one, *named_of(docs))
        judge(one, choices)
        before = snapshot(one)
        take_back(one, settle(one, decisions))
        assert snapshot(one) == before


@LAW
@given(docs=DOCS, choices=CHOICES)
@law
def test_corrections_hold_for_documents_that_come_later(fresh, docs, choices):
    named = named_of(docs)
    with opened(fresh("one")) as one, opened(fresh("other")) as other:
        load(one, *named)
        judge(one, choices)
        target = table("corrections")
        with one.connect() as source, other.begin() as into:
            for row in source.execute(select(target).order_by(target.c.id)).mappings():
                into.execute(target.insert().values(dict(row)))
        load(other, *named)
        assert snapshot(one) == snapshot(other)


def test_a_spelling_that_is_a_dataset_of_its_own_is_none_of_another(fresh):
    stated = [("Set-B", "Set-B, test"), ("Set-b", None), ("SETB", None)]
    results = tuple(
        ResultRecord(text=f"9{number}", metric="accuracy", dataset=name, dataset_text=text)
        for number, (name, text) in enumerate(stated)
    )
    doc = Doc("one", (PaperRecord(title="A Paper of Several Sets", results=results),))
    with opened(fresh("one")) as engine:
        load(engine, Doc("before", (PaperRecord(title="A Paper Without Any"),)))
        made = [("same", ("dataset", "SetA", "setb")), ("apart", ("dataset", "SetB", "SetA"))]
        assert len(judge(engine, [(0, one) for one in made])) == len(made)
        load(engine, doc)
        names = {key: name for name, key in _names_and_keys(engine)}
    assert names == {"=setb": "SetB", "setb": "Set-B"}


def _names_and_keys(engine):
    datasets = table("datasets")
    with engine.connect() as connection:
        return connection.execute(select(datasets.c.name, datasets.c.key)).all()
