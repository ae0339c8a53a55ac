"""Fixtures: one catalog, and every door to it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog.database.engine import opened
from catalog.domain.claims import FLOOR
from tests.doors.doors import Door, doors
from tests.reads import identified_papers
from tests.reads.new_best import report
from tests.site import content


def fill(url: str) -> None:
    with opened(url) as engine, Session(engine) as session:
        content.fill(session)
        identified_papers.fill(session)
        session.commit()


@pytest.fixture
def all_doors(url: str) -> Iterator[list[Door]]:
    """Every door into a catalog of invented papers with numbers, digests and identifiers."""
    fill(url)
    with doors(url) as found:
        yield found


@pytest.fixture
def with_task(url: str) -> str:
    """Make the same catalog with a task and a new best value of March; return its address."""
    fill(url)
    with opened(url) as engine, Session(engine) as session:
        content.tasks(session)
        report(session, dt.date(2025, 3, 11), 91.5)
        session.commit()
    return url


@pytest.fixture
def unsure(url: str) -> str:
    """Make the same catalog, but three numbers of one board are hidden; return its address.

    One is surely the metric's value, and perhaps of another dataset; one is a bound.
    """
    fill(url)
    change = "UPDATE results SET confidence = :number, row_confidence = :row WHERE text = :text"
    with opened(url) as engine, engine.begin() as connection:
        connection.execute(text(change), {"number": 0.95, "row": FLOOR - 0.01, "text": "80.5%"})
        connection.execute(text(change), {"number": 0.2, "row": None, "text": "81.5%"})
        connection.execute(text("UPDATE results SET is_bound = true WHERE text = '86.5%'"))
    return url


@pytest.fixture
def inferred(url: str) -> str:
    """Make the same catalog, but two numbers name no metric; return its address."""
    fill(url)
    with opened(url) as engine, engine.begin() as connection:
        change = "UPDATE results SET metric_inferred = :yes WHERE text IN ('54.3', '80.5%')"
        connection.execute(text(change), {"yes": True})
    return url


@pytest.fixture
def withdrawn(url: str) -> str:
    """Make the same catalog, but its best paper was withdrawn; return its address."""
    fill(url)
    with opened(url) as engine, engine.begin() as connection:
        connection.execute(
            text("UPDATE papers SET withdrawn = :yes, withdrawn_reason = 'wrong' WHERE key = :key"),
            {"key": "2503.00001", "yes": True},
        )
    return url
