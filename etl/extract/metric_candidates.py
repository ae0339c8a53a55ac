"""Propose the metrics that a number may belong to, by named rules."""

from etl.extract import lexicon
from etl.extract.annotated_sentence import Scene, crossing, order_feature
from etl.extract.candidates import Candidate, claims, find_row, nearest, relate
from etl.extract.dataset_mentions import kind_of
from etl.extract.fixed_metrics import barred, certain
from etl.extract.grammar import propose_phrases
from etl.extract.noun_phrases import belongs
from etl.extract.number_features import Spot
from etl.extract.tokens import Mention, has_capital
from etl.extract.word_clusters import fine

UNIT_METRICS = {
    "FPS": ("FPS",), "Hz": ("throughput", "FPS"), "ms": ("latency",), "us": ("latency",),
    "s": ("latency",), "min": ("latency", "training time"), "h": ("training time", "latency"),
    "days": ("training time",), "weeks": ("training time",), "months": ("training time",),
    "GPU-hours": ("training time", "training cost"), "GPU-days": ("training time",),
    "$": ("cost", "training cost"), "€": ("cost",), "MB": ("memory", "storage"),
    "GB": ("memory", "storage"), "KB": ("memory", "storage"), "TB": ("storage",),
    "GiB": ("memory", "storage"), "MiB": ("storage", "memory"), "KiB": ("memory", "storage"),
    "tokens/s": ("throughput",), "samples/s": ("throughput",), "images/s": ("throughput",),
    "queries/s": ("throughput",), "FLOPs": ("FLOPs",), "MACs": ("MACs",), "FLOPS": ("throughput",),
    "kbps": ("bitrate",), "bps": ("bitrate",), "Mbps": ("bitrate",), "bpp": ("bitrate",),
    "dB": ("PSNR", "SDR"), "W": ("energy",), "J": ("energy",), "kWh": ("energy",),
    "mJ": ("energy",),
    "mW": ("energy",),
    "x": ("speedup", "inference speedup", "training speedup", "compression ratio"),
    "scale": ("parameters",),
}  # fmt: skip
"""Metrics that a unit alone suggests."""


def propose(
    spot: Spot,
    earlier: list[Scene],
    later: list[Scene],
    history: list[tuple[Spot, str | None]],
) -> list[Candidate]:
    """Propose every candidate for a number's metric; the last one is "none".

    `history` holds the metrics of the numbers before this one in the abstract, in order.
    """
    if (sure := certain(spot)) is not None:
        return [sure]
    scene = spot.scene
    mentions = nearest(scene.metrics, spot.at)
    if spot.unit in RATES:
        mentions = [one for one in mentions if not _counts_another(spot, one)]
    named = [mention for mention in mentions if mention.name]
    if aligned := aligned_name(spot, named):
        return [Candidate(aligned.name, "lists aligned", aligned.text)]
    found = [_from_mention(spot, mention, mentions) for mention in mentions]
    for candidate, mention in zip(found, mentions, strict=True):
        if mention.name:
            order = order_feature(scene, spot.group, mention, named)
            candidate.features.append(order)
    rival = "none"
    twins = _twins(spot, history)
    for rule, mention in propose_phrases(spot):
        spot.rules.add(rule)
        owner = _dataset_over(scene, mention)
        if owner != "known" and not is_nameless(mention):
            kind = _kind_of_name(mention.name)
            candidate = _from_phrase(spot, rule, mention, kind, owner)
            if rule in twins:
                candidate.features += [f"twin={rule} {kind}", f"twins={kind} {owner}"]
            if rival == "none":
                rival = f"{rule} {kind} {owner}"
            found.append(candidate)
    found += _from_elsewhere(earlier, later)
    for name in UNIT_METRICS.get(spot.unit, ()):
        found.append(Candidate(name, "unit", "", [f"unit={spot.unit} {name}"]))
    found += _from_history(spot, history, rival)
    if (impossible := barred(spot.unit)) is not None:
        found = [candidate for candidate in found if candidate.name not in impossible]
    found.append(_none(spot))
    families: dict[str, list[str]] = {}
    for candidate in found:
        if candidate.name is not None:
            _describe(spot, candidate, candidate.name, families)
    return found


def _twins(spot: Spot, history: list[tuple[Spot, str | None]]) -> set[str]:
    """List rules that the previous number in the sentence fulfils: "WER by 13%, WIL by 9%"."""
    if not history:
        return set()
    before = history[-1][0]
    if before.scene is not spot.scene or before.group is spot.group:
        return set()
    return before.rules


NEAR = 6
"""A list of names counts as aligned only if it stands that near to the numbers."""


def aligned_name(spot: Spot, named: list[Mention]) -> Mention | None:
    """Find the name at the number's index in an equally long list beside the numbers."""
    group = spot.group
    size = len(group.members)
    if size < 2:
        return None
    length = size // 2 if group.is_change and size > 2 else size
    if length < 2 or (group.is_change and size == 2):
        return None
    for mention in named:
        row = find_row(spot.scene, mention, named)
        if len(row) != length or row[0] is not mention:
            continue
        after = row[0].first > group.last
        gap = row[0].first - group.last if after else group.first - row[-1].last
        if after and "despite" in spot.scene.sentence.lower[group.last : row[0].first]:
            continue
        if gap <= NEAR and len({member.name for member in row}) == length:
            return row[spot.member % length]
    return None


