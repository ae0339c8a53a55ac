"""The rule that merges two readings of the same numbers; it stands here and nowhere else.

Where both readers agree, the result is surer than by either alone. Where they differ, the reading
stands that is likelier right: the built-in reader tells for each result how sure it is, and of the
second reader it was measured how often it is right (`Shares`). A person's word beats both: it
is applied after this (`etl.ingest`).
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from catalog.domain.records import Disagreement, DisputedField, Extraction, ResultRecord

KIND_FIELDS: tuple[DisputedField, ...] = ("value", "metric", "kind")
ROW_FIELDS: tuple[DisputedField, ...] = ("dataset", "role")
OWN_WORDS = ("sign", "model", "baseline")
"""Fields in which the second reader's word stands wherever both mean the same."""

MOST, LEAST = 0.995, 0.005
"""No reading is surer than this, or less sure."""


class Shares(Struct, frozen=True, kw_only=True):
    """The shares of a second reader's statements that are right, as measured."""

    kind: float
    row: float
    none: float
    added_kind: float
    added_row: float
    same_error: float


class SecondReading(Struct, frozen=True, kw_only=True):
    """A second reader's statements about the numbers of an abstract."""

    results: tuple[ResultRecord, ...] = ()
    others: tuple[tuple[int, int], ...] = ()
    """Offsets of the numbers that it calls no results."""


def merge_readings(ours: Extraction, theirs: SecondReading, shares: Shares) -> Extraction:
    """Merge the built-in reading of an abstract with another reader's."""
    left = list(theirs.results)
    results: list[ResultRecord] = []
    told: list[Disagreement] = []
    for one in ours.results:
        same = [other for other in left if _overlap(one, other.start, other.end)]
        left = [other for other in left if other not in same]
        if same:
            merged, disputed = _merged(one, same, shares)
        elif any(_overlap(one, start, end) for start, end in theirs.others):
            merged, disputed = _denied(one, shares)
        else:
            merged, disputed = [one], []
        results += merged
        told += disputed
    for other in left:
        results.append(_sure(other, shares.added_kind, shares.added_row))
        told.append(_disagreement(other, "result", None, _shown(other), builtin_stands=False))
    results.sort(key=lambda result: result.start or 0)
    return replace(ours, results=tuple(_distinct(results)), disagreements=tuple(told))


def _overlap(one: ResultRecord, start: int | None, end: int | None) -> bool:
    if one.start is None or one.end is None or start is None or end is None:
        return False
    return one.start < end and start < one.end


def _merged(
    one: ResultRecord, others: list[ResultRecord], shares: Shares
) -> tuple[list[ResultRecord], list[Disagreement]]:
    """Merge the readings of a number; the second reader may read a range as two numbers."""
    other, whole = others[0], one.row_confidence or LEAST
    sure = one.confidence or LEAST
    kind_fields = ["value"] if len(others) > 1 else _differing(one, other, KIND_FIELDS)
    if kind_fields:
        ours_stand, share = _likelier(sure, shares.kind, shares.same_error)
        kept = [one] if ours_stand else others
        rest = (whole / sure) if ours_stand else (shares.row / shares.kind)
        told = _told(one, other, [*kind_fields, *_differing(one, other, ROW_FIELDS)], ours_stand)
        return [_sure(held, share, share * rest) for held in kept], told
    agreed = _agreed(sure, shares.kind, shares.same_error)
    row_fields = _differing(one, other, ROW_FIELDS)
    if not row_fields:
        merged = _with_own_words(one, other)
        row = _agreed(whole, shares.row, shares.same_error)
        return [_sure(merged, agreed, row)], []
    ours_stand, share = _likelier(whole / sure, shares.row / shares.kind, shares.same_error)
    kept_one = one if ours_stand else other
    told = _told(one, other, row_fields, ours_stand)
    return [_sure(_with_own_words(kept_one, other), agreed, agreed * share)], told


