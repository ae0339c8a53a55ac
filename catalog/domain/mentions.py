"""Combine what digests say of a paper on one day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import msgspec
from msgspec import structs

from catalog.domain.records import DigestMention, PaperRecord

_encode = msgspec.json.Encoder().encode


def united_mentions(records: Sequence[PaperRecord]) -> tuple[DigestMention, ...]:
    """Combine mentions by digest and day: the best rank, the latest upvotes and comments."""
    if not any(record.digest for record in records):
        return ()
    by_digest: dict[tuple[str, dt.date], list[DigestMention]] = defaultdict(list)
    for record in records:
        if record.digest:
            by_digest[record.digest.source, record.digest.day].append(record.digest)
    return tuple(_one_mention(found) for _, found in sorted(by_digest.items()))


def _one_mention(found: list[DigestMention]) -> DigestMention:
    """Combine mentions of one day; one that states no count does not hide an earlier one's."""
    voted = _latest(found, "upvotes")
    discussed = _latest(found, "comments")
    return structs.replace(
        voted if voted.upvotes is not None else discussed,
        comments=discussed.comments,
        rank=min((m.rank for m in found if m.rank), default=None),
        basis=min((m.basis for m in found), key=_BASES.index),
    )


def _latest(found: list[DigestMention], count: str) -> DigestMention:
    """Return the latest mention that states a count; the greatest of several at one time."""
    stating = [m for m in found if getattr(m, count) is not None] or found
    return max(
        stating, key=lambda m: (m.observed_at or _LONG_AGO, getattr(m, count) or 0, _encode(m))
    )


_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
_BASES = ("printed", "given", "name", "weekday", "reading", "weekend")
