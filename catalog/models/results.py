"""Results: the numbers that papers report, and the metrics and datasets they are about."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    text,
)

from catalog.models.base import METADATA, id_column

metrics = Table(
    "metrics",
    METADATA,
    id_column(),
    Column("name", String, nullable=False, comment="Canonical name, e.g. top-1 accuracy"),
    Column("slug", String, nullable=False, unique=True, comment="Name in addresses, given once"),
    Column(
        "key",
        String,
        nullable=False,
        unique=True,
        comment="Name folded for matching; mAP and MAP stay apart",
    ),
    Column("family", String, comment="quality or efficiency; null for a name outside our list"),
    Column(
        "higher_is_better",
        Boolean,
        comment="1 if a higher value is better, 0 if a lower one is, null if unknown",
    ),
    CheckConstraint("family IN ('quality', 'efficiency')", name="family_known"),
    comment="A metric under its canonical name; the numbers are in results.",
)


metric_aliases = Table(
    "metric_aliases",
    METADATA,
    Column(
        "metric_id",
        Integer,
        ForeignKey("metrics.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Metric",
    ),
    Column("alias", String, primary_key=True, comment="The name as people write it"),
    comment="Another way to write a metric's name.",
)


datasets = Table(
    "datasets",
    METADATA,
    id_column(),
    Column("name", String, nullable=False, comment="Canonical name, e.g. ImageNet-1K"),
    Column("slug", String, nullable=False, unique=True, comment="Name in addresses, given once"),
    Column("key", String, nullable=False, unique=True, comment="Name folded for matching"),
    comment="A dataset or benchmark that numbers were measured on.",
)


dataset_aliases = Table(
    "dataset_aliases",
    METADATA,
    Column(
        "dataset_id",
        Integer,
        ForeignKey("datasets.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Dataset",
    ),
    Column("alias", String, primary_key=True, comment="The name as people write it"),
    comment="Another way to write a dataset's name.",
)


results = Table(
    "results",
    METADATA,
    id_column(),
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        nullable=False,
        comment="Paper that reports it",
    ),
    Column(
        "metric_id",
        Integer,
        ForeignKey("metrics.id", ondelete="RESTRICT"),
        comment="Metric; null where the text does not say which",
    ),
    Column(
        "metric_inferred",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Whether the text names no metric: it is the one that is usual on the dataset, or "
        "score where none is",
    ),
    Column(
        "dataset_id",
        Integer,
        ForeignKey("datasets.id", ondelete="RESTRICT"),
        comment="Dataset it was measured on; null where none is named",
    ),
    Column(
        "task_id",
        Integer,
        ForeignKey("tasks.id", ondelete="RESTRICT"),
        index=True,
        comment="Task, where the source of a table says so",
    ),
    Column(
        "value",
        Double,
        comment="The number: per cent as printed, 93.1 not 0.931; counts in base units; null where "
        "the text is no number",
    ),
    Column("value_max", Double, comment="Upper end where a range is printed, in the unit of value"),
    Column(
        "is_bound",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment='Whether the sentence gives it only as a bound, as in "less than 65%"',
    ),
    Column(
        "error",
        Double,
        comment="The number behind ±, where a table prints one, in the unit of value",
    ),
    Column(
        "unit",
        String,
        comment="%, x (factor), pp (percentage points), dB, ms, GB, ...; null for a bare score",
    ),
    Column(
        "kind",
        String,
        nullable=False,
        comment="absolute (the metric's value), delta (a difference) or ratio (a factor)",
    ),
    Column(
        "role",
        String,
        nullable=False,
        comment="own (the paper's method) or other (a baseline or prior work)",
    ),
    Column(
        "sign",
        String,
        comment="+ where a delta or ratio says that the metric (else quality) is higher for the "
        "paper's subject than for what it is compared with, - where lower; null where the text "
        "does not tell, and for absolute values",
    ),
    Column("model", String, comment="Model or variant that has the value"),
    Column("baseline", String, comment="What a delta or ratio is compared with, where named"),
    Column("text", String, nullable=False, comment="The number with its unit, as printed"),
    Column("metric_text", String, comment="The metric, as printed"),
    Column("dataset_text", String, comment="The dataset, as printed"),
    Column("sentence", String, comment="Sentence that the number stands in"),
    Column(
        "span_start",
        Integer,
        comment="Where the number begins in the abstract, in characters from 0",
    ),
    Column(
        "span_end",
        Integer,
        comment="Where the number ends in the abstract, in characters, exclusive",
    ),
    Column("rule", String, comment="Name of the extractor's rule that decided"),
    Column(
        "confidence",
        Double,
        comment="Estimated share of such results whose value, unit, metric and kind are right, "
        "0 to 1",
    ),
    Column(
        "row_confidence",
        Double,
        comment="Estimated share of such results whose value, unit, metric, kind, dataset and role "
        "are right, 0 to 1: whether it may stand on a leaderboard",
    ),
    Column("origin", String, nullable=False, comment="abstract, papers-with-code or curator"),
    Column(
        "state",
        String,
        nullable=False,
        comment="machine (as extracted), or accepted, corrected, added, rejected by a person",
    ),
    CheckConstraint("kind IN ('absolute', 'delta', 'ratio')", name="kind_known"),
    CheckConstraint("role IN ('own', 'other')", name="role_known"),
    CheckConstraint("origin IN ('abstract', 'papers-with-code', 'curator')", name="origin_known"),
    CheckConstraint(
        "state IN ('machine', 'accepted', 'corrected', 'added', 'rejected')",
        name="state_known",
    ),
    CheckConstraint("sign IN ('+', '-')", name="sign_known"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_share"),
    CheckConstraint("row_confidence BETWEEN 0 AND 1", name="row_confidence_is_a_share"),
    CheckConstraint("span_start < span_end", name="span_not_empty"),
    # One result a place in the abstract; also serves the paper's page.
    Index(
        "uq_results_paper_id_origin_span_start",
        "paper_id",
        "origin",
        "span_start",
        unique=True,
        sqlite_where=text("span_start IS NOT NULL"),
    ),
    Index(None, "paper_id"),
    # Leaderboards and their list, the pages of a dataset and of a metric, facets of results.
    Index(
        "ix_results_by_dataset",
        *("dataset_id", "metric_id", "kind", "role", "value", "state", "paper_id"),
        *("unit", "origin", "row_confidence", "confidence", "is_bound"),
    ),
    Index(
        "ix_results_by_metric",
        *("metric_id", "dataset_id", "kind", "role", "value", "state", "paper_id"),
        *("unit", "origin", "row_confidence", "confidence", "is_bound"),
    ),
    # Papers by dataset and by metric: facets that count papers, filters of the search.
    Index(None, "dataset_id", "paper_id"),
    Index(None, "metric_id", "paper_id"),
    Index(None, "kind", "role", "unit", "origin"),
    Index(None, "confidence"),
    # The page of a model.
    Index(
        None,
        "model",
        sqlite_where=text("model IS NOT NULL"),
    ),
    # The few that people decided on.
    Index(
        "ix_results_decided",
        "state",
        sqlite_where=text("state <> 'machine'"),
    ),
    comment="One number that a paper reports, with the evidence for it.",
)
