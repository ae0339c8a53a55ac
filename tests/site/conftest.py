"""A site over the invented catalog, asked without a network."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy.orm import Session

from catalog.database import opened
from catalog.site.app import build, close
from tests.site.content import fill

Get: TypeAlias = Callable[..., Any]


@pytest.fixture(scope="session")
def catalog_file(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog file with the invented content; its name is not "catalog"."""
    file = tmp_path_factory.mktemp("site") / "my papers.db"
    shutil.copyfile(migrated, file)
    with opened(f"sqlite:///{file}") as engine, Session(engine) as session:
        fill(session)
        session.commit()
    return file


def asking(file: Path) -> Iterator[Get]:
    """Serve a file and yield a function that fetches a path."""
    site = build(file)
    asyncio.run(site.invoke_startup())

    def get(path: str, method: str = "get") -> Any:
        return asyncio.run(getattr(site.client, method)(path))

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
