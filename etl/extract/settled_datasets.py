"""Settle a number's dataset where lists of numbers, or headings in a row, leave no choice."""

from etl.extract.number_features import Spot
from etl.extract.tokens import Mention

History = list[tuple[Spot, str | None]]
NEAR = 10
"""So many words behind a list may name datasets of its own."""


def settle_dataset(spot: Spot, named: list[Mention], history: History) -> str | None:
    """Return the dataset of a number, None where the grammar does not settle it."""
    if len(spot.group.members) > 1 and (name := _echoed(spot, named, history)) is not None:
        return name
    return _headed(spot, named) if len(named) > 1 else None


def _echoed(spot: Spot, named: list[Mention], history: History) -> str | None:
    """Read "69.6 on A and 45.7 on B, exceeding the baseline by 26 and 15 points": A has the 26.

    The list may stand in the next sentence, if that names no dataset.
    """
    group = spot.group
    if group.is_change or group.versus or _is_own_row(spot, named):
        return None
    index = spot.scene.sentence.index
    earlier = [
        (other, name)
        for other, name in history[-MOST:]
        if other.scene is not spot.scene or other.at < group.first
    ]
    names = [name for other, name in earlier if other.scene is spot.scene][-len(group.members) :]
    if not names and not named:
        names = [name for other, name in earlier if other.scene.sentence.index == index - 1]
    if len(names) != len(group.members) or None in names or len({*names}) != len(names):
        return None
    return names[spot.member]


MOST = 24
"""So many numbers before a list are looked at."""


def _is_own_row(spot: Spot, named: list[Mention]) -> bool:
    """Return true if a dataset stands right behind the list."""
    last = spot.group.last
    return any(last < mention.first < last + NEAR for mention in named)


HEADING = frozenset(("(", ";", "^"))


def _headed(spot: Spot, named: list[Mention]) -> str | None:
    """Read "(A: recall: 71%, precision: 64%; B: recall: 69%, precision: 61%)"."""
    lower = spot.scene.sentence.lower
    if ";" not in lower or ":" not in lower:
        return None
    heads = [
        mention
        for mention in named
        if lower[mention.last : mention.last + 1] == [":"]
        and (lower[mention.first - 1] if mention.first else "^") in HEADING
    ]
    before = [mention for mention in heads if mention.last <= spot.at]
    if not before or not any(lower[head.first - 1] == ";" for head in heads[1:]):
        return None
    return before[-1].name if ";" not in lower[before[-1].last : spot.at] else None
