"""Make the question about an abstract: all of its numbers, or the unsure ones with choices."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalog.domain.keys import sha256_of
from catalog.domain.records import Extraction, LinkRecord, ResultRecord
from etl.extract import extract
from etl.extract.abstract_links import find_links
from etl.extract.language_model.number_marks import CLOSE, OPEN, Mark, mark_numbers, marked, quoted
from etl.extract.linear_model import shipped
from etl.extract.long_texts import WINDOW
from etl.extract.pipeline import Decision, Reading, decide, read
from etl.extract.result_records import signed, write

FEW = 6
"""Candidates for one name that are given as choices; the others are hardly ever right."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The names that a number may have; null is always one of them."""

    metric: tuple[str, ...] = ()
    dataset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one abstract, as it is sent, and what its marks stand for."""

    abstract: str
    title: str | None
    message: str
    marks: tuple[Mark, ...]
    choices: Mapping[int, Choices] = field(default_factory=dict)
    """By mark; empty where the names are free."""

    @property
    def sha256(self) -> str:
        """The hash by which the answer is found again."""
        return sha256_of(self.message)


def ask_about_all(abstract: str, title: str | None) -> Question | None:
    """Make the question about every number of an abstract; None where there is none."""
    reading = _read(abstract, title)
    if reading is None:
        return None
    marks = mark_numbers(reading.text, reading.spots)
    return _question(abstract, title, marks, {}) if marks else None


def ask_about_unsure(
    abstract: str, title: str | None, below: float
) -> tuple[Extraction, Question | None]:
    """Read an abstract, and make the question about results of a row confidence below a bound."""
    links = find_links(abstract)
    scorer = shipped()
    reading = _read(abstract, title, links)
    if reading is None:
        return extract(abstract, title), None
    decisions = decide(reading, scorer)
    results = tuple(write(abstract, decisions, scorer))
    found = Extraction(results=results, links=tuple(links))
    unsure = {result.start for result in results if _is_unsure(result, below)}
    asked = {id(decision.spot): decision for decision in decisions if _start_of(decision) in unsure}
    if not asked:
        return found, None
    marks = mark_numbers(reading.text, [decision.spot for decision in asked.values()])
    choices = {mark.n: _choices(asked[id(mark.spot)]) for mark in marks}
    return found, _question(abstract, title, marks, choices)


def _read(
    abstract: str, title: str | None, links: Sequence[LinkRecord] | None = None
) -> Reading | None:
    """Find the numbers; None where there are none, or the text is too long to be asked about."""
    if len(abstract) > WINDOW:
        return None
    addresses = find_links(abstract) if links is None else links
    spans = [(link.start or 0, link.end or 0) for link in addresses]
    return read(abstract, title, spans, shipped() if links is not None else None)


def _is_unsure(result: ResultRecord, below: float) -> bool:
    return result.row_confidence is None or result.row_confidence < below


def _start_of(decision: Decision) -> int:
    return signed(decision.spot.quantity, decision.named_kind)[0]


def _choices(decision: Decision) -> Choices:
    """Return the likeliest names in the order of the alphabet, so that the order tells nothing."""
    ranked = (decision.metric, decision.dataset)
    metric, dataset = (
        tuple(sorted(c.name for c in candidates[:FEW] if c.name)) for candidates in ranked
    )
    return Choices(metric, dataset)


def _question(
    abstract: str, title: str | None, marks: Sequence[Mark], choices: Mapping[int, Choices]
) -> Question:
    parts = [
        f"<title>{quoted(' '.join((title or 'unknown').split()))}</title>",
        f"<abstract>{marked(abstract, marks)}</abstract>",
    ]
    if choices:
        lines = [_line(mark.n, choices[mark.n]) for mark in marks]
        parts.append("<choices>\n" + "\n".join(lines) + "\n</choices>")
    return Question(abstract, title, "\n".join(parts), tuple(marks), choices)


def _line(n: int, choices: Choices) -> str:
    names = (
        f"{field} {json.dumps([quoted(name) for name in listed] + [None], ensure_ascii=False)}"
        for field, listed in (("metric", choices.metric), ("dataset", choices.dataset))
    )
    return f"{OPEN}{n}{CLOSE} {', '.join(names)}"
