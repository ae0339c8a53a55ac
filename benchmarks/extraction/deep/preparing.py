"""Prepare the training of the encoder: `python -m benchmarks.extraction.deep.preparing FOLDER`.

Writes to FOLDER the log-linear weights that have not seen each part of the labels, and all labelled
papers as the encoder reads them. Takes some two minutes of processor time.
"""

import argparse
import pickle
from pathlib import Path

from benchmarks.extraction.deep.encoded import Encoded, encode
from benchmarks.extraction.deep.parts import APART, PARTS, labelled, learn, part_of, weights_without
from etl.extract.deep.base_model import read_tokenizer
from etl.extract.linear_model import make_scorer

PREPARED = "papers.pickle"


def prepare(folder: Path) -> list[Encoded]:
    """Learn the weights without each part, and encode each paper by those without its part."""
    papers = labelled()
    learn(folder, papers)
    scorers = {part: make_scorer(weights_without(part, folder)) for part in (*range(PARTS), APART)}
    tokenizer = read_tokenizer()
    found = (encode(paper, scorers[part_of(paper)], tokenizer) for paper in papers)
    return [one for one in found if one is not None]


def main() -> None:
    """Write to a folder what the training of the encoder reads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PREPARED).write_bytes(pickle.dumps(prepare(folder)))


if __name__ == "__main__":
    main()
