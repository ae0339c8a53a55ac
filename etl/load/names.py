"""Metrics, datasets, digests, repositories: made when first named, gone with the last naming."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from etl.extract import lexicon
from etl.identifiers import RepositoryName, repository
from etl.keys import fold, sha256_of
from etl.load.sql import Row, chunks, delete_ids, insert_rows, table, update_rows
from etl.records import LinkRecord, ResultRecord

REFERRERS = {
    "metrics": ("results", "metric_id"),
    "datasets": ("results", "dataset_id"),
    "repositories": ("links", "repository_id"),
    "digests": ("digest_entries", "digest_id"),
}
"""Table -> the table and column whose rows keep its rows alive."""


def slugify(name: str) -> str:
    """A name for addresses: lower-case ASCII letters, digits and hyphens.

    >>> slugify("Top-1 accuracy @ 5")
    'top-1-accuracy-5'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


class Names:
    """Ids of named things on one connection; new ones are written by `flush`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._ids: dict[str, dict[Any, int]] = {name: {} for name in REFERRERS}
        self._missing: dict[str, dict[Any, Row]] = {name: {} for name in REFERRERS}
        self._slugs: dict[str, set[str]] = {"metrics": set(), "datasets": set()}

    def metric(self, result: ResultRecord) -> str | None:
        """Ask for a result's metric; the key under which `id` has it after `flush`."""
        if not result.metric:
            return None
        entry = lexicon.metric(result.metric)
        name = entry.name if entry else " ".join(result.metric.split())
        key = name if entry else name.casefold()
        self._want(
            "metrics",
            key,
            lambda: {
                "name": name,
                "key": key,
                "family": entry.family if entry else None,
                "higher_is_better": entry.higher_is_better if entry else None,
            },
        )
        return key

    def dataset(self, result: ResultRecord) -> str | None:
        """Ask for a result's dataset; the key under which `id` has it after `flush`."""
        if not result.dataset:
            return None
        entry = lexicon.dataset(result.dataset)
        name = entry.name if entry else " ".join(result.dataset.split())
        key = fold(name) or name
        self._want("datasets", key, lambda: {"name": name, "key": key})
        return key

    def repository(self, link: LinkRecord) -> str | None:
        """Ask for the repository that a link leads to; its key, or None where it leads to none."""
        found = repository_of(link.url)
        if found is None:
            return None
        self._want("repositories", found.key, lambda: {**_spelt(found), "state": "unknown"})
        return found.key

    def digest(self, source: str, day: dt.date) -> tuple[str, dt.date]:
        """Ask for a digest; the key under which `id` has it after `flush`."""
        key = (source, day)
        self._want("digests", key, lambda: {"source": source, "day": day})
        return key

    def id(self, name: str, key: Any) -> int | None:
        """Id of what was asked for; None for no key."""
        return None if key is None else self._ids[name][key]

    def _want(self, name: str, key: Any, make: Any) -> None:
        if key not in self._ids[name] and key not in self._missing[name]:
            self._missing[name][key] = make()

    def flush(self) -> None:
        """Look up what was asked for, and write what is not there."""
        for name, wanted in self._missing.items():
            self._look_up(name, wanted)
            new = [row for key, row in wanted.items() if key not in self._ids[name]]
            wanted.clear()
            if new:
                self._write(name, new)

    def _look_up(self, name: str, wanted: dict[Any, Row]) -> None:
        target = table(name)
        if name == "digests":
            rows = self.connection.execute(select(target.c.id, target.c.source, target.c.day))
            self._ids[name].update({(row.source, row.day): row.id for row in rows})
            return
        for chunk in chunks(wanted):
            statement = select(target.c.key, target.c.id).where(target.c.key.in_(chunk))
            self._ids[name].update({row.key: row.id for row in self.connection.execute(statement)})

    def _write(self, name: str, new: list[Row]) -> None:
        target = table(name)
        next_id = (self.connection.scalar(select(func.max(target.c.id))) or 0) + 1
        for number, row in enumerate(new, start=next_id):
            row["id"] = number
            key = (row["source"], row["day"]) if name == "digests" else row["key"]
            self._ids[name][key] = number
            if name in self._slugs:
                row["slug"] = self._slug(name, row)
        insert_rows(self.connection, name, new)
        if name == "metrics":
            self._write_aliases("metric", lexicon.metric, new)
        if name == "datasets":
            self._write_aliases("dataset", lexicon.dataset, new)

    def _write_aliases(self, name: str, find: Any, new: list[Row]) -> None:
        insert_rows(
            self.connection,
            f"{name}_aliases",
            [
                {f"{name}_id": row["id"], "alias": alias}
                for row in new
                if (entry := find(row["name"])) and entry.name == row["name"]
                for alias in sorted(set(entry.aliases) - {row["name"]})
            ],
        )

    def _slug(self, name: str, row: Row) -> str:
        """A slug that no other row has; the key's hash tells equal ones apart."""
        slugs = self._slugs[name]
        if not slugs:
            slugs.update(self.connection.scalars(select(table(name).c.slug)))
        known = lexicon.metric(row["name"]) or lexicon.dataset(row["name"])
        slug = slugify(row["name"] if known or name == "metrics" else row["key"])
        if not slug or slug in slugs:
            slug = f"{slug}-{sha256_of(row['key'])[:6]}".strip("-")
        slugs.add(slug)
        return slug

    def tidy(self, touched: dict[str, set[int]]) -> None:
        """Bring names to the state that their rows ask for, and delete those without any.

        `touched` holds, for each table, the ids of what rows have begun or ceased to name.
        """
        for name, ids in touched.items():
            referrer, column = REFERRERS[name]
            gone = set(ids)
            for chunk in chunks(sorted(ids)):
                names = table(referrer).c[column]
                gone -= set(
                    self.connection.scalars(select(names).where(names.in_(chunk)).distinct())
                )
            delete_ids(self.connection, name, gone)
            for key in [key for key, number in self._ids[name].items() if number in gone]:
                del self._ids[name][key]
            if name == "repositories":
                self._refresh_repositories(ids - gone)
            if name == "datasets":
                self._refresh_datasets(ids - gone)

    def _refresh_repositories(self, ids: Iterable[int]) -> None:
        """Of all spellings the first in the alphabet counts, of all stated stars the most."""
        link, target = table("links"), table("repositories")
        changed: list[Row] = []
        for chunk in chunks(sorted(ids)):
            spellings: dict[int, list[RepositoryName]] = {}
            stars: dict[int, int] = {}
            for row in self.connection.execute(
                select(link.c.repository_id, link.c.url, link.c.stars).where(
                    link.c.repository_id.in_(chunk)
                )
            ):
                if found := repository_of(row.url):
                    spellings.setdefault(row.repository_id, []).append(found)
                if row.stars is not None:
                    stars[row.repository_id] = max(row.stars, stars.get(row.repository_id, 0))
            now = select(target.c.id, target.c.full_name, target.c.stars, target.c.checked_at)
            for held in self.connection.execute(now.where(target.c.id.in_(chunk))):
                best = min(spellings[held.id], key=lambda found: found.full_name)
                seen = held.stars if held.checked_at else stars.get(held.id)
                if (best.full_name, seen) != (held.full_name, held.stars):
                    spelt = {key: value for key, value in _spelt(best).items() if key != "key"}
                    changed.append({"id": held.id, **spelt, "stars": seen})
        update_rows(self.connection, "repositories", changed)

    def _refresh_datasets(self, ids: Iterable[int]) -> None:
        """Of all spellings of a dataset outside the lexicon the first in the alphabet counts."""
        result, target = table("results"), table("datasets")
        changed: list[Row] = []
        for chunk in chunks(sorted(ids)):
            statement = (
                select(target.c.id, target.c.name, func.min(result.c.dataset_text).label("first"))
                .join(result, result.c.dataset_id == target.c.id)
                .where(target.c.id.in_(chunk))
                .group_by(target.c.id, target.c.name)
            )
            for row in self.connection.execute(statement):
                if row.first and row.first != row.name and not lexicon.dataset(row.name):
                    changed.append({"id": row.id, "name": row.first})
        update_rows(self.connection, "datasets", changed)


def repository_of(url: str) -> RepositoryName | None:
    """The repository that an address leads into; None where it leads to none."""
    try:
        return repository(url)
    except ValueError:
        return None


def _spelt(found: RepositoryName) -> Row:
    return {
        "full_name": found.full_name,
        "host": found.host,
        "owner": found.owner,
        "name": found.name,
        "key": found.key,
        "url": found.url,
    }
