"""Write an abstract as HTML: TeX as Unicode; numbers, datasets and addresses marked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from markupsafe import Markup

from catalog.domain import formatting
from catalog.domain.claims import Reading, is_doubtful, origin_of, sureness
from catalog.domain.tex_to_unicode import has_lost_commands, tex_to_unicode
from catalog.reads.digest import Item
from catalog.reads.numbers import Number
from catalog.reads.paper import Link

NAMES = 50
"""Names of datasets that are looked for in an abstract."""

AROUND = 130
"""Characters on each side of the number of a claim in a list."""

_TEX = re.compile(r"[\\$]")
_MARK = "\ue000"
"""A character that no text has: where a marked place begins or ends while TeX is converted."""


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
    dataset: str = ""
    """Slug of the dataset that is named there."""


def spans(abstract: str, results: Sequence[Number], links: Iterable[Link]) -> list[Span]:
    """Collect the ranges to mark, in order; of two that overlap, the first stays."""
    found = [
        Span(result.span_start, result.span_end, result=result)
        for result in results
        if result.origin == "abstract"
        and result.span_start is not None
        and result.span_end is not None
        and result.span_end <= len(abstract)
    ]
    found += [
        Span(link.span_start, link.span_end, address=link.url)
        for link in links
        if link.span_start is not None
        and link.span_end is not None
        and link.span_end <= len(abstract)
        and formatting.web(link.url)
    ]
    marked_first = _apart(found)
    taken = {place for span in marked_first for place in range(span.start, span.end)}
    named = [
        one for one in _datasets(abstract, results) if taken.isdisjoint(range(one.start, one.end))
    ]
    return _apart([*marked_first, *named])


def _apart(found: Iterable[Span]) -> list[Span]:
    """Sort ranges; of those that overlap keep the first, of those with one start the longest."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _datasets(abstract: str, results: Sequence[Number]) -> Iterator[Span]:
    """Find where the abstract names the datasets of its numbers."""
    names = {
        name: one.dataset_slug
        for one in results
        if one.dataset_slug and one.origin == "abstract"
        for name in (one.dataset_text, one.dataset)
        if name and len(name) > 1
    }
    for name, slug in list(names.items())[:NAMES]:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", abstract):
            yield Span(*match.span(), dataset=slug)


def readable(text: str, places: Sequence[tuple[int, int]] = ()) -> list[str]:
    r"""Convert TeX to Unicode; return the text before, in and between some places, in turn.

    >>> readable(r"up to $82.2\%$ on $\alpha$-Bench", [(7, 13)])
    ['up to ', '82.2%', ' on α-Bench']
    >>> readable("up to 7.0times faster", [(6, 9)])
    ['up to ', '7.0', '× faster']
    """
    ends = [0, *(end for place in places for end in place), len(text)]
    pieces = [text[start:end] for start, end in pairwise(ends)]
    if _MARK in text or not (_TEX.search(text) or has_lost_commands(_MARK.join(pieces))):
        return pieces
    found = tex_to_unicode(_MARK.join(pieces)).split(_MARK)
    return found if len(found) == len(pieces) else pieces


def marked(abstract: str, results: Sequence[Number], links: Iterable[Link] = ()) -> Markup:
    """Write an abstract as HTML, with each number and dataset linked to its row."""
    found = spans(abstract, results, links)
    pieces = readable(abstract, [(span.start, span.end) for span in found])
    out = Markup() + pieces[0]
    for span, shown, behind in zip(found, pieces[1::2], pieces[2::2], strict=True):
        out += _mark(shown, span) + behind
    return out


def marked_sentence(result: Quoted, around: int = 0) -> Markup:
    """Write a result's sentence with its number marked, if it occurs there once.

    With `around`, only about so many characters on each side are shown.
    """
    sentence, number = result.sentence or "", result.text
    places = _whole(number, sentence)
    if len(places) != 1:
        return Markup("{}").format(readable(sentence)[0])
    before, number, after = readable(sentence, places)
    if around:
        before, after = shortened(before[::-1], around)[::-1], shortened(after, around)
    return Markup('{}<mark class="{}">{}</mark>{}').format(before, _class(result), number, after)


