"""Read wanted XML elements from a stream, one at a time, without entities and network."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from typing import BinaryIO
from xml.parsers import expat

from msgspec import Struct, field

from catalog.domain.late_patterns import late_pattern
from etl.formats.contract import LONGEST, FormatError, Head
from etl.formats.toolkit.decoding import excerpt
from etl.formats.toolkit.json_items import Outcome, problem, salvaged
from etl.formats.toolkit.mended_xml import mended
from etl.formats.toolkit.unread_fields import Elements

CHUNK = 1 << 16
DEEPEST = 40
"""Levels; the formats here have 8 at most."""

WHOLE = "check that the file is whole, e.g. fetch it again"
_PROLOG = late_pattern(r"<(?:\w[\w.-]*:)?(\w[\w.-]*)")


class Node(Struct):
    """An element with its content; names are without their namespace."""

    name: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)
    nodes: list["Node"] = field(default_factory=list)
    fault: str = ""
    """What is wrong with it, where it could not be read; its text is then as it stands."""

    @property
    def text(self) -> str:
        """The text directly in the element."""
        return "".join(self.parts)

    def all(self, name: str) -> list["Node"]:
        """Return the elements of a name directly in it."""
        return [node for node in self.nodes if node.name == name]

    def first(self, name: str) -> "Node | None":
        """Return the first element of a name directly in it."""
        return next((node for node in self.nodes if node.name == name), None)

    def find(self, name: str) -> str | None:
        """Return the text of the first element of a name, or None."""
        node = self.first(name)
        return None if node is None else node.text

    def need(self, name: str) -> str:
        """Return the text of the first element of a name.

        Raises:
            ValueError: there is none, or it is empty.

        """
        text = (self.find(name) or "").strip()
        if not text:
            msg = f"<{name}> is missing or empty"
            raise ValueError(msg)
        return text


def xml_root(head: Head) -> str | None:
    """Return the name of the first element, without its namespace; None if it is not XML."""
    text = head.text.lstrip()
    match = _PROLOG.search(text) if text.startswith("<") else None
    return match[1] if match else None


def elements(
    stream: BinaryIO, wanted: Set[str], *, encoding: str | None = None, longest: int = LONGEST
) -> Iterator[Node]:
    """Yield each element of a wanted name when it ends; everything else is dropped.

    Small faults are mended (see `mended_xml`). A wanted element that is broken all the same is
    yielded with its `fault`, and those behind it are read.

    Raises:
        FormatError: it is broken before its first wanted element, is cut off, declares a document
            type (the place of entities), or has an element too deep or too long. What ended before
            was yielded.

    """
    own_encoding, chunks = mended(stream)
    reader = _Reader(wanted, encoding or own_encoding, longest)
    try:
        for chunk in chunks:
            yield from reader.feed(chunk)
        yield from reader.feed(b"", is_last=True)
    except FormatError:
        yield from reader.ended()
        raise


_ENDS = late_pattern(rb"(?:\s*</[^<>]{1,200}>)+\s*")


class _Reader:
    """Reads XML in chunks, and continues after a wanted element that is broken."""

    def __init__(self, wanted: Set[str], encoding: str | None, longest: int) -> None:
        names = "|".join(map(re.escape, sorted(wanted))).encode()
        self.begins = re.compile(rb"<(?:[\w.-]+:)?(" + names + rb")(?=[\s/>])")
        self.ends = re.compile(rb"</(?:[\w.-]+:)?(?:" + names + rb")\s*>")
        self.wanted, self.encoding, self.longest = wanted, encoding, longest
        self.builder = _Builder(wanted, encoding, longest)
        self.head: bytes | None = None
        """What stands before the first wanted element: names, and the elements around it."""
        self.window = bytearray()
        """What was fed since the last wanted element ended."""
        self.base = 0
        """Where the window begins, as the parser counts."""

    def ended(self) -> list[Node]:
        """Return the elements that have ended."""
        done, self.builder.done = self.builder.done, []
        return done

    def feed(self, chunk: bytes, *, is_last: bool = False) -> Iterator[Node]:
        """Read a chunk, and yield the elements that ended."""
        self.window += chunk
        fault = self._parsed(chunk, is_last)
        yield from self.ended()
        while fault is not None:
            resumed = self._resume(fault, is_last)
            if resumed is None:  # it may go on in the next chunk
                return
            yield from resumed
            if not self.window:
                return
            fault = self._parsed(bytes(self.window), is_last)
            yield from self.ended()

    def _parsed(self, chunk: bytes, is_last: bool) -> expat.ExpatError | None:
        """Parse a chunk; return the error if reading can continue after it."""
        builder = self.builder
        if builder.fault is None:
            try:
                builder.parser.Parse(chunk, is_last)
            except expat.ExpatError as error:
                builder.fault = error
            except (ValueError, LookupError) as error:
                if isinstance(error, FormatError):
                    raise
                raise _broken(error) from error
        if builder.fault is None:
            builder.check(self.base + len(self.window) - builder.parser.CurrentByteIndex)
            self._forget()
        elif self.head is None and builder.first_at is None:
            raise _broken(builder.fault) from builder.fault
        return builder.fault

    def _forget(self) -> None:
        """Drop the elements that have ended."""
        builder = self.builder
        if self.head is None:
            if builder.first_at is None:
                return
            self.head = bytes(self.window[: builder.first_at])
        keep_from = builder.open_at if builder.open else builder.parser.CurrentByteIndex
        if keep_from > self.base:
            del self.window[: keep_from - self.base]
            self.base = keep_from

    def _resume(self, fault: expat.ExpatError, is_last: bool) -> list[Node] | None:
        """Restart after an error; return the element that is lost by it, if any."""
        builder = self.builder
        if self.head is None:
            self.head = bytes(self.window[: builder.first_at])
        begin = builder.open_at if builder.open else builder.parser.ErrorByteIndex
        begin = max(begin - self.base, 0)
        if not builder.open:  # the fault is told of behind the sign that its tag begins with
            begin = max(self.window.rfind(b"<", 0, begin + 1), 0)
        is_wanted = self.begins.match(self.window, begin) is not None
        start = self.begins.search(self.window, begin + is_wanted)
        end = self.ends.search(self.window, begin) if is_wanted else None
        if end and (start is None or end.end() <= start.start()):
            until = end.end()
        elif start:
            until = start.start()
        elif is_last and not builder.open and _ENDS.fullmatch(self.window, begin):
            # What was begun anew lacks what stood open around the broken element.
            self.window.clear()
            return []
        elif is_last:
            raise _broken(fault) from fault
        else:
            builder.check(len(self.window))
            return None
        raw = bytes(self.window[begin:until])
        name = builder.open[0].name if builder.open else "text"
        del self.window[:until]
        self.builder = _Builder(self.wanted, self.encoding, self.longest)
        self.builder.parser.Parse(self.head, False)
        self.base = len(self.head)
        if _ENDS.fullmatch(raw):
            return []
        why = f"it is no well-formed XML: {expat.ErrorString(fault.code)}"
        return [Node(name, {}, parts=[excerpt(raw)], fault=why)]


def _broken(error: Exception) -> FormatError:
    return FormatError(f"it is no well-formed XML: {error}", hint=WHOLE)


class _Builder:
    """Keeps wanted elements from their begin to their end."""

    def __init__(self, wanted: Set[str], encoding: str | None, longest: int) -> None:
        self.wanted = wanted
        self.longest = longest
        self.open: list[Node] = []
        self.done: list[Node] = []
        self.depth = self.length = 0
        self.first_at: int | None = None
        """Where the first wanted element begins, in bytes."""
        self.open_at = 0
        """Where the wanted element begins that is open."""
        self.fault: expat.ExpatError | None = None
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
        if not self.open and name in self.wanted:
            self.open_at = self.parser.CurrentByteIndex
            self.first_at = self.open_at if self.first_at is None else self.first_at
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
        """Refuse an element, tag or comment that is too long."""
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
    """Yield what `convert` makes of each element, and a problem for each broken one.

    What is in an element and not `known` is counted in `unread`, by its path.
    """

    def outcomes() -> Iterator[Outcome]:
        for number, node in enumerate(nodes, start=1):
            where = f"{node.name} {number}"
            known.count(node, unread)
            try:
                if node.fault:
                    raise ValueError(node.fault)
                yield from convert(node, where)
            except FormatError:
                raise
            except Exception as error:  # whatever one element holds, the others are read
                yield problem(where, error, node.text if node.fault else shown(node))

    yield from salvaged(outcomes())


def shown(node: Node) -> str:
    """Format the element's names and texts for a problem."""
    inside = " ".join([node.text.strip(), *map(shown, node.nodes)]).strip()
    return f"<{node.name}>{inside}</{node.name}>"
