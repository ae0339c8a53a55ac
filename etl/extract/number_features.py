"""Describe a number's surroundings as features, on which keep, kind and role are decided."""

from collections.abc import Set

from etl.extract.annotated_sentence import Scene
from etl.extract.number_lists import Group
from etl.extract.quantity import Quantity
from etl.extract.tokens import Sentence
from etl.extract.word_classes import FILLERS, GOVERNING
from etl.extract.word_clusters import clusters, coarse, fine


class Spot:
    """One number in its sentence that may be a result."""

    def __init__(
        self, scene: Scene, at: int, quantity: Quantity, group: Group, member: int
    ) -> None:
        self.scene = scene
        self.at = at
        self.quantity = quantity
        self.group = group
        self.member = member
        """Its index in `group.members`."""
        self.features: list[str] = []
        self.unit = ""
        """Class of the unit: %, x, pp, scale, pts, dec, int, or the unit itself."""
        self.cue = ""
        """Class of the nearest governing word to the left."""
        self.change = ""
        """The nearest word of change to the right, within a few words."""
        self.telling: list[str] = []
        """The features that tell whether its metric is named at all."""
        self.rules: set[str] = set()
        """The rules by which phrases were proposed for its metric."""
        self.glanced: float | None = None
        """Its score at a glance, once that is known."""


def unit_class(quantity: Quantity) -> str:
    """Classify the form of a number coarsely."""
    if quantity.unit is not None:
        return quantity.unit
    if quantity.points:
        return "pts"
    if quantity.scaled:
        return "scale"
    return "dec" if quantity.decimal else "int"


def glance(spot: Spot) -> list[str]:
    """Return the few features that suffice to drop most numbers that are no results."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    unit = unit_class(spot.quantity)
    l1, r1 = _word(lower, kinds, spot.group.first - 1), _word(lower, kinds, spot.group.last + 1)
    own, f1 = r1, fine(r1)
    fo = f1
    if spot.at != spot.group.last:
        own = _word(lower, kinds, spot.at + 1)
        fo = fine(own)
    return [
        f"u={unit}", f"l1={l1}", f"u,r1={unit} {r1}", f"u,o1={unit} {own}", f"o1={own}",
        f"f1={f1} {unit}", f"c1={coarse(l1)}", f"fo={fo}",
        f"size={unit} {_size(spot.quantity)}", f"hyphen={spot.quantity.hyphen} {unit}",
        f"k={len(spot.group.members) > 1} {unit}",
    ]  # fmt: skip


def describe(spot: Spot) -> None:
    """Fill in a spot's features, relative to the list that the number stands in."""
    scene, group = spot.scene, spot.group
    lower, kinds = scene.sentence.lower, scene.classes
    unit = spot.unit = unit_class(spot.quantity)
    l1, l2 = _word(lower, kinds, group.first - 1), _word(lower, kinds, group.first - 2)
    r1 = _word(lower, kinds, group.last + 1)
    own = r1 if spot.at == group.last else _word(lower, kinds, spot.at + 1)
    spot.cue, far, cue_word = _cue(lower, kinds, group.first)
    spot.change, near, change = _change(lower, kinds, group.last)
    link, linked = _link(lower, kinds, group.first)
    cue, chg = spot.cue, spot.change
    c1, g1 = clusters(l1)
    d1, f1 = clusters(r1)
    fo = f1 if spot.at == group.last else fine(own)
    form = _form_features(spot)
    u, right, u_right = f"u={unit}", f"r1={r1}", f"u,r1={unit} {r1}"
    cue_chg, link_cue, link_chg = (
        f"cue,chg={cue} {chg}",
        f"link,cue={link} {cue}",
        f"link,chg={link} {chg}",
    )
    spot.telling = [u, right, u_right, cue_chg, link_cue, link_chg, form[0]]
    spot.features = [
        "1", u, f"l1={l1}", f"l2={l2}", right, f"u,l1={unit} {l1}",
        u_right, f"o1={own}", f"u,o1={unit} {own}", f"cue={cue}",
        f"u,cue={unit} {cue}", f"cue,far={cue} {far}", f"chg={chg} {near}",
        f"u,chg={unit} {chg}", cue_chg, f"link={link}", f"u,link={unit} {link}",
        link_cue, f"linked={link} {linked}", link_chg,
        f"chgk={change} {near}", f"u,chgk={unit} {change}", f"cue,chgk={cue} {change}",
        f"link,chgk={link} {change}", f"c1={c1}", f"c12={coarse(l2)} {c1}",
        f"d1={d1} {unit}", f"f1={f1} {unit}", f"g1={g1} {unit}",
        f"fo={fo} {unit}", f"cuef={fine(cue_word)} {unit}",
    ]  # fmt: skip
    spot.features += form
    spot.features += _scene_features(spot)


