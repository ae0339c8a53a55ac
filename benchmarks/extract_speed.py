"""Measure how many abstracts one core extracts per second.

Measured in CPU time of a process over the abstracts without annotation, so that other work on the
machine matters little. With `--beside`, another checkout of this project, or the package that is
installed for another Python (the compiled one, say), reads the same abstracts in turn, and the
ratio of processor time is printed. With `--quantulum`, quantulum3 (dependency group `bench`) reads
a part of them for comparison; it finds quantities only, not what they are of.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.extraction.corpus import ROOT, bulk
from etl.extract import extract

ROUND = """
import json, sys, time
from etl.extract import extract
texts = json.load(open(sys.argv[1]))
for text in texts[:200]:  # what is read once is not what is measured
    extract(text)
start = time.process_time()
for text in texts:
    extract(text)
print(time.process_time() - start)
"""
"""What one checkout is asked to do, in a process of its own."""


def rate(work: Callable[[str], object], texts: list[str], repeats: int = 3) -> float:
    """Measure texts per second of CPU time, the best of several rounds."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - start)
    return len(texts) / best


def compare(readers: Sequence[Path], texts: list[str], repeats: int = 5) -> list[float]:
    """Measure the least CPU seconds that each reader takes for these texts, in turn.

    A reader is the folder of a checkout, or a Python for which the package is installed.
    """
    best = [float("inf")] * len(readers)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(texts, file)
        file.flush()
        for _ in range(repeats):
            for index, reader in enumerate(readers):
                best[index] = min(best[index], _seconds(reader, file.name))
    return best


def _seconds(reader: Path, texts: str) -> float:
    if reader.is_dir():
        command, folder = [sys.executable, "-c", ROUND, texts], reader
    else:
        command, folder = [str(reader), "-P", "-c", ROUND, texts], None
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return float(done.stdout)


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--quantulum", action="store_true")
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT_OR_PYTHON")
    arguments = parser.parse_args()
    texts = [row["abstract"] for row in bulk()[: arguments.count]]
    if arguments.beside:
        ours, theirs = compare([ROOT, arguments.beside.absolute()], texts)
        print(f"this checkout {ours:.2f} s, the other {theirs:.2f} s: ratio {ours / theirs:.2f}")
        return
    extract(texts[0])
    found = rate(extract, texts)
    print(f"extract: {found:,.0f} abstracts/s ({1e6 / found:,.0f} microseconds each)")
    if arguments.quantulum:
        from quantulum3 import classifier
        from quantulum3 import parser as quantulum

        # Its trained classifier needs an old scikit-learn; without it, it is only faster.
        classifier.USE_CLF = False
        other = rate(quantulum.parse, texts[:100], repeats=1)
        print(f"quantulum3: {other:,.0f} abstracts/s; extract is {found / other:,.0f} times faster")


if __name__ == "__main__":
    main()
