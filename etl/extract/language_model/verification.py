"""Check an answer against its abstract: what the text does not bear out is dropped and counted."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from catalog.domain.records import ResultRecord
from etl.extract import lexicon
from etl.extract.language_model.answer import Answer, Record
from etl.extract.language_model.number_marks import Mark, quoted
from etl.extract.language_model.question import Question
from etl.extract.quantity import Quantity
from etl.extract.result_records import find_task, signed

RULE = "language model"
NAMELESS = frozenset(
    ("performance", "improvement", "gain", "result", "results", "quality", "overall performance")
)
"""Words that name no metric."""
WORD = re.compile(r"[^\W\d_]+")
STEM = 5
"""Letters that two forms of a word share: hallucination, hallucinates."""

NO_SUCH_NUMBER = "a number that was not asked about, or does not stand in the abstract"
TWICE = "a second record for the same number"
NO_SUCH_RANGE = "a range whose ends are not two numbers of one sentence"
NOT_A_CHOICE = "a name that is none of the choices"
NO_SUCH_METRIC = "a metric that neither the lexicon nor the abstract has"
NO_SUCH_DATASET = "a dataset that does not stand in the abstract"
NO_SUCH_MODEL = "a model that does not stand in the abstract"
TOO_LONG = "a name of more than 200 characters"
NOT_ANSWERED = "a number without an answer"

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Span:
    """The offsets of a number in the abstract."""

    start: int
    end: int

    def covers(self, other: ResultRecord) -> bool:
        """Return true if a result stands at this number."""
        return other.start is not None and other.start < self.end and self.start < (other.end or 0)


@dataclass(slots=True)
class Verified:
    """The part of an answer that the checks left, with what was dropped."""

    results: list[ResultRecord] = field(default_factory=list)
    others: list[Span] = field(default_factory=list)
    """Numbers of which it says that they are no results."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Reasons for which something was not believed, with their number."""


class _DroppedError(Exception):
    """A record that is not believed."""


def verify(question: Question, answer: Answer) -> Verified:
    """Return the records that the abstract bears out; the others are counted."""
    found = Verified()
    marks = {mark.n: mark for mark in question.marks}
    text = _Text(question)
    told: set[int] = set()
    for record in answer.results:
        try:
            first, last = _marks_of(record, marks, told)
            told |= {first.n, last.n}
            result = _result(question, text, record, first, last, found.dropped)
        except _DroppedError as error:
            found.dropped[str(error)] += 1
        else:
            found.results.append(result)
    for n in answer.others:
        if n in marks and n not in told:
            found.others.append(Span(marks[n].start, marks[n].quantity.end))
            told.add(n)
        elif n not in marks:
            found.dropped[NO_SUCH_NUMBER] += 1
    if missing := len(marks.keys() - told):
        found.dropped[NOT_ANSWERED] += missing
    return found


def _marks_of(record: Record, marks: Mapping[int, Mark], told: set[int]) -> tuple[Mark, Mark]:
    """Return the first and the last mark of a record.

    Raises:
        _DroppedError: it has none, another record has it, or it is no range.

    """
    numbers = [record.n] if record.to is None else [record.n, record.to]
    if not all(n in marks for n in numbers):
        raise _DroppedError(NO_SUCH_NUMBER)
    if told.intersection(numbers):
        raise _DroppedError(TWICE)
    first, last = marks[min(numbers)], marks[max(numbers)]
    if first.spot.scene.sentence.index != last.spot.scene.sentence.index:
        raise _DroppedError(NO_SUCH_RANGE)
    return first, last


def _result(
    question: Question,
    text: "_Text",
    record: Record,
    first: Mark,
    last: Mark,
    dropped: Counter[str],
) -> ResultRecord:
    """Return the result that a record tells of.

    Raises:
        _DroppedError: it names what the text does not.

    """
    quantity = _with_unit(_quantity(first, last), record.unit, first)
    start, value = signed(quantity, record.kind)
    sentence = first.spot.scene.sentence
    choices = question.choices.get(first.n)
    metric = text.metric(record.metric, choices.metric if choices else None)
    dataset = text.dataset(record.dataset, choices.dataset if choices else None)
    is_change = record.kind != "absolute"
    return ResultRecord(
        text=question.abstract[start : quantity.end],
        value=value,
        value_max=quantity.value_max,
        unit=quantity.unit,
        metric=metric,
        metric_text=text.printed(record.metric) if metric else None,
        dataset=dataset,
        dataset_text=text.printed(record.dataset) if dataset else None,
        task=find_task(first.spot),
        kind=record.kind,
        role=record.role,
        sign=record.sign if is_change else None,
        model=text.model(record.model, dropped),
        baseline=text.model(record.baseline, dropped) if is_change else None,
        sentence=question.abstract[sentence.start : sentence.end].strip(),
        start=start,
        end=quantity.end,
        rule=RULE,
    )


