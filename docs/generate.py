"""Parts of the README that are made from the program, so that they stay true (see cog there)."""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import Table

from catalog.domain.exit_codes import ExitCode
from catalog.models import Base
from etl.plugins import formats

WIDTH = 100


def help_text(*command: str) -> str:
    """What `catalog COMMAND --help` prints, as a console block."""
    from click.testing import CliRunner

    from etl.cli import main

    shown = CliRunner().invoke(
        main, [*command, "--help"], prog_name="catalog", terminal_width=WIDTH
    )
    return f"```console\n$ catalog {' '.join((*command, '--help'))}\n{shown.stdout}```\n"


def schema_picture() -> str:
    """The tables and their foreign keys as a Mermaid diagram."""
    lines = ["```mermaid", "erDiagram"]
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            optional = "|o" if key.parent.nullable else "||"
            lines.append(
                f"    {key.column.table.name} {optional}--o{{ {table.name} : {key.parent.name}"
            )
    return "\n".join([*lines, "```", ""])


def schema_list() -> str:
    """Every table with what a row of it is."""
    rows = ["| table | a row is | columns |", "| --- | --- | --- |"]
    rows += [
        f"| `{table.name}` | {table.comment} | {_columns(table)} |"
        for table in sorted(Base.metadata.sorted_tables, key=lambda table: table.name)
    ]
    return "\n".join([*rows, ""])


def _columns(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


def formats_list() -> str:
    """Every format that can be loaded."""
    rows = ["| format | what | from | licence of the data |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{known.name}` | {known.title} | {known.homepage} | {known.licence} |"
        for known in formats().values()
    ]
    return "\n".join([*rows, ""])


def exit_codes_list() -> str:
    """Every exit code with what it means."""
    rows = ["| exit code | means |", "| ---: | --- |"]
    rows += [f"| {code.value} | {code.meaning} |" for code in ExitCode]
    return "\n".join([*rows, ""])


def session(*commands: str) -> str:
    """What the commands print in an empty folder, as a console block."""
    blocks = []
    with tempfile.TemporaryDirectory() as folder:
        for command in commands:
            words = shlex.split(command)
            arguments = [str(path) for word in words[1:] for path in _expanded(word, Path.cwd())]
            done = subprocess.run(
                [sys.executable, "-m", "etl.cli", *arguments],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(Path.cwd()), "COLUMNS": str(WIDTH)},
                capture_output=True,
                text=True,
                check=True,
            )
            shown = (done.stderr + done.stdout).replace(f"{Path.cwd()}/", "")
            lines = "\n".join(line.rstrip() for line in shown.splitlines() if line.strip())
            blocks.append(f"$ {command}\n{lines}\n")
    return "```console\n" + "".join(blocks) + "```\n"


def _expanded(word: str, base: Path) -> list[Path | str]:
    return sorted(base.glob(word)) if "*" in word and "/" in word else [word]
