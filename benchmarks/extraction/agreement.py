"""Measure how far two readers of the same abstracts agree.

    python -m benchmarks.extraction.agreement            # print the figures
    python -m benchmarks.extraction.agreement --write    # put them into REPORT.md

The second readings are in `second/`, those of the set put aside in `held_out/second/`. Only figures
are printed, never what the readers differ in.
"""

from collections.abc import Sequence

from benchmarks.extraction import score
from benchmarks.extraction.corpus import ASIDE, SecondRead, read_second
from benchmarks.extraction.evaluate import Counts, Outcome, f1_counts
from benchmarks.extraction.report_file import print_or_write
from benchmarks.extraction.tables import check_counts, rates

SECTION = """## Two readings of the same abstracts

Renewed by `python -m benchmarks.extraction.agreement --write`. {papers} abstracts were read a
second time by another reader, by the same guidelines. *Numbers both have* is of all numbers that
either has; metric, kind, dataset and role are of the numbers that both have, each by itself; sign,
model and baseline of those with the same unit. *As scored* is F1 as in the figures above, with the
second reader instead of the extractor.

Readers of the same guidelines share habits, and errors with them; agreement as high as this
suggests that these two did, and nothing shows that they were independent. So it tells how
consistent the labels are, not how right they are, and is no bound for an extractor. Where nothing
differs, the bootstrap interval has no width, although the next hundred abstracts may differ.

On {labels} abstracts of the labels:

{table}

On {aside} abstracts of the set put aside:

{aside_table}"""


def measure() -> str:
    """Pair both readings and write the section."""
    return section([paired(second) for second in read_second()])


def paired(second: SecondRead) -> Outcome:
    """Pair the second reading with the first as if the extractor had made it."""
    pairs, _, _ = score.pair(second.first.metrics, second.metrics)
    return Outcome(second.first, second.metrics, pairs)


def section(outcomes: Sequence[Outcome]) -> str:
    """Write the section of the report for these pairs of readings."""
    aside = [outcome for outcome in outcomes if outcome.paper.part == ASIDE]
    labels = [outcome for outcome in outcomes if outcome.paper.part != ASIDE]
    return SECTION.format(
        papers=len(outcomes), labels=len(labels), table=table(labels),
        aside=len(aside), aside_table=table(aside),
    )  # fmt: skip


def table(outcomes: Sequence[Outcome]) -> str:
    """Tabulate the agreement of every field with its interval."""
    shares = {
        "numbers both have": [
            (len(one.pairs), len(one.paper.metrics) + len(one.found) - len(one.pairs))
            for one in outcomes
        ],
        **{field: alike(outcomes, field) for field in ("metric", "kind", "dataset", "role")},
        **{field: check_counts(outcomes, field) for field in ("sign", "model", "baseline")},
    }
    records = f"{sum(len(outcome.paper.metrics) for outcome in outcomes)} records"
    return rates(
        [
            *((name, counts, str(sum(of for _, of in counts))) for name, counts in shares.items()),
            *(
                (f"{level} as scored", f1_counts(outcomes, level), records)
                for level in ("kind", "dataset", "role")
            ),
        ],
        "agree",
    )


def alike(outcomes: Sequence[Outcome], field: str) -> Counts:
    """Count for every paper the pairs, and those that agree in a field whatever the others say."""
    found = []
    for outcome in outcomes:
        marks = [
            score.agreement(gold, gold | {field: outcome.found[f][field]})[-1]
            for g, f, _ in outcome.pairs
            for gold in [outcome.paper.metrics[g]]
        ]
        found.append((sum(marks), len(marks)))
    return found


if __name__ == "__main__":
    print_or_write(measure, __doc__)
