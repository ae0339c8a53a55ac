"""Which dataset a number may have been measured on: rules propose, learned weights decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from etl.extract import lexicon
from etl.extract.context import Scene, Spot, crossing
from etl.extract.mentions import PREPOSITIONS, Mention, kind_of, looks_like_model
from etl.extract.metrics import Candidate, relate

NOUNS = frozenset(
    ("benchmark", "benchmarks", "dataset", "datasets", "test", "val", "validation", "task", "tasks",
     "leaderboard", "suite", "challenge", "corpus", "set", "split", "track", "environment",
     "environments", "minitest", "subset", "testset", "testbed")
)  # fmt: skip
MAKING = frozenset(
    ("introduce", "present", "propose", "release", "construct", "build", "curate", "develop",
     "create", "presents", "introduces", "contribute", "establish", "proposes", "design", "called",
     "named", "dubbed", "introducing", "develops")
)  # fmt: skip


@dataclass(slots=True)
class Topic:
    """What the whole abstract says about datasets."""

    own: str | None = None
    """The benchmark that the paper itself introduces."""
    names: dict[str, int] | None = None
    """How often each dataset-like name stands in the abstract."""


def find_topic(title: str | None, scenes: list[Scene]) -> Topic:
    """Find the paper's own benchmark: named with "benchmark" where something is introduced."""
    names: dict[str, int] = {}
    own: str | None = None
    head = (title or "").split(":")[0].strip()
    for scene in scenes:
        lower = scene.sentence.lower
        making = not MAKING.isdisjoint(lower)
        about = not {"benchmark", "dataset", "testbed", "benchmarks", "corpus", "suite"}.isdisjoint(
            lower
        )
        for mention in scene.datasets:
            name = mention.name or ""
            names[name] = names.get(name, 0) + 1
            if own is None and making and about and not looks_like_model(name):
                if _introduced(lower, mention) or name == head:
                    own = name
    return Topic(own, names)


def _introduced(lower: list[str], mention: Mention) -> bool:
    """Whether "introduce X, a ... benchmark" or "a benchmark called X" stands here."""
    before = lower[max(0, mention.first - 9) : mention.first]
    after = lower[mention.last : mention.last + 12]
    made = not MAKING.isdisjoint(before)
    nouns = {"benchmark", "dataset", "testbed", "suite", "corpus"}
    return made and (not nouns.isdisjoint(after) or not nouns.isdisjoint(before))


def propose(
    spot: Spot, earlier: list[Scene], topic: Topic, metric: str | None, history: list[tuple[Spot, str | None]]
) -> list[Candidate]:
    """Every candidate for a number's dataset, the last one being none at all."""
    family = _family(metric)
    scene = spot.scene
    found = [_from_mention(spot, mention, topic, family) for mention in scene.datasets]
    seen = {mention.name for mention in scene.datasets}
    for back, other in enumerate(reversed(earlier), start=1):
        for candidate in _from_earlier(spot, other, back, topic):
            if candidate.name not in seen:
                seen.add(candidate.name)
                found.append(candidate)
    if topic.own and topic.own not in seen:
        features = ["type=own", f"own,family={family}", f"own,here={len(scene.datasets) > 0}"]
        found.append(Candidate(topic.own, "own benchmark", topic.own, features))
    if history and history[-1][1] is not None:
        here = any(mention.known for mention in scene.datasets)
        relation = relate(history[-1][0], spot)
        same = history[-1][0].unit == spot.unit
        features = [
            "type=history", f"history,family={family} {here}", f"history={relation} {here}",
            f"history,same={relation} {same}", f"history,cue={history[-1][0].cue} {spot.cue}",
        ]  # fmt: skip
        found.append(Candidate(history[-1][1], "as the number before", "", features))
    found.append(_none(spot, topic, family, history))
    for candidate in found[:-1]:
        candidate.features.append(f"is,family={candidate.rule} {family}")
        candidate.features.append(f"is,family,cue={candidate.rule} {family} {spot.cue}")
    return found


def _family(metric: str | None) -> str:
    if metric is None:
        return "none"
    entry = lexicon.metrics().get(metric)
    if entry is None:
        return "open"
    return metric if metric in ("parameters", "FLOPs", "speedup", "latency") else entry.family


