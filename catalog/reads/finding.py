"""Find the paper that a user names by key, identifier in any form, or title."""

import re

from msgspec import Struct

from catalog.domain.errors import CatalogError
from catalog.domain.identifiers import parse
from catalog.domain.keys import fold, may_match
from catalog.domain.safe_text import one_line
from catalog.domain.schemes import PUBLIC
from catalog.reads.asking import Read, first, rows

MOST = 5
"""Papers that a message names where several are meant."""

BY_IDENTIFIER = """
SELECT p.id, p.key, p.label FROM papers p WHERE p.key = :value
UNION
SELECT p.id, p.key, p.label FROM identifiers i JOIN papers p ON p.id = i.paper_id
 WHERE i.scheme = :scheme AND i.value = :value
"""

# The schemes lead the key of the table: without them every identifier would be read.
BY_ANY_NAME = f"""
SELECT p.id, p.key, p.label FROM papers p WHERE p.key IN :names
UNION
SELECT p.id, p.key, p.label FROM identifiers i JOIN papers p ON p.id = i.paper_id
 WHERE i.scheme IN ({", ".join(map(repr, PUBLIC))}) AND i.value IN :names
"""

# The shortest first: the title that is these words, and no more, is among those that are read.
BY_WORDS = f"""
SELECT id, key, label FROM papers WHERE lower(label) LIKE :pattern ESCAPE '!'
 ORDER BY length(label), id LIMIT {MOST + 1}
"""

BY_FOLDED_WORDS = f"""
SELECT id, key, label FROM papers WHERE title_key LIKE :pattern
 ORDER BY length(title_key), id LIMIT {MOST + 1}
"""


class FoundPaper(Struct, frozen=True):
    """A paper that was found, with its key and label."""

    id: int
    key: str
    label: str


def find_paper(name: str) -> Read[FoundPaper]:
    """Find the paper that a user names.

    Raises:
        CatalogError: none fits, or several do.

    """
    found = yield from find_named(name)
    if found is not None:
        return found
    titled = yield from _by_title(name)
    same = [paper for paper in titled if fold(paper.label) == fold(name)]
    if len(titled) == 1 or len(same) == 1:
        return (same or titled)[0]
    raise _several(name, titled) if titled else _none(name)


def find_named(name: str) -> Read[FoundPaper | None]:
    """Find a paper by its key or an identifier, also without the name of its scheme."""
    found = yield from find_identified(name)
    if found is not None:
        return found
    bare = name.strip()
    names = list(dict.fromkeys((bare, bare.lower(), bare.upper())))
    return (yield from first(BY_ANY_NAME, FoundPaper, names=names))


def find_identified(text: str) -> Read[FoundPaper | None]:
    """Find a paper by text that can only be its identifier, not words."""
    try:
        printed = parse(text)
    except ValueError:
        return None
    if printed is None:
        return None
    values = {"scheme": printed.scheme, "value": printed.value}
    return (yield from first(BY_IDENTIFIER, FoundPaper, **values))


def _by_title(words: str) -> Read[list[FoundPaper]]:
    """Find the papers whose titles contain these words, in any case, else without accents."""
    plain = re.sub(r"([!%_])", r"!\1", " ".join(words.lower().split()))
    if not plain:
        return []
    found = yield from rows(BY_WORDS, FoundPaper, pattern=f"%{plain}%")
    folded = fold(words)
    if not found and may_match(folded):
        found = yield from rows(BY_FOLDED_WORDS, FoundPaper, pattern=f"%{folded}%")
    return found


def _several(name: str, titled: list[FoundPaper]) -> CatalogError:
    shown = [f"{paper.key} ({one_line(paper.label, 60)})" for paper in titled[:MOST]]
    many = f"more than {MOST}" if len(titled) > MOST else str(len(titled))
    return CatalogError(
        f"cannot tell which paper {_shown(name)} is",
        why=f"{many} titles contain these words: {', '.join(shown)}",
        hint="give its key, or more words of the title",
    )


def _none(name: str) -> CatalogError:
    why, hint = "no key, identifier or title matches", f"catalog search {_shown(name)}"
    try:
        printed = parse(name)
    except ValueError as error:
        why, printed = str(error), None
    if printed and printed.scheme in {"arxiv", "doi", "openalex"}:
        why, hint = (
            f"no paper has this identifier of {printed.scheme}",
            f"catalog add {printed.value}",
        )
    return CatalogError(f"cannot find the paper {_shown(name)}", why=why, hint=f"try: {hint}")


def _shown(name: str) -> str:
    return repr(one_line(name, 100))
