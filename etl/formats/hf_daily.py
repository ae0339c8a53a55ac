"""Parse Hugging Face daily papers: answers of the API, lists and single papers."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Annotated, BinaryIO
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Meta, Raw, Struct, field, structs

from catalog.domain.formatting import plural
from catalog.domain.identifiers import arxiv_id
from catalog.domain.records import (
    DayBasis,
    DigestMention,
    Identifier,
    LinkRecord,
    PaperRecord,
    Problem,
)
from etl.formats.contract import HEAD_SIZE, Format, FormatError, Head, Reading
from etl.formats.toolkit.author_names import split_authors
from etl.formats.toolkit.decoding import kept, title
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome
from etl.formats.toolkit.json_stream import (
    Item,
    array_items,
    begins_with,
    json_shape,
    line_items,
    whole,
)
from etl.formats.toolkit.printed_days import day_in_name, friday_before, iso_day
from etl.formats.toolkit.replayed_stream import peeked
from etl.formats.toolkit.stated_links import link

SATURDAY = 5

Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]

IGNORED = {
    "thumbnail": "a picture", "mediaUrl": "pictures", "mediaUrls": "pictures",
    "submittedBy": "a member of the site", "submittedOnDailyBy": "a member of the site",
    "isAuthorParticipating": "of the discussion", "discussionId": "of the discussion",
    "submitterOrganization": "of the submitter", "Organization._id": "the site's own",
    "Organization.avatar": "a picture",
    "githubRepoAddedBy": "a role on the site", "ai_summary": "a machine's words, not the paper's",
    "ai_summary_model": "of the same",
    "linkedModels": "the site's own cross-references", "numTotalModels": "the same",
    "linkedDatasets": "the same", "numTotalDatasets": "the same", "linkedSpaces": "the same",
    "numTotalSpaces": "the same", "Author._id": "the site's own", "Author.hidden": "of the site",
    "Author.user": "an account on the site", "Author.status": "of that account",
    "Author.statusLastChangedAt": "of that account",
}  # fmt: skip
"""Fields that are known and not read, with the reason."""


class Author(Struct):
    """An author of a paper; `hidden` and the account on the site are not read."""

    name: str | None = None


class Organization(Struct):
    """The organization that the paper is from, as the site knows it."""

    name: str | None = None
    fullname: str | None = None


class Paper(Struct, rename="camel"):
    """The site's data of a paper."""

    id: str
    title: str | None = None
    authors: Sequence[Author | str] | str | Author = ()
    """Objects on the site; plain names, or one text with all of them, in copies of it."""
    summary: str | None = None
    published_at: str | None = None
    submitted_on_daily_at: str | None = None
    upvotes: Count | None = None
    project_page: str | None = None
    github_repo: str | None = None
    github_stars: Count | None = None
    organization: Organization | None = None
    ai_keywords: Sequence[str] | None = field(default=(), name="ai_keywords")


class Entry(Struct, rename="camel"):
    """A paper in a day's list; `publishedAt` is not read, as it has had three meanings."""

    paper: Paper
    title: str | None = None
    summary: str | None = None
    published_at: str | None = None
    num_comments: Count | None = None
    organization: Organization | None = None


_LISTS = rb"data|papers|results|items|entries|daily_papers|dailyPapers"
_WRAPPED = re.compile(
    rb'\s*+\{(?P<before>(?:[^"\[\]{}]++|"(?!(?:' + _LISTS + rb')")[^"\\]*+")*+)'
    rb'"(?:' + _LISTS + rb')"\s*+:\s*+(?=\[)'
)
"""{"status": ..., "date": "2024-06-03", "count": 7, "data": [...]}, as scrapers kept a list."""
_WRAPPED_DAY = re.compile(rb'"(?:date|day)"\s*:\s*"(\d{4}-\d\d-\d\d)')
_ENTRY = re.compile(
    rb'\[\s*\{(?:[^{}"]++|"(?!paper")[^"\\]*+(?:\\.[^"\\]*+)*+")*+"paper"\s*:\s*\{(?=[^{}]*"id"\s*:\s*")'
    rb'(?=.{0,60000}"(?:upvotes|submittedOnDailyAt|publishedAt)"\s*:)',
    re.DOTALL,
)
"""A list of entries, somewhere in a wrapper of another shape: by days, in several layers."""
_EMPTY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\]\s*")
_OF_SEVERAL_DAYS = re.compile(r"(?<!\d)\d{4}[-_](?:W\d\d?|\d\d?)(?![\d])", re.IGNORECASE)
"""A week or a month in a document's name: what a list was asked for, and no day."""
_BARE = {"id", "title", "authors"}


