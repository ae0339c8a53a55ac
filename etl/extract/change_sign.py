"""Decide whether a change makes its metric higher or lower for the paper's subject."""

from etl.extract import lexicon
from etl.extract.number_features import Spot

POLARITY = {
    word: side for side in ("up", "down", "better", "worse") for word in lexicon.words(side)
}
"""Word -> which way it points."""
LEFT, RIGHT = 14, 9
"""So many words before a number and behind it may say which way it goes."""
ENDS = frozenset((";", "while", "whereas", "but", "."))
SMALL = frozenset(("only", "just", "merely", "within", "cost", "despite", "without", "negligible"))
"""Words that call a change small, or a price."""
OTHERS = frozenset(("models", "llms", "baselines", "methods", "than", "data", "trained", "humans"))


def describe_change(spot: Spot, kind: str, metric: str | None) -> list[str]:
    """List the features for a plus or a minus: words of change, against the metric's direction."""
    lower, group = spot.scene.sentence.lower, spot.group
    direction = _direction(metric)
    left = _left(lower, group.first)
    before, word = left[0] if left else NOTHING
    second, _ = left[1] if len(left) > 1 else NOTHING
    after, next_word = _right(spot)
    near, behind = lower[max(0, group.first - 6) : group.first], lower[group.last + 1 :][:6]
    ahead = near[-1] if near else "^"
    minus = "minus" if spot.quantity.minus is not None else ahead if ahead in "+-" else ""
    small = not SMALL.isdisjoint(near)
    others = "".join("LR"[side] for side in (0, 1) if OTHERS & set((near, behind)[side]))
    signs = _meant(after, direction), _meant(before, direction)
    first = signs[0] if signs[0] != "0" else signs[1]
    overhead = "overhead" in near or "overhead" in behind
    return [
        "1", f"dir,kind={direction} {kind}", f"metric={metric}",
        f"chg,dir={spot.change} {direction}", f"cue,dir={spot.cue} {direction}",
        f"L,dir={before} {direction}", f"Lw={word}", f"R,dir={after} {direction}",
        f"Rw={next_word}", f"LR,dir={before} {after} {direction}",
        f"L2,dir={before} {second} {direction}", f"small={small} {first} {direction}",
        f"minus,dir={minus} {direction}", f"larger={_is_of_others(lower, spot)} {after}",
        f"others={others} {first}", f"next2={' '.join(behind[:2])}", f"signs={signs}",
        f"first,kind={first} {kind}", f"overhead={overhead} {direction}",
    ]  # fmt: skip


NOTHING = ("none", "none")
LARGER = frozenset(("larger", "bigger", "more", "longer", "higher"))
THEIRS = frozenset(
    ("models", "llms", "vlms", "methods", "baselines", "counterparts", "ones", "those")
)


def _is_of_others(lower: list[str], spot: Spot) -> bool:
    """Return true for "models 12x larger" and "models trained on 12x more data"."""
    before = lower[max(0, spot.group.first - 8) : spot.group.first]
    return not THEIRS.isdisjoint(before) and not LARGER.isdisjoint(lower[spot.group.last + 1 :][:2])


def _meant(side: str, direction: str) -> str:
    """Return the sign that a word of change means, by the metric's direction."""
    if side in ("up", "down"):
        return "+" if side == "up" else "-"
    if side == "none":
        return "0"
    return "+" if (side == "better") == (direction != "lower") else "-"


def _direction(metric: str | None) -> str:
    """Return which way is better for this metric: higher, lower, or unknown; none without one."""
    if metric is None:
        return "none"
    higher = lexicon.higher_is_better(metric)
    return "unknown" if higher is None else "higher" if higher else "lower"


def _left(lower: list[str], first: int) -> list[tuple[str, str]]:
    """List the words of change before a number, the nearest first, and which way they point.

    "less than" before the number bounds it, and says nothing of a change.
    """
    found = []
    for at in range(first - 1, max(-1, first - 1 - LEFT), -1):
        if lower[at] in ENDS:
            break
        if (side := POLARITY.get(lower[at])) and lower[at + 1 : at + 2] != ["than"]:
            found.append((side, lower[at]))
    return found


def _right(spot: Spot) -> tuple[str, str]:
    """Return the first word of change behind a number, in its own phrase."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    for at in range(spot.group.last + 1, min(len(lower), spot.group.last + 1 + RIGHT)):
        word = lower[at]
        if kinds[at] == "#" or word in PHRASE_ENDS:
            break
        if side := POLARITY.get(word):
            return side, word
    return NOTHING


PHRASE_ENDS = ENDS | {",", "and", "with", "than", "over", "on", "compared", "across", "to", "when"}
