"""Choose what stands beside a paper's title, in lists of the site and in digests."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

NAMED = 2
"""Authors beside a title."""

SHOWN = 3
"""Numbers beside a title."""


class Claim(Protocol):
    """What the choice of headline numbers looks at."""

    @property
    def metric(self) -> str | None: ...  # noqa: D102

    @property
    def dataset(self) -> str | None: ...  # noqa: D102

    @property
    def kind(self) -> str: ...  # noqa: D102

    @property
    def role(self) -> str: ...  # noqa: D102

    @property
    def confidence(self) -> float | None: ...  # noqa: D102


C = TypeVar("C", bound=Claim)


def names(authors: Sequence[str]) -> str:
    """Name the first authors, and how many more there are.

    >>> names(["Ann Lee", "Bob Ray", "Cy Tan", "Di Fox"])
    'Ann Lee, Bob Ray and 2 more'
    """
    if len(authors) > NAMED + 1:
        return f"{', '.join(authors[:NAMED])} and {len(authors) - NAMED} more"
    return ", ".join(authors)


def headline(claims: Iterable[C]) -> list[C]:
    """Choose the few numbers that say most: own, of a known metric and dataset, on quality."""
    chosen: list[C] = []
    seen = set()
    for claim in sorted(claims, key=_weight):
        subject = (claim.metric, claim.dataset, claim.kind)
        if subject not in seen and claim.role == "own":
            seen.add(subject)
            chosen.append(claim)
    return chosen[:SHOWN]


def _weight(claim: Claim) -> tuple[bool, bool, bool, bool, float]:
    """Order claims for `headline`, the most telling first."""
    return (
        claim.metric is None,
        claim.metric in {"parameters", "FLOPs"},
        claim.dataset is None,
        claim.kind != "absolute",
        -(claim.confidence or 0),
    )
