"""Log lines of scheduled runs: for people, or one JSON object each for machines."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from catalog.domain.safe_text import printable

LOGGERS = ("catalog", "etl")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, source, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        source, colon, message = record.getMessage().partition(": ")
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name == "catalog.sync" and colon:
            line |= {"source": source, "message": message}
        else:
            line["message"] = record.getMessage()
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class Lines(logging.Formatter):
    """The message alone, as a terminal may show it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; what went wrong says so."""
        start = "" if record.levelno < logging.WARNING else f"{record.levelname.capitalize()}: "
        text = start + printable(record.getMessage())
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


@contextmanager
def logging_to_stderr(form: str, level: int) -> Iterator[None]:
    """Send our log lines to standard error in a form, "text" or "json", while the block runs."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else Lines())
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, (old, propagate) in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(old)
            logger.propagate = propagate
