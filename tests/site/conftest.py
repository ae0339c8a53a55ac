"""Fixtures: a site over the invented catalog, requested without a network."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy.orm import Session

from catalog.database.engine import opened
from catalog.site.app import build, close
from catalog.site.datasette_internals.plugin_api import IS_ONE
from tests.site.browsing import CHROMIUM
from tests.site.content import fill, tasks

Get: TypeAlias = Callable[..., Any]


@pytest.fixture(scope="session")
def catalog_file(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog file with the invented content; its name is not "catalog"."""
    file = tmp_path_factory.mktemp("site") / "my papers.db"
    shutil.copyfile(migrated, file)
    with opened(f"sqlite:///{file}") as engine, Session(engine) as session:
        fill(session)
        tasks(session)
        session.commit()
    return file


def asking(file: Path, **settings: Any) -> Iterator[Get]:
    """Serve a file and yield a function that fetches a path."""
    site = build(file, settings)
    asyncio.run(site.invoke_startup())

    def get(path: str, method: str = "get") -> Any:
        asked = getattr(site.client, method)
        is_sql = path.startswith(("/catalog?sql=", "/catalog.json?sql="))
        # Datasette 1.0 leads from there to a page of its own for SQL.
        return asyncio.run(asked(path, follow_redirects=is_sql))

    yield get
    close(site)


@pytest.fixture(scope="session")
def get(catalog_file: Path) -> Iterator[Get]:
    """Fetch a path of the site over the invented catalog."""
    yield from asking(catalog_file)


@pytest.fixture(scope="session")
def get_empty(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """Fetch a path of the site over a catalog without content."""
    file = tmp_path_factory.mktemp("empty") / "empty.db"
    shutil.copyfile(migrated, file)
    yield from asking(file)


@dataclass
class Told:
    """What the JSON of a table says; its form differs between Datasette 0.65 and 1.0."""

    rows: list[dict[str, Any]]
    count: int
    facets: dict[str, Any]
    sql: str
    next_url: str | None


def as_table(get: Get, path: str) -> Told:
    """Fetch a table as JSON, with its facets."""
    path += "&" if "?" in path else "?"
    if IS_ONE:
        data = get(path + "_extra=count,facet_results,query").json()
        facets = data["facet_results"]["results"]
        return Told(data["rows"], data["count"], facets, data["query"]["sql"], data["next_url"])
    data = get(path + "_shape=objects").json()
    count, sql = data["filtered_table_rows_count"], data["query"]["sql"]
    return Told(data["rows"], count, data["facet_results"], sql, data["next_url"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        arguments = ["--no-first-run", "--disable-background-networking", "--disable-sync",
                     "--disable-component-update"]  # fmt: skip
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=arguments, chromium_sandbox=False
        )
        yield browser
        browser.close()
