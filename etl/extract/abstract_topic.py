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


SHOWN_NOUNS = frozenset(
    ("benchmark", "dataset", "testbed", "suite", "corpus", "benchmarks", "datasets")
)

MAKING = lexicon.words("making")


def find_topic(title: str | None, scenes: list[Scene], text: str) -> Topic:
    """Collect what the abstract says of each name, and find the paper's own benchmark."""
    topic = Topic()
    head = (title or "").split(":")[0].strip()
    about = bool(title) and not SHOWN_NOUNS.isdisjoint(split_words((title or "").lower()))
    marks: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for scene in scenes:
        lower = scene.sentence.lower
        shown = bool(scene.datasets) and not SHOWN_NOUNS.isdisjoint(lower)
        for mention in scene.datasets:
            name = mention.name or ""
            topic.counts[name] = topic.counts.get(name, 0) + 1
            mine = marks.setdefault(name, set())
            kinds[name] = kind_of(mention)
            if name == head:
                mine.add("H" if about else "T")
            if shown and _called(lower, mention):
                mine.add("B")
            if shown and _introduced(lower, mention):
                mine.add("I")
    topic.flags = {name: "".join(sorted(mine)) for name, mine in marks.items()}
    topic.known = sum(
        1 for name, kind in kinds.items() if kind in ("known", "bench") or "B" in topic.flags[name]
    )
    topic.own = _find_own(topic, kinds, head) or _from_title(head, text)
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


OURS = re.compile(
    r"\b(?:[Tt]his|[Oo]ur|we \w+ a) (?:[\w-]+ ){0,3}(?:benchmark|dataset|testbed|corpus)\b"
)


def _from_title(head: str, text: str) -> str | None:
    """Return the name before the title's colon, if the text uses it and speaks of its benchmark."""
    if " " in head or len(head) < 4 or head[1:].islower() or head not in text:
        return None
    return head if OURS.search(text) and not looks_like_model(head) else None


def _called(lower: list[str], mention: Mention) -> bool:
    """Return true if "X benchmark", "the dataset X" or "X, a benchmark" stands here."""
    after = lower[mention.last : mention.last + 4]
    before = lower[max(0, mention.first - 2) : mention.first]
    if not SHOWN_NOUNS.isdisjoint(after[:2]) or not SHOWN_NOUNS.isdisjoint(before):
        return True
    return after[:1] == [","] and not SHOWN_NOUNS.isdisjoint(lower[mention.last : mention.last + 9])


def _introduced(lower: list[str], mention: Mention) -> bool:
    """Return true if "introduce X, a ... benchmark" or "a benchmark called X" stands here."""
    before = lower[max(0, mention.first - 12) : mention.first]
    after = lower[mention.last : mention.last + 12]
    if MAKING.isdisjoint(before):
        return False
    return not SHOWN_NOUNS.isdisjoint(after) or not SHOWN_NOUNS.isdisjoint(before)
