"""Write the report, whole or one section of it."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path

REPORT = Path(__file__).parent / "REPORT.md"


def replace_section(report: str, section: str) -> str:
    """Replace the section of the same heading; append it where there is none.

    >>> replace_section("## A\\n\\nold\\n\\n## B\\n", "## A\\n\\nnew")
    '## A\\n\\nnew\\n\\n## B\\n'
    """
    heading = re.escape(section.partition("\n")[0])
    found = re.search(rf"^{heading}\n.*?(?=^## |\Z)", report, re.DOTALL | re.MULTILINE)
    before, after = (
        (report[: found.start()], report[found.end() :]) if found else (f"{report}\n", "")
    )
    return before + section + ("\n\n" if after else "\n") + after


def print_or_write(measure: Callable[[], str], about: str | None) -> None:
    """Print a section, or put it into the report with --write."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help=f"put it into {REPORT.name}")
    write, section = parser.parse_args().write, measure()
    if write:
        report = replace_section(REPORT.read_text(encoding="utf-8"), section)
        REPORT.write_text(report, encoding="utf-8")
    else:
        print(section)
