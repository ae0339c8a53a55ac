"""Format values for people: numbers, days, addresses."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup, escape

SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
PREFIXES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"))
"""Before units of computing, where 2.4B FLOPs are 2.4 GFLOPs."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(value: float | None) -> str:
    """Format a number briefly.

    >>> [number(value) for value in (82.2, 11_500_000, 0.00012, 3, 12_000, None)]
    ['82.2', '11.5M', '0.00012', '3', '12,000', '–']
    """
    if value is None:
        return "–"
    for size, letter in SCALES:
        if abs(value) >= size:
            return f"{value / size:.4g}{letter}"
    return f"{value:,.6g}" if abs(value) >= 1e4 else f"{value:.6g}"


class Measured(Protocol):
    """A measured value as a result has it."""

    @property
    def value(self) -> float | None: ...  # noqa: D102

    @property
    def value_max(self) -> float | None: ...  # noqa: D102

    @property
    def unit(self) -> str | None: ...  # noqa: D102

    @property
    def kind(self) -> str: ...  # noqa: D102

    @property
    def text(self) -> str: ...  # noqa: D102

    @property
    def sign(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True)
class Measure:
    """A measured value alone, without a result."""

    value: float | None
    value_max: float | None
    unit: str | None
    kind: str
    text: str
    sign: str | None = None


def amount(result: Measured) -> str:
    r"""Format a result's value with its unit.

    >>> amount(Measure(82.2, None, "%", "absolute", "82.2%"))
    '82.2%'
    >>> amount(Measure(11, 16, "x", "ratio", "11-16 times"))
    '11–16×'
    >>> amount(Measure(5.7, None, None, "delta", "5.7"))
    'Δ\xa05.7'
    >>> amount(Measure(42, None, "%", "delta", "42%", "-"))
    '−42%'
    >>> amount(Measure(14, None, "x", "ratio", "14x", "-"))
    '14× less'
    >>> amount(Measure(0.6, None, "x", "ratio", "0.6x", "-"))
    '0.6×'
    """
    if result.value is None:
        return result.text
    unit = result.unit or ""
    if unit.lower() in {"flops", "flop", "macs"} and not result.value_max:
        return computing(result.value, unit)
    written = number(result.value)
    if result.value_max is not None:
        written += f"–{number(result.value_max)}"
    gap = "" if unit in {"", "%", "x"} else "\N{NO-BREAK SPACE}"
    shown = written + gap + ("×" if unit == "x" else unit)
    if result.kind == "delta":
        return _CHANGES.get(result.sign, "Δ\N{NO-BREAK SPACE}") + shown
    is_less = result.kind == "ratio" and result.sign == "-" and result.value >= 1
    return f"{shown} less" if is_less else shown


_CHANGES: dict[str | None, str] = {"+": "+", "-": "\N{MINUS SIGN}"}
"""Sign of a difference -> what stands before it."""


def computing(value: float, unit: str) -> str:
    r"""Format an amount of computing with the usual prefix.

    >>> computing(2.4e9, "FLOPs")
    '2.4\xa0GFLOPs'
    """
    for size, prefix in PREFIXES:
        if abs(value) >= size:
            return f"{value / size:.4g}\N{NO-BREAK SPACE}{prefix}{unit}"
    return f"{value:.6g}\N{NO-BREAK SPACE}{unit}"


def count(value: int | None) -> str:
    """Format a count with thousands separators.

    >>> count(1234567)
    '1,234,567'
    """
    return "–" if value is None else f"{value:,}"


def utc(instant: dt.datetime) -> dt.datetime:
    """Give an instant its time zone; without one it is UTC, as in databases."""
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)


def plural(value: int, one: str, many: str = "") -> str:
    """Format a count with its noun.

    >>> plural(1, "paper"), plural(1200, "repository", "repositories")
    ('1 paper', '1,200 repositories')
    """
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def day(value: str | dt.date | None) -> str:
    """Format a day.

    >>> day("2025-03-02"), day(None)
    ('2 Mar 2025', '')
    """
    if not value:
        return ""
    parsed = _parse_day(str(value))
    return f"{parsed.day} {MONTHS[parsed.month - 1]} {parsed.year}" if parsed else str(value)


