"""An MCP server that gives language models read-only tools for the catalog.

https://modelcontextprotocol.io; needs the extra `mcp`, and only `catalog mcp` imports it.
"""
