"""Limit values to what rows can hold on every database: index sizes, integer ranges, constraints.

PostgreSQL refuses an index entry of more than 2,704 bytes and an integer of more than 32 bits. The
bounds are the same on SQLite, so that a catalog can be copied to a server. Whatever a table's
constraints refuse is refused here, so that it costs itself and not the load.
"""

import datetime as dt
import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from msgspec import structs

from catalog.domain.plain_text import plain_or_none
from catalog.domain.records import (
    DigestMention,
    Extraction,
    LinkRecord,
    PaperRecord,
    Problem,
    ResultRecord,
)
from etl.formats.contract import ItemRecord, Piece, Unchanged
from etl.formats.toolkit.decoding import excerpt
from etl.formats.toolkit.json_items import problem, unforeseen
from etl.formats.toolkit.mended_json import mended_text
from etl.formats.toolkit.printed_days import FIRST_YEAR, LAST_YEAR

LONGEST_NAME = 2_000
"""Bytes of a name, also as it is folded for matching."""

LARGEST = 2**31 - 1

LONGEST_TEXTS = {"title": 2_000, "abstract": 200_000, "comment": 20_000, "withdrawn": 20_000}
"""Characters of a paper's texts, as pages show them; books have shorter ones."""

LONGEST_EVIDENCE = 20_000
"""Characters of each text of a result or a link."""

EVIDENCE = ("text", "metric_text", "dataset_text", "model", "baseline", "sentence", "rule")

SURELY_SHORT = LONGEST_NAME // 40
"""Characters: folded, one may take 33 bytes (U+FDFA is a whole phrase)."""

COUNTS = {"rank": 1, "upvotes": 0, "comments": 0}
"""Numbers of a digest's entry -> the least that each may be."""

SHARES = ("confidence", "row_confidence")
VALUES = ("value", "value_max", "error")
YEARS = f"a year from {FIRST_YEAR} to {LAST_YEAR}"

SHOWN = 100

KEPT = "; the paper was kept without it"

NO_PAPER = "it tells no paper: expected a title, an abstract, an identifier or results"

Item = TypeVar("Item")

_texts = attrgetter(*LONGEST_TEXTS)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(PaperRecord).decode


