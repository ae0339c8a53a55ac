"""Turn an abstract into word pieces with marks, as the encoder reads it.

It reads the title and the sentences in which names were looked for, as the learned weights do.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from etl.extract.candidates import Candidate
from etl.extract.number_features import Spot
from etl.extract.pipeline import Reading
from etl.extract.tokens import Mention, Sentence

LONGEST = 480
"""So many word pieces are read; few abstracts have more."""
MARKS = ("result", "other number", "metric", "dataset", "title", "capital")
"""What is marked on word pieces, in the order of their columns."""
Place = tuple[int, int]
"""The first word piece of something, and the first behind it."""


class Pieces(Protocol):
    """A text in word pieces."""

    @property
    def ids(self) -> list[int]:
        """The number of each piece."""
        ...

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Where each begins and ends in the text."""
        ...


class Tokenizer(Protocol):
    """Something that splits texts into word pieces."""

    def encode(self, sequence: str, *, add_special_tokens: bool = True) -> Pieces:
        """Split a text, with a piece before and behind it where those are asked for."""
        ...


@dataclass(slots=True)
class Document:
    """An abstract as the encoder reads it."""

    pieces: list[int]
    """Word pieces, the title's first."""
    starts: list[int]
    ends: list[int]
    """Where the pieces of the abstract begin and end in its text."""
    first: int
    """The first piece of the abstract."""
    marks: list[tuple[int, int]]
    """Pairs of a piece and what it is marked as."""

    def place(self, start: int, end: int) -> Place | None:
        """Return the pieces of a stretch of the text; None beyond what is read."""
        begin = bisect_right(self.ends, start)
        behind = bisect_left(self.starts, end)
        return (self.first + begin, self.first + behind) if begin < behind else None


def make_document(reading: Reading, results: Iterable[Spot], tokenizer: Tokenizer) -> Document:
    """Split title and text into word pieces, and mark numbers and names."""
    title = tokenizer.encode(reading.title or "").ids
    text = tokenizer.encode(reading.text, add_special_tokens=False)
    heard = [
        (piece, offset)
        for piece, offset in zip(text.ids, text.offsets, strict=True)
        if _is_heard(reading, offset[0])
    ][: LONGEST - len(title)]
    offsets = [offset for _, offset in heard]
    pieces = title + [piece for piece, _ in heard]
    first = len(title)
    made = Document(pieces, [a for a, _ in offsets], [b for _, b in offsets], first, [])
    made.marks += [(at, MARKS.index("title")) for at in range(first)]
    shown = {id(spot) for spot in results}
    for spot in reading.spots:
        kind = "result" if id(spot) in shown else "other number"
        _mark(made, kind, made.place(spot.quantity.start, spot.quantity.end))
    for scene in reading.scenes:
        if not scene.named:
            continue
        words = word_places(scene.sentence, reading.text)
        for kind, mentions in (("metric", scene.metrics), ("dataset", scene.datasets)):
            for mention in mentions:
                _mark(made, kind, made.place(*_stretch(words, mention)))
    for at, (start, end) in enumerate(offsets, start=first):
        piece = reading.text[start:end]
        if piece.isalnum() and any(map(str.isupper, piece)):
            made.marks.append((at, MARKS.index("capital")))
    return made


def _is_heard(reading: Reading, at: int) -> bool:
    """Return true if names were looked for in the sentence at this offset."""
    index = bisect_right(reading.scenes, at, key=lambda scene: scene.sentence.start) - 1
    return index >= 0 and reading.scenes[index].named


def _mark(document: Document, kind: str, place: Place | None) -> None:
    if place is not None:
        number = MARKS.index(kind)
        document.marks += [(at, number) for at in range(*place)]


def word_places(sentence: Sentence, text: str) -> list[tuple[int, int]]:
    """Return where each token of a sentence begins and ends in the text."""
    found, at = [], sentence.start
    for index, word in enumerate(sentence.texts):
        quantity = sentence.quantities.get(index)
        begin = text.find(word, at) if quantity is None else quantity.start
        if begin < 0 or begin >= sentence.end:
            begin = at
        at = begin + len(word) if quantity is None else max(quantity.behind, begin)
        found.append((begin, at if quantity is None else quantity.end))
    return found


def _stretch(words: Sequence[tuple[int, int]], mention: Mention) -> tuple[int, int]:
    return words[mention.first][0], words[mention.last - 1][1]


HERE = frozenset(("name beside", "name in sentence", "dataset in sentence"))
"""Rules that propose the names of the number's own sentence, in order."""
BEFORE = frozenset(("sentence before", "dataset before"))
BEHIND = frozenset(("sentence after",))
AGAIN = "as the number before"


def find_places(
    spot: Spot, candidates: Sequence[Candidate], text: str, before: Spot | None
) -> list[tuple[int, int] | None]:
    """Find where each candidate stands in the text; None for what stands nowhere."""
    found: list[tuple[int, int] | None] = []
    sentence, seen = spot.scene.sentence, dict[str, int]()
    for candidate in candidates:
        if not candidate.text:
            again = before.quantity if before and candidate.rule == AGAIN else None
            found.append((again.start, again.end) if again else None)
            continue
        places = occurrences(candidate.text, text)
        if candidate.rule in HERE:
            inside = [place for place in places if sentence.start <= place[0] < sentence.end]
            order = seen.get(candidate.text, 0)
            seen[candidate.text] = order + 1
            found.append(inside[order] if order < len(inside) else _nearest(spot, places))
            continue
        if candidate.rule in BEFORE:
            places = [place for place in places if place[1] <= sentence.start] or places
            found.append(places[-1] if places else None)
        elif candidate.rule in BEHIND:
            places = [place for place in places if place[0] >= sentence.end] or places
            found.append(places[0] if places else None)
        else:
            found.append(_nearest(spot, places))
    return found


def _nearest(spot: Spot, places: list[tuple[int, int]]) -> tuple[int, int] | None:
    at = spot.quantity.start
    return min(places, key=lambda place: abs(place[0] - at), default=None)


def occurrences(name: str, text: str) -> list[tuple[int, int]]:
    """Return where words stand in a text, in order; where they are parted, where the last does."""
    found = [match.span() for match in _pattern(name).finditer(text)]
    if found or " " not in name:
        return found
    return [match.span() for match in _pattern(name.rsplit(" ", 1)[-1]).finditer(text)]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\s*".join(map(re.escape, name.split())))
