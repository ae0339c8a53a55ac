"""Tests of the days that digest pages print."""

import datetime as dt
from io import BytesIO

import pytest

from catalog.domain.records import PaperRecord
from etl.formats import Reading
from etl.formats.digest_page import parse
from etl.formats.toolkit.day_lines import printed_day
from tests.formats.digest_pages import ABSTRACT, read

DAYS = [
    "Mar 11",
    "MAR 11",
    "11 Mar",
    "11 March",
    "Mar. 11th",
    "March 11th, 2025",
    "the 11th of March",
    "Mar 11, '25",
    "Mar 11 ’25",
    "2025-03-11",
    "2025/03/11",
    "2025.03.11",
    "2025_03_11",
    "20250311",
    "11.03.2025",
    "11. 3. 2025",
    "3/11/2025",
    "03/11/2025",
    "Tue, Mar 11",
    "Tues., March 11",
    "Tuesday 11 March 2025",
    "Mar 11 (Tue)",
    "2025 Mar 11",
    "11-Mar-2025",
    "2025年3月11日",
    "2025-03-11T08:00:00Z",
    "# Mar 11",
    "**Mar 11**",
    "| Mar 11 |",
    "Tue, 11 Mar 2025 08:00:00 GMT",
    "--- Mar 11 ---",
    "Daily Papers: Mar 11",
    "Date: 2025-03-11",
    "Hugging Face daily papers for March 11, 2025",
    "2025-03-11 Papers",
    "Mar 11 · 24 papers",
    "Mar 11, 2025 (24 new papers)",
    "HF Daily Papers (2025-03-11)",
    "Issue #12 - March 11, 2025",
    "📅 Mar 11",
    "[2025-03-11]",
    "[Mar 11](https://huggingface.co/papers/date/2025-03-11)",
    "【2025-03-11】",
    "<b>Mar 11</b>",
    "Today, March 11",
    "## Updated on 2025.03.11",
    "Tue Mar 11 08:00:00 UTC 2025",
    "2025-03-11 at 8:00 AM",
    "Mar11",
    "11Mar2025",
    "11-Mar-25",
    "11.03.25",
    "3/11/25",
    "2025–03–11",
    "2025 03 11",
    "11. März 2025",
    "11 mars 2025",
    "11 de marzo de 2025",
    "11 марта 2025 г.",
    "2025年03月11日 星期二",
    "3月11日（火）",
    "2025년 3월 11일",
    "２０２５-０３-１１",
]


@pytest.mark.parametrize("printed", DAYS)
def test_a_day_in_every_usual_print(printed: str) -> None:
    found = read("Some header", printed, "Quills That Write", ABSTRACT)
    assert [one.title for one in found] == ["Quills That Write"]
    assert found[0].digest is not None
    assert (found[0].digest.day.month, found[0].digest.day.day) == (3, 11)


@pytest.mark.parametrize(
    "line",
    ["March of the Quills", "May 68 and After", "2048", "Mar 45", "13/13/2025", "Mar 11 to 14",
     "Published on Mar 10", "GPT-4 11 May Be", "In 2025", "1984-85", "11 Marbles", "Mars 2020",
     "We met on March 11", "Mon Tue Mar 11", "Version 2025.03.11 of X", "Mar 11, Mar 12",
     "<updated>2025-03-11</updated>", '"date": "2025-03-11",'],
)  # fmt: skip
def test_what_is_no_day(line: str) -> None:
    assert printed_day(line) is None


def test_of_two_numbers_the_documents_name_tells_the_month():
    data = "\n\n".join(["11/3/2025", "Quills That Write", ABSTRACT]).encode()
    for name, month in (("page.txt", 11), ("2025-03-11.txt", 3)):
        reading = Reading(name=name, read_on=dt.date(2026, 11, 20))
        found = next(iter(parse(BytesIO(data), reading)))
        assert isinstance(found, PaperRecord)
        assert found.digest is not None
        assert found.digest.day.month == month


def test_a_day_that_may_be_another_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    read("Header", "03/04/2025", "Quills That Write", ABSTRACT)
    assert "'03/04/2025' was read as 2025-03-04; if it is 2025-04-03, set it" in caplog.text


@pytest.mark.parametrize("printed", ["Tue, 11/03/2025", "11/03/2025 (Tuesday)"])
def test_of_two_numbers_the_weekday_tells_the_month(
    printed: str, caplog: pytest.LogCaptureFixture
) -> None:
    found = read("Header", printed, "Quills That Write", ABSTRACT)
    assert found[0].digest is not None
    assert found[0].digest.day == dt.date(2025, 3, 11)
    assert not caplog.records
