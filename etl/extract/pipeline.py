"""Run the extraction: rules propose candidates, learned weights decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal, Protocol, TypeAlias

from catalog.domain.records import Kind, Sign
from etl.extract import dataset_candidates, metric_candidates
from etl.extract.abstract_topic import Topic, find_topic
from etl.extract.annotated_sentence import Scene, classes
from etl.extract.candidates import Candidate, relate
from etl.extract.change_sign import describe_change
from etl.extract.comparisons import settle_baseline
from etl.extract.dataset_mentions import find_datasets
from etl.extract.linear_model import (
    Scorer,
    Weights,
    chance_of,
    score,
    score_outcome,
    softmax,
)
from etl.extract.metric_mentions import find_metrics
from etl.extract.model_candidates import (
    OwnNames,
    find_own_names,
    propose_baselines,
    propose_models,
)
from etl.extract.model_variants import full_name
from etl.extract.non_results import is_excluded
from etl.extract.number_features import Spot, describe, glance
from etl.extract.number_lists import find_groups
from etl.extract.numbers import find_quantities, has_digit
from etl.extract.plain_text import blank, clean, has_any
from etl.extract.quantity import Quantity
from etl.extract.role_features import describe_owner
from etl.extract.sentences import PARAGRAPH_END, paragraphs, spans
from etl.extract.settled import (
    SURE,
    settle_kind,
    settle_metric,
    settle_owner,
    settle_sign,
)
from etl.extract.settled_metrics import settle_name
from etl.extract.settled_models import instead_of_baseline, settle_models, without_dataset
from etl.extract.sure_results import is_sure_result
from etl.extract.tokens import Sentence, tokenise

KINDS: tuple[Kind, Kind, Kind] = ("absolute", "delta", "ratio")
KEEP_AT = 0.5
"""A number counts as a result from this probability on."""


BACK = 2
"""So many sentences before a result are read for names."""
AHEAD = 2
"""So many behind the last result."""
ABOUT = ("enchmark", "ataset", "estbed", "corpus")
"""Sentences with one of these are read too: they may introduce what is measured on."""
LEAST_SURE = 0.8
"""How probable a number at least is that grammar makes a result."""
GLANCE_AT = -3.0
"""Below this score at a glance a number is looked at no further."""


@dataclass(slots=True)
class Reading:
    """An abstract as sentences with names and numbers, before any decision."""

    text: str
    title: str | None
    scenes: list[Scene] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    quiet: list[Spot] = field(default_factory=list)
    """Numbers of sentences that have no result at a glance."""
    topic: Topic = field(default_factory=Topic)
    names: OwnNames = field(default_factory=OwnNames)
    """What the paper calls its own; filled when names are looked for, like the topic."""


Revise: TypeAlias = Callable[[list[Candidate], list[float]], list[float]]
"""From candidates and their scores by the weights to the scores by which they are ranked."""


class Opinion(Protocol):
    """An opinion on the numbers of one abstract that is heard beside the learned weights."""

    def on(
        self,
        choice: Literal["metric", "dataset"],
        spot: Spot,
        history: list[tuple[Spot, str | None]],
        kind: str,
    ) -> Revise:
        """Return what revises the scores of a number's candidates.

        `history` holds the names chosen for the numbers before; of a metric the kind is not known
        yet, and empty.
        """
        ...

    def revise_role(self, spot: Spot, scores: list[float]) -> list[float]:
        """Revise the scores of a number's being the paper's own, and of its not being so."""
        ...


FormOpinion: TypeAlias = Callable[[Reading, list[Spot]], Opinion]
"""From an abstract in which names were found, and its results, to an opinion on these."""


class Decision:
    """The decision about one number, with the candidates that lost."""

    def __init__(self, spot: Spot, keep: float, previous: "Decision | None" = None) -> None:
        self.spot = spot
        self.keep = keep
        self.previous = previous
        """The decision about the number before."""
        self.metric: list[Candidate] = []
        self.kind: list[float] = []
        self.dataset: list[Candidate] = []
        self.own = 1.0
        self.model: list[Candidate] = []
        self.baseline: list[Candidate] = []
        """Empty for absolute values, as is `higher`."""
        self.higher: float | None = None
        """The probability that the metric is higher for the paper's subject."""

    @property
    def named_kind(self) -> Kind:
        """The likeliest kind."""
        return KINDS[self.kind.index(max(self.kind))]

    @property
    def sign(self) -> Sign | None:
        """The likelier sign of a change."""
        return None if self.higher is None else "+" if self.higher >= 0.5 else "-"


