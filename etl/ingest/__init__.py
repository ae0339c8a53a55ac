"""Load records into the database; the only package that knows both."""
