"""Split texts into words as search compares them: no case, no accents, CJK, C++.

A full-text index splits texts in its own way: it takes "C++" for "C", a run of Chinese for one
word, and "ł" for no kind of "l". `search_words` writes what it would miss beside the text, and a
search is put in the same words.
"""

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

AROUND = 3
"""Words on each side of one that is written anew, so that phrases hold there too."""

NEAR = 80
"""Characters on each side of such a word that nearly always hold more words than that."""

CJK = (
    "\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003fffd"
)
"""Chinese, Japanese and Korean characters, as a class of a regular expression."""

_SIGNS = {"++": "plusplus", "+": "plus", "#": "sharp", "*": "star"}
_WORD = re.compile(r"(?<![^\W_])[A-Za-z]\*(?![\w*])|[^\W_]+(?:\+{1,2}(?![^\W_]|\+)|#(?![^\W_]|#))?")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_SIGNED = re.compile(
    r"\+(?<=[^\W_]\+)\+?(?![^\W_]|\+)|#(?<=[^\W_]#)(?![^\W_]|#)"
    r"|\*(?<=(?<![^\W_])[A-Za-z]\*)(?![\w*])"
)
"""Signs that are part of a word, as in `_WORD`."""
_SPECIAL = re.compile(r"[^\W\x00-\x7f]+|[+#*]")
"""What a word holds that the index may miss."""
_FOREIGN = re.compile(r"[^\W\x00-\x7f]|[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
     "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k"}
)  # fmt: skip
"""Letters that Unicode takes for letters of their own -> what people type for them."""


class Token(Struct, frozen=True):
    """A word of a text, as it is compared, with its offsets."""

    text: str
    start: int
    end: int


def folded(text: str) -> str:
    """Fold case and accents, and keep everything else.

    >>> folded("Łódź, Müller & Straße")
    'lodz, muller & strasse'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in apart if not unicodedata.combining(c)).casefold()
    return unicodedata.normalize("NFC", plain.translate(_LETTERS))


def tokens(text: str) -> list[str]:
    """Split a text into words as they are compared.

    >>> tokens("Scale-aware C++ for Łódź, 中文模型")
    ['scale', 'aware', 'cplusplus', 'for', 'lodz', '中', '文', '模', '型']
    >>> tokens("A* search and k-means++")
    ['astar', 'search', 'and', 'k', 'meansplusplus']
    """
    if text.isascii() and not _has_signs(text):
        return _PLAIN_WORD.findall(text.lower())
    return [token.text for token in placed_tokens(unicodedata.normalize("NFC", text))]


def placed_tokens(text: str) -> Iterator[Token]:
    """Split a text into words as they are compared, each with its place in the text."""
    for match in _WORD.finditer(text):
        word = match.group()
        stem = word.rstrip("+#*")
        sign = _SIGNS.get(word[len(stem) :], "")
        if stem.isascii():
            yield Token(stem.lower() + sign, *match.span())
        else:
            yield from _apart(stem, sign, match.start(), match.end())


def _apart(stem: str, sign: str, start: int, end: int) -> Iterator[Token]:
    """Take a word apart where CJK characters stand in it."""
    found = list(re.finditer(f"[{CJK}]|[^{CJK}]+", stem))
    for piece in found:
        is_last = piece is found[-1]
        until = end if is_last else start + piece.end()
        own_sign = "" if re.match(f"[{CJK}]", piece.group()) or not is_last else sign
        text = "".join(re.findall(r"[^\W_]+", folded(piece.group())))
        if text:
            yield Token(text + own_sign, start + piece.start(), until)


def search_words(*texts: str | None) -> str | None:
    """Write the words that a full-text index misses, with some context; None for none.

    >>> search_words("A survey of work done in Łódź on parsers for C", None)
    'work done in lodz on parsers for'
    >>> search_words("Plain words", "and more of them") is None
    True
    """
    found = [part for text in texts if text for part in _missed(text)]
    return "\n".join(found) or None


def _missed(text: str) -> Iterator[str]:
    """Yield each stretch of a text around words that the index misses."""
    if not _needs_care(text):
        return
    text = unicodedata.normalize("NFC", text)
    for start, end in _windows(text):
        yield from _missed_in(text[start:end])


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text that hold all words to look at, with more context than it takes.

    Parts with context in common are one: what is said of a word does not depend on the others.
    """
    first, last = 0, -1
    for special in _SPECIAL.finditer(text):
        place, behind = special.span()
        if place > last and (start := _begin(text, place)) > last:
            if last >= 0:
                yield first, last
            first = start
        if not _holds_words(text, behind, min(last, behind + NEAR)):
            last = max(last, _end(text, behind))
    if last >= 0:
        yield first, last


