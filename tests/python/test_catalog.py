"""Tests of the catalog in Python: answers, tables, errors, and what its types say."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from catalog import Catalog, CatalogError
from catalog.commands.arguments import searchable
from catalog.database.engine import opened
from catalog.rows import Rows
from tests.site import content

ROOT = Path(__file__).parents[2]


@pytest.fixture
def c(url: str) -> Iterator[Catalog]:
    with opened(url) as engine, Session(engine) as session:
        content.fill(session)
        session.commit()
    with Catalog.open(url) as found:
        yield found


def test_a_search_is_a_sequence_of_papers(c: Catalog) -> None:
    found = c.search("classifier", size=3)
    assert len(found) == 3 < found.total
    assert [paper.key for paper in found] == [found[0].key, found[1].key, found[2].key]
    assert found[:2][1].key == found[1].key
    assert c.search("classifier", size=3, page=2)[0].key not in {paper.key for paper in found}


def test_a_paper_has_all_that_belongs_to_it(c: Catalog) -> None:
    paper = c.paper("arXiv:2503.00001v2")
    assert paper.key == "2503.00001"
    assert paper.published_on is None or isinstance(paper.published_on, dt.date)
    assert paper.results[0].metric == "mAP"
    assert paper.repository is not None
    with pytest.raises(CatalogError, match="cannot find the paper") as caught:
        c.paper("no such paper")
    assert caught.value.hint


def test_a_board_is_ranked(c: Catalog) -> None:
    board = c.board("ImageNet-1K", "accuracy", max_parameters=92)
    assert [entry.rank for entry in board] == sorted(entry.rank or 0 for entry in board)
    assert len(board) == 3
    assert {one.dataset for one in c.boards()} >= {"COCO", "ImageNet-1K"}
    with pytest.raises(CatalogError):
        c.board("COCO", "nothing")


def test_results_are_those_of_the_papers_found_and_of_the_dataset_named(c: Catalog) -> None:
    every = c.results()
    assert len(every) > len(c.results(limit=2)) == 2
    coco = c.results(where="dataset:COCO")
    assert {one.dataset for one in coco} == {"COCO"}
    assert 0 < len(coco) < len(every)
    papers = {paper.key for paper in c.search("code:yes", size=100)}
    assert {one.key for one in c.results("code:yes")} <= papers
    both = c.results('dataset:ImageNet-1K metric:accuracy "accuracy">80')
    assert {(one.dataset, one.metric) for one in both} == {("ImageNet-1K", "accuracy")}
    unknown = c.results("dataset:nothing")
    assert list(unknown) == []
    assert "no dataset" in unknown.remarks[0]


def test_a_digest_is_of_a_day_or_a_period(c: Catalog) -> None:
    keys = {item.key for item in c.digest("2025-03-11")}
    assert keys == {item.key for item in c.digest(dt.date(2025, 3, 11))}
    assert keys < {item.key for item in c.digest("2025-03")}
    assert c.digest().issue.day == dt.date(2025, 3, 12)
    with pytest.raises(CatalogError, match="cannot find a digest of 2020-01-01"):
        c.digest("2020-01-01")
    with pytest.raises(CatalogError, match="is not a day, week, month or year"):
        c.digest("soon")


def test_every_answer_is_a_table_of_the_same_columns(c: Catalog) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    polars = pytest.importorskip("polars", reason="polars is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    answers: list[Rows[Any]] = [
        *(c.search("classifier"), c.search("xyzzyx"), c.board("COCO", "mAP"), c.boards()),
        *(c.results(), c.results("dataset:nothing"), c.digest("2025-03"), c.model("Detector-L")),
    ]
    for rows in answers:
        arrow, frame = rows.to_arrow(), rows.to_pandas()
        assert arrow.num_rows == len(frame) == len(rows)
        assert arrow.column_names == list(frame.columns) == rows.columns
        polar = rows.to_polars()
        assert polar.to_dicts() == arrow.to_pylist()
        assert isinstance(polar, polars.DataFrame)
        assert isinstance(frame, pandas.DataFrame)
    assert c.search("classifier").to_arrow().schema == c.search("xyzzyx").to_arrow().schema
    headlines = c.search("detector").to_arrow()["headline"].to_pylist()
    assert any(told and "mAP" in told for told in headlines)
    days = c.digest("2025-03").to_pandas()["first_seen_on"]
    assert pandas.api.types.is_datetime64_any_dtype(days)
    assert c.results().to_pandas()["value"].dtype == "float64"
    assert c.search("xyzzyx").to_pandas().dtypes.equals(c.search("classifier").to_pandas().dtypes)


@pytest.mark.parametrize("name", ["pandas", "polars", "pyarrow"])
def test_a_library_that_is_missing_is_named(
    name: str, c: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    rows = c.boards()
    convert = {"pandas": rows.to_pandas, "polars": rows.to_polars, "pyarrow": rows.to_arrow}[name]
    with pytest.raises(CatalogError, match=f"cannot make a table of {name}") as caught:
        convert()
    assert caught.value.hint.endswith(f" install {name}")


def test_what_is_loaded_meanwhile_is_seen_and_nothing_can_be_written(c: Catalog, url: str) -> None:
    assert c.search("zyzzyva").total == 0
    with opened(url) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE papers SET title = 'Zyzzyva' WHERE key = '2503.00001'"))
    assert c.search("zyzzyva").total == 1
    with pytest.raises(DBAPIError), c._engine.begin() as connection:
        connection.execute(text("DELETE FROM papers"))


def test_a_catalog_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="there is no such file"):
        Catalog.open(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


def test_a_catalog_is_opened_by_name(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"Catalog\.open\("):
        Catalog("catalog.db")  # type: ignore[arg-type]


def test_it_closes_without_a_block(url: str) -> None:
    c = Catalog.open(url)
    assert c.search("anything").total == 0
    c.close()
    assert "***" not in repr(c) or "postgresql" in repr(c)


def test_importing_the_package_is_quick() -> None:
    program = "import catalog, sys; print([m for m in sys.modules if m.startswith('catalog.')], " \
        "'sqlalchemy' in sys.modules, 'msgspec' in sys.modules)"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "[] False False\n"


SCRIPT = """
from datetime import date
from catalog import Catalog, CatalogError

