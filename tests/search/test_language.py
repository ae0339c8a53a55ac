"""Tests that the language of search is parsed as meant, and never fails."""

import re
import sqlite3
import unicodedata
from itertools import chain, zip_longest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.search_language import LONGEST, Search, understand
from catalog.domain.search_tree import (
    ALL,
    And,
    Comparison,
    Filter,
    Named,
    Node,
    Not,
    Or,
    Words,
    lengthened,
    loosened,
)
from catalog.domain.search_words import _missed_in, name_key, search_words, tokens
from catalog.reads.search_filters import FILTERS
from catalog.reads.search_sql import Conditions, expression, parts_of

DOCS = Path(__file__).parents[2] / "docs" / "search-language.md"


def read(typed: str) -> Search:
    return understand(typed, FILTERS)


def told(node: Node) -> str:
    """Write a tree in a short form of its own."""
    match node:
        case Words(tokens=words, is_beginning=is_beginning):
            return " ".join(words) + "*" * is_beginning
        case Filter(name=name, value=value):
            return f"{name}={value}"
        case Named(scheme=scheme, value=value):
            return f"{scheme}/{value}"
        case Comparison():
            return f"{node.metric} {node.operator} {node.number:g}{node.unit}"
        case Not(part=part):
            return f"not {told(part)}"
        case And(parts=parts):
            return f"[{', '.join(map(told, parts))}]"
        case Or(parts=parts):
            return f"({' | '.join(map(told, parts))})"


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("vision transformer", "[vision, transformer]"),
        ("a OR b c", "(a | [b, c])"),
        ("(a OR b) c", "[(a | b), c]"),
        ("a (b (c OR d))", "[a, b, (c | d)]"),
        ("a -b NOT c -(d e)", "[a, not b, not c, not [d, e]]"),
        ("NOT NOT a", "a"),
        ("a AND b && c", "[a, b, c]"),
        ("+a -b", "[a, not b]"),
        ("foo - bar", "[foo, bar]"),
        ("scale-aware", "scale aware"),
        ('"latent space" code:yes', "[latent space, code=yes]"),
        ('dataset:"MS MARCO" metric:MRR@10', "[dataset=MS MARCO, metric=MRR@10]"),
        ("dataset：COCO　“latent space”", "[dataset=COCO, latent space]"),
        ("CODE:No year:2024 year:2025", "[code=no, year=2025]"),
        ("tag:a tag:b tag:b", "[tag=a, tag=b]"),
        ("-author:lee OR star:yes", "(not author=lee | star=yes)"),
        ("STaR: Bootstrapping", "[star, bootstrapping]"),
        ("https://example.org/x", "https example org x"),
        ("naïve 模型 GAN网络", "[naive, 模 型, gan 网 络]"),
        ("diffus* ab* A* search", "[diffus*, ab*, astar, search]"),
        ("C++ k-means++ F# a+b", "[cplusplus, k meansplusplus, fsharp, a b]"),
        ("2503.12345v2 quills", "[arxiv/2503.12345, quills]"),
        ("2503.12345 doi:10.1000/x.y", "(arxiv/2503.12345 | doi/10.1000/x.y)"),
        ("speedup>2 params<=100M", "[speedup > 2, params <= 1e+08]"),
        ('"top-1 accuracy" > 80% latency<3,5ms', "[top-1 accuracy > 80%, latency < 3.5ms]"),
        ("p -> q <x>", "[p, q, x]"),
        ('unbalanced "quote', "[unbalanced, quote]"),
        ("f(x) (y", "[f x, y]"),
        ("C++ NOT AND OR NEAR(", "(cplusplus | near)"),
        ("", "[]"),
        ("- ( ) \" ' *", "[]"),
    ],
)
def test_a_search_is_read_as_meant(typed: str, tree: str) -> None:
    assert told(read(typed).tree) == tree


@pytest.mark.parametrize(
    "typed",
    ["code:maybe", "after:soon", "after:2025-13", "year:24", "digest:0000", "dataset:", "star:2"],
)
def test_a_value_that_cannot_be_is_refused(typed: str) -> None:
    found = read(f"quills {typed}")
    assert [remark.is_refusal for remark in found.remarks] == [True]
    assert told(found.tree) == "quills"


def test_what_is_too_long_or_too_deep_is_said() -> None:
    assert "first 500 characters" in read("a " * LONGEST).remarks[0].text
    assert "more than 20 deep" in read("(" * 30 + "a").remarks[0].text
    assert not read("a" * LONGEST).remarks


