"""Tests of the classification of addresses."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.addresses import classify, repository
from etl.extract.abstract_links import find_links
from etl.formats.toolkit.stated_links import link, links_in
from etl.ingest.lookup_rows import repository_of


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


def test_hosts_do_not_tell_case_apart() -> None:
    assert (
        repository("https://github.com/Owner/Name").key == repository("github.com/owner/name").key
    )


@pytest.mark.parametrize(
    ("address", "kind", "full_name"),
    [
        ("https://github.com/a/b", "github", "a/b"),
        ("https://github.com/a/b.git", "github", "a/b"),
        ("http://www.github.com/A/b_c/tree/main/x", "github", "A/b_c"),
        ("https://GitHub.com/a/b", "github", "a/b"),
        ("https://github.com/a", "other", None),
        ("https://github.com/topics/llm", "other", None),
        ("https://github.com/orgs/a/repositories", "other", None),
        ("https://gist.github.com/a/b", "other", None),
        ("https://gitlab.inria.fr/a/b", "gitlab", "a/b"),
        ("https://gitlab.com/a", "other", None),
        ("https://a.gitlab.io/b", "other", None),
        ("https://gitlab.io/a/b", "other", None),
        ("https://a.github.io/b", "github-pages", None),
        ("https://huggingface.co/a/b", "huggingface", None),
        ("https://hf.co/a/b", "huggingface", None),
        ("https://example.org/a/b", "other", None),
    ],
)
def test_everybody_gives_an_address_the_same_kind_and_repository(
    address: str, kind: str, full_name: str | None
) -> None:
    found = classify(address)
    assert (found.kind, found.repository and found.repository.full_name) == (kind, full_name)
    stored = repository_of(address)
    assert (stored and stored.full_name) == full_name
    with suppress(ValueError):
        stated = link(address, "repo_url")
        assert (stated.kind, stated.repo) == (kind, full_name)
    for read in find_links(f"Code: {address} is there."):
        assert (read.kind, read.repo) == (kind, full_name)


@given(st.text() | st.builds("https://github.com/{}/{}".format, st.text(), st.text()))
def test_any_text_is_classified(text: str) -> None:
    found = classify(text)
    assert (found.repository is not None) == (found.kind in {"github", "gitlab"})
    if found.repository:
        assert repository(text) == found.repository
        assert classify(found.repository.url).repository == found.repository


@pytest.mark.parametrize(
    ("remark", "urls"),
    [
        ("see https://a.org/wiki/Quill_(pen).", ["https://a.org/wiki/Quill_(pen)"]),
        ("(https://a.org/d_(1))", ["https://a.org/d_(1)"]),
        ("(https://a.org/d), https://b.org/e].", ["https://a.org/d", "https://b.org/e"]),
        (r"\url{https://gitlab.com/c/d.git}", ["https://gitlab.com/c/d"]),
        ("demo: http://192.0.2.7:5000/", ["http://192.0.2.7:5000/"]),
        ("http://[2001:db8::7]/x", ["http://[2001:db8::7]/x"]),
        ("https://doi.org/10.1000/S0(98)7-X,", ["https://doi.org/10.1000/S0(98)7-X"]),
        ("https://tintenfaß.de/ü", ["https://tintenfaß.de/ü"]),
        ("http://999.1.1.1/ http://1.2.3/ http://. http://localhost/", []),
    ],
)
def test_addresses_in_remarks_are_whole(remark, urls):
    assert [found.url for found in links_in(remark, "comment")] == urls
