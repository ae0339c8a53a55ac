"""Run the conformance tests for plugins on our own formats, readers and sources."""

import json
from pathlib import Path

import pytest

from etl.plugins import formats, readers, sync_sources
from etl.testing import FormatTests, ReaderTests, SyncSourceTests
from tests.deep_extra import needs_extra

DATA = Path(__file__).parents[1] / "data"
NEW = {
    "pwc-papers": {"new_field"},
    "catalog-jsonl": {"colour"},
    "hf-daily": {"surprise"},
    "openalex": {"brand_new", "elapsed"},
    "semantic-scholar": {"brand_new"},
    "daily-arxiv": {"mood"},
    "bibtex": {"colour"},
    "ris": {"BT", "ZZ"},
    "csl-json": {"shade"},
    "csv": {"Shelf"},
    "arxiv-atom": {"new_element"},
    "arxiv-oai": {"metadata/dc"},
}
"""Fields that the cases have to show that new ones are counted."""


def specimens(name: str) -> tuple[Path, ...]:
    """The cases that are read as a whole, and hold a paper."""
    expected = {
        case: case.with_name(f"{case.name.split('.')[0]}.expected.json") for case in cases(name)
    }
    return tuple(case for case in sorted(expected) if _holds_papers(expected[case]))


def cases(name: str) -> list[Path]:
    return [case for case in (DATA / name).glob("*") if not case.name.endswith(".expected.json")]


def _holds_papers(expected: Path) -> bool:
    found = json.loads(expected.read_text("utf-8"))
    return "error" not in found and any("paper" in outcome for outcome in found["outcomes"])


@pytest.fixture(scope="module", autouse=True)
def _parquet(request: pytest.FixtureRequest) -> None:
    pytest.importorskip("pyarrow")


for _name, _format in formats().items():
    globals()[f"Test_{_name}"] = type(
        f"Test_{_name}",
        (FormatTests,),
        {
            "format": _format,
            "specimens": specimens(_name),
            "new_fields": NEW.get(_name, frozenset()),
        },
    )

for _name, _reader in readers().items():
    _tests = type(f"Test_{_name}", (ReaderTests,), {"reader": _reader})
    globals()[f"Test_{_name}"] = needs_extra(_tests) if _name == "deep" else _tests

for _name, _source in sync_sources().items():
    globals()[f"TestSource_{_name}"] = type(
        f"TestSource_{_name}", (SyncSourceTests,), {"source": _source}
    )
