"""Tests of `catalog serve`."""

import asyncio
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import quote, urlsplit

import pytest
from click.testing import CliRunner, Result

from catalog.site.app import build, close
from catalog.site.datasette_internals.plugin_api import DATABASE
from etl.cli import main
from tests.site.test_admission import unread_request
from tests.waiting import PATIENCE


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_a_missing_file_is_an_error_that_helps(tmp_path: Path) -> None:
    result = run("--db", str(tmp_path / "none.db"), "serve")
    assert result.exit_code == 1
    assert "there is no such file" in result.stderr
    assert "catalog load FILE" in result.stderr
    assert not (tmp_path / "none.db").exists()


def test_another_revision_is_an_error_that_helps(sqlite_url: str) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        connection.execute("update alembic_version set version_num = '0001'")
    connection.close()
    result = run("--db", sqlite_url, "serve")
    assert result.exit_code == 1
    assert "catalog db upgrade" in result.stderr


def test_a_port_in_use_is_an_error_that_helps(catalog_file: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("--db", str(catalog_file), "serve", "--port", str(port))
    assert result.exit_code == 1
    assert "in use" in result.stderr
    assert f"--port {port + 1}" in result.stderr


@contextmanager
def serving(file: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Serve a file in a process of its own; the process and its address."""
    code = "from etl.cli import main; main(prog_name='catalog')"
    command = [sys.executable, "-c", code, "--db", str(file), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            yield process, process.stderr.readline().partition(" at ")[2].partition(" ")[0]
        finally:
            process.kill()


def test_it_serves_until_it_is_stopped(catalog_file: Path) -> None:
    with serving(catalog_file) as (process, address):
        with urllib.request.urlopen(address + "start.json", timeout=PATIENCE) as answer:
            assert json.load(answer)["counts"]["papers"] == 11
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0


def test_it_is_stopped_although_a_client_does_not_read(catalog_file: Path) -> None:
    ten = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) "
    long = f"/catalog.json?sql={quote(ten + 'select hex(zeroblob(1000000)) from n')}"
    with serving(catalog_file) as (process, address):
        port = urlsplit(address).port
        assert port is not None
        with closing(unread_request(port, long)):
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=PATIENCE)
        assert "Traceback" not in told
        assert process.returncode in {0, -signal.SIGTERM}


def test_a_site_is_closed_while_a_query_runs(catalog_file: Path) -> None:
    site, begun = build(catalog_file), Event()

    def endless(connection: sqlite3.Connection) -> None:
        connection.create_function("begun", 0, begun.set)
        numbers = "WITH RECURSIVE n(i) AS (SELECT begun() UNION ALL SELECT i FROM n) "
        connection.execute(numbers + "SELECT count(*) FROM n").fetchall()

    async def asked() -> None:
        asking = asyncio.ensure_future(site.get_database(DATABASE).execute_fn(endless))
        await asyncio.to_thread(begun.wait, PATIENCE)
        await asyncio.to_thread(close, site)
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            await asking

    asyncio.run(asked())


def test_the_configuration_for_plain_datasette(tmp_path: Path, catalog_file: Path) -> None:
    folder = tmp_path / "config"
    result = run("--db", str(catalog_file), "serve", "--write-config", str(folder))
    assert result.exit_code == 0
    names = (
        "metadata.json", "datasette.json", "settings.json", "plugins/catalog_site.py", "README.md",
        "catalog.db",
    )  # fmt: skip
    assert result.stdout.split() == [str(folder / name) for name in names]
    command = [sys.executable, "-m", "datasette", str(folder), "--get", "/paper/2503.00001.json"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(shown.stdout)["key"] == "2503.00001"
    for path in ("/catalog/papers", "/catalog/best_on_dataset?dataset=COCO"):
        command[-1] = path
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "A Detector That Is Fast" in shown.stdout
