"""Tests of a package of somebody else's in an environment of its own."""

import base64
import hashlib
import json
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PACKAGE = Path(__file__).with_name("example_package")
PAPERS = b"""# quill
A Long Title About Quills, Ink, And What To Do With Them | We describe 12 pages of drawings.
no bar here
Short | Nothing.
"""
Call = Callable[..., subprocess.CompletedProcess[str]]


def wheel(package: Path, folder: Path) -> Path:
    """The package as a wheel: no tool that builds one need be there, nor the network."""
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    name = f"{project['name'].replace('-', '_')}-{project['version']}"
    points = "".join(
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in entries.items())
        for group, entries in project["entry-points"].items()
    )
    (module,) = project["entry-points"]["paper_catalog"].values()
    files = {
        str(file.relative_to(package)): file.read_bytes()
        for file in sorted((package / module).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    files[f"{name}.dist-info/METADATA"] = head.encode()
    files[f"{name}.dist-info/WHEEL"] = (
        b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{name}.dist-info/entry_points.txt"] = points.encode()
    record = "".join(f"{path},{_hash(data)},{len(data)}\n" for path, data in files.items())
    files[f"{name}.dist-info/RECORD"] = f"{record}{name}.dist-info/RECORD,,\n".encode()
    built = folder / f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(built, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return built


def _hash(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
    return f"sha256={digest.decode()}"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the catalog, as here, and the example installed."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=True, symlinks=True)
    found = home / "bin" / "python"
    (packages,) = home.glob("lib/*/site-packages")
    here = [path for path in sys.path if path.endswith("site-packages")]
    borrowed = "; ".join(f"site.addsitedir({path!r})" for path in here)
    (packages / "borrowed.pth").write_text(f"import site; {borrowed}\n")
    words = ["-m", "pip", "install", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run(
        [found, *words, "--quiet", str(wheel(PACKAGE, home))], check=True, capture_output=True
    )
    return found


@pytest.fixture
def call(python: Path, tmp_path: Path) -> Call:
    def called(*words: str, data: bytes = b"") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [python, "-m", "etl", "--db", "a.db", *words],
            cwd=tmp_path,
            input=data,
            capture_output=True,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return called


def test_it_is_listed_with_what_it_adds(call: Call) -> None:
    listed = call("plugins", "--json")
    assert listed.returncode == 0, listed.stderr
    found = {plugin["name"]: plugin for plugin in json.loads(listed.stdout)["plugins"]}
    assert found["quill"] == {
        "name": "quill",
        "distribution": "paper-catalog-quill",
        "version": "0.1.0",
        "is_built_in": False,
        "formats": ["quill"],
        "exports": [],
        "sources": [],
        "readers": ["pages"],
        "pages": ["quill"],
        "commands": ["quill"],
    }
    assert "builtin" in found["etl"]["readers"]
    assert "quill 0.1.0 (from paper-catalog-quill)" in call("plugins").stdout


def test_its_format_reader_page_and_command_work(call: Call, python: Path, tmp_path: Path) -> None:
    loaded = call("load", "-", "--reader", "pages", data=PAPERS)
    assert loaded.returncode == 3, loaded.stderr
    assert "line 3: expected a title, | and an abstract" in loaded.stderr
    read = (
        "SELECT p.extractor_version AS version, r.text "
        "FROM results r JOIN papers p ON p.id = r.paper_id"
    )
    assert json.loads(call("query", read, "--json").stdout) == [
        {"version": "pages 1", "text": "12"}
    ]
    assert call("quill").stdout == "1\n"
    assert "Count the papers with a long title." in call("--help").stdout
    page = _page(python, tmp_path, "/quill")
    assert "<li>A Long Title About Quills" in page
    assert 'href="/quill" aria-current="page">Quill</a>' in page


def test_reading_again_goes_to_the_reader_that_is_asked_for(call: Call) -> None:
    call("load", "-", "--reader", "pages", data=PAPERS)
    assert "0 papers" in call("reextract", "--reader", "pages").stdout
    assert "2 papers" in call("reextract").stdout
    assert call("reextract", "--reader", "nobody:x").returncode == 2


def test_its_reader_reads_lines(call: Call) -> None:
    lines = b'{"id": "a", "abstract": "On 7 pages."}\n{"id": "b", "abstract": "None."}\n'
    done = call("extract", "--jsonl", "--reader", "pages", data=lines)
    found: list[Any] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [[metric["value"] for metric in line["metrics"]] for line in found] == [[7.0], []]


def _page(python: Path, folder: Path, address: str) -> str:
    """A page of the site, as the environment serves it."""
    code = f"""
import asyncio
from pathlib import Path
from catalog.site.app import build

async def shown():
    site = build(Path("a.db"))
    await site.invoke_startup()
    return (await site.client.get({address!r})).text

print(asyncio.run(shown()))
"""
    done = subprocess.run([python, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
