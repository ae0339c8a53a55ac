"""Fixtures that run the command as a user does, on an invented page."""

import pytest
from click.testing import CliRunner, Result

from etl.cli import main
from tests import postgres_databases
from tests.cli.pages import PAGE


@pytest.fixture
def local(tmp_path, monkeypatch):
    """Run `catalog ARGS` in a folder of its own, on a file that is not there yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CATALOG_URL", raising=False)

    def run(*args: str, stdin: str | None = None, code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(args), input=stdin, catch_exceptions=False)
        assert result.exit_code == code, result.stdout + result.stderr
        return result

    return run


@pytest.fixture(params=["sqlite", postgres_databases.POSTGRES])
def catalog(request, local, monkeypatch):
    """The same on every database."""
    if request.param == "postgres":
        monkeypatch.setenv("CATALOG_URL", postgres_databases.fresh())
    return local


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "page.txt"
    file.write_text(PAGE)
    return file
