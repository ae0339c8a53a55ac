"""The answers of language models in the catalog: find, keep and prune them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Engine, delete, func, select, tuple_
from sqlalchemy.exc import DBAPIError

from catalog.database.database_address import sqlite_file
from catalog.database.database_failure import cannot_open
from catalog.database.engine import opened
from catalog.database.schema_revision import require_current
from catalog.domain.errors import CatalogError
from catalog.models import table
from etl.extract.reader import AnswerKey, Answers, AnswersInMemory, KeptAnswer
from etl.ingest.sql_helpers import chunks, insert_rows

BUSY = 60_000
"""Milliseconds that an answer waits for another command that writes."""

KEY = ("question_sha256", "prompt", "model", "schema_version")


class KeptReadings:
    """A store of answers in the catalog; each is committed when it comes.

    It uses connections of its own: whoever loads has no transaction open while answers come.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._url = engine.url.render_as_string(hide_password=False)

    def find(self, keys: Iterable[AnswerKey]) -> dict[AnswerKey, KeptAnswer]:
        """Return the answers that are there, also while a transaction writes."""
        with opened(self._url, read_only=True) as engine, engine.connect() as connection:
            return {
                kept.key: kept
                for chunk in chunks(sorted(set(keys), key=lambda key: key.question))
                for kept in _found(connection, chunk)
            }

    def keep(self, answers: Sequence[KeptAnswer]) -> None:
        """Store answers; newer ones replace older ones."""
        readings = table("readings")
        with self.engine.begin() as connection:
            for answer in answers:
                connection.execute(delete(readings).where(_is(answer.key)))
            insert_rows(connection, "readings", [_row(answer) for answer in answers])


@contextmanager
def answers_of(url: str) -> Iterator[Answers]:
    """Open the store of a catalog; where there is no catalog, one for this process alone.

    Raises:
        CatalogError: answers cannot be written, as while another command writes for long.

    """
    if not _is_catalog(url):
        yield AnswersInMemory()
        return
    with opened(url, busy_timeout=BUSY) as engine:
        try:
            yield KeptReadings(engine)
        except DBAPIError as error:
            raise cannot_open(engine.url, error) from error


def _is_catalog(url: str) -> bool:
    """Return true if there is a catalog of our revision, by a look that changes nothing."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return False
    try:
        with opened(url, read_only=True) as engine:
            require_current(engine, doing="write to")
    except (CatalogError, DBAPIError):
        return False
    return True


def _found(connection: Connection, keys: Sequence[AnswerKey]) -> Iterable[KeptAnswer]:
    readings = table("readings")
    questions = [key.question for key in keys]
    wanted = set(keys)
    rows = connection.execute(select(readings).where(readings.c.question_sha256.in_(questions)))
    return [kept for row in rows if (kept := _kept(row)).key in wanted]


def _is(key: AnswerKey) -> Any:
    readings = table("readings")
    columns = tuple_(*(readings.c[name] for name in KEY))
    return columns == tuple_(key.question, key.prompt, key.model, key.schema)


def _kept(row: Any) -> KeptAnswer:
    return KeptAnswer(
        key=AnswerKey(row.question_sha256, row.prompt, row.model, row.schema_version),
        abstract=row.abstract_sha256,
        answer=row.answer,
        problem=row.problem,
        attempts=row.attempts,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        asked_at=row.asked_at,
    )


def _row(answer: KeptAnswer) -> dict[str, Any]:
    key = answer.key
    return {
        "question_sha256": key.question,
        "prompt": key.prompt,
        "model": key.model,
        "schema_version": key.schema,
        "abstract_sha256": answer.abstract,
        "answer": _storable(answer.answer),
        "problem": answer.problem,
        "attempts": answer.attempts,
        "input_tokens": answer.input_tokens,
        "output_tokens": answer.output_tokens,
        "asked_at": answer.asked_at,
    }


def _storable(text: str) -> str:
    """Return a text that every database can hold: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class PrunedReadings(Struct, kw_only=True):
    """The counts and characters of the answers that a pruning removed, and of those left."""

    readings: int = 0
    bytes: int = 0
    left: int = 0
    bytes_left: int = 0


def prune(connection: Connection, *, max_bytes: int, dry: bool = False) -> PrunedReadings:
    """Delete answers beyond a size: first those that no paper's abstract needs, then the oldest."""
    readings, papers = table("readings"), table("papers")
    read = select(papers.c.extracted_sha256).where(papers.c.extracted_sha256.is_not(None))
    is_needed = readings.c.abstract_sha256.in_(read)
    size = func.length(readings.c.answer)
    total = connection.scalar(select(func.coalesce(func.sum(size), 0))) or 0
    count = connection.scalar(select(func.count()).select_from(readings)) or 0
    done = PrunedReadings(left=count, bytes_left=total)
    if total <= max_bytes:
        return done
    ordered = select(readings.c.id, size.label("size")).order_by(
        is_needed, readings.c.asked_at, readings.c.id
    )
    going = []
    for row in connection.execute(ordered):
        if done.bytes_left <= max_bytes:
            break
        going.append(row.id)
        done.bytes += row.size
        done.bytes_left -= row.size
    done.readings, done.left = len(going), count - len(going)
    if not dry:
        for chunk in chunks(going):
            connection.execute(delete(readings).where(readings.c.id.in_(chunk)))
    return done
