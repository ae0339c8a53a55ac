"""Merge the records of one paper, as a pure function."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, structs

from catalog.domain.keys import (
    abstract_key,
    fold,
    sha256_of,
    without_addresses,
)
from catalog.domain.mentions import united_mentions
from catalog.domain.paper_names import named
from catalog.domain.plain_text import are_plain, plain, plain_abstract, plain_or_none
from catalog.domain.records import (
    DigestMention,
    Extraction,
    Identifier,
    LinkRecord,
    PaperRecord,
    ResultRecord,
)
from catalog.domain.withdrawals import first_sentence, marked_withdrawn, said_withdrawn

RULES = 5
"""Number of the rules by which papers are computed from their records: of plain text, of keys, of
identity and of merging. Raise it with every change of them: `catalog reextract` then computes the
papers anew that older rules made."""

Item = TypeVar("Item")

_published_on, _updated_on, _version = map(attrgetter, ("published_on", "updated_on", "version"))
_categories, _tasks, _links, _results = map(attrgetter, ("categories", "tasks", "links", "results"))

_encode = msgspec.json.Encoder().encode


class Supplied(Struct, frozen=True, kw_only=True):
    """A record with what decides its precedence."""

    record: PaperRecord
    rank: int
    """Of its source, lower first; see `etl.formats.contract.Format`."""
    sha256: str
    """Of the record, so that the order is the same whatever came first."""
    origin: str = "papers-with-code"
    """Where results come from that the record states."""
    abstract_key: str | None = None
    """Of the record's abstract, where it has been worked out before."""
    disputed: tuple[Identifier, ...] = ()
    """Identifiers that it states, but that do not name its paper."""


class MergedPaper(Struct, frozen=True, kw_only=True):
    """A paper, computed from its records."""

    key: str
    label: str
    is_row: bool
    """Whether it is a row of a table whose source names no paper."""
    title: str | None
    abstract: str | None
    arxiv_id: str | None
    published_on: dt.date | None
    updated_on: dt.date | None
    first_seen_on: dt.date | None
    title_key: str | None
    abstract_key: str | None
    identifiers: tuple[Identifier, ...]
    disputed: tuple[Identifier, ...]
    """Identifiers that its records state, but that another paper has a claim on as well."""
    mentions: tuple[DigestMention, ...]
    links: tuple[LinkRecord, ...]
    results: tuple[ResultRecord, ...]
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    tasks: tuple[str, ...]
    keywords: tuple[str, ...]
    version: int | None
    """The latest version that a record tells of."""
    abstract_version: int | None
    """The version whose abstract this is, where its record says."""
    withdrawn: str | None
    """Why it counts as withdrawn; None where it does not."""
    comment: str | None
    venue: str | None
    organization: str | None


def merge(supplied: Iterable[Supplied]) -> MergedPaper:
    """Compute a paper from at least one record, whatever their order.

    Records count by rank of their source, then by their own date and that of their digest, newest
    first, then by their content. Of each field the first record that states it supplies it;
    identifiers, digest days and links are united. What a record does not say never blanks what
    another one says. Records are as their source wrote them; the paper is plain text.
    """
    items = _sorted(supplied)
    return _of_one(items[0]) if len(items) == 1 else _of_several(items)


def _of_one(item: Supplied) -> MergedPaper:
    """Compute a paper from its only record, as `_of_several` would in twice the time."""
    record, written = item.record, item.record.abstract
    records = (record,)
    title = plain_or_none(record.title)
    abstract = plain_abstract(written) if written else None
    identifiers = _united(records)
    title_key = fold(title) if title else None
    folded_abstract = _abstract_key(written, (item,)) if written and abstract else None
    key, label, is_row = named(records, title, abstract, identifiers, title_key, folded_abstract)
    mentions = united_mentions(records) if record.digest else ()
    return MergedPaper(
        key=key,
        label=label,
        is_row=is_row,
        title=title,
        abstract=abstract or None,
        arxiv_id=_arxiv_id(identifiers),
        published_on=record.published_on,
        updated_on=record.updated_on,
        first_seen_on=_first_day(record.published_on, mentions),
        title_key=title_key,
        abstract_key=folded_abstract,
        identifiers=identifiers,
        disputed=_disputed((item,), identifiers),
        mentions=mentions,
        links=combine_links(record.links) if record.links else (),
        results=_plain_results(record.results) if record.results else (),
        authors=plain_names(record.authors),
        categories=record.categories,
        tasks=plain_names(dict.fromkeys(record.tasks)) if record.tasks else (),
        keywords=plain_names(record.keywords),
        version=record.version or None,
        abstract_version=record.version if written else None,
        withdrawn=(
            plain_or_none(record.withdrawn) if record.withdrawn else _withdrawn_in(title, abstract)
        ),
        comment=plain_or_none(record.comment),
        venue=plain_or_none(record.venue),
        organization=plain_or_none(record.organization),
    )


