"""Build Datasette over one catalog file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasette.database import Database
from datasette.plugins import pm

import catalog.site
from catalog.site.config import LARGE, PLUGIN, SETTINGS, metadata
from catalog.site.datasette_internals.plugin_api import DATABASE, new_site, open_connections
from catalog.site.edit_mode import EditMode


def build(
    file: Path,
    settings: dict[str, Any] | None = None,
    *,
    allowed_hosts: Sequence[str] = (),
    edit_mode: EditMode | None = None,
) -> Any:
    """Build Datasette over the catalog in `file`, opened read-only.

    The database is called `catalog` whatever the file's name, so that addresses last. A site that
    listens on this machine only answers to this machine's names and to `allowed_hosts`. With
    `edit_mode` its pages take changes; the connection stays read-only.
    """
    register()
    told = metadata(is_large=file.stat().st_size >= LARGE)
    told["plugins"] = {PLUGIN: {"allowed_hosts": [host.lower() for host in allowed_hosts]}}
    fresh = {"default_cache_ttl": 0} if edit_mode else {}  # a change shows at once
    site = new_site(told, SETTINGS | fresh | (settings or {}))
    site.catalog_edit_mode = edit_mode
    site.remove_database("_memory")  # Datasette adds one where it is given no files
    site.add_database(Database(site, path=str(file), is_mutable=True), name=DATABASE)
    return site


def register() -> None:
    """Register our package as a plugin of Datasette, once per process."""
    if not pm.is_registered(catalog.site):
        pm.register(catalog.site, "catalog.site")


def close(site: Any) -> None:
    """Close the connections and threads of a site, and end the queries that still run.

    A connection that is closed beneath a running query takes the whole process with it.
    """
    if site.executor is not None:
        site.executor.shutdown(wait=False, cancel_futures=True)
        for database in site.databases.values():
            for connection in open_connections(database):
                connection.interrupt()
        site.executor.shutdown()
    for database in site.databases.values():
        database.close()
