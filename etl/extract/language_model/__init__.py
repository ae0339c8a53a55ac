"""A language model as second reader of abstracts: its prompt, its answers, their checks.

Everything here is pure: `etl.fetch.language_models` asks, `etl.ingest.readings` keeps the answers.
"""
