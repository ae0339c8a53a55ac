"""Datasette's hooks: each function implements the hook of its name."""

import shlex
import sqlite3
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, pass_context

from catalog.database.full_text_limits import IS_OURS, asks_index, refuse_costly
from catalog.database.query_limits import limit, within
from catalog.database.readonly import is_refusal, refusal
from catalog.domain import formatting
from catalog.domain.search_edits import phrase, with_filter, without_filter
from catalog.models.descriptions import notes
from catalog.plugins import pages, template_folders
from catalog.reads.beside_paper import BesidePaper, beside
from catalog.reads.cards import Card, cards
from catalog.reads.named_queries import QUERIES
from catalog.reads.paper import Paper
from catalog.site import error_pages, highlight, number_groups, security
from catalog.site.admission import admitted
from catalog.site.config import LARGE, PLUGIN
from catalog.site.datasette_internals import facets, plugin_api, table_cells, table_pages
from catalog.site.datasette_internals.answer_cache import (
    SLOW,
    SLOW_OF_MANY,
    Counts,
    SlowAnswers,
    counted_ago,
    watched,
)
from catalog.site.datasette_internals.combined_counts import CrossedCounts
from catalog.site.datasette_internals.plugin_api import DATABASE, Datasette, Request, hook
from catalog.site.datasette_internals.query_rewriting import rewritten
from catalog.site.edit_mode import editing, mode_of
from catalog.site.kept_reads import KeptReads
from catalog.site.pages.about_page import robots
from catalog.site.pages.paper_page import by_id
from catalog.site.pages.search_page import facet_words
from catalog.site.query_feed import renderer
from catalog.site.routes import Site, as_view
from catalog.site.sparkline import sparkline
from catalog.site.whole_answers import ADDRESS, whole

STATIC = Path(__file__).with_name("static")
FILTERS = {
    "amount": formatting.amount,
    "number": formatting.number,
    "count": formatting.count,
    "plural": formatting.plural,
    "day": formatting.day,
    "weekday": formatting.weekday,
    "month": formatting.month,
    "outside": formatting.outside,
    "digest_name": formatting.digest_name,
    "file_name": formatting.file_name,
    "origin_label": formatting.origin_label,
    "origin": highlight.origin_label,
    "certainty": highlight.sure,
    "shell_quoted": shlex.quote,
    "sparkline": sparkline,
    "marked_sentence": highlight.marked_sentence,
}


@hook
def startup(datasette: Datasette) -> None:
    """Put a cache of slow answers in front of the catalog."""
    error_pages.quieten()
    plugin_api.keep_time(within)
    database = datasette.databases.get(DATABASE)
    if database is not None and database.path:
        slow = SLOW_OF_MANY if is_large(datasette) else SLOW
        answers = SlowAnswers(Path(database.path), quicker(database), slow=slow)
        database.slow_answers = answers
        database.execute = CrossedCounts(answers.execute).execute
        database.kept_reads = kept = KeptReads(database)
        if (mode := mode_of(datasette)) is not None:
            mode.changed = partial(forget, answers, kept)
        database.table_counts = Counts(database, datasette.setting("facet_time_limit_ms"))


def forget(answers: SlowAnswers, kept: KeptReads) -> None:
    """Drop what is kept and would hide an owner's change."""
    answers.forget_quick()
    kept.forget()


