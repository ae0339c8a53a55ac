"""Tests that addresses are found, cleaned and classified."""

import pytest

from etl.extract.abstract_links import find_links


@pytest.mark.parametrize(
    ("text", "url", "kind", "repo"),
    [
        ("See https://github.com/a/b.", "https://github.com/a/b", "github", "a/b"),
        (r"Code: \url{http://github.com/a/b_c}", "https://github.com/a/b_c", "github", "a/b_c"),
        (r"at https://github.com/a/b\_c.", "https://github.com/a/b_c", "github", "a/b_c"),
        ("(https://github.com/A/B.git)", "https://github.com/A/B.git", "github", "A/B"),
        (
            "https://github.com/a/b/blob/main/x.py#L3!",
            "https://github.com/a/b/blob/main/x.py#L3",
            "github",
            "a/b",
        ),
        ("on github.com/a/b/", "https://github.com/a/b/", "github", "a/b"),
        ("https://github.com/a only", "https://github.com/a", "other", None),
        ("page a-b.github.io/c", "https://a-b.github.io/c", "github-pages", None),
        ("http://gitlab.inria.fr/a/b", "https://gitlab.inria.fr/a/b", "gitlab", "a/b"),
        ("https://huggingface.co/a/b,", "https://huggingface.co/a/b", "huggingface", None),
        ("http://example.org/x.", "http://example.org/x", "other", None),
        ("www.example.ai/v2.", "https://www.example.ai/v2", "other", None),
        ("{aka.ms/X.Y}.", "https://aka.ms/X.Y", "other", None),
        ("[here](https://github.com/a/b)", "https://github.com/a/b", "github", "a/b"),
        ("in X's repository https://github.com/a/b's", "https://github.com/a/b", "github", "a/b"),
        ("(see https://en.org/wiki/A_(b))", "https://en.org/wiki/A_(b)", "other", None),
    ],
)
def test_address_is_cleaned_and_classified(text, url, kind, repo):
    (link,) = find_links(text)
    assert (link.url, link.kind, link.repo) == (url, kind, repo)
    assert text[link.start : link.end] == link.text


@pytest.mark.parametrize(
    "text",
    [
        "the images.In this work",
        "e.g. this",
        "version 2.0/3.0",
        "ratio a/b.",
        "http:// nothing",
        "",
    ],
)
def test_no_address_where_none_is(text):
    assert find_links(text) == []


def test_address_in_braces_behind_itself_counts_once():
    text = "https://github.com/a/b{https://github.com/a/b} and https://c.github.io"
    assert [link.url for link in find_links(text)] == [
        "https://github.com/a/b",
        "https://c.github.io",
    ]


def test_numbers_inside_an_address_are_no_results():
    from etl.extract import extract

    assert extract("Code at https://example.org/99.5%/accuracy of it.").results == ()
