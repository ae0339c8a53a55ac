"""Settle which model has a value where names, title or grammar leave no choice to the weights."""

from etl.extract import lexicon
from etl.extract.abstract_topic import Topic
from etl.extract.annotated_sentence import Scene
from etl.extract.candidates import Candidate
from etl.extract.dataset_mentions import PREPOSITIONS, looks_like_model
from etl.extract.model_candidates import OwnNames, model_names
from etl.extract.number_features import Spot
from etl.extract.numbers import has_digit
from etl.extract.settled import SURE, settle_model
from etl.extract.tokens import has_capital


def settle_models(
    models: list[Candidate],
    spot: Spot,
    metric: str | None,
    earlier: list[Scene],
    names: OwnNames,
    *,
    own: bool,
) -> list[Candidate]:
    """Rank anew where names, rows and grammar around a number leave no choice."""
    if own:
        models = without_others(models, [*earlier, spot.scene], names)
        if len(models) > 1 and models[1].name is not None and _is_compared(models[0].name, spot):
            models = models[1:]
    settle_model(models, spot)
    settle_told(models, spot, metric, own=own)
    return models


def _is_compared(name: str | None, spot: Spot) -> bool:
    """Return true for the Y of "X is comparable to Y", wherever it stands in the sentence."""
    lower = spot.scene.sentence.lower
    places = [mention.first for mention in model_names(spot.scene) if mention.text == name]
    return bool(places) and all(lower[max(0, at - 2) : at] in COMPARISONS for at in places)


COMPARISONS = [
    [word, link]
    for word in ("comparable", "similar", "equal", "competitive", "par")
    for link in ("to", "with")
]


def without_dataset(models: list[Candidate], dataset: Candidate) -> list[Candidate]:
    """Leave out the model that is the dataset itself, where it is known to be one."""
    if dataset.name is None or models[0].name != dataset.name:
        return models
    is_sure = "bench" in dataset.name.lower() or lexicon.dataset(dataset.name) is not None
    return models[1:] if is_sure else models


def without_others(models: list[Candidate], scenes: list[Scene], own: OwnNames) -> list[Candidate]:
    """Leave out names that are called datasets and words that name no model, while they lead."""
    first = 0
    while first < len(models) - 1 and _is_no_model(models[first].name, scenes, own):
        first += 1
    return models[first:]


def _is_no_model(name: str | None, scenes: list[Scene], own: OwnNames) -> bool:
    """Return true for "3D", and for A where "the A dataset" stands."""
    if name in NO_MODELS:
        return True
    if name is None or name in (own.title, own.called) or looks_like_model(name):
        return False
    return any(
        mention.text == name and scene.sentence.lower[mention.last : mention.last + 1] in DATA
        for scene in scenes
        for mention in scene.datasets
    )


NO_MODELS = frozenset(("2D", "3D", "COVID-19"))
DATA = (["dataset"], ["datasets"], ["database"], ["databases"], ["corpus"])
COMPARED = frozenset(
    ("OUT X", "than X", "over X", "against X", "versus X", "vs X", "vs. X", "compared with it",
     "surpassing X", "outperforming X", "exceeding X", "beating X")
)  # fmt: skip
"""Rules of baselines that follow a word of comparing."""


def instead_of_baseline(
    models: list[Candidate], baseline: Candidate, own: OwnNames, topic: Topic
) -> list[Candidate]:
    """Leave out the model that is what a change is compared with, if another one is named."""
    name = models[0].name
    if name is None or baseline.name != name or baseline.rule not in COMPARED:
        return models
    rest = [model for model in models if model.name != name]
    if rest[0].name in (None, topic.own) or any(
        name in known for known in (own.called, own.title) if known
    ):
        return models
    return rest


NOUNS = frozenset(
    ("model", "models", "method", "approach", "system", "framework", "agent", "variant", "network",
     "architecture", "algorithm", "pipeline", "version", "configuration", "baseline")
)  # fmt: skip
GOVERNING = frozenset(("ACH", "OUT", "IMP", "RED", "ACC", "KEEP", "BE", "LAG"))