def _whole(number: str, sentence: str) -> list[tuple[int, int]]:
    """Find where a number stands in a sentence as it is, not as a part of another one."""
    if not number:
        return []
    pattern = rf"(?<![\w.]){re.escape(number)}(?!\w|\.\d)"
    return [match.span() for match in re.finditer(pattern, sentence)]


def marked_numbers(sentence: str, numbers: Sequence[Number]) -> Markup:
    """Write a sentence with each of its numbers marked and linked to its row."""
    found = _apart(_in_sentence(sentence, numbers))
    pieces = readable(sentence, [(span.start, span.end) for span in found])
    out = Markup() + pieces[0]
    for span, shown, behind in zip(found, pieces[1::2], pieces[2::2], strict=True):
        if span.result is not None:
            out += Markup('<mark class="{}">{}</mark>').format(look(span.result), shown)
        out += behind
    return out


def _in_sentence(sentence: str, numbers: Sequence[Number]) -> Iterator[Span]:
    """Find where numbers stand in their sentence: from one that stands there once, all others."""
    once = [(one, spots[0]) for one in numbers if len(spots := _whole(one.text, sentence)) == 1]
    starts = {one.span_start - spot[0] for one, spot in once if one.span_start is not None}
    start = starts.pop() if len(starts) == 1 else None
    for one in numbers:
        if start is not None and one.span_start is not None:
            begin = one.span_start - start
            if begin >= 0 and sentence.startswith(one.text, begin):
                yield Span(begin, begin + len(one.text), result=one)
    if start is None:
        yield from (Span(*spot, result=one) for one, spot in once)


def claim(paper: Item, otherwise: str = "") -> Markup:
    """Write the sentence of a paper's first headline number; without one, another sentence."""
    told = next((number for number in paper.numbers if number.sentence), None)
    if told is not None:
        return marked_sentence(told, AROUND)
    return Markup("{}").format(shortened(readable(otherwise)[0], 2 * AROUND))


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
        ("Metric", result.metric_as_read or "not named"),
        ("Dataset", result.dataset or "not named"),
        ("Kind", f"{result.kind}, {'own' if result.role == 'own' else 'of other work'}"),
    ]
    known = (("Model", result.model), ("Baseline", result.baseline), ("Rule", result.rule))
    lines += [(label, said) for label, said in known if said]
    if certainty := sure(result):
        lines.append(("Certainty", certainty))
    if result.state != "machine":
        lines.append(("State", result.state))
    return lines


def sure(result: Reading) -> str:
    """Write how sure a number is; nothing where no reader had to be."""
    known = sureness(result)
    return "" if known is None else f"{known:.0%}"


def origin_label(result: Reading) -> str:
    """Write whose word a number is."""
    return formatting.origin_label(origin_of(result))


def _mark(shown: str, span: Span) -> Markup:
    if span.dataset:
        return Markup('<a class="named" href="#on-{}">{}</a>').format(span.dataset, shown)
    if span.result is None:
        return formatting.outside(span.address, shown)
    tip = Markup().join(
        Markup("<span><b>{}</b> {}</span>").format(label, value)
        for label, value in reading(span.result)
    )
    return Markup(
        '<a class="number {kind}" id="n{id}" href="#r{id}" aria-describedby="t{id}">{shown}'
        '<span class="tip" role="tooltip" id="t{id}">{tip}</span></a>'
    ).format(kind=look(span.result), id=span.result.id, shown=shown, tip=tip)


def look(result: Number) -> str:
    """Return the classes of style of a number: whose it is, of which kind, and whether in doubt."""
    return f"{_class(result)} doubtful" if is_doubtful(result) else _class(result)


def _class(result: Quoted) -> str:
    if result.role == "other":
        return "other"
    return "absolute" if result.kind == "absolute" else "relative"
