"""What stands beside a paper's title, in lists of the site and in digests."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NAMED = 2
"""Authors beside a title."""

SHOWN = 3
"""Numbers beside a title."""


def names(authors: Sequence[Mapping[str, Any]]) -> str:
    """Name the first authors, and how many more there are.

    >>> names([{"name": "Ann Lee"}, {"name": "Bob Ray"}, {"name": "Cy Tan"}, {"name": "Di Fox"}])
    'Ann Lee, Bob Ray and 2 more'
    """
    shown = [one["name"] for one in authors]
    if len(shown) > NAMED + 1:
        return f"{', '.join(shown[:NAMED])} and {len(shown) - NAMED} more"
    return ", ".join(shown)


def headline(results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Choose the few numbers that say most: own, of a known metric and dataset, on quality."""
    chosen: list[dict[str, Any]] = []
    seen = set()
    for result in sorted(results, key=_weight):
        subject = (result["metric"], result["dataset"], result["kind"])
        if subject not in seen and result["role"] == "own":
            seen.add(subject)
            chosen.append(dict(result))
    return chosen[:SHOWN]


def _weight(result: Mapping[str, Any]) -> tuple[bool, bool, bool, bool, float]:
    """Order for `headline`, the most telling first."""
    return (
        result["metric"] is None,
        result["metric"] in {"parameters", "FLOPs"},
        result["dataset"] is None,
        result["kind"] != "absolute",
        -(result["confidence"] or 0),
    )
