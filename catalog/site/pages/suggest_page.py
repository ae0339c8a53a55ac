"""Suggestions for what somebody is typing, as JSON."""

from msgspec import Struct

from catalog.domain.formatting import path
from catalog.reads.suggestions import Kind, Suggestion, suggestions
from catalog.site.routes import Page, Site

FOLDERS: dict[Kind, str] = {
    "paper": "paper",
    "dataset": "dataset",
    "leaderboard": "leaderboard",
    "task": "task",
    "author": "author",
}
"""Kind -> the first part of its pages' addresses."""


class Offer(Struct, kw_only=True):
    """A suggestion with its address on this site."""

    kind: Kind
    name: str
    detail: str
    href: str


class Offers(Struct):
    """The suggestions for what was typed."""

    q: str
    suggestions: list[Offer]


async def suggest(site: Site) -> Page:
    """Suggest datasets, leaderboards, tasks, authors and papers."""
    typed = site.argument("q")
    return Page("", Offers(typed, await offers(site, typed)))


async def offers(site: Site, typed: str, *, papers: bool = True) -> list[Offer]:
    """Give what may be meant, with addresses; with or without papers."""
    found = await site.ask(suggestions(typed, papers=papers))
    return [_offer(site, one) for one in found]


def _offer(site: Site, one: Suggestion) -> Offer:
    href = site.datasette.urls.path(path(FOLDERS[one.kind], *one.named))
    return Offer(kind=one.kind, name=one.name, detail=one.detail, href=str(href))