def read(
    abstract: str,
    title: str | None,
    links: list[tuple[int, int]],
    scorer: Scorer | None = None,
) -> Reading | None:
    """Tokenise a text and find names and numbers; None if no number needs a decision.

    Sentences without a number are left alone until `complete` needs them. So are those whose
    numbers show at a glance that they are no results, as a scorer sees it.
    """
    if not has_digit(abstract):
        return None
    text = clean(blank(abstract, links) if links else abstract)
    reading = Reading(text, title)
    is_parted = PARAGRAPH_END.search(abstract) is not None
    for index, (start, end) in enumerate(spans(text)):
        scene = Scene(Sentence(start, end, index))
        reading.scenes.append(scene)
        if not has_digit(text[start:end]):
            continue
        quantities: list[Quantity] = []  # no number goes on in another paragraph
        for first, last in paragraphs(abstract, start, end) if is_parted else [(start, end)]:
            quantities += find_quantities(text, first, last)
        if quantities:
            _tokenise(scene, text, quantities)
            _add_spots(reading, scene, scorer)
    return reading if reading.spots or reading.quiet else None


def complete(reading: Reading, results: list[Spot]) -> None:
    """Find the names in sentences without results that may tell what these results are of."""
    dataset_candidates = {spot.scene.sentence.index for spot in results}
    near = {token - back for token in dataset_candidates for back in range(1, BACK + 1)}
    last = max(dataset_candidates)
    for index, scene in enumerate(reading.scenes):
        sentence = scene.sentence
        if not scene.named and (
            index in near
            or last < index <= last + AHEAD
            or has_any(reading.text[sentence.start : sentence.end], ABOUT)
        ):
            if not scene.classes:  # it has no quantities, or it would be tokenised by now
                _tokenise(scene, reading.text, ())
            _name(scene)
    reading.topic = find_topic(reading.title, reading.scenes, reading.text)
    names = reading.names = find_own_names(reading.title, reading.text)
    reading.topic.methods = frozenset((names.title, names.called)) - {reading.topic.own}


def _tokenise(scene: Scene, text: str, quantities: Sequence[Quantity]) -> None:
    tokenise(scene.sentence, text, quantities)
    scene.classes = classes(scene.sentence)


def _name(scene: Scene) -> None:
    scene.metrics = find_metrics(scene.sentence)
    scene.datasets = find_datasets(scene.sentence)
    scene.named = True


def _add_spots(reading: Reading, scene: Scene, scorer: Scorer | None) -> None:
    """Add the numbers of a sentence that may be results and are no part of a name."""
    sentence = scene.sentence
    possible = [token for token in sentence.quantities if not is_excluded(sentence, token)]
    spots = _grouped(scene, possible)
    if scorer is not None and _quiet(spots, scorer.tables["glance"]):
        reading.quiet += spots
        return
    _name(scene)
    named = {
        token
        for mention in (*scene.metrics, *scene.datasets)
        for token in range(mention.first, mention.last)
    }
    usable = [token for token in possible if token not in named]
    reading.spots += spots if len(usable) == len(spots) else _grouped(scene, usable)


def _quiet(spots: list[Spot], table: Weights) -> bool:
    """Return true if none of these numbers may be a result, by the cheap features."""
    return all(_glanced(spot, table) < GLANCE_AT and not is_sure_result(spot) for spot in spots)


def _glanced(spot: Spot, table: Weights) -> float:
    """Return the number's score by the cheap features, computed once."""
    if spot.glanced is None:
        spot.glanced = score(table, glance(spot))
    return spot.glanced


def _grouped(scene: Scene, usable: list[int]) -> list[Spot]:
    """Return these numbers in their lists."""
    quantities = scene.sentence.quantities
    scene.groups = find_groups(scene.sentence, usable)
    return [
        Spot(scene, token, quantities[token], group, order)
        for group in scene.groups
        for order, token in enumerate(group.members)
    ]


def decide(
    reading: Reading, scorer: Scorer, form_opinion: FormOpinion | None = None
) -> list[Decision]:
    """Decide on every number of the abstract, in order."""
    tables = scorer.tables
    kept: list[Decision] = []
    names: list[tuple[Spot, str | None]] = []
    kinds: list[tuple[Spot, str]] = []
    sets: list[tuple[Spot, str | None]] = []
    chances = [(spot, keep_chance(spot, scorer)) for spot in reading.spots]
    chosen = [(spot, keep) for spot, keep in chances if keep >= KEEP_AT]
    if chosen:
        complete(reading, [spot for spot, _ in chosen])
    opinion = None
    if form_opinion and chosen:
        opinion = form_opinion(reading, [spot for spot, _ in chosen])
    own_names = reading.names
    for spot, keep in chosen:
        decision = Decision(spot, keep, previous=kept[-1] if kept else None)
        earlier = reading.scenes[: spot.scene.sentence.index]
        later = reading.scenes[spot.scene.sentence.index + 1 :]
        decision.metric = rank(
            metric_candidates.propose(spot, earlier, later, names),
            tables["metric"],
            opinion.on("metric", spot, names, "") if opinion else None,
        )
        name = decision.metric[0].name
        extra = outcome_features(spot, name) + sequel_features(kinds, spot)
        scores, role = score_outcome(scorer.outcomes, spot.features + extra)
        decision.kind = _settled(softmax(scores), settle_kind(spot))
        kind = decision.named_kind
        role += score(tables["role"], owner_features(reading, spot, own_names, kind))
        if opinion:
            decision.own = softmax(opinion.revise_role(spot, [role, 0.0]))[0]
        else:
            decision.own = chance_of(role)
        is_own = settle_owner(spot, reading.text, own_names, kind)
        if is_own is not None:
            decision.own = max(decision.own, SURE) if is_own else min(decision.own, 1 - SURE)
        decision.dataset = rank(
            dataset_candidates.propose(spot, earlier, reading.topic, name, kind, sets),
            tables["dataset"],
            opinion.on("dataset", spot, sets, kind) if opinion else None,
        )
        names.append((spot, name))
        kinds.append((spot, kind))
        sets.append((spot, decision.dataset[0].name))
        settle_name(decision.metric, spot, kind)
        _name_models(decision, kind, reading, earlier, tables)
        settle_metric(decision.metric, spot)
        kept.append(decision)
    return kept


