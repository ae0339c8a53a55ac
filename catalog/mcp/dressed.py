"""Dress papers and numbers for a language model, and refuse what cannot be answered."""

import datetime as dt
from typing import Any

from msgspec import structs

from catalog.domain.claims import is_sure
from catalog.domain.errors import CatalogError
from catalog.domain.periods import Period
from catalog.mcp.answers import Number, NumberFound, PaperFound, Repository
from catalog.reads.digest import Item, address_of
from catalog.reads.found_numbers import FoundNumber, FoundNumbers
from catalog.reads.model_numbers import ModelNumber
from catalog.reads.search import Found


def refuse_impossible(found: Found | FoundNumbers) -> None:
    """Refuse a search that cannot be done as it was meant."""
    if found.refused or found.is_empty:
        raise CatalogError(
            f"cannot search for {found.q!r}",
            why="; ".join(found.refused) or "it has no word and no filter",
            hint='write words and filters, as in: diffusion code:yes dataset:"MS COCO"',
        )


def listed(item: Item) -> PaperFound:
    """Dress a paper as lists have it."""
    return PaperFound(
        key=item.key,
        title=item.label,
        authors=item.authors,
        address=item.address,
        withdrawn=item.withdrawn,
        upvotes=item.upvotes,
        digests=item.digests,
        numbers=[Number(**structs.asdict(number)) for number in item.numbers],
        repository=Repository(**structs.asdict(item.repository)) if item.repository else None,
    )


def found_number(found: FoundNumber, site: str | None) -> NumberFound:
    """Dress a number that a search found."""
    told = structs.asdict(found) | {"first_seen_on": written(found.first_seen_on)}
    return NumberFound(**told, address=address_of(found.key, None, site))


def number_of_model(found: ModelNumber, site: str | None) -> NumberFound:
    """Dress a number that a paper reports for a model."""
    return NumberFound(
        **structs.asdict(found),
        title=found.label,
        address=address_of(found.key, None, site),
        first_seen_on=written(found.day),
        is_sure=is_sure(found),
    )


def no_digest(when: Period | None, before: dt.date | None) -> CatalogError:
    """Say that there is no digest of a time, and which earlier one there is."""
    if when is None:
        return CatalogError(
            "there is no digest", why="none was loaded", hint="search for papers instead"
        )
    return CatalogError(
        f"there is no digest of {when.name}",
        why=f"no document of that {'day' if when.is_day else 'time'} was loaded",
        hint=f"ask for an earlier day: the newest before is {before}"
        if before
        else 'ask for "latest"',
    )


def day_of(typed: str) -> dt.date:
    """Read a day as it was typed.

    Raises:
        CatalogError: it is none.

    """
    try:
        return dt.date.fromisoformat(typed.strip())
    except ValueError as error:
        raise CatalogError(
            f"there is no day {typed!r}",
            why="it is not of the calendar, or written otherwise",
            hint="write it as 2025-03-11",
        ) from error


def written(day: Any) -> str | None:
    """Write a day for JSON; None stays."""
    return None if day is None else str(day)
