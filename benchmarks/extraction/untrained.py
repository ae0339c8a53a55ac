"""Score the shipped reader on the labels that it was not trained on.

    python -m benchmarks.extraction.untrained            # print the figures
    python -m benchmarks.extraction.untrained --write    # put them into REPORT.md

Takes about a minute. The labels are in `labels/untrained/`; the section of the report is renewed
by `python -m benchmarks.extraction.report --write` as well.
"""

from collections.abc import Sequence

from benchmarks.extraction.corpus import read_untrained
from benchmarks.extraction.evaluate import Outcome, f1_counts, predict
from benchmarks.extraction.report_file import print_or_write
from benchmarks.extraction.tables import check_counts, confidence_bins, floors, rates
from etl.extract.linear_model import shipped

FLOORS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)

SECTION = """## Labels not trained on

Renewed by `python -m benchmarks.extraction.untrained --write`. {papers} abstracts with {records}
records (`labels/untrained/`), annotated like the later labels and read by the shipped weights,
which were neither trained nor calibrated on them; but some 200 of their errors were read while
rules were written. They are arXiv's of March to June 2025,
like much of the training text, and were chosen because a number in them may be a result: {empty}
of them have no result, while of the set of 2026 put aside more than half have none. So these
figures tell how well numbers are read; the set put aside tells what to expect of new text. Kind,
dataset and role are F1, right at all levels before; sign, model and baseline are shares of the
pairs whose value and unit are right.

{fields}

In five bins of as many records each, the mean confidence that is promised and the share that is
right:

{bins}

Board rows (own absolute values with metric and dataset) by the least row confidence:

{floors}"""


def measure() -> str:
    """Read the abstracts and write the section."""
    return section([predict(paper, shipped()) for paper in read_untrained()])


def section(outcomes: Sequence[Outcome]) -> str:
    """Write the section of the report for these outcomes."""
    return SECTION.format(
        papers=len(outcomes),
        records=sum(len(outcome.paper.metrics) for outcome in outcomes),
        empty=sum(not outcome.paper.metrics for outcome in outcomes),
        fields=fields(outcomes),
        bins=confidence_bins(outcomes),
        floors=floors(outcomes, FLOORS),
    )


def fields(outcomes: Sequence[Outcome]) -> str:
    """Tabulate every field with its interval."""
    records = f"{sum(len(outcome.paper.metrics) for outcome in outcomes)} records"
    levels = [(level, f1_counts(outcomes, level), records) for level in ("kind", "dataset", "role")]
    counts = {field: check_counts(outcomes, field) for field in ("sign", "model", "baseline")}
    beside = [(name, of, f"{sum(size for _, size in of)} pairs") for name, of in counts.items()]
    return rates([*levels, *beside])


if __name__ == "__main__":
    print_or_write(measure, __doc__)
