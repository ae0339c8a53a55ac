"""Annotate a tokenised sentence with the metrics, datasets and lists found in it."""

from bisect import bisect_left, bisect_right
from itertools import repeat
from operator import attrgetter

from etl.extract.number_lists import Group
from etl.extract.tokens import Mention, Sentence
from etl.extract.word_classes import WORD_CLASSES


class Scene:
    """A tokenised sentence with the metrics, datasets, tasks and number lists found in it."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.metrics: list[Mention] = []
        self.datasets: list[Mention] = []
        self.named = False
        """Whether metrics and datasets were looked for."""
        self.groups: list[Group] = []
        self.classes: list[str] = []
        """Class of each token, quantities as "#"; empty while the sentence is not tokenised."""
        self.outline: list[str] = []
        """The same with each metric as one "M" and nothing ("") for the rest of it and for
        brackets."""
        self.about: list[str] | None = None
        """Features that all numbers of the sentence share."""
        self.rows: dict[Mention, list[Mention]] = {}
        """The lists of datasets that stand in it, by each member."""
        self.models: list[Mention] | None = None
        """Names that may be of models; None until a result asks for them."""
        self.tasks: list[Mention] | None = None
        """Tasks named in it; None until a record asks for them."""


PLAIN = repeat("w")
"""The class of all other words."""


def classes(sentence: Sentence) -> list[str]:
    """Return the word class of every token, for patterns."""
    found = list(map(WORD_CLASSES.get, sentence.lower, PLAIN))
    for at in sentence.quantities:
        found[at] = "#"
    return found


def outline(scene: Scene) -> list[str]:
    """Return the sentence's classes with metrics as "M" and without brackets; computed once."""
    if not scene.outline:
        found = list(scene.classes)
        for mention in scene.metrics:
            if mention.name:
                found[mention.first : mention.last] = ["M"] + [""] * (
                    mention.last - mention.first - 1
                )
        opened = None
        for at, word in enumerate(scene.sentence.texts):
            if word == "(":
                opened = at
            elif word == ")" and opened is not None:
                if at - opened <= 7:
                    found[opened : at + 1] = [""] * (at + 1 - opened)
                opened = None
        scene.outline = found
    return scene.outline


def between(scene: Scene, first: int, last: int, at: int) -> list[str]:
    """Return the classes between two tokens, folded unless the number itself is in brackets."""
    folded = outline(scene)
    source = folded if folded[at] else scene.classes
    return [word for word in source[first:last] if word]


def order_feature(scene: Scene, group: Group, mention: Mention, names: list[Mention]) -> str:
    """Describe how names and lists of numbers alternate, and where this name stands.

    "on A 1 and on B 2" is prefix, "1 on A and 2 on B" suffix; the neighbour is L or R with the
    number of lists and of names in between.
    """
    groups = scene.groups
    first_name, last_name = names[0].first, names[-1].first
    begins = "D" if first_name < groups[0].first else "N"
    ends = "D" if last_name > groups[-1].last else "N"
    if mention.first > group.last:
        side, low, high = "R", group.last, mention.first
    else:
        side, low, high = "L", mention.first, group.first
    numbers = 0
    if len(groups) > 1:
        begun = bisect_right(groups, low, key=_first)
        numbers = bisect_left(groups, high, begun, min(begun + 2, len(groups)), key=_first) - begun
    between = sum([low < other.first < high for other in names])
    return f"order={begins}{ends} {side} {numbers} {min(between, 2)}"


_first = attrgetter("first")


def crossing(words: list[str]) -> bool:
    """Return true if a clause ends among these words."""
    return not CLAUSES.isdisjoint(words)


CLAUSES = frozenset((";", "while", "whereas", "which", "but"))