def _with_own_words(one: ResultRecord, other: ResultRecord) -> ResultRecord:
    return replace(one, **{name: getattr(other, name) for name in OWN_WORDS})


def _denied(one: ResultRecord, shares: Shares) -> tuple[list[ResultRecord], list[Disagreement]]:
    """Keep or drop a result that the second reader calls none."""
    sure, whole = one.confidence or LEAST, one.row_confidence or LEAST
    stands, share = _likelier(sure, shares.none, 1.0)
    told = [_disagreement(one, "result", _shown(one), None, builtin_stands=stands)]
    return ([_sure(one, share, share * whole / sure)] if stands else []), told


def _agreed(ours: float, theirs: float, same_error: float) -> float:
    """Return how sure a reading is that both readers share.

    >>> _agreed(0.5, 0.9, 0.5) > 0.9
    True
    """
    right = ours * theirs
    return right / (right + (1 - ours) * (1 - theirs) * same_error)


def _likelier(ours: float, theirs: float, same_error: float) -> tuple[bool, float]:
    """Say whether ours is the likelier of two different readings, and how sure it then is."""
    ours, theirs = min(max(ours, LEAST), MOST), min(max(theirs, LEAST), MOST)
    only_ours, only_theirs = ours * (1 - theirs), theirs * (1 - ours)
    neither = (1 - ours) * (1 - theirs) * (1 - same_error)
    best = max(only_ours, only_theirs)
    return only_ours > only_theirs, best / (only_ours + only_theirs + neither)


def _sure(result: ResultRecord, confidence: float, row_confidence: float) -> ResultRecord:
    confidence = min(max(confidence, LEAST), MOST)
    row = min(max(row_confidence, LEAST), confidence)
    return replace(result, confidence=round(confidence, 3), row_confidence=round(row, 3))


def _differing(
    one: ResultRecord, other: ResultRecord, fields: Sequence[DisputedField]
) -> list[DisputedField]:
    return [name for name in fields if _OF[name](one) != _OF[name](other)]


def _told(
    one: ResultRecord, other: ResultRecord, fields: Sequence[DisputedField], ours_stand: bool
) -> list[Disagreement]:
    return [
        _disagreement(one, name, _text(one, name), _text(other, name), builtin_stands=ours_stand)
        for name in fields
    ]


def _disagreement(
    result: ResultRecord,
    field: DisputedField,
    builtin: str | None,
    other: str | None,
    *,
    builtin_stands: bool,
) -> Disagreement:
    return Disagreement(
        text=result.text,
        start=result.start or 0,
        end=result.end or 1,
        field=field,
        builtin=builtin,
        other=other,
        builtin_stands=builtin_stands,
    )


def _shown(result: ResultRecord) -> str:
    """Put a reading in a few words: "accuracy on COCO, absolute, own"."""
    of = result.metric or "no metric named"
    on = f" on {result.dataset}" if result.dataset else ""
    return f"{of}{on}, {result.kind}, {result.role}"


def _text(result: ResultRecord, field: DisputedField) -> str | None:
    if field == "value":
        return f"{result.text} ({result.unit})" if result.unit else result.text
    found: str | None = getattr(result, field)
    return found


def _folded(name: str | None) -> str:
    return "".join(sign for sign in (name or "").casefold() if sign.isalnum() or sign == "@")


_OF: dict[str, Callable[[ResultRecord], object]] = {
    "value": lambda result: (result.value, result.value_max, result.unit),
    "metric": lambda result: (_folded(result.metric), result.metric == "MAP"),  # not mAP
    "kind": lambda result: result.kind,
    "dataset": lambda result: _folded(result.dataset),
    "role": lambda result: result.role,
}


def _distinct(results: Sequence[ResultRecord]) -> Iterator[ResultRecord]:
    """Yield each statement once: a number may be stated twice, but is recorded once."""
    seen: set[object] = set()
    for result in results:
        key = (result.value, result.value_max, result.unit, result.metric, result.dataset,
               result.kind)  # fmt: skip
        if key not in seen:
            seen.add(key)
            yield result