def _begin(text: str, place: int) -> int:
    """Return the offset of a blank before a place with at least four words between them."""
    start = text.rfind(" ", 0, max(0, place - NEAR)) + 1
    return start if _holds_words(text, start, place) else 0


def _end(text: str, place: int) -> int:
    """Return the offset of a blank after a place with at least four words between them."""
    end = text.find(" ", place + NEAR)
    return end if end >= 0 and _holds_words(text, place, end) else len(text)


def _holds_words(text: str, start: int, end: int) -> bool:
    """Tell whether a part of a text holds enough words for the context of one beside it."""
    return len(_PLAIN_WORD.findall(text, start, end)) > AROUND + 1


def _missed_in(text: str) -> Iterator[str]:
    """Yield each stretch of a text around words that the index misses, looking at every word."""
    all_tokens = list(placed_tokens(text))
    stretch: list[str] = []
    until = 0
    for place, token in enumerate(all_tokens):
        if token.text == text[token.start : token.end].lower() and not _is_within(
            all_tokens, place
        ):
            continue
        first, last = max(place - AROUND, until), min(place + AROUND + 1, len(all_tokens))
        if place - AROUND > until and stretch:
            yield " ".join(stretch)
            stretch = []
        stretch += [one.text for one in all_tokens[first:last]]
        until = max(until, last)
    if stretch:
        yield " ".join(stretch)


def _needs_care(text: str) -> bool:
    """Tell whether a text holds a word that the index may miss; most texts hold none."""
    if not text.isascii() and _FOREIGN.search(text):
        return True
    return _has_signs(text) and _SIGNED.search(text) is not None


def _has_signs(text: str) -> bool:
    return "+" in text or "#" in text or "*" in text


def _is_within(all_tokens: list[Token], place: int) -> bool:
    """Tell whether a token is part of a longer run of letters, which the index takes for one."""
    token = all_tokens[place]
    before = all_tokens[place - 1].end if place else -1
    after = all_tokens[place + 1].start if place + 1 < len(all_tokens) else -1
    return token.start == before or token.end == after


def name_key(name: str) -> str:
    """Convert a name for search by any of its words, each between spaces.

    >>> name_key("Kaiming  He"), name_key("Müller-Łukasz, J.")
    (' kaiming he ', ' muller lukasz j ')
    """
    return f" {' '.join(tokens(name))} "


_ENDINGS = (
    "able", "al", "ally", "ance", "ancy", "ation", "ational", "ations", "ative", "ator", "ed",
    "ence", "ency", "er", "ers", "es", "ful", "ible", "ing", "ings", "ion", "ional", "ions",
    "isation", "ism", "ist", "ity", "ive", "ization", "ize", "ized", "izing", "less", "ly",
    "ment", "ments", "ness", "or", "ors", "ous",
)  # fmt: skip
"""Endings that stemming cuts off."""

_SHORTEST_STEM = 3


def completions(beginning: str) -> list[str]:
    """Complete a word that breaks off within an ending, as an index of stems needs it.

    >>> completions("diffusi")  # doctest: +ELLIPSIS
    ['diffusible', 'diffusing', 'diffusings', 'diffusion', 'diffusional', 'diffusions', ...]
    >>> completions("gpt")
    []
    """
    return [
        beginning[:-length] + ending
        for ending in _ENDINGS
        for length in range(1, len(ending))
        if beginning.endswith(ending[:length]) and len(beginning) - length >= _SHORTEST_STEM
    ]
