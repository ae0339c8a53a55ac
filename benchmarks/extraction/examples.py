"""Training examples: what the pipeline sees at each decision, and which choice is right."""

from dataclasses import dataclass, field
from typing import Any

from benchmarks.extraction import score
from benchmarks.extraction.corpus import Paper
from etl.extract import metrics, places
from etl.extract.context import Spot, describe, glance
from etl.extract.links import find_links
from etl.extract.metrics import Candidate
from etl.extract.model import score as score_table
from etl.extract.pipeline import (
    KINDS,
    Reading,
    complete,
    kind_chances,
    outcome_features,
    rank,
    read,
    sequel_features,
)

Table = dict[str, float]
Tables = dict[str, Table]


@dataclass(slots=True)
class Choice:
    """One decision: the features of every candidate, and which ones are right."""

    candidates: list[list[str]]
    right: list[bool]


@dataclass(slots=True)
class Examples:
    """The decisions of one paper, by the name of the decision."""

    paper: Paper
    choices: dict[str, list[Choice]] = field(default_factory=dict)

    def add(self, name: str, candidates: list[list[str]], right: list[bool]) -> None:
        """Enter a decision, unless no candidate or every candidate is right."""
        if any(right) and not all(right):
            self.choices.setdefault(name, []).append(Choice(candidates, right))


def read_paper(paper: Paper) -> Reading | None:
    """The reading of a paper's abstract, addresses cut out."""
    links = [(link.start or 0, link.end or 0) for link in find_links(paper.abstract)]
    return read(paper.abstract, paper.title, links)


def align(reading: Reading, gold: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Index of a spot -> the annotated record that it is; by place, else by value."""
    found: dict[int, dict[str, Any]] = {}
    left = []
    by_start = {spot.quantity.start: index for index, spot in enumerate(reading.spots)}
    for record in gold:
        index = by_start.get(record["start"]) if record.get("start") is not None else None
        if index is not None and index not in found:
            found[index] = record
        else:
            left.append(record)
    for record in left:
        for index, spot in enumerate(reading.spots):
            if index not in found and score.number(spot.quantity.value) == score.number(
                record["value"]
            ):
                found[index] = record
                break
    return found


@dataclass(slots=True)
class _History:
    """What was decided about the numbers before, in order."""

    names: list[tuple[Spot, str | None]] = field(default_factory=list)
    kinds: list[tuple[Spot, str]] = field(default_factory=list)
    sets: list[tuple[Spot, str | None]] = field(default_factory=list)


def build(paper: Paper, tables: Tables | None = None) -> Examples:
    """All decisions of one paper.

    What was decided about the numbers before is taken from the annotation or, if `tables` are
    given, from what these weights decide: training then sees the mistakes of later use.
    """
    examples = Examples(paper)
    reading = read_paper(paper)
    if reading is None:
        return examples
    complete(reading)
    labels = align(reading, paper.metrics)
    history = _History()
    seen: set[float] = set()
    for index, spot in enumerate(reading.spots):
        record = labels.get(index)
        describe(spot)
        # The key counts a number that is stated twice once: its second place teaches nothing.
        if record is not None or spot.quantity.value not in seen:
            examples.add("glance", [[], glance(spot)], [record is None, record is not None])
            examples.add("keep", [[], spot.features], [record is None, record is not None])
        if record is not None:
            seen.add(spot.quantity.value)
        elif tables is None or score_table(tables["keep"], spot.features) < 0:
            continue
        _add_choices(examples, reading, spot, record, history, tables)
    return examples


def _add_choices(
    examples: Examples,
    reading: Reading,
    spot: Spot,
    record: dict[str, Any] | None,
    history: _History,
    tables: Tables | None,
) -> None:
    """The choices of one number, and the history for the next."""
    at = spot.scene.sentence.index
    earlier, later = reading.scenes[:at], reading.scenes[at + 1 :]
    candidates = metrics.propose(spot, earlier, later, history.names)
    right = [record is not None and score.same_metric(record, {"metric": c.name}) for c in candidates]
    examples.add("metric", [c.features for c in candidates], right)
    name = _chosen(candidates, right, record and record["metric"], tables and tables["metric"])
    extra = outcome_features(spot, name) + sequel_features(history.kinds, spot)
    features = spot.features + extra
    if record is not None:
        examples.add(
            "kind",
            [[f"{kind}|{feature}" for feature in features] for kind in KINDS],
            [kind == record["kind"] for kind in KINDS],
        )
        own = record["role"] == "own"
        examples.add("role", [features, []], [own, not own])
    places_found = places.propose(spot, earlier, reading.topic, name, history.sets)
    wanted = score.fold_dataset(record["dataset"]) if record else None
    right = [record is not None and score.fold_dataset(c.name) == wanted for c in places_found]
    examples.add("dataset", [c.features for c in places_found], right)
    place = _chosen(places_found, right, record and record["dataset"], tables and tables["dataset"])
    history.names.append((spot, name))
    history.sets.append((spot, place))
    if tables is not None:
        chances = kind_chances(features, tables)
        history.kinds.append((spot, KINDS[max(range(3), key=chances.__getitem__)]))
    elif record is not None:
        history.kinds.append((spot, record["kind"]))


def _chosen(
    candidates: list[Candidate], right: list[bool], named: str | None, table: Table | None
) -> str | None:
    """The name that goes into the history: by these weights, else the right one."""
    if table is not None:
        return rank(candidates, table)[0].name
    return next((c.name for c, ok in zip(candidates, right, strict=True) if ok), named)
