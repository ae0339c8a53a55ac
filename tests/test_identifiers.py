"""Tests of the parser of identifiers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.addresses import repository
from catalog.domain.identifiers import (
    PrintedIdentifier,
    address,
    arxiv_id,
    doi,
    from_doi,
    of_address,
    parse,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1706.03762", "1706.03762", id="plain"),
        pytest.param(" 2510.02252v1 ", "2510.02252", id="version is no part of it"),
        pytest.param("arXiv:0704.0001v12", "0704.0001", id="four digits before 2015"),
        pytest.param("http://arxiv.org/pdf/1805.10616v4.pdf", "1805.10616", id="pdf"),
        pytest.param("https://www.arxiv.org/abs/2412.14475?context=cs", "2412.14475", id="query"),
        pytest.param("https://arxiv.org/html/2412.14475v2#S1", "2412.14475", id="fragment"),
        pytest.param("https://huggingface.co/papers/2412.14475", "2412.14475", id="daily papers"),
        pytest.param("oai:arXiv.org:cs/0112017", "cs/0112017", id="OAI"),
        pytest.param("hep-th/0112017", "hep-th/0112017", id="archive is part of the identity"),
        pytest.param("math.GT/0309136v1", "math/0309136", id="subject class is not"),
        pytest.param("cond-mat.mes-hall/0309136", None, id="a class that never stood there"),
        pytest.param("https://doi.org/10.48550/arXiv.2412.14475", "2412.14475", id="arXiv's DOI"),
        pytest.param("2503.0213", None, id="float-mangled, refused and not padded"),
        pytest.param("1002.345", None, id="three digits"),
        pytest.param("704.0001", None, id="leading zero lost"),
        pytest.param("1412.12345", None, id="five digits before 2015"),
        pytest.param("0701.1234", None, id="new form before it began"),
        pytest.param("cs/0712017", None, id="old form after it ended"),
        pytest.param("2413.14475", None, id="month 13"),
        pytest.param("0000.0000", None, id="month 0"),
        pytest.param("２４１２.１４４７５", None, id="digits of another script"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_arxiv_identifiers(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="arXiv identifier"):
            arxiv_id(text)
    else:
        assert arxiv_id(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1103/PhysRevD.76.013009", "10.1103/physrevd.76.013009"),
        ("https://doi.org/10.7717/peerj.4375", "10.7717/peerj.4375"),
        ("doi: 10.1000/182", "10.1000/182"),
        ("http://dx.doi.org/10.1000%2F182", "10.1000/182"),
    ],
)
def test_dois(text: str, expected: str) -> None:
    assert doi(text) == expected


@pytest.mark.parametrize("text", ["", "in press", "10.1/x", "10.1000/", "11.1000/182"])
def test_no_dois(text: str) -> None:
    with pytest.raises(ValueError, match="no DOI"):
        doi(text)


@pytest.mark.parametrize("read", [arxiv_id, doi, repository])
def test_messages_stay_short(read: object) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=r"expected|leads to") as caught:
        read("x" * 100_000)
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize("read", [arxiv_id, doi, repository])
@given(text=st.text())
def test_any_text_is_read_or_refused(read: object, text: str) -> None:
    assert callable(read)
    with suppress(ValueError):
        read(text)


@given(st.integers(1501, 9912).filter(lambda n: 1 <= n % 100 <= 12), st.integers(0, 99999))
def test_reading_an_identifier_again_changes_nothing(month: int, number: int) -> None:
    found = arxiv_id(f"https://arxiv.org/abs/{month}.{number:05}v3")
    assert arxiv_id(found) == found


ATTENTION = ("arxiv", "1706.03762")
OLD = ("arxiv", "hep-th/9901001")
DOI = ("doi", "10.1000/182")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1706.03762", ATTENTION),
        ("1706.03762v5", (*ATTENTION, 5)),
        ("1706.03762V5.pdf", (*ATTENTION, 5)),
        ("arXiv:1706.03762", ATTENTION),
        ("ARXIV: 1706.03762v1", (*ATTENTION, 1)),
        ("arXiv 1706.03762", ATTENTION),
        ("arXiv:1706.03762v5 [cs.CL] 6 Dec 2017", (*ATTENTION, 5)),
        ("arXiv preprint arXiv:1706.03762", ATTENTION),
        ("CoRR abs/1706.03762", ATTENTION),
        ("oai:arXiv.org:1706.03762", ATTENTION),
        ("10.48550/arXiv.1706.03762", ATTENTION),
        ("https://doi.org/10.48550/arXiv.1706.03762v2", (*ATTENTION, 2)),
        ("http://arxiv.org/abs/1706.03762v5", (*ATTENTION, 5)),
        ("https://export.arxiv.org/abs/1706.03762", ATTENTION),
        ("https://www.arxiv.org/pdf/1706.03762v2.pdf", (*ATTENTION, 2)),
        ("http://cn.arxiv.org/abs/1706.03762v2?context=cs", (*ATTENTION, 2)),
        ("https://arxiv.org/html/1706.03762v7#S3.F1", (*ATTENTION, 7)),
        ("https://arxiv.org/html/1706.03762v7/Figures/x1.png", (*ATTENTION, 7)),
        ("arxiv.org/abs/1706.03762", ATTENTION),
        ("https://arxiv.org/abs/arXiv:1706.03762", ATTENTION),
        ("https:/arxiv.org/abs/1706.03762", ATTENTION),
        ("https://ar5iv.labs.arxiv.org/html/1706.03762", ATTENTION),
        ("https://ar5iv.org/abs/1706.03762", ATTENTION),
        ("https://www.alphaxiv.org/abs/1706.03762v5", (*ATTENTION, 5)),
        ("https://alphaxiv.org/overview/1706.03762", ATTENTION),
        ("https://www.alphaxiv.org/zh/overview/1706.03762", ATTENTION),
        ("https://huggingface.co/papers/1706.03762", ATTENTION),
        ("hf.co/papers/1706.03762#community", ATTENTION),
        ("https://www.arxiv-vanity.com/papers/1706.03762/", ATTENTION),
        ("https://scirate.com/arxiv/1706.03762", ATTENTION),
        ("https://api.semanticscholar.org/arXiv:1706.03762", ATTENTION),
        ("https://www.semanticscholar.org/arxiv/1706.03762", ATTENTION),
        ("https://api.semanticscholar.org/graph/v1/paper/ARXIV:1706.03762?fields=title", ATTENTION),
        ("https://dblp.org/rec/journals/corr/abs-1706-03762.html", ATTENTION),
        ("hep-th/9901001", OLD),
        ("HEP-TH/9901001v2", (*OLD, 2)),
        ("https://arxiv.org/abs/hep-th%2F9901001", OLD),
        ("http://xxx.lanl.gov/abs/hep-th/9901001", OLD),
        ("math.GT/0309136v1", ("arxiv", "math/0309136", 1)),
        ("10.1000/182", DOI),
        ("doi:10.1000/182", DOI),
        ("DOI 10.1000/182", DOI),
        ("doi: DOI:10.1000/182", DOI),
        ("doi:" * 490, None),
        ("doi: https://doi.org/10.1000/182", DOI),
        ("https://doi.org/10.1000/182?utm_source=mail#top", DOI),
        ("http://dx.doi.org/10.1000%2F182", DOI),
        ("doi.org/10.1000/182", DOI),
        ("https://api.openalex.org/works/https://doi.org/10.1000/182", DOI),
        ("https://api.semanticscholar.org/graph/v1/paper/DOI:10.1000/182", DOI),
        ("https://publisher.example/doi/full/10.1000/182", DOI),
        ("https://publisher.example/content/10.1000/182/fulltext.html", DOI),
        ("https://publisher.example/article?id=10.1000/182&format=1", DOI),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701",
         ("doi", "10.1145/3292500.3330701")),
        ("https://link.springer.com/content/pdf/10.1007/s11263-015-0816-y.pdf",
         ("doi", "10.1007/s11263-015-0816-y")),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.123456v2.full.pdf",
         ("doi", "10.1101/2020.01.02.123456", 2)),
        ("https://www.nature.com/articles/s41586-021-03819-2",
         ("doi", "10.1038/s41586-021-03819-2")),
        ("https://aclanthology.org/2020.acl-main.1/", ("doi", "10.18653/v1/2020.acl-main.1")),
        ("https://www.aclweb.org/anthology/P16-1001.pdf", ("doi", "10.18653/v1/p16-1001")),
        ("https://aclanthology.org/P15-1001", ("doi", "10.3115/v1/p15-1001")),
        ("https://openreview.net/forum?id=rJX-_pikCZ", ("openreview", "rJX-_pikCZ")),
        ("https://openreview.net/pdf?id=rJXMp", ("openreview", "rJXMp")),
        ("openreview.net/forum?noteId=abc&id=rJXMp&referrer=x", ("openreview", "rJXMp")),
        ("openreview:rJXMp", ("openreview", "rJXMp")),
        ("https://openalex.org/W2741809807", ("openalex", "W2741809807")),
        ("https://api.openalex.org/works/w2741809807?select=id", ("openalex", "W2741809807")),
        ("w2741809807", ("openalex", "W2741809807")),
        ("openalex:W2741809807", ("openalex", "W2741809807")),
        ("https://paperswithcode.com/paper/A-Slug#code", ("pwc", "a-slug")),
        ("https://cs.paperswithcode.com/paper/a-slug/review/", ("pwc", "a-slug")),
        ("pwc:a-slug", ("pwc", "a-slug")),
        ("t-0123456789ab", ("key", "t-0123456789ab")),
        (" A-0123456789AB ", ("key", "a-0123456789ab")),
        ("http://127.0.0.1:8001/paper/t-0123456789ab.json", ("key", "t-0123456789ab")),
        ("https://site.example/papers/paper/10.1000/182", DOI),
        # What stands around it.
        ("<https://arxiv.org/abs/1706.03762>.", ATTENTION),
        ("(arXiv:1706.03762),", ATTENTION),
        ("[1706.03762]", ATTENTION),
        ("“10.1000/182”;", DOI),
        ("10.1000/det(1)<x>", ("doi", "10.1000/det(1)<x>")),
        ("(see 10.1000/182", None),
        ("\t https://doi.org/10.1000/182). \n", DOI),
        ("https%3A%2F%2Farxiv.org%2Fabs%2F1706.03762", ATTENTION),
        ("１７０６．０３７６２", ATTENTION),
        ("ａｒＸｉｖ：１７０６．０３７６２", ATTENTION),
        ("1706\u200b.03762\ufeff", ATTENTION),
        ("hep\u2010th/9901001", OLD),
        # What is none.
        ("", None),
        ("attention is all you need", None),
        ("arXiv dataset of 2020", None),
        ("DOI resolution", None),
        ("a-slug", None),
        ("https://huggingface.co/papers/date/2025-03-11", None),
        ("https://huggingface.co/org/model", None),
        ("https://arxiv.org/list/cs.CL/recent", None),
        ("https://github.com/a/b/10.1000/182", None),
        ("https://aclanthology.org/P79-1001", None),
        ("https://openreview.net/group?id=ICLR.cc", None),
        ("https://example.org/paper", None),
        ("https://[arxiv.org/abs/1", None),
        ("x" * 100_000, None),
        ("(" * 1_999, None),
    ],
)  # fmt: skip
def test_every_printed_form_is_read(
    text: str, expected: tuple[str, str] | tuple[str, str, int] | None
) -> None:
    found = parse(text)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        shown = (found.scheme, found.value, found.version)
        assert shown == (*expected, None)[:3]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2413.14475", "expected e.g. 1706.03762"),
        ("https://arxiv.org/abs/2503.0213", "turned it into a decimal number"),
        ("arXiv:cs/0712017", "expected e.g. 1706.03762"),
    ],
)
def test_what_looks_like_an_identifier_says_why_it_is_none(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse(text)


@pytest.mark.parametrize(
    "stated",
    ["https://dl.acm.org/doi/10.1145/3292500.3330701", "https://aclanthology.org/2020.acl-main.1"],
)
def test_addresses_of_publishers_are_no_identifiers_of_documents(stated: str) -> None:
    """They may lead to a volume: two papers of it would become one."""
    assert of_address(stated) is None


@pytest.mark.parametrize("text", ["openalex:W1", "2503.00001v", "10.1000/"])
def test_a_doi_field_holds_a_doi(text: str) -> None:
    with pytest.raises(ValueError, match="no DOI"):
        from_doi(text)


MONTHS = st.integers(1, 12).map("{:02}".format)
NEW = st.builds("{}{}.{:05}".format, st.integers(15, 90), MONTHS, st.integers(0, 99_999))
FOUR = st.builds("{:02}{}.{:04}".format, st.integers(8, 14), MONTHS, st.integers(0, 9_999))
ARCHIVES = st.from_regex(r"[a-z]{2,8}(-[a-z]{2,4})?", fullmatch=True)
OLDER = st.builds("{}/{:02}{}{:03}".format, ARCHIVES, st.integers(92, 99), MONTHS,
                  st.integers(0, 999))  # fmt: skip
DOIS = st.builds(
    "10.{}/{}".format,
    st.integers(1000, 999_999_999),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1).map(
        str.lower
    ),
).filter(lambda value: "%" not in value and not any(map(str.isspace, value)))
IDENTIFIERS = st.one_of(
    st.builds(
        PrintedIdentifier,
        scheme=st.just("arxiv"),
        value=NEW | FOUR | OLDER,
        version=st.none() | st.integers(1, 9_999),
    ),
    st.builds(PrintedIdentifier, scheme=st.just("doi"), value=DOIS),
    st.builds(
        PrintedIdentifier,
        scheme=st.just("openalex"),
        value=st.integers(0, 10**17).map("W{}".format),
    ),
    st.builds(
        PrintedIdentifier,
        scheme=st.just("openreview"),
        value=st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True),
    ),
    st.builds(
        PrintedIdentifier,
        scheme=st.just("pwc"),
        value=st.from_regex(r"[a-z0-9][a-z0-9.-]{0,20}[a-z0-9]", fullmatch=True),
    ),
    st.builds(
        PrintedIdentifier,
        scheme=st.just("key"),
        value=st.from_regex(r"[ta]-[0-9a-f]{12}", fullmatch=True),
    ),
)
AROUND = st.sampled_from(["{}", " {}\n", "<{}>", "({}).", "“{}”,", "[{}]", "\u3000{};"])


@given(IDENTIFIERS, AROUND)
def test_an_identifier_is_read_from_its_address(name: PrintedIdentifier, around: str) -> None:
    printed = address(name) or name.value
    assert parse(printed) == name
    assert parse(around.format(printed)) == name
    if name.identifier and name.version is None:
        assert address(name.identifier) == printed


@given(st.text(max_size=200) | st.builds("{}{}".format, st.sampled_from([
    "arXiv:", "https://arxiv.org/abs/", "doi:", "https://doi.org/10.1000/", "10.1000/",
    "https://openreview.net/forum?id=", "https://x.example/doi/10.1000/", "pwc:"]),
    st.text(max_size=30)))  # fmt: skip
def test_any_text_is_read_or_refused_and_what_is_read_stays(text: str) -> None:
    try:
        found = parse(text)
    except ValueError:
        return
    if found is not None:
        assert parse(address(found) or found.value) == found
