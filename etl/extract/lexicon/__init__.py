"""The lexicon: names of metrics, datasets, tasks and units, from the data files beside it.

The files are read once, when the first name is looked up.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

Family = Literal["quality", "efficiency"]
Entry = tuple[list[str], list[str] | None, str]
"""Words in lower case, the same in their own case or None if case is free, canonical name."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as the lexicon knows it."""

    name: str
    family: Family
    higher_is_better: bool | None
    aliases: tuple[str, ...]
    loose: bool = False
    """Records keep the printed words; the name only stands for them in the catalog."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset or benchmark and its other spellings."""

    name: str
    aliases: tuple[str, ...]


@dataclass(slots=True)
class Forms:
    """An index of names for lookup in running text."""

    firsts: set[str] = field(default_factory=set)
    """Every word that a name begins with, in lower case."""
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    """The only word, or the first two words with a space, -> the names that begin so."""

    def add(self, form: str, canonical: str, *, cased: bool) -> None:
        """Add a spelling, also with a hyphen for each space."""
        from etl.extract.tokens import split_words

        spellings = {form, form.replace(" ", "-")} if " " in form and not cased else {form}
        for spelling in sorted(spellings):
            words = split_words(spelling)
            folded = [word.lower() for word in words]
            entry = (folded, words if cased else None, canonical)
            self.firsts.add(folded[0])
            listed = self.entries.setdefault(" ".join(folded[:2]), [])
            if entry not in listed:
                listed.append(entry)

    def sort(self) -> None:
        """Put longer names first, and those with fixed case before those without."""
        for listed in self.entries.values():
            listed.sort(key=lambda entry: (-len(entry[0]), entry[1] is None))

    def longest(self, lower: list[str], texts: list[str], at: int) -> tuple[int, str] | None:
        """Return the end and the canonical name of the longest name that begins at this word."""
        word = lower[at]
        if word not in self.firsts:
            return None
        found = None
        if at + 1 < len(lower) and (listed := self.entries.get(f"{word} {lower[at + 1]}")):
            found = _first(listed, lower, texts, at)
        if found is None and (listed := self.entries.get(word)):
            found = _first(listed, lower, texts, at)
        return found


def _first(
    listed: list[Entry], lower: list[str], texts: list[str], at: int
) -> tuple[int, str] | None:
    """Return the end and the canonical name of the first of these names that stands here."""
    for words, cased, name in listed:
        last = at + len(words)
        if len(words) > 2 and lower[at:last] != words:
            continue
        if cased is None or texts[at:last] == cased:
            return last, name
    return None


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


@cache
def _word_lists() -> dict[str, list[str]]:
    return _read("words.toml")


@cache
def words(name: str) -> frozenset[str]:
    """Return one of the word lists that rules are made of."""
    return frozenset(_word_lists()[name])


@cache
def adjectives() -> dict[str, str]:
    """Map each adjective to the metric that it grades: "12% more accurate"."""
    return _read("adjectives.toml")


@cache
def metrics() -> dict[str, Metric]:
    """Return all metrics that are known by name."""
    found = {}
    families: tuple[Family, Family] = ("quality", "efficiency")
    content = _read("metrics.toml")
    for family in families:
        for name, entry in content[family].items():
            aliases = tuple(entry.get("aliases", ()))
            loose = entry.get("loose", False)
            found[name] = Metric(name, family, entry.get("higher"), aliases, loose)
    return found


@cache
def datasets() -> dict[str, Dataset]:
    """Return all datasets that are known by name."""
    content = _read("datasets.toml")
    aliases: dict[str, list[str]] = dict(content["aliases"])
    for name, forms in content["same"].items():
        aliases[name] = [*aliases.get(name, ()), *forms]
    other = {form for forms in aliases.values() for form in forms}
    names = [*aliases, *(name for name in content["names"] if name not in other)]
    return {name: Dataset(name, tuple(aliases.get(name, ()))) for name in dict.fromkeys(names)}


def metric(name: str | None) -> Metric | None:
    """Return the metric with this canonical name or alias.

    >>> metric("word error rate").name, metric("FID").higher_is_better
    ('WER', False)
    """
    if name is None:
        return None
    return metrics().get(name) or metrics().get(_by_alias().get(name.lower(), ""))


@cache
def _directions() -> dict[str, frozenset[str]]:
    return {name: frozenset(listed) for name, listed in _read("directions.toml").items()}


JOINTS = frozenset(("of", "on", "for", "in", "per"))
"""Words behind the head of a name: "cost per query", "rate of failures"."""


