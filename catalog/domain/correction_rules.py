"""Apply people's decisions on numbers and papers, as pure functions.

A decision on a number is held by the paper and by the number's text in its abstract: its sentence
says where. So it is found again when the abstract changes elsewhere, or another extractor reads it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from msgspec import Struct, structs

from catalog.domain.addresses import classify
from catalog.domain.keys import fold
from catalog.domain.merge import MergedPaper
from catalog.domain.plain_text import plain
from catalog.domain.records import LinkRecord, ResultRecord

Subject: TypeAlias = Literal["metric", "dataset"]
ResultKind: TypeAlias = Literal["accept", "reject", "edit", "add"]
PaperKind: TypeAlias = Literal["title", "day", "repository"]

RESULT_KINDS: tuple[ResultKind, ...] = get_args(ResultKind)
NAME_KINDS = ("same", "apart")
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
PAPER_KINDS: tuple[PaperKind, ...] = get_args(PaperKind)

State: TypeAlias = Literal["machine", "accepted", "corrected", "added", "rejected"]

ABSTRACT, TABLES, CURATOR = "abstract", "papers-with-code", "curator"
"""Origins of results: read from the abstract, stated in a table, added by a person."""

EDITABLE = (
    "metric", "dataset", "value", "value_max", "unit", "kind", "sign", "role", "model", "baseline",
)  # fmt: skip
"""Fields of a number that a person may change."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ResultRecord).decode


class Decided(Struct, frozen=True, kw_only=True):
    """A number as the catalog shows it, with its origin and what people made of it."""

    origin: str
    result: ResultRecord
    machine: ResultRecord | None
    """The number as the machine reads it; None where a person added it."""
    state: State = "machine"


class ResultDecision(Struct, frozen=True, kw_only=True):
    """One decision on one number."""

    kind: ResultKind
    value: ResultRecord | None
    """The number as the person sees it; None where it is rejected."""
    machine: ResultRecord | None
    """The number as the machine read it; None where it was added."""

    @property
    def seen(self) -> ResultRecord:
        """The reading by which the number is found again."""
        found = self.machine or self.value
        if found is None:
            msg = f"a decision to {self.kind} names no number"
            raise ValueError(msg)
        return found


class PaperDecision(Struct, frozen=True, kw_only=True):
    """One decision on a paper: its title, its day or its repository."""

    kind: PaperKind
    value: str | None
    """None where the paper has no repository."""


class PaperDecisions(Struct, frozen=True, kw_only=True):
    """The decisions in force on one paper, the first made first."""

    results: tuple[ResultDecision, ...] = ()
    paper: tuple[PaperDecision, ...] = ()


NONE_MADE = PaperDecisions()


def written(result: ResultRecord | None) -> str | None:
    """Write a number as JSON, as a correction keeps it."""
    return None if result is None else _encode(result).decode()


def read(printed: str | None) -> ResultRecord | None:
    """Read a number that `written` wrote.

    Raises:
        msgspec.MsgspecError: it is none.

    """
    return None if printed is None else _decode(printed)


def changed(result: ResultRecord, fields: dict[str, Any]) -> ResultRecord:
    """Change fields of a number; what was printed for a changed name no longer counts.

    >>> read = changed(ResultRecord(text="3", metric="FID", metric_text="rFID"), {"metric": "rFID"})
    >>> read.metric, read.metric_text
    ('rFID', None)
    """
    left = {name: value for name, value in fields.items() if getattr(result, name) != value}
    for name in ("metric", "dataset"):
        if name in left:
            left[f"{name}_text"] = None
    if left.get("kind", result.kind) == "absolute":
        left["sign"] = None
    return structs.replace(result, **left)


def same_content(one: ResultRecord, other: ResultRecord) -> bool:
    """Return true if two readings of a number agree in all fields that a person may change."""
    return all(getattr(one, name) == getattr(other, name) for name in EDITABLE)


def offset_of(abstract: str | None, seen: ResultRecord) -> int | None:
    """Find where a number stands in an abstract that may have changed; None where it does not.

    Its own place counts if text and sentence stand there; else its sentence, with the number in it
    once; else its text, if that stands in the abstract once.

    >>> seen = ResultRecord(text="91%", start=3, end=6, sentence="We get 91%.")
    >>> offset_of("Once more. We get 91%.", seen), offset_of("We get 9.91%.", seen)
    (18, None)
    """
    if abstract is None:
        return None
    text, sentence = seen.text, seen.sentence
    if seen.start is not None and _is_at(seen.start, abstract, text, sentence):
        return seen.start
    if sentence is not None and abstract.count(sentence) == 1:
        inside = places_of(sentence, text)
        return abstract.index(sentence) + inside[0] if len(inside) == 1 else None
    places = places_of(abstract, text)
    return places[0] if len(places) == 1 else None


def _is_at(start: int, abstract: str, text: str, sentence: str | None) -> bool:
    """Return true if text, and the sentence around it, stand at a place of an abstract."""
    if abstract[start : start + len(text)] != text:
        return False
    if sentence is None:
        return True
    first = abstract.rfind(sentence, 0, start + len(sentence))
    return 0 <= first <= start < first + len(sentence)


