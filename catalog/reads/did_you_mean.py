"""Suggest names and spellings that the catalog has for those that it lacks.

There is no table of words: all spellings that are one slip away are asked of the full-text index at
once, and the texts that have any of them tell which it is, and how it is printed.
"""

import re
from collections.abc import Sequence

from msgspec import Struct, structs

from catalog.domain.search_language import Search
from catalog.domain.search_tree import Comparison, Filter, Leaf, leaves, replaced
from catalog.domain.spelling import (
    BEGINNING,
    in_two,
    may_be_misspelt,
    most_alike,
    most_frequent,
    nearest_names,
    one_slip_away,
)
from catalog.reads.asking import Dialect, Read, column, dialect, rows, value
from catalog.reads.search_filters import FILTERS, METRICS, name_values
from catalog.reads.search_sql import DOCUMENT, HITS

RARE = 2
"""Papers with a word up to which it may be a slip."""

MOST_WORDS = 6
"""Words of a search that are looked at."""

SAMPLE = 60
"""Papers whose words are looked at."""

WORDS = "substr(p.title, 1, 5000) AS title, substr(p.abstract, 1, 5000) AS abstract"

TEXTS = {
    "sqlite": f"""SELECT {WORDS} FROM papers_fts JOIN papers p ON p.id = papers_fts.rowid
         WHERE papers_fts MATCH :match LIMIT :most""",
    "postgresql": f"""SELECT {WORDS} FROM papers p
         WHERE {DOCUMENT} @@ to_tsquery('paper_words', :match) LIMIT :most""",
}

AUTHOR = "SELECT 1 FROM authors a WHERE {likes} LIMIT 1"


class Meant(Struct, frozen=True):
    """A search whose names are resolved."""

    search: Search
    remarks: list[str] = []
    spellings: list[tuple[str, str]] = []
    """What was typed -> what it may have been meant to be."""


class _Text(Struct):
    title: str | None
    abstract: str | None


def meant_names(asked: Search) -> Read[Meant]:
    """Look up the names in a search; report unknown ones with the nearest known ones."""
    remarks: list[str] = []
    spellings: list[tuple[str, str]] = []
    instead: dict[Leaf, Leaf] = {}
    for leaf in dict.fromkeys(leaf for leaf, _ in leaves(asked.tree)):
        if isinstance(leaf, Filter) and leaf.name == "author":
            longer, remark = yield from _author(leaf)
            instead[leaf] = longer
        elif isinstance(leaf, Filter) and FILTERS[leaf.name].known:
            kind = FILTERS[leaf.name]
            remark, near = yield from _unknown(leaf.name, leaf.value, kind.known, kind.names)
            spellings += [(leaf.value, one) for one in near]
        elif isinstance(leaf, Comparison):
            names = FILTERS["metric"].names
            remark, near = yield from _unknown("metric", leaf.metric, METRICS, names)
            spellings += [(leaf.metric, one) for one in near]
        else:
            continue
        remarks += [remark] if remark else []
    search = structs.replace(asked, tree=replaced(asked.tree, instead))
    return Meant(search, remarks, spellings)


def _author(leaf: Filter) -> Read[tuple[Filter, str]]:
    """Let words of a name go on where no author has them whole."""
    if (yield from _has_author(leaf)):
        return leaf, ""
    bare = leaf.value.rstrip("*")
    longer = Filter("author", f"{bare}*")
    if longer != leaf and (yield from _has_author(longer)):
        return longer, f"No author has the name “{bare}”: searched for names that begin with it."
    return leaf, f"There is no author “{bare}” in the catalog."


def _has_author(leaf: Filter) -> Read[bool]:
    condition = FILTERS["author"].condition(leaf.value)
    likes = " AND ".join(f"a.key LIKE :{name}" for name in condition.values)
    return (yield from value(AUTHOR.format(likes=likes), int, **condition.values)) is not None


def _unknown(kind: str, name: str, known: str, names: str) -> Read[tuple[str, list[str]]]:
    """Say that there is no such name, and give the nearest; nothing where there is one."""
    values = {one: typed for one, typed in name_values(name).items() if f":{one}" in known}
    if (yield from value(f"SELECT 1 FROM ({known}) AS found LIMIT 1", int, **values)):
        return "", []
    first, part = f"{name[0].lower()}%", f"%{_plain(name)}%"
    near = nearest_names(name, (yield from column(names, str, first=first, part=part)))
    told = f" The nearest: {', '.join(near)}." if near else ""
    return f"There is no {kind} “{name}” in the catalog.{told}", near


