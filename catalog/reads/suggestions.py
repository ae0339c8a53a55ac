"""Suggest datasets, leaderboards, tasks, authors and papers for what somebody is typing.

Every query goes through an index or over one of the small tables of names, so that it answers
while people type: names of authors are found by their beginning, papers by words of their title.
"""

import re
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from catalog.domain.formatting import plural
from catalog.domain.search_tree import Node, Words, both
from catalog.domain.search_words import tokens
from catalog.reads.asking import Read, dialect, rows
from catalog.reads.finding import find_identified
from catalog.reads.search_sql import DOCUMENT, expression
from catalog.reads.standing import RANKED

Kind = Literal["paper", "dataset", "leaderboard", "task", "author"]

SHORTEST = 2
"""Characters from which on something is suggested."""

SHORTEST_WORD = 4
"""Characters of the last word from which on papers are: shorter ones begin too many words."""

LONGEST = 200
SHOWN: dict[Kind, int] = {"dataset": 4, "leaderboard": 4, "task": 3, "author": 3, "paper": 4}

LAST = "\U0010ffff"
"""The last character there is: a name with a beginning stands before the beginning with it."""


class Suggestion(Struct, frozen=True, kw_only=True):
    """A thing that may be meant, with what its page is named by."""

    kind: Kind
    name: str
    detail: str = ""
    named: list[str]
    """Key, slug or name that its page has: of a leaderboard those of dataset and metric."""


class _Named(Struct):
    id: int
    name: str
    slug: str
    papers: int


class _Board(Struct):
    dataset: str
    dataset_slug: str
    metric: str
    metric_slug: str
    numbers: int


class _Author(Struct):
    name: str
    papers: int


class _Paper(Struct):
    key: str
    label: str
    year: int | None


_BEGINS = "lower({}) LIKE :start ESCAPE '!'"
_HAS = "lower({}) LIKE :word ESCAPE '!'"

DATASETS = f"""
WITH named AS MATERIALIZED (
    SELECT id, name, slug FROM datasets
     WHERE {_BEGINS.format("name")} OR {_HAS.format("name")} OR id IN (
           SELECT dataset_id FROM dataset_aliases WHERE {_BEGINS.format("alias")})
     ORDER BY CASE WHEN {_BEGINS.format("name")} THEN 0 ELSE 1 END, length(name), name LIMIT 40)
SELECT n.id, n.name, n.slug,
       (SELECT count(*) FROM (SELECT 1 FROM results r WHERE r.dataset_id = n.id LIMIT 500) AS c)
         AS papers
  FROM named n ORDER BY papers DESC, length(n.name), n.name LIMIT :most
"""

BOARDS = f"""
SELECT d.name AS dataset, d.slug AS dataset_slug, m.name AS metric, m.slug AS metric_slug,
       b.numbers
  FROM (SELECT r.dataset_id, r.metric_id, count(*) AS numbers FROM results r
         WHERE r.dataset_id IN :datasets AND r.metric_id IS NOT NULL AND {RANKED}
         GROUP BY r.dataset_id, r.metric_id) AS b
  JOIN datasets d ON d.id = b.dataset_id JOIN metrics m ON m.id = b.metric_id
 ORDER BY b.numbers DESC, d.name, m.name LIMIT :most
"""

TASKS = f"""
SELECT t.id, t.name, t.slug,
       (SELECT count(*) FROM (SELECT 1 FROM paper_tasks s WHERE s.task_id = t.id LIMIT 500) AS c)
         AS papers
  FROM tasks t WHERE {_BEGINS.format("t.name")} OR {_HAS.format("t.name")}
 ORDER BY papers DESC, length(t.name), t.name LIMIT :most
"""

AUTHORS = """
SELECT a.name,
       (SELECT count(*) FROM (SELECT 1 FROM authorships s WHERE s.author_id = a.id LIMIT 500) AS p)
         AS papers
  FROM (SELECT id, name FROM (SELECT id, name FROM authors
                 WHERE name >= :typed AND name < :typed_end ORDER BY name LIMIT :most) AS t
        UNION
        SELECT id, name FROM (SELECT id, name FROM authors
                 WHERE name >= :titled AND name < :titled_end ORDER BY name LIMIT :most) AS u) AS a
 ORDER BY a.name LIMIT :most
"""

