"""Limit values to what rows can hold on every database: index sizes, integer ranges.

PostgreSQL refuses an index entry of more than 2,704 bytes and an integer of more than 32 bits. The
bounds are the same on SQLite, so that a catalog can be copied to a server.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from msgspec import structs

from catalog.domain.records import DigestMention, LinkRecord, PaperRecord, Problem, ResultRecord

LONGEST_NAME = 2_000
"""Bytes of a name, also as it is folded for matching."""

LARGEST = 2**31 - 1

SURELY_SHORT = LONGEST_NAME // 40
"""Characters: folded, one may take 33 bytes (U+FDFA is a whole phrase)."""

SHOWN = 100

Item = TypeVar("Item")


def bounded(pieces: Iterable[PaperRecord | Problem]) -> Iterator[PaperRecord | Problem]:
    """Pass items on; report what no row can hold as a problem, and keep the rest.

    An identifier, or a digest's name, that is too long costs the record: without it it might be
    another paper, or of another day.
    """
    for number, piece in enumerate(pieces, start=1):
        if isinstance(piece, Problem) or _is_surely_small(piece):
            yield piece
        else:
            yield from _Bounds(f"record {number}").of(piece)


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
    if record.links or record.results or record.digest:
        return False
    names = [*record.authors, *record.categories, *record.tasks]
    names += [name.value for name in record.identifiers]
    return not names or len(max(names, key=len)) <= SURELY_SHORT


class _Bounds:
    """Collects the parts of one record that no row can hold."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.problems: list[Problem] = []

    def of(self, record: PaperRecord) -> Iterator[PaperRecord | Problem]:
        naming = [(f"an identifier of {name.scheme}", name.value) for name in record.identifiers]
        if record.digest:
            naming.append(("digest.source", record.digest.source))
        for field, name in naming:
            if too_long(name):
                yield self._problem(field, name, "")
                return
        changes = dict(self._changes(record))
        changed = {name: value for name, value in changes.items() if value is not None}
        yield structs.replace(record, **changed) if changed else record
        yield from self.problems

    def _changes(self, record: PaperRecord) -> Iterator[tuple[str, Any]]:
        """Return the fields to change with what is left of them; None if nothing has to go."""
        for field in ("authors", "categories", "tasks"):
            yield field, self._kept(field, getattr(record, field), self._named)
        yield "links", self._kept("links", record.links, self._link)
        yield "results", self._kept("results", record.results, self._result)
        if record.digest:
            yield "digest", self._mention(record.digest)

    def _kept(
        self, field: str, items: tuple[Item, ...], fits: Callable[[str, Item], bool]
    ) -> tuple[Item, ...] | None:
        kept = tuple(item for item in items if fits(field, item))
        return kept if len(kept) < len(items) else None

    def _named(self, field: str, name: str) -> bool:
        return self._all_fit(field, (name,), ())

    def _link(self, field: str, link: LinkRecord) -> bool:
        names = (link.url, link.found_in, link.framework)
        return self._all_fit(field, names, (link.start, link.end, link.stars))

    def _result(self, field: str, result: ResultRecord) -> bool:
        names = (result.metric, result.dataset, result.task, result.unit)
        return self._all_fit(field, names, (result.start, result.end))

    def _mention(self, mention: DigestMention) -> DigestMention | None:
        """Return the mention without counts that are too large; None if all can stay."""
        counts = ("rank", "upvotes", "comments")
        large = [
            name
            for name in counts
            if not self._all_fit(f"digest.{name}", (), (getattr(mention, name),))
        ]
        return structs.replace(mention, **dict.fromkeys(large)) if large else None

    def _all_fit(
        self, field: str, names: tuple[str | None, ...], numbers: tuple[int | None, ...]
    ) -> bool:
        for name in names:
            if too_long(name):
                self.problems.append(self._problem(field, str(name)))
                return False
        for number in numbers:
            if number is not None and number > LARGEST:
                why = f"{field}: {number} is out of range: expected at most {LARGEST}"
                why += "; the paper was kept without it"
                self.problems.append(Problem(where=self.where, why=why, raw=str(number)))
                return False
        return True

    def _problem(
        self, field: str, name: str, end: str = "; the paper was kept without it"
    ) -> Problem:
        why = (
            f"{field}: a name of {len(name):,} characters: "
            f"expected at most {LONGEST_NAME:,} bytes, as UTF-8 and folded for matching{end}"
        )
        return Problem(where=self.where, why=why, raw=f"{name[:SHOWN]}…")
