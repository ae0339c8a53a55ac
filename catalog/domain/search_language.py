"""Parse searches: words, "phrases", beginnings*, -without, OR, (groups), filters.

`understand` turns what somebody typed into a tree, and never fails: what cannot be honoured is
told of in a remark. Which filters there are is given to it; see `catalog.reads.search_filters`.
"""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from catalog.domain.identifiers import parse
from catalog.domain.search_tree import (
    ALL,
    And,
    Comparison,
    Filter,
    Named,
    Node,
    Not,
    Words,
    both,
    either,
    leaves,
)
from catalog.domain.search_words import tokens

LONGEST = 500
"""Characters that are read."""

DEEPEST = 20
"""Brackets within brackets that are read."""

YES = {"yes", "true", "1", "y"}
NO = {"no", "false", "0", "n"}

Takes: TypeAlias = Literal["name", "yes or no", "day", "year"]
_TAKEN = {
    "name": "a name",
    "yes or no": "yes or no",
    "day": "a day, month or year",
    "year": "a year, or a range such as 2023-2025",
}


class FilterKind(Struct, frozen=True):
    """A filter of the language: `name:value`."""

    takes: Takes
    example: str
    """A value that it takes, in quotes if need be."""
    meaning: str
    """What papers it leaves, for people."""


class Remark(Struct, frozen=True):
    """A remark on a part of a search that was not understood as typed."""

    text: str
    is_refusal: bool = False
    """A filter's value cannot be, so the filter was left out."""


class Search(Struct, frozen=True):
    """A parsed search."""

    typed: str
    tree: Node = ALL
    remarks: list[Remark] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search for."""
        return self.tree == ALL

    @property
    def refused(self) -> list[str]:
        """Why filters were left out whose values cannot be."""
        return [remark.text for remark in self.remarks if remark.is_refusal]

    @property
    def filters(self) -> list[tuple[Filter, bool]]:
        """The filters, in the order in which they were typed; False for those that exclude."""
        found = leaves(self.tree)
        return [(leaf, wanted) for leaf, wanted in found if isinstance(leaf, Filter)]

    @property
    def words(self) -> list[Words]:
        """The words that are wanted."""
        found = leaves(self.tree)
        return [leaf for leaf, wanted in found if isinstance(leaf, Words) and wanted]


TYPED = {
    **{0xFF01 + place: 0x21 + place for place in range(94)},
    **dict.fromkeys(map(ord, "“”„‟«»〝〞"), '"'),
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)),
    0x3000: " ",
    0x2010: "-",
    0x2011: "-",
    0x2212: "-",
}
"""Characters of other keyboards and of printed texts -> those that the language is written in."""

PIECE = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<open>[-+]?\()
    | (?P<close>\))
    | (?P<sign>[-+])?
      (?:
        (?:(?P<metric>[^\W\d_][\w@.-]*|"[^"]+")\s?(?P<operator><=|>=|<|>|=)\s?
           (?P<number>-?\d+(?:[.,]\d+)?)(?P<unit>%|[a-zA-Zµμ×]{0,3})(?![\w]))
      | (?:(?P<name>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)(?:"(?P<after>\*|~\d*)?|$)
                                  |(?P<word>(?:[^\s"()]|(?<=[\w.])\([^\s()]*\))+))
      | (?P<other>.)
      )
    """,
    re.VERBOSE,
)

OPERATORS: dict[str, Literal["or", "and", "not"]] = {
    "OR": "or",
    "|": "or",
    "||": "or",
    "AND": "and",
    "&&": "and",
    "NOT": "not",
}
"""Words that are operators."""


class _Piece(Struct):
    """A part of what was typed: an operator, a bracket or something to search for."""

    kind: Literal["open", "close", "or", "and", "not", "term"]
    text: str = ""
    node: Node | None = None


def understand(typed: str, filters: Mapping[str, FilterKind]) -> Search:
    """Parse a search, which never fails.

    >>> kinds = {"code": FilterKind("yes or no", "yes", "")}
    >>> [words.typed for words in understand('"latent space" -video code:yes', kinds).words]
    ['latent space']
    >>> [remark.text for remark in understand("size:9", kinds).remarks]
    ['There is no filter “size”: searched for its words instead.']
    """
    return _Reader(typed, filters).search()


