"""Configure Datasette for the catalog: settings, descriptions, facets, labels, queries."""

from typing import Any

from catalog.database.query_limits import PRIVATE
from catalog.models import Base
from catalog.models.descriptions import VIEWS
from catalog.reads.named_queries import QUERIES, Query
from catalog.site.datasette_internals.plugin_api import DATABASE

PLUGIN = "catalog.site"
"""Name of our plugin, under which Datasette's configuration may give `allowed_hosts`."""

SETTINGS: dict[str, Any] = {
    "default_page_size": 50,
    "max_returned_rows": 2000,
    "suggest_facets": False,  # it scans every column on every page
    "facet_time_limit_ms": 2500,
    "sql_time_limit_ms": 3000,  # a facet's limit above this one is ignored (datasette issue 1780)
    "default_facet_size": 12,
    "truncate_cells_html": 300,
    "default_cache_ttl": 5,  # a load shows at once; raise it behind a proxy
    "allow_download": False,
    "max_csv_mb": 0,  # a limit would cut the answer short and still say 200
}

TABLES: dict[str, dict[str, Any]] = {
    "papers": {
        "label_column": "label",
        "sort_desc": "first_seen_on",
        "sortable_columns": ["id", "first_seen_on", "year"],
        "size": 25,
        "fts_table": "papers_fts",
        "fts_pk": "id",
        "facets": ["year", {"through": "category"}, "has_code", "has_results"],
    },
    "results": {
        "sort_desc": "id",
        "sortable_columns": ["id", "value", "confidence"],
        "size": 25,
        "facets": ["metric_id", "dataset_id", "kind", "role", "origin", "unit"],
    },
    "repositories": {
        "label_column": "full_name",
        "sort_desc": "stars",
        "sortable_columns": ["id", "stars", "owner"],
        "size": 25,
        "facets": ["owner", "language", "licence", "state"],
    },
    "datasets": {"label_column": "name"},
    "metrics": {"label_column": "name", "facets": ["family", "higher_is_better"]},
    "digests": {"label_column": "day", "sort_desc": "day", "facets": ["source"]},
    "links": {"label_column": "url", "facets": ["kind", "found_in"]},
    "identifiers": {"facets": ["scheme"]},
    "documents": {"label_column": "name", "facets": ["format", "state"]},
    "runs": {"label_column": "started_at", "sort_desc": "started_at"},
    "problems": {"facets": ["document_id"]},
    "tasks": {"label_column": "name"},
    "categories": {"label_column": "code"},
    "authors": {"label_column": "name"},
    "frameworks": {"label_column": "name"},
    "marks": {"label_column": "label", "sort_desc": "changed_at"},
    "mark_tags": {"facets": ["tag"]},
    "mark_names": {"hidden": True},
    "authorships": {"hidden": True},
    "paper_categories": {"hidden": True},
    "paper_tasks": {"hidden": True},
    "paper_sources": {"hidden": True},
    "received": {"hidden": True},
    "watermarks": {"hidden": True},
    "scheduled_sources": {"hidden": True},
    **{name: {"hidden": True, "allow": False} for name in PRIVATE},
    "alembic_version": {"hidden": True},
    "sqlite_stat1": {"hidden": True},
    "sqlite_stat4": {"hidden": True},
}
"""Settings of single tables; descriptions are not here, they come from the models."""


LARGE = 1_000_000_000
"""Bytes from which on a view can be sorted only as an index orders it: all else takes seconds."""

INDEXED = {
    "v_papers": ["paper_id", "paper_key", "first_seen_on", "year", "month", "arxiv_id", "stars"],
    "v_results": ["result_id", "first_seen_on", "kind", "confidence", "stars"],
}
"""Columns of the large views that an index orders, by themselves or as the site asks."""


def metadata(*, is_large: bool = False) -> dict[str, Any]:
    """Build Datasette's metadata, in the form of its release 0.65."""
    return {
        "title": "Paper Catalog",
        "description": "Machine-learning papers, the numbers they claim, their code and digests.",
        "databases": {
            DATABASE: {
                "description": "Every table, view and query of the catalog.",
                "tables": tables(is_large=is_large),
                "queries": {query.name: canned(query) for query in QUERIES.values()},
            }
        },
    }


def tables(*, is_large: bool = False) -> dict[str, dict[str, Any]]:
    """Combine each table's settings with the comments of its model."""
    described = {
        table.name: {
            "description": table.comment,
            "columns": {column.name: column.comment for column in table.columns},
        }
        for table in Base.metadata.sorted_tables
    }
    views: dict[str, dict[str, Any]] = {name: {"description": text} for name, text in VIEWS.items()}
    for name, columns in INDEXED.items() if is_large else ():
        views[name]["sortable_columns"] = columns
    names = [*described, *views, *(name for name in TABLES if name not in described)]
    return {
        name: described.get(name, {}) | views.get(name, {}) | TABLES.get(name, {}) for name in names
    }


def canned(query: Query) -> dict[str, Any]:
    """Describe a named read as one of Datasette's canned queries."""
    return {
        "title": query.title,
        "description": query.description,
        "sql": query.sql,
        "params": [parameter.name for parameter in query.parameters],
        "hide_sql": True,
    }