def _from_mention(spot: Spot, mention: Mention, mentions: list[Mention]) -> Candidate:
    """Propose a name in the same sentence, with its relation to the number."""
    scene, group = spot.scene, spot.group
    lower, kinds = scene.sentence.lower, scene.classes
    if mention.first > spot.at:
        side, first, last = "R", spot.at + 1, mention.first
    else:
        side, first, last = "L", mention.last, spot.at
    between, words = kinds[first:last], lower[first:last]
    numbers = between.count("#")
    members = group.members
    inside = sum([first <= token < last for token in members]) if len(members) > 1 else 0
    others = sum([first <= other.first < last for other in mentions if other.name])
    pattern = side + "|" + (" ".join(between) if len(between) <= 5 else "far")
    gap = _gap(len(between) - 2 * inside)
    features = [
        f"p={pattern}",
        f"side={side} {gap} {min(numbers - inside, 2)} {min(others, 2)}",
    ]
    if crossing(words):
        features.append("crossing")
    if "(" in words or ")" in words:
        features.append(f"brackets={side}")
    if "," in words:
        features.append(f"comma={side}")
    if len(between) > 2:
        features += [
            f"pf={side}|{between[0]} {between[1]}",
            f"pl={side}|{between[-2]} {between[-1]}",
        ]
    features += [f"claimed={claim} {side} {gap}" for claim in claims(spot, mention)]
    features += _after(scene, mention)
    features += _zipped(spot, mention, mentions)
    rule = "name beside" if len(between) <= 2 else "name in sentence"
    kind = "nameless" if mention.name is None else "known"
    features.append(f"type={kind} {side}")
    if mention.name is None:
        features.append(f"nameless={mention.text.lower()} {side} {gap}")
    return Candidate(mention.name, rule, mention.text, features)


def _gap(count: int) -> str:
    return (
        str(max(count, 0))
        if count <= 3
        else "4-6"
        if count <= 6
        else "7-12"
        if count <= 12
        else "13"
    )


def _after(scene: Scene, mention: Mention) -> list[str]:
    """Describe the word after a name, which says much: "accuracy of", "accuracy (", "cost by"."""
    lower = scene.sentence.lower
    after = lower[mention.last] if mention.last < len(lower) else "$"
    before = lower[mention.first - 1] if mention.first else "^"
    if mention.last in scene.sentence.quantities:
        after = "#"
    inside = mention.last < len(lower) and belongs(scene.sentence, mention.last)
    return [
        f"after={after}", f"inside={inside}",
        f"beforef={fine(before)}",
    ]  # fmt: skip


def _zipped(spot: Spot, mention: Mention, mentions: list[Mention]) -> list[str]:
    """Describe whether lists of equal length pair this name with this number."""
    size = len(spot.group.members)
    if size < 2:
        return []
    row = find_row(spot.scene, mention, mentions)
    twice = spot.group.is_change and size == 2 * len(row)
    if len(row) != size and not (twice and len(row) > 1):
        return [f"row={min(len(row), 3)}"]
    aligned = row.index(mention) == spot.member % len(row)
    return ["zip=yes" if aligned else "zip=no"]


def _dataset_over(scene: Scene, mention: Mention) -> str:
    """Classify the dataset-like name that the phrase is or ends in; "" means none."""
    for other in scene.datasets:
        if other.first < mention.last <= other.last:
            whole = other.first <= mention.first
            if other.known:
                return "known"
            single = other.text.isupper() and other.last - other.first == 1
            return f"{'whole' if whole else 'end'} {'acronym' if single else kind_of(other)}"
    return ""


def _kind_of_name(name: str | None) -> str:
    if name is None:
        return "nameless"
    return "known" if name in lexicon.metrics() else "open"


def _from_phrase(spot: Spot, rule: str, mention: Mention, kind: str, owner: str) -> Candidate:
    words = mention.text.lower().split()
    shape = "name" if has_capital(mention.text) else "plain"
    features = [
        f"rule={rule} {kind}",
        f"rule,u={rule} {kind} {spot.unit}",
        f"head={words[-1]}",
        f"open={kind} {shape} {min(len(words), 3)}",
        f"suffix={kind} {words[-1][-3:]}",
        "type=phrase",
        f"phrase={kind}",
        f"rule,chg={rule} {kind} {spot.change}",
        f"owner={owner} {kind}",
        f"owner,rule={owner} {rule}",
    ]
    lower = spot.scene.sentence.lower
    end = lower[mention.last] if mention.last < len(lower) else "$"
    start = lower[mention.first - 1] if mention.first else "^"
    features += [f"endf={fine(end)} {kind}", f"startf={fine(start)} {rule}", f"start={start}"]
    return Candidate(mention.name, rule, mention.text, features)


