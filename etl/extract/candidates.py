"""Candidate names for a number, and the relations between names, lists and numbers."""

from bisect import bisect

from etl.extract.annotated_sentence import Scene
from etl.extract.number_features import Spot
from etl.extract.tokens import Mention
from etl.extract.word_classes import FILLERS


class Candidate:
    """A name that a number may belong to, the rule that proposed it, and its features."""

    def __init__(
        self,
        name: str | None,
        rule: str,
        text: str = "",
        features: list[str] | None = None,
        probability: float = 0.0,
    ) -> None:
        self.name = name
        self.rule = rule
        self.text = text
        self.features: list[str] = [] if features is None else features
        self.probability = probability


MOST_NAMES = 24
"""So many names of a sentence are compared with a number; sentences of people have fewer."""


def nearest(mentions: list[Mention], at: int) -> list[Mention]:
    """Return the names around a token, in order: all of them, unless a text has very many."""
    if len(mentions) <= MOST_NAMES:
        return mentions
    middle = bisect(mentions, at, key=lambda mention: mention.first)
    begin = max(0, min(middle - MOST_NAMES // 2, len(mentions) - MOST_NAMES))
    return mentions[begin : begin + MOST_NAMES]


def claims(spot: Spot, mention: Mention) -> list[str]:
    """List the sides on which another number stands so near that the name may belong to it."""
    kinds, lower = spot.scene.classes, spot.scene.sentence.lower
    members = spot.group.members
    found = []
    if mention.first and kinds[mention.first - 1] == "#" and mention.first - 1 not in members:
        found.append("left")
    at = mention.last
    while (
        at < len(kinds) and at - mention.last < 4 and (lower[at] in FILLERS or lower[at] in CLAIM)
    ):
        at += 1
    if at < len(kinds) and kinds[at] == "#" and at not in members:
        found.append("right")
    return found


CLAIM = frozenset(("of", "by", "from", "(", ":", "is", "to", "=", "+", "-"))


def find_row(scene: Scene, mention: Mention, mentions: list[Mention]) -> list[Mention]:
    """Find the list of names that contains this mention."""
    at = mentions.index(mention)
    row = [mention]
    for other in reversed(mentions[:at]):
        if not listed(scene, other.last, row[0].first):
            break
        row.insert(0, other)
    for other in mentions[at + 1 :]:
        if not listed(scene, row[-1].last, other.first):
            break
        row.append(other)
    return row


def listed(scene: Scene, first: int, last: int) -> bool:
    """Return true if only a comma, a slash or "and" stands between two names."""
    between = scene.sentence.lower[first:last]
    if "#" in scene.classes[first:last]:
        return False
    if between[:1] == ["("] and ")" in between:
        between = between[between.index(")") + 1 :]
    return 0 < len(between) <= 3 and LISTING.issuperset(between)


VERBS = frozenset(("ACH", "IMP", "RED", "OUT", "ACC", "KEEP"))

LISTING = frozenset((",", "/", "|", "&", "and", "or", "the"))


def relate(before: Spot, spot: Spot) -> str:
    """Describe how two numbers relate: in one list, in one sentence, or further apart."""
    if before.group is spot.group:
        return "list"
    gap = spot.scene.sentence.index - before.scene.sentence.index
    if gap:
        return "next" if gap == 1 else "later"
    kinds = spot.scene.classes[before.at + 1 : spot.at]
    if len(kinds) <= 3:
        return "beside"
    verb = "" if VERBS.isdisjoint(kinds) else "verb"
    for mention in spot.scene.metrics:
        if before.at < mention.first < spot.at and mention.name:
            return f"sentence name {verb}"
    return f"sentence  {verb}"