def places_of(within: str, text: str) -> list[int]:
    """List where a printed number stands, not as a part of a longer one."""
    pattern = rf"(?<![\w.]){re.escape(text)}(?![\w])(?!\.\d)"
    return [found.start() for found in re.finditer(pattern, within)]


def decided(
    abstract: str | None,
    machine: Iterable[tuple[str, ResultRecord]],
    decisions: Sequence[ResultDecision],
) -> list[Decided]:
    """Apply decisions to the numbers of a paper, in the order in which they were made.

    `machine` gives numbers with their origin. A number that people accepted, edited or added stays
    even if the machine no longer finds it, as long as its text stands in the abstract.
    """
    found = [Decided(origin=origin, result=result, machine=result) for origin, result in machine]
    for decision in decisions:
        seen = decision.seen
        if seen.start is None:
            found = _in_table(found, decision)
        elif (start := offset_of(abstract, seen)) is not None:
            found = _in_abstract(found, decision, start)
    return found


def _in_table(found: list[Decided], decision: ResultDecision) -> list[Decided]:
    """Apply a decision to a number of a table, which its names tell apart."""
    names = _names(decision.seen)
    return [
        _judged(one, decision, decision.value)
        if one.machine and one.machine.start is None and names == _names(one.machine)
        else one
        for one in found
    ]


def _names(result: ResultRecord) -> tuple[str | None, ...]:
    """Return what tells the numbers of a table apart: as printed, since names may become one."""
    metric, dataset = result.metric_text or result.metric, result.dataset_text or result.dataset
    return (result.text, metric, dataset, spelt(result.task or ""), result.model)


def spelt(name: str) -> str:
    """Fold a name's case and white space: "MS  COCO" and "ms coco" are one spelling."""
    return " ".join(name.casefold().split())


def _in_abstract(found: list[Decided], decision: ResultDecision, start: int) -> list[Decided]:
    """Apply a decision to the number that stands at `start`, whatever was read there."""
    end = start + len(decision.seen.text)
    there = [one for one in found if _overlaps(one, start, end)]
    if decision.kind == "reject":
        return [structs.replace(one, state="rejected") if one in there else one for one in found]
    if decision.value is None:
        msg = f"a decision to {decision.kind} has no value"
        raise ValueError(msg)
    value = structs.replace(decision.value, start=start, end=end)
    origin = CURATOR if decision.machine is None else ABSTRACT
    machine = next((one.machine for one in there), None)
    judged = _judged(Decided(origin=origin, result=value, machine=machine), decision, value)
    at = min((found.index(one) for one in there), default=len(found))
    left = [one for one in found if one not in there]
    return [*left[:at], judged, *left[at:]]


def _overlaps(one: Decided, start: int, end: int) -> bool:
    first, last = one.result.start, one.result.end
    return first is not None and last is not None and first < end and start < last


def _judged(one: Decided, decision: ResultDecision, value: ResultRecord | None) -> Decided:
    if value is None:
        return structs.replace(one, state="rejected")
    state: State = "corrected"
    if decision.machine is None:
        state = "added"
    elif same_content(value, decision.machine):
        state = "accepted"
    return structs.replace(one, result=value, state=state)


def corrected_paper(paper: MergedPaper, decisions: Iterable[PaperDecision]) -> MergedPaper:
    """Apply decisions on a paper's title and day; its key, and so its address, stays."""
    for decision in decisions:
        if decision.kind == "title" and decision.value:
            title = plain(decision.value)
            paper = structs.replace(paper, title=title, label=title, title_key=fold(title))
        elif decision.kind == "day" and decision.value:
            day = dt.date.fromisoformat(decision.value)
            seen = min([day, *(mention.day for mention in paper.mentions)])
            paper = structs.replace(paper, published_on=day, first_seen_on=seen)
    return paper


def with_repository(
    links: tuple[LinkRecord, ...], decisions: Iterable[PaperDecision]
) -> tuple[LinkRecord, ...]:
    """Apply decisions on a paper's repository: the person's is official, or there is none."""
    for decision in decisions:
        if decision.kind == "repository":
            links = _repository(links, decision.value)
    return links


def _repository(links: tuple[LinkRecord, ...], url: str | None) -> tuple[LinkRecord, ...]:
    if url is None:
        return tuple(link for link in links if _key(link.url) is None)
    key = _key(url)
    named = tuple(
        structs.replace(link, is_official=_key(link.url) == key)
        if link.is_official or _key(link.url) == key
        else link
        for link in links
    )
    return named if any(_key(link.url) == key for link in links) else (*named, _link(url))


def _key(url: str) -> str | None:
    """Return the key of the repository that an address leads into, or None."""
    found = classify(url).repository
    return found.key if found else None


def _link(url: str) -> LinkRecord:
    found = classify(url)
    repo = found.repository.full_name if found.repository else None
    return LinkRecord(url=url, kind=found.kind, repo=repo, found_in="correction", is_official=True)
