"""Read all numbers that papers report for one model, by dataset."""

import datetime as dt
from itertools import groupby

from msgspec import Struct

from catalog.domain.claims import is_sure
from catalog.reads.asking import Read, rows
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


NUMBERS = f"""
SELECT {COLUMNS}, p.key, p.label, p.is_row, p.first_seen_on AS day
  FROM results r JOIN papers p ON p.id = r.paper_id
  {JOINS}
 WHERE r.model = :name AND r.state <> 'rejected' AND NOT p.withdrawn
 ORDER BY p.first_seen_on IS NULL, p.first_seen_on DESC, r.paper_id, r.id LIMIT :most
"""


def model(name: str, *, with_unsure: bool = False) -> Read[ModelPage | None]:
    """Read the numbers of a model by its name as papers print it; None where none names it."""
    newest = yield from rows(NUMBERS, ModelNumber, name=name, most=MOST + 1)
    if not newest:
        return None
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
