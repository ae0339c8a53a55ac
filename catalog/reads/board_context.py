"""Read what stands around a leaderboard: its records, neighbours, variants and changes."""

import datetime as dt
import re
from collections.abc import Sequence

from msgspec import Struct

from catalog.reads.asking import Read, rows
from catalog.reads.boards import Board, Entry, NamedDataset, NamedMetric
from catalog.reads.model_sizes import sizes_of
from catalog.reads.standing import RANKED, of_results

TOP = 10
"""Ranks of a board whose changes are told."""

LOOKED_AT = 2_000
"""Results that are looked at to find the tasks, datasets and metrics beside a board."""


class Neighbour(Struct):
    """A task of a leaderboard, or a leaderboard beside it."""

    name: str
    slug: str
    results: int
    has_board: bool = True
    """Whether the same metric was measured there."""


class Variant(Struct):
    """One way in which papers call the dataset, such as a resolution or a split."""

    name: str
    key: str
    """The same for all spellings of it."""
    results: int
    spellings: list[str]


class Surroundings(Struct, kw_only=True):
    """The tasks, datasets and metrics beside a leaderboard, and the variants of its dataset."""

    tasks: list[Neighbour]
    datasets: list[Neighbour]
    """Those of its first task, with its own."""
    metrics: list[Neighbour]
    """Those of its dataset, with its own."""
    variants: list[Variant]


class Gain(Struct):
    """A result that was the best of its time, and by how much."""

    entry: Entry
    gain: float | None
    """Its difference from the record before, in the unit of the board; None for the first."""


class Changes(Struct, kw_only=True):
    """The results that entered and left the top of a leaderboard since a day."""

    since: dt.date
    top: int
    best_before: Entry | None
    best: Entry | None
    entered: list[Entry]
    left: list[Entry]
    """With their ranks of today."""


TASKS = f"""
SELECT t.name, t.slug, count(*) AS results
  FROM (SELECT r.task_id FROM results r
         WHERE r.dataset_id = :dataset AND r.metric_id = :metric AND {RANKED}
         LIMIT {LOOKED_AT}) AS b
  JOIN tasks t ON t.id = b.task_id
 GROUP BY t.id, t.name, t.slug ORDER BY results DESC, t.name LIMIT 8
"""

DATASETS = f"""
SELECT d.name, d.slug, b.results, EXISTS (
         SELECT 1 FROM results o WHERE o.dataset_id = d.id AND o.metric_id = :metric
            AND {of_results("o", RANKED)}) AS has_board
  FROM (SELECT a.dataset_id, count(*) AS results
          FROM (SELECT r.dataset_id FROM results r JOIN tasks t ON t.id = r.task_id
                 WHERE t.slug = :task AND r.dataset_id IS NOT NULL AND {RANKED}
                 LIMIT {LOOKED_AT}) AS a
         GROUP BY a.dataset_id ORDER BY results DESC, a.dataset_id LIMIT 10) AS b
  JOIN datasets d ON d.id = b.dataset_id
 ORDER BY b.results DESC, d.name
"""

METRICS = f"""
SELECT m.name, m.slug, count(*) AS results
  FROM (SELECT r.metric_id FROM results r
         WHERE r.dataset_id = :dataset AND r.metric_id IS NOT NULL AND {RANKED}
         LIMIT {5 * LOOKED_AT}) AS b
  JOIN metrics m ON m.id = b.metric_id
 GROUP BY m.id, m.name, m.slug ORDER BY results DESC, m.name LIMIT 10
"""

VARIANTS = f"""
SELECT b.dataset_text AS name, '' AS slug, count(*) AS results
  FROM (SELECT r.dataset_text FROM results r
         WHERE r.dataset_id = :dataset AND r.metric_id = :metric AND {RANKED}
           AND r.dataset_text IS NOT NULL LIMIT {LOOKED_AT}) AS b
 GROUP BY b.dataset_text ORDER BY results DESC, b.dataset_text LIMIT 100
"""


def surroundings(on: NamedDataset, by: NamedMetric) -> Read[Surroundings]:
    """Read what stands beside a leaderboard."""
    here = {"dataset": on.id, "metric": by.id}
    tasks = yield from rows(TASKS, Neighbour, **here)
    datasets: list[Neighbour] = []
    if tasks:
        task = tasks[0].slug
        datasets = yield from rows(DATASETS, Neighbour, task=task, metric=by.id)
    metrics = yield from rows(METRICS, Neighbour, dataset=on.id)
    spellings = yield from rows(VARIANTS, Neighbour, **here)
    return Surroundings(
        tasks=tasks,
        datasets=with_own(datasets, on),
        metrics=with_own(metrics, by),
        variants=variants_of(spellings),
    )


def with_own(found: Sequence[Neighbour], own: NamedDataset | NamedMetric) -> list[Neighbour]:
    """Add the board's own dataset or metric where it is not among those of most results."""
    if any(one.slug == own.slug for one in found):
        return list(found)
    return [Neighbour(own.name, own.slug, 0), *found]


def variants_of(spellings: Sequence[Neighbour]) -> list[Variant]:
    """Join the spellings of one variant, such as "ImageNet 256x256" and "ImageNet-256"."""
    found: dict[str, Variant] = {}
    for one in spellings:
        key = variant_key(one.name)
        known = found.setdefault(key, Variant(one.name, key, 0, []))
        known.results += one.results
        known.spellings.append(one.name)
    return sorted(found.values(), key=lambda variant: (-variant.results, variant.name))


def variant_key(name: str) -> str:
    """Fold a printed name of a dataset: no case, no marks, one side of a square.

    >>> [variant_key(name) for name in ("ImageNet 256 x 256", "ImageNet-256", "ImageNet-1k")]
    ['imagenet256', 'imagenet256', 'imagenet1k']
    """
    square = re.sub(r"(\d+)\s*[x×]\s*\1(?!\d)", r"\1", name.lower())
    return re.sub(r"[\W_]+", "", square)


def gains(ranking: Sequence[Entry]) -> list[Gain]:
    """List the results that were the best of their time, the newest first, with their gains."""
    led = sorted((one for one in ranking if one.led), key=_when)
    found = [
        Gain(one, None if before is None else round(_value(one) - _value(before), 10))
        for before, one in zip([None, *led], led, strict=False)
    ]
    return found[::-1]


def changes(board: Board, since: dt.date) -> Changes:
    """Tell what entered and left the top of a board since a day, by the days of its papers."""
    older = [one for one in board.ranking if one.day is None or one.day < since]
    then, now = _top(older), _top(board.ranking)
    before = {one.id for one in then}
    here = {one.id for one in now}
    return Changes(
        since=since,
        top=TOP,
        best_before=then[0] if then else None,
        best=now[0] if now else None,
        entered=[one for one in now if one.id not in before],
        left=[one for one in then if one.id not in here],
    )


def _top(ranking: Sequence[Entry]) -> list[Entry]:
    """Return the first ranks; who is as good as the last of them shares its rank."""
    first = ranking[:TOP]
    return [*first, *(one for one in ranking[TOP:] if one.compared == first[-1].compared)]


def latencies(board: Board) -> Read[dict[int, float]]:
    """Map the results of a board whose model's latency is known to that latency, as printed."""
    return (
        yield from sizes_of(
            board.ranking, dataset=board.dataset.id, metric=board.metric.id, cost="latency"
        )
    )


def _when(one: Entry) -> tuple[dt.date, int]:
    return (one.day or dt.date.max, -(one.rank or 0))


def _value(one: Entry) -> float:
    return one.compared if one.compared is not None else 0.0
