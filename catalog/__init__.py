"""The catalog: its schema, its engine, and everything that reads it."""
