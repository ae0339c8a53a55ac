"""Convert a search to conditions on numbers, and on their papers."""

from typing import Literal, TypeAlias

from msgspec import Struct

from catalog.domain.search_language import Search
from catalog.domain.search_tree import And, Comparison, Filter, Leaf, Node, both, leaves
from catalog.reads.asking import Read, dialect
from catalog.reads.search_filters import DATASETS, FITS, METRICS, Condition, name_values
from catalog.reads.search_sql import Conditions, Parts, joined, parts_of

NumberOrder: TypeAlias = Literal["best", "value", "newest", "upvotes", "stars"]
"""The best come first by their value where all are of one metric, else the newest do."""

AS_COMPARED = """(CASE WHEN r.unit IS NULL AND m.family = 'quality' AND abs(r.value) <= 1
    THEN r.value * 100 ELSE r.value END)"""
"""The value of a result: a share such as 0.91 counts as per cents."""

BEST_FIRST = f"CASE WHEN m.higher_is_better = false THEN {AS_COMPARED} ELSE -{AS_COMPARED} END"
BY_VALUE = {">": f"-{AS_COMPARED}", "<": AS_COMPARED}
"""Operator of the comparisons -> what values are put in order by."""

SUBJECTS = {"dataset": f"r.dataset_id IN ({DATASETS})", "metric": f"r.metric_id IN ({METRICS})"}
"""Filter -> the condition that it puts on numbers."""


class NumberConditions(Struct, frozen=True, kw_only=True):
    """A search of numbers in SQL."""

    on_numbers: list[Condition]
    """Conditions on results r by metrics m."""
    on_papers: Parts
    order: NumberOrder
    compared: str
    """What values are put in order by."""
    unsure: bool
    """Whether numbers that are not sure, or bounds, are shown as well."""


def conditions_of(asked: Search, order: NumberOrder, *, unsure: bool) -> Read[NumberConditions]:
    """Write the conditions of a search: names and comparisons choose numbers, the rest papers."""
    database = yield from dialect()
    top = asked.tree.parts if isinstance(asked.tree, And) else (asked.tree,)
    wanted = [leaf for leaf, is_wanted in leaves(asked.tree) if is_wanted and _of_numbers(leaf)]
    is_flat = all(leaf in top for leaf in wanted)
    conditions = Conditions(database)
    dataset = _only_dataset(wanted) if is_flat else ""
    kinds = _by_kind(wanted, is_told=bool(dataset))
    on_numbers = [
        joined([_on_number(leaf, dataset, conditions) for leaf in kind], "OR") for kind in kinds
    ]
    # Then each number meets all of it, and its paper does not have to be asked.
    is_told = is_flat and all(len(kind) == 1 for kind in kinds)
    papers = both(*(part for part in top if part not in wanted)) if is_told else asked.tree
    return NumberConditions(
        on_numbers=on_numbers if is_flat or not on_numbers else [joined(on_numbers, "OR")],
        on_papers=parts_of(papers, database, beside=conditions),
        order=_order(order, wanted),
        compared=_compared(wanted),
        unsure=unsure,
    )


def _of_numbers(leaf: Node) -> bool:
    return isinstance(leaf, Comparison) or (isinstance(leaf, Filter) and leaf.name in SUBJECTS)


def _kind(leaf: Leaf) -> str:
    return leaf.name if isinstance(leaf, Filter) else "comparison"


def _by_kind(wanted: list[Leaf], *, is_told: bool) -> list[list[Leaf]]:
    """Group the parts of which a number meets one: comparisons, datasets, metrics.

    With `is_told` a comparison says itself which numbers on the only dataset count.
    """
    kinds = {_kind(leaf): [one for one in wanted if _kind(one) == _kind(leaf)] for leaf in wanted}
    if is_told and "comparison" in kinds:
        del kinds["dataset"]
    return list(kinds.values())


def _only_dataset(wanted: list[Leaf]) -> str:
    named = [leaf.value for leaf in wanted if isinstance(leaf, Filter) and leaf.name == "dataset"]
    return named[0] if len(named) == 1 else ""


def _on_number(leaf: Leaf, dataset: str, conditions: Conditions) -> Condition:
    """Write the condition of one part on numbers."""
    if isinstance(leaf, Comparison):
        return conditions.comparison(leaf, dataset, FITS)
    assert isinstance(leaf, Filter)  # noqa: S101 - `_of_numbers` chose it
    return conditions.numbered(Condition(SUBJECTS[leaf.name], name_values(leaf.value)))


def _order(asked: NumberOrder, wanted: list[Leaf]) -> NumberOrder:
    """Choose the order: by value where all numbers are of one metric, otherwise the newest first.

    >>> _order("best", [Comparison("speedup", ">", 2), Filter("dataset", "COCO")])
    'value'
    """
    metrics = {
        (leaf.metric if isinstance(leaf, Comparison) else leaf.value).lower()
        for leaf in wanted
        if isinstance(leaf, Comparison) or (isinstance(leaf, Filter) and leaf.name == "metric")
    }
    if asked != "best":
        return asked
    return "value" if len(metrics) == 1 else "newest"


def _compared(wanted: list[Leaf]) -> str:
    """Choose what values are put in order by: small ones come first where those are asked for."""
    operators = {leaf.operator[0] for leaf in wanted if isinstance(leaf, Comparison)}
    return BY_VALUE.get("".join(operators), BEST_FIRST)
