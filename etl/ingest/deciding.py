"""Open a catalog to store people's decisions: one short transaction under its lock."""

import datetime as dt
import getpass
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from catalog.database.database_failure import cannot_open
from catalog.database.engine import opened, reading
from catalog.database.locks import locked
from catalog.database.schema_revision import require_current
from catalog.domain.errors import LockedError
from etl.configured_reader import reader_of_kept_answers
from etl.extract.reader import ChosenReader
from etl.ingest.corrections import Signature
from etl.ingest.paper_writer import Writer
from etl.ingest.pool import Extractor, extractor
from etl.ingest.readings import KeptReadings, answers_of
from etl.plugins import formats


def signed(why: str | None = None, *, by: str | None = None) -> Signature:
    """Return a signature of now, by the user of this process unless somebody else is named."""
    return Signature(made_by=by or user_name(), now=dt.datetime.now(dt.UTC), why=why)


def user_name() -> str:
    """Return the system's name of the user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id, as in a container
        return "unknown"


@contextmanager
def deciding(
    url: str, command: str, *, wait: float, tell: Callable[[str], None] = lambda _: None
) -> Iterator[Writer]:
    """Open a writer in a transaction under the catalog's lock; `tell` hears whom it waits for.

    Raises:
        LockedError: another command holds the lock for longer than `wait` seconds.
        CatalogError: there is no such catalog, it is of another revision, or cannot be written.

    """
    with reading(url):
        pass  # it is there, and of our revision
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(url, command, wait=0))
        except LockedError as error:
            if not wait:
                raise
            tell(f"Waiting up to {wait:g} seconds: {error.why}.")
            stack.enter_context(locked(url, command, wait=wait))
        engine = stack.enter_context(opened(url, busy_timeout=int(wait * 1000) or 1000))
        require_current(engine, doing="write to")
        reader = reader_of_kept_answers(url).keeping(KeptReadings(engine))
        read = stack.enter_context(extractor(jobs=1, reader=reader))
        try:
            with engine.connect() as connection, connection.begin():
                yield _writer(connection, read, reader)
        except DBAPIError as error:
            raise cannot_open(engine.url, error) from error


@contextmanager
def looking(url: str, reader: ChosenReader | None = None) -> Iterator[Writer]:
    """Open a writer that only looks: nothing that it does is kept.

    Raises:
        CatalogError: there is no such catalog, or it is of another revision.

    """
    with (
        reading(url) as engine,
        engine.connect() as connection,
        answers_of(url) as answers,
    ):
        chosen = (reader or reader_of_kept_answers(url)).keeping(answers)
        read = Extractor(1, reader=chosen)
        yield _writer(connection, read, chosen)


def _writer(connection: Connection, read: Extractor, reader: ChosenReader) -> Writer:
    return Writer(
        connection,
        extract=read,
        version=reader.version,
        ranks={known.name: known.rank for known in formats().values()},
    )
