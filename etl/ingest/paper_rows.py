"""Turn a merged paper into rows, table by table."""

from collections.abc import Iterator
from typing import Any

from msgspec import structs

from catalog.domain.claims import is_bound
from catalog.domain.correction_rules import (
    ABSTRACT,
    NONE_MADE,
    TABLES,
    Decided,
    PaperDecisions,
    decided,
    with_repository,
)
from catalog.domain.keys import sha256_of
from catalog.domain.merge import RULES, MergedPaper, all_links
from catalog.domain.records import DigestMention, Disagreement, Extraction, LinkRecord, ResultRecord
from catalog.domain.search_words import search_words
from etl.extract.lexicon.usual import usual_metric
from etl.ingest.lookup_rows import repository_row, task_row
from etl.ingest.lookup_tables import (
    AUTHORS,
    CATEGORIES,
    DATASETS,
    DIGESTS,
    FRAMEWORKS,
    KEYWORDS,
    METRICS,
    REPOSITORIES,
    TASKS,
    Key,
    Kind,
    Names,
)
from etl.ingest.name_rules import NO_RULES, NameRules
from etl.ingest.sql_helpers import Row

CHILDREN = {
    "identifiers": ("scheme", "value"),
    "disputed_identifiers": ("scheme", "value"),
    "authorships": ("position",),
    "paper_categories": ("category_id",),
    "paper_tasks": ("task_id",),
    "paper_keywords": ("keyword_id",),
    "digest_entries": ("digest_id",),
    "links": ("url",),
    "disagreements": ("span_start", "field"),
    "results": ("origin", "span_start", "task_id", "dataset_id", "metric_id", "model", "text"),
}
"""Table that hangs on a paper -> the columns that tell its rows apart within the paper."""


def key_of(name: str, row: Row) -> Key:
    """Return what distinguishes a row of the table `name` from others of its paper.

    A result from the abstract is its place there; what it means may change, its id stays.
    """
    if name == "results" and row["origin"] == ABSTRACT:
        return (ABSTRACT, row["span_start"])
    return tuple(row[column] for column in CHILDREN[name])


class PaperRows:
    """The rows that a paper should have; requests lookup rows first, then uses their ids."""

    def __init__(
        self,
        paper: MergedPaper,
        extraction: Extraction,
        version: str | None,
        names: Names,
        decisions: PaperDecisions = NONE_MADE,
        rules: NameRules = NO_RULES,
    ) -> None:
        self.paper = paper
        self.version = version
        self.disagreements = extraction.disagreements
        self.authors = names.want_plain(AUTHORS, paper.authors)
        self.categories = names.want_plain(CATEGORIES, paper.categories)
        self.tasks = [names.want(TASKS, task_row(task)) for task in paper.tasks]
        self.keywords = names.want_plain(KEYWORDS, [one.casefold() for one in paper.keywords])
        self.mentions: list[tuple[DigestMention, Key]] = []
        self.links: list[tuple[LinkRecord, Key | None, Key | None]] = []
        self.results: list[tuple[Decided, Key | None, Key | None, Key | None]] = []
        if paper.mentions:
            self._want_mentions(names)
        if paper.links or extraction.links or decisions.paper:
            self._want_links(extraction, names, decisions)
        if paper.results or extraction.results or decisions.results:
            self._want_results(extraction, names, decisions, rules)

    def _want_mentions(self, names: Names) -> None:
        self.mentions = [
            (mention, names.want(DIGESTS, {"source": mention.source, "day": mention.day}))
            for mention in self.paper.mentions
        ]

    def _want_links(self, extraction: Extraction, names: Names, decisions: PaperDecisions) -> None:
        self.links = [
            (
                link,
                _wanted(names, REPOSITORIES, repository_row(link)),
                _wanted(names, FRAMEWORKS, {"name": link.framework} if link.framework else None),
            )
            for link in with_repository(all_links(self.paper, extraction), decisions.paper)
        ]

    def _want_results(
        self, extraction: Extraction, names: Names, decisions: PaperDecisions, rules: NameRules
    ) -> None:
        machine = _machine(self.paper, extraction)
        self.results = [
            (
                found,
                _wanted(names, METRICS, rules.metric(with_usual_metric(found.result))),
                _wanted(names, DATASETS, rules.dataset(found.result)),
                _wanted(names, TASKS, task_row(found.result.task) if found.result.task else None),
            )
            for found in decided(self.paper.abstract, machine, decisions.results)
        ]

    def paper_row(self, number: int) -> Row:
        """Return the columns of the paper itself, with the id that it gets."""
        paper = self.paper
        seen = paper.first_seen_on
        return {
            "id": number,
            "key": paper.key,
            "label": paper.label,
            "is_row": paper.is_row,
            "title": paper.title,
            "abstract": paper.abstract,
            "arxiv_id": paper.arxiv_id,
            "published_on": paper.published_on,
            "updated_on": paper.updated_on,
            "first_seen_on": seen,
            "year": seen and seen.year,
            "month": seen and f"{seen.year:04d}-{seen.month:02d}",
            "has_code": any(repository for _, repository, _ in self.links),
            "has_results": any(found.state != "rejected" for found, *_ in self.results),
            "title_key": paper.title_key,
            "abstract_key": paper.abstract_key,
            "merge_rules": RULES,
            "version": paper.version,
            "abstract_version": paper.abstract_version,
            "withdrawn": paper.withdrawn is not None,
            "withdrawn_reason": paper.withdrawn,
            "comment": paper.comment,
            "venue": paper.venue,
            "organization": paper.organization,
            "search_words": search_words(paper.title, paper.abstract),
            "extractor_version": self.version if paper.abstract else None,
            "extracted_sha256": (
                sha256_of(paper.abstract) if paper.abstract and self.version else None
            ),
        }

    def add_children(self, paper: int, names: Names, tables: dict[str, list[Row]]) -> None:
        """Add the rows that belong to the paper, without ids, to their tables."""
        for name in self.paper.identifiers:
            row = {"paper_id": paper, "scheme": name.scheme, "value": name.value}
            tables["identifiers"].append(row)
        for name in self.paper.disputed:
            row = {"paper_id": paper, "scheme": name.scheme, "value": name.value}
            tables["disputed_identifiers"].append(row)
        self._add_named(paper, names, tables)
        if self.mentions or self.links or self.disagreements or self.results:
            self._add_stated(paper, names, tables)

    def _add_named(self, paper: int, names: Names, tables: dict[str, list[Row]]) -> None:
        """Add the rows that name authors, categories, tasks and keywords."""
        ids = names.ids(AUTHORS)
        tables["authorships"] += [
            {"paper_id": paper, "position": position, "author_id": ids[key]}
            for position, key in enumerate(self.authors, start=1)
        ]
        ids = names.ids(CATEGORIES)
        for place, key in enumerate(dict.fromkeys(self.categories)):
            row = {"paper_id": paper, "category_id": ids[key], "is_primary": place == 0}
            tables["paper_categories"].append(row)
        for key in dict.fromkeys(self.tasks):
            tables["paper_tasks"].append({"paper_id": paper, "task_id": names.ids(TASKS)[key]})
        for key in dict.fromkeys(self.keywords):
            row = {"paper_id": paper, "keyword_id": names.ids(KEYWORDS)[key]}
            tables["paper_keywords"].append(row)

    def _add_stated(self, paper: int, names: Names, tables: dict[str, list[Row]]) -> None:
        """Add the rows of what the paper or a document states, with its evidence."""
        tables["digest_entries"] += [
            _entry(paper, mention, names.id(DIGESTS, key)) for mention, key in self.mentions
        ]
        tables["links"] += [
            _link(paper, link, names.id(REPOSITORIES, repository), names.id(FRAMEWORKS, framework))
            for link, repository, framework in self.links
        ]
        tables["disagreements"] += [
            _disagreement(paper, disagreement) for disagreement in self.disagreements
        ]
        results = [
            _result(
                paper,
                found,
                metric_id=names.id(METRICS, metric),
                dataset_id=names.id(DATASETS, dataset),
                task_id=names.id(TASKS, task),
            )
            for found, metric, dataset, task in self.results
        ]
        # Several names may mean one thing, so that two records say the same.
        tables["results"] += {key_of("results", row): row for row in results}.values()


