"""Propose the datasets that a number may have been measured on."""

from etl.extract.abstract_topic import Topic
from etl.extract.annotated_sentence import Scene, between, order_feature
from etl.extract.candidates import Candidate, nearest
from etl.extract.dataset_features import (
    LIKELY,
    bucket,
    family_of,
    from_earlier,
    from_history,
    from_mention,
    is_likely,
    no_dataset,
    own_features,
    row_of,
)
from etl.extract.dataset_mentions import kind_of
from etl.extract.number_features import Spot
from etl.extract.settled_datasets import settle_dataset
from etl.extract.tokens import Mention


def propose(
    spot: Spot,
    earlier: list[Scene],
    topic: Topic,
    metric: str | None,
    kind: str,
    history: list[tuple[Spot, str | None]],
) -> list[Candidate]:
    """Propose every candidate for a number's dataset; the last one is "none"."""
    scene = spot.scene
    if kind == "absolute" and metric in SIZES and spot.quantity.unit not in SHARES:
        return [Candidate(None, "sizes have none")]
    named = _named(spot, topic) if scene.datasets else []
    if named and (sure := _sure(spot, named, kind)) is not None:
        return [sure]
    if (settled := settle_dataset(spot, named, history)) is not None:
        return [Candidate(settled, "lists aligned", settled)]
    family, mean = family_of(metric), average(spot)
    found = [from_mention(spot, mention, topic, family) for mention in named]
    likely = [mention for mention in named if is_likely(mention, topic)]
    for candidate, mention in zip(found, named, strict=True):
        if mention in likely:
            order = order_feature(scene, spot.group, mention, likely)
            row = bucket(len(row_of(scene, mention)))
            candidate.features += [
                order, f"{order} {kind_of(mention)}",
                f"row,mean={row} {bucket(len(spot.group.members))} {mean}",
                f"row,order={row} {bucket(len(spot.group.members))} {order}",
            ]  # fmt: skip
    seen = {mention.name for mention in named}
    before = enumerate(reversed(earlier), start=1)
    for back, other in [(back, other) for back, other in before if other.datasets]:
        found += from_earlier(spot, other, back, topic, seen)
        if len(found) >= len(scene.datasets) + EARLIER:
            break
    if topic.own and topic.own not in seen:
        features = own_features(spot, topic, topic.own, family, kind)
        features.append(f"own,again={history[-1:] != [] and history[-1][1] == topic.own}")
        found.append(Candidate(topic.own, "own benchmark", topic.own, features))
    found += from_history(spot, history, family)
    if not found:
        return [Candidate(None, "no dataset named")]
    many = max([len(row_of(scene, mention)) for mention in likely], default=0)
    found.append(no_dataset(spot, topic, family, history))
    found[-1].features += [
        f"none,kind={kind} {bucket(many)}", f"none,rows={bucket(many)} {len(spot.group.members)}",
        f"none,mean={mean} {bucket(many)}",
    ]  # fmt: skip
    for candidate in found[:-1]:
        candidate.features += [
            f"is,family={candidate.rule} {family}", f"is,kind={candidate.rule} {kind}",
        ]  # fmt: skip
    return found


def _named(spot: Spot, topic: Topic) -> list[Mention]:
    """List the names around a number that may be datasets and are no part of a metric's name."""
    scene = spot.scene
    covered = {
        token
        for mention in scene.metrics
        if mention.name
        for token in range(mention.first, mention.last)
    }
    possible = [
        mention
        for mention in scene.datasets
        if _is_possible(mention, topic) and (mention.known or mention.first not in covered)
    ]
    return nearest(possible, spot.at)


def _sure(spot: Spot, named: list[Mention], kind: str) -> Candidate | None:
    """Return the dataset that grammar ties to the number, so that nothing else can be meant."""
    if aligned := _aligned(spot, named):
        return Candidate(aligned.name, "lists aligned", aligned.text)
    tied = _tied(spot, named) or _fronted(spot, named)
    if tied is None and kind == "absolute":
        tied = _opening(spot, named)
    return Candidate(tied.name, "dataset tied to it", tied.text) if tied else None


SIZES = frozenset(("parameters", "FLOPs"))
"""What a model has on every dataset."""
SHARES = frozenset(("%", "x"))
EARLIER = 4
"""About so many datasets of earlier sentences are considered, the nearest first."""
AVERAGES = frozenset(
    ("average", "averaged", "averaging", "avg", "mean", "overall", "across", "averages")
)


def average(spot: Spot) -> str:
    """Return whether the number is said to be an average, and over how many named things."""
    lower = spot.scene.sentence.lower
    first, last = spot.group.first, spot.group.last
    near = lower[max(0, first - 6) : first] + lower[last + 1 : last + 6]
    wide = lower[last + 1 : last + 12]
    return f"{not AVERAGES.isdisjoint(near)} {not SEVERAL.isdisjoint(wide)}"


