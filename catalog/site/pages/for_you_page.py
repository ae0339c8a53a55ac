"""The page of what is recommended: papers like the starred ones."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from catalog.reads.digested import sentences_of
from catalog.reads.for_you import Recommended
from catalog.reads.for_you import for_you as read_for_you
from catalog.site.routes import Page, Site


class Behind(Struct):
    """A starred paper, and how many recommended ones name it."""

    key: str
    label: str
    papers: int


async def for_you(site: Site) -> Page:
    """Show papers like those that the owner starred, and say which of them."""
    found = await site.ask(read_for_you())
    papers = [one.paper for one in found.papers]
    return Page(
        "catalog_for_you.html",
        found,
        extra={
            "items": papers,
            "because": {one.paper.id: one.because for one in found.papers},
            "stars": behind(found.papers),
            "sentences": await site.ask(sentences_of(papers)),
        },
    )


def behind(found: Sequence[Recommended]) -> list[Behind]:
    """Count for how many papers each star is named, the one of most first."""
    named = Counter((star.key, star.label) for one in found for star in one.because)
    return [Behind(key, label, papers) for (key, label), papers in named.most_common()]
