"""Tests that the command runs with its run-time dependencies alone."""

import json
import subprocess
import sys
import tomllib
import urllib.request
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[1]
PAGES = sorted(str(page) for page in (ROOT / "catalog" / "sample").glob("*.txt"))

WITHOUT = """
import json, sys
from importlib.abc import MetaPathFinder

class Hidden(MetaPathFinder):
    names = frozenset(json.loads(sys.argv.pop(1)))

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden())
from etl.cli import main
from tests.waiting import PATIENCE
main(prog_name="catalog")
"""


def needed() -> set[str]:
    """The distributions that the project needs at run time, and those that they need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found: set[str] = set()
    waiting = [(Requirement(line), "") for line in project["dependencies"]]
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        if name in found and not wanted.extras:
            continue
        found.add(name)
        lines = distribution(name).requires or []
        waiting += [(Requirement(line), extra) for line in lines for extra in ("", *wanted.extras)]
    return found


def hidden() -> list[str]:
    """The modules of all other distributions that are installed here."""
    own, there = {"catalog", "etl", "migrations"}, needed()
    return [
        module
        for module, holders in packages_distributions().items()
        if there.isdisjoint(map(canonicalize_name, holders)) and module not in own
    ]


@pytest.fixture(scope="module")
def command() -> list[str]:
    return [sys.executable, "-c", WITHOUT, json.dumps(hidden())]


@pytest.fixture(scope="module")
def loaded(command: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of the sample's pages, loaded without what is hidden."""
    file = tmp_path_factory.mktemp("bare") / "catalog.db"
    run([*command, "--db", str(file), "load", *PAGES])
    return file


def run(words: list[str], code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == code, done.stderr
    return done


def test_what_tests_bring_along_is_hidden() -> None:
    assert {"pytest", "hypothesis"} <= set(hidden())
    assert not {"sqlalchemy", "datasette", "click", "httpx", "rich"} & set(hidden())


def test_help_runs(command: list[str]) -> None:
    assert "reextract" in run([*command, "--help"]).stdout


@pytest.mark.parametrize(
    "words",
    [
        ("search", "transformer"),
        ("status",),
        ("db", "check"),
        ("query", "SELECT count(*) AS papers FROM papers"),
        ("extract", "--jsonl", "/dev/null"),
        ("digest", "2025-03-11", "--format", "html"),
        ("serve", "--help"),
        ("sync", "--help"),
        ("add", "--help"),
    ],
    ids=" ".join,
)
def test_commands_run(command: list[str], loaded: Path, words: tuple[str, ...]) -> None:
    run([*command, "--db", str(loaded), *words])


def test_extras_are_asked_for_by_name(command: list[str], loaded: Path) -> None:
    assert "[mcp]" in run([*command, "--db", str(loaded), "mcp"], code=1).stderr
    words = [*command, "extract", "--reader", "deep", str(ROOT / "README.md")]
    assert "[deep]" in run(words, code=1).stderr
    words = [*command, "--db", "postgresql+psycopg://nobody@127.0.0.1:1/none", "status"]
    assert "[postgres]" in run(words, code=1).stderr


def test_the_site_starts_and_answers(command: list[str], loaded: Path) -> None:
    words = [*command, "--db", str(loaded), "serve", "--port", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stderr is not None
            address = process.stderr.readline().partition(" at ")[2].partition(" ")[0]
            for path in ("", "catalog/papers", "start.json"):
                with urllib.request.urlopen(address + path, timeout=PATIENCE) as answer:
                    assert answer.status == 200
        finally:
            process.kill()