def recognises(head: Head) -> bool:
    """Return true if it begins like a list of entries, one entry, one paper, or a wrapped list."""
    if _WRAPPED.match(head.data) or re.match(rb"\s*\[\s*\"\{'paper'", head.data):
        return re.search(rb"[\"']paper[\"']\s*:\s*\{", head.data) is not None
    if _EMPTY.fullmatch(head.data):
        return bool(day_in_name(head.name) or _OF_SEVERAL_DAYS.search(_last_part(head.name)))
    shape = json_shape(head)
    if shape is None:
        return False
    if "paper" in shape.keys:
        return bool(shape.keys & {"publishedAt", "numComments"})
    if shape.keys >= _BARE:
        return bool(shape.keys & {"upvotes", "submittedOnDailyAt"})
    return _ENTRY.search(head.data) is not None


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each paper of the list, with its place in the digest of its day.

    https://huggingface.co/docs/hub/api, `GET /api/daily_papers` and `GET /api/papers/{id}`. The
    day is what a record states as submitted, else an option, else the day that was asked for: the
    wrapper's, else the one in the document's name. A weekend's answer is a copy of Friday's.

    Raises:
        FormatError: it is no such answer, breaks before its first record, or tells no day.

    """
    begun, stream = peeked(stream, HEAD_SIZE)
    wrapped = _WRAPPED.match(begun)
    if wrapped:
        stream.read(wrapped.end())
        day = _WRAPPED_DAY.search(wrapped["before"])
        if day is None and reading.day is None:  # it may stand behind the list
            rest = whole(stream, longest=reading.longest)
            day = _WRAPPED_DAY.search(rest, max(rest.rfind(b"]"), 0))
            stream = BytesIO(rest)
        yield from _list(stream, _Digest(reading, day[1].decode() if day else None))
    elif begins_with(begun, b"["):
        yield from _list(stream, _Digest(reading))
    elif begins_with(begun, b"{") and _goes_by_lines(begun):
        yield from _lines(stream, reading)
    elif begins_with(begun, b"{"):
        data = whole(stream, longest=reading.longest)
        if _is_single(data):
            yield from _single(data, _Digest(reading))
        else:
            yield from _unwrapped(data, reading)
    else:
        raise FormatError("it begins with neither [ nor {", hint="give an answer of the API")


def _list(stream: BinaryIO, digest: "_Digest") -> Iterator[Outcome]:
    """Yield the entries of a list, with ranks."""
    begun, stream = peeked(stream, HEAD_SIZE)
    yield from _entries(array_items(stream, longest=digest.reading.longest), begun, digest)
    yield from digest.told()


def _entries(items: Iterable[Item], begun: bytes, digest: "_Digest") -> Iterator[Outcome]:
    """Yield entries with ranks; bare papers are entries of which only the paper is told."""

    def convert(entry: Entry, where: str) -> Iterator[Outcome]:
        doubts = Doubts(where)
        place = int(where.removeprefix("item "))
        yield _record(entry, digest.ranked(entry, place, doubts), doubts)
        yield from doubts

    def convert_paper(paper: Paper, where: str) -> Iterator[Outcome]:
        yield from convert(Entry(paper), where)

    shape = json_shape(Head(name="", data=begun))
    unread = digest.reading.unread
    if shape and "paper" not in shape.keys and shape.keys >= _BARE:
        yield from ItemConverter(Paper, convert_paper, IGNORED).read(items, unread)
    else:
        yield from ItemConverter(Entry, convert, IGNORED).read(items, unread)


def _single(data: bytes, digest: "_Digest") -> Iterator[Outcome]:
    """Yield one entry of a list, or one paper; neither has a rank."""

    def convert(entry: Entry, where: str) -> Iterator[Outcome]:
        doubts = Doubts(where)
        yield _record(entry, digest.unranked(entry, doubts), doubts)
        yield from doubts

    def convert_paper(paper: Paper, where: str) -> Iterator[Outcome]:
        yield from convert(Entry(paper), where)

    items = [Item("the paper", data)]
    shape = json_shape(Head(name="", data=data))
    if shape and "paper" in shape.keys:
        yield from ItemConverter(Entry, convert, IGNORED).read(items, digest.reading.unread)
    else:
        yield from ItemConverter(Paper, convert_paper, IGNORED).read(items, digest.reading.unread)


def _is_single(data: bytes) -> bool:
    shape = json_shape(Head(name="", data=data))
    return shape is not None and ("paper" in shape.keys or shape.keys >= _BARE)


def _goes_by_lines(begun: bytes) -> bool:
    """Return true if entries or lists of them stand on lines of their own."""
    first, _, rest = begun.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    return first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _lines(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield the entries of lines: of one list if each line is an entry, else of a list each."""
    digest = _Digest(reading)
    for item in line_items(stream, longest=reading.longest):
        if _is_single(item.raw):
            place = f"item {item.where.removeprefix('line ')}"
            yield from _entries([Item(place, item.raw)], item.raw, digest)
        else:
            yield from _unwrapped(item.raw, reading, f"{item.where}, ")


