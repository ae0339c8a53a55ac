"""Tabulate how outcomes compare with their labels, for the report and its sections."""

from collections.abc import Sequence

from benchmarks.extraction import score
from benchmarks.extraction.evaluate import ROW, Counts, Outcome, bootstrap, chances, f1_counts
from catalog.domain import claims

FLOOR = claims.FLOOR


def share(marks: Sequence[bool]) -> str:
    """Put the share of right ones, and of how many."""
    return f"{sum(marks) / len(marks):.3f} of {len(marks)}" if marks else "-"


def checks(outcomes: Sequence[Outcome], field: str) -> list[bool]:
    """Return whether each field is right, for every pair with right value and unit that has it."""
    found = []
    for outcome in outcomes:
        for g, f, levels in outcome.pairs:
            gold, ours = outcome.paper.metrics[g], outcome.found[f]
            if not levels[1] or field not in gold:
                continue
            if field == "model":
                found.append(score.same_name(gold[field], ours[field]))
            elif gold["kind"] != "absolute" and (field == "baseline" or gold["sign"]):
                found.append(score.same_name(gold[field], ours[field]) if field == "baseline"
                             else gold[field] == ours[field])  # fmt: skip
    return found


def check_counts(outcomes: Sequence[Outcome], field: str) -> Counts:
    """Count for every paper how often a field is right, and how often it is checked."""
    marks = [checks([outcome], field) for outcome in outcomes]
    return [(sum(found), len(found)) for found in marks]


def board_rows(outcomes: Sequence[Outcome], floor: float = FLOOR) -> tuple[int, int, int]:
    """Count the rows that boards show, those right in everything, and those of the labels."""
    shown = right = wanted = 0
    for outcome in outcomes:
        whole = {f for _, f, levels in outcome.pairs if levels[-1]}
        wanted += sum(map(score.is_board_row, outcome.paper.metrics))
        for index, record in enumerate(outcome.found):
            if score.is_board_row(record) and record["row_confidence"] >= floor:
                shown += 1
                right += index in whole
    return shown, right, wanted


def rates(rows: Sequence[tuple[str, Counts, str]], title: str = "right") -> str:
    """Tabulate shares with their 95 % intervals: the name, counts for every paper, and of what."""
    lines = [f"| field | {title} | 95 % | of |", "| --- | --- | --- | --- |"]
    for name, counts, of in rows:
        low, high = bootstrap(counts)
        right = sum(hit for hit, _ in counts) / max(sum(size for _, size in counts), 1)
        lines.append(f"| {name} | {right:.3f} | {low:.3f} to {high:.3f} | {of} |")
    return "\n".join(lines)


def fields(outcomes: Sequence[Outcome]) -> str:
    """Tabulate every field with its interval."""
    records = f"{sum(len(outcome.paper.metrics) for outcome in outcomes)} records"
    levels = [(level, f1_counts(outcomes, level), records) for level in ("kind", "dataset", "role")]
    counts = {field: check_counts(outcomes, field) for field in ("sign", "model", "baseline")}
    beside = [(name, of, f"{sum(size for _, size in of)} pairs") for name, of in counts.items()]
    return rates([*levels, *beside])


def confidence_bins(outcomes: Sequence[Outcome]) -> str:
    """Tabulate five equal bins of records: the confidence promised, and the share right."""
    lines = ["| | lowest | | | | highest |", "|" + " --- |" * 6]
    for title, level in (("confidence (up to kind)", "kind"), ("row confidence (up to role)", ROW)):
        found = sorted(chances(outcomes, level))
        cells = []
        for place in range(5):
            part = found[place * len(found) // 5 : (place + 1) * len(found) // 5]
            promised = sum(chance for chance, _ in part) / max(len(part), 1)
            holds = sum(ok for _, ok in part) / max(len(part), 1)
            cells.append(f"{promised:.2f}: {holds:.2f}")
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


FLOORS = (0.5, 0.6, 0.7, 0.75, 0.8, FLOOR, 0.85, 0.9)


def floors(outcomes: Sequence[Outcome], bounds: Sequence[float] = FLOORS) -> str:
    """Tabulate the rows that boards would show at each floor of the row confidence."""
    lines = ["| floor | shown | right | the key's found |", "| --- | --- | --- | --- |"]
    for floor in bounds:
        shown, right, wanted = board_rows(outcomes, floor)
        lines.append(
            f"| {floor} | {shown} | {right / max(shown, 1):.3f} | {right / max(wanted, 1):.3f} |"
        )
    return "\n".join(lines)
