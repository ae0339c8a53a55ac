"""Fix a number's metric where its words or unit allow only one, and exclude impossible ones."""

from functools import cache

from etl.extract import lexicon
from etl.extract.candidates import Candidate
from etl.extract.dataset_mentions import looks_like_model
from etl.extract.number_features import Spot
from etl.extract.word_classes import FILLERS

SURE_UNITS = {"FPS": "FPS", "FLOPs": "FLOPs", "FLOPS": "throughput", "MACs": "MACs"}
"""Units that leave no choice."""


def certain(spot: Spot) -> Candidate | None:
    """Return the only metric that the number can have, if its words or its unit fix it."""
    if (name := SURE_UNITS.get(spot.unit)) is not None:
        return Candidate(name, "unit")
    lower, behind = spot.scene.sentence.lower, spot.group.last + 1
    after = lower[behind] if behind < len(lower) else ""
    if after == "faster" and (name := _staged(spot)) is not None:
        return Candidate(name, "train N faster")
    if spot.unit in LONG_TIMES and _is_trained(spot):
        return Candidate("training time", "training takes N")
    at = _governing(spot)
    if spot.unit == "%" and at >= 0 and lower[at] in WINNING:
        return Candidate("win rate", "won N")
    if spot.unit == "%" and after == "of" and "correctly" in lower[behind + 1 : behind + 4]:
        return Candidate("accuracy", "answers N correctly")
    if at > 1 and lower[at] == "by" and (changed := _changed(spot, at)) is not None:
        return changed
    if after in LARGER and (sized := _sized(spot, at)) is not None:
        return sized
    if spot.unit == "x" and after in LARGER and _is_larger_model(spot):
        return Candidate("parameters", "models N larger")
    return None


WINNING = frozenset(("won", "wins", "winning"))
"""Words before a share of matches: "won 45% of its matches"."""
LARGER = frozenset(("smaller", "larger", "bigger"))


def _governing(spot: Spot) -> int:
    """Return the index of the word that governs a list of numbers; -1 where none is before it."""
    lower, at = spot.scene.sentence.lower, spot.group.first - 1
    while at > 0 and lower[at] in FILLERS:
        at -= 1
    return at


def _staged(spot: Spot) -> str | None:
    """Read "training 2x faster" and "2x faster SFT training", of which "faster" is known."""
    lower, at = spot.scene.sentence.lower, spot.group.first - 1
    behind = lower[spot.group.last + 2 : spot.group.last + 4]
    if behind[:1] in STAGED or (behind[1:] in STAGED and behind[0] not in STOPS):
        return "training speedup"
    while at >= 0 and lower[at] in FILLERS and lower[at] != ",":
        at -= 1
    word = lower[at] if at >= 0 else ""
    if word in ("training", "trains", "train", "converges", "converge", "trained"):
        return "training speedup"
    if word in ("inference", "decoding") or lower[max(0, at - 1) : at + 1] == [
        "inference",
        "speeds",
    ]:
        return "inference speedup"
    return None


STOPS = frozenset(
    (",", "than", "at", "in", "and", "with", "for", "when", "without", "during", "over", "to")
)
STAGED = (["training"], ["fine-tuning"], ["finetuning"], ["pretraining"], ["pre-training"])

CHANGES = frozenset(("IMP", "RED"))
BESIDE_VERB = frozenset(("is", "are", "was", "were", "significantly", "further", "also", "up"))


def _changed(spot: Spot, at: int) -> Candidate | None:
    """Read "PSNR improves by 0.4 dB" and "latency is lowered by 38%": what changes is measured.

    `at` is the index of "by".
    """
    scene = spot.scene
    lower = scene.sentence.lower
    if scene.classes[at - 1] not in CHANGES:
        return None
    at -= 1
    while at > 0 and lower[at - 1] in BESIDE_VERB:
        at -= 1
    for mention in scene.metrics:
        if mention.last == at and mention.name is not None:
            return Candidate(mention.name, "NP changes by N", mention.text)
    return None


LONG_TIMES = frozenset(("s", "min", "h", "days", "weeks"))
TRAINING = frozenset(("training", "trains", "train", "pretraining", "pre-training"))
TAKING = frozenset(
    ("takes", "take", "took", "requires", "require", "needs", "need", "in", "completes", "finishes")
)


def _is_trained(spot: Spot) -> bool:
    """Return true for "its training takes 5,400 seconds" and "it trains in 3 hours"."""
    lower, at = spot.scene.sentence.lower, spot.group.first - 1
    while at > 0 and lower[at] in FILLERS and lower[at] not in TAKING:
        at -= 1
    return at > 0 and lower[at] in TAKING and lower[at - 1] in TRAINING


SIZED = frozenset(
    ("error", "errors", "uncertainty", "variance", "bias", "gap", "deviation", "loss", "distance",
     "regret", "noise", "residual")
)  # fmt: skip
"""What may be said to be smaller, and is no size of a model."""


def _sized(spot: Spot, at: int) -> Candidate | None:
    """Read "the variance is 30% smaller": what is smaller is what the clause speaks of.

    `at` is the index of "is".
    """
    scene, lower = spot.scene, spot.scene.sentence.lower
    if at < 1 or lower[at] not in ("is", "are", "was", "were") or lower[at - 1] not in SIZED:
        return None
    known = [mention for mention in scene.metrics if mention.last == at and mention.name]
    name = known[-1].name if known else lower[at - 1]
    return Candidate(name, "NP is N smaller", known[-1].text if known else lower[at - 1])


MODELS = frozenset(
    ("model", "models", "llms", "vlms", "mllms", "vlas", "baselines", "counterparts", "ones")
)


def _is_larger_model(spot: Spot) -> bool:
    """Return true for "rivals models 10x larger" and "the 10x larger BarNet-7B"."""
    lower, first, at = spot.scene.sentence.lower, spot.group.first, spot.group.last + 1
    if lower[at] == "smaller":
        return False
    after = lower[at + 1] if at + 1 < len(lower) else "."
    named = spot.scene.sentence.texts[at + 1 : at + 2]
    if named and first and lower[first - 1] == "the" and looks_like_model(named[0]):
        return True
    plain = not after[0].isalpha() or after in ("than", "and")
    return plain and not MODELS.isdisjoint(lower[max(0, first - 4) : first])


DURATIONS = frozenset(
    ("ms", "us", "s", "min", "h", "days", "weeks", "months", "GPU-hours", "GPU-days")
)
SIZES = frozenset(("KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"))

OF_DURATION = frozenset(
    ("latency", "training time", "training cost", "cost", "compute", "inference cost", "MAE",
     "RMSE", "MSE")
)  # fmt: skip
"""The known metrics that a length of time can be of."""

OF_SIZE = frozenset(("memory", "storage", "KV cache", "data", "cost"))
"""The known metrics that a number of bytes can be of."""


@cache
def barred(unit: str) -> frozenset[str] | None:
    """Return the known metrics that a number with this unit cannot have, or None."""
    if unit in DURATIONS:
        return frozenset(lexicon.metrics()) - OF_DURATION
    if unit in SIZES:
        return frozenset(lexicon.metrics()) - OF_SIZE
    return None
