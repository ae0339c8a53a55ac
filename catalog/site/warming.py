"""Request pages in advance, so that their slow counts are cached.

On a million papers, a count that nobody has asked for yet takes tenths of a second. After the start
the server asks itself for the pages that everybody opens and for what their facets lead to: what
many rows share stands there, and few rows are counted quickly anyway. When the catalog has changed,
it does so again, with long rests. On a catalog where nothing is slow it asks for a few pages only.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from catalog.reads.named_queries import QUERIES
from catalog.site.datasette_internals import saved_answers
from catalog.site.datasette_internals.answer_cache import RENEWING, SlowAnswers
from catalog.site.datasette_internals.plugin_api import DATABASE

COMMON = (
    "/", "/catalog/papers", "/catalog/results", "/catalog/repositories", "/leaderboard", "/tasks",
    "/catalog", "/about", "/catalog/v_papers", "/catalog/v_results",
    *(f"/catalog/{name}" for name in QUERIES),
)  # fmt: skip
"""Pages that everybody opens."""

ONE_CLICK = tuple(
    f"/catalog/papers?_facet_through={name}"
    for name in ("dataset", "metric", "task", "language", "digest", "framework")
)
"""Facets that the page of papers offers."""

FACET_LINK = re.compile(r'<li><a href="([^"]+)" rel="nofollow"')
"""What `_facet_results.html` writes for a value that is not selected."""

PAUSE = 60.0
"""Seconds between two rounds, at least; and between two looks at the file a twelfth of it."""

REST = 4
"""After each page of a later round, so many times as long nothing is asked."""


async def keep_warm(site: Any) -> None:
    """Request the pages once after the start, and again whenever the catalog has changed."""
    database = site.get_database(DATABASE)
    file, answers = Path(database.path), database.slow_answers
    await asyncio.sleep(1)  # whoever opened the browser comes first
    RENEWING.set(True)
    rest = 0
    while True:
        stamp = answers.stamp()
        await go_round(site, answers, rest)
        saved_answers.save(file, answers)
        rest = REST
        await asyncio.sleep(PAUSE)
        while answers.stamp() == stamp:
            await asyncio.sleep(PAUSE / 12)


async def go_round(site: Any, answers: SlowAnswers, rest: float) -> None:
    """Request every page once."""
    leading = [(path, await _asked(site, path, rest)) for path in COMMON]
    if not answers.has_slow():
        return  # nothing is slow here
    leading += [(path, await _asked(site, path, rest)) for path in ONE_CLICK]
    seen: set[tuple[str, str, str]] = set()
    for path, html in leading:
        for further in one_filter_deep(path, html, seen):
            await _asked(site, further, rest)


def one_filter_deep(path: str, html: str, seen: set[tuple[str, str, str]]) -> Iterator[str]:
    """Yield the addresses of a page's facets, one for each filter of a table.

    >>> html = '<li><a href="http://localhost/t?_facet=a&amp;b=1" rel="nofollow">1</a>'
    >>> seen = set()
    >>> list(one_filter_deep("/t?_facet=a", html, seen)), list(one_filter_deep("/t", html, seen))
    (['/t?_facet=a&b=1'], [])
    """
    before = set(parse_qsl(urlsplit(path).query))
    for link in FACET_LINK.findall(html):
        parts = urlsplit(unescape(link))
        for name, value in set(parse_qsl(parts.query)) - before:
            if not name.startswith("_facet") and (parts.path, name, value) not in seen:
                seen.add((parts.path, name, value))
                yield f"{parts.path}?{parts.query}"


async def _asked(site: Any, path: str, rest: float) -> str:
    """Return a page's text, after a pause in proportion to its time."""
    started = time.monotonic()
    answer = await site.client.get(path)
    await asyncio.sleep(rest * (time.monotonic() - started))
    return str(answer.text)
