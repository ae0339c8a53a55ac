"""What a merged paper is as rows, table by table."""

from typing import Any

from etl.keys import sha256_of
from etl.load.names import Names
from etl.load.sql import Row
from etl.merge import MergedPaper, all_links
from etl.records import Extraction

ABSTRACT = "abstract"
"""Origin of results that were read from the abstract."""


class PaperRows:
    """The rows that a paper should have, named things still by key.

    `children` maps each table to rows by the key that tells them apart within the paper.
    """

    def __init__(self, paper: MergedPaper, extraction: Extraction, version: str) -> None:
        self.paper = paper
        self.links = all_links(paper, extraction)
        self.results = [
            *((ABSTRACT, result) for result in extraction.results),
            *(("papers-with-code", result) for result in paper.results),
        ]
        self.version = version

    def paper_row(self, *, has_code: bool) -> Row:
        """Columns of the paper itself, but for its id."""
        paper = self.paper
        seen = paper.first_seen_on
        return {
            "key": paper.key,
            "label": paper.label,
            "title": paper.title,
            "abstract": paper.abstract,
            "arxiv_id": paper.arxiv_id,
            "published_on": paper.published_on,
            "updated_on": paper.updated_on,
            "first_seen_on": seen,
            "year": seen and seen.year,
            "month": seen and f"{seen:%Y-%m}",
            "has_code": has_code,
            "has_results": bool(self.results),
            "title_key": paper.title_key,
            "abstract_key": paper.abstract_key,
            "extractor_version": self.version if paper.abstract else None,
            "extracted_sha256": sha256_of(paper.abstract) if paper.abstract else None,
        }

    def ask_for_names(self, names: Names) -> None:
        """Ask for every named thing, so that `names.flush` can look them up at once."""
        for mention in self.paper.mentions:
            names.digest(mention.source, mention.day)
        for link in self.links:
            names.repository(link)
        for _, result in self.results:
            names.metric(result)
            names.dataset(result)

    def children(self, names: Names) -> dict[str, dict[Any, Row]]:
        """Rows of the tables that hang on the paper, without its id and theirs."""
        return {
            "identifiers": {
                (name.scheme, name.value): {"scheme": name.scheme, "value": name.value}
                for name in self.paper.identifiers
            },
            "digest_entries": self._entries(names),
            "links": self._links(names),
            "results": self._results(names),
        }

    def _entries(self, names: Names) -> dict[Any, Row]:
        rows: dict[Any, Row] = {}
        for mention in self.paper.mentions:
            digest_id = names.id("digests", names.digest(mention.source, mention.day))
            rows[digest_id] = {
                "digest_id": digest_id,
                "rank": mention.rank,
                "upvotes": mention.upvotes,
                "comments": mention.comments,
                "observed_at": mention.observed_at,
                "day_basis": mention.basis,
            }
        return rows

    def _links(self, names: Names) -> dict[Any, Row]:
        return {
            link.url: {
                "url": link.url,
                "kind": link.kind,
                "repository_id": names.id("repositories", names.repository(link)),
                "found_in": link.found_in,
                "is_official": link.is_official,
                "framework": link.framework,
                "stars": link.stars,
                "text": link.text,
                "span_start": link.start,
                "span_end": link.end,
            }
            for link in self.links
        }

    def _results(self, names: Names) -> dict[Any, Row]:
        rows: dict[Any, Row] = {}
        for origin, result in self.results:
            row = {
                "metric_id": names.id("metrics", names.metric(result)),
                "dataset_id": names.id("datasets", names.dataset(result)),
                "value": result.value,
                "value_max": result.value_max,
                "unit": result.unit,
                "kind": result.kind,
                "role": result.role,
                "model": result.model,
                "baseline": result.baseline,
                "text": result.text,
                "metric_text": result.metric_text or result.metric,
                "dataset_text": result.dataset_text or result.dataset,
                "sentence": result.sentence,
                "span_start": result.start,
                "span_end": result.end,
                "rule": result.rule,
                "confidence": result.confidence,
                "origin": origin,
                "state": "machine",
            }
            rows[_result_key(row)] = row
        return rows


def _result_key(row: Row) -> tuple[Any, ...]:
    """What tells a paper's results apart: the place in the abstract, or the cell of a table."""
    if row["origin"] == ABSTRACT:
        return (ABSTRACT, row["span_start"])
    return (row["origin"], row["dataset_id"], row["metric_id"], row["model"], row["text"])


def key_of(name: str, row: Row) -> Any:
    """The key that `PaperRows.children` gives a row of the table `name`."""
    if name == "identifiers":
        return (row["scheme"], row["value"])
    if name == "results":
        return _result_key(row)
    return row["digest_id" if name == "digest_entries" else "url"]
