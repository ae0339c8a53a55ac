"""Find papers like one: by its rarest words, a shared dataset or repository brings them up.

The words of title and abstract that fewest papers have say what a paper is about. They are OR-ed in
the full-text index, so there is no table of likeness to keep.
"""

import math
from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from catalog.domain.search_tree import Words, either
from catalog.domain.search_words import tokens
from catalog.reads.asking import Dialect, Read, dialect, first, rows
from catalog.reads.cards import Card, cards
from catalog.reads.search_sql import DOCUMENT, expression

WORDS = 12
"""Rarest words that are looked for."""

COMMON = 1_000
"""Papers with a word from which on it says little; counting stops there."""

LOOKED_AT = 60
"""Papers with these words that are weighed."""

SHOWN = 6
LONGEST, MOST_WORDS, SHORTEST = 5_000, 80, 3
EVERYWHERE = """
the and for are our with that this from which can has have been its their these such than also into
both not but more most while when where via use used uses using based between across under over
other each all well one two new paper approach method methods results show shows propose proposed
demonstrate however further existing achieve achieves performance
"""
"""Words that say nothing in an abstract; others are counted, each of which takes its time."""

TITLE = 3
"""A word of the title counts as so many in the abstract."""

LEAST = 0.3
"""Share of the first one's weight below which a paper is not like it."""

SAME_DATASET, SAME_CODE = 1.25, 1.5
"""Factors by which a shared dataset and a shared repository raise a paper."""


class SimilarPaper(Struct, kw_only=True):
    """A paper like another one, with what they share."""

    paper: Card
    datasets: list[str]
    """Datasets that both report on, up to three."""
    repository: str | None
    """A repository that both name."""


class _Text(Struct):
    title: str | None
    abstract: str | None


class _Counted(Struct):
    word: str
    papers: int


class Near(Struct, kw_only=True):
    """A paper near to another one, with what they share."""

    id: int
    likeness: float
    """1 is as like as the other one is to itself; what they share raises it."""
    datasets: list[str]
    repository: str | None


class _Weighed(Struct):
    id: int
    weight: float


class _Shared(Struct):
    paper_id: int
    name: str


TEXT = f"SELECT title, substr(abstract, 1, {LONGEST}) AS abstract FROM papers WHERE id = :id"

FREQUENCIES: dict[Dialect, str] = {
    "sqlite": """
SELECT w.value ->> 'word' AS word, (SELECT count(*) FROM (SELECT 1 FROM papers_fts
         WHERE papers_fts MATCH (w.value ->> 'match') LIMIT :most)) AS papers
  FROM json_each(:words) w
""",
    "postgresql": f"""
SELECT w.value ->> 'word' AS word, (SELECT count(*) FROM (SELECT 1 FROM papers p
         WHERE {DOCUMENT} @@ to_tsquery('paper_words', w.value ->> 'match') LIMIT :most) AS c)
         AS papers
  FROM json_array_elements(CAST(:words AS json)) AS w(value)
""",
}
"""Dialect -> how many papers have each word, up to :most."""

NEAR: dict[Dialect, str] = {
    "sqlite": """
SELECT rowid AS id, -rank AS weight FROM papers_fts
 WHERE papers_fts MATCH :match AND rank MATCH 'bm25(3.0, 1.0, 1.0)'
 ORDER BY rank, rowid LIMIT :most
""",
    "postgresql": f"""
SELECT p.id, ts_rank(setweight(to_tsvector('paper_words', coalesce(p.title, '')), 'A')
           || {DOCUMENT}, wanted) AS weight
  FROM papers p, to_tsquery('paper_words', :match) AS wanted
 WHERE {DOCUMENT} @@ wanted ORDER BY weight DESC, p.id LIMIT :most
""",
}
"""Dialect -> papers with any of the words, also the one itself: most and rarest ones first."""

