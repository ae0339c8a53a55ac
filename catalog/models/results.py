"""Results: the numbers that papers report, and the metrics and datasets they are about."""

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class Metric(Base):
    """A metric under its canonical name; the numbers are in results."""

    __tablename__ = "metrics"
    __table_args__ = (
        CheckConstraint("family IN ('quality', 'efficiency')", name="family_known"),
        {"comment": "A metric under its canonical name; the numbers are in results."},
    )

    id: Mapped[IntPK]
    name: Mapped[str] = mapped_column(comment="Canonical name, e.g. top-1 accuracy")
    slug: Mapped[str] = mapped_column(unique=True, comment="Name in addresses, given once")
    key: Mapped[str] = mapped_column(
        unique=True, comment="Name folded for matching; mAP and MAP stay apart"
    )
    family: Mapped[str | None] = mapped_column(
        comment="quality or efficiency; null for a name outside our list"
    )
    higher_is_better: Mapped[bool | None] = mapped_column(
        comment="1 if a higher value is better, 0 if a lower one is, null if unknown"
    )

    def __repr__(self) -> str:
        return f"<Metric {self.name!r}>"


class MetricAlias(Base):
    """Another way to write a metric's name."""

    __tablename__ = "metric_aliases"
    __table_args__ = ({"comment": "Another way to write a metric's name."},)

    metric_id: Mapped[int] = mapped_column(
        ForeignKey("metrics.id", ondelete="CASCADE"), primary_key=True, comment="Metric"
    )
    alias: Mapped[str] = mapped_column(primary_key=True, comment="The name as people write it")

    def __repr__(self) -> str:
        return f"<MetricAlias {self.alias!r}>"


class Dataset(Base):
    """A dataset or benchmark that numbers were measured on."""

    __tablename__ = "datasets"
    __table_args__ = ({"comment": "A dataset or benchmark that numbers were measured on."},)

    id: Mapped[IntPK]
    name: Mapped[str] = mapped_column(comment="Canonical name, e.g. ImageNet-1K")
    slug: Mapped[str] = mapped_column(unique=True, comment="Name in addresses, given once")
    key: Mapped[str] = mapped_column(unique=True, comment="Name folded for matching")

    def __repr__(self) -> str:
        return f"<Dataset {self.name!r}>"


class DatasetAlias(Base):
    """Another way to write a dataset's name."""

    __tablename__ = "dataset_aliases"
    __table_args__ = ({"comment": "Another way to write a dataset's name."},)

    dataset_id: Mapped[int] = mapped_column(
        ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True, comment="Dataset"
    )
    alias: Mapped[str] = mapped_column(primary_key=True, comment="The name as people write it")

    def __repr__(self) -> str:
        return f"<DatasetAlias {self.alias!r}>"


class Result(Base):
    """One number that a paper reports, with the evidence for it."""

    __tablename__ = "results"
    __table_args__ = (
        CheckConstraint("kind IN ('absolute', 'delta', 'ratio')", name="kind_known"),
        CheckConstraint("role IN ('own', 'other')", name="role_known"),
        CheckConstraint(
            "origin IN ('abstract', 'papers-with-code', 'curator')", name="origin_known"
        ),
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
        {"comment": "One number that a paper reports, with the evidence for it."},
    )

    id: Mapped[IntPK]
    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), comment="Paper that reports it"
    )
    metric_id: Mapped[int | None] = mapped_column(
        ForeignKey("metrics.id", ondelete="RESTRICT"),
        comment="Metric; null where the text does not say which",
    )
    metric_inferred: Mapped[bool] = mapped_column(
        server_default=text("false"),
        comment="Whether the text names no metric: it is the one that is usual on the dataset, or "
        "score where none is",
    )
    dataset_id: Mapped[int | None] = mapped_column(
        ForeignKey("datasets.id", ondelete="RESTRICT"),
        comment="Dataset it was measured on; null where none is named",
    )
    task_id: Mapped[int | None] = mapped_column(
        ForeignKey("tasks.id", ondelete="RESTRICT"),
        index=True,
        comment="Task, where the source of a table says so",
    )
    value: Mapped[float | None] = mapped_column(
        Double,
        comment="The number: per cent as printed, 93.1 not 0.931; counts in base units; null where "
        "the text is no number",
    )
    value_max: Mapped[float | None] = mapped_column(
        Double, comment="Upper end where a range is printed, in the unit of value"
    )
    is_bound: Mapped[bool] = mapped_column(
        server_default=text("false"),
        comment='Whether the sentence gives it only as a bound, as in "less than 65%"',
    )
    error: Mapped[float | None] = mapped_column(
        Double, comment="The number behind ±, where a table prints one, in the unit of value"
    )
    unit: Mapped[str | None] = mapped_column(
        comment="%, x (factor), pp (percentage points), dB, ms, GB, ...; null for a bare score"
    )
    kind: Mapped[str] = mapped_column(
        comment="absolute (the metric's value), delta (a difference) or ratio (a factor)"
    )
    role: Mapped[str] = mapped_column(
        comment="own (the paper's method) or other (a baseline or prior work)"
    )
    sign: Mapped[str | None] = mapped_column(
        comment="+ where a delta or ratio says that the metric (else quality) is higher for the "
        "paper's subject than for what it is compared with, - where lower; null where the text "
        "does not tell, and for absolute values"
    )
    model: Mapped[str | None] = mapped_column(comment="Model or variant that has the value")
    baseline: Mapped[str | None] = mapped_column(
        comment="What a delta or ratio is compared with, where named"
    )
    text: Mapped[str] = mapped_column(comment="The number with its unit, as printed")
    metric_text: Mapped[str | None] = mapped_column(comment="The metric, as printed")
    dataset_text: Mapped[str | None] = mapped_column(comment="The dataset, as printed")
    sentence: Mapped[str | None] = mapped_column(comment="Sentence that the number stands in")
    span_start: Mapped[int | None] = mapped_column(
        comment="Where the number begins in the abstract, in characters from 0"
    )
    span_end: Mapped[int | None] = mapped_column(
        comment="Where the number ends in the abstract, in characters, exclusive"
    )
    rule: Mapped[str | None] = mapped_column(comment="Name of the extractor's rule that decided")
    confidence: Mapped[float | None] = mapped_column(
        Double,
        comment="Estimated share of such results whose value, unit, metric and kind are right, "
        "0 to 1",
    )
    row_confidence: Mapped[float | None] = mapped_column(
        Double,
        comment="Estimated share of such results whose value, unit, metric, kind, dataset and role "
        "are right, 0 to 1: whether it may stand on a leaderboard",
    )
    origin: Mapped[str] = mapped_column(comment="abstract, papers-with-code or curator")
    state: Mapped[str] = mapped_column(
        comment="machine (as extracted), or accepted, corrected, added, rejected by a person"
    )

    def __repr__(self) -> str:
        return f"<Result {self.text!r} of paper {self.paper_id}>"