def _of_several(items: Sequence[Supplied]) -> MergedPaper:
    """Compute a paper from records that are sorted by precedence."""
    records = [item.record for item in items]
    title = _first(records, lambda record: plain_or_none(record.title))
    written, abstract_version = _abstract(records)
    abstract = plain_abstract(written) if written else None
    mentions = united_mentions(records)
    published_on = _first(records, _published_on)
    identifiers = _united(records)
    title_key = fold(title) if title else None
    folded_abstract = _abstract_key(written, items) if written and abstract else None
    key, label, is_row = named(records, title, abstract, identifiers, title_key, folded_abstract)
    return MergedPaper(
        key=key,
        label=label,
        is_row=is_row,
        title=title,
        abstract=abstract or None,
        arxiv_id=_arxiv_id(identifiers),
        published_on=published_on,
        updated_on=max(filter(None, map(_updated_on, records)), default=None),
        first_seen_on=_first_day(published_on, mentions),
        title_key=title_key,
        abstract_key=folded_abstract,
        identifiers=identifiers,
        disputed=_disputed(items, identifiers),
        mentions=mentions,
        links=combine_links(_each(records, _links)),
        results=_plain_results(_each(records, _results)),
        authors=_first(records, lambda record: plain_names(record.authors)) or (),
        categories=_first(records, _categories) or (),
        tasks=plain_names(dict.fromkeys(_each(records, _tasks))),
        keywords=_first(records, lambda record: plain_names(record.keywords)) or (),
        version=max(filter(None, map(_version, records)), default=None),
        abstract_version=abstract_version,
        withdrawn=_withdrawn(items, title, abstract),
        comment=_first(records, lambda record: plain_or_none(record.comment)),
        venue=_first(records, lambda record: plain_or_none(record.venue)),
        organization=_first(records, lambda record: plain_or_none(record.organization)),
    )


def _arxiv_id(identifiers: Iterable[Identifier]) -> str | None:
    for name in identifiers:
        if name.scheme == "arxiv":
            return name.value
    return None


def _first_day(published_on: dt.date | None, mentions: Sequence[DigestMention]) -> dt.date | None:
    """Return the day of the publication or of a digest, whichever came first."""
    if not mentions:
        return published_on
    return min(filter(None, (published_on, *(mention.day for mention in mentions))))


def _plain_results(results: Iterable[ResultRecord]) -> tuple[ResultRecord, ...]:
    return tuple(dict.fromkeys(map(plain_result, results)))


def _united(records: Sequence[PaperRecord]) -> tuple[Identifier, ...]:
    """Return the identifiers of all records, sorted."""
    if len(records) == 1 and len(records[0].identifiers) < 2:
        return records[0].identifiers
    return tuple(sorted({name for record in records for name in record.identifiers}))


def _disputed(
    items: Iterable[Supplied], identifiers: Iterable[Identifier]
) -> tuple[Identifier, ...]:
    """Return the identifiers that records state, but that do not name the paper, sorted."""
    stated = {name for item in items if item.disputed for name in item.disputed}
    return tuple(sorted(stated - set(identifiers))) if stated else ()


def _withdrawn(items: Sequence[Supplied], title: str | None, abstract: str | None) -> str | None:
    """Say why a paper counts as withdrawn: its publisher's latest word, its own, or others'.

    What was withdrawn may be published anew, so that of the publisher's records the newest counts.
    """
    if not any(item.record.withdrawn for item in items):
        return _withdrawn_in(title, abstract)
    rank = min(item.rank for item in items)
    publishers = [item.record for item in items if item.rank == rank]
    newest = max(publishers, key=lambda record: _ordinal(_said_on(record)))
    if newest.withdrawn:
        return plain_or_none(newest.withdrawn)
    others = (item.record.withdrawn for item in items if item.rank != rank)
    return _withdrawn_in(title, abstract) or plain_or_none(next(filter(None, others), None))


