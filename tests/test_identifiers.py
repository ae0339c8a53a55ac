from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.identifiers import arxiv_id, doi, repository


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


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://github.com/RED-Search/Qilin/", "RED-Search/Qilin"),
        ("https://github.com/codelion/optillm/tree/main/optillm/plugins", "codelion/optillm"),
        ("https://github.com/inclusionAI/UI-Venus/blob/UI-Venus-1.5", "inclusionAI/UI-Venus"),
        ("https://github.com/a/b.git", "a/b"),
        ("https://github.com/a/b).", "a/b"),
        ("https://github.com/a/b}", "a/b"),
        ("http://www.github.com/a/b.js?tab=readme-ov-file#use", "a/b.js"),
        ("github.com/a/b", "a/b"),
        ("https://gitlab.inria.fr/a/b", "a/b"),
    ],
)
def test_repositories(address: str, expected: str) -> None:
    assert repository(address).full_name == expected


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/DFIR-Metric",
        "https://github.com/",
        "https://github.com/orgs/a/repositories",
        "https://github.com/features/copilot",
        "https://github.com/topics/nlp",
        "https://github.com/sponsors/a",
        "https://gist.github.com/a/b",
        "https://a.github.io/b",
        "https://example.org/a/b",
        "https://github.com.example.org/a/b",
        "ftp://github.com/a/b",
        "https://github.com/a/..",
        "https://[github.com/a/b",
        "this https URL",
    ],
)
def test_no_repositories(address: str) -> None:
    with pytest.raises(ValueError, match=r"repository|address"):
        repository(address)


@pytest.mark.parametrize("read", [arxiv_id, doi, repository])
def test_messages_stay_short(read: object) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=r"expected|leads to") as caught:
        read("x" * 100_000)
    assert len(str(caught.value)) < 1_000


def test_hosts_do_not_tell_case_apart() -> None:
    assert (
        repository("https://github.com/Owner/Name").key == repository("github.com/owner/name").key
    )


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
