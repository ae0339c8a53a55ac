"""Propose the datasets that a number may have been measured on."""

from collections.abc import Iterator

from etl.extract import lexicon
from etl.extract.abstract_topic import Topic
from etl.extract.annotated_sentence import Scene, between, crossing, order_feature
from etl.extract.candidates import MOST_NAMES, Candidate, claims, find_row, nearest, relate
from etl.extract.dataset_mentions import PREPOSITIONS, kind_of
from etl.extract.number_features import Spot
from etl.extract.tokens import Mention
from etl.extract.word_clusters import coarse, fine

NOUNS = lexicon.words("nouns")


def propose(
    spot: Spot,
    earlier: list[Scene],
    topic: Topic,
    metric: str | None,
    kind: str,
    history: list[tuple[Spot, str | None]],
) -> list[Candidate]:
    """Propose every candidate for a number's dataset; the last one is "none"."""
    family = _family(metric)
    mean = average(spot)
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
    named = nearest(possible, spot.at)
    if aligned := _aligned(spot, named):
        return [Candidate(aligned.name, "lists aligned", aligned.text)]
    if tied := _tied(spot, named):
        return [Candidate(tied.name, "dataset tied to it", tied.text)]
    found = [_from_mention(spot, mention, topic, family) for mention in named]
    likely = [mention for mention in named if _is_likely(mention, topic)]
    for candidate, mention in zip(found, named, strict=True):
        if mention in likely:
            order = order_feature(scene, spot.group, mention, likely)
            row = _bucket(len(_row(scene, mention)))
            candidate.features += [
                order, f"{order} {kind_of(mention)}",
                f"row,mean={row} {_bucket(len(spot.group.members))} {mean}",
                f"row,order={row} {_bucket(len(spot.group.members))} {order}",
            ]  # fmt: skip
    seen = {mention.name for mention in named}
    before = enumerate(reversed(earlier), start=1)
    for back, other in [(back, other) for back, other in before if other.datasets]:
        for candidate in _from_earlier(spot, other, back, topic):
            if candidate.name not in seen:
                seen.add(candidate.name)
                found.append(candidate)
        if len(found) >= len(scene.datasets) + EARLIER:
            break
    if topic.own and topic.own not in seen:
        features = ["type=own", f"own,here={len(scene.datasets) > 0}", f"own,cue={spot.cue}"]
        features += [f"own,word={word}" for word in TESTING.intersection(scene.sentence.lower)]
        features.append(f"own,family={family} {min(topic.known, 2)}")
        features += _name_features(topic.own, topic, "own")
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
    many = max([len(_row(scene, mention)) for mention in likely], default=0)
    found.append(_none(spot, topic, family, history))
    found[-1].features += [
        f"none,kind={kind} {_bucket(many)}", f"none,rows={_bucket(many)} {len(spot.group.members)}",
        f"none,mean={mean} {_bucket(many)}",
    ]  # fmt: skip
    for candidate in found[:-1]:
        candidate.features += [
            f"is,family={candidate.rule} {family}", f"is,kind={candidate.rule} {kind}",
        ]  # fmt: skip
    return found


TESTING = frozenset(
    ("models", "llms", "vlms", "mllms", "humans", "human", "best", "best-performing", "even",
     "reveal", "reveals", "evaluate", "evaluating", "evaluation", "struggle", "frontier",
     "state-of-the-art", "leading", "gpt-4o", "outperforms", "outperform", "our", "improves",
     "method", "agents", "achieves", "achieve", "while", "strongest", "top", "training", "trained")
)  # fmt: skip
"""Words that tell whether a sentence reports what others reach on the paper's own benchmark."""

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
    return kind != "model" and (kind != "word" or _is_likely(mention, topic))


def _is_likely(mention: Mention, topic: Topic) -> bool:
    """Return true if the name is known, is called a benchmark, or follows "on"."""
    kind = kind_of(mention)
    if kind in ("known", "bench"):
        return True
    flags = topic.flags.get(mention.name or "", "")
    return kind != "model" and ("B" in flags or "E" in flags or mention.placed)


def _row(scene: Scene, mention: Mention) -> list[Mention]:
    """Return the list of names that contains a dataset's name; found once."""
    found = scene.rows.get(mention)
    if found is None:
        found = scene.rows[mention] = find_row(scene, mention, scene.datasets)
    return found


LIKELY = frozenset(("known", "bench"))


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
            if tie in BEHIND and len(_row(scene, mention)) == 1:
                behind = mention
    return behind


def _aligned(spot: Spot, named: list[Mention]) -> Mention | None:
    """Find the dataset at the number's index in a list that is as long as the numbers' list."""
    size = len(spot.group.members)
    if size < 2 or spot.group.is_change or spot.group.versus:
        return None
    for mention in named:
        row = _row(spot.scene, mention)
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


def _family(metric: str | None) -> str:
    if metric is None:
        return "none"
    entry = lexicon.metrics().get(metric)
    if entry is None:
        return "open"
    return metric if metric in ("parameters", "FLOPs", "speedup", "latency") else entry.family


