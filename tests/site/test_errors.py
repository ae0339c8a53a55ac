"""Tests of error pages: message and status."""

import inspect
import logging
import sqlite3

import pytest
from datasette import handle_exception as datasette_errors
from datasette.database import QueryInterrupted
from datasette.utils.asgi import NotFound
from datasette.views.base import DatasetteError

from catalog.site.error_pages import told
from tests.site.conftest import Get


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("no such paper"), 404),
        (DatasetteError("_col=x - invalid columns", status=400), 400),
        (DatasetteError("Cannot sort table by x"), 400),
        (DatasetteError("disk I/O error"), 500),
        (QueryInterrupted(Exception("interrupted"), "select 1", {}), 503),
        (MemoryError(), 400),
        (sqlite3.DataError("string or blob too big"), 400),
        (RuntimeError("secret"), 500),
    ],
)
def test_every_error_has_its_status(
    error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    found, message, _ = told(error)
    assert found == status
    assert "secret" not in message
    logged = any(record.levelno == logging.ERROR for record in caplog.records)
    assert logged == isinstance(error, RuntimeError)


def test_missing_pages_are_not_printed_with_all_variables(get: Get) -> None:
    assert get("/nowhere").status_code == 404
    assert datasette_errors.rich is None
    told = "Datasette looks for rich in another way: catalog.site.error_pages.quieten does nothing"
    assert "if rich is not None" in inspect.getsource(datasette_errors), told
