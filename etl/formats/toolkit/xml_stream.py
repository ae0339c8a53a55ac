"""XML from a stream: wanted elements one at a time, no entities, no network."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from typing import BinaryIO
from xml.parsers import expat

from msgspec import Struct, field

from etl.formats.contract import LONGEST, FormatError, Head
from etl.formats.toolkit.json_items import Outcome, problem, salvaged
from etl.formats.toolkit.unread_fields import Elements

CHUNK = 1 << 16
DEEPEST = 40
"""Levels; the formats here have 8 at most."""

WHOLE = "check that the file is whole, e.g. fetch it again"
_PROLOG = re.compile(r"<(?:\w[\w.-]*:)?(\w[\w.-]*)")


class Node(Struct):
    """An element with what is in it; names are without their namespace."""

    name: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)
    nodes: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text that stands directly in it."""
        return "".join(self.parts)

    def all(self, name: str) -> list["Node"]:
        """The elements of a name directly in it."""
        return [node for node in self.nodes if node.name == name]

    def first(self, name: str) -> "Node | None":
        """The first element of a name directly in it."""
        return next((node for node in self.nodes if node.name == name), None)

    def find(self, name: str) -> str | None:
        """The text of the first element of a name; None where there is none."""
        node = self.first(name)
        return None if node is None else node.text

    def need(self, name: str) -> str:
        """The text of the first element of a name.

        Raises:
            ValueError: there is none, or it is empty.

        """
        text = (self.find(name) or "").strip()
        if not text:
            msg = f"<{name}> is missing or empty"
            raise ValueError(msg)
        return text


def xml_root(head: Head) -> str | None:
    """Name of the first element, without its namespace; None where it is no XML."""
    text = head.text.lstrip()
    match = _PROLOG.search(text) if text.startswith("<") else None
    return match[1] if match else None


def elements(
    stream: BinaryIO, wanted: Set[str], *, encoding: str | None = None, longest: int = LONGEST
) -> Iterator[Node]:
    """Yield each element of a wanted name as soon as it ends; everything else is let go.

    Raises:
        FormatError: it is not well-formed, is cut off, declares a document type (the place of
            entities), or has an element too deep or too long. What ended before was yielded.

    """
    builder = _Builder(wanted, encoding, longest)
    ended, fed = False, 0
    while not ended:
        chunk = stream.read(CHUNK)
        ended = not chunk
        fed += len(chunk)
        error: FormatError | None = None
        try:
            builder.parser.Parse(chunk, ended)
            builder.check(fed - builder.parser.CurrentByteIndex)
        except FormatError as raised:
            error = raised
        except (expat.ExpatError, ValueError, LookupError) as raised:
            error = FormatError(f"it is no well-formed XML: {raised}", hint=WHOLE)
        yield from builder.done
        builder.done.clear()
        if error:
            raise error


class _Builder:
    """Keeps the wanted elements that have begun, and hands over those that have ended."""

    def __init__(self, wanted: Set[str], encoding: str | None, longest: int) -> None:
        self.wanted = wanted
        self.longest = longest
        self.open: list[Node] = []
        self.done: list[Node] = []
        self.depth = self.length = 0
        self.parser = expat.ParserCreate(encoding, namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormatError(f"its elements nest deeper than {DEEPEST} levels", hint=WHOLE)
        name = name.rpartition(" ")[2]
        if self.open or name in self.wanted:
            node = Node(name, {key.rpartition(" ")[2]: attributes[key] for key in attributes})
            if self.open:
                self.open[-1].nodes.append(node)
            self._grow(len(name) + sum(map(len, attributes.values())))
            self.open.append(node)

    def _end(self, _name: str) -> None:
        self.depth -= 1
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.length = 0
                self.done.append(node)

    def _text(self, text: str) -> None:
        if self.open:
            self._grow(len(text))
            self.open[-1].parts.append(text)

    def _grow(self, count: int) -> None:
        self.length += count
        self.check(self.length)

    def check(self, length: int) -> None:
        """Refuse an element, or a tag or comment that does not end, of such a length."""
        if length > self.longest:
            raise FormatError(f"an element is longer than {self.longest:,} characters", hint=WHOLE)

    def _doctype(self, name: str, *_more: object) -> None:
        raise FormatError(
            f"it declares a document type ({name[:40]}), where entities are defined; "
            "such documents are not read",
            hint="no publisher here writes one: check where the file comes from",
        )


def read_nodes(
    nodes: Iterable[Node],
    convert: Callable[[Node, str], Iterable[Outcome]],
    *,
    known: Elements,
    unread: Counter[str],
) -> Iterator[Outcome]:
    """Yield what `convert` makes of each element, and a problem for each that is broken.

    What is in an element and not `known` is counted in `unread`, by its path.
    """

    def outcomes() -> Iterator[Outcome]:
        for number, node in enumerate(nodes, start=1):
            where = f"{node.name} {number}"
            known.count(node, unread)
            try:
                yield from convert(node, where)
            except FormatError:
                raise
            except Exception as error:  # whatever one element holds, the others are read
                yield problem(where, error, shown(node))

    yield from salvaged(outcomes())


def shown(node: Node) -> str:
    """The element's names and texts, for a problem."""
    inside = " ".join([node.text.strip(), *map(shown, node.nodes)]).strip()
    return f"<{node.name}>{inside}</{node.name}>"