def _from_mention(spot: Spot, mention: Mention, topic: Topic, family: str) -> Candidate:
    scene, group = spot.scene, spot.group
    lower = scene.sentence.lower
    if mention.first > spot.at:
        side, first, last = "R", spot.at + 1, mention.first
    else:
        side, first, last = "L", mention.last, spot.at
    words = lower[first:last]
    gaps = between(scene, first, last, spot.at)
    members = group.members
    inside = sum([first <= token < last for token in members]) if len(members) > 1 else 0
    numbers = max(gaps.count("#") - inside, 0)
    kind = kind_of(mention)
    gap = len(gaps) - 2 * inside
    near = str(max(gap, 0)) if gap <= 2 else "3-5" if gap <= 5 else "6-10" if gap <= 10 else "11"
    pattern = f"{side}|{' '.join(gaps)}" if len(gaps) <= 4 else f"{side}|far"
    before, after = _around(scene, mention)
    row = _row(scene, mention)
    features = [
        f"p={pattern}",
        f"p,kind={pattern} {kind}",
        f"type={kind} {side}",
        f"near={kind} {side} {near} {min(numbers, 2)}",
        f"prep,side={before} {side} {near}",
        f"after={after} {kind}",
        f"afterf={fine(_next(lower, mention.last))} {kind}",
    ]
    if len(row) > 1:
        aligned = len(row) == len(group.members) and row.index(mention) == spot.member
        features.append(f"zip={aligned} {len(row) == len(group.members)} {row[0] is mention}")
    if crossing(words):
        features.append("crossing")
    features += _name_features(mention.name or "", topic, kind)
    features.append(f"governed={_governor(lower, mention)} {side} {family}")
    features += [f"claimed={claim} {side} {near}" for claim in claims(spot, mention)]
    return Candidate(mention.name, "dataset in sentence", mention.text, features)


GOVERNORS = {
    **dict.fromkeys(("train", "trained", "training", "pretrained", "pre-trained", "fine-tuned",
                     "finetuned", "pretraining", "pre-training"), "train"),
    **dict.fromkeys(("evaluated", "evaluate", "evaluation", "evaluations", "tested", "validated",
                     "experiments", "experiment", "benchmarked", "validation"), "test"),
    **dict.fromkeys(("introduce", "present", "propose", "release", "construct", "build", "curate",
                     "develop", "create", "introducing", "contribute"), "make"),
    **dict.fromkeys(("from", "using", "sampled", "images", "subset", "data"), "use"),
    **dict.fromkeys(("than", "unlike", "existing", "prior", "over", "like", "such"), "other"),
}  # fmt: skip
"""What words before a name tell of it."""


def _governor(lower: list[str], mention: Mention) -> str:
    """Return what the nearest telling word before a name says of it."""
    for word in reversed(lower[max(0, mention.first - 7) : mention.first]):
        if word in GOVERNORS:
            return GOVERNORS[word]
    return "none"


def _next(lower: list[str], at: int) -> str:
    return lower[at] if at < len(lower) else "$"


def _bucket(count: int) -> str:
    return str(count) if count < 4 else "4+"


def _name_features(name: str, topic: Topic, kind: str) -> list[str]:
    flags = topic.flags.get(name, "")
    found = [
        f"own={name == topic.own} {topic.own is not None}",
        f"count={min(topic.counts.get(name, 0), 3)}",
        f"flags={flags} {kind}",
    ]
    last = name.rsplit(" ", 1)[-1].lower() or "?"
    found += [f"wordc={coarse(last)} {kind}"]
    return found


def _around(scene: Scene, mention: Mention) -> tuple[str, str]:
    """Find the preposition before a name, skipping articles, and the noun after the name."""
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


def _from_earlier(spot: Spot, scene: Scene, back: int, topic: Topic) -> Iterator[Candidate]:
    """Propose datasets that earlier sentences name."""
    listed = [mention for mention in scene.datasets if _is_likely(mention, topic)]
    if not listed:
        return
    here = sum(1 for mention in spot.scene.datasets if kind_of(mention) in ("known", "bench"))
    for order, mention in enumerate(reversed(listed[-MOST_NAMES:])):
        kind = kind_of(mention)
        before, after = _around(scene, mention)
        near, flags = str(min(back, 3)), topic.flags.get(mention.name or "", "")
        features = [
            f"back,prep={near} {before} {after}",
            f"back,many={near} {min(len(listed), 3)} {min(order, 2)} {kind}",
            f"back,here={near} {kind} {min(here, 1)} {min(topic.known, 3)}",
            "type=earlier",
            f"back,governed={_governor(scene.sentence.lower, mention)} {near}",
            f"back,sole={topic.known == 1} {flags} {min(here, 1)}",
            f"back,number={bool(scene.groups)} {near} {min(here, 1)}",
        ]
        features += _name_features(mention.name or "", topic, kind)
        yield Candidate(mention.name, "dataset before", mention.text, features)


PLURAL = frozenset(("benchmarks", "datasets", "tasks", "average"))


def _none(
    spot: Spot, topic: Topic, family: str, history: list[tuple[Spot, str | None]]
) -> Candidate:
    scene = spot.scene
    known = sum(1 for mention in scene.datasets if kind_of(mention) in ("known", "bench"))
    plural = not PLURAL.isdisjoint(scene.sentence.lower)
    before, relation = bool(history) and history[-1][1] is None, "None"
    if history:
        relation = relate(history[-1][0], spot)
    features = [
        "none",
        f"none,family={family}",
        f"none,plural={plural} {min(known, 2)}",
        f"none,own={topic.own is not None} {min(known, 1)}",
        f"none,cue={spot.cue} {min(known, 1)}",
        f"none,history={before} {relation}",
    ]
    return Candidate(None, "no dataset named", "", features)
