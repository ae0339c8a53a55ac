"""Settle the metric of a change where the words around it allow only one."""

from etl.extract.candidates import Candidate
from etl.extract.noun_phrases import canonical
from etl.extract.number_features import Spot
from etl.extract.settled import SURE

SPEEDUPS = frozenset(("speedup", "speedups", "speed-up", "speed-ups", "acceleration"))
SLOWNESS = frozenset(("latency", "time", "runtime", "flops", "wall-clock"))
"""What a speedup makes less."""
STAGES = {"inference": "inference speedup", "training": "training speedup",
          "decoding": "inference speedup", "generation": "inference speedup"}  # fmt: skip
NEAR = 5


def without_praise(name: str) -> str:
    """Return "recovery rate" for "current state-of-the-art recovery rate"."""
    words = name.split()
    while len(words) > 1 and words[0] in PRAISE:
        del words[0]
    return name if len(words) == len(name.split()) else canonical(words) or name


PRAISE = frozenset(("current", "state-of-the-art", "sota", "new", "best", "highest", "leading"))


def settle_name(ranking: list[Candidate], spot: Spot, kind: str) -> None:
    """Put the metric of a change first that the grammar tells, and leave praise out of a name."""
    if ranking[0].name is not None:
        ranking[0].name = without_praise(ranking[0].name)
    if kind == "absolute":
        return
    name = _speedup(spot) or _time_to(spot)
    if name is not None and name != ranking[0].name:
        ranking.insert(0, Candidate(name, "change of it", name, probability=SURE))


def _speedup(spot: Spot) -> str | None:
    """Read "a 2x speedup in latency" and "1.4x latency speedup" as speedups, and no latencies."""
    sentence, last = spot.scene.sentence, spot.at
    if spot.quantity.unit != "x":
        return None
    behind = sentence.lower[last + 1 : last + 1 + NEAR]
    if behind[:1] == ["flops"] and behind[1:2] == ["and"] and last + 3 in sentence.quantities:
        behind = sentence.lower[last + 4 : last + 4 + NEAR]
    at = next((at for at, word in enumerate(behind) if word in SPEEDUPS), None)
    if at is None or not _is_plain(behind[:at]):
        return None
    of = behind[:at] if at else behind[1:]
    if not at and of[:1] != ["in"]:
        return None
    if SLOWNESS.isdisjoint(of):
        return None
    return next((STAGES[word] for word in of if word in STAGES), "speedup")


def _is_plain(words: list[str]) -> bool:
    return all(word.isalpha() or word == "-" for word in words)


REACHING = frozenset(("achieve", "reach", "attain", "obtain", "get", "hit"))
NEEDED = frozenset(("needed", "required", "taken", "necessary", "it", "takes"))
SPENT = frozenset(
    ("time", "steps", "iterations", "epochs", "cost", "compute", "tokens", "queries", "samples")
)


def _time_to(spot: Spot) -> str | None:
    """Read "reduces the time to reach 90% accuracy by 15%" as a change of the time."""
    lower, by = spot.scene.sentence.lower, spot.group.first - 1
    while by > 0 and lower[by] in ("up", "to", "about", "over", "nearly"):
        by -= 1
    if by < 4 or lower[by] != "by":
        return None
    for at in range(by - 1, max(1, by - 10), -1):
        if lower[at] in REACHING and lower[at - 1] == "to":
            noun = at - 2
            while noun > 0 and lower[noun] in NEEDED:
                noun -= 1
            is_between = any(at < place < by for place in spot.scene.sentence.quantities)
            return canonical([lower[noun]]) if is_between and lower[noun] in SPENT else None
    return None
