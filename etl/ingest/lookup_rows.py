"""Build rows of metrics, datasets, tasks and repositories, and choose among spellings."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import msgspec
from sqlalchemy import Connection, select

from catalog.domain.addresses import RepositoryName, repository
from catalog.domain.keys import dataset_key, spelt_out
from catalog.domain.merge import plain_result
from catalog.domain.records import LinkRecord, PaperRecord, ResultRecord
from catalog.models import table
from etl.extract import lexicon
from etl.ingest.lookup_tables import DATASETS, REPOSITORIES, Names
from etl.ingest.sql_helpers import Row, chunks

DatasetOf = Callable[[ResultRecord], Row | None]
"""Gives the row of a result's dataset; None where it names none."""


def slugify(name: str) -> str:
    """Convert a name to lower-case ASCII letters, digits and hyphens, for addresses.

    >>> slugify("Top-1 accuracy @ 5")
    'top-1-accuracy-5'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


@lru_cache(maxsize=50_000)
def metric_named(printed: str) -> Row:
    """Build the row of a metric, under its canonical name where the lexicon knows it."""
    entry = lexicon.metric(printed) or _on_the_test_set(printed)
    if entry is None:
        name = " ".join(printed.casefold().split())
        direction = lexicon.higher_is_better(name)
        known: Row = {"family": None, "higher_is_better": direction, "aliases": ()}
        return {"name": name, "key": name, "slug": slugify(name), **known}
    return {
        "name": entry.name,
        "key": entry.name,
        "slug": slugify(entry.name),
        "family": entry.family,
        "higher_is_better": entry.higher_is_better,
        "aliases": sorted(set(entry.aliases) - {entry.name}),
    }


def _on_the_test_set(printed: str) -> lexicon.Metric | None:
    """Return the metric of "test accuracy": the quality that tables print of the test set.

    What a test costs, as in "test time" and "test data", is a metric of its own.
    """
    first, _, rest = printed.strip().partition(" ")
    entry = lexicon.metric(rest.strip()) if first.casefold() == "test" else None
    return entry if entry and entry.family == "quality" else None


def dataset_as_spelt(result: ResultRecord) -> str:
    """Return the dataset as printed; where that is more than its name, as the record has it."""
    name = result.dataset or ""
    text = result.dataset_text or name
    is_name = dataset_key(text) == dataset_key(name)
    return text if is_name and not lexicon.dataset(name) else name


@lru_cache(maxsize=50_000)
def dataset_named(printed: str) -> Row:
    """Build the row of a dataset, under its canonical name where the lexicon knows it."""
    entry = lexicon.dataset(printed)
    if entry is None:
        name = " ".join(printed.split())
        # Made of the key, so that the address does not depend on which spelling came first.
        key = dataset_key(name)
        return {"name": name, "key": key, "slug": slugify(key), "aliases": ()}
    return {
        "name": entry.name,
        "key": dataset_key(entry.name),
        "slug": slugify(spelt_out(entry.name)),
        "aliases": sorted(set(entry.aliases) - {entry.name}),
    }


def doubt_spellings(
    names: Names, gone: Iterable[PaperRecord], kept: Iterable[ResultRecord], named: DatasetOf
) -> None:
    """Choose the spelling of datasets anew that records which go spelt in a way of their own.

    Of two spellings of one result only one has a row, which tells nothing of the other's end.
    """
    spelt = {dataset_as_spelt(result) for result in kept if result.dataset}
    left = (result for record in gone for result in map(plain_result, record.results))
    rows = [named(result) for result in left if dataset_as_spelt(result) not in spelt]
    names.doubt_spelling(DATASETS, ((row["key"],) for row in rows if row))


def task_row(name: str) -> Row:
    """Build the row of a task, under its name in lower case."""
    key = " ".join(name.casefold().split())
    return {"name": key, "key": key, "slug": slugify(key)}


def repository_row(link: LinkRecord) -> Row | None:
    """Build the row of the repository that an address leads into, or None."""
    found = repository_of(link.url)
    return {**_spelt(found), "key": found.key, "state": "unknown"} if found else None


def repository_of(url: str) -> RepositoryName | None:
    """Return the repository that an address leads into, or None."""
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
        "url": found.url,
    }


def tidy(names: Names, decided: Mapping[str, str], named: DatasetOf) -> None:
    """Delete rows that nothing refers to any more, choose spellings and slugs, shrink caches.

    Of all spellings of a repository, or of a dataset outside the lexicon, the first in the
    alphabet counts; of all stated stars the most, until the host itself is asked. So nothing
    depends on what came first. `decided` gives the names of datasets that people chose, by key;
    `named` the dataset of a result, as they decided.
    """
    names.delete_unnamed()
    names.settle_slugs()
    if ids := names.respelt[REPOSITORIES.table]:
        names.respell(REPOSITORIES, list(_repositories(names.connection, ids)))
    if ids := names.respelt[DATASETS.table]:
        names.respell(DATASETS, list(_datasets(names.connection, ids, decided, named)))
    names.forget_many()


def _repositories(connection: Connection, ids: Iterable[int]) -> Iterable[Row]:
    link, target = table("links"), table("repositories")
    for chunk in chunks(sorted(ids)):
        spellings: dict[int, list[RepositoryName]] = {}
        stars: dict[int, int] = {}
        naming = select(link.c.repository_id, link.c.url, link.c.stars)
        for row in connection.execute(naming.where(link.c.repository_id.in_(chunk))):
            if found := repository_of(row.url):
                spellings.setdefault(row.repository_id, []).append(found)
            if row.stars is not None:
                stars[row.repository_id] = max(row.stars, stars.get(row.repository_id, 0))
        now = select(target.c.id, target.c.full_name, target.c.stars, target.c.checked_at)
        for held in connection.execute(now.where(target.c.id.in_(chunk))).all():
            best = min(spellings[held.id], key=lambda found: found.full_name)
            seen = held.stars if held.checked_at else stars.get(held.id)
            if (best.full_name, seen) != (held.full_name, held.stars):
                yield {"id": held.id, **_spelt(best), "stars": seen}


def _datasets(
    connection: Connection, ids: Iterable[int], decided: Mapping[str, str], named: DatasetOf
) -> Iterable[Row]:
    result, target = table("results"), table("datasets")
    columns = (target.c.id, target.c.key, target.c.name, result.c.dataset_text)
    for chunk in chunks(sorted(ids)):
        spellings: dict[tuple[int, str, str], set[str]] = {}
        statement = select(*columns).join(result, result.c.dataset_id == target.c.id)
        for row in connection.execute(statement.where(target.c.id.in_(chunk)).distinct()):
            if row.key in decided or not lexicon.dataset(row.name):
                texts = spellings.setdefault((row.id, row.key, row.name), set())
                texts.add(" ".join((row.dataset_text or "").split()))
        for (number, key, name), texts in spellings.items():
            spelt = {text for text in texts if dataset_key(text) == key}
            if spelt != texts:  # some print more than the name
                spelt |= set(_stated_datasets(connection, number, key, named))
            chosen = decided.get(key) or min(spelt, default=name)
            if chosen != name:
                yield {"id": number, "name": chosen}


def _stated_datasets(
    connection: Connection, dataset_id: int, key: str, named: DatasetOf
) -> Iterable[str]:
    """Yield the names of a dataset in the records of papers that report on it."""
    result, source = table("results"), table("paper_sources")
    papers = select(result.c.paper_id).where(result.c.dataset_id == dataset_id)
    records = select(source.c.record).where(source.c.paper_id.in_(papers))
    for record in connection.scalars(records):
        for held in map(plain_result, _decode(record).results):
            row = named(held)
            if row and row["key"] == key:
                yield str(row["name"])


_decode = msgspec.json.Decoder(PaperRecord).decode