def _wanted(names: Names, kind: Kind, row: Row | None) -> Key | None:
    """Request a row that another one refers to, if there is one."""
    return names.want(kind, row) if row else None


def with_usual_metric(result: ResultRecord) -> ResultRecord:
    """Give a number without a metric that of its dataset, where there is a usual one."""
    usual = usual_metric(result)
    return structs.replace(result, metric=usual) if usual else result


def _machine(paper: MergedPaper, extraction: Extraction) -> Iterator[tuple[str, ResultRecord]]:
    """List what was read from the abstract, then what tables state, with their origin."""
    yield from ((ABSTRACT, result) for result in extraction.results)
    yield from ((TABLES, result) for result in paper.results)


def _entry(paper: int, mention: DigestMention, digest_id: int | None) -> Row:
    return {
        "paper_id": paper,
        "digest_id": digest_id,
        "rank": mention.rank,
        "upvotes": mention.upvotes,
        "comments": mention.comments,
        "observed_at": mention.observed_at,
        "day_basis": mention.basis,
    }


def _link(paper: int, link: LinkRecord, repository_id: int | None, framework_id: int | None) -> Row:
    return {
        "paper_id": paper,
        "url": link.url,
        "kind": link.kind,
        "repository_id": repository_id,
        "found_in": link.found_in,
        "is_official": link.is_official,
        "framework_id": framework_id,
        "stars": link.stars,
        "text": link.text,
        "span_start": link.start,
        "span_end": link.end,
    }


def _disagreement(paper: int, found: Disagreement) -> Row:
    return {
        "paper_id": paper,
        "span_start": found.start,
        "field": found.field,
        "span_end": found.end,
        "text": found.text,
        "builtin": found.builtin,
        "other": found.other,
        "builtin_stands": found.builtin_stands,
    }


def _result(paper: int, found: Decided, **ids: Any) -> Row:
    result = found.result
    return {
        "paper_id": paper,
        **ids,
        "is_bound": result.kind == "absolute" and is_bound(result.sentence, result.text),
        "metric_inferred": result.metric is None and ids["metric_id"] is not None,
        "value": result.value,
        "value_max": result.value_max,
        "error": result.error,
        "unit": result.unit,
        "kind": result.kind,
        "role": result.role,
        "sign": result.sign,
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
        "row_confidence": result.row_confidence,
        "origin": found.origin,
        "state": found.state,
    }
