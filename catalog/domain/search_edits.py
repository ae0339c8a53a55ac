"""Write filters into a typed search and take them out again, leaving the rest as it was typed."""

import re
from collections.abc import Collection


def with_filter(typed: str, name: str, value: str, *, instead: bool = False) -> str:
    """Write a filter at the end of a search; with `instead` in the place of others of its name.

    >>> with_filter("diffusion", "dataset", "MS COCO")
    'diffusion dataset:"MS COCO"'
    >>> with_filter("year:2024 diffusion", "year", "2025", instead=True)
    'diffusion year:2025'
    """
    kept = without_filter(typed, name) if instead else typed.strip()
    plain = value.replace('"', " ").strip()
    written = plain if re.fullmatch(r"[^\s()]+", plain) else f'"{plain}"'
    return f"{kept} {name}:{written}".strip()


def without_filter(typed: str, name: str, values: Collection[str] = ()) -> str:
    """Take the filters of a name out of a search; with `values` only those with such a value.

    >>> without_filter('quill dataset:"MS COCO" code:yes', "dataset")
    'quill code:yes'
    >>> without_filter("dataset:COCO dataset:GSM8K", "dataset", ["coco"])
    'dataset:GSM8K'
    """
    wanted = {value.casefold() for value in values}

    def kept(found: re.Match[str]) -> str:
        value = found["phrase"] if found["phrase"] is not None else found["word"]
        return found[0] if wanted and value.casefold() not in wanted else ""

    pattern = rf'(?<![\w:"-]){re.escape(name)}:(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s()]*))'
    return " ".join(re.sub(pattern, kept, typed, flags=re.IGNORECASE).split())