class _Reader:
    """A parser of one search: first its parts, then the tree."""

    def __init__(self, typed: str, filters: Mapping[str, FilterKind]) -> None:
        self.typed = typed
        self.filters = filters
        self.remarks: list[Remark] = []
        text = typed.translate(TYPED)
        if len(text) > LONGEST:
            self.say(f"The search was cut to its first {LONGEST} characters.")
        self.pieces = self._pieces(text[:LONGEST])
        self.place = 0
        self.depth = 0

    def say(self, text: str, *, is_refusal: bool = False) -> None:
        """Add a remark, once."""
        remark = Remark(text, is_refusal)
        if remark not in self.remarks:
            self.remarks.append(remark)

    def search(self) -> Search:
        """Return the tree and the remarks."""
        tree: Node = ALL
        while self.place < len(self.pieces):
            tree = both(tree, self._any())
            if self._next("close"):
                self.say("Ignored a closing bracket without an opening one.")
        return Search(self.typed, self._settled(tree), self.remarks)

    # How the pieces go together: OR binds less than standing side by side, NOT the most.

    def _any(self) -> Node:
        parts = [self._all()]
        while self._next("or"):
            parts.append(self._all())
        wanted = [part for part in parts if part != ALL]
        if len(wanted) < len(parts):
            self.say("OR needs something to search for on both sides; one is missing here.")
        return either(*wanted) if wanted else ALL

    def _all(self) -> Node:
        parts: list[Node] = []
        while self.place < len(self.pieces) and self.pieces[self.place].kind not in {"or", "close"}:
            if not self._next("and"):
                parts.append(self._one())
        return both(*parts) if parts else ALL

    def _one(self) -> Node:
        piece = self.pieces[self.place]
        self.place += 1
        if piece.kind == "not":
            return self._negated(piece)
        if piece.kind == "open":
            return self._group()
        return piece.node or ALL

    def _negated(self, piece: _Piece) -> Node:
        at_end = self.place >= len(self.pieces)
        if at_end or self.pieces[self.place].kind in {"or", "close", "and"}:
            self.say(f"Ignored “{piece.text or '-'}”: nothing to exclude follows it.")
            return ALL
        part = self._one()
        return part.part if isinstance(part, Not) else ALL if part == ALL else Not(part)

    def _group(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            self.say(f"Brackets are nested more than {DEEPEST} deep: ignored the rest.")
            self.place = len(self.pieces)
            return ALL
        inside = self._any()
        if not self._next("close"):
            self.say("An opening bracket has no closing one; it extends to the end.")
        self.depth -= 1
        return inside

    def _next(self, kind: str) -> bool:
        """Advance if the next piece is of this kind."""
        if self.place < len(self.pieces) and self.pieces[self.place].kind == kind:
            self.place += 1
            return True
        return False

    def _settled(self, tree: Node) -> Node:
        """Let the last of filters count that exclude each other, and any of several identifiers."""
        if not isinstance(tree, And):
            return tree
        named = [part for part in tree.parts if isinstance(part, Named)]
        if len(named) > 1:  # several papers, each by its identifier
            rest = [part for part in tree.parts if not isinstance(part, Named)]
            return self._settled(both(either(*named), *rest))
        last: dict[str, Filter] = {}
        for part in tree.parts:
            if isinstance(part, Filter) and self._is_single(part.name):
                if last.get(part.name, part).value != part.value:
                    self.say(f"{part.name}: can be given once; used “{part.value}”")
                last[part.name] = part
        kept = [p for p in tree.parts if not isinstance(p, Filter) or last.get(p.name, p) == p]
        return both(*dict.fromkeys(kept))

    def _is_single(self, name: str) -> bool:
        return self.filters[name].takes in {"yes or no", "year"}

    # The pieces themselves.

    def _pieces(self, text: str) -> list[_Piece]:
        found: list[_Piece] = []
        for match in PIECE.finditer(text):
            if match["space"]:
                continue
            if match["open"] or match["close"]:
                if match["open"] and match["open"][0] == "-":
                    found.append(_Piece("not", "-"))
                found.append(_Piece("open" if match["open"] else "close"))
            elif not match["other"]:
                found += self._term(match)
        return found

    def _term(self, match: re.Match[str]) -> list[_Piece]:
        """Read an operator in words, a filter, a comparison, a phrase or a word."""
        word = match["word"] or ""
        if not match["sign"] and not match["name"] and word in OPERATORS:
            return [_Piece(OPERATORS[word], word)]
        node = self._node(match)
        if node is None:
            return []
        term = _Piece("term", match.group(), node)
        return [_Piece("not", "-"), term] if match["sign"] == "-" else [term]

    def _node(self, match: re.Match[str]) -> Node | None:
        if match["metric"]:
            return self._comparison(match)
        value = (match["phrase"] if match["word"] is None else match["word"]).strip()
        if match["word"] is None and match.group().count('"') == 1:
            self.say("An opening quote has no closing one; the phrase extends to the end.")
        name = match["name"] or ""
        if not name and value[:-1] in self.filters and value[-1] == ":":
            return self._filter(value[:-1], "")  # "STaR:" begins a title
        if not name:
            return self._words(value, match)
        if name.lower() in self.filters:
            return self._filter(name.lower(), value)
        if named := _identified(f"{name}:{value}"):
            return named
        if not value.startswith("//"):
            near = difflib.get_close_matches(name.lower(), self.filters, n=1, cutoff=0.75)
            hint = f" There is {near[0]}:" if near else ""
            self.say(f"There is no filter “{name}”: searched for its words instead.{hint}")
            return self._words(f"{name} {value}", match, is_apart=True)
        return self._words(f"{name} {value}", match)

    def _comparison(self, match: re.Match[str]) -> Node:
        number = float(match["number"].replace(",", "."))
        size = _SIZES.get(match["unit"])
        unit = "" if size else _UNITS.get(match["unit"], match["unit"])
        operator: Literal["<", ">", "<=", ">=", "="] = match["operator"]  # type: ignore[assignment]
        return Comparison(match["metric"].strip('"'), operator, number * (size or 1), unit)

    def _filter(self, name: str, value: str) -> Node | None:
        kind = self.filters[name]
        if _TAKES[kind.takes](value):
            return Filter(name, value.lower() if kind.takes == "yes or no" else value)
        found = f", not “{value}”" if value else ""
        takes = f"{name}: takes {_TAKEN[kind.takes]}, as in {name}:{kind.example}{found}"
        self.say(takes, is_refusal=True)
        return None

    def _words(self, value: str, match: re.Match[str], *, is_apart: bool = False) -> Node | None:
        """Read a phrase or word; say which of its signs mean nothing here."""
        is_quoted = match["word"] is None and not is_apart
        if not is_quoted and (named := _identified(value)):
            return named
        bare = value
        is_beginning = match["after"] == "*"
        if not is_quoted:
            is_beginning = value.endswith("*") and len(value) > 2
            bare = value.rstrip("*") if is_beginning else value
        self._say_of_signs(bare, match["after"] or "", is_quoted=is_quoted)
        found = tuple(tokens(re.sub(r"(?<=\w)[~^][\d.]*$", "", bare)))
        if not found:
            return None
        if is_apart:
            return both(*(Words((one,), one) for one in found))
        return Words(found, bare, is_beginning, is_quoted)

    def _say_of_signs(self, bare: str, after: str, *, is_quoted: bool) -> None:
        """Say which operators of other languages are not honoured."""
        if after.startswith("~"):
            self.say("Ignored “~” after a phrase, whose words are always next to each other.")
        if is_quoted:
            return
        if re.search(r"\w[~^][\d.]*$", bare):
            self.say(
                f"“~” and “^” mean nothing here: searched for “{bare.rstrip('~^.0123456789')}”"
            )
        if re.search(r"\w\*\w|^\*+\w", bare):
            self.say("“*” works at the end of a word only; ignored the others.")
        if re.search(r"\w\?\w", bare):
            self.say("Ignored “?”: it is not a wildcard here.")
        if re.fullmatch(r"NEAR|(NEAR|ADJ|W|N)/\d+|ADJ\d*|XOR", bare.split("(")[0]):
            self.say(
                f"“{bare}” is no operator here: searched for as a word. Words that belong "
                'together stand in double quotes: "latent space"'
            )


_SIZES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "bn": 1e9, "G": 1e9, "T": 1e12}
_UNITS = {"×": "x", "X": "x", "us": "µs", "μs": "µs"}


def _identified(text: str) -> Named | None:
    """Read an identifier among words."""
    try:
        found = parse(text)
    except ValueError:
        return None
    return Named(found.scheme, found.value) if found else None


def _is_day(value: str) -> bool:
    """Tell whether it is a day of the calendar, or a month or year, which begin with one."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value, re.ASCII):
        return False
    try:
        dt.date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        return False
    return True


def _is_year(value: str) -> bool:
    return bool(re.fullmatch(r"[1-9]\d{3}((-|\.\.)[1-9]\d{3})?", value, re.ASCII))


_TAKES: dict[Takes, Callable[[str], bool]] = {
    "name": lambda value: bool(tokens(value)),
    "yes or no": lambda value: value.lower() in YES | NO,
    "day": _is_day,
    "year": _is_year,
}
"""What a filter takes -> whether a value is such a thing."""
