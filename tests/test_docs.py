"""Tests that the documentation is complete, and its links and generated parts are fresh."""

import ast
import os
import pkgutil
import re
import shutil
import struct
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import datasette
import pytest
from msgspec import Struct, structs
from sqlalchemy import create_engine, inspect

from catalog.domain.exit_codes import ExitCode
from catalog.models import Base
from catalog.site import datasette_internals, hooks
from catalog.site.config import SETTINGS
from etl.cli import main
from etl.extract.reader import ReaderSettings
from etl.plugins import exports, formats, sync_sources
from etl.sync.config import Config, Digest, Http, Store, parse_config, template
from etl.sync.settings import SourceSettings

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\]\((?P<file>[^)#\s]*)(?:#(?P<heading>[^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
GUARD = re.compile(r"`(?P<file>tests/[\w/]+\.py)(?:::(?P<test>\w+))?`")


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table."""
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]


def words_of_commands() -> Iterator[str]:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        yield name
        if isinstance(command, click.Group):
            yield from (f"{name} {below}" for below in command.list_commands(context))


@pytest.mark.parametrize("words", [*words_of_commands()])
def test_every_command_has_a_section(words: str) -> None:
    assert f"\n## `catalog {words}`\n" in page("docs/commands.md")


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_explained(code: ExitCode) -> None:
    assert [str(code.value), code.meaning] in rows(page("docs/commands.md"))


def test_every_variable_of_the_environment_is_explained() -> None:
    source = "".join(
        file.read_text() for top in ("catalog", "etl") for file in (ROOT / top).rglob("*.py")
    )
    read = set(re.findall(r"\"(CATALOG_[A-Z_]+)\"", source))
    assert read
    assert {name for name in read if f"`{name}`" not in page("docs/commands.md")} == set()


@pytest.mark.parametrize("name", formats())
def test_every_format_has_a_row(name: str) -> None:
    assert f"`{name}`" in [row[0] for row in rows(page("docs/formats.md"))]


@pytest.mark.parametrize("name", exports())
def test_every_format_of_exports_has_a_row(name: str) -> None:
    assert f"`{name}`" in [row[0] for row in rows(page("docs/exports.md"))]


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_has_a_section_with_its_columns(table: Any) -> None:
    _, _, rest = page("docs/schema.md").partition(f"\n### `{table.name}`\n")
    told = {row[0]: row[-1] for row in rows(rest.partition("\n#")[0])}
    assert {f"`{column.name}`": column.comment for column in table.columns}.items() <= told.items()


def test_every_view_has_a_row_with_its_columns(migrated: Path) -> None:
    inspector = inspect(create_engine(f"sqlite:///{migrated}"))
    views = {
        f"`{name}`": ", ".join(column["name"] for column in inspector.get_columns(name))
        for name in inspector.get_view_names()
    }
    assert views
    assert views.items() <= {row[0]: row[-1] for row in rows(page("docs/schema.md"))}.items()


def uncommented() -> dict[str, Any]:
    """The file that `catalog sync --init` writes, with every setting that it shows in force."""
    text = template('"ada@example.org"')
    return tomllib.loads(re.sub(r"^# (?=\w+ = |\[)", "", text, flags=re.MULTILINE))


def names(settings: type[Struct]) -> set[str]:
    return {field.encode_name for field in structs.fields(settings)}


def test_every_setting_is_in_the_file_that_init_writes() -> None:
    shown = uncommented()
    assert set(shown) == names(Config)
    tables: dict[str, type[Struct]] = {
        "http": Http, "store": Store, "digest": Digest, "reader": ReaderSettings,
    }  # fmt: skip
    assert {name: names(kind) - set(shown[name]) for name, kind in tables.items()} == {
        name: set() for name in tables
    }
    written = {table.get("kind", name): set(table) for name, table in shown["sources"].items()}
    shared = names(SourceSettings)
    assert {
        name: names(source.settings) - shared - written[name]
        for name, source in sync_sources().items()
    } == {name: set() for name in sync_sources()}
    assert shared <= set().union(*written.values())


def test_what_that_file_shows_is_accepted_and_the_defaults_are_those() -> None:
    text = template('"ada@example.org"')
    shown = re.sub(r"^# (?=\w+ = |\[)", "", text, flags=re.MULTILINE)
    config = parse_config(shown, "catalog.toml")
    examples = {"since", "path", "enabled"}
    for settings in (config.http, config.store, *config.sources.values()):
        for field in structs.fields(type(settings)):
            if field.name not in examples and not field.required:
                assert getattr(settings, field.name) == field.default, field.name


def test_the_documentation_shows_that_file() -> None:
    assert template('"you@example.org"').strip() in page("docs/sync.md")


def test_every_module_and_word_list_of_the_extractor_is_explained() -> None:
    package, told = ROOT / "etl" / "extract", page("docs/extraction.md")
    modules = {file.stem for file in package.glob("*.py")} - {"__init__"}
    files = {file.name for file in package.rglob("*.toml")}
    assert {name for name in modules | files if f"`{name}`" not in told} == set()


DATASETTE = page("docs/datasette.md")
MODULES = [module.name for module in pkgutil.iter_modules(datasette_internals.__path__)]
HOOKS = [name for name, value in vars(hooks).items() if hasattr(value, "datasette_impl")]


def guarded(name: str) -> list[str]:
    """The tests that guard what a row of docs/datasette.md names in its first cell."""
    found = [row for row in rows(DATASETTE) if f"`{name}`" in row[0]]
    assert len(found) == 1, f"docs/datasette.md has {len(found)} rows for {name}"
    return GUARD.findall(found[0][-1])


@pytest.mark.parametrize("name", [*(f"{name}.py" for name in MODULES), *HOOKS])
def test_every_change_inside_datasette_is_named_with_a_test_that_guards_it(name: str) -> None:
    assert guarded(name)


def test_no_change_is_named_that_is_gone() -> None:
    first = {name for row in rows(DATASETTE) for name in re.findall(r"`(\w+(?:\.py)?)`", row[0])}
    assert {name for name in first if name.endswith(".py")} == {f"{name}.py" for name in MODULES}
    assert {name for name in first if not name.endswith(".py")} == {*HOOKS, *SETTINGS}


def test_every_template_of_datasettes_that_we_replace_is_named() -> None:
    assert datasette.__file__
    theirs = {file.name for file in (Path(datasette.__file__).parent / "templates").iterdir()}
    ours = {file.name for file in (ROOT / "catalog" / "site" / "templates").iterdir()}
    told = {name for row in rows(DATASETTE) for name in re.findall(r"`(\w+\.html)`", row[0])}
    assert told == theirs & ours


@pytest.mark.parametrize(("file", "test"), sorted({*GUARD.findall(DATASETTE)}))
def test_every_test_that_guards_exists(file: str, test: str) -> None:
    tree = ast.parse(page(file))
    assert not test or test in [node.name for node in tree.body if hasattr(node, "name")]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_link_leads_somewhere(file: Path) -> None:
    text = re.sub(r"^```.*?^```", "", file.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for found in LINK.finditer(text):
        if "://" in found["file"] or found["file"].startswith("mailto:"):
            continue
        target = (file.parent / found["file"]) if found["file"] else file
        if not target.exists() or not _has_heading(target, found["heading"]):
            broken.append(found.group())
    assert broken == []


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_path_that_is_named_exists(file: Path) -> None:
    if file.name == "CHANGELOG.md":  # it tells of the past
        return
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", file.read_text("utf-8")))
    inside = {name for name in named if (ROOT / name.split("/")[0]).is_dir()}
    assert {name for name in inside if "yours" not in name and not (ROOT / name).exists()} == set()


def _has_heading(file: Path, heading: str | None) -> bool:
    """Whether a page has a heading of this anchor, as GitHub makes anchors."""
    if heading is None:
        return True
    known = HEADING.findall(file.read_text("utf-8"))
    return heading in {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in known}


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        file = waiting.pop().resolve()
        if file not in reached and file.suffix == ".md" and file.exists():
            reached.add(file)
            waiting += [file.parent / found["file"] for found in LINK.finditer(file.read_text())]
    assert set(PAGES) - reached == set()


def test_the_readme_is_short() -> None:
    assert len(page("README.md").splitlines()) <= 150


def test_what_is_made_from_the_program_is_fresh() -> None:
    pytest.importorskip("cogapp", reason="cog is not installed")
    made = [str(file) for file in PAGES if "[[[cog" in file.read_text("utf-8")]
    assert len(made) > 4
    command = [sys.executable, "-m", "cogapp", "-I", str(ROOT), "--check", *made]
    environment = {name: value for name, value in os.environ.items() if name != "CATALOG_URL"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, (
        f"renew it: .venv/bin/cog -I . -r README.md docs/*.md\n{done.stdout}{done.stderr}"
    )


def shape(picture: bytes) -> tuple[int, int]:
    """The width and height of a PNG."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_the_readme_shows_a_small_picture() -> None:
    found = re.search(r"^!\[.+?\]\((docs/\w+\.png)\)$", page("README.md"), re.MULTILINE | re.DOTALL)
    assert found
    picture = (ROOT / found[1]).read_bytes()
    assert shape(picture)[0] == 1280
    assert len(picture) < 150_000


@pytest.mark.skipif(
    not (os.environ.get("CHROMIUM") or shutil.which("chromium")),
    reason="there is no Chromium; CHROMIUM names one",
)
def test_the_picture_can_be_taken_again(tmp_path: Path) -> None:
    pytest.importorskip("playwright", reason="playwright is not installed")
    pytest.importorskip("PIL", reason="Pillow is not installed")
    script, file = ROOT / "docs" / "screenshots.py", tmp_path / "picture.png"
    subprocess.run([sys.executable, script, "--output", file], cwd=ROOT, check=True)
    assert shape(file.read_bytes())[0] == 1280
    assert len(file.read_bytes()) < 150_000
