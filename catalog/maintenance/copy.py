"""Make a catalog equal to another one, between PostgreSQL and SQLite files, either way.

Both sides are read in the order of their keys and compared row by row; only what differs is
written, in one transaction. So whoever serves the copy goes on, and sees the old content until the
new is whole; and a copy that is cut off has changed nothing. Only marks and corrections that were
made in the copy stay there: they are a person's, not the original's.
"""

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from itertools import islice
from typing import IO, Any

from msgspec import Struct
from sqlalchemy import Connection, Select, Table, bindparam, delete, func, select, text
from sqlalchemy.exc import DBAPIError

from catalog.database.bulk_insert import by_code_points, insert_many
from catalog.database.database_address import parse_url, require_file, shown, sqlite_file
from catalog.database.database_failure import cannot_open
from catalog.database.engine import opened, reading, snapshot
from catalog.database.locks import locked
from catalog.database.schema_revision import (
    current_revision,
    holds_tables,
    is_unfinished,
    require_current,
)
from catalog.database.schema_upgrade import upgrade
from catalog.domain.errors import CatalogError
from catalog.domain.formatting import plural
from catalog.maintenance.own_corrections import Corrections, keep_own, own_corrections
from catalog.marks.keep_on_copy import Own, own_marks, put_back
from catalog.models import Base, table

PORTION = 5_000
"""Rows that are read and written at a time."""

SPOOLED = 64_000_000
"""Bytes of new rows that wait in memory; more of them wait in a temporary file."""

SERVER_SIDE = {"stream_results": True, "yield_per": PORTION}

FOREIGN_KEYS = text("""
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
      FROM pg_constraint
     WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
     ORDER BY conname
""")
"""Table, name and definition of each, as PostgreSQL writes them."""

Values = tuple[Any, ...]


class CopiedTable(Struct, frozen=True, kw_only=True):
    """The counts of one table that was copied."""

    table: str
    rows: int
    added: int
    removed: int
    """Rows that changed are counted as removed and added."""
    sha256: str
    """Of all rows in the order of their keys; the same on both sides."""


def copy(
    source: str,
    target: str,
    *,
    wait: float,
    replace: bool = False,
    tell: Callable[[CopiedTable], None] = lambda _: None,
    kept: Callable[[list[int]], None] = lambda _: None,
) -> list[CopiedTable]:
    """Make the catalog at `target` equal to `source`, creating it if needed.

    `kept` is given the numbers of corrections that only the target knew; their papers are to be
    computed again.

    Raises:
        CatalogError: either cannot be used, or the target is another catalog and no `replace`.
        LockedError: a command writes to the target for longer than `wait` seconds.

    """
    _require_two(source, target)
    with ExitStack() as stack:
        read = stack.enter_context(snapshot(stack.enter_context(reading(source))))
        stack.enter_context(locked(target, "copy", wait=wait))
        fresh = _prepare(target)
        try:
            told, numbers = _copied(read, target, replace=replace, wait=wait, tell=tell)
        except BaseException:
            if fresh:
                fresh()
            raise
    kept(numbers)
    return told


def _require_two(source: str, target: str) -> None:
    require_file(source)
    require_file(target)
    files = [sqlite_file(url) for url in (source, target)]
    same = parse_url(source) == parse_url(target)
    if files[0] is not None and files[1] is not None:
        same = files[0].resolve() == files[1].resolve()
    if same:
        raise CatalogError(
            f"cannot copy {shown(parse_url(source))} onto itself",
            why="both addresses name the same catalog",
            hint="name another file or database to copy to",
        )


def _prepare(target: str) -> Callable[[], None] | None:
    """Create the target if needed; return a function that deletes it again."""
    file = sqlite_file(target)
    is_there = file is None or file.exists()
    with opened(target, read_only=is_there) as engine:
        if is_there and current_revision(engine) is not None and not is_unfinished(engine):
            return None
        if is_there and current_revision(engine) is None and holds_tables(engine):
            return None  # of another program: refused later

    def remove() -> None:
        if file is not None:
            for ending in ("", "-wal", "-shm", "-journal"):
                file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)

    try:
        upgrade(target)
    except BaseException:
        remove()
        raise
    return remove


def _copied(
    read: Connection,
    target: str,
    *,
    replace: bool,
    wait: float,
    tell: Callable[[CopiedTable], None],
) -> tuple[list[CopiedTable], list[int]]:
    timeout = int(wait * 1000)
    with opened(target, foreign_keys=False, busy_timeout=timeout) as engine, ExitStack() as stack:
        require_current(engine, doing="copy to")
        try:
            before = _before(target, stack)
            connection = stack.enter_context(engine.connect())
            with connection.begin():
                own: Own = {"marks": []}
                corrections: Corrections = []
                if not replace:
                    _require_kin(read, before or connection)
                    own = own_marks(read, before or connection)
                    corrections = own_corrections(read, before or connection)
                with _without_foreign_keys(connection):
                    told = [
                        _copy_table(read, before or connection, connection, table, tell)
                        for table in Base.metadata.sorted_tables
                    ]
                put_back(connection, own)
                numbers = keep_own(connection, corrections)
                _after(connection, told)
        except DBAPIError as error:
            raise cannot_open(engine.url, error) from error
    return told, numbers


def _before(target: str, stack: ExitStack) -> Connection | None:
    """Open a connection that sees an SQLite file as it was before another one writes, or None.

    On PostgreSQL the one that writes does: its cursors see what was there when they were opened.
    """
    if sqlite_file(target) is None:
        return None
    return stack.enter_context(snapshot(stack.enter_context(opened(target, read_only=True))))


