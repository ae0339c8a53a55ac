"""Evaluate predictions on annotated papers, cross-validated."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.extraction import score
from benchmarks.extraction.corpus import Paper, fold
from benchmarks.extraction.examples import build
from benchmarks.extraction.train import FEWER_DRAWS, train
from catalog.domain.records import Extraction
from etl.extract.abstract_links import find_links
from etl.extract.json_output import as_object
from etl.extract.linear_model import Scorer, make_scorer
from etl.extract.pipeline import Decision, FormOpinion, decide, read
from etl.extract.result_records import pairs

FOLDS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """One paper with its predictions paired with its annotations."""

    paper: Paper
    found: list[dict[str, Any]]
    pairs: list[tuple[int, int, list[bool]]]
    decisions: Sequence[Decision] = ()
    """What each prediction was made of; empty for those of other readers."""

    def hits(self, level: str) -> int:
        """Count the records that are right up to this level."""
        at = score.LEVELS.index(level)
        return sum(levels[at] for _, _, levels in self.pairs)

    def right(self, level: str) -> list[bool]:
        """Return of each prediction whether it is right up to this level."""
        at = score.LEVELS.index(level)
        right = {f for _, f, levels in self.pairs if levels[at]}
        return [index in right for index in range(len(self.found))]


def predict(paper: Paper, scorer: Scorer, form_opinion: FormOpinion | None = None) -> Outcome:
    """Predict a paper's records with these weights."""
    links = [(link.start or 0, link.end or 0) for link in find_links(paper.abstract)]
    reading = read(paper.abstract, paper.title, links, scorer)
    decisions = decide(reading, scorer, form_opinion) if reading else []
    made = list(pairs(paper.abstract, decisions, scorer))
    results = tuple(record for _, record in made)
    found = as_object(paper.id, Extraction(results=results))["metrics"]
    paired, _, _ = score.pair(paper.metrics, found)
    return Outcome(paper, found, paired, [decision for decision, _ in made])


def cross_validate(papers: Sequence[Paper], folds: int = FOLDS) -> list[Outcome]:
    """Predict every paper with weights that were trained without its fold."""
    examples = {paper.id: build(paper) for paper in papers}
    found = []
    for part in range(folds):
        rest = [examples[paper.id] for paper in papers if fold(paper.id, folds) != part]
        scorer = make_scorer(train(rest))
        found += [predict(paper, scorer) for paper in papers if fold(paper.id, folds) == part]
    return found


def predict_later(papers: Sequence[Paper], halves: int = 2) -> list[Outcome]:
    """Predict the latest papers with weights that were trained without their part of these."""
    examples = {paper.id: build(paper) for paper in papers}
    found = []
    for half in range(halves):
        unseen = [p for p in papers if is_late(p) and fold(p.id, halves, "half") == half]
        ids = {paper.id for paper in unseen}
        seen = (e for name, e in examples.items() if name not in ids)
        scorer = make_scorer(train(seen, FEWER_DRAWS))
        found += [predict(paper, scorer) for paper in unseen]
    return found


def is_late(paper: Paper) -> bool:
    """Return true if a paper's text is later than most of the training data."""
    return paper.part.startswith("read-")


def figures(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float | int]]:
    """Compute precision, recall and F1 level by level, micro-averaged."""
    wanted = sum(len(outcome.paper.metrics) for outcome in outcomes)
    predicted = sum(len(outcome.found) for outcome in outcomes)
    return {
        level: score.prf(sum(outcome.hits(level) for outcome in outcomes), predicted, wanted)
        for level in score.LEVELS
    }


Counts = Sequence[tuple[int, int]]
"""For every paper, how much is right and of how much."""


def f1_counts(outcomes: Sequence[Outcome], level: str) -> Counts:
    """Count for every paper what F1 divides: right records twice, and all of both sides."""
    return [(2 * o.hits(level), len(o.found) + len(o.paper.metrics)) for o in outcomes]


def interval(outcomes: Sequence[Outcome], level: str) -> tuple[float, float]:
    """Compute the 95 % bootstrap interval of F1."""
    return bootstrap(f1_counts(outcomes, level))


def bootstrap(counts: Counts, rounds: int = 2000) -> tuple[float, float]:
    """Compute the 95 % bootstrap interval of a share, drawing papers with replacement."""
    draw = random.Random(0)
    values = []
    for _ in range(rounds):
        sample = draw.choices(counts, k=len(counts))
        total = sum(size for _, size in sample)
        values.append(sum(hit for hit, _ in sample) / total if total else 0.0)
    values.sort()
    return values[rounds // 40], values[-rounds // 40 - 1]


ROW = "role"
"""The level that the confidence of a whole row covers."""


def chances(outcomes: Sequence[Outcome], level: str = "kind") -> list[tuple[float, bool]]:
    """Return the confidence of every record found, and whether it is right up to the level."""
    name = "row_confidence" if level == ROW else "confidence"
    return [
        (record[name], right)
        for outcome in outcomes
        for record, right in zip(outcome.found, outcome.right(level), strict=True)
    ]


def errors_by_field(outcomes: Sequence[Outcome]) -> Counter[str]:
    """Count the first wrong field of each wrong record; "missed" and "extra" for unpaired ones."""
    found: Counter[str] = Counter()
    for outcome in outcomes:
        for _, _, levels in outcome.pairs:
            if False in levels:
                found[score.LEVELS[levels.index(False)]] += 1
        found["missed"] += len(outcome.paper.metrics) - len(outcome.pairs)
        found["extra"] += len(outcome.found) - len(outcome.pairs)
    return found
