"""Tests of `load --no-extract`, and of `reextract` after it."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from catalog.database.engine import opened
from etl.cli import main
from tests.conftest import Fresh
from tests.robust.programs import page
from tests.snapshot import snapshot


def call(url: str, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--db", url, *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def content(url: str) -> dict[str, object]:
    with opened(url) as engine:
        return dict(snapshot(engine))


def test_unread_abstracts_are_counted_and_read_later(fresh: Fresh, tmp_path: Path):
    url, document = fresh("unread"), tmp_path / "page.txt"
    document.write_text(page("Nets", "Trees"))
    call(url, "load", str(document), "--no-extract")
    assert content(url)["results"] == []
    unread = "SELECT count(*) AS n FROM papers WHERE extractor_version IS NULL"
    assert json.loads(call(url, "query", unread, "--json").stdout) == [{"n": 2}]
    assert (
        "2 abstracts not read yet; read them with: catalog reextract" in call(url, "status").stdout
    )
    call(url, "db", "check")

    call(url, "reextract")
    assert "not read yet" not in call(url, "status").stdout
    whole = fresh("whole")
    call(whole, "load", str(document))
    assert content(url) == content(whole)
    assert content(whole)["results"]
