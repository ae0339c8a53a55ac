"""Judge the encoder beside the learned weights: `python -m benchmarks.extraction.deep.judging`.

The later labels kept apart are read with weights that have not seen them; of the held-out sets
that put aside is read only where `--aside` asks for it. `--calibrate` learns from all these but
the set put aside what evidence weighs for this reader's confidences.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

from benchmarks.extraction import score
from benchmarks.extraction.calibrate import calibrate_across, calibrations
from benchmarks.extraction.corpus import ASIDE, Paper, read_held_out
from benchmarks.extraction.deep.packing import TARGET
from benchmarks.extraction.deep.parts import APART, labelled, part_of, weights_without
from benchmarks.extraction.evaluate import Counts, Outcome, f1_counts, figures, predict
from benchmarks.extraction.tables import board_rows, confidence_bins
from etl.extract.deep import deep_reader
from etl.extract.deep.base_model import read_tokenizer
from etl.extract.deep.model import read_model
from etl.extract.deep.opinion import DeepOpinion
from etl.extract.linear_model import Scorer, make_scorer, shipped
from etl.extract.pipeline import FormOpinion

ROUNDS = 2000
Pair = tuple[Sequence[Outcome], Sequence[Outcome]]
"""Outcomes of the learned weights alone, and with the encoder."""


def read_both(papers: Sequence[Paper], scorer: Scorer, form_opinion: FormOpinion) -> Pair:
    """Read papers with the learned weights alone, and with the encoder."""
    return (
        [predict(paper, scorer) for paper in papers],
        [predict(paper, scorer, form_opinion) for paper in papers],
    )


def difference(before: Counts, after: Counts) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two shares, drawing papers."""
    draw, found = random.Random(0), []
    both = list(zip(before, after, strict=True))
    for _ in range(ROUNDS):
        sample = draw.choices(both, k=len(both))
        shares = [sum(one[at][0] for one in sample) / max(sum(one[at][1] for one in sample), 1)
                  for at in (0, 1)]  # fmt: skip
        found.append(shares[1] - shares[0])
    found.sort()
    return found[ROUNDS // 40], found[-ROUNDS // 40 - 1]


def tell(name: str, pair: Pair) -> str:
    """Tabulate F1 at every level, and the board rows at the floor that are right."""
    lines = [f"{name}: {len(pair[0])} papers"]
    before, after = (figures(outcomes) for outcomes in pair)
    for level in score.LEVELS[2:]:
        low, high = difference(*(f1_counts(outcomes, level) for outcomes in pair))
        lines.append(
            f"  {level}: {before[level]['f1']:.3f} to {after[level]['f1']:.3f} "
            f"({low:+.3f} to {high:+.3f})"
        )
    rows = [board_rows(outcomes) for outcomes in pair]
    lines += [f"  board rows: {shown} shown, {right} right, {wanted} of the labels"
              for shown, right, wanted in rows]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Print the figures, and write the confidences where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="that of the weights without each part")
    parser.add_argument("--weights", type=Path, default=TARGET)
    parser.add_argument("--aside", action="store_true")
    parser.add_argument("--calibrate", action="store_true")
    arguments = parser.parse_args()
    model, tokenizer = read_model(arguments.weights.read_bytes()), read_tokenizer()

    def form(reading, results):  # type: ignore[no-untyped-def]
        return DeepOpinion(model, tokenizer, reading, results)

    apart = [paper for paper in labelled() if part_of(paper) == APART]
    unseen = make_scorer(weights_without(APART, arguments.folder))
    later = read_both(apart, unseen, form)
    held_out = read_held_out()
    older = read_both([p for p in held_out if p.part != ASIDE], shipped(), form)
    calibrate_across(later[0])
    calibrate_across(later[1])
    print(tell("later labels kept apart", later))
    print(tell("older held-out sets", older))
    both = [*later[1], *older[1]]
    if arguments.calibrate:
        path = Path(deep_reader.__file__).parent / deep_reader.CONFIDENCE
        path.write_text(json.dumps(calibrations(both), indent=0, sort_keys=True) + "\n")
        calibrate_across(both)
        print(confidence_bins(both))
    if arguments.aside:
        print(tell("set put aside", read_both([p for p in held_out if p.part == ASIDE],
                                              shipped(), form)))  # fmt: skip


if __name__ == "__main__":
    main()
