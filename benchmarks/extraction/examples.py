"""Build training examples: the features at each decision, and the right choice."""

from dataclasses import dataclass, field
from typing import Any

from benchmarks.extraction import score
from benchmarks.extraction.corpus import Paper
from etl.extract import dataset_candidates, metric_candidates
from etl.extract.abstract_links import find_links
from etl.extract.candidates import Candidate
from etl.extract.change_sign import describe_change
from etl.extract.model_candidates import (
    OwnNames,
    propose_baselines,
    propose_models,
)
from etl.extract.number_features import Spot, describe, glance
from etl.extract.pipeline import (
    KINDS,
    Reading,
    complete,
    outcome_features,
    owner_features,
    read,
    sequel_features,
)


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
    """Read a paper's abstract with addresses cut out."""
    links = [(link.start or 0, link.end or 0) for link in find_links(paper.abstract)]
    return read(paper.abstract, paper.title, links)


def align(reading: Reading, gold: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Map the index of each spot to its annotated record, by offset, else by value."""
    found: dict[int, dict[str, Any]] = {}
    left = []
    by_start = {spot.quantity.start: index for index, spot in enumerate(reading.spots)}
    by_start |= {
        spot.quantity.minus: index
        for index, spot in enumerate(reading.spots)
        if spot.quantity.minus is not None
    }
    for record in gold:
        index = by_start.get(record["start"]) if record.get("start") is not None else None
        if index is not None and index not in found:
            found[index] = record
        else:
            left.append(record)
    for record in left:
        for index, spot in enumerate(reading.spots):
            if index not in found and score.number(spot.quantity.value) == score.number(
                abs(record["value"])
            ):
                found[index] = record
                break
    return found


@dataclass(slots=True)
class _History:
    """The decisions about earlier numbers, in order."""

    names: list[tuple[Spot, str | None]] = field(default_factory=list)
    kinds: list[tuple[Spot, str]] = field(default_factory=list)
    sets: list[tuple[Spot, str | None]] = field(default_factory=list)
    own: OwnNames = field(default_factory=OwnNames)


def build(paper: Paper) -> Examples:
    """Build all decisions of one paper, assuming right decisions about earlier numbers."""
    examples = Examples(paper)
    reading = read_paper(paper)
    if reading is None:
        return examples
    labels = align(reading, paper.metrics)
    if labels:
        complete(reading, [reading.spots[index] for index in labels])
    history = _History(own=reading.names)
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
            _add_choices(examples, reading, spot, record, history)
    return examples


def _add_choices(
    examples: Examples, reading: Reading, spot: Spot, record: dict[str, Any], history: _History
) -> None:
    """Add the choices of one number, and the history for the next."""
    at = spot.scene.sentence.index
    earlier, later = reading.scenes[:at], reading.scenes[at + 1 :]
    candidates = metric_candidates.propose(spot, earlier, later, history.names)
    right = [score.same_metric(record, {"metric": c.name}) for c in candidates]
    examples.add("metric", [c.features for c in candidates], right)
    name = _chosen(candidates, right, record["metric"])
    features = spot.features + outcome_features(spot, name) + sequel_features(history.kinds, spot)
    kinds = [[f"{kind}|{feature}" for feature in features] for kind in KINDS]
    examples.add("kind", kinds, [kind == record["kind"] for kind in KINDS])
    own = record["role"] == "own"
    owner = owner_features(reading, spot, history.own, record["kind"])
    examples.add("role", [features + owner, []], [own, not own])
    found = dataset_candidates.propose(
        spot, earlier, reading.topic, name, record["kind"], history.sets
    )
    wanted = score.fold_dataset(record["dataset"])
    right = [score.fold_dataset(c.name) == wanted for c in found]
    examples.add("dataset", [c.features for c in found], right)
    history.names.append((spot, name))
    history.kinds.append((spot, record["kind"]))
    history.sets.append((spot, _chosen(found, right, record["dataset"])))
    if "sign" in record:
        _add_models(examples, reading, spot, record, name, history.own)


def _add_models(
    examples: Examples,
    reading: Reading,
    spot: Spot,
    record: dict[str, Any],
    metric: str | None,
    names: OwnNames,
) -> None:
    """Enter whose the number is and, of a change, against what and which way."""
    earlier, kind = reading.scenes[: spot.scene.sentence.index], record["kind"]
    models = propose_models(spot, earlier, reading.topic, names, kind, own=record["role"] == "own")
    right = [score.same_name(record["model"], c.name) for c in models]
    examples.add("model", [c.features for c in models], right)
    model = _chosen(models, right, record["model"])
    names.before.append((spot, model))
    if kind == "absolute":
        return
    baselines = propose_baselines(spot, names, kind, model)
    right = [score.same_name(record["baseline"], c.name) for c in baselines]
    examples.add("baseline", [c.features for c in baselines], right)
    names.compared.append((spot, _chosen(baselines, right, record["baseline"])))
    if record["sign"]:
        features = describe_change(spot, kind, metric)
        examples.add("sign", [features, []], [record["sign"] == "+", record["sign"] == "-"])


def _chosen(candidates: list[Candidate], right: list[bool], named: str | None) -> str | None:
    """Return the right candidate's name, or the annotation's if no candidate has it."""
    return next((c.name for c, ok in zip(candidates, right, strict=True) if ok), named)