def _require_kin(read: Connection, before: Connection) -> None:
    """Refuse to overwrite another catalog: one that shares no run and no document.

    Raises:
        CatalogError: the target is one.

    """
    runs, documents = table("runs").c, table("documents").c
    kin = (select(runs.id, runs.started_at), select(documents.name))
    shared = any(_facts(read, facts) & _facts(before, facts) for facts in kin)
    held = before.scalar(select(func.count()).select_from(table("documents"))) or 0
    if held and not shared:
        raise CatalogError(
            f"cannot copy to {shown(before.engine.url)}",
            why=f"it is a different catalog, with {plural(held, 'document')} of its own",
            hint="name another file or database, or give --replace to overwrite it",
        )


def _facts(connection: Connection, statement: Select[Any]) -> set[Values]:
    return {tuple(row) for row in connection.execute(statement)}


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Suspend foreign keys within the block; PostgreSQL checks all of them at its end."""
    on_server = connection.dialect.name == "postgresql"
    keys = connection.execute(FOREIGN_KEYS).all() if on_server else ()
    for holder, name, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {holder} DROP CONSTRAINT {name}")
    yield
    for holder, name, definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {holder} ADD CONSTRAINT {name} {definition}")


def _copy_table(
    read: Connection,
    before: Connection,
    write: Connection,
    table: Table,
    tell: Callable[[CopiedTable], None],
) -> CopiedTable:
    """Make one table equal; deletions come first, since new rows may reuse unique names."""
    digest = sha256()
    counts = {"rows": 0, "added": 0, "removed": 0}
    key = len(table.primary_key.columns)
    with tempfile.SpooledTemporaryFile(SPOOLED) as spool:
        for batch in _batches(_differences(_rows(read, table), _rows(before, table), key)):
            going = [old[:key] for new, old in batch if old is not None and new != old]
            coming = [new for new, old in batch if new is not None and new != old]
            for new, _ in batch:
                if new is not None:
                    digest.update(repr(new).encode("utf-8", "surrogatepass"))
                    counts["rows"] += 1
            _delete(write, table, going)
            counts["removed"] += len(going)
            counts["added"] += len(coming)
            if coming:
                pickle.dump(coming, spool)
        spool.seek(0)
        for coming in _spooled(spool):
            _insert(write, table, coming)
    told = CopiedTable(table=table.name, sha256=digest.hexdigest(), **counts)
    if told.added or told.removed:
        _verify(write, table, told)
    tell(told)
    return told


def _rows(connection: Connection, table: Table) -> Iterator[Values]:
    """Yield all rows in the order of their keys, the same on every database."""
    keys = list(table.primary_key.columns)
    others = [column for column in table.columns if column not in set(keys)]
    order = [
        by_code_points(connection, key) if key.type.python_type is str else key for key in keys
    ]
    statement = select(*keys, *others).order_by(*order).execution_options(**SERVER_SIDE)
    for row in connection.execute(statement):
        yield tuple(row)


def _differences(
    source: Iterator[Values], target: Iterator[Values], key: int
) -> Iterator[tuple[Values | None, Values | None]]:
    """Pair the rows of both sides by key, with None where one side lacks a row."""
    new, old = next(source, None), next(target, None)
    while new is not None or old is not None:
        if old is None or (new is not None and new[:key] < old[:key]):
            yield new, None
            new = next(source, None)
        elif new is None or old[:key] < new[:key]:
            yield None, old
            old = next(target, None)
        else:
            yield new, old
            new, old = next(source, None), next(target, None)


def _batches(
    pairs: Iterator[tuple[Values | None, Values | None]],
) -> Iterator[list[tuple[Values | None, Values | None]]]:
    while batch := list(islice(pairs, PORTION)):
        yield batch


def _spooled(spool: IO[bytes]) -> Iterator[list[Values]]:
    while True:
        try:
            yield pickle.load(spool)  # noqa: S301 - written above
        except EOFError:
            return


def _delete(connection: Connection, table: Table, keys: Iterable[Values]) -> None:
    columns = list(table.primary_key.columns)
    values = [{f"key_{i}": part for i, part in enumerate(key)} for key in keys]
    if values:
        matches = [column == bindparam(f"key_{i}") for i, column in enumerate(columns)]
        connection.execute(delete(table).where(*matches), values)


def _insert(connection: Connection, table: Table, rows: list[Values]) -> None:
    keys = [column.name for column in table.primary_key.columns]
    names = keys + [column.name for column in table.columns if column.name not in keys]
    insert_many(connection, table, [dict(zip(names, row, strict=True)) for row in rows])


def _verify(connection: Connection, table: Table, told: CopiedTable) -> None:
    """Read a table again, and compare its count and checksum with the source's.

    Raises:
        CatalogError: they differ; nothing is committed then.

    """
    digest, count = sha256(), 0
    for row in _rows(connection, table):
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
        count += 1
    if (count, digest.hexdigest()) != (told.rows, told.sha256):
        raise CatalogError(
            f"cannot copy to {shown(connection.engine.url)}",
            why=f"{table.name} differs after the copy: {plural(count, 'row')} of {told.rows:,}, "
            f"checksum {digest.hexdigest()[:12]}, not {told.sha256[:12]}",
            hint="nothing was changed; please report this",
        )


def _after(connection: Connection, told: list[CopiedTable]) -> None:
    """Set PostgreSQL's sequences after the highest ids, and update its statistics."""
    if connection.dialect.name == "postgresql":
        for table in Base.metadata.sorted_tables:
            column = table.autoincrement_column
            if column is None:
                continue
            highest = connection.scalar(select(func.max(column)))
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, :column), :value, :used)"),
                {
                    "name": table.name,
                    "column": column.name,
                    "value": highest or 1,
                    "used": highest is not None,
                },
            )
    if any(table.added or table.removed for table in told):
        connection.exec_driver_sql("ANALYZE")
