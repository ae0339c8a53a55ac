"""Recommend papers like those that the owner starred, each with the stars that brought it up.

Each starred paper is asked for its like, as the page of a paper does. A paper's likeness to it
counts the more, the later the star was given: 1 / (1 + log10(rank)), the newest star having rank 1.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from catalog.reads.asking import Read, column, rows, value
from catalog.reads.digest import Item, items_of
from catalog.reads.similar import Near, near
from catalog.reads.standing import IS_PAPER

SHOWN = 20
LOOKED_AT = 25
"""Starred papers whose like is looked for, the last starred ones."""

REASONS = 2
"""Starred papers that are named for one that is recommended."""

LEAST = 0.1
"""Likeness to a starred paper below which another one is not like it."""


class Starred(Struct, kw_only=True):
    """A starred paper that another one is like, with what both share."""

    key: str
    label: str
    datasets: list[str]
    """Datasets that both report on, up to three."""
    repository: str | None
    """A repository that both name."""


class Recommended(Struct):
    """A paper, and the starred ones that it is most like."""

    paper: Item
    because: list[Starred]


class ForYou(Struct, kw_only=True):
    """Papers like the starred ones."""

    starred: int
    """Starred papers in the catalog; where there are none, nothing can be recommended."""
    papers: list[Recommended]
    """The most alike first; none that is starred, read or withdrawn."""


class _Star(Struct):
    id: int
    key: str
    label: str


STARRED = """
SELECT count(DISTINCT m.paper_id) FROM marks m
 WHERE m.starred_at IS NOT NULL AND m.paper_id IS NOT NULL
"""

NEWEST_STARS = """
SELECT p.id, p.key, p.label
  FROM (SELECT m.paper_id, max(m.starred_at) AS at FROM marks m
         WHERE m.starred_at IS NOT NULL AND m.paper_id IS NOT NULL GROUP BY m.paper_id) AS s
  JOIN papers p ON p.id = s.paper_id ORDER BY s.at DESC, p.id LIMIT :most
"""

UNKNOWN = f"""
SELECT p.id FROM papers p
 WHERE p.id IN :papers AND NOT p.withdrawn AND {IS_PAPER} AND p.id NOT IN (
       SELECT m.paper_id FROM marks m WHERE m.paper_id IS NOT NULL
          AND (m.starred_at IS NOT NULL OR m.read_at IS NOT NULL))
"""
"""Those of some papers that the owner has neither starred nor read."""


def for_you(*, most: int = SHOWN, site: str | None = None) -> Read[ForYou]:
    """Recommend papers like those that the owner starred, the most alike first."""
    stars = yield from rows(NEWEST_STARS, _Star, most=LOOKED_AT)
    weights: dict[int, float] = defaultdict(float)
    reasons: dict[int, list[tuple[float, Starred]]] = defaultdict(list)
    for rank, star in enumerate(stars, start=1):
        for other in (yield from near(star.id)):
            if other.likeness >= LEAST:
                weight = recency(rank) * other.likeness
                weights[other.id] += weight
                reasons[other.id].append((weight, _reason(star, other)))
    best = yield from _unknown(weights, most)
    papers = yield from items_of(best, None, site)
    return ForYou(
        starred=(yield from value(STARRED, int)) or 0,
        papers=[Recommended(one, _first(reasons[one.id])) for one in papers],
    )


def recency(rank: int) -> float:
    """Weigh a star by its rank, from 1 for the one that was given last.

    >>> recency(1), recency(10)
    (1.0, 0.5)
    """
    return 1 / (1 + math.log10(rank))


def _unknown(weights: Mapping[int, float], most: int) -> Read[list[int]]:
    """Choose the papers of most weight that the owner does not know yet."""
    unknown = set((yield from column(UNKNOWN, int, papers=list(weights))))
    ordered = sorted(unknown, key=lambda one: (-weights[one], one))
    return ordered[:most]


def _reason(star: _Star, other: Near) -> Starred:
    return Starred(
        key=star.key,
        label=star.label,
        datasets=other.datasets[:3],
        repository=other.repository,
    )


def _first(reasons: Sequence[tuple[float, Starred]]) -> list[Starred]:
    """Choose the starred papers that count most."""
    ordered = sorted(reasons, key=lambda one: one[0], reverse=True)
    return [star for _, star in ordered[:REASONS]]
