"""Papers in lists: what stands beside each title."""

from catalog.reads.cards import cards
from catalog.site.routes import Rows, Site

COLUMNS = "p.id, p.key, p.label, p.first_seen_on, p.published_on, p.arxiv_id, p.has_code"


async def decorate(site: Site, papers: Rows) -> Rows:
    """Add headline numbers, the repository and marks to papers, in place; give them back."""
    found = {card.id: card for card in await site.ask(cards([paper["id"] for paper in papers]))}
    for paper in papers:
        card = found[paper["id"]]
        for name in ("mark", "authors", "numbers", "numbers_in_all", "repository"):
            paper[name] = getattr(card, name)
    return papers
