"""Split sentences into words, signs and quantities."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from etl.extract.quantity import Quantity

WORD = re.compile(
    r"[^\W\d][\w]*(?:(?:[-@&+^*]|'(?!s\b)|/(?=\d)|:(?=0\.\d)|\.(?=\d)|\.(?=[a-z]\b))\w+)*(?:\+{1,2}(?!\w))?"
    r"|\d[\w.,]*\w(?:-[\w.]+)*|\d|--|[^\w\s]"
)


def split_words(text: str) -> list[str]:
    """Split a name into words and signs.

    >>> split_words("Mip-NeRF 360, top-1 on ViT-S/16")
    ['Mip-NeRF', '360', ',', 'top-1', 'on', 'ViT-S/16']
    """
    return _words(text)


def _words(text: str) -> list[str]:
    """Split into words and signs; plain words, the most frequent, take a tenth of the time."""
    found: list[str] = []
    add = found.append
    for part in text.split():
        if part.isalpha():
            add(part)
        elif part[-1] in ENDS and part[:-1].isalpha():
            found += (part[:-1], part[-1])
        elif "/" in part and (row := _split_row(part)):
            found += row
        else:
            found += WORD.findall(part)
    return found


ROW = re.compile(r"\(?(([A-Za-z]{1,9})([-@]))(\w{1,4}(?:/\w{1,4}){1,4})([,;:.)]?)")
PRF = re.compile(r"\(?(P(?:rec)?/R(?:ec)?/F(?:1|-1|1-score)?)([,;:.)]?)")
PRF_NAMES = ("precision", "/", "recall", "/", "F1")


def _split_row(part: str) -> list[str]:
    """Read names that share their beginning: "ROUGE-1/2/L" is "ROUGE-1 / ROUGE-2 / ROUGE-L"."""
    opened = ["("] if part[0] == "(" else []
    if match := PRF.fullmatch(part):
        return [*opened, *PRF_NAMES, *match.group(2)]
    match = ROW.fullmatch(part)
    if match is None or match.group(2).lower() not in SHARED_NAMES:
        return []
    ends = match.group(4).split("/")
    named = [word for end in ends for word in (match.group(1) + end, "/")]
    return [*opened, *named[:-1], *match.group(5)]


SHARED_NAMES = frozenset(
    ("rouge", "r", "recall", "ndcg", "hit", "hits", "hr", "mrr", "precision", "p", "pass", "bleu",
     "map", "ap", "top", "avg", "maj")
)  # fmt: skip
"""Beginnings of metrics that differ by a number or letter behind "-" or "@"."""

ENDS = frozenset(",.;:)")
"""Signs behind a plain word, which stand for themselves."""


class Sentence:
    """One sentence as parallel lists; a quantity is one token."""

    def __init__(self, start: int, end: int, index: int) -> None:
        self.start = start
        self.end = end
        self.index = index
        self.texts: list[str] = []
        self.lower: list[str] = []
        self.quantities: dict[int, Quantity] = {}
        """Token index -> quantity."""


@dataclass(slots=True, eq=False)
class Mention:
    """A name in a sentence, tokens `first` to `last - 1`."""

    first: int
    last: int
    name: str | None
    """Canonical name; None for a word that names no metric."""
    text: str
    known: bool = True
    placed: bool = False
    """Whether "on" or "in" stands before it, as before a dataset."""
    kind: str = ""
    """For a dataset: known, bench, model, name or word, by the look of the name."""


def tokenise(sentence: Sentence, text: str, quantities: Iterable[Quantity]) -> None:
    """Split a sentence of the cleaned text into words and quantities."""
    texts, at = sentence.texts, sentence.start
    for quantity in quantities:
        texts += _words(text[at : quantity.start])
        sentence.quantities[len(texts)] = quantity
        texts.append(text[quantity.start : quantity.end])
        at = quantity.behind
    texts += _words(text[at : sentence.end])
    sentence.lower = [word.lower() for word in texts]
