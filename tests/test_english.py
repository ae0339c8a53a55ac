"""Tests of plain English: docstrings, file names, words in messages."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("catalog", "etl", "benchmarks")
SCORER = ROOT / "benchmarks" / "extraction" / "score.py"
"""Stands on its own, and is kept as its authors wrote it."""

RIDDLES = {"How", "That", "What", "When", "Where", "Whether", "Which", "Who", "Whose", "Why"}
"""Words that begin a clause without its subject: a description begins with a noun."""
NO_VERBS = RIDDLES | {
    "A", "All", "An", "Any", "Both", "Each", "Every", "Everything", "Its", "More", "None",
    "Nothing", "Once", "One", "Our", "Several", "So", "Some", "Something", "Such", "The",
    "Their", "These", "This", "Those", "Two",
    # nouns that functions were described by
    "Address", "Addresses", "Bytes", "Columns", "Engine", "Hashes", "Id", "Ids", "Items", "Key",
    "Keys", "Names", "Papers", "Path", "Place", "Records", "Rows", "Seconds", "Value", "Words",
}  # fmt: skip
"""First words of a function's docstring that are no imperative."""

BANNED = (
    r"\bmend\b",
    r"\btook out\b|\btaken out\b",
    r"\bpassed over\b",
    r"\b(?:papers?|results?|links?|records?) (?:came|went)\b",
    r"\bwithout a word\b",
    r"\bis marked so\b",
    r"\balready, as it is\b",
    r"\busual are\b",
    r"\bto its end\b",
    r"\bthere is no such page\b",
    r"\bthe fullest\b",
    r"\bgain ground\b",
    r"\bbring again\b",
    r"\bplace \{?\d?",
    r"\bpieces?\b",
)
"""Words that no message, help text, label or heading has, with others that say the same."""

TESTS = sorted(file for file in (ROOT / "tests").rglob("*.py") if file.name != "__init__.py")

USER_FACING = (
    *ROOT.glob("catalog/commands/*.py"),
    *ROOT.glob("etl/commands/*.py"),
    *ROOT.glob("etl/sync/**/*.py"),
    *ROOT.glob("etl/fetch/*.py"),
    *ROOT.glob("catalog/maintenance/*.py"),
    *ROOT.glob("catalog/marks/*.py"),
    *ROOT.glob("catalog/reads/*.py"),
    *ROOT.glob("catalog/models/*.py"),
    ROOT / "etl" / "builtin_plugin.py",
)


def files() -> list[Path]:
    return [file for name in PACKAGES for file in sorted((ROOT / name).rglob("*.py"))]


def shown(file: Path) -> str:
    return str(file.relative_to(ROOT))


Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def documented(file: Path) -> Iterator[tuple[str, Documented, str]]:
    """Yield name, node and first line of every docstring in a file."""
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, Documented) and (text := ast.get_docstring(node)):
            yield getattr(node, "name", "the module"), node, text.splitlines()[0]


def is_described(node: Documented) -> bool:
    """Return true for what a noun describes: modules, classes, properties and fixtures' values."""
    if isinstance(node, ast.Module | ast.ClassDef):
        return True
    return any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


def is_root_of_the_command(node: Documented) -> bool:
    """Return true for the group that the program's own description belongs to."""
    if isinstance(node, ast.Module | ast.ClassDef):
        return False
    return any("click.group" in ast.unparse(decorator) for decorator in node.decorator_list)


def is_gerund(word: str) -> bool:
    return word.endswith("ing") and word not in {"Bring", "Ping", "String"}


@pytest.mark.parametrize("file", files(), ids=shown)
def test_first_lines_of_docstrings_are_plain(file: Path) -> None:
    wrong = []
    for name, node, line in documented(file) if file != SCORER else ():
        first = line.split()[0].strip(":,.")
        if not line.endswith((".", "`")) or len(line) > 100:
            wrong.append(f"{name}: not one sentence that ends with a period: {line}")
        if is_described(node):
            if first in RIDDLES - {"Whether"} and not isinstance(node, ast.FunctionDef):
                wrong.append(f"{name}: begin with what it is: {line}")
        elif is_root_of_the_command(node):
            continue
        elif (
            first in NO_VERBS
            or not first.istitle()
            or (re.search("ing$", first) and first != "Bring")
        ):
            wrong.append(f"{name}: begin with an imperative, e.g. Return: {line}")
    assert not wrong, "\n".join([shown(file), *wrong])


@pytest.mark.parametrize("file", [*files(), *TESTS], ids=shown)
def test_every_module_says_what_it_is(file: Path) -> None:
    text = ast.get_docstring(ast.parse(file.read_text())) or ""
    assert re.match(r"[A-Z`]", text)
    assert text.split()[0] not in RIDDLES | {"Nothing", "Whatever"}


@pytest.mark.parametrize("package", ["catalog", "etl"])
def test_no_file_name_stands_twice_in_a_package(package: str) -> None:
    names = Counter(
        file.name for file in (ROOT / package).rglob("*.py") if file.name != "__init__.py"
    )
    assert [name for name, count in names.items() if count > 1] == []


def texts(file: Path) -> Iterator[str]:
    """Yield the strings of a file that people may read: all but docstrings and SQL."""
    tree = ast.parse(file.read_text())
    described = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_sql = re.search(r"\bSELECT\b|\bWHERE\b", node.value)
            if id(node) not in described and " " in node.value and not is_sql:
                yield node.value
    for node in ast.walk(tree):  # the help of a command is its docstring
        if isinstance(node, ast.FunctionDef) and any(
            re.search(r"\b(?:command|group)\b", ast.unparse(one)) for one in node.decorator_list
        ):
            yield ast.get_docstring(node) or ""


@pytest.mark.parametrize("file", USER_FACING, ids=shown)
def test_messages_use_the_words_of_the_glossary(file: Path) -> None:
    found = [
        f"{pattern}: {text[:100]}"
        for text in texts(file)
        for pattern in BANNED
        if re.search(pattern, text, re.IGNORECASE)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("file", sorted(ROOT.glob("catalog/**/templates/*.html")), ids=shown)
def test_pages_use_the_words_of_the_glossary(file: Path) -> None:
    page = re.sub(r"\{[{%#].*?[}%#]\}", "", file.read_text(), flags=re.DOTALL)
    words = re.sub(r"<[^>]*>", " ", page)
    assert [pattern for pattern in BANNED if re.search(pattern, words, re.IGNORECASE)] == []


def test_the_glossary_is_short_and_in_order() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text()
    words = re.findall(r"^\| \*\*([^*]+)\*\* \|", text, re.MULTILINE)
    assert 0 < len(words) <= 30
    assert words == sorted(words, key=str.lower)
