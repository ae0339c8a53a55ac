"""What every command says of itself."""

import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from etl.cli import COMMANDS, main


def leaves():
    """Every command that does something, as its words."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            yield from ([name, below] for below in command.commands)
        else:
            yield [name]


@pytest.mark.parametrize("words", list(leaves()), ids=" ".join)
def test_every_command_has_help_with_exit_codes(words):
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    told = set(re.findall(r"\d+", result.stdout.split("Exit codes:")[1].split("\n\n")[0]))
    waits = {"75"} if "--wait" in result.stdout else set()
    assert told >= {"0", "1", "2", "130"} | waits


def test_help_imports_neither_sqlalchemy_nor_datasette():
    code = "import sys; from etl.cli import main; main(['--help'], standalone_mode=False)"
    code += (
        "; sys.exit(int(bool({'sqlalchemy', 'alembic', 'datasette', 'rich'} & set(sys.modules))))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
