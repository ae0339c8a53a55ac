"""Run the site: checks, server, and a configuration for plain Datasette."""

import asyncio
import json
import logging
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import uvicorn

from catalog.database.database_address import sqlite_file
from catalog.database.engine import file_to_read
from catalog.domain.errors import CatalogError
from catalog.domain.safe_text import printable
from catalog.garbage_collection import usual_collections
from catalog.site.admission import is_loopback
from catalog.site.app import build, close
from catalog.site.config import SETTINGS, metadata
from catalog.site.datasette_internals import saved_answers
from catalog.site.datasette_internals.plugin_api import DATABASE, configuration
from catalog.site.edit_mode import EditMode
from catalog.site.open_connections import BACKLOG, protocol
from catalog.site.warming import keep_warm

LAST_SECONDS = 3
"""Seconds that clients have for the rest of their answers when the site is stopped."""

PLUGIN = '''"""Makes the catalog's pages known to a plain `datasette`."""

from datasette.plugins import pm

import catalog.site

if not pm.is_registered(catalog.site):
    pm.register(catalog.site, "catalog.site")
'''

VISIBLE = (
    "everybody who can reach this address reads the whole catalog, also the names of the files it "
    "was loaded from, marks and notes, and can run SELECTs of a few seconds; nobody can change it. "
    "There is no password: put a proxy with one in front of it, or keep --host 127.0.0.1."
)

EDITABLE = (
    "everybody who can reach this address reads the whole catalog; whoever has the password "
    "changes it. The password crosses the network: put a proxy with HTTPS in front of it."
)

README = """# The catalog's site, for plain Datasette

    datasette {folder}

shows every database file in this folder; one must be called `catalog.db` (a link will do), because
Datasette takes the database's name from the file's. Datasette must run in an environment with
`paper-catalog` in it: the plugin brings pages, templates and limits from there.
"""


def run(
    url: str,
    *,
    host: str,
    port: int,
    open_browser: bool,
    allowed_hosts: Sequence[str] = (),
    edit_mode: EditMode | None = None,
) -> None:
    """Serve the catalog at `url` until it is stopped.

    Raises:
        CatalogError: there is no such catalog, it is of another revision, or the port is taken.

    """
    file = file_to_read(url, doing="serve", command="serve")
    listener = listen(host, port)
    site = build(file, allowed_hosts=allowed_hosts, edit_mode=edit_mode)
    config = uvicorn.Config(
        site.app(),
        log_level=logging.WARNING,
        lifespan="on",
        http=protocol(),
        backlog=BACKLOG,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
    server = uvicorn.Server(config)
    address = f"http://{_for_browsers(host)}:{listener.getsockname()[1]}/"
    try:
        # Before anybody is told that it can be stopped: an exception that a signal raises is lost
        # where it meets a callback of the garbage collector, and so is the signal.
        with usual_collections(), server.capture_signals():
            if not is_loopback(host):
                print(f"Note: {EDITABLE if edit_mode else VISIBLE}", file=sys.stderr)  # noqa: T201 - for people
            told = printable(f"Serving {file} at {address} (stop with Ctrl-C)")
            print(told, file=sys.stderr)  # noqa: T201 - for people
            if open_browser:
                threading.Timer(1.0, webbrowser.open, [address]).start()
            asyncio.run(_serve(site, file, server, listener))
    except KeyboardInterrupt:
        pass
    finally:
        close(site)


async def _serve(site: Any, file: Path, server: uvicorn.Server, listener: socket.socket) -> None:
    await site.invoke_startup()
    saved_answers.load(file, site.get_database(DATABASE).slow_answers)
    warming = asyncio.create_task(keep_warm(site))
    await server.serve([listener])
    warming.cancel()


def listen(host: str, port: int) -> socket.socket:
    """Bind the port.

    Raises:
        CatalogError: somebody else has it, or the host is not ours.

    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(128)  # whoever reads the address may connect at once
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise CatalogError(
            f"cannot listen on {host} port {port}",
            why=error.strerror or str(error),
            hint=f'take another port, as in "catalog serve --port {port + 1 if port else 8001}", '
            "or --port 0 for any free one",
        ) from error
    return listener


def _for_browsers(host: str) -> str:
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def write_config(folder: Path, url: str) -> Iterator[Path]:
    """Write a folder with which plain `datasette` serves the same site; yield each file.

    Where the catalog at `url` is a file that is there, the folder links to it.

    Raises:
        CatalogError: the folder cannot be written.

    """
    told = metadata()
    config = configuration(told) | {"settings": SETTINGS}
    texts = {
        "metadata.json": json.dumps(told, indent=2, ensure_ascii=False) + "\n",
        "datasette.json": json.dumps(config, indent=2, ensure_ascii=False) + "\n",  # for 1.0
        "settings.json": json.dumps(SETTINGS, indent=2) + "\n",
        "plugins/catalog_site.py": PLUGIN,
        "README.md": README.format(folder=folder),
    }
    try:
        for name, text in texts.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            yield file
        catalog, link = sqlite_file(url), folder / "catalog.db"
        if catalog is not None and catalog.exists() and not link.exists():
            link.symlink_to(catalog.resolve())
            yield link
    except OSError as error:
        raise CatalogError(
            f"cannot write the configuration to {folder}",
            why=error.strerror or str(error),
            hint="name a folder that you may write to",
        ) from error
