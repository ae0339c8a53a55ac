"""Tests that the extractor's version follows from its data, code and output."""

import ast
import io
import json
import re
import shutil
import tokenize
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import pytest

import etl.extract
from catalog.domain.records import LinkRecord, ResultRecord
from etl.extract import CODE, DATA, extract, version

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "etl" / "extract"
ABSTRACTS = ROOT / "tests" / "data" / "extraction" / "abstracts.txt"
"""Invented sentences, for every rule some; a blank line parts abstracts."""
EXPECTED = ABSTRACTS.with_name("expected.json")

RENEW = "pytest tests/extract/test_version.py --update-golden"
SILENT = {"catalog.domain.records", "etl.extract.explain", "etl.extract.json_output"}
"""Modules that hold or show what was found, and decide nothing."""


@pytest.fixture(scope="module", autouse=True)
def renewed(request: pytest.FixtureRequest) -> None:
    """Renew the digest of the code, and with it the version, when that is asked for."""
    if request.config.getoption("--update-golden"):
        (PACKAGE / CODE).write_text(code_digest() + "\n")
        version.cache_clear()


def test_a_change_of_code_is_a_new_version() -> None:
    assert (PACKAGE / CODE).read_text().strip() == code_digest(), (
        f"the extractor's code has changed: run `{RENEW}`, and commit what it writes"
    )


def test_a_change_of_output_is_a_new_version(update_golden: bool) -> None:
    held = json.loads(EXPECTED.read_text())
    found = {"version": version(), "abstracts": [_shown(*item) for item in _abstracts()]}
    is_renewed = (PACKAGE / CODE).read_text().strip() == code_digest()
    if is_renewed and held["abstracts"] != found["abstracts"]:
        assert held["version"] != version(), (
            "the output has changed, though neither the extractor's code nor its data has: "
            "find out what else it depends on, and let the version follow from that too"
        )
    if update_golden:
        EXPECTED.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    else:
        assert found == held, f"if the change is meant, run `{RENEW}`, and read what it changed"


def test_data_changes_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, copy = version(), tmp_path / "extract"
    shutil.copytree(PACKAGE, copy)
    monkeypatch.setattr(etl.extract, "files", lambda _package: copy)
    for name in DATA:
        version.cache_clear()
        (copy / name).write_text((PACKAGE / name).read_text() + "\n")
        assert version() != before
        shutil.copyfile(PACKAGE / name, copy / name)
    version.cache_clear()
    assert version() == before


def test_all_data_counts() -> None:
    there = {str(file.relative_to(PACKAGE)) for file in PACKAGE.rglob("*") if file.is_file()}
    data = {name for name in there if not name.endswith((".py", ".pyc"))}
    of_another_reader = {name for name in data if name.startswith(("language_model/", "deep/"))}
    assert data - of_another_reader == {*DATA, CODE}


def test_every_kind_of_rule_is_among_the_sentences() -> None:
    results = [result for item in _abstracts() for result in extract(*item).results]
    assert {result.rule for result in results} >= {
        "unit", "train N faster", "won N", "models N larger", "lists aligned", "name beside",
        "name in sentence", "as the number before", "no metric named", "N NP", "N of NP",
        "N more NP", "NP of N", "NP is N", "NP by N", "NP from N", "NP (N)", "NP verb N",
        "NP in N of cases", "N change in NP",
    }  # fmt: skip
    assert {(result.kind, result.role) for result in results} >= {
        ("absolute", "own"), ("absolute", "other"), ("delta", "own"), ("ratio", "own"),
    }  # fmt: skip


def test_only_what_runs_counts_as_code() -> None:
    plain = 'x = 1\n\n\ndef f(a):\n    return a + "# no comment"\n'
    told = '"""Words."""\nx = 1  # why\n"""Of x."""\n\ndef f(a):\n    """Do."""\n    # so\n' + (
        '    return a + "# no comment"\n'
    )
    assert _running(plain) == _running(told)
    assert _running(plain) != _running(plain.replace("a +", "a +  0 +"))


def code_digest() -> str:
    """The digest of all code that decides what is extracted, without comments and docstrings."""
    digest = blake2b(digest_size=4)
    for module in sorted(_modules("etl.extract")):
        digest.update(f"{module}\n{_running(_file(module).read_text())}\n".encode())
    return digest.hexdigest()


def _modules(first: str) -> set[str]:
    """The modules of ours that the extractor imports, directly or not."""
    found: set[str] = set()
    waiting = [first]
    while waiting:
        module = waiting.pop()
        if module not in found | SILENT:
            found.add(module)
            waiting += _imported(ast.parse(_file(module).read_text()))
    return found


def _imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and re.match(r"(catalog|etl)\.", node.module or ""):
            yield str(node.module)
            yield from (
                name
                for alias in node.names
                if _file(name := f"{node.module}.{alias.name}").is_file()
            )


def _file(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _running(source: str) -> str:
    """The code without comments, docstrings and layout; the same under every Python."""
    lines = source.splitlines(keepends=True)
    spans = [*_docstrings(source, lines), *_comments(source)]
    for (first, start), (last, end) in sorted(spans, reverse=True):
        lines[first - 1 : last] = [lines[first - 1][:start] + lines[last - 1][end:]]
    return " ".join("".join(lines).split())


Span = tuple[tuple[int, int], tuple[int, int]]


def _docstrings(source: str, lines: list[str]) -> Iterator[Span]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str())) as text:
                first, last = text.lineno, text.end_lineno or 0
                start = len(lines[first - 1].encode()[: text.col_offset].decode())
                end = len(lines[last - 1].encode()[: text.end_col_offset].decode())
                yield (first, start), (last, end)


def _comments(source: str) -> Iterator[Span]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start, token.end


def _abstracts() -> list[tuple[str, str | None]]:
    """The abstracts with their titles; the last is all of them as one long text."""
    found = []
    for part in ABSTRACTS.read_text().strip().split("\n\n"):
        title, _, text = part.rpartition("\n")
        found.append((text, title.removeprefix("Title: ") or None))
    return [*found, (" ".join(text for text, _ in found), None)]


def _shown(abstract: str, title: str | None) -> dict[str, object]:
    found = extract(abstract, title)
    return {
        "abstract": abstract if len(abstract) < 1_000 else "all of them",
        "results": [_result(result) for result in found.results],
        "links": [_link(link) for link in found.links],
    }


def _result(result: ResultRecord) -> str:
    """A result on one line, so that a change of it is one line too."""
    said = (
        f"{result.start}-{result.end}", result.text, result.value, result.value_max, result.unit,
        result.metric, result.metric_text, result.dataset, result.dataset_text, result.task,
        result.kind, result.role, result.sign, result.model, result.baseline, result.rule,
        f"{result.confidence:.2f}", f"{result.row_confidence:.2f}",
    )  # fmt: skip
    return " | ".join("-" if part is None else str(part) for part in said)


def _link(link: LinkRecord) -> str:
    return f"{link.start}-{link.end} | {link.text} | {link.url} | {link.kind} | {link.repo or '-'}"
