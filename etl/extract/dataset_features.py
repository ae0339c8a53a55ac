"""Describe why a number may have been measured on a dataset, or on none."""

from etl.extract import lexicon
from etl.extract.abstract_topic import Topic
from etl.extract.annotated_sentence import Scene, between, crossing
from etl.extract.candidates import MOST_NAMES, VERBS, Candidate, claims, find_row, relate
from etl.extract.dataset_mentions import PREPOSITIONS, kind_of
from etl.extract.number_features import Spot, names_known_dataset
from etl.extract.tokens import Mention
from etl.extract.word_clusters import coarse, fine

NOUNS = lexicon.words("nouns")


TESTING = frozenset(
    ("models", "llms", "vlms", "mllms", "humans", "human", "best", "best-performing", "even",
     "reveal", "reveals", "evaluate", "evaluating", "evaluation", "struggle", "frontier",
     "state-of-the-art", "leading", "gpt-4o", "outperforms", "outperform", "our", "improves",
     "method", "agents", "achieves", "achieve", "while", "strongest", "top", "training", "trained")
)  # fmt: skip
"""Words that tell whether a sentence reports what others reach on the paper's own benchmark."""


JUDGED = frozenset(
    ("models", "llms", "vlms", "mllms", "lvlms", "systems", "agents", "humans", "human",
     "strongest", "best", "frontier", "best-performing", "top-performing", "state-of-the-art",
     "model", "system")
)  # fmt: skip
"""Words for those who are tried on a benchmark."""


def is_likely(mention: Mention, topic: Topic) -> bool:
    """Return true if the name is known, is called a benchmark, or follows "on"."""
    kind = kind_of(mention)
    if kind in LIKELY:
        return True
    flags = topic.flags.get(mention.name or "", "")
    return kind != "model" and ("B" in flags or "E" in flags or mention.placed)


def row_of(scene: Scene, mention: Mention) -> list[Mention]:
    """Return the list of names that contains a dataset's name; found once."""
    found = scene.rows.get(mention)
    if found is None:
        found = scene.rows[mention] = find_row(scene, mention, scene.datasets)
    return found


def family_of(metric: str | None) -> str:
    """Return the kind of metric that datasets are told apart by."""
    if metric is None:
        return "none"
    entry = lexicon.metrics().get(metric)
    if entry is None:
        return "open"
    return metric if metric in ("parameters", "FLOPs", "speedup", "latency") else entry.family


def own_features(spot: Spot, topic: Topic, own: str, family: str, kind: str) -> list[str]:
    """Describe how likely a number is to be measured on the benchmark that the paper introduces."""
    scene = spot.scene
    words = scene.sentence.lower
    judged = not JUDGED.isdisjoint(words)
    look = "bench" if "bench" in own.lower() else "other"
    return [
        "type=own", f"own,here={len(scene.datasets) > 0}", f"own,cue={spot.cue}",
        *[f"own,word={word}" for word in TESTING.intersection(words)],
        f"own,family={family} {min(topic.known, 2)}",
        f"own,judged={judged} {look} {len(topic.methods) > 1}",
        f"own,kind={kind} {spot.unit} {judged}", *_name_features(own, topic, "own"),
    ]  # fmt: skip


def from_mention(spot: Spot, mention: Mention, topic: Topic, family: str) -> Candidate:
    """Propose a name that stands in the number's own sentence."""
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
    row = row_of(scene, mention)
    features = [
        f"p={pattern}",
        f"p,kind={pattern} {kind}",
        f"type={kind} {side}",
        f"near={kind} {side} {near} {min(numbers, 2)}",
        f"prep,side={before} {side} {near}",
        f"after={after} {kind}",
        f"afterf={fine(_next(lower, mention.last))} {kind}",
        f"sole={topic.known == 1} {kind} {side}",
        f"verb={side} {_verb(scene, first, last)} {before} {kind}",
    ]
    if mention.first <= LEAD:
        comma = "," in lower[mention.last : mention.last + 2]
        features.append(f"lead={before} {comma} {kind} {numbers == 0}")
    if len(row) > 1:
        aligned = len(row) == len(group.members) and row.index(mention) == spot.member
        features.append(f"zip={aligned} {len(row) == len(group.members)} {row[0] is mention}")
    if crossing(words):
        features.append("crossing")
    features += _name_features(mention.name or "", topic, kind)
    features.append(f"governed={_governor(lower, mention)} {side} {family}")
    features += [f"claimed={claim} {side} {near}" for claim in claims(spot, mention)]
    return Candidate(mention.name, "dataset in sentence", mention.text, features)


