"""Clusters of words that occur in the same contexts, learned from thousands of abstracts."""

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


def clusters(word: str) -> tuple[str, str]:
    """Return the numbers of the word's coarse and fine clusters; punctuation stands for itself."""
    return _table().get(word, UNKNOWN) if word[0].isalpha() else (word, word)


def coarse(word: str) -> str:
    """Return the number of the word's coarse cluster, as text; punctuation stands for itself."""
    return _table().get(word, UNKNOWN)[0] if word[0].isalpha() else word


def fine(word: str) -> str:
    """Return the number of the word's fine cluster, as text; punctuation stands for itself."""
    return _table().get(word, UNKNOWN)[1] if word[0].isalpha() else word