PAPERS = {
    "sqlite": """SELECT p.key, p.label, p.year FROM papers p WHERE p.id IN (
         SELECT rowid FROM papers_fts WHERE papers_fts MATCH 'title : (' || :match || ')'
          ORDER BY rowid DESC LIMIT :most) ORDER BY p.id DESC""",
    "postgresql": f"""SELECT p.key, p.label, p.year FROM papers p
         WHERE {DOCUMENT} @@ to_tsquery('paper_words', :match)
           AND to_tsvector('paper_words', coalesce(p.title, ''))
               @@ to_tsquery('paper_words', :match)
         ORDER BY p.id DESC LIMIT :most""",
}
"""Papers with the words in their title, those that were loaded last first."""


def suggestions(typed: str, *, papers: bool = True) -> Read[list[Suggestion]]:
    """Suggest what may be meant; what is typed as an identifier leads to its paper alone.

    Without papers none is searched for.
    """
    words = " ".join(typed.split())[:LONGEST]
    if len(words) < SHORTEST:
        return []
    named = yield from find_identified(words)
    if named is not None:
        one = Suggestion(kind="paper", name=named.label, detail=named.key, named=[named.key])
        return [one] if papers else []
    parts = [_datasets(words), _tasks(words), _authors(words)]
    found: list[Suggestion] = []
    for part in [*parts, _papers(words)] if papers else parts:
        found += yield from part
    return found


def _datasets(words: str) -> Read[list[Suggestion]]:
    """Suggest datasets, and the largest leaderboards of the first two of them."""
    datasets = yield from rows(DATASETS, _Named, most=SHOWN["dataset"], **_likes(words))
    boards = yield from rows(
        BOARDS, _Board, datasets=[one.id for one in datasets[:2]], most=SHOWN["leaderboard"]
    )
    return [_of_name("dataset", one) for one in datasets] + [
        Suggestion(
            kind="leaderboard",
            name=f"{one.dataset} · {one.metric}",
            detail=plural(one.numbers, "number"),
            named=[one.dataset_slug, one.metric_slug],
        )
        for one in boards
    ]


def _tasks(words: str) -> Read[list[Suggestion]]:
    found = yield from rows(TASKS, _Named, most=SHOWN["task"], **_likes(words))
    return [_of_name("task", one) for one in found]


def _authors(words: str) -> Read[list[Suggestion]]:
    """Suggest authors whose printed name begins with what was typed, or with capitals."""
    titled = re.sub(r"(?<![^\W_])\w", lambda first: first.group().upper(), words)
    values = {"typed": words, "typed_end": words + LAST, "titled": titled}
    found = yield from rows(
        AUTHORS, _Author, most=SHOWN["author"], titled_end=titled + LAST, **values
    )
    return [
        Suggestion(kind="author", name=one.name, detail=_papers_of(one.papers), named=[one.name])
        for one in found
    ]


def _papers(words: str) -> Read[list[Suggestion]]:
    wanted = _beginning(tokens(words))
    if wanted is None:
        return []
    database = yield from dialect()
    match = expression(wanted, database)
    found = yield from rows(PAPERS[database], _Paper, match=match, most=SHOWN["paper"])
    return [
        Suggestion(kind="paper", name=one.label, detail=str(one.year or ""), named=[one.key])
        for one in found
    ]


def _beginning(words: Sequence[str]) -> Node | None:
    """Search for all of the words, the last of which goes on; without it where it is too short."""
    whole: list[Node] = [Words((word,)) for word in words[:-1]]
    if words and len(words[-1]) >= SHORTEST_WORD:
        whole.append(Words((words[-1],), is_beginning=True))
    return both(*whole) if whole else None


def _likes(words: str) -> dict[str, str]:
    escaped = re.sub(r"([!%_])", r"!\1", words.lower())
    return {"start": f"{escaped}%", "word": f"% {escaped}%"}


def _of_name(kind: Kind, one: _Named) -> Suggestion:
    return Suggestion(kind=kind, name=one.name, named=[one.slug])


def _papers_of(number: int) -> str:
    return "1 paper" if number == 1 else f"{number:,} papers" if number < 500 else "500+ papers"
