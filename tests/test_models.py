"""Tests of the conventions of models."""

import re
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint, create_mock_engine

from catalog.models import Base

TABLES = Base.metadata.sorted_tables
COLUMNS = [column for table in TABLES for column in table.columns]


@pytest.mark.parametrize("item", [*TABLES, *COLUMNS], ids=str)
def test_everything_has_a_comment(item):
    assert item.comment


MAPPERS = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
FOREIGN_KEYS = sorted(
    (key for table in TABLES for key in table.foreign_key_constraints),
    key=lambda key: str(key.name),
)


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda mapper: mapper.class_.__name__)
def test_a_table_comment_is_the_first_line_of_the_docstring(mapper):
    assert mapper.class_.__doc__.splitlines()[0] == mapper.local_table.comment


@pytest.mark.parametrize("key", FOREIGN_KEYS, ids=lambda key: key.name)
def test_every_foreign_key_says_what_deletion_does_and_is_indexed(key):
    assert key.ondelete
    names = [column.name for column in key.columns]
    unique = [c for c in key.table.constraints if isinstance(c, UniqueConstraint)]
    leading = [
        list(key.table.primary_key.columns.keys()),
        *(i.columns.keys() for i in (*key.table.indexes, *unique)),
    ]
    assert any(columns[: len(names)] == names for columns in leading)


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_constraint_has_a_name_that_fits_postgresql(table):
    for item in (*table.constraints, *table.indexes):
        assert item.name
        assert len(item.name) <= 63


def test_a_misspelt_table_attribute_is_refused():
    with pytest.raises(TypeError, match="no table attribute"):
        type("Wrong", (Base,), {"__tablename__": "wrong", "__tableargs__": ()})


def test_tables_are_addressed_in_one_way():
    """By `catalog.models.table`; what goes through all tables asks the metadata."""
    root = Path(__file__).parents[1]
    files = [file for package in ("catalog", "etl") for file in (root / package).rglob("*.py")]
    others = {
        str(file.relative_to(root))
        for file in files
        if re.search(r"metadata\.tables\b|\bmax\(\w+\.c\.id\)\) or 0\) \+ 1", file.read_text())
    }
    assert others <= {
        "catalog/models/__init__.py",
        "catalog/database/bulk_insert.py",
    }


def test_partial_indexes_are_partial_on_postgresql():
    made: list[str] = []
    engine = create_mock_engine(
        "postgresql+psycopg://", lambda ddl, *_, **__: made.append(shown(ddl))
    )

    def shown(ddl) -> str:
        return str(ddl.compile(dialect=engine.dialect))

    Base.metadata.create_all(engine, checkfirst=False)
    indexes = [index for table in TABLES for index in table.indexes]
    rows = {str(index.dialect_options["sqlite"]["where"]) for index in indexes} - {"None"}
    partial = [one.partition(" WHERE ")[2] for one in made if "INDEX" in one and " WHERE " in one]
    assert "title_hash IS NOT NULL" in partial
    assert set(partial) == rows
