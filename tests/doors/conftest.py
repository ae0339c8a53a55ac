"""Fixtures: one catalog, and every door to it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from catalog.database.engine import opened
from tests.doors.doors import Door, doors
from tests.reads import identified_papers
from tests.site import content


@pytest.fixture
def all_doors(url: str) -> Iterator[list[Door]]:
    """Every door into a catalog of invented papers with numbers, digests and identifiers."""
    with opened(url) as engine, Session(engine) as session:
        content.fill(session)
        identified_papers.fill(session)
        session.commit()
    with doors(url) as found:
        yield found
