"""The contract between formats and the loader."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from typing import BinaryIO

from msgspec import Struct, field

from catalog.domain.records import DayBasis, PaperRecord, Problem
from etl.formats.toolkit.encodings import text_of

HEAD_SIZE = 65_536
"""Bytes from the beginning of a document that are enough to recognise its format."""


LONGEST = 32_000_000
"""Bytes in one line or item of JSON, unless an option says otherwise: a task of Papers with Code
with all its tables has some 10 MB, a work of OpenAlex with thousands of authors 5 MB."""


class FormatError(ValueError):
    """A document that cannot be trusted as a whole.

    `why` says what was found instead of what, `hint` how to go on.
    """

    def __init__(self, why: str, *, hint: str) -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


class Head(Struct, frozen=True, kw_only=True):
    """The beginning of a document, decompressed, by which its format is recognised."""

    name: str
    """Name of the document: a path, an address, or "-"."""
    data: bytes
    """The first `HEAD_SIZE` bytes at most; more where the first object of JSON goes on behind."""

    @property
    def text(self) -> str:
        """The beginning as text, without byte-order mark; invalid bytes are replaced."""
        return text_of(self.data)


class Unchanged(Struct, frozen=True):
    """An item of which the catalog holds the record already."""

    item: int
    """The hash of its bytes."""


class ItemRecord(Struct, frozen=True):
    """A record that is all that an item says, so that the item's bytes stand for it."""

    record: PaperRecord
    item: int
    """The hash of these bytes."""


Piece = PaperRecord | ItemRecord | Unchanged | Problem
"""What parsers yield; those that are not told which items are known yield records and problems."""


class Reading(Struct, frozen=True, kw_only=True):
    """The facts that a parser may know besides the bytes, such as the current time."""

    name: str
    """Name of the document, as in `Head`."""
    read_on: dt.date
    """The day on which it is read."""
    year: int | None = None
    """Year of the digest's day, as an option gave it."""
    day: dt.date | None = None
    """The digest's day, as an option gave it."""
    kept_day: dt.date | None = None
    """Day of the digest as decided when a document of this name was read before."""
    kept_basis: DayBasis | None = None
    """How that was decided."""
    observed_at: dt.datetime | None = None
    """When the document was received, UTC: the instant that upvotes belong to."""
    unread: Counter[str] = field(default_factory=Counter)
    """Fields of the input that the parser neither reads nor names as ignored, with their number:
    the parser counts them here, and `load` and `sync` tell of them once."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """What columns of a table hold, as options gave it: "title" -> the column's name."""
    longest: int = LONGEST
    """Bytes in one line or item of JSON, or characters in one element of XML; longer ones are not
    read but reported."""
    known: Container[int] | None = None
    """Hashes of items whose record the catalog holds from this document, for formats whose items
    stand alone; None where nobody wants to know."""


class Format(Struct, frozen=True, kw_only=True):
    """A format of a publisher's data: its name, its rank, how to recognise and parse it."""

    name: str
    title: str
    homepage: str
    licence: str
    rank: int
    """Whose word counts first where documents differ: 10 the publisher of the papers, 20 a
    catalog of publishers' data, 30 a digest, 40 a list."""
    is_digest: bool = False
    """Whether it lists the papers of a day, so that the options --day and --year apply to it."""
    states_year: bool = False
    """Whether its days never lack their year, so that --year does not apply to it."""
    recognises: Callable[[Head], bool]
    parse: Callable[[BinaryIO, Reading], Iterator[Piece]]
    """Yield records and problems from the decompressed bytes, in constant memory.

    Raises FormatError where the document cannot be trusted as a whole."""

    @property
    def takes_day(self) -> bool:
        """Whether --day applies to its documents."""
        return self.is_digest

    @property
    def takes_year(self) -> bool:
        """Whether --year applies to its documents."""
        return self.is_digest and not self.states_year
