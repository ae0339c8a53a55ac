"""What goes wrong is told in words, with the right status."""

import logging

import pytest
from datasette.database import QueryInterrupted
from datasette.utils.asgi import NotFound
from datasette.views.base import DatasetteError

from catalog.site.error_pages import told


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("no such paper"), 404),
        (DatasetteError("_col=x - invalid columns", status=400), 400),
        (DatasetteError("Cannot sort table by x"), 400),
        (DatasetteError("disk I/O error"), 500),
        (QueryInterrupted(Exception("interrupted"), "select 1", {}), 503),
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
