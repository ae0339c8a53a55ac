"""Read one repository and the papers that name it."""

import datetime as dt

from msgspec import Struct

from catalog.reads.asking import Read, column, first
from catalog.reads.cards import Card, cards


class RepositoryFacts(Struct, kw_only=True):
    """A repository, as its page shows it; see the table `repositories`."""

    id: int
    key: str
    host: str
    owner: str
    name: str
    full_name: str
    url: str
    stars: int | None
    language: str | None
    licence: str | None
    archived: bool | None
    state: str
    checked_at: dt.datetime | None


class RepositoryPage(Struct):
    """A repository with the papers that name it."""

    repository: RepositoryFacts
    papers: list[Card]


FACTS = "SELECT * FROM repositories WHERE key = :key"

PAPERS = """
SELECT p.id FROM papers p
 WHERE p.id IN (SELECT l.paper_id FROM links l WHERE l.repository_id = :id)
 ORDER BY p.first_seen_on DESC, p.id DESC LIMIT 100
"""


def repository(key: str) -> Read[RepositoryPage | None]:
    """Read a repository by host, owner and name with slashes between; None if there is none."""
    found = yield from first(FACTS, RepositoryFacts, key=key)
    if found is None:
        return None
    papers = yield from column(PAPERS, int, id=found.id)
    return RepositoryPage(found, (yield from cards(papers)))