def _verb(scene: Scene, first: int, last: int) -> str:
    """Return the last verb of results between a name and a number, and whether a comma stands."""
    kinds = scene.classes[first:last]
    for kind in reversed(kinds):
        if kind in VERBS:
            return f"{kind} {',' in kinds}"
    return f"none {',' in kinds}"


LEAD = 4
"""A sentence begins with a name that so many words stand before."""


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


def bucket(count: int) -> str:
    """Return a count, with all above three as one."""
    return str(count) if count < 4 else "4+"


def _name_features(name: str, topic: Topic, kind: str) -> list[str]:
    """Describe what the abstract says of a name; done once for all numbers."""
    known = topic.looks.get((name, kind))
    if known is not None:
        return known
    flags = topic.flags.get(name, "")
    found = [
        f"own={name == topic.own} {topic.own is not None}",
        f"count={min(topic.counts.get(name, 0), 3)}",
        f"flags={flags} {kind}",
    ]
    last = name.rsplit(" ", 1)[-1].lower() or "?"
    found += [f"wordc={coarse(last)} {kind}"]
    if name in topic.methods:
        found.append(f"method={kind}")
    topic.looks[name, kind] = found
    return found


def _around(scene: Scene, mention: Mention) -> tuple[str, str]:
    """Find the preposition before a name, skipping articles, and the noun after the name."""
    lower = scene.sentence.lower
    at = mention.first - 1
    while at >= 0 and lower[at] in GRADING:
        at -= 1
    before = lower[at] if at >= 0 else "^"
    if at >= 0 and before not in SHOWN_BEFORE:
        before = scene.classes[at]
    if mention.last >= len(lower):
        return before, "$"
    after = lower[mention.last]
    if after in NOUNS:
        return before, "NOUN"
    return before, after if after in SHOWN_BEHIND else scene.classes[mention.last]


GRADING = frozenset(("the", "a", "an", "both", "standard", "popular", "challenging"))
"""Articles and the like before a name."""
SHOWN_BEFORE = PREPOSITIONS | {"(", ",", "and", "/", "than", "over", "vs", ":"}
SHOWN_BEHIND = frozenset((",", "and", "(", ")", ".", ":", "by", "from", "with", "/"))
"""Words around a name that stand for themselves; of others the class counts."""


def from_earlier(
    spot: Spot, scene: Scene, back: int, topic: Topic, seen: set[str | None]
) -> list[Candidate]:
    """Propose datasets that an earlier sentence names, each once; `seen` holds those proposed."""
    found: list[Candidate] = []
    listed = [mention for mention in scene.datasets if is_likely(mention, topic)]
    here = _count_likely(spot.scene)
    for order, mention in enumerate(reversed(listed[-MOST_NAMES:])):
        if mention.name in seen:
            continue
        seen.add(mention.name)
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
        found.append(Candidate(mention.name, "dataset before", mention.text, features))
    return found


def _count_likely(scene: Scene) -> int:
    """Count the names of a sentence that are known datasets, or look like benchmarks."""
    return len([mention for mention in scene.datasets if kind_of(mention) in LIKELY])


LIKELY = frozenset(("known", "bench"))
"""Kinds of names that are datasets wherever they stand."""


PLURAL = frozenset(("benchmarks", "datasets", "tasks", "average"))


def from_history(
    spot: Spot, history: list[tuple[Spot, str | None]], family: str
) -> list[Candidate]:
    """Propose the dataset of the number before, if it has one."""
    if not history or history[-1][1] is None:
        return []
    before, name = history[-1]
    here = names_known_dataset(spot.scene)
    relation, same = relate(before, spot), before.unit == spot.unit
    features = [
        "type=history", f"history,family={family} {here}", f"history={relation} {here}",
        f"history,same={relation} {same}", f"history,cue={before.cue} {spot.cue}",
    ]  # fmt: skip
    return [Candidate(name, "as the number before", "", features)]


def no_dataset(
    spot: Spot, topic: Topic, family: str, history: list[tuple[Spot, str | None]]
) -> Candidate:
    """Propose that no dataset is named."""
    scene = spot.scene
    known = _count_likely(scene)
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
        f"none,sole={min(topic.known, 2)} {min(known, 1)} {topic.own is not None}",
        f"none,history={before} {relation}",
    ]
    return Candidate(None, "no dataset named", "", features)
