"""Report how good the extractor is: `python -m benchmarks.extraction.report --write`.

Everything is worked out anew: weights trained without each half of the later labels, and without
the untouched part of the key, intervals, errors, calibration. Takes about three minutes of
processor time.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.extraction import agreement, score
from benchmarks.extraction.calibrate import calibrate_across
from benchmarks.extraction.corpus import ASIDE, Paper, read_extra, read_held_out, read_key, read_tex
from benchmarks.extraction.evaluate import (
    Outcome,
    errors_by_field,
    figures,
    interval,
    predict,
    predict_later,
)
from benchmarks.extraction.examples import build
from benchmarks.extraction.report_file import REPORT
from benchmarks.extraction.tables import (
    FLOOR,
    board_rows,
    checks,
    confidence_bins,
    fields,
    floors,
    share,
)
from benchmarks.extraction.train import FEWER_DRAWS, train
from etl.extract.abstract_links import find_links
from etl.extract.linear_model import make_scorer, shipped

TRIED = Path(__file__).parent / "TRIED.md"
AIMS = {"value": 0.96, "unit": 0.95, "metric": 0.92, "kind": 0.90, "dataset": 0.85, "role": 0.82}


def measure() -> str:
    """Write the whole report as Markdown."""
    key = read_key()
    papers = [*key, *read_tex(), *read_extra()]
    later = predict_later(papers)
    calibrate_across(later)
    untouched = [paper for paper in key if paper.part == "untouched"]
    seen = (build(paper) for paper in papers if paper.part != "untouched")
    scorer = make_scorer(train(seen, FEWER_DRAWS))
    unseen = [predict(paper, scorer) for paper in untouched]
    held_out = [predict(paper, shipped()) for paper in read_held_out()]
    aside = [outcome for outcome in held_out if outcome.paper.part == ASIDE]
    rows: list[tuple[str, Sequence[Outcome]]] = [
        ("**set of 2026 put aside**, shipped weights", aside),
        ("older held-out sets, shipped weights", [o for o in held_out if o.paper.part != ASIDE]),
        ("later labels (2026 and TeX), weights without their half", later),
        *((f"— of these {part}", of) for part, of in _parts(later)),
        ("**untouched part of the key**, weights without it", unseen),
    ]
    return "\n\n".join(
        [
            INTRODUCTION.format(aims=_aims()),
            _figures(rows),
            "## Sign, model, baseline, boards\n\n" + _beside([rows[0], rows[2]]),
            ASIDE_FIELDS + fields(aside),
            "## Links\n\n" + _links(key),
            "## Errors\n\n" + _errors(later),
            CONFIDENCE + confidence_bins(aside) + LATER + confidence_bins(later),
            BY_FLOOR + floors(later),
            agreement.measure(),
            TRIED.read_text(encoding="utf-8").strip(),
        ]
    )


CONFIDENCE = """## Confidence

Both are learned on the later labels, read by weights without their half. On the set put aside, in
five bins of as many records each, the mean that is promised and the share that is right:

"""

LATER = """

On the later labels, each part calibrated by the others:

"""

BY_FLOOR = """## Boards by floor

Board rows of the later labels by the least row confidence, read by weights without their half and
calibrated by the other parts. These abstracts were chosen because a number in them may be a
result; of the set put aside more than half have none.

"""

ASIDE_FIELDS = """On the set put aside, kind, dataset and role are F1, right at all levels before;
sign, model and baseline are shares of the pairs whose value and unit are right:

"""

INTRODUCTION = """# How good the extraction is

Written by `python -m benchmarks.extraction.report --write`; scored by `score.py`, where a record
counts at a level if it is right there and at all levels before. The headline is *kind* (value,
unit, metric and kind right). Aims on unseen abstracts: {aims}.

- *Set of 2026 put aside*: 420 abstracts of daily papers of March to August 2026, drawn at random,
  later than almost all that was trained on, annotated before anybody read an error of the
  extractor on them. Only its figures were seen, not its texts. **This row tells what to expect.**
- *Older held-out sets*: 360 abstracts, never trained on; their figures were seen more often.
- *Later labels*: careful labels of 2026 and of arXiv with its TeX (`labels/read-*`), each half
  read by weights that were trained without it. Their errors were read while rules were written.
- *Two readings of the same abstracts* have a section of their own.
- *Untouched part*: 28 % of the answer key; nobody looked at an error in it. The shipped weights
  are trained on it in the end, those behind its row are not.
