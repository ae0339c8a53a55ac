"""The web site: Datasette with pages made for papers.

This package is a Datasette plugin: the names below are the hooks that it implements, and Datasette
finds its `templates` and `static` folders by itself.
"""

from catalog.site.datasette_internals import late_units

late_units.put_off()  # before anything imports Datasette

from catalog.site.hooks import (  # noqa: E402
    asgi_wrapper,
    extra_template_vars,
    filters_from_request,
    handle_exception,
    prepare_connection,
    prepare_jinja2_environment,
    register_facet_classes,
    register_output_renderer,
    register_routes,
    render_cell,
    startup,
)

__all__ = [
    "asgi_wrapper",
    "extra_template_vars",
    "filters_from_request",
    "handle_exception",
    "prepare_connection",
    "prepare_jinja2_environment",
    "register_facet_classes",
    "register_output_renderer",
    "register_routes",
    "render_cell",
    "startup",
]
