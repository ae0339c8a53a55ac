"""`load --no-extract`: abstracts are left unread, that is said, and `reextract` reads them."""

import json
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from catalog.database import opened
from etl.cli import main
from tests.robust.programs import page
from tests.snapshot import snapshot


def call(file: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--db", str(file), *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def content(file: Path) -> dict[str, object]:
    with opened(f"sqlite:///{file}") as engine:
        return dict(snapshot(engine))


def test_unread_abstracts_are_counted_and_read_later(catalog_file: Path, migrated: Path):
    document = catalog_file.with_name("page.txt")
    document.write_text(page("Nets", "Trees"))
    call(catalog_file, "load", str(document), "--no-extract")
    assert content(catalog_file)["results"] == []
    unread = "SELECT count(*) AS n FROM papers WHERE extractor_version IS NULL"
    assert json.loads(call(catalog_file, "query", unread, "--json").stdout) == [{"n": 2}]
    assert "2 abstracts were not read yet: catalog reextract" in call(catalog_file, "status").stdout
    call(catalog_file, "db", "check")

    call(catalog_file, "reextract")
    assert "not read yet" not in call(catalog_file, "status").stdout
    whole = Path(shutil.copyfile(migrated, catalog_file.with_name("whole.db")))
    call(whole, "load", str(document))
    assert content(catalog_file) == content(whole)
    assert content(whole)["results"]
