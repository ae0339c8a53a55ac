"""Scheduled runs: what the configuration names is fetched, kept, loaded; each source by itself."""
