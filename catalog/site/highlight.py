"""Write an abstract as HTML with its numbers and addresses marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from catalog.domain import formatting
from catalog.reads.numbers import Number
from catalog.reads.paper import Link


class Quoted(Protocol):
    """A number in the sentence that it was read from."""

    @property
    def sentence(self) -> str | None: ...  # noqa: D102

    @property
    def text(self) -> str: ...  # noqa: D102

    @property
    def kind(self) -> str: ...  # noqa: D102

    @property
    def role(self) -> str: ...  # noqa: D102


@dataclass(frozen=True)
class Evidence:
    """A sentence and its number, where nothing else of the result is known."""

    sentence: str | None
    text: str
    kind: str
    role: str


@dataclass(frozen=True)
class Span:
    """A range of the abstract that is marked."""

    start: int
    end: int
    result: Number | None = None
    address: str | None = None


def spans(results: Iterable[Number], links: Iterable[Link]) -> list[Span]:
    """Collect the ranges to mark, in order; of two that overlap, the first stays."""
    found = [
        Span(result.span_start, result.span_end, result=result)
        for result in results
        if result.origin == "abstract"
        and result.span_start is not None
        and result.span_end is not None
    ]
    found += [
        Span(link.span_start, link.span_end, address=link.url)
        for link in links
        if link.span_start is not None and link.span_end is not None and formatting.web(link.url)
    ]
    kept: list[Span] = []
    for span in sorted(found, key=lambda one: (one.start, one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def marked(abstract: str, results: Iterable[Number], links: Iterable[Link] = ()) -> Markup:
    """Write an abstract as HTML, with each number linked to its row and explained in a tooltip."""
    out, position = Markup(), 0
    for span in spans(results, links):
        if span.end > len(abstract):
            break
        out += abstract[position : span.start]
        out += _mark(abstract[span.start : span.end], span)
        position = span.end
    return out + abstract[position:]


def marked_sentence(result: Quoted, around: int = 0) -> Markup:
    """Write a result's sentence with its number marked, if it occurs there once.

    With `around`, only about so many characters on each side are shown.
    """
    sentence, number = result.sentence or "", result.text
    if not number or sentence.count(number) != 1:
        return Markup("{}").format(sentence)
    before, _, after = sentence.partition(number)
    if around:
        before, after = shortened(before[::-1], around)[::-1], shortened(after, around)
    return Markup('{}<mark class="{}">{}</mark>{}').format(before, _class(result), number, after)


def shortened(words: str, length: int) -> str:
    """Cut a text at a space after about `length` characters.

    >>> shortened("one two three", 5), shortened("one two", 40)
    ('one two …', 'one two')
    """
    if len(words) <= length * 1.3:
        return words
    end = words.find(" ", length)
    return words if end < 0 else words[:end] + " …"


def reading(result: Number) -> list[tuple[str, str]]:
    """List the interpretation of a number: labels and values."""
    lines = [
        ("Metric", result.metric or "not named"),
        ("Dataset", result.dataset or "not named"),
        ("Kind", f"{result.kind}, {'own' if result.role == 'own' else 'of other work'}"),
    ]
    known = (("Model", result.model), ("Against", result.baseline), ("Rule", result.rule))
    lines += [(label, said) for label, said in known if said]
    if result.confidence is not None:
        lines.append(("Confidence", f"{result.confidence:.0%}"))
    if result.state != "machine":
        lines.append(("State", result.state))
    return lines


def _mark(shown: str, span: Span) -> Markup:
    if span.result is None:
        return formatting.outside(span.address, shown)
    tip = Markup().join(
        Markup("<span><b>{}</b> {}</span>").format(label, value)
        for label, value in reading(span.result)
    )
    return Markup(
        '<a class="number {kind}" id="n{id}" href="#r{id}" aria-describedby="t{id}">{shown}'
        '<span class="tip" role="tooltip" id="t{id}">{tip}</span></a>'
    ).format(kind=_class(span.result), id=span.result.id, shown=shown, tip=tip)


def _class(result: Quoted) -> str:
    if result.role == "other":
        return "other"
    return "absolute" if result.kind == "absolute" else "relative"
