"""Complete the name of a model that a text gives in parts: its size, and the name of its family."""

import re

from etl.extract.annotated_sentence import Scene
from etl.extract.dataset_mentions import looks_like_model
from etl.extract.model_candidates import NO_NAMES, OwnNames, model_names
from etl.extract.number_features import Spot
from etl.extract.tokens import Mention, Sentence

VARIANTS = frozenset(
    ("Tiny", "Small", "Base", "Large", "Huge", "Giant", "Nano", "Micro", "Mini", "Medium", "XL",
     "XXL", "Lite")
)  # fmt: skip
"""Words that tell apart the sizes of one model, and name none by themselves."""
SIZE = re.compile(r"\d+(?:\.\d+)?[BM]")
MIXED = re.compile(r"[A-Z]\w*[A-Z]\w*[a-z]\w*|\w*[a-z]\w*[A-Z]\w*|[A-Z]\w*\d\w*")
"""A word that is a name by its look."""
VERSION = re.compile(r"v?\d{1,2}(?:\.\d{1,2})?")
COUNTED = frozenset(("parameters", "parameter", "params", "tokens", "-"))

LISTING = (["and"], ["/"], [","], ["or"])


def full_name(
    name: str | None, spot: Spot, own: OwnNames, text: str, earlier: list[Scene]
) -> str | None:
    """Return the whole name of the model that a number's sentence calls by this one.

    "Llama 3.1 70B" for the "Llama 3.1" before that size, "Foo 3.5 Flash" for that "Flash", and
    "FooNet-Tiny" for the "Tiny" of a paper on FooNet: of what the text calls its own, else of what
    begins the nearest sentence.
    """
    if name in VARIANTS:
        printed = [known for known in (own.called, own.title) if known and known in text]
        family = next(iter(printed), None) or _subject(earlier) or own.title
        return name if family is None else f"{family}-{name}"
    places = [mention for mention in model_names(spot.scene) if mention.text == name]
    if name is None or not places:
        return name
    if (whole := _with_base(spot, places)) is not None:
        return whole
    nearest = min(places, key=lambda place: abs(place.last - spot.at))
    if own.title is not None and _is_cut(spot.scene.sentence, nearest, own.title):
        return own.title
    if (family := _versioned(spot.scene.sentence, nearest.first)) is not None:
        return f"{family} {name}"
    is_sized = looks_like_model(name) or name in (own.title, own.called)
    size = _size(spot.scene.sentence, nearest.last) if is_sized else None
    return name if size is None else f"{name} {size}"


def _is_cut(sentence: Sentence, name: Mention, title: str) -> bool:
    """Return true for the "Quill" of "Quill S", and of "MR. Quill" where a sentence ends there."""
    before, _, after = title.partition(name.text)
    if before.endswith(". ") and not after:
        return name.first == 0
    words = after.split()
    is_begun = not before and after.startswith(" ")
    return is_begun and sentence.texts[name.last : name.last + len(words)] == words


def _with_base(spot: Spot, places: list[Mention]) -> str | None:
    """Return "A with B" for that B where "A with B achieves" stands before the number."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    before = [place for place in places if 1 < place.first < spot.at]
    if not before or lower[before[-1].first - 1] != "with":
        return None
    name = before[-1]
    if name.last >= len(kinds) or kinds[name.last] not in ("ACH", "OUT"):
        return None
    bases = [base for base in model_names(spot.scene) if base.last == name.first - 1]
    return f"{bases[0].text} with {name.text}" if bases else None


def _versioned(sentence: Sentence, first: int) -> str | None:
    """Return the "Foo 3.5" before "Flash"."""
    if first < 2:
        return None
    family, version = sentence.texts[first - 2 : first]
    is_name = family[0].isupper() and family.lower() not in NO_NAMES
    return f"{family} {version}" if is_name and VERSION.fullmatch(version) else None


def _size(sentence: Sentence, at: int) -> str | None:
    """Return the size of a model at this token, unless it counts something."""
    is_size = at in sentence.quantities and SIZE.fullmatch(sentence.texts[at]) is not None
    is_counted = not COUNTED.isdisjoint(sentence.lower[at + 1 : at + 2])
    is_listed = sentence.lower[at + 1 : at + 2] in LISTING and at + 2 in sentence.quantities
    return sentence.texts[at] if is_size and not (is_counted or is_listed) else None


def _subject(earlier: list[Scene]) -> str | None:
    """Return the name that a sentence begins with, the nearest one."""
    firsts = [scene.sentence.texts[0] for scene in earlier if scene.sentence.texts]
    return next((word for word in reversed(firsts) if MIXED.fullmatch(word)), None)
