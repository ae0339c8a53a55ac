"""Split sentences into words, signs and quantities."""

import re
from collections.abc import Iterable

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
    words: list[str] = []
    _add_words(text, words, [])
    return words


def _add_words(text: str, words: list[str], odd: list[int]) -> None:
    """Add words and signs, and the indices of those that are not plain words in small letters.

    Plain words, the most frequent, take a tenth of the time.
    """
    for part in text.split():
        if part.isalpha():
            if not part.islower():
                odd.append(len(words))
            words.append(part)
        elif part[-1] in ENDS and part[:-1].isalpha():
            if not part.islower():
                odd.append(len(words))
            words.append(part[:-1])
            words.append(part[-1])
        else:
            begin = len(words)
            words += ("/" in part and _split_row(part)) or WORD.findall(part)
            odd += range(begin, len(words))


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
        self.odd: list[int] = []
        """Indices of all tokens but plain words in small letters, and points and commas."""
        self.quantities: dict[int, Quantity] = {}
        """Token index -> quantity."""


def has_capital(text: str) -> bool:
    """Return true if a capital letter of any script stands in the text."""
    if text.isascii():
        return text != text.lower()
    return any(sign.isupper() for sign in text)


class Mention:
    """A name in a sentence, tokens `first` to `last - 1`."""

    def __init__(
        self, first: int, last: int, name: str | None, text: str, *, known: bool = True
    ) -> None:
        self.first = first
        self.last = last
        self.name = name
        """Canonical name; None for a word that names no metric."""
        self.text = text
        self.known = known
        self.placed = False
        """Whether "on" or "in" stands before it, as before a dataset."""
        self.kind = ""
        """For a dataset: known, bench, model, name or word, by the look of the name."""


def tokenise(sentence: Sentence, text: str, quantities: Iterable[Quantity]) -> None:
    """Split a sentence of the cleaned text into words and quantities."""
    texts, odd, at = sentence.texts, sentence.odd, sentence.start
    for quantity in quantities:
        _add_words(text[at : quantity.start], texts, odd)
        sentence.quantities[len(texts)] = quantity
        odd.append(len(texts))
        texts.append(text[quantity.start : quantity.end])
        at = quantity.behind
    _add_words(text[at : sentence.end], texts, odd)
    lower = sentence.lower = texts.copy()
    for index in odd:
        lower[index] = texts[index].lower()
