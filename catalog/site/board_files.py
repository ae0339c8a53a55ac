"""Write a leaderboard as CSV, and as an Atom feed of its newest numbers."""

import csv
import datetime as dt
import io

from catalog.domain.claims import certainty, origin_of
from catalog.domain.formatting import amount, origin_label, path
from catalog.domain.safe_text import spreadsheet_safe
from catalog.publish.atom import Entry as FeedEntry
from catalog.publish.atom import atom
from catalog.reads.boards import Board, Entry
from catalog.site.routes import Site

COLUMNS = (
    *("rank", "value", "unit", "printed", "paper", "key", "model", "parameters", "repository"),
    *("first_seen_on", "was_best", "dataset_as_printed", "origin", "certainty"),
)

NEWEST = 50
"""Numbers in the feed."""


def as_csv(found: Board) -> str:
    """Write the ranking as CSV with a header; text that a spreadsheet would run is disarmed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(one, spreadsheet_safe(found.unit)) for one in found.ranking)
    return text.getvalue()


def _row(one: Entry, unit: str) -> list[object]:
    def safe(told: str | None) -> str:
        return spreadsheet_safe(told or "")

    return [
        one.rank,
        one.compared,
        unit,
        safe(one.text),
        safe(one.label),
        one.key,
        safe(one.model),
        one.parameters,
        safe(one.repository),
        one.day,
        "true" if one.led else "false",
        safe(one.dataset_text),
        origin_label(origin_of(one)),
        round(certainty(one), 3),
    ]


def as_atom(site: Site, found: Board, address: str) -> str:
    """Write the newest numbers of a board as a feed at a path; a new best value says so."""
    name = f"{found.metric.name} on {found.dataset.name}"
    dated = sorted(found.ranking, key=lambda one: one.day or dt.date.min, reverse=True)
    return atom(site.absolute(address), name, [_entry(site, one, name) for one in dated[:NEWEST]])


def _entry(site: Site, one: Entry, name: str) -> FeedEntry:
    best = "New best: " if one.led else ""
    told = [one.model, f"rank {one.rank}" if one.rank else "", one.sentence]
    return FeedEntry(
        site.absolute(f"{path('paper', one.key)}#r{one.id}"),
        f"{best}{amount(one)} {name}: {one.label}",
        str(one.day or ""),
        summary="; ".join(filter(None, told)),
    )
