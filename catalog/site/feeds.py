"""Write feeds of papers: what a search finds, the newest first, with what the papers claim."""

from collections.abc import Sequence

from markupsafe import Markup

from catalog.domain.formatting import path
from catalog.publish.atom import Entry, atom
from catalog.publish.digest_text import facts
from catalog.reads.digest import Item
from catalog.site.highlight import marked_sentence
from catalog.site.routes import Site

FED = 30
"""Papers of a feed."""


def papers_feed(site: Site, address: str, title: str, papers: Sequence[Item]) -> str:
    """Write a feed whose address, a path of the site, never changes."""
    entries = [
        Entry(
            site.absolute(path("paper", one.key)),
            one.label,
            str(one.first_seen_on or ""),
            html=str(told(one)),
        )
        for one in papers
    ]
    return atom(site.absolute(address), title, entries)


def told(paper: Item) -> Markup:
    """Write what a paper claims: its headline numbers, and the sentence of the first of them."""
    found = Markup()
    claim = next((number for number in paper.numbers if number.sentence), None)
    if claim is not None:
        found += Markup("<blockquote>{}</blockquote>").format(marked_sentence(claim))
    for line in (" · ".join(facts(paper)), paper.authors):
        if line:
            found += Markup("<p>{}</p>").format(line)
    return found
