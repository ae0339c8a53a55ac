"""Tests of tables as CSV, JSON lines and parquet, and of their description."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from catalog.database.engine import opened, snapshot
from catalog.models import Base
from catalog.models.descriptions import VIEWS
from catalog.reads.whole_tables import PRIVATE, is_of_papers, whole_tables
from tests.exports.conftest import Run

PUBLIC = sorted({*Base.metadata.tables, *VIEWS} - PRIVATE)


def cells(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def as_cell(value: Any) -> str:
    """A value of JSON as CSV writes it."""
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, bool | int | float) else str(value)


def test_every_public_table_and_view_is_written_the_same_in_each_form(
    sampled: str, run: Run, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    told = run(sampled, "export", "csv", tmp_path / "csv")
    assert "Left out your own tables: corrections, " in told.stderr
    for form in ("jsonl", "parquet"):
        run(sampled, "export", form, tmp_path / form)
    for name in PUBLIC:
        rows = lines(tmp_path / "jsonl" / f"{name}.jsonl")
        # A table's values that are neither true, false nor numbers are text in CSV as well.
        texts = cells(tmp_path / "csv" / f"{name}.csv")
        assert len(texts) == len(rows)
        for row, cell in zip(rows, texts, strict=True):
            for key, value in row.items():
                assert as_cell(value) in {cell[key], cell[key].removeprefix("'")}, (name, key)
        held = parquet.read_table(tmp_path / "parquet" / f"{name}.parquet").to_pylist()
        assert json.loads(json.dumps(held, default=instant)) == rows, name
    assert len(lines(tmp_path / "jsonl" / "papers.jsonl")) > 20
    names = sorted(file.name for file in (tmp_path / "csv").iterdir())
    assert names == sorted([*(f"{name}.csv" for name in PUBLIC), "datapackage.json"])


def instant(value: Any) -> str:
    return value.isoformat().replace("+00:00", "Z")


def test_views_have_the_same_types_on_every_database(url: str, sqlite_url: str) -> None:
    for one in (url, sqlite_url):
        with opened(one) as engine, snapshot(engine) as connection:
            known = whole_tables(connection)
        found = {
            (name, column.name): column.kind for name in VIEWS for column in known[name].columns
        }
        assert found["v_papers", "stars"] == found["v_results", "paper_id"] == "integer"
        assert found["v_papers", "has_code"] == found["v_marks", "starred"] == "boolean"
        assert found["v_marks", "starred_at"] == found["v_digest", "observed_at"] == "datetime"
        assert found["v_digest", "day"] == "date"
        with opened(url) as engine:
            real = {
                (name, column["name"]): column["type"].python_type
                for name in VIEWS
                for column in inspect(engine).get_columns(name)
                if engine.dialect.name == "postgresql"
            }
        kinds = {int: "integer", float: "number", bool: "boolean", str: "string"}
        wrong = {key for key, kind in real.items() if kinds.get(kind, found[key]) != found[key]}
        assert wrong == set()


def test_the_same_catalog_gives_the_same_bytes(sampled: str, run: Run, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    for form in ("csv", "parquet"):
        folders = [tmp_path / f"{form}-{number}" for number in (1, 2)]
        for folder in folders:
            run(sampled, "export", form, folder)
        files = [{f.name: f.read_bytes() for f in folder.iterdir()} for folder in folders]
        assert files[0] == files[1]


def test_the_description_is_a_valid_data_package(sampled: str, run: Run, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="frictionless is not installed")
    run(sampled, "export", "csv", tmp_path / "tables")
    package = frictionless.Package(str(tmp_path / "tables" / "datapackage.json"))
    assert {resource.name for resource in package.resources} == set(PUBLIC)
    wanted = ["papers", "authorships", "authors", "identifiers", "digests", "digest_entries"]
    for name in [one.name for one in package.resources if one.name not in wanted]:
        package.remove_resource(name)  # the others take seconds
    report = package.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])
    papers = package.get_resource("papers").schema
    assert papers.primary_key == ["id"]
    assert "Title as plain Unicode" in papers.get_field("title").description


def test_a_changed_file_does_not_fit_its_description(
    sampled: str, run: Run, tmp_path: Path
) -> None:
    frictionless = pytest.importorskip("frictionless", reason="frictionless is not installed")
    run(sampled, "export", "csv", tmp_path / "tables", "--table", "digests", "--table", "papers")
    with (tmp_path / "tables" / "digests.csv").open("a") as stream:
        stream.write("no number,hf-daily,2025-13-01\n")
    report = frictionless.Package(str(tmp_path / "tables" / "datapackage.json")).validate()
    assert {"hash-count", "type-error"} & {one[0] for one in report.flatten(["type"])}


def test_an_excerpt_has_what_belongs_to_its_papers_and_no_more(
    sampled: str, run: Run, tmp_path: Path
) -> None:
    run(sampled, "export", "jsonl", tmp_path / "all")
    run(sampled, "export", "jsonl", tmp_path / "some", "--where", "results:yes code:yes")
    rows = {file.stem: lines(file) for file in (tmp_path / "some").glob("*.jsonl")}
    every = {file.stem: lines(file) for file in (tmp_path / "all").glob("*.jsonl")}
    assert 0 < len(rows["papers"]) < len(every["papers"])
    assert all(row["has_code"] and row["has_results"] for row in rows["papers"])
    papers = {row["id"] for row in rows["papers"]}
    assert {row["paper_id"] for row in rows["v_results"]} == papers
    wanted = {row["author_id"] for row in every["authorships"] if row["paper_id"] in papers}
    assert {row["id"] for row in rows["authors"]} == wanted
    metrics = {row["id"] for row in rows["metrics"]}
    assert {row["metric_id"] for row in rows["metric_aliases"]} <= metrics
    assert "runs" not in rows
    assert rows.keys() <= every.keys()


def test_every_reference_of_an_excerpt_is_in_it(sampled: str, run: Run, tmp_path: Path) -> None:
    run(sampled, "export", "jsonl", tmp_path / "some", "--where", "results:yes code:yes")
    package = json.loads((tmp_path / "some" / "datapackage.json").read_text())
    rows = {one["name"]: lines(tmp_path / "some" / one["path"]) for one in package["resources"]}
    for one in package["resources"]:
        for key in one["schema"].get("foreignKeys", ()):
            target = key["reference"]["resource"] or one["name"]
            known = {row[key["reference"]["fields"][0]] for row in rows[target]}
            used = {row[key["fields"][0]] for row in rows[one["name"]]} - {None}
            assert used <= known, (one["name"], key)


def test_one_table_goes_to_a_file_or_to_standard_output(
    sampled: str, run: Run, tmp_path: Path
) -> None:
    run(sampled, "export", "csv", tmp_path / "papers.csv", "--table", "v_papers")
    told = run(sampled, "export", "csv", "--table", "v_papers").stdout
    assert told == (tmp_path / "papers.csv").read_text()
    assert told.startswith("paper_id,paper_key,title,")


def test_text_that_a_spreadsheet_would_run_is_harmless_in_csv_and_exact_elsewhere(
    sqlite_url: str, run: Run, tmp_path: Path
) -> None:
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO papers (id, key, label, title, has_code, has_results, withdrawn)"
                " VALUES (1, '=key', '=1+1', '=1+1', false, false, false)"
            )
        )
    engine.dispose()
    (row,) = csv.DictReader(run(sqlite_url, "export", "csv", "-t", "papers").stdout.splitlines())
    assert (row["title"], row["key"]) == ("'=1+1", "=key")
    assert json.loads(run(sqlite_url, "export", "jsonl", "-t", "papers").stdout)["title"] == "=1+1"


def test_tables_of_no_paper_cannot_be_narrowed(sampled: str, run: Run, tmp_path: Path) -> None:
    told = run(sampled, "export", "csv", "-t", "runs", "--where", "code:yes", codes=(1,))
    assert "its rows do not belong to papers" in told.stderr
    with opened(sampled) as engine, snapshot(engine) as connection:
        known = whole_tables(connection)
    of_papers = {name for name, table in known.items() if is_of_papers(table)}
    with_paper = {name for name, table in Base.metadata.tables.items() if "paper_id" in table.c}
    assert {*with_paper, *VIEWS, "papers", "authors", "metrics", "documents"} <= of_papers
    assert not of_papers & {"runs", "watermarks", "received", "deliveries", "repository_stars"}
