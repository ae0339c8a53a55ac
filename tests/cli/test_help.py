"""Tests of the help of every command."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import catalog
import etl
from catalog.domain.exit_codes import ExitCode
from etl.cli import main
from etl.plugins import commands

EVERYWHERE = (ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE, ExitCode.INTERRUPTED)


def leaves():
    """Every command that does something, as its words."""
    for name in commands():
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            yield from ([name, below] for below in command.commands)
        else:
            yield [name]


@pytest.mark.parametrize("words", list(leaves()), ids=" ".join)
def test_every_command_has_help_with_exit_codes(words):
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    told = set(map(int, re.findall(r"\d+", result.stdout.split("Exit codes:")[1].split("\n\n")[0])))
    waits = {ExitCode.LOCKED} if "--wait" in result.stdout else set()
    assert told >= {*EVERYWHERE, *waits}
    assert told <= set(ExitCode)


@pytest.mark.parametrize("package", [catalog, etl], ids=lambda package: package.__name__)
def test_no_command_ends_with_a_number_of_its_own(package):
    written = [
        f"{file}:{call.lineno}"
        for file in Path(package.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and call.args
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in {"exit", "_exit", "Exit"}
        if any(isinstance(part, ast.Constant) for part in ast.walk(call.args[0]))
    ]
    assert written == []


def test_help_imports_neither_sqlalchemy_nor_datasette():
    code = "import sys; from etl.cli import main; main(['--help'], standalone_mode=False)"
    code += (
        "; sys.exit(int(bool({'sqlalchemy', 'alembic', 'datasette', 'rich'} & set(sys.modules))))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["serch", "x"], "There is no command 'serch'. Did you mean \"search\"?"),
        (["xyzzyx"], "There is no command 'xyzzyx'.\n"),
        (["search", "--limt", "3", "x"], "Did you mean '--limit'?"),
        (["export", "bibtext"], 'Did you mean "bibtex"?'),
        (["db", "upgrad"], "upgrad"),
    ],
)
def test_a_slip_in_a_command_is_answered_with_the_nearest(words, says):
    result = CliRunner().invoke(main, words)
    assert result.exit_code == ExitCode.WRONG_USAGE
    assert says in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_options_and_formats(shell):
    def completed(*words):
        environment = {
            "_CATALOG_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": " ".join(["catalog", *words]),
            "COMP_CWORD": words[-1] if shell == "fish" else str(len(words)),
        }
        result = CliRunner().invoke(main, [], prog_name="catalog", env=environment)
        return result.stdout

    assert "export" in completed("exp")
    assert "--where" in completed("export", "--wh")
    assert "bibtex" in completed("export", "bib")
    shown = (Path(catalog.__file__).parents[1] / "docs" / "commands.md").read_text()
    assert f"_CATALOG_COMPLETE={shell}_source catalog" in shown