def _withdrawn_in(title: str | None, abstract: str | None) -> str | None:
    """Return the sentence of an abstract, or the title, that says that its paper was withdrawn."""
    if title and marked_withdrawn(title):
        return title
    if abstract and said_withdrawn(abstract):
        return plain_or_none(first_sentence(abstract))
    return None


def _said_on(record: PaperRecord) -> dt.date | None:
    return record.withdrawn_on or record.updated_on or record.published_on


def plain_names(names: Iterable[str]) -> tuple[str, ...]:
    """Convert names to plain Unicode, without those that become empty."""
    held = tuple(names)
    return held if not held or are_plain(held) else tuple(filter(None, map(plain, held)))


PLAIN_FIELDS = ("metric", "metric_text", "dataset", "dataset_text", "task", "model", "baseline")
"""Fields of a result that are names, written by whoever keeps the table."""


def plain_result(result: ResultRecord) -> ResultRecord:
    """Convert the names of a result to plain Unicode."""
    changes: dict[str, Any] = {}
    for field in PLAIN_FIELDS:
        name = getattr(result, field)
        if name is not None and (read := plain(name)) != name:
            changes[field] = read or None
    return structs.replace(result, **changes) if changes else result


def all_links(paper: MergedPaper, extraction: Extraction) -> tuple[LinkRecord, ...]:
    """List the addresses in the abstract and those that sources state, each once."""
    return combine_links((*extraction.links, *paper.links))


def combine_links(links: Iterable[LinkRecord]) -> tuple[LinkRecord, ...]:
    """List each address once: its first spelling, completed by later ones."""
    combined: dict[str, LinkRecord] = {}
    for link in links:
        key = link.url.rstrip("/").casefold()
        combined[key] = _filled(combined[key], link) if key in combined else link
    return tuple(combined.values())


def _sorted(supplied: Iterable[Supplied]) -> list[Supplied]:
    """Sort records by precedence, independent of the order in which they came.

    When a document was observed decides nothing: that is the hour of a load.
    """
    items = list(supplied)
    return sorted(items, key=_precedence) if len(items) > 1 else items


def _precedence(item: Supplied) -> tuple[int, int, int, str]:
    record = item.record
    on = record.updated_on or record.published_on
    listed = record.digest.day if record.digest else None
    return (
        item.rank,
        -_ordinal(on or listed),
        -_ordinal(listed),
        _content_hash(item),
    )


def _ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else 0


def _content_hash(item: Supplied) -> str:
    """Hash what a record says, whenever it was observed and whichever names it lost to others."""
    digest = item.record.digest
    if digest is None:
        return item.sha256
    stated = structs.replace(
        item.record,
        digest=structs.replace(digest, observed_at=None),
        identifiers=tuple(sorted({*item.record.identifiers, *item.disputed})),
    )
    return sha256_of(_encode(stated).decode())


def _each(
    records: Iterable[PaperRecord], field: Callable[[PaperRecord], Iterable[Item]]
) -> Iterable[Item]:
    """Return what all records hold in a field of several values."""
    return chain.from_iterable(map(field, records))


def _first(records: Iterable[PaperRecord], field: Callable[[PaperRecord], Item]) -> Item | None:
    for record in records:
        if value := field(record):
            return value
    return None


def _abstract(records: Sequence[PaperRecord]) -> tuple[str | None, int | None]:
    """Choose the first abstract, with the version that it is of.

    One with its addresses is preferred to the same one without.

    Lists print "this https URL" where the abstract had an address.
    """
    holders = [record for record in records if record.abstract]
    if not holders:
        return None, None
    first = holders[0].abstract or ""
    if len(holders) > 1 and "this http" in first.casefold():
        same = without_addresses(first)
        for record in holders:
            other = record.abstract or ""
            if "this http" not in other.casefold() and without_addresses(other) == same:
                return other, record.version
    return first, holders[0].version


def _abstract_key(abstract: str, items: Iterable[Supplied]) -> str:
    for item in items:
        if item.abstract_key and item.record.abstract is abstract:
            return item.abstract_key
    return abstract_key(abstract)


def _filled(link: LinkRecord, other: LinkRecord) -> LinkRecord:
    missing: dict[str, Any] = {
        field: getattr(other, field)
        for field in ("is_official", "framework", "stars")
        if getattr(link, field) is None
    }
    return structs.replace(link, **missing)