with Catalog.open("catalog.db") as c:
    for hit in c.search("diffusion code:yes", size=5):
        reveal_type(hit.key)
        reveal_type(hit.repository)
    reveal_type(c.paper("2503.12345").results[0].value)
    reveal_type(c.board("COCO", "box AP")[0].compared)
    reveal_type([one.sentence for one in c.results(where="dataset:COCO")])
    reveal_type(c.digest("2026-02-27")[0].upvotes)
    reveal_type(c.digest(date(2026, 2, 27)).issue.title)
    reveal_type(c.boards().columns)
    c.search(7)
    c.board("COCO")
    c.paper("x").titel
"""

QUICKLY = """
[mypy]
follow_imports = silent
[mypy-sqlalchemy.*,alembic.*,polars.*,pandas.*,pyarrow.*]
follow_imports = skip
"""
"""Leaves out what no answer is made of, which takes half a minute to read."""

TOLD = [
    "str", "catalog.reads.code.Repository | None", "float | None", "float | None",
    "list[str | None]", "int | None", "str", "list[str]",
]  # fmt: skip


def test_a_users_script_is_type_checked(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="mypy is not installed")
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "mypy.ini").write_text(QUICKLY)
    command = [sys.executable, "-m", "mypy", "--strict", "script.py"]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    told = [line.split('Revealed type is "')[1].rstrip('"') for line in lines if "Revealed" in line]
    assert [one.replace("builtins.", "").replace("None | ", "") for one in told] == TOLD, (
        done.stdout
    )
    errors = [line.rpartition("[")[2].rstrip("]") for line in lines if ": error:" in line]
    assert errors == ["arg-type", "call-arg", "attr-defined"], done.stdout


@pytest.mark.parametrize("read", ["search", "results", "numbers"])
def test_a_filter_that_cannot_be_is_refused_in_the_words_of_the_terminal(
    c: Catalog, read: str
) -> None:
    with pytest.raises(click.UsageError) as terminal:
        searchable("classifier code:maybe")
    with pytest.raises(CatalogError) as caught:
        getattr(c, read)("classifier code:maybe")
    assert caught.value.why == terminal.value.message


@pytest.mark.parametrize(
    ("read", "number"),
    [("results", {"limit": -1}), ("search", {"page": 0}), ("search", {"size": 0})],
)
def test_numbers_below_the_least_are_refused(c: Catalog, read: str, number: dict[str, int]) -> None:
    with pytest.raises(CatalogError, match=f"cannot use {next(iter(number))}="):
        getattr(c, read)("classifier", **number)


def test_a_closed_catalog_answers_nothing(url: str, c: Catalog) -> None:
    with Catalog.open(url) as closed:
        assert closed.search("classifier")
    with pytest.raises(CatalogError, match="it was closed"):
        closed.search("classifier")
    assert c.search("classifier")