def _quantity(first: Mark, last: Mark) -> Quantity:
    """Return the number, or the range from one mark to another."""
    if first is last:
        return first.quantity
    if first.spot is last.spot:
        return first.spot.quantity
    low, high = sorted((first.quantity.value, last.quantity.value))
    unit = last.quantity.unit if last.quantity.unit is not None else first.quantity.unit
    return replace(
        first.quantity, end=last.quantity.end, value=low, value_max=high, unit=unit, minus=None
    )


def _with_unit(quantity: Quantity, unit: str | None, mark: Mark) -> Quantity:
    """Return the quantity with a unit that another number of its sentence has; its own counts."""
    if unit is None or quantity.unit is not None:
        return quantity
    borne = {other.unit for other in mark.spot.scene.sentence.quantities.values()}
    known = lexicon.unit(unit)
    name = known[0] if known else unit
    return replace(quantity, unit=name) if name and name in borne else quantity


class _Text:
    """Title and abstract, folded for looking names up."""

    def __init__(self, question: Question) -> None:
        whole = f"{question.title or ''} {question.abstract}"
        self.plain = whole
        self.folded = _folded(whole)
        self.words = {word[:STEM] for word in _words(whole)}

    def metric(self, name: str | None, choices: tuple[str, ...] | None) -> str | None:
        """Return the canonical name of a metric; None where it names none.

        Raises:
            _DroppedError: it is unknown, and not in the text either.

        """
        name = _spaced(name)
        if name is None or name.lower() in NAMELESS:
            return None
        if choices is not None:
            return _choice(name, choices)
        known = lexicon.metric(name)
        if known is not None:
            return name.lower() if known.loose else known.name
        if self._stands(name) or any(word[:STEM] in self.words for word in _words(name)):
            return name
        raise _DroppedError(NO_SUCH_METRIC)

    def dataset(self, name: str | None, choices: tuple[str, ...] | None) -> str | None:
        """Return the canonical name of a dataset.

        Raises:
            _DroppedError: the text has it in no form.

        """
        name = _spaced(name)
        if name is None:
            return None
        if choices is not None:
            return _choice(name, choices)
        known = lexicon.dataset(name)
        forms = (name, known.name, *known.aliases) if known else (name,)
        if any(self._stands(form) for form in forms):
            return known.name if known else name
        raise _DroppedError(NO_SUCH_DATASET)

    def model(self, name: str | None, dropped: Counter[str]) -> str | None:
        """Return the name of a model if it stands in the text."""
        name = _spaced(name)
        if name is None:
            return None
        if self._stands(name):
            return name
        dropped[NO_SUCH_MODEL] += 1
        return None

    def printed(self, name: str | None) -> str | None:
        """Return a name as the text prints it, where it does."""
        if not name:
            return None
        at = self.plain.lower().find(name.lower())
        return self.plain[at : at + len(name)] if at >= 0 else None

    def _stands(self, name: str) -> bool:
        """Return true if the text has the name, whole or word by word."""
        folded = _folded(name)
        if folded and folded in self.folded:
            return True
        words = [_folded(word) for word in _words(name)]
        return bool(words) and all(word in self.folded for word in words)


def _choice(name: str, choices: tuple[str, ...]) -> str:
    """Return the choice that an answer means.

    Raises:
        _DroppedError: it is none of them.

    """
    for choice in choices:
        if _folded(quoted(choice)) == _folded(name):
            return choice
    raise _DroppedError(NOT_A_CHOICE)


def _spaced(name: str | None) -> str | None:
    """Return a name with white space folded; None for an empty one.

    Raises:
        _DroppedError: it is too long to be a name.

    """
    name = " ".join(name.split()) if name else None
    if name and len(name) > LONGEST_NAME:
        raise _DroppedError(TOO_LONG)
    return name or None


def _folded(text: str) -> str:
    """Return the letters and digits alone, in lower case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def _words(text: str) -> Iterator[str]:
    return (match.group().casefold() for match in WORD.finditer(text) if len(match.group()) > 1)
