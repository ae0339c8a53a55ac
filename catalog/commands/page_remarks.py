"""Say in the terminal how much a search found, and what may have been meant."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog.domain.formatting import plural
from catalog.domain.safe_text import one_line

if TYPE_CHECKING:
    from catalog.reads.search import FoundPage


def told_of(found: "FoundPage", shown: int, what: str) -> Iterator[str]:
    """Say how much was found, where it is not plain to see, and what may have been meant."""
    if not shown:
        yield f"No {what}s were found."
    elif found.more:
        least = "" if found.is_total_exact else "at least "
        yield f"{shown} of {least}{plural(found.total, what)}: --limit shows more."
    if found.did_you_mean:
        yield f"Did you mean: {one_line(', or: '.join(found.did_you_mean), 400)}?"
