"""Answers of the tools, as models whose JSON schemas describe them to a language model."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

KEY = Field(description="The paper's key: give it to the tool `paper`")
ADDRESS = Field(
    default=None, description="Where people can read the paper: the site's page, arXiv or its DOI"
)


INFERRED = Field(
    default=False,
    description="true: the text names no metric; it is the one that is usual on the dataset, or "
    "score where none is",
)


class Answer(BaseModel):
    """A part of an answer, made from a row; other columns are left out."""

    model_config = ConfigDict(extra="ignore")


class Number(Answer):
    """One number that a paper reports."""

    text: str = Field(description="The number with its unit, as printed")
    value: float | None = Field(
        description="The number: per cent as printed (93.1, not 0.931), counts in base units"
    )
    value_max: float | None = Field(default=None, description="Upper end of a range")
    unit: str | None = Field(
        description="%, pp (percentage points), x (factor), dB, ms, GB, ...; null: a bare score"
    )
    metric: str | None = Field(description="Metric, by its canonical name; null: not named")
    metric_inferred: bool = INFERRED
    is_bound: bool = Field(
        default=False, description="true: the sentence gives it only as a bound, as in over 90%"
    )
    dataset: str | None = Field(description="Dataset or benchmark; null: none is named")
    kind: str = Field(
        description="absolute (the metric's value), delta (a difference) or ratio (a factor)"
    )
    role: str = Field(description="own (the paper's method) or other (a baseline or prior work)")
    sign: str | None = Field(
        default=None,
        description="For delta and ratio: + where the metric is higher for the paper's subject "
        "than for what it is compared with, - where lower; null: the text does not tell",
    )
    model: str | None = Field(default=None, description="Model or variant that has the value")
    baseline: str | None = Field(default=None, description="What a delta or ratio compares with")
    confidence: float | None = Field(
        default=None,
        description="Estimated share of such numbers whose value, unit, metric and kind were read "
        "right, 0 to 1",
    )
    row_confidence: float | None = Field(
        default=None,
        description="The same with dataset and role: how sure the whole row is, 0 to 1",
    )
    sentence: str | None = Field(description="The sentence it was read from: quote it as evidence")


class Repository(Answer):
    """The code repository of a paper."""

    full_name: str = Field(description="owner/name")
    url: str
    stars: int | None = None
    state: str | None = Field(default=None, description="ok, moved, gone, ...; null: never asked")


class PaperFound(Answer):
    """A paper in a list."""

    key: str = KEY
    title: str
    authors: str
    address: str | None = ADDRESS
    first_seen_on: str | None = Field(
        default=None, description="Day on which a source first had it, in answers of search"
    )
    withdrawn: bool = Field(default=False, description="Withdrawn or deleted: do not rely on it")
    upvotes: int | None = Field(default=None, description="In digests, the highest")
    digests: list[str] = Field(default=[], description="Digests it stood in")
    numbers: list[Number] = Field(
        description="Up to 3 headline numbers of its own, with evidence; `paper` gives all"
    )
    repository: Repository | None = None


class FoundPapers(Answer):
    """The papers that a search found."""

    remarks: list[str] = Field(description="Parts of the search that were not understood as typed")
    did_you_mean: list[str] = Field(
        default=[], description="Searches to try instead, with words and names spelt otherwise"
    )
    papers: list[PaperFound]
    total: int = Field(description="Papers that fit, on this page or not")
    is_total_exact: bool = Field(description="False: there are at least so many")
    truncated: bool = Field(description="More papers fit: raise limit, or narrow it by a filter")


class NumberFound(Number):
    """A number with its paper."""

    key: str = KEY
    title: str = Field(description="Title of the paper")
    address: str | None = ADDRESS
    first_seen_on: str | None = Field(description="Day on which a source first had the paper")
    is_sure: bool = Field(description="Whether it was read surely enough to rely on it")


class FoundNumbers(Answer):
    """The numbers that a search found."""

    remarks: list[str] = Field(description="Parts of the search that were not understood as typed")
    did_you_mean: list[str] = Field(default=[], description="Searches to try instead")
    numbers: list[NumberFound]
    total: int = Field(description="Numbers that fit, on this page or not")
    is_total_exact: bool = Field(description="False: there are at least so many")
    hidden: int = Field(
        description="Numbers left out as not sure, or as bounds only: include_unsure gives them"
    )
    order: str = Field(description="value: the best first; newest: the newest paper first; ...")
    truncated: bool = Field(description="More numbers fit: raise limit, or narrow it by a filter")


class Model(Answer):
    """The numbers that papers report for one model."""

    name: str = Field(description="As papers print it")
    numbers: list[NumberFound] = Field(
        description="What is said of its size, then by dataset, that of most numbers first"
    )
    total: int = Field(description="Numbers that are sure enough, listed or not")
    hidden: int = Field(description="Numbers left out as not sure: include_unsure gives them")
    truncated: bool = Field(description="There are more numbers than these: raise limit")


class SimilarPaper(PaperFound):
    """A paper like another one."""

    shared_datasets: list[str] = Field(description="Up to 3 datasets that both report on")
    shared_repository: str | None = Field(description="A repository that both name")


class SimilarPapers(Answer):
    """The papers most like one."""

    key: str = KEY
    papers: list[SimilarPaper] = Field(description="The most alike first")


class Recommended(PaperFound):
    """A paper that is like starred ones."""

    because: list[str] = Field(description="Keys of up to 2 starred papers that it is most like")


class ForYou(Answer):
    """Papers like those that the owner of the catalog starred."""

    starred: int = Field(description="Starred papers; 0: nothing can be recommended")
    papers: list[Recommended] = Field(description="The most alike first")


class Digest(Answer):
    """The papers of the digests of a day, week or month."""

    day: str = Field(description="The day, e.g. 2025-03-11; a week or month as 2025-W11, 2025-03")
    papers: list[PaperFound] = Field(description="The most upvoted first")
    in_all: int = Field(description="Papers of that time")
    truncated: bool = Field(description="There are more papers than these: raise limit")
    previous_day: str | None = Field(description="The newest earlier day with a digest")


class Link(Answer):
    """An address that a paper or a source names."""

    url: str
    kind: str
    repository: str | None = None
    stars: int | None = None
    found_in: str | None = None
    is_official: bool | None = None


class Paper(Answer):
    """One paper with everything that belongs to it."""

    key: str
    title: str
    abstract: str | None
    authors: list[str]
    address: str | None = ADDRESS
    arxiv_id: str | None
    withdrawn: str | None = Field(
        description="Why it was withdrawn or deleted: do not rely on its numbers; or null"
    )
    versions: str | None = Field(description="Latest version, and which one the numbers are from")
    venue: str | None = Field(description="Where it was accepted, e.g. NeurIPS 2025")
    organization: str | None
    keywords: list[str]
    published_on: str | None = Field(description="Day, YYYY-MM-DD")
    first_seen_on: str | None = Field(description="Day on which a source first had it")
    identifiers: list[str] = Field(description="scheme:value")
    results: list[Number] = Field(description="All numbers, in the order of the abstract")
    links: list[Link]
    digests: list[str] = Field(description="Digests and days it stood in")
    same_title: list[str] = Field(description="Keys of other papers with the same title")


class Board(Answer):
    """A leaderboard in a list."""

    dataset: str
    metric: str
    papers: int = Field(description="Papers with an absolute value of their own")


class Entry(Answer):
    """One result of a leaderboard, or a relative claim beside it."""

    rank: int | None = Field(
        default=None,
        description="1 leads; equal values share a rank; null: too few papers to rank, or a claim",
    )
    value: float | None
    compared: float | None = Field(
        default=None, description="The value as ranked, in the board's unit"
    )
    unit: str | None
    text: str = Field(description="The number as printed")
    kind: str
    sign: str | None = Field(
        default=None,
        description="For delta and ratio: whether the metric is higher (+) or lower (-)",
    )
    led: bool = Field(default=False, description="It was the best when it appeared")
    metric_inferred: bool = INFERRED
    model: str | None
    baseline: str | None = None
    paper: str = KEY
    title: str
    address: str | None = ADDRESS
    first_seen_on: str | None
    parameters: float | None = Field(default=None, description="Model size, in parameters")
    code: str | None = Field(default=None, description="Repository, owner/name")
    origin: str = Field(description="abstract, papers-with-code or curator")
    confidence: float | None
    row_confidence: float | None = Field(
        default=None, description="The same with dataset and role: how sure the whole row is"
    )
    sentence: str | None = Field(description="The sentence it was read from")


class Moved(Answer):
    """A leaderboard with a new best value."""

    dataset: str
    metric: str
    unit: str
    best_before: float = Field(description="The best value until then, in the unit")
    best: float
    paper: str = KEY
    title: str
    model: str | None
    day: str


class Changed(Answer):
    """The results that entered and left the first ranks of a leaderboard since a day."""

    since: str
    top: int
    best_before: float | None = Field(description="In the board's unit; null: there was none")
    entered: list[Entry]
    left: list[Entry]


class Leaderboard(Answer):
    """The ranking on a dataset by a metric, or the leaderboards to choose from."""

    dataset: str | None = None
    metric: str | None = None
    unit: str | None = Field(
        default=None, description="Unit of `compared`; empty: a bare score. Others: `units`"
    )
    units: list[str] = Field(default=[], description="Units that the board can be ranked in")
    higher_is_better: bool | None = Field(
        default=None, description="null: unknown, ranked as if higher were better"
    )
    ranking: list[Entry] = Field(default=[], description="Own absolute results, the best first")
    in_all: int = Field(default=0, description="Results that rank")
    hidden: int = Field(
        default=0,
        description="Results left out as not sure enough, or as bounds only; min_confidence=0 "
        "shows them",
    )
    is_thin: bool = Field(
        default=False, description="Fewer than three papers: claims, not a ranking"
    )
    truncated: bool = Field(default=False, description="More results rank than are listed")
    relative: list[Entry] = Field(
        default=[], description="Differences and factors claimed here; never ranked"
    )
    boards: list[Board] = Field(
        default=[], description="Boards that fit the names, the fullest first: choose one of them"
    )
    moved: list[Moved] = Field(
        default=[],
        description="Without both names: the boards that fit with a new best value since that day",
    )
    changed: Changed | None = Field(
        default=None, description="What changed in the first ten ranks since that day"
    )


class Rows(Answer):
    """The rows that a query returned."""

    columns: list[str]
    rows: list[list[Any]]
    truncated: bool = Field(description="There are more rows than these")
    note: str | None = Field(description="Why it was cut, and how to get the rest")


class Column(Answer):
    """A column of a table or view."""

    name: str
    type: str
    meaning: str | None


class Table(Answer):
    """A table or view."""

    name: str
    kind: str = Field(description="table or view")
    meaning: str | None
    columns: list[Column]


class Schema(Answer):
    """The tables and views that the tool `sql` can query."""

    tables: list[Table]
