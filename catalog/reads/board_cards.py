"""Read leaderboards as lists show them: who leads with which value, and the records before."""

from collections.abc import Sequence

from msgspec import Struct, structs

from catalog.reads.asking import Read, rows, value
from catalog.reads.board_records import History, Leader, Pair, Record, history_of
from catalog.reads.boards import BoardSummary
from catalog.reads.standing import PAPERS_OF, RANKED


class BoardCard(Struct, kw_only=True):
    """A leaderboard in a list, with its best value."""

    dataset: str
    dataset_slug: str
    metric: str
    metric_slug: str
    higher_is_better: bool | None
    unit: str
    papers: int
    is_thin: bool
    """Fewer than three papers: claims, and no best value."""
    best: Leader | None
    records: list[Record]
    """The values that were the best of their time, the earliest first."""


PAIRS = """
SELECT d.id AS dataset_id, d.name AS dataset, d.slug AS dataset_slug, m.id AS metric_id,
       m.name AS metric, m.slug AS metric_slug, m.higher_is_better
  FROM datasets d CROSS JOIN metrics m
 WHERE d.slug IN :datasets AND m.slug IN :metrics
"""


PAPERS = f"""
SELECT {PAPERS_OF} FROM results r
 WHERE r.dataset_id = :dataset AND r.metric_id = :metric AND {RANKED}
"""


def cards_of(boards: Sequence[BoardSummary]) -> Read[list[BoardCard]]:
    """Read the listed boards with their best values, in their order."""
    found = yield from rows(
        PAIRS,
        Pair,
        datasets=[one.dataset_slug for one in boards],
        metrics=[one.metric_slug for one in boards],
    )
    known = {(one.dataset_slug, one.metric_slug): one for one in found}
    pairs: list[Pair] = []
    for one in boards:
        if pair := known.get((one.dataset_slug, one.metric_slug)):
            pairs.append(structs.replace(pair, papers=one.papers))
    return (yield from cards_of_pairs(pairs))


def cards_of_pairs(pairs: Sequence[Pair]) -> Read[list[BoardCard]]:
    """Read boards with their best values, in the order of the pairs; empty ones are left out."""
    cards: list[BoardCard] = []
    for pair in pairs:
        card = yield from _card(pair)
        if card.best is not None:
            cards.append(card)
    return cards


def _card(pair: Pair) -> Read[BoardCard]:
    history = yield from history_of(pair.on, pair.by)
    return BoardCard(
        dataset=pair.dataset,
        dataset_slug=pair.dataset_slug,
        metric=pair.metric,
        metric_slug=pair.metric_slug,
        higher_is_better=pair.higher_is_better,
        unit=history.unit,
        papers=(yield from _papers(pair, history)),
        is_thin=history.is_thin,
        best=history.best,
        records=[] if history.is_thin else history.records,
    )


def _papers(pair: Pair, history: History) -> Read[int]:
    """Count the papers of a board, also where only its best results were read."""
    if not history.is_cut:
        return history.papers
    if pair.papers is not None:
        return pair.papers
    here = {"dataset": pair.dataset_id, "metric": pair.metric_id}
    return (yield from value(PAPERS, int, **here)) or 0


def newest_records(cards: Sequence[BoardCard], most: int = 10) -> list[tuple[BoardCard, Record]]:
    """List the newest records of several boards, the newest first; first values are none."""
    found = [(card, one) for card in cards for one in card.records[1:]]
    return sorted(found, key=lambda pair: pair[1].day, reverse=True)[:most]
