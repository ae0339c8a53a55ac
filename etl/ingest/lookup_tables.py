"""Keep lookup tables (metrics, authors, ...): insert rows at first use, delete unused ones."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from catalog.database.bulk_insert import next_id
from catalog.domain.keys import sha256_of
from catalog.domain.search_words import name_key
from catalog.models import table
from etl.ingest.sql_helpers import Row, chunks, delete_ids, insert_rows, update_rows

KEPT = 100_000
"""Ids of one kind that are remembered between batches; memory stays flat."""


class Kind(Struct, frozen=True):
    """A lookup table, its key, and the tables that refer to it."""

    table: str
    key: tuple[str, ...]
    """Columns that tell its rows apart."""
    referrers: tuple[tuple[str, str], ...]
    """Tables and columns whose rows keep its rows alive."""
    spelling: str | None = None
    """Column that shows the first, in the alphabet, of all spellings."""


METRICS = Kind("metrics", ("key",), (("results", "metric_id"),))
DATASETS = Kind("datasets", ("key",), (("results", "dataset_id"),), "name")
TASKS = Kind("tasks", ("key",), (("paper_tasks", "task_id"), ("results", "task_id")))
REPOSITORIES = Kind("repositories", ("key",), (("links", "repository_id"),), "full_name")
FRAMEWORKS = Kind("frameworks", ("name",), (("links", "framework_id"),))
DIGESTS = Kind("digests", ("source", "day"), (("digest_entries", "digest_id"),))
AUTHORS = Kind("authors", ("name",), (("authorships", "author_id"),))
CATEGORIES = Kind("categories", ("code",), (("paper_categories", "category_id"),))
KEYWORDS = Kind("keywords", ("name",), (("paper_keywords", "keyword_id"),))
KINDS = (METRICS, DATASETS, TASKS, REPOSITORIES, FRAMEWORKS, DIGESTS, AUTHORS, CATEGORIES, KEYWORDS)

Key = tuple[Any, ...]


class Names:
    """The ids of lookup rows on one connection, and the rows that have lost a reference."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._ids: dict[str, dict[Key, int]] = {kind.table: {} for kind in KINDS}
        self._spellings: dict[str, dict[Key, str]] = {kind.table: {} for kind in KINDS}
        self._wanted: dict[str, dict[Key, Row]] = {kind.table: {} for kind in KINDS}
        self._slugs: dict[str, set[str]] = {}
        self.lost: dict[str, set[int]] = {kind.table: set() for kind in KINDS}
        """Ids that a row has ceased to name."""
        self.respelt: dict[str, set[int]] = {kind.table: set() for kind in KINDS}
        """Ids whose spelling, or what else is computed of all namings, may change."""

    def want(self, kind: Kind, row: Row) -> Key:
        """Request a row, given without its id; return the key under which `id` finds it later."""
        key = tuple(row[column] for column in kind.key)
        if kind.spelling is None:
            if key not in self._ids[kind.table]:
                self._wanted[kind.table].setdefault(key, row)
            return key
        known = self._spellings[kind.table].get(key)
        if known is None or row[kind.spelling] < known:
            held = self._wanted[kind.table].get(key)
            if held is None or row[kind.spelling] < held[kind.spelling]:
                self._wanted[kind.table][key] = row
        return key

    def want_plain(self, kind: Kind, values: Iterable[str]) -> list[Key]:
        """Request rows that consist only of a name."""
        keys = [(value,) for value in values]
        ids, wanted = self._ids[kind.table], self._wanted[kind.table]
        for key in keys:
            if key not in ids:
                wanted[key] = {kind.key[0]: key[0]}
        return keys

    def ids(self, kind: Kind) -> Mapping[Key, int]:
        """Return the ids of the requested rows of a table."""
        return self._ids[kind.table]

    def id(self, kind: Kind, key: Key | None) -> int | None:
        """Return the id of a requested row; None for no key."""
        return None if key is None else self._ids[kind.table][key]

    def flush(self) -> None:
        """Look up the requested rows, and insert the missing ones."""
        for kind in KINDS:
            wanted = self._wanted[kind.table]
            if not wanted:
                continue
            ids, spellings = self._ids[kind.table], self._spellings[kind.table]
            self._look_up(kind, [key for key in wanted if key not in ids])
            for key, row in wanted.items():
                if kind.spelling and key in ids and row[kind.spelling] < spellings[key]:
                    self.respelt[kind.table].add(ids[key])
            new = {key: row for key, row in wanted.items() if key not in ids}
            self._wanted[kind.table] = {}
            self._write(kind, new)

    def _look_up(self, kind: Kind, keys: list[Key]) -> None:
        """Cache the ids of the keys that exist."""
        target = table(kind.table)
        columns = [target.c[column] for column in kind.key]
        query = select(target.c.id, *columns)
        if kind.spelling:
            query = query.add_columns(target.c[kind.spelling].label("spelling"))
        for chunk in chunks(keys):
            # One column of a key is enough to narrow it down.
            found = query.where(columns[-1].in_([key[-1] for key in chunk]))
            for row in self.connection.execute(found):
                key = tuple(row[1 : 1 + len(columns)])
                self._ids[kind.table][key] = row[0]
                if kind.spelling:
                    self._spellings[kind.table][key] = row.spelling

    def _write(self, kind: Kind, new: dict[Key, Row]) -> None:
        if not new:
            return
        first = next_id(self.connection, table(kind.table))
        rows, aliases = [], []
        for number, (key, row) in enumerate(new.items(), start=first):
            self._ids[kind.table][key] = number
            if kind.spelling:
                self._spellings[kind.table][key] = row[kind.spelling]
            held = {**row, "id": number}
            if kind is AUTHORS:
                held["key"] = name_key(row["name"])
            if "slug" in held:
                held["slug"] = self._free_slug(kind, held)
            aliases += [(number, alias) for alias in held.pop("aliases", ())]
            rows.append(held)
        insert_rows(self.connection, kind.table, rows)
        if aliases:
            singular = kind.table.removesuffix("s")
            insert_rows(
                self.connection,
                f"{singular}_aliases",
                [{f"{singular}_id": number, "alias": alias} for number, alias in aliases],
            )

    def _free_slug(self, kind: Kind, row: Row) -> str:
        """Return the row's slug, with the key's hash appended if another row has it."""
        if kind.table not in self._slugs:
            slugs = self.connection.scalars(select(table(kind.table).c.slug))
            self._slugs[kind.table] = set(slugs)
        slug = str(row["slug"])
        if not slug or slug in self._slugs[kind.table]:
            slug = f"{slug}-{sha256_of(row['key'])[:6]}".strip("-")
        self._slugs[kind.table].add(slug)
        return slug

    def delete_unnamed(self) -> None:
        """Delete lost rows that nothing refers to any more."""
        for kind in KINDS:
            gone = self.lost[kind.table]
            if not gone:
                continue
            for referrer, column in kind.referrers:
                names = table(referrer).c[column]
                for chunk in chunks(sorted(gone)):
                    still = select(names).where(names.in_(chunk)).distinct()
                    gone -= set(self.connection.scalars(still))
            delete_ids(self.connection, kind.table, gone)
            self.respelt[kind.table] -= gone
            ids = self._ids[kind.table]
            for key in [key for key, number in ids.items() if number in gone]:
                del ids[key]
                self._spellings[kind.table].pop(key, None)
            self.lost[kind.table] = set()
            self._slugs.pop(kind.table, None)

    def respell(self, kind: Kind, rows: list[Row]) -> None:
        """Update rows by their ids."""
        update_rows(self.connection, kind.table, rows)
        self.respelt[kind.table] = set()
        if rows:
            self._spellings[kind.table] = {}
            self._ids[kind.table] = {}

    def forget_many(self) -> None:
        """Clear the caches that have grown large."""
        for kind in KINDS:
            if len(self._ids[kind.table]) > KEPT:
                self._ids[kind.table] = {}
                self._spellings[kind.table] = {}
