"""The parts of README.md and docs/ that are made from the program (see the cog blocks there).

`cog -I . -r README.md docs/*.md` renews them; `tests/test_docs.py` fails where they are stale.
"""

import ast
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from sqlalchemy import Column, Connection, Table, TypeDecorator, inspect

from catalog.database.engine import opened
from catalog.database.schema_upgrade import upgrade
from catalog.domain.exit_codes import ExitCode
from catalog.models import Base
from catalog.models.descriptions import VIEWS
from etl.cli import main
from etl.plugins import exports, formats
from etl.sync.config import template

WIDTH = 100
KINDS = {
    "int": "integer",
    "float": "number",
    "str": "text",
    "bool": "0 or 1",
    "bytes": "bytes",
    "date": "day",
    "datetime": "instant",
}
"""Type of a column in Python -> what a reader of the schema calls it."""


def command_words() -> Iterator[tuple[str, ...]]:
    """Yield every command as its words, each group before its commands."""
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, below) for below in command.list_commands(context))


def help_text(*command: str) -> str:
    """Show what `catalog COMMAND --help` prints, as a console block."""
    from click.testing import CliRunner

    shown = CliRunner().invoke(
        main, [*command, "--help"], prog_name="catalog", terminal_width=WIDTH
    )
    return f"```console\n$ catalog {' '.join((*command, '--help'))}\n{shown.stdout}```\n"


def explanation(abstract: str) -> str:
    """Show what `catalog extract --explain` prints for an abstract, as a console block."""
    from click.testing import CliRunner

    shown = CliRunner().invoke(main, ["extract", "-", "--explain"], input=abstract)
    lines = "\n".join(line.rstrip() for line in shown.stdout.strip().splitlines())
    return f"```console\n$ echo '{abstract}' | catalog extract - --explain\n{lines}\n```\n"


def commands_list() -> str:
    """Show the help of every command below its name."""
    return "".join(
        f"\n## `catalog {' '.join(words)}`\n\n{help_text(*words)}" for words in command_words()
    )


def exit_codes_list() -> str:
    """List every exit code with what it means."""
    rows = [(str(code.value), code.meaning) for code in ExitCode]
    return _table(("exit code", "means"), rows)


def exports_list() -> str:
    """List every format of `catalog export`."""
    rows = [(f"`{form.name}`", form.title, f"`{form.ending}`") for form in exports().values()]
    return _table(("format", "what it is", "files"), rows)


def formats_list() -> str:
    """List every format that can be loaded."""
    rows = [
        (f"`{known.name}`", known.title, known.homepage, known.licence)
        for known in formats().values()
    ]
    return _table(("format", "what", "from", "licence of the data"), rows)


def settings_template() -> str:
    """Show the file that `catalog sync --init` writes, as a TOML block."""
    text = template('"you@example.org"').strip()
    return f"```toml\n{text}\n```\n"


def schema_picture() -> str:
    """Draw the tables and their foreign keys as a Mermaid diagram."""
    lines = ["```mermaid", "erDiagram"]
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            optional = "|o" if key.parent.nullable else "||"
            lines.append(
                f"    {key.column.table.name} {optional}--o{{ {table.name} : {key.parent.name}"
            )
    return "\n".join([*lines, "```", ""])


def schema_list() -> str:
    """Describe every table: what a row is, and each column with its type and comment."""
    tables = sorted(Base.metadata.sorted_tables, key=lambda table: table.name)
    return "".join(map(_described, tables))


def _described(table: Table) -> str:
    rows = [(f"`{column.name}`", _kind(column), column.comment or "") for column in table.columns]
    columns = _table(("column", "holds", "meaning"), rows)
    return f"\n### `{table.name}`\n\n{table.comment}\n{columns}"


def _kind(column: Column[object]) -> str:
    """Say of which type a column is, and where it leads."""
    leads = "".join(f", of `{key.column.table.name}`" for key in column.foreign_keys)
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return KINDS[kind.python_type.__name__] + leads + (", or null" if column.nullable else "")


def views_list() -> str:
    """List the views of a fresh catalog with their columns."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/catalog.db"
        upgrade(url)
        with opened(url) as engine, engine.connect() as connection:
            rows = [
                (f"`{name}`", VIEWS[name], columns) for name, columns in _views(connection).items()
            ]
    return _table(("view", "holds", "columns"), rows)


def _views(connection: Connection) -> dict[str, str]:
    inspector = inspect(connection)
    return {
        name: ", ".join(column["name"] for column in inspector.get_columns(name))
        for name in sorted(inspector.get_view_names())
    }


def session(*commands: str) -> str:
    """Show what the commands print in an empty folder, as a console block."""
    blocks = []
    with tempfile.TemporaryDirectory() as folder:
        for command in commands:
            words = shlex.split(command)
            arguments = [str(path) for word in words[1:] for path in _expanded(word, Path.cwd())]
            done = subprocess.run(
                [sys.executable, "-m", "etl", *arguments],
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


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Write a Markdown table, with a blank line before it."""
    lines = [head, tuple("---" for _ in head), *rows]
    written = (" | ".join(cell.replace("|", "\\|") for cell in line) for line in lines)
    return "\n" + "".join(f"| {line} |\n" for line in written)


def answers(questions: Sequence[tuple[str, str]]) -> str:
    """Show questions with their SQL, and what it answers over the bundled sample."""
    with tempfile.TemporaryDirectory() as folder:
        for file in sorted((Path.cwd() / "catalog/sample").glob("*.txt")):
            # By a name that is the same wherever the repository is: columns are as wide as it.
            _ran(folder, "load", str(file), "--name", f"catalog/sample/{file.name}")
        shown = [
            f"\n## {number}. {question}\n\n```sql\n{sql};\n```\n\n```text\n"
            + _ran(folder, "query", sql)
            + "\n```\n"
            for number, (question, sql) in enumerate(questions, start=1)
        ]
    return "".join(shown)


def _ran(folder: str, *arguments: str) -> str:
    """Run a command in a folder; return its standard output without empty lines."""
    done = subprocess.run(
        [sys.executable, "-m", "etl", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "COLUMNS": str(WIDTH)},
        capture_output=True,
        text=True,
        check=True,
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines() if line.strip())


def report_table(heading: str) -> str:
    """Return the first table of a section of the report on extraction."""
    report = Path("benchmarks/extraction/REPORT.md").read_text(encoding="utf-8")
    section = report.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = section.split("\n\n")
    return next(block for block in blocks if block.startswith("|")) + "\n"


def file_block(file: str, language: str) -> str:
    """Show a file of the repository as a block."""
    return f"```{language}\n{Path(file).read_text('utf-8').rstrip()}\n```\n"


def mcp_tools() -> str:
    """List the tools of the MCP server, with what each is told to a model to do."""
    tree = ast.parse(Path("catalog/mcp/tools.py").read_text("utf-8"))
    tools = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Tools")
    return _table(
        ("tool", "does", "arguments"),
        [
            (
                f"`{one.name}`",
                (ast.get_docstring(one) or "").split("\n\n")[0].replace("\n", " "),
                ", ".join(f"`{argument.arg}`" for argument in one.args.args[1:]) or "none",
            )
            for one in tools.body
            if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
        ],
    )
