"""Tests of what people install: the wheel and the source distribution, built without a network.

`.ci/package` installs both with pip, on the oldest and on the newest Python.
"""

import email
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the wheel and the source distribution."""
    pytest.importorskip("hatchling", reason="hatchling, which builds the package, is not installed")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    (file,) = built.glob("*.whl")
    return zipfile.ZipFile(file)


def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return email.message_from_bytes(wheel.read(name))


def tracked(*tops: str) -> set[str]:
    """Files of the repository in some folders; without git all that are no caches."""
    files = {file for top in tops for file in (ROOT / top).rglob("*") if file.is_file()}
    kept = (file.relative_to(ROOT).as_posix() for file in files)
    return {name for name in kept if "__pycache__" not in name}


def test_the_wheel_has_the_packages_with_their_files_and_nothing_else(
    wheel: zipfile.ZipFile,
) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    migrations = {f"catalog/{name}" for name in tracked("migrations")}
    assert names == tracked("catalog", "etl") | migrations
    assert {"catalog/py.typed", "etl/py.typed"} <= names


def test_the_source_distribution_has_what_its_tests_need(built: Path) -> None:
    (file,) = built.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = tracked("catalog", "etl", "migrations", "tests", "docs", ".ci")
    assert wanted <= names
    assert {"README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "PKG-INFO"} <= names


def test_the_metadata_is_complete(wheel: zipfile.ZipFile) -> None:
    told = metadata(wheel)
    for name in ("Name", "Version", "Summary", "Author", "Keywords", "Requires-Python"):
        assert told[name], name
    assert told["License-Expression"] == "Apache-2.0"
    assert told.get_all("License-File") == ["LICENSE"]
    assert told["Description-Content-Type"] == "text/markdown"
    assert "# Paper Catalog" in told.get_payload()
    classifiers = told.get_all("Classifier") or []
    assert "Typing :: Typed" in classifiers
    assert f"Programming Language :: Python :: {sys.version_info[0]}" in classifiers
    least = told["Requires-Python"].removeprefix(">=")
    assert f"Programming Language :: Python :: {least}" in classifiers
    assert set(told.get_all("Provides-Extra") or []) >= {"mcp", "parquet", "postgres", "dask"}
    (entry,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "catalog = etl.__main__:main" in wheel.read(entry).decode()


def test_the_wheel_works_where_no_clone_is(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """It is unpacked beside the libraries of this Python, which no network is needed for."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    wheel.extractall(site)
    libraries = [sysconfig.get_path("purelib"), *(p for p in sys.path if "site-packages" in p)]
    (site / "libraries.pth").write_text("\n".join(dict.fromkeys(libraries)) + "\n")
    (tmp_path / "empty").mkdir()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

    def run(*words: str) -> str:
        done = subprocess.run(
            [python, *words], cwd=tmp_path / "empty", env=environment, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    sample = run("-c", "import catalog; print(catalog.__path__[0])").strip()
    assert sample == str(site / "catalog")
    pages = sorted(map(str, Path(sample, "sample").glob("*.txt")))
    run("-m", "etl", "load", "--jobs", "1", *pages)
    assert run("-m", "etl", "search", "transformer", "--csv").count("\n") > 3
    assert run("-m", "etl.cli", "export", "bibtex").startswith("@misc{t-")
    program = (
        "from catalog import Catalog\nwith Catalog.open() as c: print(c.search('code:yes').total)"
    )
    assert int(run("-c", program)) > 3