def is_nameless(mention: Mention) -> bool:
    """Return true if the phrase names no metric: "overall performance"."""
    return mention.name is None or _NAMELESS_WORDS.issuperset(mention.text.lower().split())


_NAMELESS_WORDS = lexicon.words("nameless_words")

NAMES_BEFORE, NAMES_AFTER = 5, 3
"""So many metrics of other sentences are considered, the nearest first."""


def _from_elsewhere(earlier: list[Scene], later: list[Scene]) -> list[Candidate]:
    """Propose names in other sentences: the previous one, any before, any after."""
    found: list[Candidate] = []
    seen: set[str] = set()
    for back, scene in enumerate(reversed(earlier), start=1):
        for mention in reversed(scene.metrics):
            if mention.name is None or mention.name in seen:
                continue
            seen.add(mention.name)
            near = "1" if back == 1 else "2" if back == 2 else "3"
            beside = _beside_number(scene, mention)
            features = [f"back={near} {bool(scene.groups)} {beside}", "type=earlier"]
            found.append(Candidate(mention.name, "sentence before", mention.text, features))
        if len(seen) >= NAMES_BEFORE:
            break
    after = 0
    for ahead, scene in enumerate(later, start=1):
        for mention in scene.metrics:
            if mention.name is None or mention.name in seen:
                continue
            seen.add(mention.name)
            after += 1
            beside = _beside_number(scene, mention)
            features = [f"ahead={min(ahead, 2)} {beside}", "type=later"]
            found.append(Candidate(mention.name, "sentence after", mention.text, features))
            if after == NAMES_AFTER:
                return found
    return found


def _beside_number(scene: Scene, mention: Mention) -> str:
    """Return true if a number with its unit stands within a few words of the name."""
    for at, quantity in scene.sentence.quantities.items():
        if mention.first - 4 <= at <= mention.last + 4:
            return quantity.unit or ("dec" if quantity.decimal else "n")
    return "no"


def _count_names(scene: Scene) -> int:
    return min(2, len([mention for mention in scene.metrics if mention.name]))


COUNTED = ("parameters", "FLOPs", "MACs")
COUNTS = ("scale", "FLOPs", "MACs")
RATES = ("%", "pp", "pts", "dec")
"""Forms of numbers that do not go on about what was counted just before."""


def _counts_another(spot: Spot, mention: Mention) -> bool:
    """Return true for the "parameters" of "84.2% with 86M parameters", which 86M alone counts."""
    if mention.name not in COUNTED:
        return False
    sentence = spot.scene.sentence
    is_tied = sentence.lower[mention.first - 1 : mention.first] == ["-"]
    at = mention.first - (2 if is_tied else 1)
    counted = sentence.quantities.get(at)
    return counted is not None and counted.scaled and at != spot.at


def _from_history(
    spot: Spot, history: list[tuple[Spot, str | None]], rival: str
) -> list[Candidate]:
    """Propose the metric of the previous number, with the relation of the two numbers."""
    if not history:
        return []
    before, name = history[-1]
    if name in COUNTED and before.unit in COUNTS and spot.unit in RATES:
        return []
    relation = relate(before, spot)
    same = "same" if before.unit == spot.unit else "other"
    here = _count_names(spot.scene)
    features = [
        f"history={relation} {same} {name is None}",
        f"history,u={spot.unit} {same} {name is None}",
        f"history,here={relation} {here} {name is None}",
        f"history,cue={before.cue} {spot.cue} {name is None}",
        f"history,rival={rival} {relation == 'list'}",
        "type=history",
    ]
    return [Candidate(name, "as the number before", "", features)]


def _none(spot: Spot) -> Candidate:
    """Propose "no metric", with the features of the surroundings that support it."""
    features = ["none", f"none,here={_count_names(spot.scene)}"]
    features += [f"none,{name}" for name in spot.telling]
    return Candidate(None, "no metric named", "", features)


STAGED = frozenset(
    ("speedup", "training speedup", "inference speedup", "latency", "training time", "throughput",
     "training cost", "cost", "compute", "memory", "data")
)  # fmt: skip

TRAIN = lexicon.words("train")

RUN = lexicon.words("run")


def _describe(spot: Spot, candidate: Candidate, name: str, families: dict[str, list[str]]) -> None:
    """Add the features that every name has: its family against unit and cue, and its rule.

    `families` keeps those that all names of one family share.
    """
    entry = lexicon.metrics().get(name)
    family = entry.family if entry else "open"
    features = candidate.features
    if family not in families:
        families[family] = [
            f"family,u={family} {spot.unit}",
            f"family,chg={family} {spot.change}",
            f"family,cue={family} {spot.cue}",
        ]
    features += families[family]
    features.append(f"is={candidate.rule}")
    if name in STAGED:
        words = spot.scene.sentence.lower
        train, run = not TRAIN.isdisjoint(words), not RUN.isdisjoint(words)
        features += [f"stage={name} {train} {run}", f"stage,u={name} {train} {run} {spot.unit}"]
    if entry is not None:
        features.append(f"name,u={name} {spot.unit}")
