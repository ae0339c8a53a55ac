"""Tests that `.ci/run` does what the README tells people to do."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.tried_on_sqlite import ON_SQLITE

ROOT = Path(__file__).parents[1]
SCRIPT = (ROOT / ".ci" / "run").read_text()


def test_the_readme_gives_the_commands_of_ci() -> None:
    told = re.search(r"^python3 .*\.venv/bin/pytest.*$", (ROOT / "README.md").read_text(), re.M)
    assert told, "the README has no line that sets up and tests"
    commands = told.group().split(" && ")
    assert commands[-1].startswith(".venv/bin/pytest")
    assert [line for line in SCRIPT.splitlines() if line in commands] == commands


def test_nothing_that_a_text_says_is_run() -> None:
    """Only the script of our own that starts PostgreSQL is evaluated."""
    assert re.findall(r"eval .*", SCRIPT) == ['eval "$(.ci/postgres start)"']


def test_the_scripts_are_well_formed() -> None:
    for name in ("run", "alpha", "compiled", "deep", "over", "package", "postgres"):
        subprocess.run(["bash", "-n", ROOT / ".ci" / name], check=True)


def test_no_compiled_module_hides_its_source() -> None:
    """They lie there where somebody compiled in the clone itself, and would be used ever after."""
    left = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "etl").rglob("*.so"))
    assert not left, f"delete {', '.join(left)}: Python takes them for the sources beside them"


def test_modules_that_are_not_compiled_are_named_rightly() -> None:
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]
    hook = hatch["build"]["targets"]["wheel"]["hooks"]["mypyc"]
    assert [name for name in hook["exclude"] if not [*ROOT.glob(name)]] == []


def test_what_is_tried_on_sqlite_alone_is_there() -> None:
    """A file that was renamed would run on both databases, and take long unnoticed."""
    tests = ROOT / "tests"
    for name in ON_SQLITE:
        found = tests / name
        files = [*found.rglob("test_*.py")] if name.endswith("/") else [found]
        assert any("def test_" in file.read_text() for file in files if file.is_file()), name


DISTRIBUTIONS = {"sklearn": "scikit-learn"}
"""Modules whose distribution has another name."""


def test_the_groups_hold_what_benchmarks_import() -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = known["dependency-groups"]
    bench = [*known["project"]["dependencies"], *groups["bench"]]
    encoder = [*bench, *(line for line in groups["encoder"] if isinstance(line, str))]
    training = {*(ROOT / "benchmarks" / "extraction" / "deep").rglob("*.py")}
    rest = {*(ROOT / "benchmarks").rglob("*.py")} - training
    assert training
    assert _distributions(rest) <= _named(bench)
    assert _distributions(training) <= _named(encoder)


def _named(lines: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~ ;]", line)[0] for line in lines}


def _distributions(files: set[Path]) -> set[str]:
    """The distributions that these files import from."""
    own = {"benchmarks", "catalog", "etl", "tests", *sys.stdlib_module_names}
    imported = {
        name.partition(".")[0]
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        for name in _names(node)
    }
    return {DISTRIBUTIONS.get(name, name) for name in imported - own}


def _names(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module)):
            return [module]
        case _:
            return []
