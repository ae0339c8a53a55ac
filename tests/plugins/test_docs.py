"""Tests that docs/plugins.md names every hook and built-in item, and that its examples work."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import catalog.plugins
import etl.plugins
from etl.cli import main
from etl.plugins import readers, sync_sources

ROOT = Path(__file__).parents[2]
PLUGINS = (ROOT / "docs" / "plugins.md").read_text("utf-8")
HOOKS = sorted(
    name
    for hooks in (catalog.plugins.Hooks, etl.plugins.Hooks)
    for name in vars(hooks)
    if name.startswith("register_")
)


def block(language: str) -> str:
    """The first block of code in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", PLUGINS, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_there_are_six_hooks() -> None:
    assert len(HOOKS) == 6


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_has_a_row_and_a_section(name: str) -> None:
    assert f"| `{name}` |" in PLUGINS
    assert re.search(rf"^### .*`{name}`$", PLUGINS, re.MULTILINE)


@pytest.mark.parametrize("name", [*sync_sources(), *readers()])
def test_every_built_in_source_and_reader_is_named(name: str) -> None:
    assert f"`{name}`" in PLUGINS


def load(lines: bytes, url: str) -> dict[str, object]:
    words = ["--db", url, "load", "-", "--name", "my-papers", "--json", "--jobs", "1"]
    done = CliRunner().invoke(main, words, input=lines)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_lines_from_python_are_loaded(url: str, tmp_path: Path) -> None:
    program = tmp_path / "papers.py"
    program.write_text(block("python"))
    lines = subprocess.run([sys.executable, program], capture_output=True, check=True).stdout
    told = load(lines, url)
    assert (told["papers_added"], told["results_added"], told["links_added"]) == (1, 1, 1)


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_lines_from_jq_are_loaded(url: str, tmp_path: Path) -> None:
    query = tmp_path / "papers.jq"
    query.write_text(block("jq"))
    papers = [
        {"name": f"Quills {n}", "summary": f"We reach 9{n}.2% accuracy.", "doi": f"10.1000/{n}"}
        for n in range(3)
    ]
    words = ["jq", "--compact-output", "--from-file", str(query)]
    done = subprocess.run(words, input=json.dumps(papers).encode(), capture_output=True, check=True)
    assert load(done.stdout, url)["papers_added"] == 3
