"""Part the labels for the encoder, and learn log-linear weights that have not seen a part.

The encoder is given the log-linear scores of every candidate. It would trust them too much if
their weights had been learned on the same paper, so three parts of the training text are each
scored by weights of the two others. An eighth of the later labels is kept apart from everything.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.extraction.corpus import Paper, fold, read_extra, read_key, read_tex
from benchmarks.extraction.evaluate import is_late
from benchmarks.extraction.examples import build
from benchmarks.extraction.train import FEWER_DRAWS, Tables, train

PARTS = 3
APART = PARTS
"""The number of the part that is kept apart from all training."""
EIGHTHS = 8


def part_of(paper: Paper) -> int:
    """Return the part of a paper: 0 to 2, or `APART`."""
    if is_late(paper) and fold(paper.id, EIGHTHS, "deep") == 0:
        return APART
    return fold(paper.id, PARTS, "deep part")


def labelled() -> list[Paper]:
    """Return all papers with labels that may be trained on."""
    return [*read_key(), *read_tex(), *read_extra()]


def weights_without(part: int, folder: Path) -> Tables:
    """Read the log-linear weights that have not seen a part."""
    found: Tables = json.loads((folder / f"without-{part}.json").read_text(encoding="utf-8"))
    return found


def learn(folder: Path, papers: Sequence[Paper]) -> None:
    """Learn the weights without each part, and write them to a folder."""
    examples = [(part_of(paper), build(paper)) for paper in papers]
    for part in (APART, *range(PARTS)):
        tables = train([e for own, e in examples if own not in (part, APART)], FEWER_DRAWS)
        path = folder / f"without-{part}.json"
        path.write_text(json.dumps(tables, ensure_ascii=False), encoding="utf-8")
