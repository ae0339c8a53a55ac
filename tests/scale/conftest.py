"""Fixtures that run the command on the databases that a test needs."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from etl.cli import main

PAGE = (Path(__file__).resolve().parents[2] / "catalog" / "sample" / "2025-03-11.txt").read_text()


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    """Run `catalog --db URL ARGS` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CATALOG_URL", raising=False)

    def run(url: str, *args: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, ["--db", url, *args], catch_exceptions=False)
        assert result.exit_code == code, result.stdout + result.stderr
        return result

    return run


@pytest.fixture
def page(tmp_path):
    """A digest page of invented sentences."""
    file = tmp_path / "2025-03-11.txt"
    file.write_text(PAGE)
    return file
