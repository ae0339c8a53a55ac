"""Name a paper: its key in addresses, and its label where it has no title."""

from collections.abc import Iterable, Sequence

from catalog.domain.keys import NOTHING, public_key, row_key, sha256_of, signs_of
from catalog.domain.plain_text import plain
from catalog.domain.records import Identifier, PaperRecord

LABEL_WORDS = 12
"""Words of the abstract that stand for a missing title."""

LABEL_LENGTH = 300
"""Characters of them: what parts no words may be as long as it likes."""


def named(
    records: Sequence[PaperRecord],
    title: str | None,
    abstract: str | None,
    identifiers: Sequence[Identifier],
    title_key: str | None,
    abstract_key: str | None,
) -> tuple[str, str, bool]:
    """Choose the key and the label of a paper, and say whether it is a row that names none."""
    row = None if title or abstract or identifiers else _row(records)
    if row is not None:
        return f"r-{sha256_of(row)[:12]}", _model(records), True
    signs = _signs(records, title_key, abstract_key)
    label = title or _opening(abstract) or _name(identifiers)
    return public_key(identifiers, title_key, abstract_key, signs), label, False


def _row(records: Iterable[PaperRecord]) -> str | None:
    """Return the key of a row of a table whose source names no paper."""
    return min((key for record in records if (key := row_key(record))), default=None)


def _signs(records: Iterable[PaperRecord], title_key: str | None, abstract_key: str | None) -> str:
    """Return what a paper is known by whose title and abstract hold no letter or digit."""
    if title_key or abstract_key not in {None, NOTHING}:
        return ""
    return min(filter(None, map(signs_of, records)), default="")


def _model(records: Iterable[PaperRecord]) -> str:
    """Name the model of a row that names no paper, and say so."""
    models = (plain(one.model or "") for record in records for one in record.results)
    return f"{next(filter(None, models), 'Unnamed model')} (no paper named)"


def _opening(abstract: str | None) -> str:
    words = (abstract or "").split()
    opening = " ".join(words[:LABEL_WORDS])
    is_cut = len(words) > LABEL_WORDS or len(opening) > LABEL_LENGTH
    return opening[:LABEL_LENGTH] + ("…" if is_cut else "")


def _name(identifiers: Sequence[Identifier]) -> str:
    return f"{identifiers[0].scheme}:{identifiers[0].value}" if identifiers else "(no title)"