def _word(lower: list[str], kinds: list[str], at: int) -> str:
    """Return the word of a token; "#" for a number, "^" and "$" beyond the sentence."""
    if at < 0:
        return "^"
    if at >= len(lower):
        return "$"
    return "#" if kinds[at] == "#" else lower[at]


def _cue(lower: list[str], kinds: list[str], at: int) -> tuple[str, str, str]:
    """Find the nearest governing class to the left, its distance, and its word."""
    for back in range(at - 1, max(-1, at - 26), -1):
        if kinds[back] in GOVERNING:
            distance = at - back
            far = "0" if distance <= 3 else "1" if distance <= 7 else "2"
            return kinds[back], far, lower[back]
        if kinds[back] == ";":
            break
    return "none", "9", "none"


def _change(lower: list[str], kinds: list[str], at: int) -> tuple[str, str, str]:
    """Find the nearest noun or adjective of change to the right in the phrase, and its class."""
    token, steps = at + 1, 0
    while token < len(lower) and steps < 5:
        word, kind = lower[token], kinds[token]
        if word == "(" and ")" in lower[token : token + 4]:
            token = lower.index(")", token) + 1
            continue
        if kind in ("CHG", "ADJ"):
            return word.removesuffix("s"), "0" if steps == 0 else "1", kind
        if kind in PHRASE_ENDS or word in CHANGE_STOPS:
            break
        token, steps = token + 1, steps + 1
    return "none", "", "none"


PHRASE_ENDS = frozenset((",", "#", ";", ".", "on", "by"))
CHANGE_STOPS = frozenset((")", "and", "while", "with", "for", "across"))


def _link(lower: list[str], kinds: list[str], at: int) -> tuple[str, str]:
    """Find the first word to the left that is no filler, with the class of the one before it.

    "to" counts where it leads to a value: "falls to 35 ms", not "by up to 35 ms".
    """
    to = ""
    for back in range(at - 1, max(-1, at - 8), -1):
        word = lower[back]
        if word == "by":
            return "by", ""
        if word == "to" and lower[back - 1] != "up":
            to = "to "
        elif word not in FILLERS:
            return to + kinds[back], kinds[back - 1] if back else "^"
    return "^", ""


def _size(quantity: Quantity) -> str:
    """Classify the value by its size."""
    value = quantity.value
    if value < 10:
        return "0" if value == 0 else "<1" if value < 1 else "<10"
    if value <= 100:
        return "<=100"
    if value < 1000:
        return "<1000"
    return "year" if 1980 <= value <= 2035 and not quantity.decimal else "big"


def _form_features(spot: Spot) -> list[str]:
    """Describe the number's form and its rank in its list."""
    quantity, group = spot.quantity, spot.group
    found = [f"size={spot.unit} {_size(quantity)}", f"k={min(len(group.members), 4)}"]
    if quantity.hyphen:
        found.append("hyphen")
    if quantity.decimal:
        found += ["decimal", f"decimal,u={spot.unit}"]
    side = "first" if spot.member < group.turn else "last"
    if group.is_change:
        found.append(f"change,{side}")
    if group.versus:
        found.append(f"versus,{side}")
    return found


