"""Read invented digest pages."""

import datetime as dt
from io import BytesIO

from catalog.domain.records import PaperRecord, Problem
from etl.formats import Reading
from etl.formats.digest_page import parse

READING = Reading(name="page.txt", read_on=dt.date(2026, 11, 20))
ABSTRACT = (
    "We let quills write by themselves. They fill 81.2% of the pages of MarshQA, which is more "
    "than any scribe did before, and they rest at night."
)
OTHER = (
    "Inkwells run dry at the worst of times. Ours holds 12.3 litres, and nobody had to wait for it "
    "longer than a day, which came as a surprise to all."
)


def outcomes(data: bytes) -> list[PaperRecord | Problem]:
    return list(parse(BytesIO(data), READING))


def read(*parts: str, encoding: str = "utf-8") -> list[PaperRecord]:
    found = outcomes("\n\n".join(parts).encode(encoding))
    assert not [one for one in found if isinstance(one, Problem)], found
    return [one for one in found if isinstance(one, PaperRecord)]
