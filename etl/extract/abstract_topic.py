"""Find which dataset a whole abstract is about: its own benchmark, and names called one."""

import re
from dataclasses import dataclass, field

from etl.extract import lexicon
from etl.extract.annotated_sentence import Scene
from etl.extract.dataset_mentions import kind_of, looks_like_model
from etl.extract.tokens import Mention, split_words


@dataclass(slots=True)
class Topic:
    """The datasets that the abstract as a whole is about."""

    own: str | None = None
    """The benchmark that the paper itself introduces."""
    flags: dict[str, str] = field(default_factory=dict)
    """What speaks for a name being a dataset: T in the title, I introduced, B called so."""
    counts: dict[str, int] = field(default_factory=dict)
    """How often each name stands in the abstract."""
    known: int = 0
    """How many different names look like datasets."""
    methods: frozenset[str | None] = frozenset()
    """What the paper calls its own method, if the names are no benchmark's."""
    looks: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """The features of each name, by its kind, that all numbers share."""


SHOWN_NOUNS = frozenset(
    ("benchmark", "dataset", "testbed", "suite", "corpus", "benchmarks", "datasets", "database",
     "register", "registry", "challenge", "leaderboard", "cohort", "collection")
)  # fmt: skip

MAKING = lexicon.words("making")


def find_topic(title: str | None, scenes: list[Scene], text: str) -> Topic:
    """Collect what the abstract says of each name, and find the paper's own benchmark."""
    topic = Topic()
    head = (title or "").split(":")[0].strip()
    about = bool(title) and not SHOWN_NOUNS.isdisjoint(split_words((title or "").lower()))
    marks: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for scene in scenes:
        if not scene.datasets:
            continue
        lower = scene.sentence.lower
        shown = not SHOWN_NOUNS.isdisjoint(lower)
        tested = not EVALUATING.isdisjoint(lower)
        for mention in scene.datasets:
            name = mention.name or ""
            topic.counts[name] = topic.counts.get(name, 0) + 1
            mine = marks.setdefault(name, set())
            kinds[name] = kind_of(mention)
            if name == head:
                mine.add("H" if about else "T")
            if shown and _called(lower, mention):
                mine.add("B")
            if tested and not EVALUATING.isdisjoint(
                lower[max(0, mention.first - NEAR) : mention.first]
            ):
                mine.add("E")
            if shown and _introduced(lower, mention):
                mine.add("I")
    topic.flags = {name: "".join(sorted(mine)) for name, mine in marks.items()}
    topic.known = sum(
        1 for name, kind in kinds.items() if kind in ("known", "bench") or "B" in topic.flags[name]
    )
    topic.own = _find_own(topic, kinds, head) or _from_title(
        head, text, about=about or bool(JUDGING.search(title or ""))
    )
    return topic


def _find_own(topic: Topic, kinds: dict[str, str], head: str) -> str | None:
    """Find the name that is introduced as a benchmark, else the benchmark in the title."""
    for wanted in ("H", "I", "T"):
        found = [
            name
            for name, flags in topic.flags.items()
            if wanted in flags
            and kinds[name] != "model"
            and (wanted != "T" or kinds[name] == "bench" or "B" in flags)
        ]
        if found:
            return max(
                found, key=lambda name: (name == head, kinds[name] == "bench", topic.counts[name])
            )
    return None


BREAKS = frozenset((",", ".", ";", "(", ")", "and", "on", "in", "with", "by", "as", "is", "for"))
"""Words that part a name from the noun behind it."""
CALLING = frozenset((":", "(", '"', "called", "named", "dubbed", "-", "'"))
"""Words between a noun and the name that it announces."""
NEAR = 14
EVALUATING = frozenset(
    ("evaluate", "evaluated", "evaluation", "evaluations", "evaluating", "validated", "validate",
     "validation", "tested", "test", "experiments", "benchmarked", "trained", "dataset", "datasets",
     "data", "benchmarks", "images", "using")
)  # fmt: skip
"""Words before the name of what a paper evaluates on."""

JUDGING = re.compile(r": .*\b(?:[Ee]valuat(?:ing|ion)|[Bb]enchmarking)\b")
"""A title that is likely a benchmark's: "X: Evaluating ..."."""

OURS = re.compile(
    r"\b(?:[Tt]h(?:is|e)|[Oo]ur|[Ww]e \w+ an?) (?:[\w-]+ ){0,3}"
    r"(?:benchmark|dataset|testbed|corpus)\b"
)


def _from_title(head: str, text: str, *, about: bool) -> str | None:
    """Return the name before the title's colon, if title or text speak of it as a benchmark."""
    if len(head.split()) > 3 or len(head) < 4 or head[1:].islower() or looks_like_model(head):
        return None
    if about or (head in text and OURS.search(text)):
        return head
    return None


def _called(lower: list[str], mention: Mention) -> bool:
    """Return true if "X benchmark", "the dataset X" or "X, a benchmark" stands here."""
    after = lower[mention.last : mention.last + 4]
    before = lower[max(0, mention.first - 2) : mention.first]
    if not SHOWN_NOUNS.isdisjoint(after[:2]) or (before and before[-1] in SHOWN_NOUNS):
        return True
    if before and before[0] in SHOWN_NOUNS and before[-1] in CALLING:
        return True
    if not SHOWN_NOUNS.isdisjoint(after[2:]) and BREAKS.isdisjoint(after[:3]):
        return True
    if "from" in before:
        return not SHOWN_NOUNS.isdisjoint(lower[max(0, mention.first - NEAR) : mention.first])
    return after[:1] == [","] and not SHOWN_NOUNS.isdisjoint(lower[mention.last : mention.last + 9])


def _introduced(lower: list[str], mention: Mention) -> bool:
    """Return true if "introduce X, a ... benchmark" or "a benchmark called X" stands here."""
    before = lower[max(0, mention.first - 12) : mention.first]
    after = lower[mention.last : mention.last + 12]
    if MAKING.isdisjoint(before):
        return False
    return not SHOWN_NOUNS.isdisjoint(after) or not SHOWN_NOUNS.isdisjoint(before)
