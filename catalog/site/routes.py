"""Route addresses to pages, which are functions that return data.

The same data fill a template and answer as JSON; a page may have further formats.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar
from urllib.parse import unquote

from datasette.utils.asgi import Response
from datasette.views.base import DatasetteError
from msgspec import Struct, structs

from catalog.publish.json_text import json_text
from catalog.reads.asking import Read
from catalog.reads.drivers import run_async
from catalog.site.datasette_internals.plugin_api import DATABASE, Datasette, Request, check_may_view

T = TypeVar("T")

Writer: TypeAlias = Callable[[], str | Awaitable[str]]
"""Writes a page in another format; may ask the catalog for what only that format needs."""


class Site:
    """The catalog as one request sees it."""

    def __init__(self, datasette: Datasette, request: Request) -> None:
        self.datasette = datasette
        self.request = request
        self.database = datasette.get_database(DATABASE)

    async def ask(self, read: Read[T]) -> T:
        """Run a read over the catalog."""
        return await run_async(self.database, read)

    def argument(self, name: str, default: str = "") -> str:
        """Return an argument of the address."""
        return str(self.request.args.get(name) or default).strip()

    def page_number(self) -> int:
        """Return the requested page of a long list, from 1; invalid values mean 1."""
        asked = self.argument("page", "1")
        return max(1, min(int(asked), 10_000)) if asked.isascii() and asked.isdigit() else 1

    def absolute(self, path: str) -> str:
        """Return an address with scheme and host, for feeds and the like."""
        return str(self.datasette.absolute_url(self.request, self.datasette.urls.path(path)))


@dataclass
class Page:
    """The data of a page, and its template."""

    template: str
    data: Any
    """What the page shows, and the whole of its JSON."""
    formats: Mapping[str, tuple[str, Writer]] = field(default_factory=dict)
    """Extension -> content type and writer, besides JSON."""
    extra: Mapping[str, Any] | Callable[[], Awaitable[Mapping[str, Any]]] = field(
        default_factory=dict
    )
    """What only the template needs: charts, calendars; or a function that finds it."""
    status: int = 200


@dataclass
class Elsewhere:
    """A redirect to the address of the requested thing."""

    path: str
    is_same_page: bool = False
    """Whether the format and the arguments that were asked for go with it."""

    def address(self, extension: str, query: str) -> str:
        """Return the path to redirect to.

        >>> Elsewhere("/paper/2503.00001", is_same_page=True).address("json", "a=1")
        '/paper/2503.00001.json?a=1'
        """
        if not self.is_same_page:
            return self.path
        ending = f".{extension}" if extension else ""
        return f"{self.path}{ending}?{query}" if query else self.path + ending


Handler: TypeAlias = Callable[..., Awaitable[Page | Elsewhere]]


class MissingError(Exception):
    """Something that the catalog does not have; `search` is a search to offer instead."""

    def __init__(self, message: str, *, search: str = "") -> None:
        super().__init__(message)
        self.search = search


def as_view(handler: Handler, formats: Sequence[str] = ("json",)) -> Callable[..., Any]:
    """Convert a page function to a view of Datasette; the last group may end in a format."""

    async def view(request: Request, datasette: Datasette) -> Any:
        if request.method not in {"GET", "HEAD"}:
            return Response.text("Method not allowed", status=405, headers={"Allow": "GET, HEAD"})
        await check_may_view(datasette, request.actor)
        site = Site(datasette, request)
        names, extension = _arguments(request, formats)
        try:
            found = await handler(site, **names)
        except MissingError as missing:
            # Not its NotFound: Datasette redirects what has a percent sign to a path of its own.
            raise DatasetteError(str(missing), status=404) from missing
        if isinstance(found, Elsewhere):
            address = found.address(extension, request.query_string)
            return Response.redirect(datasette.urls.path(address))
        return await answer(site, found, extension)

    return view


async def answer(site: Site, page: Page, extension: str) -> Any:
    """Write a page in the format that the address asks for."""
    headers = {"Cache-Control": f"max-age={site.datasette.setting('default_cache_ttl')}"}
    if extension == "json":
        body, kind = json_text(page.data), "application/json; charset=utf-8"
        return Response(body, page.status, headers, content_type=kind)
    if extension:
        if extension not in page.formats:
            raise DatasetteError(f"This page has no form .{extension}.", status=404)
        content_type, write = page.formats[extension]
        written = write()
        text = written if isinstance(written, str) else await written
        return Response(text, page.status, headers, content_type=content_type)
    alternates = {kind: type_ for kind, (type_, _) in page.formats.items()}
    data = structs.asdict(page.data) if isinstance(page.data, Struct) else page.data
    extra = page.extra if isinstance(page.extra, Mapping) else await page.extra()
    context = {**data, **extra, "alternates": alternates, "site": site}
    html = await site.datasette.render_template(
        page.template, context, request=site.request, view_name="catalog"
    )
    return Response.html(html, page.status, headers)


def _arguments(request: Request, formats: Sequence[str]) -> tuple[dict[str, str], str]:
    """Split an address into its parts; the last may carry a format."""
    names = {name: unquote(value) for name, value in request.url_vars.items() if value is not None}
    extension = names.pop("format", "")
    if extension:
        return names, extension
    if names:
        last = list(names)[-1]
        stem, dot, ending = names[last].rpartition(".")
        if dot and ending in formats:
            names[last], extension = stem, ending
    return names, extension
