"""Tests of what is stored about an interrupted run."""

import pytest
from sqlalchemy import text

from catalog.database.engine import opened
from etl.plugins import sync_sources


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (KeyboardInterrupt(), ("interrupted", None)),
        (MemoryError(), ("failed", "MemoryError")),
    ],
    ids=["interrupted", "failed"],
)
def test_an_interrupted_run_is_told_of_without_pythons_words(sync, url, monkeypatch, error, ended):
    def broken_off(*_: object) -> None:
        raise error

    monkeypatch.setitem(
        sync_sources(), "hf-daily", sync_sources()["hf-daily"]._replace(sync=broken_off)
    )
    with pytest.raises(type(error)):
        sync("hf-daily")
    with opened(url, read_only=True) as engine, engine.connect() as connection:
        runs = connection.execute(text("SELECT state, message FROM runs")).all()
    assert [tuple(run) for run in runs] == [ended]
