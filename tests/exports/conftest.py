"""Fixtures: the command `catalog`, and a catalog of the samples of every format."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from etl.cli import main
from tests.conftest import Fresh

DATA = Path(__file__).parents[1] / "data"

Run = Callable[..., Result]
"""Runs `catalog --db URL ARGS`, and expects an exit code."""


@pytest.fixture
def run() -> Run:
    def ran(url: str, *args: str | Path, codes: tuple[int, ...] = (0,)) -> Result:
        words = ["--db", url, *map(str, args)]
        result = CliRunner().invoke(main, words, catch_exceptions=False)
        assert result.exit_code in codes, result.stdout + result.stderr
        return result

    return ran


def samples(*formats: str) -> list[Path]:
    """The documents of some formats in tests/data."""
    return [
        file
        for name in formats
        for file in sorted((DATA / name).iterdir())
        if not file.name.endswith(".expected.json")
    ]


@pytest.fixture
def sampled(fresh: Fresh, run: Run) -> str:
    """URL of a catalog with the samples of several formats."""
    url = fresh("sampled")
    names = ("hf-daily", "arxiv-atom", "arxiv-kaggle", "digest-page", "openalex", "catalog-jsonl",
             "pwc-papers", "pwc-links", "pwc-tables")  # fmt: skip
    run(url, "load", "--jobs", "1", *samples(*names), codes=(0, 3))
    return url
