"""Convert JSON items to records, with problems that give the location."""

import logging
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Generic, TypeGuard, TypeVar

import msgspec
from msgspec import Struct

from catalog.domain.keys import item_hash
from catalog.domain.records import PaperRecord, Problem
from etl.formats.contract import FormatError, ItemRecord, Piece, Reading, Unchanged
from etl.formats.toolkit.decoding import excerpt
from etl.formats.toolkit.json_stream import Item
from etl.formats.toolkit.mended_json import decoded, mended_text
from etl.formats.toolkit.unread_fields import Shape, shape_of

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Struct)
V = TypeVar("V")
P = TypeVar("P", bound=Piece)
LONGEST_REASON = 500
"""Characters: reasons quote values, places quote names, and both may be of any length."""
Outcome = PaperRecord | Problem

BROKEN = (msgspec.MsgspecError, ValueError, RecursionError)
"""What decoding untrusted JSON may raise: syntax and types, text that is no UTF-8, nesting."""


class ItemConverter(Generic[T]):
    """A converter of the items of a format to records."""

    def __init__(
        self,
        struct: type[T],
        convert: Callable[[T, str], Iterable[Outcome]],
        ignored: Mapping[str, str],
        later: Mapping[str, type[Struct]] | None = None,
    ) -> None:
        """Take the fields that are not read: `ignored` and `later`, as for `shape_of`."""
        self.struct = struct
        self.convert = convert
        self._ignored = ignored
        self._later = later or {}

    @cached_property
    def decode(self) -> Callable[[bytes], T]:
        """The decoder of items, made when the first one is read."""
        return msgspec.json.Decoder(self.struct).decode

    @cached_property
    def shape(self) -> Shape:
        """The fields of items, put together when the first one is read."""
        return shape_of(self.struct, self._ignored, self._later)

    def read(self, items: Iterable[Item], unread: Counter[str]) -> Iterator[Outcome]:
        """Yield what `convert` makes of each item, and a problem for each broken one.

        Fields that are neither read nor ignored are counted in `unread`.
        """
        yield from salvaged(outcome for item in items for outcome in self._outcomes(item, unread))

    def read_new(self, items: Iterable[Item], reading: Reading) -> Iterator[Piece]:
        """Yield the same, but of items that the catalog knows only their hash.

        For formats whose records depend on nothing but their item.
        """
        if reading.known is None:
            yield from self.read(items, reading.unread)
        else:
            yield from salvaged(self._pieces(items, reading.unread, reading.known))

    def _pieces(
        self, items: Iterable[Item], unread: Counter[str], known: Container[int]
    ) -> Iterator[Piece]:
        for item in items:
            number = item_hash(item.raw)
            if number in known and not item.refused:
                yield Unchanged(number)
                continue
            before = unread.total()
            outcomes = self._outcomes(item, unread)
            first, second = next(outcomes, None), next(outcomes, None)
            if second is None and _says_all(first) and unread.total() == before:
                yield ItemRecord(first, number)
                continue
            yield from (outcome for outcome in (first, second) if outcome is not None)
            yield from outcomes

    def _outcomes(self, item: Item, unread: Counter[str]) -> Iterator[Outcome]:
        try:
            if item.refused:
                raise ValueError(item.refused)
            value, faults, raw = decoded(mended_text(item.raw), self.decode, self.struct)
            self.shape.count(raw, unread)
            yield from self.convert(value, item.where)
            for fault in faults:
                why = f"{fault.field}: {fault.why}; the paper was kept without it"
                yield problem(item.where, why, fault.value)
        except FormatError:
            raise
        except Exception as error:  # whatever one item holds, the others are read
            yield problem(item.where, error, item.raw)


def _says_all(outcome: Outcome | None) -> TypeGuard[PaperRecord]:
    """Return true for a record that need not be read again: one of a digest tells of its day."""
    return isinstance(outcome, PaperRecord) and outcome.digest is None


class Doubts:
    """Collects problems of a record's lesser fields, which are then left empty.

    A wrong identifier or digest day makes the whole record a problem; a wrong date, DOI or address
    beside them costs only itself, and is reported beside the record.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.problems: list[Problem] = []

    def value(self, field: str, read: Callable[[str], V], text: str | None) -> V | None:
        """Return what `read` makes of a field's text; None if it is missing or wrong."""
        if not text or not text.strip():
            return None
        try:
            return read(text)
        except ValueError as error:
            why = f"{field}: {error}; the paper was kept without it"
            found = problem(self.where, why, text)
            if found not in self.problems:
                self.problems.append(found)
            return None

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)


def salvaged(outcomes: Iterable[P]) -> Iterator[P | Problem]:
    """Turn an error in the middle into a last problem, so that the items before it count.

    A document that is cut off, or whose compressed bytes are damaged, is worth the records before
    the break; one without a single record before it is refused whole.

    Raises:
        FormatError: the document breaks before its first record.

    """
    found = False
    try:
        for outcome in outcomes:
            found = found or not isinstance(outcome, Problem)
            yield outcome
    except FormatError as error:
        if not found:
            raise
        why = f"{error.why}; what stands before it was read, nothing after it"
        yield Problem(where="end of what could be read", why=why)


def problem(where: str, error: Exception | str, raw: bytes | str = "") -> Problem:
    """Make a problem with a reason for people and an excerpt."""
    return Problem(
        where=excerpt(where, LONGEST_REASON),
        why=excerpt(_reason(error, raw), LONGEST_REASON),
        raw=excerpt(raw),
    )


def _reason(error: Exception | str, raw: bytes | str) -> str:
    if isinstance(error, RecursionError):
        return "it nests too deep to be read"
    reason = str(error)
    if isinstance(error, UnicodeDecodeError) or "UTF-8" in reason:
        byte = _no_utf_8(error, raw)
        return f"it is not UTF-8: byte 0x{byte:02x} in a text" if byte is not None else reason
    begins = raw[:1] if isinstance(raw, str) else raw[:1].decode("latin-1")
    if isinstance(error, msgspec.MsgspecError) and begins in ('"', "'"):
        return f"a text where an object is expected, such as a Python dict printed ({reason})"
    if reason == "Input data was truncated":
        return "it is cut off in the middle of its JSON"
    return unforeseen(error) if isinstance(error, Exception) else reason


def _no_utf_8(error: Exception | str, raw: bytes | str) -> int | None:
    """Return the first byte that is no UTF-8; msgspec names it before 0.23, not from then on."""
    if isinstance(raw, bytes) and not isinstance(error, UnicodeDecodeError):
        try:
            raw.decode()
        except UnicodeDecodeError as found:
            error = found
    return error.object[error.start] if isinstance(error, UnicodeDecodeError) else None


def unforeseen(error: Exception) -> str:
    """Return an error's message, with its type unless parsers raise it on purpose."""
    if isinstance(error, BROKEN):
        return str(error)
    return f"its parser has not foreseen it, please report this ({type(error).__name__}: {error})"