- Intervals are 95 % bootstrap intervals over papers."""


def _beside(rows: Sequence[tuple[str, Sequence[Outcome]]]) -> str:
    """Share right of what is scored beside the levels, of pairs whose value and unit are right."""
    lines = ["| on | sign | model | baseline | board rows | right | the key's found |"]
    lines.append("|" + " --- |" * 7)
    for name, outcomes in rows:
        cells = [share(checks(outcomes, field)) for field in ("sign", "model", "baseline")]
        shown, right, wanted = board_rows(outcomes)
        lines.append(
            f"| {name} | {' | '.join(cells)} | {shown} | {right / max(shown, 1):.2f} | "
            f"{right / max(wanted, 1):.2f} |"
        )
    lines += [
        "",
        f"Board rows are own absolute values with metric and dataset, of a row confidence of at "
        f"least {FLOOR}.",
    ]
    return "\n".join(lines)


def _aims() -> str:
    return ", ".join(f"{level} {aim}" for level, aim in AIMS.items())


def _parts(outcomes: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    parts: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        parts[outcome.paper.part].append(outcome)
    return sorted(parts.items())


def _figures(rows: Sequence[tuple[str, Sequence[Outcome]]]) -> str:
    names = (
        "on",
        "papers",
        "records",
        "value",
        "unit",
        "metric",
        "**kind**",
        "95 %",
        "P",
        "R",
        "dataset",
        "role",
    )
    lines = ["## Figures (F1)", "", f"| {' | '.join(names)} |", "|" + " --- |" * len(names)]
    for name, outcomes in rows:
        found = figures(outcomes)
        low, high = interval(outcomes, "kind")
        f1 = {level: f"{found[level]['f1']:.3f}" for level in score.LEVELS}
        kind = found["kind"]
        lines.append(
            f"| {name} | {len(outcomes)} | {kind['wanted']} | {f1['value']} | {f1['unit']} | "
            f"{f1['metric']} | **{f1['kind']}** | {low:.3f} to {high:.3f} | "
            f"{kind['precision']:.3f} | {kind['recall']:.3f} | {f1['dataset']} | {f1['role']} |"
        )
    return "\n".join(lines)


def _links(papers: Sequence[Paper]) -> str:
    hit = found = wanted = 0
    for paper in papers:
        mine: Counter[Any] = Counter(score.link_key(link) for link in paper.links)
        ours: Counter[Any] = Counter(
            score.link_key({"url": link.url, "kind": link.kind, "repo": link.repo})
            for link in find_links(paper.abstract)
        )
        hit += sum((mine & ours).values())
        found += sum(ours.values())
        wanted += sum(mine.values())
    rates = f"precision {hit / found:.3f}, recall {hit / wanted:.3f}"
    return f"On the key's {wanted} addresses: {rates}."


def _errors(outcomes: Sequence[Outcome]) -> str:
    total = sum(len(outcome.paper.metrics) for outcome in outcomes)
    by_field = errors_by_field(outcomes)
    lines = ["First field that is wrong (later labels), of " + f"{total} annotated records:", ""]
    lines += ["| field | records | share |", "| --- | --- | --- |"]
    for name in ("missed", "extra", *score.LEVELS[1:]):
        lines.append(f"| {name} | {by_field[name]} | {by_field[name] / total:.1%} |")
    lines += ["", "By the rule that gave the metric (pairs whose value and unit are right):", ""]
    lines += _table(outcomes, "rule", lambda gold, found: found["rule"], "metric")
    lines += ["", "By category of the annotated record, wrong at the headline:", ""]
    lines += _table(outcomes, "category", _category, "kind")
    return "\n".join(lines)


def _table(
    outcomes: Sequence[Outcome],
    title: str,
    group: Callable[[dict[str, Any], dict[str, Any]], str],
    level: str,
) -> list[str]:
    """Tabulate pairs and wrong ones by group, the largest first."""
    at = score.LEVELS.index(level)
    pairs: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for outcome in outcomes:
        for g, f, levels in outcome.pairs:
            if levels[1]:
                name = group(outcome.paper.metrics[g], outcome.found[f])
                pairs[name] += 1
                wrong[name] += not levels[at]
    lines = [f"| {title} | pairs | wrong | share |", "| --- | --- | --- | --- |"]
    for name, count in pairs.most_common(16):
        lines.append(f"| {name} | {count} | {wrong[name]} | {wrong[name] / count:.0%} |")
    return lines


def _category(gold: dict[str, Any], _found: dict[str, Any]) -> str:
    if score.fold_metric(gold["metric"]) is None:
        return f"{gold['kind']}, no metric named"
    if gold["value_max"] is not None:
        return f"{gold['kind']}, range"
    unit = score.fold_unit(gold["unit"])
    return f"{gold['kind']}, {unit if unit in ('%', 'x') else 'bare' if unit is None else 'unit'}"


def main() -> None:
    """Print the report, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.name}")
    text = measure() + "\n"
    if parser.parse_args().write:
        REPORT.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
