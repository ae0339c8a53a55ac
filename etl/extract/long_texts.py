"""Read long texts in windows, so that the cost of a text grows linearly with its length."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from catalog.domain.records import Extraction, LinkRecord, ResultRecord
from etl.extract.abstract_links import find_links
from etl.extract.linear_model import Scorer, shipped
from etl.extract.pipeline import FormOpinion, decide, read
from etl.extract.result_records import write
from etl.extract.sentences import spans

WINDOW = 6_000
"""Characters that are read as one abstract; arXiv prints 1,920 at most, journals some 4,000."""

LONGEST_TEXT = 24_000
"""Characters that are read at all: what is longer is a book, or made to waste our time."""


def extraction(
    abstract: str,
    title: str | None,
    scorer: Scorer | None = None,
    form_opinion: FormOpinion | None = None,
) -> Extraction:
    """Extract every result and every link from an abstract that is no book."""
    abstract, title = abstract[:LONGEST_TEXT], title and title[:LONGEST_TEXT]
    links = find_links(abstract)
    found = results(abstract, title, links, scorer or shipped(), form_opinion)
    return Extraction(results=tuple(found), links=tuple(links))


def results(
    abstract: str,
    title: str | None,
    links: Sequence[LinkRecord],
    scorer: Scorer,
    form_opinion: FormOpinion | None,
) -> Iterator[ResultRecord]:
    """Yield the results of an abstract; one longer than a window is read window by window."""
    for begin, end in _windows(abstract):
        inside = [
            (link.start - begin, link.end - begin)
            for link in links
            if link.start is not None and link.end is not None
            if begin <= link.start and link.end <= end
        ]
        text = abstract if (begin, end) == (0, len(abstract)) else abstract[begin:end]
        reading = read(text, title, inside, scorer)
        if reading is None:
            continue
        for found in write(text, decide(reading, scorer, form_opinion), scorer):
            if not begin or found.start is None or found.end is None:
                yield found
            else:
                yield replace(found, start=found.start + begin, end=found.end + begin)


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each window begins and ends; windows end between sentences."""
    begin = 0
    if len(text) > WINDOW:
        for start, end in spans(text):
            if end - begin > WINDOW:
                yield begin, start
                begin = start
    yield begin, len(text)
