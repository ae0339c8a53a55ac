"""Everything that brings data into the catalog: formats, extraction, loading, scheduled runs."""
