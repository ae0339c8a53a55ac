"""Explain why each number was kept or dropped; for people, not for speed."""

from collections.abc import Iterator
from dataclasses import dataclass

from etl.extract.abstract_links import find_links
from etl.extract.candidates import Candidate
from etl.extract.confidence import number_evidence, row_evidence, share
from etl.extract.linear_model import Scorer, shipped
from etl.extract.pipeline import KINDS, Decision, FormOpinion, decide, keep_chance, read

SHOWN = 4
"""Losers that are listed."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasons why one number was kept or dropped, and the candidates that lost."""

    headline: str
    lines: tuple[str, ...]


def explanations(
    abstract: str,
    title: str | None = None,
    scorer: Scorer | None = None,
    form_opinion: FormOpinion | None = None,
) -> Iterator[Explanation]:
    """Explain every number that was examined, in order."""
    links = [(link.start or 0, link.end or 0) for link in find_links(abstract)]
    scorer = scorer or shipped()
    reading = read(abstract, title, links, scorer)
    if reading is None:
        return
    decisions = {id(decision.spot): decision for decision in decide(reading, scorer, form_opinion)}
    numbers = sorted([*reading.spots, *reading.quiet], key=lambda spot: spot.quantity.start)
    for spot in numbers:
        shown = abstract[spot.quantity.start : spot.quantity.end]
        decision = decisions.get(id(spot))
        if decision is None:
            chance = keep_chance(spot, scorer)
            yield Explanation(
                f"{shown}: no result ({1 - chance:.0%} sure)", _reasons(spot.features)
            )
        else:
            yield Explanation(
                f"{shown}: a result ({decision.keep:.0%} sure)", _choices(decision, scorer)
            )


def _reasons(features: list[str]) -> tuple[str, ...]:
    """List the features that weighed most."""
    table = shipped().tables["keep"]
    heavy = sorted(features, key=lambda feature: -abs(table.get(feature, 0.0)))[:SHOWN]
    return ("weighed most: " + ", ".join(f"{name} {table.get(name, 0):+.1f}" for name in heavy),)


def _choices(decision: Decision, scorer: Scorer) -> tuple[str, ...]:
    sure = share(scorer.confidence, number_evidence(decision))
    row = min(sure, share(scorer.row_confidence, row_evidence(decision, sure)))
    kinds = sorted(zip(KINDS, decision.kind, strict=True), key=lambda pair: -pair[1])
    return (
        f"metric: {_ranking(decision.metric)}",
        "kind: " + ", ".join(f"{name} {chance:.0%}" for name, chance in kinds),
        f"dataset: {_ranking(decision.dataset)}",
        f"role: own {decision.own:.0%}",
        f"model: {_ranking(decision.model)}",
        *_change(decision),
        f"confidence {sure:.0%}: value, unit, metric and kind are right",
        f"row confidence {row:.0%}: dataset and role are right too",
        *_reasons(decision.spot.features),
    )


def _change(decision: Decision) -> tuple[str, ...]:
    """Tell against what a change is measured, and which way it goes."""
    if decision.higher is None:
        return ()
    return (f"against: {_ranking(decision.baseline)}", f"sign: + {decision.higher:.0%}")


def _ranking(candidates: list[Candidate]) -> str:
    first, *rest = candidates
    won = f"{first.name or 'none'} {first.probability:.0%} by rule '{first.rule}'"
    lost = [f"{c.name or 'none'} {c.probability:.0%} ('{c.rule}')" for c in rest[:SHOWN]]
    return won + (f"; lost: {', '.join(lost)}" if lost else "")
