"""Columns of papers in lists, by name, for tables of the terminal and of Python."""

import datetime as dt

from catalog.domain.formatting import amount
from catalog.reads.cards import Card
from catalog.reads.digest import address_of
from catalog.rows import Columns, flat


def _headline(card: Card) -> str | None:
    """Write the numbers that say most on one line."""
    told = (f"{amount(one)} {one.metric or ''}".rstrip() for one in card.numbers)
    return ", ".join(told) or None


PAPER_COLUMNS: Columns = {
    **flat(key=str),
    "title": (str, lambda card: card.label),
    **flat(arxiv_id=str, first_seen_on=dt.date, published_on=dt.date, authors=str),
    **flat(has_code=bool, withdrawn=bool),
    "repository": (str, lambda card: card.repository.full_name if card.repository else None),
    "stars": (int, lambda card: card.repository.stars if card.repository else None),
    "results": (int, lambda card: card.numbers_in_all),
    "headline": (str, _headline),
    "address": (str, lambda card: address_of(card.key, card.arxiv_id, None)),
}
"""Name -> its type and its value of a `Card`."""
