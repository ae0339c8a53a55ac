"""Kill commands with `kill -9` at hundreds of moments, and check what the same command makes then.

    python -m benchmarks.kills [--moments 200] [--seed 1] [--command NAME]...

Without --command every command that writes has its turn. The tests do the same with a few moments.
Exit code 1 where a catalog differed from an undisturbed one.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.robust.kill_commands import COMMANDS, try_command
from tests.robust.kill_mail import try_mail
from tests.robust.killing import try_moments

ALL = ["load in batches", "digest --send", *COMMANDS]


def main() -> int:
    """Read the arguments, try the moments, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--command", action="append", choices=ALL)
    asked = parser.parse_args()
    wanted = asked.command or ALL
    good = [_is_good(name, asked.moments, asked.seed) for name in wanted]
    return 0 if all(good) else 1


def _is_good(name: str, moments: int, seed: int) -> bool:
    """Try one command; print what came of it."""
    if name == "load in batches":
        return _load(moments, seed)
    with tempfile.TemporaryDirectory(prefix="catalog-kills-") as folder:
        if name == "digest --send":
            told = try_mail(moments, seed, Path(folder))
        else:
            told = try_command(name, moments, seed, Path(folder))
    print(
        f"{name:<20} {told['seconds']:>6} s, {told['killed']} of {moments} killed before the end, "
        f"{len(told['unequal'])} unequal, {len(told['ended'])} ended badly, "
        f"{len(told['left'])} files left"
    )
    for wrong in (*told["unequal"], *told["ended"]):
        print(f"    {wrong}")
    return not (told["unequal"] or told["ended"] or told["left"])


def _load(moments: int, seed: int) -> bool:
    """Try a load whose documents take many transactions."""
    with tempfile.TemporaryDirectory(prefix="catalog-kills-") as folder:
        told = try_moments(moments, seed, Path(folder))
    print(f"{told['moments']} moments, spread over the {told['seconds']} s of an undisturbed load")
    print(f"  killed before their end        {told['killed']}")
    print(f"  of these within a run          {told['cut_off']}")
    print(f"  of these between two batches   {told['between_batches']}")
    print(f"  runs left as running           {told['unmarked']}")
    print(f"  unequal after the same load    {len(told['unequal'])}")
    for unequal in told["unequal"]:
        print(f"    moment {unequal['moment']}, after {unequal['delay']} s")
    return not (told["unequal"] or told["unmarked"])


if __name__ == "__main__":
    sys.exit(main())
