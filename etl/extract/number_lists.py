"""Group the numbers of a sentence into lists, and recognise "from A to B" and "A vs. B"."""

from etl.extract import lexicon
from etl.extract.quantity import Quantity
from etl.extract.tokens import Sentence

LIST_SIGNS = lexicon.words("list_signs")
GLUE_ONLY = frozenset(("up", "about", "around", "an", "a", "by", "respectively", "-"))
"""Words that may stand between two members, but do not make a list by themselves."""
UNITLESS_FIRST = frozenset(("%", "pp", "x", "FPS", "dB", "ms", "s", "kbps", "mm", "min", "h"))


class Group:
    """Numbers that are listed together: "82.2% and 84.3%"."""

    def __init__(self, at: int) -> None:
        self.members = [at]
        """Token indices."""
        self.first = at
        """Token index of the first member."""
        self.last = at
        """Token index of the last member."""
        self.is_change = False
        """"from A to B"."""
        self.versus = False
        """"A vs. B"."""
        self.turn = 1
        """Index of the first member behind "to" or "vs."."""


def find_groups(sentence: Sentence, usable: list[int]) -> list[Group]:
    """Group these quantities into lists, in order; a lone number is a list of one."""
    groups: list[Group] = []
    for at in usable:
        if groups and _joins(sentence, groups[-1].last, at):
            groups[-1].members.append(at)
            groups[-1].last = at
        else:
            groups.append(Group(at))
    for group in groups:
        _settle(sentence, group)
    return groups


def _joins(sentence: Sentence, left: int, right: int) -> bool:
    between = sentence.lower[left + 1 : right]
    if not between or len(between) > 4 or not LIST_SIGNS.issuperset(between):
        return False
    if GLUE_ONLY.issuperset(between):
        return False
    a, b = sentence.quantities[left], sentence.quantities[right]
    if a.unit == b.unit or _is_with_ratio(a, b):
        return True
    return a.unit is None and not a.points and not a.scaled


def _is_with_ratio(left: Quantity, right: Quantity) -> bool:
    """Return true for the PSNR and the SSIM of "31.2 dB/0.912"."""
    return left.unit == "dB" and right.unit is None and right.decimal and right.value <= 1


def _settle(sentence: Sentence, group: Group) -> None:
    """Note the kind of list, and let a unit at its end count for all of it."""
    if len(group.members) < 2:
        return
    between = sentence.lower[group.first + 1 : group.last]
    before = sentence.lower[max(0, group.first - 3) : group.first]
    group.is_change = "to" in between and ("from" in before or between == ["to"])
    group.is_change = group.is_change or "→" in between
    group.versus = not VERSUS.isdisjoint(between)
    if group.is_change or group.versus:
        group.turn = _turn(sentence, group)
    last = sentence.quantities[group.last]
    for at in group.members[:-1]:
        _share_unit(sentence.quantities[at], last)


VERSUS = frozenset(("vs", "vs.", "versus", "v.s"))
TURNS = VERSUS | {"to", "→"}


def _turn(sentence: Sentence, group: Group) -> int:
    """Return which member is the first behind the sign that parts the list."""
    for index, at in enumerate(group.members[1:], start=1):
        if not TURNS.isdisjoint(sentence.lower[group.members[index - 1] + 1 : at]):
            return index
    return 1


def _share_unit(member: Quantity, last: Quantity) -> None:
    if last.unit == "dB" and member.value <= 1 < last.value:
        return  # an SSIM before its PSNR
    if member.unit is None and last.unit in UNITLESS_FIRST and not member.scaled:
        member.unit = last.unit
