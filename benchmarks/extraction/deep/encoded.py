"""Build what the encoder learns from: pieces, places, features and log-linear scores."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.extraction import score as scoring
from benchmarks.extraction.corpus import Paper, is_careful
from benchmarks.extraction.deep.parts import part_of
from benchmarks.extraction.examples import _chosen, align, read_paper
from etl.extract import dataset_candidates, metric_candidates
from etl.extract.candidates import Candidate
from etl.extract.deep.document import Document, Place, Tokenizer, find_places, make_document
from etl.extract.deep.opinion import logarithms, name_pieces
from etl.extract.deep.pair_features import describe_pairs
from etl.extract.linear_model import Scorer, score, score_outcome
from etl.extract.number_features import Spot, describe
from etl.extract.pipeline import (
    KINDS,
    Reading,
    complete,
    outcome_features,
    owner_features,
    sequel_features,
)

History = list[tuple[Spot, str | None]]


@dataclass(slots=True)
class Pairs:
    """One choice among candidates, as the scorer reads it."""

    task: str
    number: Place
    places: list[Place | None]
    features: list[list[str]]
    names: list[list[int]]
    """Word pieces of each candidate's name."""
    linear: list[float]
    """Logarithms of the log-linear probabilities."""
    right: list[bool]
    merged: list[str | None] = field(default_factory=list)
    """Names; candidates of the same name add up."""


@dataclass(slots=True)
class Encoded:
    """One paper as the encoder reads it, with all its choices."""

    id: str
    part: int
    weight: float
    pieces: list[int]
    marks: list[tuple[int, int]]
    choices: list[Pairs]


def encode(
    paper: Paper, scorer: Scorer, tokenizer: Tokenizer, careful: float = 3.0
) -> Encoded | None:
    """Encode a paper, assuming right decisions about earlier numbers; None without a choice."""
    reading = read_paper(paper)
    labels = align(reading, paper.metrics) if reading else {}
    if reading is None or not labels:
        return None
    spots = [reading.spots[index] for index in sorted(labels)]
    complete(reading, spots)
    for spot in reading.spots:
        describe(spot)
    document = make_document(reading, spots, tokenizer)
    maker = _Maker(reading, document, scorer, tokenizer)
    for index in sorted(labels):
        maker.add(reading.spots[index], labels[index])
    weight = careful if is_careful(paper) else 1.0
    made = Encoded(paper.id, part_of(paper), weight, document.pieces, document.marks, maker.made)
    return made if made.choices else None


class _Maker:
    """Makes the choices of one paper, number by number."""

    def __init__(
        self, reading: Reading, document: Document, scorer: Scorer, tokenizer: Tokenizer
    ) -> None:
        self.reading, self.document, self.scorer = reading, document, scorer
        self.tokenizer = tokenizer
        self.made: list[Pairs] = []
        self.names: History = []
        self.sets: History = []
        self.kinds: list[tuple[Spot, str]] = []

    def add(self, spot: Spot, record: dict[str, Any]) -> None:
        """Add the choices about one number."""
        at, reading = spot.scene.sentence.index, self.reading
        earlier, later = reading.scenes[:at], reading.scenes[at + 1 :]
        found = metric_candidates.propose(spot, earlier, later, self.names)
        right = [scoring.same_metric(record, {"metric": c.name}) for c in found]
        self._choose("metric", spot, found, right, self.names, "")
        name = _chosen(found, right, record["metric"])
        self._outcome(spot, record, name)
        sets = dataset_candidates.propose(
            spot, earlier, reading.topic, name, record["kind"], self.sets
        )
        wanted = scoring.fold_dataset(record["dataset"])
        good = [scoring.fold_dataset(c.name) == wanted for c in sets]
        self._choose("dataset", spot, sets, good, self.sets, record["kind"])
        self.names.append((spot, name))
        self.kinds.append((spot, record["kind"]))
        self.sets.append((spot, _chosen(sets, good, record["dataset"])))

    def _choose(
        self,
        task: str,
        spot: Spot,
        candidates: list[Candidate],
        right: list[bool],
        history: History,
        about: str,
    ) -> None:
        number = self.document.place(spot.quantity.start, spot.quantity.end)
        if number is None or len(candidates) < 2 or not any(right) or all(right):
            return
        before = history[-1][0] if history else None
        stretches = find_places(spot, candidates, self.reading.text, before)
        places = [None if one is None else self.document.place(*one) for one in stretches]
        features = describe_pairs(spot, candidates, places, number, history, about)
        table = self.scorer.tables[task]
        linear = logarithms([score(table, candidate.features) for candidate in candidates])
        names = name_pieces([candidate.name for candidate in candidates], self.tokenizer)
        merged = [c.name for c in candidates]
        self.made.append(Pairs(task, number, places, features, names, linear, right, merged))

    def _outcome(self, spot: Spot, record: dict[str, Any], name: str | None) -> None:
        """Add the choice of kind and of role, each with its log-linear scores."""
        number = self.document.place(spot.quantity.start, spot.quantity.end)
        if number is None:
            return
        extra = outcome_features(spot, name) + sequel_features(self.kinds, spot)
        kinds, role = score_outcome(self.scorer.outcomes, spot.features + extra)
        owner = owner_features(self.reading, spot, self.reading.names, record["kind"])
        role += score(self.scorer.tables["role"], owner)
        for task, scores, right in (
            ("kind", kinds, [kind == record["kind"] for kind in KINDS]),
            ("role", [role, 0.0], [record["role"] == "own", record["role"] != "own"]),
        ):
            self.made.append(Pairs(task, number, [], [], [], logarithms(scores), right))


LEAST = 5
"""A feature counts only if it was seen that often."""


def vocabulary(documents: Iterable[Encoded]) -> dict[str, int]:
    """Number the features that are frequent enough."""
    counts = Counter(
        f"{pairs.task} {feature}"
        for document in documents
        for pairs in document.choices
        for features in pairs.features
        for feature in features
    )
    kept = sorted(name for name, count in counts.items() if count >= LEAST)
    return {name: index for index, name in enumerate(kept)}


def numbered(pairs: Pairs, known: dict[str, int]) -> list[list[int]]:
    """Return the numbers of the features of every candidate."""
    return [
        [known[key] for name in features if (key := f"{pairs.task} {name}") in known]
        for features in pairs.features
    ]


def length(documents: Sequence[Encoded]) -> int:
    """Count the word pieces of documents."""
    return sum(len(document.pieces) for document in documents)
