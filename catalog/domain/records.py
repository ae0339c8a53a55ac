"""Records: what formats yield and the catalog loads, plain and frozen."""

import datetime as dt
from typing import Literal

from msgspec import Struct

Kind = Literal["absolute", "delta", "ratio"]
"""The metric's value itself, a difference to something else, or a factor."""

Sign = Literal["+", "-"]
"""Whether a difference or factor says that the metric is higher or lower for the paper's subject
than for what it is compared with."""

Role = Literal["own", "other"]
"""Whether a value is of the paper's own method or of a baseline or prior work."""

LinkKind = Literal["github", "gitlab", "huggingface", "github-pages", "other"]
"""What an address leads to; `github` and `gitlab` are repositories."""


DayBasis = Literal["printed", "given", "name", "weekday", "reading", "weekend"]
"""How the day of a digest is known: the document states all of it; an option of the command; the
document's name; the last year in which that day falls on the printed weekday; the last such day
before the document was read; a weekend's list that repeats Friday's."""


class Problem(Struct, frozen=True, kw_only=True):
    """A record that could not be used, kept with the reason."""

    where: str
    """The location in the document, in its own terms: "line 12", "entry 3"."""
    why: str
    """What was wrong, with what was expected."""
    raw: str = ""
    """The record as it was in the document."""


class Identifier(Struct, frozen=True, kw_only=True, order=True):
    """One name of a paper in a public scheme."""

    scheme: Literal["arxiv", "doi", "openalex", "openreview", "pwc"]
    value: str
    """Normalised by `catalog.domain.identifiers`: no version, no prefix, DOIs in lower case."""


class DigestMention(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The appearance of a paper in a digest on a day, with its rank and upvotes."""

    source: str
    """Name of the digest, e.g. "digest-page" or "hf-daily"."""
    day: dt.date
    basis: DayBasis = "printed"
    """How the day is known."""
    rank: int | None = None
    """1 for the first paper of the page."""
    upvotes: int | None = None
    comments: int | None = None
    observed_at: dt.datetime | None = None
    """When upvotes and comments were seen, UTC."""


class LinkRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One address that a paper or a document names, cleaned and classified."""

    url: str
    """Cleaned: with scheme, without clinging punctuation or markup."""
    kind: LinkKind
    repo: str | None = None
    """"owner/name" as printed, for GitHub and GitLab repositories; else None."""
    text: str | None = None
    """The address as it stands in the abstract."""
    start: int | None = None
    end: int | None = None
    """Offsets of `text` in the abstract, in characters, end exclusive."""
    found_in: str = "abstract"
    """"abstract", or the field of the source's record, e.g. "githubRepo"."""
    is_official: bool | None = None
    framework: str | None = None
    stars: int | None = None
    """GitHub stars, where the source states them."""


class ResultRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One number that a paper reports, with the evidence for it."""

    text: str
    """The number with its unit as printed, e.g. "82.2%" or "1.0%-2.5%"."""
    value: float | None = None
    """Scale words applied: "0.78M" is 780000. Null where the text is no number."""
    value_max: float | None = None
    """Upper end of a range; null for a single value."""
    error: float | None = None
    """What a table prints behind ±, in the unit of `value`."""
    unit: str | None = None
    """"%", "x", "pp", "dB", "ms", "GB", ...; null for a bare score."""
    metric: str | None = None
    """Canonical name, else the text's own wording in lower case."""
    metric_text: str | None = None
    """The metric as printed."""
    dataset: str | None = None
    """Canonical name, else the text's own wording."""
    dataset_text: str | None = None
    task: str | None = None
    kind: Kind = "absolute"
    role: Role = "own"
    sign: Sign | None = None
    """Of deltas and ratios only; null where the text does not tell."""
    model: str | None = None
    baseline: str | None = None
    sentence: str | None = None
    """The sentence that the number stands in."""
    start: int | None = None
    end: int | None = None
    """Offsets of `text` in the abstract, in characters, end exclusive."""
    rule: str | None = None
    """Name of the rule that decided."""
    confidence: float | None = None
    """Estimated share of such records whose value, unit, metric and kind are right, 0 to 1."""
    row_confidence: float | None = None
    """Estimated share of such records whose value, unit, metric, kind, dataset and role are right,
    0 to 1."""


DisputedField = Literal["result", "value", "metric", "kind", "dataset", "role"]
"""What two readings of a number may differ in; "result" is whether it is one at all."""


class Disagreement(Struct, frozen=True, kw_only=True):
    """A number that two readers read differently, with both readings."""

    text: str
    """The number as printed."""
    start: int
    end: int
    """Offsets of `text` in the abstract, in characters, end exclusive."""
    field: DisputedField
    builtin: str | None
    """What the built-in reader read; None for no name."""
    other: str | None
    """What the other reader read."""
    builtin_stands: bool
    """Whether the built-in reading is the one that is used."""


class Extraction(Struct, frozen=True, kw_only=True):
    """The results and links that were read from one abstract."""

    results: tuple[ResultRecord, ...] = ()
    links: tuple[LinkRecord, ...] = ()
    failure: str | None = None
    """Why the abstract could not be read; there are no results and links then."""
    disagreements: tuple[Disagreement, ...] = ()
    """Where a second reader read something else than the built-in one."""
    problem: str | None = None
    """Why a second reader was of no use; the results are those of the built-in one then."""
    version: str | None = None
    """The version of the reader, where it is not the one that was chosen."""


class PaperRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One paper as one document states it, before any merging.

    `None` and `()` mean that the document does not say. At least a title, an abstract or an
    identifier is there, or results: the row of a table whose source names no paper. White space in
    titles is folded, abstracts are kept as they came but for leading and trailing space.
    """

    title: str | None = None
    abstract: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    published_on: dt.date | None = None
    """Day of the first version, UTC."""
    updated_on: dt.date | None = None
    """Day of the version that this record describes, UTC."""
    authors: tuple[str, ...] = ()
    """Names as printed, given name first, in order."""
    categories: tuple[str, ...] = ()
    """arXiv classes, the primary one first."""
    tasks: tuple[str, ...] = ()
    digest: DigestMention | None = None
    links: tuple[LinkRecord, ...] = ()
    """Addresses that the document states beside the abstract, never those inside it."""
    results: tuple[ResultRecord, ...] = ()
    """Numbers that the document states in tables, never those inside the abstract."""
    version: int | None = None
    """Version of the paper that this record describes, 1 for the first."""
    comment: str | None = None
    """What the authors remark beside the paper, as on arXiv."""
    venue: str | None = None
    """Conference or journal that accepted it, e.g. "NeurIPS 2025"."""
    organization: str | None = None
    """Organization that it comes from."""
    keywords: tuple[str, ...] = ()
    withdrawn: str | None = None
    """Why it counts as withdrawn or deleted, in the source's words; None where it does not."""
    withdrawn_on: dt.date | None = None
    """Day on which the source said so, where it is another than `updated_on`."""