DATASETS = """
SELECT DISTINCT r.paper_id, d.name FROM results r JOIN datasets d ON d.id = r.dataset_id
 WHERE r.paper_id IN :papers AND r.state <> 'rejected'
   AND r.dataset_id IN (SELECT o.dataset_id FROM results o
                         WHERE o.paper_id = :id AND o.state <> 'rejected')
 ORDER BY r.paper_id, d.name
"""

REPOSITORIES = """
SELECT DISTINCT l.paper_id, o.full_name AS name FROM links l
  JOIN repositories o ON o.id = l.repository_id
 WHERE l.paper_id IN :papers AND l.repository_id IN (
       SELECT m.repository_id FROM links m WHERE m.paper_id = :id)
 ORDER BY l.paper_id, o.full_name
"""


def similar(paper_id: int, *, most: int = SHOWN) -> Read[list[SimilarPaper]]:
    """Find the papers most like one, the most alike first."""
    found = yield from near(paper_id)
    best = [one for one in found[:most] if one.likeness >= LEAST * found[0].likeness]
    shared = {one.id: one for one in best}
    return [
        SimilarPaper(
            paper=card,
            datasets=shared[card.id].datasets[:3],
            repository=shared[card.id].repository,
        )
        for card in (yield from cards([one.id for one in best]))
    ]


def near(paper_id: int) -> Read[list[Near]]:
    """Find the papers near to one by words, shared datasets and repositories, the nearest first."""
    words = yield from _rarest_words(paper_id)
    if not words:
        return []
    database = yield from dialect()
    match = expression(either(*(Words((word,)) for word in words)), database)
    weighed = yield from rows(NEAR[database], _Weighed, match=match, most=LOOKED_AT + 1)
    own = max((one.weight for one in weighed), default=1.0)
    others = [one for one in weighed if one.id != paper_id][:LOOKED_AT]
    ids = [one.id for one in others]
    datasets = _by_paper((yield from rows(DATASETS, _Shared, papers=ids, id=paper_id)))
    code = _by_paper((yield from rows(REPOSITORIES, _Shared, papers=ids, id=paper_id)))
    found = [
        Near(
            id=one.id,
            likeness=one.weight / own * _raised(one.id in datasets, one.id in code),
            datasets=datasets.get(one.id, []),
            repository=next(iter(code.get(one.id, [])), None),
        )
        for one in others
    ]
    return sorted(found, key=lambda one: one.likeness, reverse=True)


def _raised(same_dataset: bool, same_code: bool) -> float:
    return (SAME_DATASET if same_dataset else 1.0) * (SAME_CODE if same_code else 1.0)


def _rarest_words(paper_id: int) -> Read[list[str]]:
    """Choose the words that say most: those that few others have and that this paper repeats."""
    text = yield from first(TEXT, _Text, id=paper_id)
    times = _times(text) if text else Counter()
    database = yield from dialect()
    asked = [
        {"word": one, "match": expression(Words((one,)), database)}
        for one, _ in times.most_common(MOST_WORDS)
    ]
    counted = yield from rows(
        FREQUENCIES[database], _Counted, words=msgspec.json.encode(asked).decode(), most=COMMON
    )

    def said(one: _Counted) -> float:
        return math.sqrt(times[one.word]) * math.log(2 * COMMON / one.papers)

    known = [one for one in counted if 1 < one.papers < COMMON]
    return [one.word for one in sorted(known, key=said, reverse=True)[:WORDS]]


def _times(text: _Text) -> Counter[str]:
    """Count how often each word stands in a paper, those of the title as if in it thrice."""
    found = TITLE * tokens(text.title or "") + tokens(text.abstract or "")
    everywhere = set(EVERYWHERE.split())
    words = [
        one for one in found if len(one) >= SHORTEST and not one.isdigit() and one not in everywhere
    ]
    known = set(words)
    return Counter(one[:-1] if one[-1] == "s" and one[:-1] in known else one for one in words)


def _by_paper(found: Sequence[_Shared]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for one in found:
        names.setdefault(one.paper_id, []).append(one.name)
    return names