def _scene_features(spot: Spot) -> list[str]:
    """Describe where the number stands in its sentence, and what else stands there."""
    scene, group, unit = spot.scene, spot.group, spot.unit
    sentence = scene.sentence
    found = []
    before = sentence.lower[group.first - 1] if group.first else ""
    if before == "+":
        found.append("plus")
    if spot.quantity.minus is not None:
        found.append(f"minus,u={unit}")
    inside = _in_brackets(sentence, spot.at)
    if inside:
        found.append("inside")
    nearest = _nearest_metric(scene, group)
    found += [f"m={nearest}", f"m,u={nearest} {unit}"]
    if group.first and _is_capital(sentence, group.first - 1):
        metric = any(m.last == group.first and m.name for m in scene.metrics)
        found.append(f"after name,u={unit} {metric}")
    found += _more_cues(scene, group, unit)
    if unit == "scale":
        parameters = _parameters(scene, group)
        found += [f"param={parameters}", f"param,in={parameters} {inside}"]
    found += _sentence_features(scene)
    found.append(f"ds={names_known_dataset(scene)},u={unit}")
    return found


def names_known_dataset(scene: Scene) -> bool:
    """Return true if the sentence names a dataset of the lexicon."""
    for mention in scene.datasets:  # noqa: SIM110 - any() takes twice the time
        if mention.known:
            return True
    return False


def _sentence_features(scene: Scene) -> list[str]:
    """Describe the sentence; computed once, since all its numbers share it."""
    if scene.about is None:
        kinds, words = set(scene.classes), set(scene.sentence.lower)
        scene.about = [f"s={name}" for name in SENTENCE_CLASSES if name in kinds]
        scene.about += [f"s={word}" for word in SENTENCE_WORDS if word in words]
    return scene.about


def _more_cues(scene: Scene, group: Group, unit: str) -> list[str]:
    """List the governing classes of the sentence before the number, nearest first."""
    kinds = scene.classes
    row: list[str] = []
    for back in range(group.first - 1, -1, -1):
        if kinds[back] in GOVERNING and (not row or row[-1] != kinds[back]):
            row.append(kinds[back])
            if len(row) == 2:
                break
    row += ["^"] * (2 - len(row))
    after = first_of(kinds[group.last + 1 : group.last + 9], GOVERNING)
    return [
        f"cue12={row[0]} {row[1]}", f"cue2={row[1]} {unit}", f"next={after}",
        f"next,u={after} {unit}",
    ]  # fmt: skip


def first_of(words: list[str], wanted: Set[str]) -> str:
    """Return the first of these words that is wanted; "none" if there is none."""
    for word in words:
        if word in wanted:
            return word
    return "none"


def _parameters(scene: Scene, group: Group) -> str:
    """Describe where the nearest word for parameters stands."""
    best, label = 99, "none"
    for mention in scene.metrics:
        if mention.name == "parameters":
            gap = (
                mention.first - group.last
                if mention.first > group.last
                else group.first - mention.last + 1
            )
            if abs(gap) < best:
                best = abs(gap)
                side = "R" if mention.first > group.last else "L"
                label = f"{side}{gap if gap <= 3 else '4-8' if gap <= 8 else '9'}"
    return label


def _is_capital(sentence: Sentence, at: int) -> bool:
    text = sentence.texts[at]
    return at > 0 and text[0].isupper()


def _in_brackets(sentence: Sentence, at: int) -> bool:
    depth = 0
    for back in range(at - 1, max(-1, at - 30), -1):
        word = sentence.texts[back]
        if word == ")":
            depth += 1
        elif word == "(":
            if depth == 0:
                return True
            depth -= 1
    return False


def _nearest_metric(scene: Scene, group: Group) -> str:
    """Describe how near the nearest known metric is: beside, near, in the sentence."""
    best, label = 99, "none"
    for mention in scene.metrics:
        if mention.name is None:
            continue
        if mention.first > group.last:
            gap, side = mention.first - group.last, "R"
        else:
            gap, side = group.first - mention.last + 1, "L"
        if 0 < gap < best:
            best = gap
            label = f"{side}{'1' if gap == 1 else '2' if gap <= 3 else '3' if gap <= 8 else '4'}"
    return label


SENTENCE_CLASSES = ("ACH", "IMP", "RED", "OUT", "MAKE", "USE", "KEEP", "ACC")

SENTENCE_WORDS = ("dataset", "benchmark", "tasks", "parameters", "experiments", "results")