def nearest_known(kind: str, name: str) -> Read[list[str]]:
    """List the names nearest to one that the catalog does not have; kind is a filter's name."""
    if not name.strip():
        return []
    return (yield from missing_name(kind, name))[1]


def missing_name(kind: str, name: str) -> Read[tuple[str, list[str]]]:
    """Say that the catalog has no such name, and give the nearest; nothing where it has it."""
    known = FILTERS[kind]
    return (yield from _unknown(kind, name, known.known, known.names))


def _plain(name: str) -> str:
    """Take out of a name what LIKE would not take as it is."""
    return re.sub(r"[%_\\]", "", name.lower())[:80]


def respellings(asked: Search, meant: Meant, *, is_little: bool) -> Read[list[str]]:
    """Suggest searches with other spellings, of names always and of words if little matches."""
    found = []
    if is_little:
        spellings = yield from corrected(asked)
        if spellings:
            found.append(respelt(asked.typed, spellings))
    found += [respelt(asked.typed, [spelling]) for spelling in meant.spellings]
    return [one for one in dict.fromkeys(found) if one != asked.typed]


def corrected(asked: Search) -> Read[list[tuple[str, str]]]:
    """Find the words of a search that hardly any paper has, with likely corrections."""
    found = []
    words = [one for words in asked.words if not words.is_beginning for one in words.tokens]
    for word in [one for one in dict.fromkeys(words) if may_be_misspelt(one)][:MOST_WORDS]:
        better = yield from _spelt(word)
        if better:
            found.append((word, better))
    return found


def _spelt(word: str) -> Read[str | None]:
    """Find the spelling that papers use; None if the word itself is not rare."""
    database = yield from dialect()
    match = f'"{word}"' if database == "sqlite" else f"'{word}'"
    hits = yield from value(HITS[database], int, match=match, most=RARE + 1)
    if hits is None or hits > RARE:
        return None
    texts = yield from _texts(_any(one_slip_away(word), in_two(word), database), database)
    better = most_frequent(word, texts)
    if better is None and not hits and len(word) > BEGINNING:
        start = word[:BEGINNING]
        texts = yield from _texts(
            f'"{start}" *' if database == "sqlite" else f"'{start}':*", database
        )
        better = most_alike(word, texts)
    return better if better and sum(better in text.lower() for text in texts) > hits else None


def _any(words: Sequence[str], pairs: Sequence[tuple[str, str]], database: Dialect) -> str:
    """Write an expression of which any part will do."""
    if database == "sqlite":
        return " OR ".join([*(f'"{one}"' for one in words), *(f'"{a} {b}"' for a, b in pairs)])
    return " | ".join([*(f"'{one}'" for one in words), *(f"('{a}' <-> '{b}')" for a, b in pairs)])


def _texts(match: str, database: Dialect) -> Read[list[str]]:
    found = yield from rows(TEXTS[database], _Text, match=match, most=SAMPLE)
    return [f"{row.title or ''}\n{row.abstract or ''}" for row in found]


def respelt(typed: str, spellings: Sequence[tuple[str, str]]) -> str:
    """Write a search with other spellings, everything else as it was typed.

    >>> respelt('difusion -dataset:imagnet', [("difusion", "diffusion"), ("imagnet", "MS COCO")])
    'diffusion -dataset:"MS COCO"'
    """
    for old, new in spellings:
        pattern = re.compile(rf'(?<!\w)("?){re.escape(old)}\1(?!\w)', re.IGNORECASE)
        if found := pattern.search(typed):
            typed = f"{typed[: found.start()]}{_quoted(typed, found, new)}{typed[found.end() :]}"
    return typed


def _quoted(typed: str, found: re.Match[str], new: str) -> str:
    """Put a name of several words in quotes where it is the value of a filter."""
    is_value = typed[: found.start()].endswith(":") or found[1]
    return f'"{new}"' if is_value and " " in new else new