SEVERAL = frozenset(("benchmarks", "datasets", "tasks", "models", "settings"))


def _is_possible(mention: Mention, topic: Topic) -> bool:
    """Return true if the name may be a dataset's; a model's name never is."""
    kind = kind_of(mention)
    return kind != "model" and (kind != "word" or is_likely(mention, topic))


BEFORE = frozenset(("(", "( +", "(  +", ":", ": +"))
BEHIND = frozenset(("on", "M on", "CHG on", ") on", "M CHG on"))


def _tied(spot: Spot, named: list[Mention]) -> Mention | None:
    """Find the dataset of "GAIA (75.7%)" or "75.7% on GAIA", where nothing else can be meant."""
    scene, group = spot.scene, spot.group
    behind = None
    for mention in named:
        if kind_of(mention) not in LIKELY:
            continue
        if mention.last <= spot.at and spot.at - mention.last <= 2:
            if " ".join(scene.sentence.lower[mention.last : spot.at]) in BEFORE:
                return mention
        elif len(group.members) == 1 and behind is None and 0 < mention.first - spot.at <= 8:
            tie = " ".join(between(scene, spot.at + 1, mention.first, spot.at))
            if tie in BEHIND and len(row_of(scene, mention)) == 1:
                behind = mention
    return behind


CALLED = frozenset(("dataset", "benchmark", "test", "set", "split", "leaderboard", "suite", "task"))


def _opening(spot: Spot, named: list[Mention]) -> Mention | None:
    """Find A in "On the A dataset, it gets 71.2%", where the sentence names no other."""
    lower = spot.scene.sentence.lower
    if lower[0] != "on" or spot.unit not in SCORES:
        return None
    first, *others = named
    last = first.last
    while last < len(lower) and lower[last] in CALLED:
        last += 1
    is_front = first.first == 1 or (first.first == 2 and lower[1] == "the")
    if not is_front or lower[last : last + 1] != [","] or spot.at < last:
        return None
    return None if any(other.placed or kind_of(other) in LIKELY for other in others) else first


SCORES = frozenset(("%", "dec", "int", "pp", "pts", "dB"))
OPENING = frozenset((",", "and", ";", "while", "whereas", "but", ":", "^"))
"""What stands before the "on" of a clause that begins with its dataset."""


def _fronted(spot: Spot, named: list[Mention]) -> Mention | None:
    """Find A for the first number of "on A it gets 71.2% and on B 64.9%"."""
    sure = [mention for mention in named if kind_of(mention) in LIKELY]
    before = [mention for mention in sure if mention.last <= spot.at]
    behind = [mention for mention in sure if mention.first > spot.at]
    if not before or not _begins(spot.scene, before[-1]):
        return None
    if any(before[-1].last <= mention.first < spot.at for mention in named):
        return None
    if not behind:
        return before[-1] if len(before) > 1 and _begins(spot.scene, before[-2]) else None
    numbers = spot.scene.sentence.quantities
    next_first = behind[1].first if len(behind) > 1 else max(numbers) + 1
    told = any(behind[0].last <= at < next_first for at in numbers)
    return before[-1] if told and _begins(spot.scene, behind[0]) else None


def _begins(scene: Scene, mention: Mention) -> bool:
    """Return true if a clause begins with this name: "and on A"."""
    lower, at = scene.sentence.lower, mention.first - 1
    if at > 0 and lower[at] == "the":
        at -= 1
    ahead = lower[at - 1] if at > 0 else "^"
    is_alone = len(row_of(scene, mention)) == 1
    return is_alone and at >= 0 and lower[at] in ("on", "for", "in") and ahead in OPENING


def _aligned(spot: Spot, named: list[Mention]) -> Mention | None:
    """Find the dataset at the number's index in a list that is as long as the numbers' list."""
    size = len(spot.group.members)
    if size < 2 or spot.group.is_change or spot.group.versus:
        return None
    for mention in named:
        row = row_of(spot.scene, mention)
        kinds = {kind_of(member) for member in row}
        if len(row) != size or row[0] is not mention or "model" in kinds:
            continue
        if LIKELY & kinds or _is_announced(spot.scene, row):
            return row[spot.member]
    return None


DATA = frozenset(("dataset", "datasets", "benchmark", "benchmarks", "corpora", "test"))


SHORTEST = 3
"""A name of fewer letters says too little: "on L0, L1 and L2, respectively"."""


def _is_announced(scene: Scene, row: list[Mention]) -> bool:
    """Return true if a row of names reads "on A and B datasets" or "on A and B, respectively"."""
    lower, first, last = scene.sentence.lower, row[0].first, row[-1].last
    if "on" not in lower[max(0, first - 2) : first] or "metrics" in lower[last : last + 2]:
        return False
    if min([len(member.text) for member in row]) < SHORTEST:
        return False
    return not DATA.isdisjoint(lower[last : last + 2]) or "respectively" in lower[last : last + 4]
