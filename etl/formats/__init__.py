"""The formats that are read: from whom, under which licence, with which parser."""

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
from etl.formats.contract import Format, FormatError, Head, Reading

FORMATS = {
    format_.name: format_
    for format_ in (
        digest_page.FORMAT,
        listing.FORMAT,
        hf_daily.FORMAT,
        arxiv_atom.FORMAT,
        arxiv_rss.FORMAT,
        arxiv_oai.FORMAT,
        arxiv_kaggle.FORMAT,
        arxiv_email.FORMAT,
        pwc_papers.FORMAT,
        pwc_links.FORMAT,
        pwc_tables.FORMAT,
        pwc_parquet.FORMAT,
        openalex.FORMAT,
        catalog_jsonl.FORMAT,
    )
}
"""Name of a format -> how it is recognised and read."""


def recognise(head: Head) -> Format | None:
    """The one format that the beginning of a document is in; None where it is in none."""
    return next((format_ for format_ in FORMATS.values() if format_.recognises(head)), None)


__all__ = ["FORMATS", "Format", "FormatError", "Head", "Reading", "recognise"]
