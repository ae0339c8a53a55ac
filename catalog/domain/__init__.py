"""Pure rules: records, identifiers, keys, identity, merging, search, formatting."""
