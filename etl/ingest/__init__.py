"""Records into rows: the only part that knows both the records and the database."""