def test_a_search_can_be_loosened_and_lengthened() -> None:
    tree = read('latent "of space" -ink code:yes').tree
    assert told(loosened(tree) or ALL) == "[(latent | of space), not ink, code=yes]"
    assert told(lengthened(tree) or ALL) == "[]"
    assert told(lengthened(read("latent spa code:yes").tree) or ALL) == "[latent, spa*, code=yes]"
    for typed in ("latent", "a OR b", "(a OR b) c", "code:yes"):
        assert loosened(read(typed).tree) is None


WORDS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["a", "-b", "OR", "NOT", "(", ")", "-(", '"c d"', "e*", "code:yes", "author:x",
             "模型", "speedup>2", "2503.12345", "AND", "NEAR(", "+", '"']
        ),
        max_size=14,
    ).map(" ".join),
)  # fmt: skip


@given(WORDS)
def test_no_text_breaks_an_index_or_a_query(typed: str) -> None:
    search = read(typed)
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table papers_fts using fts5(x)")
    for tree in (search.tree, loosened(search.tree), lengthened(search.tree)):
        if tree is None:
            continue
        parts = parts_of(tree, "sqlite")
        if parts.match is not None:
            match = expression(parts.match, "sqlite")
            connection.execute("select * from papers_fts where papers_fts match ?", [match])
        for condition in parts.conditions:
            assert set(re.findall(r"(?<!:):([a-z]\w*)", condition.sql)) == set(condition.values)
        assert expression(parts.match, "postgresql") if parts.match else True
    connection.close()


@given(st.text(max_size=200))
def test_words_that_the_index_misses_are_words_that_people_type(text: str) -> None:
    found = search_words(text)
    for word in (found or "").split():
        assert tokens(word) == [word] or len(word) == 1
    assert name_key(text).strip() == " ".join(tokens(text))


RARE_WORDS = [
    "C++",
    "Łódź",
    "中文",
    "GPT模型",
    "A*",
    "#",
    "k-means++",
    "e\u0301",
    "x" * 90,
    "a" * 400,
]
COMMON_WORDS = st.sampled_from(["an", "ordinary", "word"])


@given(
    st.lists(st.lists(COMMON_WORDS, max_size=40), min_size=1, max_size=4),
    st.lists(st.sampled_from(RARE_WORDS), max_size=9),
)
def test_words_far_from_those_that_the_index_misses_need_no_look(
    common: list[list[str]], rare: list[str]
) -> None:
    parts = zip_longest(rare, map(" ".join, common), fillvalue="")
    text = unicodedata.normalize("NFC", " ".join(chain.from_iterable(parts)))
    assert search_words(text) == ("\n".join(_missed_in(text)) or None)


@given(st.recursive(st.sampled_from("abc").map(lambda letter: Words((letter,))),
                    lambda inner: st.one_of(inner.map(Not), st.lists(inner, min_size=2).map(
                        lambda parts: And(tuple(parts))), st.lists(inner, min_size=2).map(
                            lambda parts: Or(tuple(parts)))), max_leaves=6))  # fmt: skip
def test_an_expression_finds_what_the_tree_says(tree: Node) -> None:
    texts = ["", "a", "b", "c", "a b", "a c", "b c", "a b c"]
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table papers_fts using fts5(x)")
    connection.execute("create table papers (id integer primary key)")
    for number, text in enumerate(texts, start=1):
        connection.execute("insert into papers_fts (rowid, x) values (?, ?)", [number, text])
        connection.execute("insert into papers values (?)", [number])
    parts = parts_of(tree, "sqlite")
    wanted = [*parts.conditions]
    if parts.match is not None:
        wanted.append(Conditions("sqlite").of(parts.match))
    where = " AND ".join(f"({one.sql})" for one in wanted)
    values = {name: value for one in wanted for name, value in one.values.items()}
    found = connection.execute(f"select id from papers p where {where} order by id", values)
    meant = [n for n, text in enumerate(texts, start=1) if holds(tree, text.split())]
    assert [row[0] for row in found] == meant
    connection.close()


def holds(node: Node, words: list[str]) -> bool:
    """Tell whether a tree of single words fits a text, without any index."""
    match node:
        case Words(tokens=(word,)):
            return word in words
        case Not(part=part):
            return not holds(part, words)
        case And(parts=parts):
            return all(holds(part, words) for part in parts)
        case Or(parts=parts):
            return any(holds(part, words) for part in parts)
    raise AssertionError(node)


def test_the_documentation_names_every_filter_with_its_example_and_meaning() -> None:
    page = DOCS.read_text()
    rows = [f"| `{name}:{one.example}` | {one.meaning} |" for name, one in FILTERS.items()]
    assert [row for row in rows if row not in page] == []


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_takes_its_example(name: str) -> None:
    found = read(f"{name}:{FILTERS[name].example}")
    assert [one.name for one, _ in found.filters] == [name]
    assert found.remarks == []