@hook
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Limit every connection."""
    limit(conn)


@hook
def asgi_wrapper(datasette: Datasette) -> Callable[[security.App], security.App]:
    """Admit requests, and send the security headers with every answer."""

    def allowed_hosts() -> frozenset[str]:
        configured = datasette.plugin_config(PLUGIN) or {}
        return frozenset(configured.get("allowed_hosts", ()))

    return lambda app: security.under(
        datasette.setting("base_url"),
        security.secured(admitted(editing(watched(app), mode_of(datasette)), allowed_hosts)),
    )


@hook
def prepare_jinja2_environment(env: Any, datasette: Datasette) -> None:
    """Add our filters and functions to the templates."""
    env.loader = ChoiceLoader([env.loader, FileSystemLoader(template_folders())])
    env.filters.update(FILTERS)
    env.globals.update(path=formatting.path, marked=highlight.marked, reading=highlight.reading)
    env.globals.update(by_sentence=number_groups.by_sentence, by_dataset=number_groups.by_dataset)
    env.globals.update(origins=number_groups.origins)
    env.globals.update(marked_numbers=highlight.marked_numbers, look=highlight.look)
    env.globals.update(claim=highlight.claim)
    env.globals.update(address=formatting.address, facet_words=facet_words)
    env.globals.update(phrase=phrase, with_filter=with_filter, without_filter=without_filter)
    env.globals.update(release=plugin_api, in_common=pass_context(plugin_api.in_common))
    env.globals["asset"] = lambda name: datasette.urls.path(asset(name))


@hook
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Any]:
    """Give every template the variables of the page's layout."""

    async def paper_data(paper_id: int) -> Paper:
        return await by_id(Site(datasette, request), paper_id)

    async def beside_paper(paper: Paper) -> BesidePaper:
        return await Site(datasette, request).ask(beside(paper))

    async def paper_cards(ids: list[int]) -> dict[int, Card]:
        found = await Site(datasette, request).ask(cards(ids))
        return {card.id: card for card in found}

    return {
        "edit": edit_state(datasette, request),
        "nonce": request.scope.get(security.NONCE, "") if request else "",
        "paper_data": paper_data,
        "beside_paper": beside_paper,
        "paper_cards": paper_cards,
        "plugin_menu": [(page.address, page.menu) for page in pages().values() if page.menu],
        "named_queries": QUERIES,
        "counted_ago": counted_ago,
        "table_notes": notes(),
        "catalog_tables": table_pages,
        "offered_facets": facets.offered,
        "paper_sorts": partial(table_pages.sorts_of_papers, is_large=is_large(datasette)),
    }


@hook
def register_routes() -> list[tuple[str, Any]]:
    """Add the pages of all plugins; they come before Datasette's own."""
    found = [(page.pattern, as_view(page.show, page.formats)) for page in pages().values()]
    return [*found, (r"^/robots\.txt$", robots), (ADDRESS, whole)]


@hook
def register_facet_classes() -> list[type]:
    """Add facets that lead through other tables."""
    return [facets.ThroughFacet]


@hook
def filters_from_request(datasette: Datasette, request: Request, database: str, table: str) -> Any:
    """Add the filters of these facets."""
    return facets.filters(datasette, request, table) if database == DATABASE else None


@hook
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str) -> Any:
    """Format cells of the catalog for people."""
    return table_cells.render(value, column, table, row) if database == DATABASE else None


@hook
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:
    """Show errors in our layout."""
    return error_pages.error_page(datasette, request, exception)


@hook
def register_output_renderer() -> dict[str, Any]:
    """Add Atom to the formats of canned queries."""
    return renderer()


def is_large(datasette: Datasette) -> bool:
    """Return true if the catalog can be sorted only as an index orders it."""
    database = datasette.databases.get(DATABASE)
    return bool(database and database.path) and Path(database.path).stat().st_size >= LARGE


def edit_state(datasette: Datasette, request: Request | None) -> dict[str, str | None] | None:
    """Return the token for writing, null for who has to log in; None where nobody can write."""
    mode = mode_of(datasette)
    return None if mode is None or request is None else {"token": mode.token(request.scope)}


def quicker(database: Any) -> Callable[..., Any]:
    """Rewrite slow queries before they run, and say in words what is refused."""
    execute = database.execute

    async def run(sql: str, params: Any = None, *arguments: Any, **options: Any) -> Any:
        try:
            if asks_index(sql) and not IS_OURS.get():
                await database.execute_fn(lambda opened: refuse_costly(opened, sql, params))
            return await execute(rewritten(sql), params, *arguments, **options)
        except sqlite3.DatabaseError as error:
            if is_refusal(str(error)):
                raise type(error)(refusal(str(error))) from error
            raise

    return run


def asset(name: str) -> str:
    """Return the address of a static file with its hash, so that browsers may cache it."""
    digest = HASHES.get(name)
    if digest is None:
        digest = HASHES[name] = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/-/static-plugins/catalog.site/{name}?{digest}"


HASHES: dict[str, str] = {}