def _from_mention(spot: Spot, mention: Mention, topic: Topic, family: str) -> Candidate:
    scene, group = spot.scene, spot.group
    lower, kinds = scene.sentence.lower, scene.classes
    if mention.first > spot.at:
        side, first, last = "R", spot.at + 1, mention.first
    else:
        side, first, last = "L", mention.last, spot.at
    between, words = kinds[first:last], lower[first:last]
    inside = sum(1 for place in group.members if first <= place < last)
    numbers = between.count("#") - inside
    others = sum(1 for other in scene.datasets if first <= other.first < last)
    kind = kind_of(mention)
    gap = len(between) - 2 * inside
    near = str(max(gap, 0)) if gap <= 2 else "3-5" if gap <= 5 else "6-10" if gap <= 10 else "11"
    pattern = f"{side}|{' '.join(between)}" if len(between) <= 4 else f"{side}|far"
    before, after = _around(scene, mention)
    row = _row(scene, mention)
    features = [
        f"p={pattern}",
        f"type={kind} {side}",
        f"near={kind} {side} {near} {min(numbers, 2)}",
        f"side,numbers={side} {min(numbers, 3)} {min(others, 2)}",
        f"gap={side} {near}",
        f"prep={before} {kind}",
        f"prep,side={before} {side} {near}",
        f"after={after} {kind}",
        f"prep,after={before} {after}",
        f"others={side} {min(others, 3)}",
        f"row={_bucket(len(row))} {_bucket(len(group.members))}",
    ]
    if len(row) > 1:
        aligned = len(row) == len(group.members) and row.index(mention) == spot.place
        features.append(f"zip={aligned} {len(row) == len(group.members)} {row[0] is mention}")
    if crossing(words):
        features.append("crossing")
    if "(" in words or ")" in words:
        features.append(f"brackets={side}")
    features += _name_features(mention.name or "", topic)
    return Candidate(mention.name, "dataset in sentence", mention.text, features)


def _bucket(count: int) -> str:
    return str(count) if count < 4 else "4+"


def _name_features(name: str, topic: Topic) -> list[str]:
    counts = topic.names or {}
    found = [
        f"own={name == topic.own} {topic.own is not None}",
        f"count={min(counts.get(name, 0), 3)}",
    ]
    if any(sign.isdigit() for sign in name):
        found.append("digit")
    return found


def _around(scene: Scene, mention: Mention) -> tuple[str, str]:
    """The preposition before a name, articles skipped, and the noun behind it."""
    lower = scene.sentence.lower
    at = mention.first - 1
    while at >= 0 and lower[at] in ("the", "a", "an", "both", "standard", "popular", "challenging"):
        at -= 1
    before = lower[at] if at >= 0 else "^"
    if before not in PREPOSITIONS and before not in (
        "(",
        ",",
        "and",
        "/",
        "than",
        "over",
        "vs",
        ":",
    ):
        before = scene.classes[at] if at >= 0 else "^"
    after = lower[mention.last] if mention.last < len(lower) else "$"
    if after not in NOUNS and after not in (
        ",",
        "and",
        "(",
        ")",
        ".",
        ":",
        "by",
        "from",
        "with",
        "/",
    ):
        after = scene.classes[mention.last] if mention.last < len(lower) else "$"
    return before, "NOUN" if after in NOUNS else after


def _row(scene: Scene, mention: Mention) -> list[Mention]:
    """The list of datasets that this one stands in."""
    at = scene.datasets.index(mention)
    row = [mention]
    for other in reversed(scene.datasets[:at]):
        if not _listed(scene, other.last, row[0].first):
            break
        row.insert(0, other)
    for other in scene.datasets[at + 1 :]:
        if not _listed(scene, row[-1].last, other.first):
            break
        row.append(other)
    return row


def _listed(scene: Scene, first: int, last: int) -> bool:
    between = scene.sentence.lower[first:last]
    return 0 < len(between) <= 3 and {",", "/", "|", "&", "and", "or", "the"}.issuperset(between)


def _from_earlier(spot: Spot, scene: Scene, back: int, topic: Topic) -> Iterator[Candidate]:
    """Datasets of a sentence before this one."""
    here = sum(1 for mention in spot.scene.datasets if kind_of(mention) in ("known", "bench"))
    listed = [mention for mention in scene.datasets if kind_of(mention) != "model"]
    for order, mention in enumerate(reversed(listed)):
        kind = kind_of(mention)
        before, after = _around(scene, mention)
        near = str(min(back, 3))
        features = [
            f"back={near} {kind} {min(here, 1)}",
            f"back,prep={near} {before} {after}",
            f"back,many={near} {min(len(listed), 3)} {min(order, 2)} {kind}",
            f"back,numbers={near} {bool(scene.groups)} {kind}",
            "type=earlier",
        ]
        features += _name_features(mention.name or "", topic)
        yield Candidate(mention.name, "dataset before", mention.text, features)


def _none(spot: Spot, topic: Topic, family: str, history: list[tuple[Spot, str | None]]) -> Candidate:
    scene = spot.scene
    known = sum(1 for mention in scene.datasets if kind_of(mention) in ("known", "bench"))
    plural = any(
        word in scene.sentence.lower for word in ("benchmarks", "datasets", "tasks", "average")
    )
    features = [
        "none", f"none,u={spot.unit}", f"none,family={family}", f"none,known={min(known, 3)}",
        f"none,plural={plural} {min(known, 2)}", f"none,own={topic.own is not None} {min(known, 1)}",
        f"none,family,known={family} {min(known, 2)}", f"none,cue={spot.cue} {min(known, 1)}",
        f"none,history={bool(history) and history[-1][1] is None} {relate(history[-1][0], spot) if history else None}",
    ]  # fmt: skip
    return Candidate(None, "no dataset named", "", features)
