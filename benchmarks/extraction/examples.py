"""Training examples: what the pipeline sees at each decision, and which choice is right."""

from dataclasses import dataclass, field
from typing import Any

from benchmarks.extraction import score
from benchmarks.extraction.corpus import Paper
from etl.extract import metrics, places
from etl.extract.links import find_links
from etl.extract.pipeline import KINDS, Reading, outcome_features, read


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


def build(paper: Paper) -> Examples:
    """All decisions of one paper; those before a number count as made rightly."""
    examples = Examples(paper)
    reading = read_paper(paper)
    if reading is None:
        return examples
    labels = align(reading, paper.metrics)
    names: list[str | None] = []
    sets: list[str | None] = []
    seen: set[float] = set()
    for index, spot in enumerate(reading.spots):
        record = labels.get(index)
        # The key counts a number that is stated twice once: its second place teaches nothing.
        if record is not None or spot.quantity.value not in seen:
            examples.add("keep", [[], spot.features], [record is None, record is not None])
        if record is None:
            continue
        seen.add(spot.quantity.value)
        at = spot.scene.sentence.index
        earlier, later = reading.scenes[:at], reading.scenes[at + 1 :]
        candidates = metrics.propose(spot, earlier, later, names)
        right = [score.same_metric(record, {"metric": c.name}) for c in candidates]
        examples.add("metric", [c.features for c in candidates], right)
        name = next(
            (c.name for c, ok in zip(candidates, right, strict=True) if ok), record["metric"]
        )
        extra = outcome_features(spot, name)
        examples.add(
            "kind",
            [[f"{kind}|{f}" for f in spot.features + extra] for kind in KINDS],
            [kind == record["kind"] for kind in KINDS],
        )
        places_found = places.propose(spot, earlier, reading.topic, name, sets)
        wanted = score.fold_dataset(record["dataset"])
        right = [score.fold_dataset(c.name) == wanted for c in places_found]
        examples.add("dataset", [c.features for c in places_found], right)
        own = record["role"] == "own"
        examples.add("role", [spot.features + extra, []], [own, not own])
        names.append(name)
        sets.append(
            next(
                (c.name for c, ok in zip(places_found, right, strict=True) if ok), record["dataset"]
            )
        )
    return examples
