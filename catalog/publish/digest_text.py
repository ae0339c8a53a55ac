"""Write an issue as text, Markdown, JSON, Atom or HTML; papers are untrusted data."""

import re
import textwrap
from collections.abc import Callable

from catalog.domain.formatting import amount, plural, web
from catalog.domain.safe_text import printable
from catalog.publish.atom import Entry, atom
from catalog.publish.digest_html import about_code, html
from catalog.publish.json_text import json_text
from catalog.reads.digest import Issue, Item
from catalog.reads.numbers import Number

WIDTH = 78
MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")
"""Characters that Markdown may read as markup."""


def text(issue: Issue) -> str:
    """Write the issue as plain text, for terminals and the plain part of a mail."""
    lines = [_clean(issue.title), issue.summary, ""]
    if not issue.items:
        lines.append("No papers were found.")
    for rank, item in enumerate(issue.items, start=1):
        lines += _wrapped(f"{rank}. ", item.label)
        about = facts(item)
        if item.authors:
            lines += _wrapped("   ", item.authors)
        if about:
            lines += _wrapped("   ", " · ".join(about))
        for sentence in item.evidence:
            lines += _wrapped("   > ", sentence)
        lines += [f"   {_clean(address)}" for address in addresses(item)]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def markdown(issue: Issue) -> str:
    """Write the issue as Markdown (https://spec.commonmark.org)."""
    lines = [f"# {_plain(issue.title)}", "", issue.summary, ""]
    for rank, item in enumerate(issue.items, start=1):
        title = _plain(item.label)
        shown = f"[{title}](<{item.address}>)" if _linkable(item.address) else title
        lines.append(f"{rank}. {shown}  ")
        if item.authors:
            lines.append(f"   {_plain(item.authors)}  ")
        about = facts(item)
        if about:
            lines.append(f"   {_plain(' · '.join(about))}  ")
        if item.repository and _linkable(item.repository.url):
            lines.append(f"   Code: <{item.repository.url}>  ")
        for sentence in item.evidence:
            lines += ["", f"   > {_plain(sentence)}"]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def feed(issue: Issue, *, address: str = "", further: str = "") -> str:
    """Write the issue as an Atom feed (RFC 4287), one entry per paper."""
    updated = issue.day.isoformat() if issue.day else ""
    entries = [
        Entry(
            web(item.address) or f"urn:x-paper:{item.key}",
            item.label,
            updated,
            summary="; ".join([*facts(item), *item.evidence]),
        )
        for item in issue.items
    ]
    name = issue.subject.replace(" ", ":")
    identity = address or f"urn:x-paper-catalog:{name}"
    return atom(identity, issue.title, entries, updated=updated, further=further) + "\n"


FORMS: dict[str, Callable[[Issue], str]] = {
    "text": text,
    "html": html,
    "markdown": markdown,
    "json": json_text,
    "atom": feed,
}
"""Name of a form -> what writes it; mail has its own module."""


def write(issue: Issue, form: str) -> str:
    """Write the issue in a format."""
    return FORMS[form](issue)


def facts(item: Item) -> list[str]:
    """List the facts about a paper in one line: numbers, upvotes, code, stars.

    >>> from catalog.reads.code import Repository
    >>> facts(Item(id=1, key="k", label="T", upvotes=2, stars_per_day=1.5, repository=Repository(
    ...     paper_id=1, key="github.com/ada/nets", full_name="ada/nets",
    ...     url="https://github.com/ada/nets", stars=10, state="gone")))
    ['2 upvotes', 'code: ada/nets (10 stars, +1.5 a day, gone)']
    """
    found = ["withdrawn"] if item.withdrawn else []
    found += [number_of(result) for result in item.numbers]
    if item.upvotes is not None:
        found.append(plural(item.upvotes, "upvote"))
    if item.repository:
        told = about_code(item)
        beside = f" ({', '.join(told)})" if told else ""
        found.append(f"code: {item.repository.full_name}{beside}")
    return found


def number_of(result: Number) -> str:
    """Write a number with its metric and dataset."""
    on = f"on {result.dataset}" if result.dataset else ""
    return " ".join(filter(None, (amount(result), result.metric or "", on)))


def addresses(item: Item) -> list[str]:
    """List the addresses of the paper's page and its code."""
    code = item.repository.url if item.repository else None
    return [address for address in (item.address, code) if address and web(address)]


def _wrapped(start: str, words: str) -> list[str]:
    return textwrap.wrap(
        _clean(words),
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _clean(words: str) -> str:
    """Put the words on one line, without characters that a terminal obeys."""
    return printable(" ".join(words.split()))


def _plain(words: str) -> str:
    """Escape what Markdown would read as markup."""
    return MARKUP.sub(r"\\\1", _clean(words))


def _linkable(address: str | None) -> bool:
    return bool(web(address)) and not set(address or "") & set("<>\\\n ")
