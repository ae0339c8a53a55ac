"""Pure rules that both sides use: records, identifiers, keys, merge, search, formatting."""
