"""Choose the names and numbers beside a paper's title, in lists and digests."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from catalog.domain.claims import Reading, certainty, is_kept, is_sure

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

    @property
    def value(self) -> float | None: ...  # noqa: D102

    @property
    def value_max(self) -> float | None: ...  # noqa: D102

    @property
    def text(self) -> str: ...  # noqa: D102

    @property
    def sentence(self) -> str | None: ...  # noqa: D102

    @property
    def is_bound(self) -> bool: ...  # noqa: D102

    @property
    def unit(self) -> str | None: ...  # noqa: D102

    @property
    def sign(self) -> str | None: ...  # noqa: D102

    @property
    def higher_is_better(self) -> bool | None: ...  # noqa: D102


C = TypeVar("C", bound=Claim)


def names(authors: Sequence[str]) -> str:
    """List the first authors, and count the others.

    >>> names(["Ann Lee", "Bob Ray", "Cy Tan", "Di Fox"])
    'Ann Lee, Bob Ray and 2 more'
    """
    shown = first_names(authors)
    more = len(authors) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else ", ".join(shown)


def first_names(authors: Sequence[str]) -> list[str]:
    """List the authors that are named beside a title: all of three, of more the first two."""
    return list(authors[: NAMED if len(authors) > NAMED + 1 else None])


def headline(claims: Iterable[C]) -> list[C]:
    """Choose the few numbers that say most: own, sure, on quality before cost, the largest.

    A number without a dataset is left out where one of its metric is shown with a dataset. Bounds
    ("less than 65%"), ranges of sizes, values of nothing that is named, and a zero that nobody
    would boast of ("0% accuracy") are left out.
    """
    chosen: dict[tuple[str | None, ...], C] = {}
    for claim in sorted(filter(_says_something, claims), key=_weight):
        kind = (claim.metric, claim.kind)
        if claim.dataset is None and any(
            one.dataset and (one.metric, one.kind) == kind for one in chosen.values()
        ):
            continue
        subject = (*kind, claim.dataset)
        kept = chosen.get(subject)
        if kept is None or _exceeds(claim, kept):
            chosen[subject] = claim
    return list(chosen.values())[:SHOWN]


def _says_something(claim: Claim) -> bool:
    """Return true if a sure claim of the paper's own says something by itself."""
    if not is_sure(claim) or claim.role != "own" or claim.is_bound:
        return False
    if claim.kind == "absolute" and claim.value == 0 and claim.higher_is_better is not False:
        return False
    if claim.metric in SET_UP:
        return claim.value_max is None
    if claim.metric is not None or claim.kind != "absolute":
        return True
    return claim.dataset is not None and not is_kept(claim.sentence, claim.text)


def _exceeds(claim: Claim, other: Claim) -> bool:
    """Return true if a claim of the same metric and dataset claims more than another one."""
    if claim.value is None or other.value is None:
        return False
    if (claim.unit, claim.sign) != (other.unit, other.sign):
        return False
    is_lower_better = claim.kind == "absolute" and claim.higher_is_better is False
    return claim.value < other.value if is_lower_better else claim.value > other.value


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
