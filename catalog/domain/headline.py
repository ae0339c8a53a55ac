"""Choose the names and numbers beside a paper's title, in lists and digests."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from catalog.domain.claims import Reading, certainty, is_sure

NAMED = 2
"""Authors beside a title."""

SHOWN = 3
"""Numbers beside a title."""

SET_UP = {"parameters", "FLOPs"}
"""Metrics that describe a model rather than what it reaches."""


class Claim(Reading, Protocol):
    """The fields on which the choice of headline numbers depends."""

    @property
    def metric(self) -> str | None: ...  # noqa: D102

    @property
    def family(self) -> str | None: ...  # noqa: D102

    @property
    def dataset(self) -> str | None: ...  # noqa: D102

    @property
    def kind(self) -> str: ...  # noqa: D102

    @property
    def role(self) -> str: ...  # noqa: D102


C = TypeVar("C", bound=Claim)


def names(authors: Sequence[str]) -> str:
    """List the first authors, and count the others.

    >>> names(["Ann Lee", "Bob Ray", "Cy Tan", "Di Fox"])
    'Ann Lee, Bob Ray and 2 more'
    """
    if len(authors) > NAMED + 1:
        return f"{', '.join(authors[:NAMED])} and {len(authors) - NAMED} more"
    return ", ".join(authors)


def headline(claims: Iterable[C]) -> list[C]:
    """Choose the few numbers that say most: own, sure, and on quality before cost."""
    chosen: list[C] = []
    seen = set()
    for claim in sorted(filter(is_sure, claims), key=_weight):
        subject = (claim.metric, claim.dataset, claim.kind)
        if subject not in seen and claim.role == "own":
            seen.add(subject)
            chosen.append(claim)
    return chosen[:SHOWN]


def _weight(claim: Claim) -> tuple[bool, bool, bool, bool, bool, float]:
    """Return a sort key for `headline`, the most telling number first."""
    return (
        claim.metric in SET_UP,
        claim.metric is None,
        claim.family == "efficiency",
        claim.dataset is None,
        claim.kind != "absolute",
        -certainty(claim),
    )
