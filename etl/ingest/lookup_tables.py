"""Keep lookup tables (metrics, authors, ...): insert rows at first use, delete unused ones."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from catalog.database.bulk_insert import next_id
from catalog.database.long_lists import is_among
from catalog.domain.keys import sha256_of
from catalog.domain.search_words import name_key
from catalog.models import table
from etl.ingest.sql_helpers import LISTED, Row, chunks, delete_ids, insert_rows, update_rows

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


HASH_LENGTH = 7
"""Characters that tell a slug from others that were the same, with the hyphen before them."""


def longer_slug(slug: str, key: str) -> str:
    """Return a slug that no other row has: with the hash of the row's key.

    >>> longer_slug("f-score", "f score")
    'f-score-4ca1b4'
    """
    return f"{slug}-{sha256_of(key)[: HASH_LENGTH - 1]}".strip("-")


class Names:
    """The ids of lookup rows on one connection, and the rows that have lost a reference."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._ids: dict[str, dict[Key, int]] = {kind.table: {} for kind in KINDS}
        self._spellings: dict[str, dict[Key, str]] = {kind.table: {} for kind in KINDS}
        self._wanted: dict[str, dict[Key, Row]] = {kind.table: {} for kind in KINDS}
        self._respelt_in_batch: set[tuple[str, Key]] = set()
        """Rows that were requested in several spellings at once, not all of which may be kept."""
        self._slugs: dict[str, set[str]] = {}
        self._contested: dict[str, set[str]] = defaultdict(set)
        """Slugs that several rows of a table would have."""
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
            held = self._wanted[kind.table].setdefault(key, row)
            if held[kind.spelling] != row[kind.spelling]:
                self._respelt_in_batch.add((kind.table, key))
                self._wanted[kind.table][key] = min(held, row, key=itemgetter(kind.spelling))
        return key

    def want_plain(self, kind: Kind, values: Iterable[str]) -> list[Key]:
        """Request rows that consist only of a name."""
        keys = [(value,) for value in values]
        ids, wanted = self._ids[kind.table], self._wanted[kind.table]
        for key in keys:
            if key not in ids and key not in wanted:
                wanted[key] = {kind.key[0]: key[0]}
        return keys

    def ids(self, kind: Kind) -> Mapping[Key, int]:
        """Return the ids of the requested rows of a table."""
        return self._ids[kind.table]

    def id(self, kind: Kind, key: Key | None) -> int | None:
        """Return the id of a requested row; None for no key."""
        return None if key is None else self._ids[kind.table][key]

    def doubt_spelling(self, kind: Kind, keys: Iterable[Key]) -> None:
        """Note rows, of which any may be missing, whose spelling is to be chosen anew."""
        ids = self._ids[kind.table]
        keys = set(keys)
        self._look_up(kind, [key for key in keys if key not in ids])
        self.respelt[kind.table].update(ids[key] for key in keys if key in ids)

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
        self._respelt_in_batch.clear()

    def _look_up(self, kind: Kind, keys: list[Key]) -> None:
        """Cache the ids of the keys that exist."""
        target = table(kind.table)
        columns = [target.c[column] for column in kind.key]
        query = select(target.c.id, *columns)
        if kind.spelling:
            query = query.add_columns(target.c[kind.spelling].label("spelling"))
        for chunk in chunks(keys, LISTED):
            # One column of a key is enough to narrow it down.
            values = [key[-1] for key in chunk]
            found = query.where(is_among(self.connection, columns[-1], values))
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
            if (kind.table, key) in self._respelt_in_batch:
                self.respelt[kind.table].add(number)
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
        """Return the row's slug, with the key's hash appended if another row has it for now."""
        taken = self._taken_slugs(kind)
        slug = str(row["slug"])
        if slug in taken:
            self._contested[kind.table].add(slug)
        if not slug or slug in taken:
            slug = longer_slug(slug, row["key"])
        taken.add(slug)
        return slug

    def _taken_slugs(self, kind: Kind) -> set[str]:
        if kind.table not in self._slugs:
            slugs = self.connection.scalars(select(table(kind.table).c.slug))
            self._slugs[kind.table] = set(slugs)
        return self._slugs[kind.table]

    def _note_freed_slugs(self, kind: Kind, gone: Iterable[int]) -> None:
        """Note the slugs of rows that go, where another row has the same but for its hash."""
        target = table(kind.table)
        if "slug" not in target.c:
            return
        longer = {slug[:-HASH_LENGTH] for slug in self._taken_slugs(kind)}
        for chunk in chunks(sorted(gone)):
            freed = self.connection.scalars(select(target.c.slug).where(target.c.id.in_(chunk)))
            self._contested[kind.table].update(longer.intersection(freed))

    def settle_slugs(self) -> None:
        """Give a slug that several rows would have to the one with the first key, always."""
        for name, slugs in self._contested.items():
            target = table(name)
            for slug in sorted(slugs):
                rows = self.connection.execute(
                    select(target.c.id, target.c.key, target.c.slug).where(
                        (target.c.slug == slug) | target.c.slug.startswith(f"{slug}-")
                    )
                ).all()
                alike = [row for row in rows if row.slug in {slug, longer_slug(slug, row.key)}]
                alike.sort(key=lambda row: row.key)
                lose = [{"id": row.id, "slug": longer_slug(slug, row.key)} for row in alike[1:]]
                update_rows(self.connection, name, lose)
                update_rows(
                    self.connection, name, [{"id": row.id, "slug": slug} for row in alike[:1]]
                )
            self._slugs.pop(name, None)
        self._contested.clear()

    def delete_unnamed(self) -> None:
        """Delete lost rows that nothing refers to any more."""
        for kind in KINDS:
            gone = self.lost[kind.table]
            if not gone:
                continue
            for referrer, column in kind.referrers:
                names = table(referrer).c[column]
                for chunk in chunks(sorted(gone), LISTED):
                    is_named = is_among(self.connection, names, chunk)
                    still = select(names).where(is_named).distinct()
                    gone -= set(self.connection.scalars(still))
            self._note_freed_slugs(kind, gone)
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
