"""Split authors in one string, as arXiv prints them, into names."""

import re
from collections.abc import Iterable

from catalog.domain.late_patterns import late_pattern
from catalog.domain.person_names import TEAM_WORD
from etl.formats.toolkit.decoding import folded

_SUFFIX = late_pattern(r"(?:Jr|Sr)\.?|I{2,3}|IV|M\.?D\.?|Ph\.?D\.?", re.ASCII)
LONGEST_SUFFIX = len("Ph.D.")
_MORE_THAN_COMMAS = late_pattern(r"[();:&~{]|\sand\s|[\ue000-\ue002]")
_BETWEEN = late_pattern(r"[,;]|:\s|[\s~](?:and|\\?&)[\s~]")
_AND = late_pattern(r"[\s~](?:and|\\?&)[\s~]")
_MORE = late_pattern(r"[\s,;~]*\b(?:et\.?[\s~]*al\b\.?|(?:and|\\?&)[\s~]+others)(?=\s*(?:$|[,;(]))")
"""What stands for further authors, and names none."""
_ENTITY = late_pattern(r"&(?:#\w+|\w+);")
_GROUP = late_pattern(r"\{[^{}]*\}")
_TEAM_WORD = late_pattern(TEAM_WORD)
_TEAM = late_pattern(rf"(?:\w[\w-]*\s)*(?:{TEAM_WORD})")
"""A whole name; sought in a text it would take time with the square of its length."""
_HIDDEN = str.maketrans({",": "\ue000", ";": "\ue001", " ": "\ue002"})
_SHOWN = str.maketrans({"\ue000": ",", "\ue001": ";", "\ue002": " "})


def split_authors(text: str) -> tuple[str, ...]:
    """Split a list of authors into names; affiliations in brackets are dropped.

    >>> split_authors("J. Zhu (1), M. E. Putman (1 and 2) and W. Rodrigues, Jr. ((1) A, (2) B)")
    ('J. Zhu', 'M. E. Putman', 'W. Rodrigues Jr.')
    >>> split_authors("Research and Development Team, B. Ray and the ABC Collaboration: C. Doe")
    ('Research and Development Team', 'B. Ray', 'the ABC Collaboration', 'C. Doe')
    """
    names: list[str] = []
    if "al" in text or "others" in text:
        text = _MORE.sub("", text)
    for part in _parts(folded(text)):
        name = part.strip().removeprefix("and ").strip()
        if "{" in name and _GROUP.fullmatch(name) and "\\" not in name:
            name = name[1:-1].strip()
        if names and len(name) <= LONGEST_SUFFIX and _SUFFIX.fullmatch(name):
            names[-1] += f" {name}"
        elif name != "and" and (name[:1].isalpha() or any(map(str.isalpha, name))):
            names.append(name)
    return tuple(names)


def _parts(text: str) -> Iterable[str]:
    """Part a list at what stands between names; most have commas alone."""
    if not _MORE_THAN_COMMAS.search(text):
        return text.split(",")
    parts = _BETWEEN.split(_as_one_word(folded(_without_brackets(text))))
    return (part.translate(_SHOWN) for part in parts)


def _as_one_word(text: str) -> str:
    """Hide separators inside a name: in entities, in braces, in the name of a team."""
    if "&" in text:
        text = _ENTITY.sub(_hidden, text)
    if "{" in text:
        text = _GROUP.sub(_hidden, text)
    if _TEAM_WORD.search(text):
        text = ",".join(map(_team_hidden, text.split(",")))
    return text


def _hidden(match: re.Match[str]) -> str:
    return match.group().translate(_HIDDEN)


def _team_hidden(part: str) -> str:
    """Hide "and" in "Research and Development Team", since no person has a one-word name."""
    pieces = _AND.split(part)
    if len(pieces) != 2 or not _TEAM.fullmatch(pieces[1].strip()):
        return part
    first = pieces[0].strip()
    is_person = " " in first or "." in first or pieces[1].strip().startswith("the ")
    return part if is_person else part.translate(_HIDDEN)


def _without_brackets(text: str) -> str:
    """Remove the text inside round brackets, which holds affiliations."""
    if "(" not in text and ")" not in text:
        return text
    kept, depth = [], 0
    for part in re.split(r"([()])", text):
        if part == "(":
            depth += 1
        elif part == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(part)
    return " ".join(kept)
