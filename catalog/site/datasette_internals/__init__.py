"""Everything that reaches into Datasette: each module changes one thing in it."""
