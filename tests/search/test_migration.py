"""Tests that schema 0013 fills what search needs, and that its downgrade works."""

from alembic import command
from sqlalchemy import Connection, text

from catalog.database.engine import opened
from catalog.database.schema_upgrade import alembic_config
from catalog.domain.search_words import name_key, search_words
from tests.search.invented_papers import PAPERS

PAPER = """INSERT INTO papers (id, key, label, title, abstract, has_code, has_results)
    VALUES (:id, :key, :title, :title, :abstract, :no, :no)"""
AUTHOR = "INSERT INTO authors (id, name) VALUES (:id, :name)"
NAMES = sorted({name for _, _, names in PAPERS.values() for name in names})

FINDS = {
    "sqlite": "SELECT count(*) FROM papers_fts WHERE papers_fts MATCH 'diffusion'",
    "postgresql": "SELECT count(*) FROM papers WHERE to_tsvector('english', left("
    "coalesce(title, '') || ' ' || coalesce(abstract, ''), 100000)) @@ to_tsquery('diffusion')",
}


def write(connection: Connection) -> None:
    for number, (key, (title, abstract, _)) in enumerate(PAPERS.items(), start=1):
        values = {"id": number, "key": key, "title": title, "abstract": abstract, "no": False}
        connection.execute(text(PAPER), values)
    for number, name in enumerate(NAMES, start=1):
        connection.execute(text(AUTHOR), {"id": number, "name": name})


def test_the_step_fills_words_and_keys_and_leads_back(empty_url: str) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0012")
    with opened(empty_url) as engine, engine.begin() as connection:
        write(connection)
    command.upgrade(config, "0013")
    with opened(empty_url) as engine, engine.begin() as connection:
        for key, words in connection.execute(text("SELECT key, search_words FROM papers")):
            assert words == search_words(*PAPERS[key][:2])
        for name, key in connection.execute(text("SELECT name, key FROM authors")):
            assert key == name_key(name)
    command.downgrade(config, "0012")
    with opened(empty_url) as engine, engine.begin() as connection:
        assert connection.scalar(text(FINDS[engine.dialect.name])) == 2
        connection.execute(text("DELETE FROM papers WHERE id = 1"))
        assert connection.scalar(text(FINDS[engine.dialect.name])) == 1
