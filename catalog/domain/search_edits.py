"""Write filters into a typed search and take them out again, leaving the rest as it was typed."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from catalog.domain.search_language import OPERATORS, PIECE, TYPED
from catalog.domain.search_words import tokens

Kind = Literal["open", "close", "or", "and", "not", "term"]


class _Part(Struct):
    """A part of a typed search, with its text."""

    kind: Kind
    text: str
    name: str = ""
    """Of a filter that is wanted."""
    value: str = ""


def with_filter(typed: str, name: str, value: str, *, instead: bool = False) -> str:
    """Write a filter at the end of a search; with `instead` in the place of others of its name.

    All of the search has to hold beside it: what is joined by OR gets brackets, and what was opened
    is closed.

    >>> with_filter("diffusion", "dataset", "MS COCO")
    'diffusion dataset:"MS COCO"'
    >>> with_filter("year:2024 diffusion", "year", "2025", instead=True)
    'diffusion year:2025'
    >>> with_filter('latent OR "optical flow', "year", "2025")
    '(latent OR "optical flow") year:2025'
    """
    kept = without_filter(typed, name) if instead else typed
    plain = " ".join(value.translate(TYPED).replace('"', " ").split())
    written = plain if re.fullmatch(r"[^\s()]+", plain) else f'"{plain}"'
    return f"{_closed(_tidy(_parts(kept)))} {name}:{written}".strip()


def phrase(words: str) -> str:
    """Write a search for words next to each other.

    >>> phrase('Net "L" 2')
    '"Net L 2"'
    """
    return f'"{" ".join(words.translate(TYPED).replace(chr(34), " ").split())}"'


def without_filter(typed: str, name: str, values: Collection[str] = ()) -> str:
    """Take the filters of a name out of a search; with `values` only those with such a value.

    >>> without_filter('quill dataset:"MS COCO" code:yes', "dataset")
    'quill code:yes'
    >>> without_filter("dataset:COCO OR dataset:GSM8K", "dataset", ["coco"])
    'dataset:GSM8K'
    """
    wanted = {value.casefold() for value in values}
    kept: list[_Part] = []
    for part in _parts(typed):
        if part.name == name.lower() and (not wanted or part.value.casefold() in wanted):
            _drop_signs(kept)
        else:
            kept.append(part)
    return _written(_tidy(kept))


def _drop_signs(parts: list[_Part]) -> None:
    """Drop every NOT at the end, whose part is gone."""
    while parts and parts[-1].kind == "not":
        parts.pop()


def _parts(typed: str) -> Iterator[_Part]:
    """Split a search as the language does; only filters that are wanted have a name."""
    wanted = [True]  # outside, and within each open bracket
    turned = False
    for match in PIECE.finditer(typed.translate(TYPED)):
        part = _part(match)
        if part is None:
            continue
        turned ^= part.kind == "not" or match[0].startswith("-")
        if part.kind == "open":
            wanted.append(wanted[-1] ^ turned)
        elif part.kind == "close" and len(wanted) > 1:
            wanted.pop()
        elif wanted[-1] == turned:
            part.name = ""
        turned &= part.kind == "not"
        yield part


def _part(match: re.Match[str]) -> _Part | None:
    """Read a part; None for space and signs that mean nothing."""
    word = match["word"] or ""
    if match["open"] or match["close"]:
        return _Part("open" if match["open"] else "close", match[0])
    if word in OPERATORS and not match["sign"] and not match["name"]:
        return _Part(OPERATORS[word], word)
    value = match["phrase"] if match["word"] is None else word
    closing = '"' if match["word"] is None and match[0].count('"') == 1 else ""
    name = (match["name"] or "").lower()
    if not name and not match["metric"] and not tokens(value or ""):
        return None
    return _Part("term", match[0] + closing, name, (value or "").strip())


def _tidy(parts: Iterable[_Part]) -> list[_Part]:
    """Drop operators that nothing follows or precedes, and brackets around nothing."""
    kept: list[_Part] = []
    for part in [*parts, None]:
        if part is None or part.kind in {"close", "or"}:
            while kept and kept[-1].kind in {"not", "and", "or"}:
                kept.pop()
        if part is None:
            break
        before = kept[-1].kind if kept else "open"
        if part.kind == "close" and kept and before == "open":
            kept.pop()
            _drop_signs(kept)
        elif part.kind not in {"or", "and"} or before != "open":
            kept.append(part)
    return kept


def _written(parts: Sequence[_Part]) -> str:
    """Write parts with spaces between them, none inside of brackets."""
    written = ""
    for part in parts:
        is_next = written and not written.endswith("(") and part.kind != "close"
        written += f" {part.text}" if is_next else part.text
    return written


def _closed(parts: Sequence[_Part]) -> str:
    """Write a search so that what follows it is joined with all of it.

    A closing bracket without an opening one ends what stands before it, as in the language.
    """
    sides: list[list[_Part]] = [[]]
    depth = 0
    for part in parts:
        depth += {"open": 1, "close": -1}.get(part.kind, 0)
        if depth < 0:
            sides.append([])
            depth = 0
        else:
            sides[-1].append(part)
    sides[-1] += [_Part("close", ")")] * depth
    return " ".join(_in_brackets(side) for side in sides if side)


def _in_brackets(side: Sequence[_Part]) -> str:
    """Write a side in brackets if it is joined by OR."""
    depth = 0
    for part in side:
        depth += {"open": 1, "close": -1}.get(part.kind, 0)
        if part.kind == "or" and depth == 0:
            return f"({_written(side)})"
    return _written(side)
