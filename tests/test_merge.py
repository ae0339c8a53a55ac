"""Tests of merging the records of a paper."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.merge import Supplied, combine_links, merge
from catalog.domain.records import (
    DigestMention,
    Identifier,
    LinkRecord,
    PaperRecord,
    ResultRecord,
)

ARXIV = Identifier(scheme="arxiv", value="2401.00001")
DOI = Identifier(scheme="doi", value="10.1000/one")
PUBLISHER, DIGEST, LIST = 10, 30, 40


def supplied(rank, sha256="0", **fields):
    return Supplied(record=PaperRecord(**fields), rank=rank, sha256=sha256)


def mention(day, **fields):
    return DigestMention(source="page", day=dt.date(2025, 3, day), **fields)


@pytest.mark.parametrize(
    ("records", "title"),
    [
        pytest.param(
            [supplied(LIST, title="As listed"), supplied(PUBLISHER, title="As published")],
            "As published",
            id="the publisher before a list",
        ),
        pytest.param(
            [
                supplied(PUBLISHER, title="First", updated_on=dt.date(2024, 1, 1)),
                supplied(PUBLISHER, title="Second", updated_on=dt.date(2025, 1, 1)),
            ],
            "Second",
            id="the newest word of one source",
        ),
        pytest.param(
            [supplied(PUBLISHER, abstract="Without title."), supplied(LIST, title="As listed")],
            "As listed",
            id="what does not say blanks nothing",
        ),
    ],
)
def test_whose_title_counts(records, title):
    assert merge(records).title == title


def test_a_tie_is_decided_by_what_records_say_not_by_when_they_were_seen():
    def told(title, hour, sha256):
        seen = dt.datetime(2025, 3, 20, hour, tzinfo=dt.UTC)
        record = PaperRecord(title=title, digest=mention(11, observed_at=seen, upvotes=1))
        return Supplied(record=record, rank=DIGEST, sha256=sha256)

    pairs = [
        (told("One of two titles", first, one), told("Other of two titles", 24 - first, other))
        for first in range(1, 24)
        for one, other in (("0", "1"), ("1", "0"))
    ]
    assert len({merge(order).title for pair in pairs for order in (pair, pair[::-1])}) == 1


def test_of_two_digests_the_later_counts():
    records = [
        supplied(DIGEST, sha256=sha256, title=f"Title of day {day}", digest=mention(day))
        for day, sha256 in ((10, "0"), (12, "9"), (11, "5"))
    ]
    assert merge(records).title == "Title of day 12"


def test_a_paper_is_plain_text_and_its_records_stay():
    written = PaperRecord(
        title=r"Of M\"obius &amp; Co.",
        abstract="Of <i>one</i>\nside: 3\\% in $x$.",
        authors=(r"Ng\~{\^o} B\'{a}", "&lt;b&gt;Zo&euml; Q.&lt;/b&gt;", "<br/>"),
        tasks=("Q&amp;A", "Text <i>to</i> Text"),
        results=(ResultRecord(text="1", dataset="R&amp;D", model="R&amp;D", task="A&amp;B"),),
    )
    paper = merge([Supplied(record=written, rank=LIST, sha256="0")])
    assert paper.title == paper.label == "Of Möbius & Co."
    assert paper.abstract == "Of one side: 3\\% in $x$."
    assert paper.authors == ("Ngỗ Bá", "Zoë Q.")
    assert paper.tasks == ("Q&A", "Text to Text")
    assert paper.results == (ResultRecord(text="1", dataset="R&D", model="R&D", task="A&B"),)
    assert paper.title_key == "ofmobiusco"


def test_the_abstract_with_addresses_wins_over_the_same_without():
    records = [
        supplied(PUBLISHER, abstract="We share code at this https URL today."),
        supplied(LIST, abstract="We share code at https://github.com/ada/nets today."),
        supplied(LIST, abstract="Another text altogether at https://github.com/bob/nets."),
    ]
    assert merge(records).abstract == "We share code at https://github.com/ada/nets today."


def test_an_abstract_without_addresses_stays_where_none_has_them():
    assert merge([supplied(LIST, abstract="See this https URL.")]).abstract == "See this https URL."


def test_a_paper_stands_in_a_digest_once_with_best_rank_and_latest_votes():
    early, late = (dt.datetime(2025, 3, day, tzinfo=dt.UTC) for day in (11, 14))
    records = [
        supplied(DIGEST, title="T", digest=mention(11, rank=3, upvotes=9, observed_at=early)),
        supplied(DIGEST, title="T", digest=mention(11, rank=7, upvotes=4, observed_at=late)),
        supplied(DIGEST, title="T", digest=mention(13, basis="reading")),
    ]
    first, second = merge(records).mentions
    assert (first.rank, first.upvotes, first.basis) == (3, 4, "printed")
    assert (second.day.day, second.basis) == (13, "reading")


def test_a_mention_without_votes_hides_none():
    early = dt.datetime(2025, 3, 11, 6, tzinfo=dt.UTC)
    late = early + dt.timedelta(hours=9)
    paper = merge(
        [
            supplied(
                DIGEST, title="T", digest=mention(11, upvotes=9, comments=2, observed_at=early)
            ),
            supplied(DIGEST, title="T", digest=mention(11, comments=3, observed_at=late)),
            supplied(DIGEST, title="T", digest=mention(11, observed_at=late)),
        ]
    )
    (found,) = paper.mentions
    assert (found.upvotes, found.comments, found.observed_at) == (9, 3, early)


def test_a_tie_does_not_depend_on_names_that_others_dispute():
    doi = Identifier(scheme="doi", value="10.1000/volume")
    own = Identifier(scheme="arxiv", value="2401.00001")
    for seen in (None, dt.datetime(2025, 3, 11, tzinfo=dt.UTC)):
        orders = []
        for names, disputed in (((own, doi), ()), ((own,), (doi,))):
            held = [
                Supplied(
                    record=PaperRecord(
                        title=title, identifiers=names, digest=mention(11, observed_at=seen)
                    ),
                    rank=DIGEST,
                    sha256=f"{title}{seen}",
                    disputed=disputed,
                )
                for title in "ABCDEFG"
            ]
            orders.append(merge(held).title)
        assert len(set(orders)) == 1


def test_first_seen_is_the_earlier_of_publication_and_digest():
    record = supplied(DIGEST, title="T", published_on=dt.date(2025, 4, 1), digest=mention(11))
    assert merge([record]).first_seen_on == dt.date(2025, 3, 11)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        pytest.param({"title": "T", "identifiers": (DOI, ARXIV)}, "2401.00001", id="arXiv first"),
        pytest.param({"title": "T", "identifiers": (DOI,)}, "10.1000/one", id="then the DOI"),
        pytest.param({"title": "A Title That Is Long"}, "t-82767b988e08", id="then the title"),
        pytest.param({"abstract": "Only an abstract."}, "a-8fab985f465d", id="then the abstract"),
    ],
)
def test_the_public_key(fields, key):
    assert merge([supplied(LIST, **fields)]).key == key


def test_a_paper_without_title_is_labelled_by_its_first_words():
    words = " ".join(f"word{number}" for number in range(20))
    assert merge([supplied(LIST, abstract=words)]).label == f"{' '.join(words.split()[:12])}…"


def test_a_label_is_short_also_where_nothing_parts_words():
    label = merge([supplied(LIST, abstract="a" * 5_000)]).label
    assert label == "a" * 300 + "…"


def test_an_address_counts_once_with_what_anybody_says_of_it():
    links = [
        LinkRecord(url="https://github.com/Ada/nets", kind="github", text="x", start=1, end=2),
        LinkRecord(
            url="https://github.com/ada/nets/", kind="github", found_in="githubRepo", stars=7
        ),
    ]
    (link,) = combine_links(links)
    assert (link.url, link.found_in, link.stars) == ("https://github.com/Ada/nets", "abstract", 7)


RECORD = st.builds(
    Supplied,
    record=st.builds(
        PaperRecord,
        title=st.sampled_from([None, "One Title", "Another Title"]),
        abstract=st.sampled_from([None, "See this https URL.", "See https://a.example/b."]),
        identifiers=st.sampled_from([(), (ARXIV,), (DOI,)]),
        published_on=st.sampled_from([None, dt.date(2025, 1, 1), dt.date(2025, 2, 1)]),
        digest=st.none() | st.builds(mention, st.integers(1, 3), rank=st.integers(1, 3)),
    ),
    rank=st.sampled_from([PUBLISHER, DIGEST, LIST]),
    sha256=st.uuids().map(str),
)
RECORDS = st.lists(RECORD, min_size=1, max_size=5)


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(records, order):
    shuffled = order.sample(records, len(records))
    assert merge(shuffled) == merge(records)


@given(RECORDS)
def test_the_same_records_twice_say_nothing_new(records):
    assert merge([*records, *records]) == merge(records)


TEXTS = st.sampled_from(
    [None, "", " ", "<b></b>", "!?", "Nets &amp; Sets", "This paper is withdrawn."]
)
NAMES = st.lists(st.sampled_from(["Ada  Byron", "<i></i>", "B. Ray", "Zo\u0065\u0308"])).map(tuple)
LINKS = st.sampled_from(["https://a.example/b", "https://A.example/b/", "https://c.example"])
FULL_RECORD = st.builds(
    PaperRecord,
    title=TEXTS,
    abstract=TEXTS,
    identifiers=st.lists(st.sampled_from([ARXIV, DOI])).map(tuple),
    published_on=st.sampled_from([None, dt.date(2025, 1, 1)]),
    updated_on=st.sampled_from([None, dt.date(2025, 2, 1)]),
    authors=NAMES,
    categories=NAMES,
    tasks=NAMES,
    digest=st.none() | st.builds(mention, st.integers(1, 3), rank=st.integers(0, 3)),
    links=st.lists(st.builds(LinkRecord, url=LINKS, kind=st.just("other"))).map(tuple),
    results=st.lists(st.builds(ResultRecord, text=st.just("82%"), model=TEXTS)).map(tuple),
    version=st.sampled_from([None, 0, 1, 7]),
    comment=TEXTS,
    venue=TEXTS,
    organization=TEXTS,
    keywords=NAMES,
    withdrawn=TEXTS,
)


@given(FULL_RECORD, st.lists(st.sampled_from([ARXIV, DOI])).map(tuple))
def test_a_record_alone_tells_what_it_tells_twice(record, disputed):
    one = Supplied(record=record, rank=PUBLISHER, sha256="0", disputed=disputed)
    assert merge([one]) == merge([one, one])
