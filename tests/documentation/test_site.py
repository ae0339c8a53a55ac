"""Tests of the documentation's site: it is built without a warning, and its tutorial works."""

import importlib.util
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from etl.cli import main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with warnings as errors; most of a minute goes into the reference."""
    for module in ("sphinx", "furo", "myst_parser"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(DOCS), str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


class Addresses(HTMLParser):
    """Everything that a page loads or links to."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag in {"script", "img", "link", "iframe"}:
            self.loaded += filter(None, [held.get("src"), held.get("href")])
        elif tag == "a":
            self.linked += filter(None, [held.get("href")])


def addresses(page: Path) -> Addresses:
    found = Addresses()
    found.feed(page.read_text("utf-8"))
    return found


def test_every_page_of_docs_is_on_the_site(built: Path) -> None:
    pages = {file.stem for file in DOCS.glob("*.md")}
    assert {name for name in pages if not (built / f"{name}.html").exists()} == set()
    assert "language of search" in (built / "search-language.html").read_text("utf-8").lower()


def test_nothing_is_loaded_from_the_network(built: Path) -> None:
    for page in built.glob("*.html"):
        outside = [url for url in addresses(page).loaded if re.match(r"(?:https?:)?//", url)]
        assert outside == [], page.name


def test_every_link_within_the_site_leads_somewhere(built: Path) -> None:
    for page in built.glob("*.html"):
        for link in addresses(page).linked:
            file, _, _ = link.partition("#")
            if file and "://" not in file and not file.startswith("mailto:"):
                assert (built / file).exists(), f"{page.name}: {link}"


def test_the_reference_has_what_python_users_call(built: Path) -> None:
    text = (built / "python-reference.html").read_text("utf-8")
    for name in ("Catalog.search", "Catalog.board", "PaperRecord", "contract.Format", "Hooks"):
        assert name in text, name


def blocks(language: str, page: str) -> list[str]:
    text = (DOCS / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def told() -> list[tuple[str, str]]:
    """Every call of `catalog` in the blocks of commands, with its page."""
    found = []
    for file in sorted([*DOCS.glob("*.md"), ROOT / "README.md"]):
        for language in ("sh", "console"):
            for block in re.findall(
                rf"^```{language}\n(.*?)^```", file.read_text("utf-8"), re.M | re.S
            ):
                for line in block.splitlines():
                    if call := re.search(r"(?:^|\$ |&& |\| )(catalog .*)", line):
                        found.append((file.name, re.split(r"\s(?:\||>|<|&&|\|\|)\s?", call[1])[0]))
    return found


@pytest.mark.parametrize(("page", "call"), sorted({*told()}))
def test_every_call_in_the_pages_is_one_that_there_is(page: str, call: str) -> None:
    words = shlex.split(call.replace("...", ""), comments=True)[1:]
    command: click.Command = main
    context = click.Context(main)
    options = {"--help", "--version"}
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            below = command.get_command(context, word)
            if below is not None:
                command = below
                continue
        if word.startswith("--"):
            options |= {name for one in (*command.params, *main.params) for name in one.opts}
            options |= {name for one in command.params for name in one.secondary_opts}
            assert word.partition("=")[0] in options, f"{page}: {call}"
    assert command is not main or not words or words[0].startswith("-"), f"{page}: {call}"


def test_the_tutorial_works_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CATALOG_URL", raising=False)
    commands = [line for block in blocks("console", "tutorial.md") for line in block.splitlines()]
    assert commands
    (tmp_path / "mine.bib").write_text(blocks("bibtex", "tutorial.md")[0])
    said = {}
    for line in commands:
        assert line.startswith("$ catalog "), line
        result = CliRunner().invoke(main, shlex.split(line.removeprefix("$ catalog ")))
        assert result.exit_code == 0, f"{line}\n{result.output}"
        said[line] = result.output
        if "demo" in line:
            monkeypatch.setenv("CATALOG_URL", "sqlite:///papers.db")
    assert "unchanged" in said["$ catalog load mine.bib"]
    assert "The Quill Team" in said["$ catalog show 2503.99901"]
    assert "91.2%" in said["$ catalog show 2503.99901"]
    assert (tmp_path / "refs.bib").read_text().count("@") > 10