def _unwrapped(data: bytes, reading: Reading, where: str = "") -> Iterator[Outcome]:
    """Yield the entries of every list in a wrapper, with the day that stands nearest around it.

    Raises:
        FormatError: it is no JSON, or holds no list of entries.

    """
    try:
        lists = list(_lists(data, None, ""))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FormatError(
            f"it is no well-formed JSON: {error}", hint="check that the file is whole"
        ) from error
    if not lists:
        raise FormatError(
            "no list of daily papers is in it", hint="give the list that the API answered"
        )
    for path, day, held in lists:
        digest = _Digest(reading, day)
        for outcome in _list(BytesIO(held), digest):
            if isinstance(outcome, Problem):
                outcome = structs.replace(outcome, where=f"{where}{path}, {outcome.where}")
            yield outcome


def _lists(data: Raw | bytes, day: str | None, path: str) -> Iterator[tuple[str, str | None, Raw]]:
    """Find the lists of entries in nested objects, by their path, each with its day."""
    begins = bytes(memoryview(data)[:1])
    if begins == b"{":
        held = _object(data)
        day = next((found for name in _DAYS if (found := _day_in(held.get(name)))), day)
        for name, below in held.items():
            named = name[:10] if _ISO_DAY.match(name) else day
            yield from _lists(below, named, f"{path}.{name}" if path else name)
    elif begins == b"[":
        items = _array(data)
        shapes = [json_shape(Head(name="", data=bytes(item))) for item in items[:1]]
        if shapes and shapes[0] and not shapes[0].is_array:
            keys = shapes[0].keys
            if "paper" in keys or keys >= _BARE:
                yield path, day, Raw(bytes(data))
            else:
                for number, item in enumerate(items, start=1):
                    yield from _lists(item, day, f"{path}[{number}]")


def _day_in(held: Raw | None) -> str | None:
    match = _ISO_DAY.match(bytes(held).decode("utf-8", "replace").strip('"')) if held else None
    return match.group() if match else None


_DAYS = ("date", "day", "digest_date", "digestDate")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_object = msgspec.json.Decoder(dict[str, Raw]).decode
_array = msgspec.json.Decoder(list[Raw]).decode


def _record(entry: Entry, mention: DigestMention | None, doubts: Doubts) -> PaperRecord:
    """Make the record of an entry, and note the lesser fields in it that are wrong."""
    paper = entry.paper
    return PaperRecord(
        title=title(entry.title) or title(paper.title),
        abstract=kept(paper.summary) or kept(entry.summary),
        identifiers=(Identifier(scheme="arxiv", value=arxiv_id(paper.id)),),
        published_on=doubts.value("publishedAt", iso_day, paper.published_at),
        authors=tuple(_authors(paper.authors)),
        digest=mention,
        links=tuple(_links(paper, doubts)),
        organization=_organization(paper.organization) or _organization(entry.organization),
        keywords=tuple(dict.fromkeys(filter(None, map(title, paper.ai_keywords or ())))),
    )


def _authors(held: Sequence[Author | str] | str | Author) -> Iterator[str]:
    """Yield the names of authors, whichever way they are written."""
    if isinstance(held, str):
        yield from split_authors(held)
        return
    for one in [held] if isinstance(held, Author) else held:
        if name := title(one.name if isinstance(one, Author) else one):
            yield name


def _organization(held: Organization | None) -> str | None:
    return (title(held.fullname) or title(held.name)) if held else None


