"""Read all numbers that papers report for one model, by dataset."""

import datetime as dt
import re
from itertools import groupby

from msgspec import Struct

from catalog.domain.claims import is_sure
from catalog.domain.errors import CatalogError
from catalog.domain.spelling import nearest_names
from catalog.reads.asking import Read, column, rows
from catalog.reads.numbers import COLUMNS, JOINS, Number

MOST = 500
"""Numbers of a model that are read, those of the newest papers."""


class ModelNumber(Number, kw_only=True):
    """A number of the model, with the paper that reports it."""

    key: str
    label: str
    is_row: bool
    day: dt.date | None


class OnDataset(Struct):
    """The numbers of a model on one dataset; None where the text names none."""

    dataset: str | None
    dataset_slug: str | None
    numbers: list[ModelNumber]


class ModelPage(Struct, kw_only=True):
    """A model with the numbers that papers report for it."""

    name: str
    papers: int
    """Papers that these numbers are of."""
    numbers: int
    hidden: int
    """Numbers that are left out because they are not sure enough."""
    is_cut: bool
    """There are more numbers than were read: those of older papers."""
    sizes: list[ModelNumber]
    """What papers say of the number of its parameters."""
    datasets: list[OnDataset]
    """The dataset with most numbers first; numbers without one come last."""

    @property
    def every(self) -> list[ModelNumber]:
        """All numbers: the sizes, then those on each dataset."""
        return [*self.sizes, *(one for of in self.datasets for one in of.numbers)]


NUMBERS = f"""
SELECT {COLUMNS}, p.key, p.label, p.is_row, p.first_seen_on AS day
  FROM results r JOIN papers p ON p.id = r.paper_id
  {JOINS}
 WHERE r.model = :name AND r.state <> 'rejected' AND NOT p.withdrawn
 ORDER BY p.first_seen_on IS NULL, p.first_seen_on DESC, r.paper_id, r.id LIMIT :most
"""

IN_ANY_CASE = """
SELECT r.model FROM results r WHERE r.model IS NOT NULL AND lower(r.model) = :name
 GROUP BY r.model ORDER BY count(*) DESC, r.model LIMIT 1
"""

LIKE_IT = """
SELECT r.model FROM results r
 WHERE r.model IS NOT NULL
   AND (lower(r.model) LIKE :first ESCAPE '!' OR lower(r.model) LIKE :part ESCAPE '!')
 GROUP BY r.model ORDER BY count(*) DESC, r.model LIMIT 1000
"""
"""Models whose names begin alike or hold what was typed, those of most numbers first."""


def model_named(name: str, *, with_unsure: bool = False) -> Read[ModelPage]:
    """Read the numbers of a model by its name, in any case.

    Raises:
        CatalogError: no paper names it; the nearest names are told.

    """
    found = yield from model(name, with_unsure=with_unsure)
    if found is None:
        near = yield from _nearest(name)
        raise CatalogError(
            f"cannot find a model {name!r}",
            why="no paper reports a number for it",
            hint=f"take another name, as one of: {', '.join(near)}"
            if near
            else "search for papers that name it instead",
        )
    return found


def model(name: str, *, with_unsure: bool = False) -> Read[ModelPage | None]:
    """Read the numbers of a model by its name as papers print it, else by its name in any case.

    None where no paper reports a number for it.
    """
    newest = yield from rows(NUMBERS, ModelNumber, name=name, most=MOST + 1)
    if not newest:
        spelt = yield from column(IN_ANY_CASE, str, name=name.lower())
        name = spelt[0] if spelt else name
        newest = yield from rows(NUMBERS, ModelNumber, name=name, most=MOST + 1)
    return _page(name, newest, with_unsure=with_unsure) if newest else None


def _nearest(name: str) -> Read[list[str]]:
    """List the names of models nearest to one that none has."""
    if not name.strip():
        return []
    escaped = re.sub(r"([!%_])", r"!\1", name.lower())[:80]
    start = escaped[:2] if escaped[0] == "!" else escaped[0]
    likes = {"first": f"{start}%", "part": f"%{escaped}%"}
    return nearest_names(name, (yield from column(LIKE_IT, str, **likes)))


def _page(name: str, newest: list[ModelNumber], *, with_unsure: bool) -> ModelPage:
    """Arrange the numbers of a model, of which one more than is shown may have been read."""
    found = newest[:MOST]
    shown = [one for one in found if with_unsure or is_sure(one)]
    sizes = [one for one in shown if one.metric == "parameters" and one.kind == "absolute"]
    others = [one for one in shown if one not in sizes]
    return ModelPage(
        name=name,
        papers=len({one.paper_id for one in shown if not one.is_row}),
        numbers=len(shown),
        hidden=len(found) - len(shown),
        is_cut=len(newest) > MOST,
        sizes=sizes,
        datasets=by_dataset(others),
    )


def by_dataset(numbers: list[ModelNumber]) -> list[OnDataset]:
    """Group numbers by dataset, and within one by metric."""
    ordered = sorted(numbers, key=lambda one: (one.dataset_slug or "", one.metric or "~"))
    groups = [
        OnDataset(of[0].dataset, of[0].dataset_slug, of)
        for of in (list(group) for _, group in groupby(ordered, lambda one: one.dataset_slug))
    ]
    return sorted(groups, key=lambda one: (one.dataset is None, -len(one.numbers)))
