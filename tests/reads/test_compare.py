"""Tests of papers side by side."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from catalog.reads.compare import compare
from catalog.reads.drivers import run
from tests.site.content import fill


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A catalog in which the metric of some numbers is not known."""
    with Session(engine) as session:
        fill(session)
        session.execute(text("UPDATE results SET metric_id = NULL WHERE text IN ('3.7x', '80.5%')"))
        session.commit()
    with engine.connect() as connection:
        yield connection


def test_numbers_without_a_metric_are_kept_after_those_with_one(connection: Connection) -> None:
    found = run(connection, compare(["2503.00001", "2412.12340"]))
    unnamed = [row for row in found.rows if row.metric is None]
    assert [[number.text for cell in row.cells for number in cell] for row in unnamed] == [
        ["80.5%"],
        ["3.7x"],
    ]
    assert found.rows[-2:] == unnamed
