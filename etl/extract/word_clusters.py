"""Groups of words that keep the same company, from thousands of abstracts."""

import json
from functools import cache
from importlib.resources import files

UNKNOWN = ("?", "?")


@cache
def _table() -> dict[str, tuple[str, str]]:
    content: dict[str, str] = json.loads(
        (files(__package__) / "clusters.json").read_text(encoding="utf-8")
    )
    found = {}
    for word, groups in content.items():
        coarse, _, fine = groups.partition(" ")
        found[word] = (coarse, fine)
    return found


def coarse(word: str) -> str:
    """Number of the word's coarse group, as text; the sign itself for punctuation."""
    return _table().get(word, UNKNOWN)[0] if word[0].isalpha() else word


def fine(word: str) -> str:
    """Number of the word's fine group, as text; the sign itself for punctuation."""
    return _table().get(word, UNKNOWN)[1] if word[0].isalpha() else word