def _links(paper: Paper, doubts: Doubts) -> Iterator[LinkRecord]:
    code = doubts.value(
        "githubRepo", lambda it: link(it, "githubRepo", stars=paper.github_stars), paper.github_repo
    )
    page = doubts.value("projectPage", lambda it: link(it, "projectPage"), paper.project_page)
    yield from filter(None, (code, page))


def papers_before(name: str) -> int:
    """Count the papers on the pages before this one, by the address that was requested.

    >>> papers_before("https://huggingface.co/api/daily_papers?date=2025-03-11&limit=100&p=2")
    200
    """
    try:
        asked = parse_qs(urlsplit(name).query) if name.startswith("http") else {}
        return int(asked["limit"][0]) * int(asked["p"][0])
    except (ValueError, KeyError):  # no address, or one that names no page
        return 0


def _wrapped_day(text: str) -> dt.date:
    try:
        return iso_day(text)
    except ValueError as error:
        raise FormatError(
            f"the wrapper's date: {error}", hint="correct it, or give the list without its wrapper"
        ) from error


def _last_part(name: str) -> str:
    return name.rpartition("/")[2]


class _Digest:
    """The digest that a document belongs to: days, and ranks on them."""

    def __init__(self, reading: Reading, wrapped: str | None = None) -> None:
        self.reading = reading
        self.wrapped = _wrapped_day(wrapped) if wrapped else None
        self.ranks: Counter[dt.date] = Counter()
        self.read = 0
        """Entries that could be read, whatever their day."""
        self.dayless = 0
        """Entries of which nothing tells the day."""
        self.before = papers_before(reading.name)

    def ranked(self, entry: Entry, place: int, doubts: Doubts) -> DigestMention | None:
        """Make the mention of an entry in a list.

        Raises:
            FormatError: nothing tells the day, of the first record already.
            ValueError: nothing tells the day of this record, as in answers to a search.

        """
        decided = self._day(entry.paper, doubts)
        if decided is None:
            if _OF_SEVERAL_DAYS.search(_last_part(self.reading.name)):
                self.dayless += 1
                self.read += 1
                return None
            raise self._no_day()
        self.read += 1
        self.ranks[decided[0]] += 1
        broken = place - self.read
        return self._mention(entry, decided, self.before + self.ranks[decided[0]] + broken)

    def told(self) -> Iterator[Problem]:
        """Yield one problem for all entries without a day."""
        if self.dayless:
            papers = plural(self.dayless, "paper")
            yield Problem(
                where="the document's name",
                why=f"it tells a week or a month, and {papers} no day: kept without a place in a "
                "digest; give a day with --day, or ask the publisher for single days",
                raw=_last_part(self.reading.name),
            )

    def _no_day(self) -> ValueError:
        if self.ranks:
            return ValueError("it tells no day of a digest, and the document's name neither")
        return FormatError(
            "neither its records nor its name tell the digest's day",
            hint="give it with --day YYYY-MM-DD, or name the file for it",
        )

    def unranked(self, entry: Entry, doubts: Doubts) -> DigestMention | None:
        """Make the mention of a single paper, if it is in a digest."""
        decided = self._day(entry.paper, doubts)
        return self._mention(entry, decided, None) if decided else None

    def _mention(
        self, entry: Entry, decided: tuple[dt.date, DayBasis], rank: int | None
    ) -> DigestMention:
        day, basis = decided
        return DigestMention(
            source=FORMAT.name,
            day=day,
            basis=basis,
            rank=rank,
            upvotes=entry.paper.upvotes,
            comments=entry.num_comments,
            observed_at=self.reading.observed_at,
        )

    def _day(self, paper: Paper, doubts: Doubts) -> tuple[dt.date, DayBasis] | None:
        stated = doubts.value("submittedOnDailyAt", iso_day, paper.submitted_on_daily_at)
        if stated:
            return stated, "printed"
        if self.reading.day:
            return self.reading.day, "given"
        asked = self.wrapped or day_in_name(self.reading.name)
        if asked is None:
            return None
        if asked.weekday() >= SATURDAY:
            return friday_before(asked), "weekend"
        return asked, "printed" if self.wrapped else "name"


FORMAT = Format(
    name="hf-daily",
    title="Hugging Face daily papers",
    homepage="https://huggingface.co/papers",
    licence="the authors'; metadata of arXiv is CC0",
    rank=30,
    is_digest=True,
    states_year=True,
    recognises=recognises,
    parse=parse,
)
