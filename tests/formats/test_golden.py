"""Tests of every invented document against its golden file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.formats import Head
from etl.formats.contract import HEAD_SIZE
from etl.plugins import formats, recognise

DATA = Path(__file__).parents[1] / "data"
EXPECTED = ".expected.json"


def cases() -> list[Path]:
    return [
        path
        for format_name in formats()
        for path in sorted((DATA / format_name).glob("*"))
        if not path.name.endswith(EXPECTED)
    ]


def expected(case: Path) -> Path:
    return case.with_name(case.name.split(".")[0] + EXPECTED)


@pytest.mark.parametrize("format_name", formats())
def test_every_format_has_a_case(format_name: str) -> None:
    assert [case for case in cases() if case.parent.name == format_name]


@pytest.mark.parametrize("case", cases(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case_gives_what_stands_beside_it(
    case: Path, summary: Callable[[str, Path], dict[str, Any]], update_golden: bool
) -> None:
    if case.parent.name == "pwc-parquet":
        pytest.importorskip("pyarrow")
    found = summary(case.parent.name, case)
    if update_golden:
        text = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=False)
        expected(case).write_text(text + "\n", encoding="utf-8")
    assert found == json.loads(expected(case).read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", cases(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case_is_recognised_by_its_content(case: Path) -> None:
    with case.open("rb") as stream:
        format_name = recognise(Head(name="-", data=stream.read(HEAD_SIZE)))
    assert format_name is formats()[case.parent.name]


def test_no_two_cases_share_an_expectation() -> None:
    assert len({expected(case) for case in cases()}) == len(cases())
