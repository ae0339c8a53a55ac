"""Decide the day of a digest of Hugging Face's, and the ranks of its papers."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from catalog.domain.formatting import plural
from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import DayBasis, DigestMention, Problem
from etl.formats.contract import FormatError, Reading
from etl.formats.toolkit.hf_entries import Entry, Paper
from etl.formats.toolkit.json_items import Doubts
from etl.formats.toolkit.printed_days import day_in_name, friday_before, iso_day

HF_DAILY = "hf-daily"
"""The source that mentions in these digests name."""

SATURDAY = 5

_OF_SEVERAL_DAYS = late_pattern(r"(?<!\d)\d{4}[-_](?:W\d\d?|\d\d?)(?![\d])", re.IGNORECASE)
"""A week or a month in a document's name: what a list was asked for, and no day."""


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


def names_several_days(name: str) -> bool:
    """Return true if a document's name tells a week or a month, and no day.

    >>> names_several_days("lists/2024-W23.json"), names_several_days("lists/papers.json")
    (True, False)
    """
    return _OF_SEVERAL_DAYS.search(_last_part(name)) is not None


def _wrapped_day(text: str) -> dt.date:
    try:
        return iso_day(text)
    except ValueError as error:
        raise FormatError(
            f"the wrapper's date: {error}", hint="correct it, or give the list without its wrapper"
        ) from error


def _last_part(name: str) -> str:
    return name.rpartition("/")[2]


class Digest:
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
            if names_several_days(self.reading.name):
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
            source=HF_DAILY,
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
