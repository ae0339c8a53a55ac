"""Tests that typed SQL cannot hold a worker by what it asks of the full-text index."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from catalog.database.full_text_limits import MOST_CHARACTERS, MOST_WORDS, refuse_costly
from catalog.database.query_limits import limit
from catalog.reads.search_hits import Piece, excerpt
from tests.growth import LIMIT, growth

LONG = "a " * (MOST_WORDS + 1)
MATCHES = "SELECT count(*) FROM papers_fts WHERE papers_fts MATCH"

REFUSED = {
    "snippet": "SELECT snippet(papers_fts, 1, '', '', '', 32) FROM papers_fts('a')",
    "highlight": "SELECT HIGHLIGHT(papers_fts, 1, '', '') FROM papers_fts('a')",
    "snippet as rank": f"{MATCHES} 'a' AND rank MATCH 'snippet(1, '''', '''', '''', 32)'",
    "many words": f"{MATCHES} 'NEAR({LONG})'",
    "many words in a parameter": f"{MATCHES} :many",
    "a long word": f"{MATCHES} '{'a' * (MOST_CHARACTERS + 1)}'",
    "quoted by Datasette": f"{MATCHES} escape_fts(:many)",
    "by an equals sign": "SELECT count(*) FROM papers_fts WHERE papers_fts = :few || ' b'",
    "as a function of a table": "SELECT count(*) FROM papers_fts(replace('b', 'b', 'a a'))",
    "of one column": "SELECT count(*) FROM papers_fts WHERE title MATCH upper(:few)",
    "by the name of a column": "WITH q(papers_fts) AS (SELECT 'a' UNION SELECT 'b') "
    "SELECT count(*) FROM q JOIN papers_fts USING (papers_fts)",
    "from a table": f"{MATCHES} (SELECT name FROM sqlite_schema)",
    "from a list": "SELECT count(*) FROM papers_fts WHERE papers_fts IN ('a', :few)",
    "from JSON": "SELECT count(*) FROM papers_fts, json_each('[\"a\"]') j "
    "WHERE papers_fts MATCH j.value",
    "from a recursion": f"{MATCHES} (WITH r(x) AS (SELECT 'a' UNION ALL SELECT x || ' a' FROM r "
    "LIMIT 100) SELECT max(x) FROM r)",
    "from an aggregate": f"{MATCHES} (SELECT group_concat(name, ' ') FROM sqlite_schema)",
    "in a branch": f"{MATCHES} CASE WHEN :few THEN 'a' ELSE :many END",
    "within quoted": f"{MATCHES} escape_fts(upper(:few))",
    "beside another": "SELECT count(*) FROM papers WHERE id IN (SELECT rowid FROM papers_fts('a')) "
    "OR id IN (SELECT rowid FROM papers_fts(lower(:few)))",
}

FINE = {
    "written": f"{MATCHES} 'a'",
    "as documented": "SELECT p.key FROM papers_fts JOIN papers p ON p.id = papers_fts.rowid "
    "WHERE papers_fts MATCH 'diffusion' ORDER BY papers_fts.rank LIMIT 10",
    "in a parameter": f"{MATCHES} :few",
    "quoted by Datasette": f"{MATCHES} escape_fts(:few)",
    "weighted": "SELECT bm25(papers_fts, 3.0) FROM papers_fts WHERE papers_fts MATCH :few "
    "AND rank MATCH 'bm25(6.0, 1.0, 1.0)' ORDER BY rank",
    "in a subquery": "SELECT title FROM papers WHERE id IN (SELECT rowid FROM papers_fts "
    "WHERE papers_fts MATCH 'a' AND rowid > (SELECT min(id) FROM papers))",
    "two columns": "SELECT count(*) FROM papers_fts WHERE title MATCH 'a' AND abstract MATCH :few",
    "all rows": "SELECT count(*) FROM papers_fts",
    "the words themselves": f"{MATCHES} 'snippet highlight'",
    "a choice": f"{MATCHES} iif(length(:many), 'a', :few)",
    "no index": "SELECT length(:many) || upper(:few)",
}


@pytest.fixture
def connection(migrated: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{migrated}?mode=ro", uri=True)) as connection:
        limit(connection)
        connection.create_function("escape_fts", 1, lambda text: text)
        yield connection


@pytest.mark.parametrize("name", REFUSED)
def test_a_costly_question_is_refused(name: str, connection: sqlite3.Connection):
    values = {"few": "a", "many": LONG}
    connection.execute(REFUSED[name], values).fetchall()
    with pytest.raises(sqlite3.OperationalError, match=r"MATCH takes|not allowed here"):
        refuse_costly(connection, REFUSED[name], values)


@pytest.mark.parametrize("name", FINE)
def test_a_small_question_is_not_refused(name: str, connection: sqlite3.Connection):
    values = {"few": "a", "many": LONG}
    refuse_costly(connection, FINE[name], values)
    connection.execute(FINE[name], values).fetchall()


def test_values_without_names_are_looked_at_too(connection: sqlite3.Connection):
    refuse_costly(connection, f"{MATCHES} ?", ["a"])
    with pytest.raises(sqlite3.OperationalError, match=f"at most {MOST_WORDS} words"):
        refuse_costly(connection, f"{MATCHES} ?", [LONG])


def test_what_is_no_query_is_left_to_fail(connection: sqlite3.Connection):
    for sql in ("papers_fts", "EXPLAIN SELECT * FROM papers_fts", "SELECT 1; SELECT * papers_fts"):
        refuse_costly(connection, sql)


@pytest.mark.parametrize(
    "question", ["NEAR(" + "a " * MOST_WORDS + ")", " OR ".join(["a"] * MOST_WORDS)]
)
def test_the_time_of_the_largest_question_grows_with_the_text(question: str):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE papers_fts USING fts5(abstract)")

        def asked(size: int) -> Callable[[], Any]:
            connection.execute("DELETE FROM papers_fts")
            connection.execute("INSERT INTO papers_fts VALUES (?)", ["a " * size])
            sql = "SELECT bm25(papers_fts) FROM papers_fts WHERE papers_fts MATCH ?"
            return lambda: connection.execute(sql, [question]).fetchall()

        assert growth(asked, 20_000) < LIMIT


def test_the_time_of_an_excerpt_grows_with_the_hits():
    def cut(size: int) -> Callable[[], Any]:
        found = [Piece(f"{n // 2}", is_hit=n % 2 == 0) for n in range(size)]
        return lambda: excerpt(found)

    assert growth(cut, 5_000) < LIMIT


def test_an_excerpt_shows_where_most_different_hits_stand():
    found = [
        Piece("one", is_hit=True),
        Piece(" of many words and then "),
        Piece("one", is_hit=True),
    ]
    found += [Piece(" and "), Piece("two", is_hit=True), Piece(" at last, before the end of it")]
    shown = excerpt(found, 7)
    assert [(piece.text, piece.is_hit) for piece in shown] == [
        ("…and then ", False),
        ("one", True),
        (" and ", False),
        ("two", True),
        (" at last, …", False),
    ]
    assert excerpt(found, 100) == found
    assert excerpt([], 7) == []
