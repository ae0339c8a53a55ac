"""Kill a load with `kill -9` at 200 moments, and check that the same load completes it afterwards.

    python -m benchmarks.kills [--moments 200] [--seed 1]

The tests do the same with 20 moments. Exit code 1 where a catalog differed from an undisturbed one.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.robust.killing import try_moments


def main() -> int:
    """Read the arguments, try the moments, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="catalog-kills-") as folder:
        told = try_moments(asked.moments, asked.seed, Path(folder))
    print(f"{told['moments']} moments, spread over the {told['seconds']} s of an undisturbed load")
    print(f"  killed before their end        {told['killed']}")
    print(f"  of these within a run          {told['cut_off']}")
    print(f"  of these between two batches   {told['between_batches']}")
    print(f"  runs left as running           {told['unmarked']}")
    print(f"  unequal after the same load    {len(told['unequal'])}")
    for unequal in told["unequal"]:
        print(f"    moment {unequal['moment']}, after {unequal['delay']} s")
    return 1 if told["unequal"] or told["unmarked"] else 0


if __name__ == "__main__":
    sys.exit(main())