def _settled(chances: list[float], kind: Kind | None) -> list[float]:
    """Return the chances of the kinds, where a rule has settled on one that is less sure."""
    if kind is None or chances[KINDS.index(kind)] >= SURE:
        return chances
    return [SURE if name == kind else (1 - SURE) / 2 for name in KINDS]


def _name_models(
    decision: Decision,
    kind: Kind,
    reading: Reading,
    earlier: list[Scene],
    tables: dict[str, Weights],
) -> None:
    """Decide whose the number is, and of a change, against what and which way."""
    spot, names = decision.spot, reading.names
    own, metric = decision.own >= 0.5, decision.metric[0].name
    models = propose_models(spot, earlier, reading.topic, names, kind, own=own)
    models = rank(models, tables["model"])
    decision.model = settle_models(models, spot, metric, earlier, names, own=own)
    if kind == "absolute":
        decision.model = without_dataset(decision.model, decision.dataset[0])
    else:
        found = propose_baselines(spot, names, kind, decision.model[0].name)
        decision.baseline = rank(found, tables["baseline"])
        settle_baseline(decision.baseline, spot, names, reading.text)
        names.compared.append((spot, decision.baseline[0].name))
        decision.model = instead_of_baseline(
            decision.model, decision.baseline[0], names, reading.topic
        )
    model = decision.model[0].name
    decision.model[0].name = full_name(model, spot, names, reading.text, earlier)
    names.before.append((spot, model))
    if kind == "absolute":
        return
    decision.higher = chance_of(score(tables["sign"], describe_change(spot, kind, metric)))
    if (is_higher := settle_sign(spot, metric)) is not None:
        decision.higher = max(decision.higher, SURE) if is_higher else 1 - SURE


def keep_chance(spot: Spot, scorer: Scorer) -> float:
    """Estimate the probability that a number is a result, by the cheap features first."""
    if _glanced(spot, scorer.tables["glance"]) < GLANCE_AT and not is_sure_result(spot):
        return 0.0
    describe(spot)
    chance = chance_of(score(scorer.tables["keep"], spot.features))
    return LEAST_SURE if chance < LEAST_SURE and is_sure_result(spot) else chance


def outcome_features(spot: Spot, name: str | None) -> list[str]:
    """Return the features that the metric adds to the decision on kind and role."""
    return [f"metric={name}", f"metric,u={name} {spot.unit}", f"metric,cue={name} {spot.cue}"]


def owner_features(reading: Reading, spot: Spot, names: OwnNames, kind: str) -> list[str]:
    """Return the features that names and words around a number add to the decision on its role."""
    return describe_owner(spot, names, kind, own_benchmark=reading.topic.own is not None)


def sequel_features(before: list[tuple[Spot, str]], spot: Spot) -> list[str]:
    """Return the features that the previous number adds to that decision."""
    if not before:
        return ["first"]
    other, kind = before[-1]
    relation = relate(other, spot)
    same = "same" if other.unit == spot.unit else "other"
    cue = "cue" if other.cue == spot.cue else "new"
    return [
        f"after={relation} {same} {kind}",
        f"after,cue={relation} {same} {kind} {cue}",
        f"after,chg={relation} {kind} {spot.change}",
        f"after,cues={kind} {other.cue} {spot.cue} {same}",
    ]


def rank(
    candidates: list[Candidate], table: dict[str, float], revise: Revise | None = None
) -> list[Candidate]:
    """Rank the candidates, one for each name, the likeliest first; equal names add up."""
    if len(candidates) == 1:
        candidates[0].probability = 1.0
        return candidates
    scores = [score(table, candidate.features) for candidate in candidates]
    chances = softmax(scores if revise is None else revise(candidates, scores))
    best: dict[str | None, Candidate] = {}
    for candidate, chance in zip(candidates, chances, strict=True):
        known = best.get(candidate.name)
        if known is None:
            candidate.probability = chance
            best[candidate.name] = candidate
            continue
        if chance > known.probability:
            known.rule, known.text = candidate.rule, candidate.text or known.text
        known.probability += chance
    return sorted(best.values(), key=PROBABILITY, reverse=True)


PROBABILITY = attrgetter("probability")
