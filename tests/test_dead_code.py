"""Tests that nothing in the packages is unused, or used by tests only."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("catalog", "etl")
USERS = (*PACKAGES, "benchmarks", "docs", "migrations", "README.md", "pyproject.toml")
KIT = ROOT / "etl" / "testing.py"
"""Tests that plugins inherit."""
SUFFIXES = {".py", ".html", ".md", ".toml", ".txt"}

CALLED_BY_OTHERS = {
    **dict.fromkeys(("_on_connect", "_keep_partial", "impl", "cache_ok", "process_bind_param",
                     "process_result_value", "type_annotation_map"), "SQLAlchemy"),
    **dict.fromkeys(("list_commands", "get_command", "format_commands", "shell_complete"), "click"),
    "set_header": "rispy",
    "model_config": "pydantic",
    "read1": "io.TextIOWrapper",
    "inode": "compared with the whole struct",
    "WRONG_USAGE": "click ends with it",
    "_describe_range": "click shows it in the help",
    "line_of": "the inverse that the law of the format needs",
    "run_recorded": "tests of what is asked of the catalog",
    "run_async": "the site",
}  # fmt: skip
"""Names that stand in our code once -> who uses them."""


def test_every_name_is_used_outside_of_tests() -> None:
    texts = {file: file.read_text() for user in USERS for file in _files(ROOT / user)}
    times = Counter(word for text in texts.values() for word in re.findall(r"\w+", text))
    unused = {
        name
        for file, text in texts.items()
        if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in PACKAGES
        for name in _defined(ast.parse(text))
        if times[name] == 1 and not name.startswith("__") and file != KIT
    }
    assert unused <= set(CALLED_BY_OTHERS)


def _files(at: Path) -> Iterator[Path]:
    yield from (
        [at]
        if at.is_file()
        else (
            file
            for file in at.rglob("*")
            if file.suffix in SUFFIXES and "held_out" not in file.parts
        )
    )


def _defined(module: ast.Module) -> Iterator[str]:
    """The names of functions, classes, constants and fields."""
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
