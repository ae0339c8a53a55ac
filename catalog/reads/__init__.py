"""Reads: every question asked of the catalog, once, for all doors."""
