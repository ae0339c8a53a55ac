"""The catalog as an MCP server: read-only tools for language models.

https://modelcontextprotocol.io; needs the extra `mcp`, and only `catalog mcp` imports it.
"""