@lru_cache(maxsize=50_000)
def higher_is_better(name: str | None) -> bool | None:
    """Return true if more of a metric is better, by the list or by the name; None: unknown.

    >>> higher_is_better("FID"), higher_is_better("lip vertex error")
    (False, False)
    >>> higher_is_better("rate of failures"), higher_is_better("average AUC on 14 labels")
    (False, True)
    """
    entry = metric(name)
    if name is None:
        return None
    if name.lower().endswith("efficiency"):
        return True
    if entry is not None:
        return entry.higher_is_better
    bare = re.sub(r"[@^]\s?\w+$", "", name.lower())
    found = [_singular(word) for word in re.split(r"[\s/-]+", bare) if word]
    if not found:
        return None
    joints = [at for at, word in enumerate(found) if at and word in JOINTS]
    at = joints[0] - 1 if joints else len(found) - 1
    lists = _directions()
    head, others = found[at], {*found[:at], *found[at + 1 :]}
    if head in lists["rate_heads"]:
        is_bad, is_good = (bool(others & lists[side]) for side in ("bad", "good"))
        return None if is_bad == is_good else is_good
    if head in lists["lower_heads"] or head in lists["higher_heads"]:
        return head in lists["higher_heads"]
    return None


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "su" else word


@cache
def _board_metrics() -> dict[tuple[str, str], str]:
    found = {}
    for board in _read("board_metrics.toml")["board"]:
        for dataset_name in board["datasets"]:
            for name in board["same"]:
                found[dataset_name, name] = board["metric"]
    return found


def board_metric(name: str, dataset_name: str | None) -> str:
    """Return the name of the board's metric, where a metric's names are one on a dataset.

    >>> board_metric("pass@1", "SWE-Bench-Verified"), board_metric("pass@1", "APPS")
    ('resolve rate', 'pass@1')
    """
    known, found = dataset(dataset_name), metric(name)
    key = (known.name if known else "", found.name if found else name.lower())
    return _board_metrics().get(key, name)


def dataset(name: str | None) -> Dataset | None:
    """Return the dataset with this canonical name or alias.

    >>> dataset("MS COCO").name
    'COCO'
    """
    if name is None:
        return None
    return datasets().get(name) or datasets().get(_dataset_by_alias().get(name.lower(), ""))


@cache
def _by_alias() -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in metrics().values():
        for form in (entry.name, *entry.aliases):
            found.setdefault(form.lower(), entry.name)
    return found


@cache
def _dataset_by_alias() -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in datasets().values():
        for form in (entry.name, *entry.aliases):
            found.setdefault(form.lower(), entry.name)
    return found


def _is_cased(form: str) -> bool:
    """Return true if a metric's form counts only with its capitals: IS, AP, COMET."""
    return len(form) <= 6 and sum(sign.isupper() for sign in form) >= 2


@cache
def metric_forms() -> Forms:
    """Index every spelling of every metric by its first word in lower case."""
    names = Forms()
    for entry in metrics().values():
        for form in (entry.name, *entry.aliases):
            cased = _is_cased(form)
            name = form if entry.loose else entry.name
            names.add(form, name, cased=cased)
            if not form.endswith("s") and form[-1].isalpha():
                plural = form[:-1] + "ies" if form.endswith(("cy", "ty")) else form + "s"
                names.add(plural, name, cased=cased)
    names.sort()
    return names


@cache
def dataset_forms() -> Forms:
    """Index every spelling of every dataset by its first word in lower case."""
    names = Forms()
    content = _read("datasets.toml")
    cased = set(content["cased"])
    merged = {form: name for name, forms in content["aliases"].items() for form in forms}
    for entry in datasets().values():
        for form in (entry.name, *entry.aliases):
            names.add(form, merged.get(form, form), cased=form in cased)
    names.sort()
    return names


@cache
def task_forms() -> Forms:
    """Index every spelling of every task by its first word in lower case."""
    names = Forms()
    for name, aliases in _read("tasks.toml")["tasks"].items():
        for form in (name, *aliases):
            names.add(form, name, cased=False)
    names.sort()
    return names


@cache
def _units() -> dict[str, tuple[str, float]]:
    found: dict[str, tuple[str, float]] = {}
    for entry in _read("units.toml")["unit"]:
        for form in entry["forms"]:
            found[form.replace("-", " ")] = (entry["name"], entry.get("factor", 1.0))
    return found


@cache
def unit_starts() -> frozenset[str]:
    """Return the first words of units with several words: "GPU" of "GPU hours"."""
    return frozenset(form.split(" ")[0] for form in _units() if " " in form)


def unit(form: str) -> tuple[str, float] | None:
    """Return the canonical unit and factor of a form; the empty name means bare points.

    >>> unit("GFLOPs"), unit("points"), unit("bananas")
    (('FLOPs', 1000000000.0), ('', 1.0), None)
    """
    return _units().get(form)


@cache
def is_metric_word(word: str) -> bool:
    """Return true if this single word, in this case, names a metric: the AP of "3.5AP"."""
    return metric_forms().longest([word.lower()], [word], 0) is not None
