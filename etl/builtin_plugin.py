"""The built-in plugin that adds formats, sources, readers and commands.

Each hook imports what it gives when it is asked: `catalog --help` needs none of it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalog.plugins import hook

if TYPE_CHECKING:
    from etl.extract.reader import Reader
    from etl.fetch.language_models import AskedModel
    from etl.formats.contract import Format
    from etl.plugins import Command, SyncSource


@hook
def register_formats() -> "Sequence[Format]":
    """Return our formats; the first that recognises a document reads it."""
    from etl.formats import (
        arxiv_atom,
        arxiv_email,
        arxiv_kaggle,
        arxiv_oai,
        arxiv_rss,
        awesome_list,
        bibtex,
        catalog_jsonl,
        csl_json,
        csv_table,
        daily_arxiv,
        digest_page,
        hf_daily,
        listing,
        openalex,
        pwc_links,
        pwc_papers,
        pwc_parquet,
        pwc_tables,
        ris,
        semantic_scholar,
    )

    return (
        digest_page.FORMAT,
        listing.FORMAT,
        hf_daily.FORMAT,
        arxiv_atom.FORMAT,
        arxiv_rss.FORMAT,
        arxiv_oai.FORMAT,
        arxiv_kaggle.FORMAT,
        arxiv_email.FORMAT,
        pwc_papers.FORMAT,
        pwc_links.FORMAT,
        pwc_tables.FORMAT,
        pwc_parquet.FORMAT,
        openalex.FORMAT,
        semantic_scholar.FORMAT,
        daily_arxiv.FORMAT,
        bibtex.FORMAT,
        ris.FORMAT,
        csl_json.FORMAT,
        csv_table.FORMAT,
        awesome_list.FORMAT,
        catalog_jsonl.FORMAT,
    )


@hook
def register_sync_sources() -> "Sequence[SyncSource]":
    """Return the kinds of sources: publishers, and watched folders."""
    from etl.sync.adapters import (
        arxiv_announcements,
        arxiv_harvest,
        github_repositories,
        hf_days,
        watched_folder,
    )

    return (
        hf_days.SOURCE,
        arxiv_harvest.SOURCE,
        arxiv_announcements.SOURCE,
        watched_folder.SOURCE,
        github_repositories.SOURCE,
    )


@hook
def register_readers() -> "Sequence[Reader]":
    """Return the readers: rules and weights, the same with an encoder, and language models."""
    from etl.extract import builtin_reader
    from etl.extract.deep import deep_reader
    from etl.extract.language_model.llm_reader import make_reader
    from etl.extract.reader import ReaderSettings

    def connect(name: str, settings: ReaderSettings) -> "AskedModel":
        from etl.fetch import language_models  # imports httpx, which the built-in one does without

        return language_models.connect(name, settings)

    return (builtin_reader.READER, deep_reader.READER, make_reader(connect))


@hook
def register_commands() -> "Sequence[Command]":
    """Return the commands in the order of the work: load, read, maintain."""
    from etl.plugins import Command

    return (
        Command(
            "demo",
            "etl.commands.demo_command:demo",
            "Load the bundled sample into a database and serve it.",
        ),
        Command(
            "load", "etl.commands.load_command:load", "Load files or folders into the catalog."
        ),
        Command(
            "forget",
            "etl.commands.forget_command:forget",
            "Undo a load: delete what only one document supplied.",
        ),
        Command(
            "relocate",
            "etl.commands.relocate_command:relocate",
            "Say that a file or folder has another path now.",
        ),
        Command(
            "sync",
            "etl.commands.sync_command:sync",
            "Fetch what is new from the configured sources.",
        ),
        Command("add", "etl.commands.add_command:add", "Fetch one paper and load it."),
        Command(
            "prune",
            "etl.commands.prune_command:prune",
            "Delete old answers of publishers from the archive.",
        ),
        Command(
            "extract",
            "etl.commands.extract_command:extract",
            "Show what would be extracted from an abstract.",
        ),
        Command(
            "reextract",
            "etl.commands.reextract_command:reextract",
            "Extract again after the extractor has changed.",
        ),
        Command("merge", "etl.commands.merge_command:merge", "Merge two papers into one."),
        Command("split", "etl.commands.merge_command:split", "Split one paper into two."),
        Command(
            "corrections",
            "etl.commands.corrections_command:corrections",
            "Correct numbers, papers and names that were read wrongly.",
        ),
        Command(
            "review",
            "etl.commands.review_command:review",
            "Judge numbers one at a time, the least sure first.",
        ),
        Command(
            "evaluate",
            "etl.commands.evaluate_command:evaluate",
            "Tell how good the reader is on what you judged.",
        ),
        Command("serve", "etl.commands.serve_command:serve", "Serve the catalog to web browsers."),
        Command(
            "search",
            "catalog.commands.search_command:search",
            "Find papers by words of title and abstract.",
        ),
        Command(
            "numbers",
            "catalog.commands.numbers_command:numbers",
            "Find numbers that papers report, with their sentences.",
        ),
        Command(
            "model",
            "catalog.commands.model_command:model",
            "Show the numbers that papers report for a model.",
        ),
        Command(
            "show",
            "catalog.commands.show_command:show",
            "Show one paper with its numbers, links and days.",
        ),
        Command(
            "open",
            "catalog.commands.open_command:open_",
            "Open a paper's page, PDF or code in the browser.",
        ),
        Command(
            "leaderboard",
            "catalog.commands.leaderboard_command:leaderboard",
            "Rank papers on a dataset by a metric.",
        ),
        Command(
            "documents",
            "catalog.commands.documents_command:documents",
            "List what was loaded, with its state.",
        ),
        Command(
            "datasets",
            "catalog.commands.listing_commands:datasets",
            "List datasets, those of most papers first.",
        ),
        Command(
            "tasks",
            "catalog.commands.listing_commands:tasks",
            "List tasks, those of most papers first.",
        ),
        Command(
            "authors",
            "catalog.commands.listing_commands:authors",
            "List authors, those of most papers first.",
        ),
        Command(
            "query",
            "catalog.commands.query_command:query",
            "Run an SQL query that only reads.",
        ),
        Command(
            "export",
            "catalog.commands.export_command:export",
            "Write the catalog to files of other programs.",
        ),
        Command(
            "mark",
            "catalog.commands.mark_command:mark",
            "Mark papers with a star, as read, with tags or a note.",
        ),
        Command("marks", "catalog.commands.mark_command:marks", "List the papers that you marked."),
        Command(
            "for-you",
            "catalog.commands.for_you_command:for_you",
            "Recommend papers like those that you starred.",
        ),
        Command("digest", "etl.commands.digest_command:digest", "Show or mail a day's papers."),
        Command(
            "mcp", "catalog.commands.mcp_command:mcp", "Serve the catalog to language models (MCP)."
        ),
        Command(
            "status",
            "catalog.commands.status_command:status",
            "Show counts, last runs and open problems.",
        ),
        Command(
            "copy",
            "etl.commands.copy_command:copy",
            "Make a catalog equal to another, e.g. on a server.",
        ),
        Command(
            "db", "catalog.commands.db_command:db", "Create, upgrade and inspect the database."
        ),
        Command(
            "plugins",
            "etl.commands.plugins_command:plugins",
            "List plugins and what they add.",
        ),
    )
