"""Tests of the catalog's own JSON lines."""

import datetime as dt
import typing
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.records import (
    DigestMention,
    Identifier,
    LinkRecord,
    PaperRecord,
    Problem,
    ResultRecord,
)
from etl.formats import Head, Reading
from etl.formats.catalog_jsonl import line_of
from etl.plugins import formats, recognise

Parse = Callable[..., list[PaperRecord | Problem]]

texts = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
days = st.dates(dt.date(1600, 1, 1), dt.date(2100, 12, 31))
counts = st.none() | st.integers(0, 2**40)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
flags = st.none() | st.booleans()


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | values


identifiers = st.one_of(
    st.integers(1, 99999).map(lambda n: Identifier(scheme="arxiv", value=f"2412.{n:05}")),
    st.integers(1, 999).map(lambda n: Identifier(scheme="arxiv", value=f"hep-th/9901{n:03}")),
    st.integers(1, 999).map(lambda n: Identifier(scheme="doi", value=f"10.1234/quill.{n}")),
    st.integers(1, 999).map(lambda n: Identifier(scheme="openalex", value=f"W{n}")),
    texts.map(lambda text: Identifier(scheme="pwc", value=text)),
)
mentions = st.builds(
    DigestMention,
    source=texts,
    day=days,
    basis=st.sampled_from(["printed", "name", "weekend"]),
    rank=counts,
    upvotes=counts,
    comments=counts,
    observed_at=st.none() | st.datetimes(timezones=st.just(dt.UTC)),
)
links = st.builds(
    LinkRecord,
    url=st.integers(0, 99).map(lambda n: f"https://github.com/quill/lab{n}"),
    kind=st.sampled_from(["github", "other"]),
    repo=some(texts),
    text=some(texts),
    start=counts,
    end=counts,
    found_in=texts,
    is_official=flags,
    framework=some(texts),
    stars=counts,
)
results = st.builds(
    ResultRecord,
    text=texts,
    value=numbers,
    value_max=numbers,
    error=numbers,
    unit=some(texts),
    metric=some(texts),
    metric_text=some(texts),
    dataset=some(texts),
    dataset_text=some(texts),
    task=some(texts),
    kind=st.sampled_from(["absolute", "delta", "ratio"]),
    role=st.sampled_from(["own", "other"]),
    sign=some(st.sampled_from(["+", "-"])),
    model=some(texts),
    baseline=some(texts),
    sentence=some(texts),
    start=counts,
    end=counts,
    rule=some(texts),
    confidence=numbers,
    row_confidence=numbers,
)
records = st.builds(
    PaperRecord,
    title=texts,
    abstract=some(st.lists(texts, min_size=1).map("\n".join)),
    identifiers=st.lists(identifiers, max_size=3).map(tuple),
    published_on=st.none() | days,
    updated_on=st.none() | days,
    authors=st.lists(texts, max_size=3).map(tuple),
    categories=st.lists(texts, max_size=3).map(tuple),
    tasks=st.lists(texts, max_size=3).map(tuple),
    digest=st.none() | mentions,
    links=st.lists(links, max_size=3).map(tuple),
    results=st.lists(results, max_size=3).map(tuple),
    version=st.none() | st.integers(1, 99),
    comment=some(texts),
    venue=some(texts),
    organization=some(texts),
    keywords=st.lists(texts, max_size=3).map(tuple),
    withdrawn=some(texts),
    withdrawn_on=st.none() | days,
)


@given(st.lists(records, min_size=1, max_size=3))
def test_every_record_comes_back(held: list[PaperRecord]) -> None:
    from io import BytesIO

    lines = b"".join(map(line_of, held))
    reading = Reading(name="-", read_on=dt.date(2026, 11, 20))
    assert list(formats()["catalog-jsonl"].parse(BytesIO(lines), reading)) == held
    assert recognise(Head(name="-", data=lines)) is formats()["catalog-jsonl"]


def test_every_field_is_in_the_round_trip() -> None:
    for strategy, struct in [
        (records, PaperRecord),
        (results, ResultRecord),
        (links, LinkRecord),
        (mentions, DigestMention),
    ]:
        built = typing.cast("typing.Any", strategy).wrapped_strategy.kwargs
        assert set(built) == set(struct.__struct_fields__)


def test_any_titles_with_abstracts_are_read(parse: Parse) -> None:
    (paper,) = parse("catalog-jsonl", '{"abstract": " An abstract.\\n", "title": " A\\n title"}')
    assert paper == PaperRecord(title="A title", abstract="An abstract.")


@pytest.mark.parametrize(
    "line",
    [
        '{"title": "x", "results": [{"text": "1", "value": 1e999}]}',
        '{"title": "x", "results": [{"text": "1", "start": -1}]}',
        '{"title": "x", "identifiers": [{"scheme": "doi", "value": "none"}]}',
        '{"title": "x", "identifiers": [{"scheme": "pwc", "value": " "}]}',
        '["title"]',
    ],
)
def test_wrong_lines_are_problems(parse: Parse, line: str) -> None:
    assert [type(found) for found in parse("catalog-jsonl", line)] == [Problem]


@pytest.mark.parametrize(
    ("scheme", "stated", "kept"),
    [
        ("arxiv", "https://arxiv.org/abs/2412.14475v2", ("arxiv", "2412.14475")),
        ("doi", "https://doi.org/10.1234/QUILL", ("doi", "10.1234/quill")),
        ("doi", "10.48550/arXiv.2412.14475", ("arxiv", "2412.14475")),
        ("openalex", "https://openalex.org/W2741809807", ("openalex", "W2741809807")),
        ("openreview", "https://openreview.net/forum?id=rJXMp", ("openreview", "rJXMp")),
        ("pwc", "https://paperswithcode.com/paper/a-quill", ("pwc", "a-quill")),
        ("pwc", "a-quill", ("pwc", "a-quill")),
    ],
)
def test_identifiers_are_kept_in_one_form(
    scheme: str, stated: str, kept: tuple[str, str], parse: Parse
) -> None:
    line = msgspec.json.encode({"identifiers": [{"scheme": scheme, "value": stated}]})
    (record,) = parse("catalog-jsonl", line)
    assert isinstance(record, PaperRecord)
    assert [(one.scheme, one.value) for one in record.identifiers] == [kept]
