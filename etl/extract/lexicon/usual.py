"""Find what is usual on a dataset: its metric, for numbers whose text names none, and its task."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

from catalog.domain.claims import around, is_kept
from catalog.domain.keys import dataset_key
from catalog.domain.records import ResultRecord
from etl.extract import lexicon

SCORE = "score"
"""The metric of a number on a dataset that has no usual one."""

SHARES = ("%", "")
"""Units of a number that may be a share or a score; empty for a bare number."""

_OF_ANOTHER = re.compile(r"\s*of\s+(?:all\s+)?(?:(?:the|its)\s+)?", re.IGNORECASE)
_ITEMS = re.compile(
    r"(?:\S+\s+){0,2}(?:problems?|tasks?|questions?|issues?|theorems?|games|levels)\b",
    re.IGNORECASE,
)
"""What a benchmark is made of: a share of them is a value."""


class Usual(Struct, frozen=True):
    """The metric that is usual on a dataset, and the numbers that tell of it."""

    metric: str
    units: tuple[str, ...] = SHARES
    is_share: bool = True
    """Whether its values are 0 to 100."""

    def may_be(self, result: ResultRecord, value: float) -> bool:
        """Return true if unit and size of a number allow this metric."""
        most = max(value, result.value_max or value)
        return (result.unit or "") in self.units and (
            not self.is_share or 0 <= value <= most <= 100
        )


@cache
def usual_metrics() -> dict[str, Usual]:
    """Map datasets, by their keys, to their usual metrics."""
    found: dict[str, Usual] = {}
    for entry in _read("usual_metrics.toml")["usual"]:
        units = tuple(entry.get("units", SHARES))
        usual = Usual(entry["metric"], units, is_share=entry.get("share", True))
        found |= {_key(name): usual for name in entry["datasets"]}
    return found


@cache
def _usual_tasks() -> dict[str, str]:
    """Map datasets, by their keys, to the tasks that they are made for."""
    tasks = _read("usual_tasks.toml")["tasks"]
    return {_key(name): task for task, datasets in tasks.items() for name in datasets}


@lru_cache(maxsize=10_000)
def usual_task(dataset: str | None) -> str | None:
    """Return the task that a dataset is made for; None where it is open.

    >>> usual_task("ImageNet"), usual_task("COCO"), usual_task(None)
    ('image classification', None, None)
    """
    return _usual_tasks().get(_key(dataset)) if dataset else None


def usual_metric(result: ResultRecord) -> str | None:
    """Return the metric that a number without one has on its dataset; None where it is open.

    >>> number = ResultRecord(text="84.3%", value=84.3, unit="%", dataset="ImageNet")
    >>> usual_metric(number), usual_metric(ResultRecord(text="3 ms", value=3, unit="ms"))
    ('top-1 accuracy', None)
    """
    if result.metric or not result.dataset or result.kind != "absolute" or result.value is None:
        return None
    elsewhere = Usual(SCORE, is_share=result.unit == "%")
    usual = usual_metrics().get(_key(result.dataset), elsewhere)
    may_be = usual.may_be(result, result.value) and not is_share_of_another(result)
    return usual.metric if may_be else None


def is_share_of_another(result: ResultRecord) -> bool:
    """Return true if a number says how much of another value is kept: "95% of the performance".

    >>> sentences = "It keeps 95% of the performance on SetA.", "It solves 95% of SetA."
    >>> [
    ...     is_share_of_another(ResultRecord(text="95%", unit="%", sentence=one, dataset="SetA"))
    ...     for one in sentences
    ... ]
    [True, False]
    """
    if result.unit != "%" or not result.sentence:
        return False
    _, after = around(result.sentence, result.text)
    return _is_of_another(after, result) or is_kept(result.sentence, result.text)


def _is_of_another(after: str, result: ResultRecord) -> bool:
    """Return true if what follows a number names a whole that is no part of its dataset."""
    of = _OF_ANOTHER.match(after)
    if of is None:
        return False
    whole = after[of.end() :]
    dataset = result.dataset_text or result.dataset or ""
    return not (whole.startswith(dataset) or _ITEMS.match(whole))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def _key(name: str) -> str:
    known = lexicon.dataset(name)
    return dataset_key(known.name if known else name)
