"""The registry: what we read, from whom, under which licence, and with which parser."""

from etl.formats import (
    arxiv_atom,
    arxiv_email,
    arxiv_kaggle,
    arxiv_oai,
    arxiv_rss,
    catalog_jsonl,
    digest_page,
    hf_daily,
    listing,
    openalex,
    pwc_links,
    pwc_papers,
    pwc_parquet,
    pwc_tables,
)
from etl.formats.contract import FormatError, Head, Reading, Source

SOURCES = {
    source.name: source
    for source in (
        digest_page.SOURCE,
        listing.SOURCE,
        hf_daily.SOURCE,
        arxiv_atom.SOURCE,
        arxiv_rss.SOURCE,
        arxiv_oai.SOURCE,
        arxiv_kaggle.SOURCE,
        arxiv_email.SOURCE,
        pwc_papers.SOURCE,
        pwc_links.SOURCE,
        pwc_tables.SOURCE,
        pwc_parquet.SOURCE,
        openalex.SOURCE,
        catalog_jsonl.SOURCE,
    )
}
"""Name of a format -> how it is recognised and read."""


def recognise(head: Head) -> Source | None:
    """The one format that the beginning of a document is in; None where it is in none."""
    return next((source for source in SOURCES.values() if source.recognises(head)), None)


__all__ = ["SOURCES", "FormatError", "Head", "Reading", "Source", "recognise"]
