"""Read the leaderboards of one dataset or one metric with their best values."""

from collections.abc import Sequence

from msgspec import Struct

from catalog.reads.asking import Read, first
from catalog.reads.board_cards import BoardCard, cards_of
from catalog.reads.boards import (
    DATASET,
    METRIC,
    BoardSummary,
    Entry,
    NamedDataset,
    NamedMetric,
    compared_entry,
    standing_of,
)
from catalog.reads.datasets import DatasetPage, MetricPage

SHOWN = 12
"""Leaderboards whose best values are read."""

DOTS = 200
"""Results in the chart that leads a page."""


class LeadBoard(Struct, kw_only=True):
    """The best results of the board whose chart leads a page."""

    dataset: NamedDataset
    metric: NamedMetric
    unit: str
    ranking: list[Entry]


def boards_of_dataset(page: DatasetPage) -> Read[list[BoardCard]]:
    """Read the leaderboards of most papers of a dataset."""
    names = [
        BoardSummary(
            dataset=page.dataset.name,
            dataset_slug=page.dataset.slug,
            metric=one.name,
            metric_slug=one.slug,
            papers=one.papers,
            results=one.results,
        )
        for one in page.boards[:SHOWN]
    ]
    return (yield from cards_of(names))


def boards_of_metric(page: MetricPage) -> Read[list[BoardCard]]:
    """Read the leaderboards of most papers by a metric."""
    names = [
        BoardSummary(
            dataset=one.name,
            dataset_slug=one.slug,
            metric=page.metric.name,
            metric_slug=page.metric.slug,
            papers=one.papers,
            results=one.results,
        )
        for one in page.boards[:SHOWN]
    ]
    return (yield from cards_of(names))


def lead_board(cards: Sequence[BoardCard]) -> Read[LeadBoard | None]:
    """Rank the best of the first board that is no list of claims; None where all are."""
    full = next((one for one in cards if not one.is_thin), None)
    if full is None:
        return None
    on = yield from first(DATASET, NamedDataset, slug=full.dataset_slug)
    by = yield from first(METRIC, NamedMetric, slug=full.metric_slug)
    if on is None or by is None:  # pragma: no cover - deleted between the two questions
        return None
    standing = yield from standing_of(on, by)
    ranking = [compared_entry(one) for one in standing.ranking[:DOTS]]
    return LeadBoard(dataset=on, metric=by, unit=standing.unit, ranking=ranking)