def weekday(value: str | dt.date) -> str:
    """Format a day with its weekday.

    >>> weekday("2025-03-12")
    'Wednesday, 12 March 2025'
    """
    parsed = _parse_day(str(value))
    return f"{parsed:%A}, {parsed.day} {parsed:%B} {parsed.year}" if parsed else str(value)


def month(value: str) -> str:
    """Format a month.

    >>> month("2025-03")
    'Mar 2025'
    """
    year, _, number_ = value.partition("-")
    return f"{MONTHS[int(number_) - 1]} {year}" if number_.isdigit() else value


def _parse_day(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError:
        return None


def web(address: str | None) -> str | None:
    """Return the address if a browser may follow it, else None, since papers are untrusted.

    >>> web("https://example.org/a"), web("javascript:alert(1)"), web("//evil.example")
    ('https://example.org/a', None, None)
    """
    if not address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc else None


def path(*parts: str) -> str:
    """Join names to a path of the site; slashes within a name stay, all else is quoted.

    >>> path("paper", "10.1000/a?b")
    '/paper/10.1000/a%3Fb'
    """
    return "/" + "/".join(quote(part, safe="/:@!$,;()") for part in parts)


def address(to: str, /, **arguments: object) -> str:
    """Add arguments to a path of the site, or to that of the page; empty ones are left out.

    >>> address("/search", q='author:"Ada S"', page=None), address("", code=True), address("")
    ('/search?q=author%3A%22Ada+S%22', '?code=1', '?')
    """
    said = {name: int(one) if one is True else one for name, one in arguments.items() if one}
    return f"{to}?{urlencode(said, safe='/')}" if said else to or "?"


def digest_name(source: str) -> str:
    """Return the name of a digest for people.

    >>> digest_name("hf-daily"), digest_name("my-list")
    ('Hugging Face daily papers', 'my-list')
    """
    return _DIGESTS.get(source, source)


_DIGESTS = {"hf-daily": "Hugging Face daily papers", "digest-page": "Digest page"}
"""Source in the table `digests` -> its name."""


def origin_name(origin: str) -> str:
    """Return the name of a result's origin for people.

    >>> origin_name("papers-with-code"), origin_name("abstract")
    ('Papers with Code', 'the abstract')
    """
    return _ORIGINS.get(origin, origin)


_ORIGINS = {
    "abstract": "the abstract",
    "papers-with-code": "Papers with Code",
    "curator": "whoever added them",
}
"""Origin of a result -> its name."""


def origin_label(origin: str) -> str:
    """Return where one number is from, as short as a label beside it.

    >>> origin_label("papers-with-code"), origin_label("abstract")
    ('Papers with Code', 'abstract')
    """
    return _SOURCES.get(origin, origin)


_SOURCES = {"papers-with-code": "Papers with Code"}
"""Origin of a result -> its label."""


def file_name(address: str) -> str:
    """Return the last part of a path or address.

    >>> file_name("/home/ada/2025-03-11.txt"), file_name("https://example.org/")
    ('2025-03-11.txt', 'example.org')
    """
    return address.rstrip("/").rpartition("/")[2] or address


def link(href: str, text: object, *, title: str = "") -> Markup:
    """Build an anchor within the site."""
    hint = Markup(' title="{}"').format(title) if title else ""
    return Markup('<a href="{}"{}>{}</a>').format(href, hint, text)


def outside(address: str | None, text: object | None = None) -> Markup:
    """Build an anchor that leaves the site, or plain text if the address is not allowed."""
    shown = escape(text if text is not None else address or "")
    if web(address) is None:
        return shown
    return Markup('<a class="out" href="{}" rel="noopener nofollow">{}</a>').format(address, shown)
