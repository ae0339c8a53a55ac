"""The command `catalog mcp`, which serves the catalog to language models."""

import click


@click.command()
@click.option("--site", help="Address where the catalog is served, for links.")
@click.pass_obj
def mcp(url: str, site: str | None) -> None:
    """Serve the catalog to language models: an MCP server that only reads.

    A client starts it and talks to it over standard input and output (modelcontextprotocol.io).
    Its tools: search, paper, leaderboard, digest, sql, schema. Needs the extra mcp.

    \b
    Configuration of most clients:
      {"mcpServers": {"papers": {"command": "catalog",
                                 "args": ["--db", "/path/to/catalog.db", "mcp"]}}}

    Exit codes: 0 the client disconnected, 1 could not start, 2 wrong usage, 130 interrupted.
    """
    from catalog.database.engine import file_to_read
    from catalog.domain.errors import CatalogError
    from catalog.installed import adding

    file = file_to_read(url, doing="serve", command="mcp")
    try:
        from catalog.mcp.stdio_server import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types", "pydantic"}:
            raise
        raise CatalogError(
            "cannot serve the catalog to language models",
            why=f"the package {error.name} is not installed",
            hint=adding("mcp"),
        ) from error
    run(str(file), site)
