"""Scheduled runs: fetch from the configured sources, archive what they answer, and load it."""
