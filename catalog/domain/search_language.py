"""The search box's language: words, "phrases", and filters such as code:yes or after:2025-01."""

import datetime as dt
import re
from dataclasses import dataclass, field

TOKEN = re.compile(r'(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
FILTERS = (
    "dataset",
    "metric",
    "code",
    "results",
    "after",
    "before",
    "year",
    "digest",
    "author",
    "category",
    "task",
    "star",
    "read",
    "tag",
)
YES_OR_NO = {"code", "results", "star", "read"}
DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
EXAMPLES = {
    "dataset": "COCO",
    "metric": "mAP",
    "code": "yes",
    "results": "yes",
    "year": "2025",
    "author": '"Ada Example"',
    "category": "cs.CL",
    "task": "parsing",
    "star": "yes",
    "read": "no",
    "tag": "to-reproduce",
}
"""Filter -> a value it takes; those of days take a month."""
YES = {"yes", "true", "1", "y"}
NO = {"no", "false", "0", "n"}


@dataclass
class Wanted:
    """What somebody searches for."""

    match: str = ""
    """Expression for the full-text index; empty where only filters were given."""
    filters: dict[str, str] = field(default_factory=dict)
    """Filter -> value, each understood."""
    remarks: list[str] = field(default_factory=list)
    """What could not be understood, for people."""
    wrong: list[str] = field(default_factory=list)
    """Those of the remarks that tell of a filter whose value cannot be; it was left out."""


def understand(typed: str) -> Wanted:
    """Read a search; never fails, whatever was typed.

    >>> wanted = understand('diffusion "latent space" dataset:COCO code:yes after:2025-01 size:9')
    >>> wanted.match
    '"diffusion" "latent space" "size 9"'
    >>> wanted.filters
    {'dataset': 'COCO', 'code': 'yes', 'after': '2025-01'}
    >>> wanted.remarks
    ['There is no filter "size": searched for its words instead.']
    >>> understand('AND (NEAR "').match
    '"AND" "NEAR"'
    """
    wanted, terms = Wanted(), []
    for name, phrase, word in TOKEN.findall(typed[:500]):
        value = (phrase or word).strip()
        if not name and value.endswith(":") and value[:-1] in FILTERS:  # "STaR:" begins a title
            _add_filter(wanted, value[:-1], "")
        elif not name:
            terms.append(value)
        elif name.lower() in FILTERS:
            _add_filter(wanted, name.lower(), value)
        else:
            if not value.startswith("//"):
                wanted.remarks.append(
                    f'There is no filter "{name}": searched for its words instead.'
                )
            terms.append(f"{name} {value}")
    wanted.match = " ".join(f'"{term}"' for term in map(_searchable, terms) if term)
    return wanted


def prefix(match: str) -> str:
    """Let the last word of an expression stand for all words that begin so.

    >>> prefix('"vision" "transfor"')
    '"vision" "transfor"*'
    """
    return f"{match}*" if match else match


def _searchable(term: str) -> str:
    """Keep what the index has words for: letters and digits of any script, and what joins them."""
    return " ".join(re.findall(r"\w+(?:[-.'/]\w+)*", term))


def _add_filter(wanted: Wanted, name: str, value: str) -> None:
    takes = _not_taken(name, value)
    if takes:
        found = f", not “{value}”" if value else ""
        wanted.wrong.append(
            f"{name}: takes {takes}, as in {name}:{EXAMPLES.get(name, '2025-01')}{found}"
        )
        wanted.remarks.append(wanted.wrong[-1])
    else:
        if wanted.filters.get(name, value) != value:
            wanted.remarks.append(f"{name}: counts once; searched for “{value}”")
        wanted.filters[name] = value


def _not_taken(name: str, value: str) -> str:
    """What the filter takes, where the value is none of it; else nothing."""
    if name in YES_OR_NO:
        return "" if value.lower() in YES | NO else "yes or no"
    if name in {"after", "before", "digest"}:
        return "" if _is_day(value) else "a day, month or year"
    if name == "year":
        return "" if re.fullmatch(r"\d{4}", value, re.ASCII) else "four digits"
    return "" if value else "a name"


def _is_day(value: str) -> bool:
    """Whether it is a day of the calendar, or a month or year, which begin with one."""
    if not DAY.fullmatch(value):
        return False
    try:
        dt.date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        return False
    return True
