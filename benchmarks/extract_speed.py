"""How many abstracts a second one core extracts: `python -m benchmarks.extract_speed`.

Measured in CPU time of this process over the abstracts without annotation, so that other work on
the machine matters little. With `--quantulum`, quantulum3 (dependency group `bench`) reads a part
of the same abstracts for comparison; it finds quantities only, not what they are of.
"""

import argparse
import time
from collections.abc import Callable

from benchmarks.extraction.corpus import bulk
from etl.extract import extract


def rate(work: Callable[[str], object], texts: list[str], repeats: int = 3) -> float:
    """Texts a second of CPU time, the best of several rounds."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - start)
    return len(texts) / best


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--quantulum", action="store_true")
    arguments = parser.parse_args()
    texts = [row["abstract"] for row in bulk()[: arguments.count]]
    extract(texts[0])
    ours = rate(extract, texts)
    print(f"extract: {ours:,.0f} abstracts/s ({1e6 / ours:,.0f} microseconds each)")
    if arguments.quantulum:
        from quantulum3 import classifier
        from quantulum3 import parser as quantulum

        # Its trained classifier needs an old scikit-learn; without it, it is only faster.
        classifier.USE_CLF = False
        theirs = rate(quantulum.parse, texts[:100], repeats=1)
        print(
            f"quantulum3: {theirs:,.0f} abstracts/s; extract is {ours / theirs:,.0f} times faster"
        )


if __name__ == "__main__":
    main()
