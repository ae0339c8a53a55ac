"""Log scheduled runs as text for people or as JSON lines for machines."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from catalog.domain.safe_text import json_safe, printable, printable_lines

LOGGERS = ("catalog", "etl")


class JsonLines(logging.Formatter):
    """A formatter that writes one JSON object per line: time, level, source, message."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the record as JSON."""
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
        return json_safe(json.dumps(line, ensure_ascii=False))


class Lines(logging.Formatter):
    """A formatter that writes the message alone, safe for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the record as text; warnings and errors begin with their level."""
        start = "" if record.levelno < logging.WARNING else f"{record.levelname.capitalize()}: "
        text = start + (_with_safe_names(record.msg, record.args) or record.getMessage())
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return printable_lines(text)


def _with_safe_names(message: str, values: object) -> str | None:
    """Put values into a message, each on the line where it stands; None if there are none.

    >>> _with_safe_names("%s failed\\n  hint: wait", ("a\\nb",))
    'a␊b failed\\n  hint: wait'
    """
    if not values or not isinstance(values, tuple):
        return None
    return message % tuple(printable(one) if isinstance(one, str) else one for one in values)


@contextmanager
def logging_to_stderr(form: str, level: int) -> Iterator[None]:
    """Send our log records to standard error as "text" or "json" within the block."""
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