def bounded(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Pass items on; report what no row can hold as a problem, and keep the rest.

    An identifier, or a digest's name, that is too long costs the record: without it it might be
    another paper, or of another day. So does whatever leaves nothing that tells the paper.
    """
    for number, piece in enumerate(pieces, start=1):
        match piece:
            case ItemRecord(record, item):
                found = _sound(record, number)
                first = found[0]
                if len(found) == 1 and isinstance(first, PaperRecord):
                    yield ItemRecord(first, item)
                else:
                    yield from found
            case Unchanged():
                yield piece
            case Problem():
                yield _printable(piece)
            case _:
                yield from _sound(piece, number)


def _sound(record: PaperRecord, number: int) -> tuple[PaperRecord | Problem, ...]:
    """Return what rows can hold of a record, and problems about the rest."""
    try:
        return _checked(record, number)
    except Exception as error:  # a record of which nothing is as its type says
        return (problem(f"record {number}", unforeseen(error), excerpt(ascii(record))),)


def sound(extraction: Extraction) -> Extraction:
    """Return what a reader read, or a failure if no row can hold it."""
    if not (extraction.results or extraction.links):
        return extraction
    record = PaperRecord(title="-", links=extraction.links, results=extraction.results)
    found = list(bounded([record]))
    broken = next((piece.why for piece in found if isinstance(piece, Problem)), None)
    return Extraction(failure=broken.removesuffix(KEPT)) if broken else extraction


def _checked(piece: PaperRecord, number: int) -> tuple[PaperRecord | Problem, ...]:
    if piece.results:
        bounds = _Bounds(number)
        return tuple(bounds.of(_valid(bounds.finite(piece))))
    record = _valid(piece)
    return (record,) if _is_surely_small(record) else tuple(_Bounds(number).of(record))


def _valid(record: PaperRecord) -> PaperRecord:
    """Return the record as it comes back from the catalog: of the types that it states.

    Raises:
        ValueError: a field is of another type, or a text holds half of a surrogate pair.

    """
    return _decode(mended_text(_encode(record)))


def _printable(piece: Problem) -> Problem:
    """Return a problem whose texts every database keeps."""
    return problem(piece.where, piece.why, piece.raw)


def too_long(name: str | None) -> bool:
    """Return true if a name is too long for an index.

    >>> too_long("x" * 2000), too_long("x" * 2001), too_long("\ufdfa" * 100)
    (False, True, True)
    """
    if name is None or len(name) <= SURELY_SHORT:
        return False
    if name.isascii():
        return len(name) > LONGEST_NAME
    folded = unicodedata.normalize("NFKD", name).casefold()
    return max(len(form.encode("utf-8", "replace")) for form in (name, folded)) > LONGEST_NAME


def _is_surely_small(record: PaperRecord) -> bool:
    """Return true if a quick look shows that nothing in the record can be too long."""
    if record.links or record.results or record.digest or _long_texts(record):
        return False
    if not _tells_a_paper(record):
        return False
    days = (record.published_on, record.updated_on, record.withdrawn_on)
    if not (all(map(_is_plausible, days)) and 0 <= (record.version or 0) <= LARGEST):
        return False
    names = [*record.authors, *record.categories, *record.tasks, *record.keywords]
    names += [record.venue or "", record.organization or ""]
    names += [name.value for name in record.identifiers]
    return max(map(len, names)) <= SURELY_SHORT


def _long_texts(record: PaperRecord) -> list[str]:
    """List the texts of a paper that are longer than any page can show."""
    texts = zip(LONGEST_TEXTS, LONGEST_TEXTS.values(), _texts(record), strict=True)
    return [field for field, longest, text in texts if text and len(text) > longest]


def _tells_a_paper(record: PaperRecord) -> bool:
    """Return true if something is left that a paper can be known by."""
    return bool(
        record.identifiers
        or record.results
        or plain_or_none(record.title)
        or plain_or_none(record.abstract)
    )


def _is_plausible(day: dt.date | None) -> bool:
    return day is None or FIRST_YEAR <= day.year <= LAST_YEAR


def _is_instant(instant: dt.datetime | None) -> bool:
    """Return true if an instant is none, or one that can be told in UTC."""
    try:
        return instant is None or (
            instant.tzinfo is not None and _is_plausible(instant.astimezone(dt.UTC).date())
        )
    except OverflowError:
        return False


class _Bounds:
    """Collects the parts of one record that no row can hold."""

    def __init__(self, number: int) -> None:
        self.where = f"record {number}"
        self.problems: list[Problem] = []

    def finite(self, record: PaperRecord) -> PaperRecord:
        """Return the record without results that JSON has no number for: it would say null."""
        kept = self._kept("results", record.results, self._is_number)
        return record if kept is msgspec.UNSET else structs.replace(record, results=kept)

    def of(self, record: PaperRecord) -> Iterator[PaperRecord | Problem]:
        naming = [(f"an identifier of {name.scheme}", name.value) for name in record.identifiers]
        if record.digest:
            naming.append(("digest.source", record.digest.source))
        for field, name in naming:
            if too_long(name):
                yield self._problem(field, name, "")
                return
        if record.digest and not _is_plausible(record.digest.day):
            yield self._refused("digest.day", record.digest.day, YEARS, "")
            return
        changed = {
            field: left for field, left in self._changes(record) if left is not msgspec.UNSET
        }
        left = structs.replace(record, **changed) if changed else record
        if _tells_a_paper(left):
            yield left
            yield from self.problems
        else:
            yield from self._costing_the_record()

    def _costing_the_record(self) -> Iterator[Problem]:
        """Return the problems of a record of which nothing is left."""
        if not self.problems:
            yield Problem(where=self.where, why=NO_PAPER)
        for found in self.problems:
            yield structs.replace(found, why=found.why.removesuffix(KEPT))

    def _changes(self, record: PaperRecord) -> Iterator[tuple[str, Any]]:
        """Return the fields to change with what is left of them; UNSET if nothing has to go."""
        for field in _long_texts(record):
            self.problems.append(self._long(field, getattr(record, field), LONGEST_TEXTS[field]))
            yield field, None
        for field in ("published_on", "updated_on", "withdrawn_on"):
            day = getattr(record, field)
            if not _is_plausible(day):
                self.problems.append(self._refused(field, day, YEARS))
                yield field, None
        for field in ("authors", "categories", "tasks", "keywords"):
            yield field, self._kept(field, getattr(record, field), self._named)
        for field in ("venue", "organization"):
            if not self._all_fit(field, (getattr(record, field),), ()):
                yield field, None
        if not self._all_fit("version", (), (record.version,)):
            yield "version", None
        yield "links", self._kept("links", record.links, self._link)
        yield "results", self._kept("results", record.results, self._result)
        if record.digest:
            yield "digest", self._mention(record.digest)

    def _kept(
        self, field: str, items: tuple[Item, ...], fits: Callable[[str, Item], bool]
    ) -> tuple[Item, ...] | msgspec.UnsetType:
        kept = tuple(item for item in items if fits(field, item))
        return kept if len(kept) < len(items) else msgspec.UNSET

    def _named(self, field: str, name: str) -> bool:
        return self._all_fit(field, (name,), ())

    def _link(self, field: str, link: LinkRecord) -> bool:
        names = (link.url, link.found_in, link.framework)
        numbers = (link.start, link.end, link.stars)
        return (
            self._all_fit(field, names, numbers)
            and self._spans(field, link.start, link.end)
            and all(self._is_brief(field, text) for text in (link.text, link.repo))
        )

    def _result(self, field: str, result: ResultRecord) -> bool:
        names = (result.metric, result.dataset, result.task, result.unit)
        return (
            self._all_fit(field, names, (result.start, result.end))
            and self._spans(field, result.start, result.end)
            and all(self._is_share(field, result, name) for name in SHARES)
            and all(self._is_brief(field, getattr(result, name)) for name in EVIDENCE)
        )

    def _is_number(self, field: str, result: ResultRecord) -> bool:
        return all(self._is_finite(field, result, name) for name in VALUES)

    def _spans(self, field: str, start: int | None, end: int | None) -> bool:
        """Return true if a place in the abstract is none, or holds at least one character."""
        if start is None or end is None or start < end:
            return True
        self.problems.append(self._refused(f"{field}: end", end, f"more than its start, {start}"))
        return False

    def _is_share(self, field: str, result: ResultRecord, name: str) -> bool:
        share = getattr(result, name)
        if share is None or 0 <= share <= 1:
            return True
        self.problems.append(self._refused(f"{field}: {name}", share, "0 to 1"))
        return False

    def _is_finite(self, field: str, result: ResultRecord, name: str) -> bool:
        value = getattr(result, name)
        if value is None or math.isfinite(value):
            return True
        self.problems.append(self._refused(f"{field}: {name}", value, "a finite number"))
        return False

    def _is_brief(self, field: str, text: str | None) -> bool:
        """Return true if a text of a result or a link is short enough to be shown."""
        if text is None or len(text) <= LONGEST_EVIDENCE:
            return True
        self.problems.append(self._long(field, text, LONGEST_EVIDENCE))
        return False

    def _mention(self, mention: DigestMention) -> DigestMention | msgspec.UnsetType:
        """Return the mention without what no row can hold; UNSET if all can stay."""
        gone = [
            name
            for name, least in COUNTS.items()
            if not self._all_fit(f"digest.{name}", (), (getattr(mention, name),), least)
        ]
        if not _is_instant(mention.observed_at):
            expected = f"an instant with its time zone, {YEARS}"
            shown = mention.observed_at
            self.problems.append(self._refused("digest.observed_at", shown, expected))
            gone.append("observed_at")
        return structs.replace(mention, **dict.fromkeys(gone)) if gone else msgspec.UNSET

    def _all_fit(
        self,
        field: str,
        names: tuple[str | None, ...],
        numbers: tuple[int | None, ...],
        least: int = 0,
    ) -> bool:
        for name in names:
            if too_long(name):
                self.problems.append(self._problem(field, str(name)))
                return False
        for number in numbers:
            if number is not None and not least <= number <= LARGEST:
                self.problems.append(self._refused(field, number, f"{least} to {LARGEST}"))
                return False
        return True

    def _refused(self, field: str, value: object, expected: str, end: str = KEPT) -> Problem:
        why = f"{field}: {value} is out of range: expected {expected}{end}"
        return Problem(where=self.where, why=why, raw=str(value))

    def _problem(self, field: str, name: str, end: str = KEPT) -> Problem:
        why = (
            f"{field}: a name of {len(name):,} characters: "
            f"expected at most {LONGEST_NAME:,} bytes, as UTF-8 and folded for matching{end}"
        )
        return Problem(where=self.where, why=why, raw=f"{name[:SHOWN]}…")

    def _long(self, field: str, text: str, longest: int) -> Problem:
        why = f"{field}: a text of {len(text):,} characters: expected at most {longest:,}{KEPT}"
        return Problem(where=self.where, why=why, raw=f"{text[:SHOWN]}…")
