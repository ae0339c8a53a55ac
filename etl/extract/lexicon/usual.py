"""Find what is usual on a dataset: its metric, for numbers whose text names none, and its task."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

from catalog.domain.claims import is_kept
from catalog.domain.keys import dataset_key
from catalog.domain.records import ResultRecord
from etl.extract import lexicon

SCORE = "score"
"""The metric of a number on a dataset that has no usual one."""

SHARES = ("%", "")
"""Units of a number that may be a share or a score; empty for a bare number."""

_OF_ANOTHER = re.compile(r"\s*of\s+(?:the\s+)?", re.IGNORECASE)


class Usual(Struct, frozen=True):
    """The metric that is usual on a dataset, and the units that tell of it."""

    metric: str
    units: tuple[str, ...]


@cache
def usual_metrics() -> dict[str, Usual]:
    """Map datasets, by their keys, to their usual metrics."""
    found: dict[str, Usual] = {}
    for entry in _read("usual_metrics.toml")["usual"]:
        usual = Usual(entry["metric"], tuple(entry.get("units", SHARES)))
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
    unit = result.unit or ""
    known = usual_metrics().get(_key(result.dataset))
    if unit not in (known.units if known else SHARES) or is_share_of_another(result):
        return None
    if unit == "%" and not 0 <= result.value <= 100:
        return None
    return known.metric if known else SCORE


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
    _, found, after = result.sentence.partition(result.text)
    of = _OF_ANOTHER.match(after)
    whole = result.dataset_text or result.dataset or ""
    is_of_another = of is not None and not after[of.end() :].startswith(whole)
    return bool(found and is_of_another) or is_kept(result.sentence, result.text)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def _key(name: str) -> str:
    known = lexicon.dataset(name)
    return dataset_key(known.name if known else name)
