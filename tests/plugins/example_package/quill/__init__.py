"""Papers as lines of "title | abstract", a reader that counts pages, a page and a command."""

import re

import click

from catalog.domain.records import Extraction, PaperRecord, Problem, ResultRecord
from etl.extract.reader import Reader
from etl.formats import Format
from etl.plugins import Command, SitePage, hook

BEGINNING = b"# quill\n"
PAGES = re.compile(r"(\d+) pages")


def parse(stream, reading):
    for number, line in enumerate(stream, start=1):
        if line == BEGINNING or not line.strip():
            continue
        title, bar, abstract = line.decode("utf-8", "replace").replace("\0", "").partition("|")
        if bar and title.strip() and abstract.strip():
            yield PaperRecord(title=" ".join(title.split()), abstract=abstract.strip())
        else:
            why = "expected a title, | and an abstract"
            yield Problem(where=f"line {number}", why=why, raw=title[:200])


def pages_of(abstract):
    for found in PAGES.finditer(abstract):
        yield ResultRecord(
            metric="pages", value=float(found[1]), text=found[1], sentence=abstract,
            start=found.start(1), end=found.end(1), rule="quill",
        )  # fmt: skip


@hook
def register_formats():
    yield Format(
        name="quill", title="Lines of titles and abstracts", homepage="https://example.org/quill",
        licence="CC0-1.0", rank=40, parse=parse,
        recognises=lambda head: head.data.startswith(BEGINNING),
    )  # fmt: skip


@hook
def register_readers():
    yield Reader(
        name="pages", title="Numbers of pages", version=lambda _argument: "1",
        read=lambda texts, _argument: [Extraction(results=tuple(pages_of(a))) for a, _ in texts],
    )  # fmt: skip


@hook
def register_pages():
    yield SitePage("quill", r"^/quill$", longest_titles, menu="Quill", address="/quill")


@hook
def register_commands():
    yield Command("quill", "quill:command", "Count the papers with a long title.")


async def longest_titles(site):
    from catalog.reads.asking import column
    from catalog.site.routes import Page

    sql = "SELECT title FROM papers ORDER BY length(title) DESC LIMIT 10"
    return Page("quill.html", {"titles": await site.ask(column(sql, str))})


@click.command()
@click.pass_obj
def command(url):
    """Count the papers with a long title."""
    from sqlalchemy import text

    from catalog.database.engine import reading

    with reading(url) as engine, engine.connect() as connection:
        click.echo(connection.scalar(text("SELECT count(*) FROM papers WHERE length(title) > 40")))
