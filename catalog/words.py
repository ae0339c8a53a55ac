"""The search box's language: words, "phrases", and filters such as code:yes or after:2025-01."""

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
)
DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
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
        if not name and value[:-1].lower() in FILTERS and value.endswith(":"):
            _add_filter(wanted, value[:-1].lower(), "")
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
    if not value:
        wanted.remarks.append(f"{name}: needs a value, as in {name}:{_example(name)}")
    elif name in {"code", "results"} and value.lower() not in YES | NO:
        wanted.remarks.append(f"{name}: takes yes or no, not “{value}”")
    elif name in {"after", "before", "digest"} and not DAY.fullmatch(value):
        wanted.remarks.append(f"{name}: takes a day, month or year, not “{value}”")
    elif name == "year" and not re.fullmatch(r"\d{4}", value):
        wanted.remarks.append(f"year: takes four digits, not “{value}”")
    else:
        wanted.filters[name] = value


def _example(name: str) -> str:
    return {
        "dataset": "COCO",
        "metric": "mAP",
        "code": "yes",
        "results": "yes",
        "year": "2025",
    }.get(name, "2025-01")
