"""Read the numbers that papers report, with their evidence."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.claims import Verdict, verdict
from catalog.reads.asking import Read, rows


class Number(Struct, kw_only=True):
    """One number that a paper reports; see the table `results`."""

    id: int
    paper_id: int
    text: str
    value: float | None
    value_max: float | None
    error: float | None
    is_bound: bool
    """The sentence gives it only as a bound, as in "less than 65%"."""
    unit: str | None
    metric: str | None
    metric_slug: str | None
    family: str | None
    higher_is_better: bool | None
    metric_inferred: bool
    """The text names no metric: it is the one that is usual on the dataset, or score."""
    metric_text: str | None
    dataset: str | None
    dataset_slug: str | None
    dataset_text: str | None
    task: str | None
    kind: str
    role: str
    sign: str | None
    model: str | None
    baseline: str | None
    sentence: str | None
    span_start: int | None
    span_end: int | None
    origin: str
    rule: str | None
    confidence: float | None
    row_confidence: float | None
    state: str

    @property
    def metric_as_read(self) -> str | None:
        """The metric, with a remark where the text names none."""
        return f"{self.metric} (inferred)" if self.metric_inferred else self.metric

    @property
    def verdict(self) -> Verdict | None:
        """Whether the change that it states is for the better."""
        return verdict(self.sign, self.higher_is_better)


COLUMNS = """r.id, r.paper_id, r.text, r.value, r.value_max, r.error, r.is_bound, r.unit, r.kind,
       r.role, r.sign, r.model, r.baseline, r.metric_inferred, r.metric_text, r.dataset_text,
       r.sentence, r.span_start, r.span_end, r.rule, r.confidence, r.row_confidence, r.origin,
       r.state, m.name AS metric, m.slug AS metric_slug, m.family, m.higher_is_better,
       d.name AS dataset, d.slug AS dataset_slug, t.name AS task"""

JOINS = """LEFT JOIN metrics m ON m.id = r.metric_id
  LEFT JOIN datasets d ON d.id = r.dataset_id
  LEFT JOIN tasks t ON t.id = r.task_id"""

NUMBERS = f"""
SELECT {COLUMNS} FROM results r
  {JOINS}
 WHERE r.paper_id IN :papers AND r.state <> 'rejected'
 ORDER BY r.paper_id, r.span_start IS NULL, r.span_start, r.id
"""


def numbers_of(papers: Sequence[int]) -> Read[dict[int, list[Number]]]:
    """Read the numbers of papers, in the order of the abstract; those of tables come last."""
    found: dict[int, list[Number]] = defaultdict(list)
    for number in (yield from rows(NUMBERS, Number, papers=papers)):
        found[number.paper_id].append(number)
    return found