def settle_told(models: list[Candidate], spot: Spot, metric: str | None, *, own: bool) -> None:
    """Put the model first that the words around a number name for certain."""
    if metric == "parameters" and spot.quantity.unit is None:
        name = _sized_before(spot) or _sized_behind(spot)
    else:
        name = _subject(spot) if own else None
    if name is not None:
        models.insert(0, Candidate(name, "words around it", name, probability=SURE))


def _subject(spot: Spot) -> str | None:
    """Return X for the numbers of "the best model, X, achieves"."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    if spot.group.is_change and spot.member < spot.group.turn:
        return None
    for at in range(spot.group.first - 1, 3, -1):
        if lower[at] in CLAUSES or kinds[at] == "CMP":
            return None
        if lower[at] == "," and kinds[at + 1] in GOVERNING:
            return _apposition(spot.scene, at)
    return None


CLAUSES = frozenset(
    (";", "while", "whereas", "but", "which", "that", "outperforming", "surpassing")
)


def _apposition(scene: Scene, end: int) -> str | None:
    """Return X for the comma behind it in "our model, called X," and "the best model, X,"."""
    texts, lower = scene.sentence.texts, scene.sentence.lower
    begin = end - 1
    while begin > 1 and end - begin <= LONGEST_NAME and lower[begin] != ",":
        begin -= 1
    if lower[begin] != "," or lower[begin - 1] not in NOUNS:
        return None
    first = begin + 1
    while first < end and lower[first] in ANNOUNCING:
        first += 1
    words, kinds = texts[first:end], scene.classes[first:end]
    is_name = any(has_capital(word) or has_digit(word) for word in words) and words[0][0].isalnum()
    return " ".join(words) if is_name and set(kinds) <= {"w", "#"} else None


LONGEST_NAME = 5
ANNOUNCING = frozenset(
    ("named", "called", "dubbed", "termed", "namely", "coined", "as", "such", "notably", "the",
     "i.e", "denoted")
)  # fmt: skip
"""Words before a name that stands in apposition."""


def _sized_before(spot: Spot) -> str | None:
    """Return X for the number of "X, a 7B-parameter model" and "X with 7B parameters"."""
    lower, begin = spot.scene.sentence.lower, spot.at - 1
    while begin >= 0 and spot.at - begin < NEAR and lower[begin] in LINKS:
        begin -= 1
    if begin >= spot.at - 1:
        return None
    for name in model_names(spot.scene):
        if name.last == begin + 1:
            is_apart = lower[name.last] in (",", "(")
            is_free = is_apart or lower[max(0, name.first - 1)] not in PREPOSITIONS
            return name.text if is_free else None
    return None


def _sized_behind(spot: Spot) -> str | None:
    """Return X for the number of "a 7B-parameter model, X"."""
    lower, end = spot.scene.sentence.lower, spot.at + 1
    while end < len(lower) and end - spot.at < NEAR and lower[end] not in ENDS:
        end += 1
    if lower[end : end + 1] not in ([","], ["("]) or lower[end - 1] not in SIZED:
        return None
    for name in model_names(spot.scene):
        if name.first == end + 1 and lower[name.last : name.last + 1] in ([","], [")"], ["."], []):
            return None if name.text.isupper() and name.text.isalpha() else name.text
    return None


NEAR = 8
ENDS = frozenset((",", "(", ".", ";", "and", "with"))
SIZED = NOUNS | {"clm", "lm", "llm", "transformer", "vlm", "mllm"}
LINKS = frozenset(
    (",", "(", "a", "an", "the", "with", "only", "just", "our", "new", "is", "has", "about",
     "around", "of", "approximately", "~", "dense", "having", "comprising", "comprises",
     "containing", "contains", "uses", "using")
)  # fmt: skip
"""Words between a model's name and how many parameters it has."""
