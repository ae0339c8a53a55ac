"""Tell what became of the documents of a load: lines, a sentence, JSON."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.domain.formatting import plural
from catalog.domain.safe_text import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.domain.records import Problem
    from etl.ingest.inputs import Found
    from etl.ingest.loading import Outcome
    from etl.ingest.paper_writer import Counts

FEW = 10
"""Documents that are reported one by one; of more, only those with problems, unless -v."""
SHOWN_PROBLEMS = 20
"""Problems that are printed; the others are counted, and listed by `catalog status`."""


BASES = {
    "name": " (the year is from the document's name)",
    "weekday": " (no year is printed; assumed the last one with this weekday: set it with --year)",
    "reading": " (no year is printed; assumed the last such day: set it with --year)",
    "weekend": " (the list of a weekend repeats Friday's)",
}
"""Basis of a digest's day -> explanation, if the document does not print all of it."""


def left_out(found: "Found") -> str:
    """Name what could not be loaded, or the first of it."""
    names = [printable(str(path)) for path in found.unreadable]
    more = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
    return f"{', '.join(names[:FEW])}{more}"


def tell_skipped(found: "Found", *, verbose: bool) -> None:
    """Tell of what is no document one by one, or together where there is much of it."""
    for why, paths in _by_reason(found.skipped).items():
        if len(paths) > FEW and not verbose:
            first = printable(str(paths[0]))
            click.echo(
                f"{len(paths):,} files skipped: {why}: {first}, ... (-v lists all)", err=True
            )
        else:
            for path in paths:
                click.echo(f"{printable(str(path))}: skipped: {why}", err=True)


def _by_reason(skipped: dict[Path, str]) -> dict[str, list[Path]]:
    grouped: dict[str, list[Path]] = {}
    for path, why in skipped.items():
        grouped.setdefault(why, []).append(path)
    return grouped


def tell_unreadable(path: Path, why: str) -> None:
    """Report on standard error a file that cannot be read."""
    click.echo(
        f"Error: cannot load {printable(str(path))}\n  why:  {printable(why)}\n"
        "  hint: check the file and its permissions; the other files are loaded",
        err=True,
    )


def tell_moved(outcomes: list["Outcome"]) -> None:
    """Say how many documents have moved, where they are not reported one by one."""
    moved = [outcome for outcome in outcomes if outcome.moved_from]
    if moved and len(outcomes) > FEW:
        old, new = printable(moved[0].moved_from or ""), printable(moved[0].name)
        click.echo(f"{plural(len(moved), 'document')} moved, first {old} to {new}", err=True)


def tell_unread(outcomes: list["Outcome"]) -> None:
    """Say once for each format which fields of its documents are new and were not read."""
    from etl.formats.toolkit.unread_fields import listed

    unread: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        unread.setdefault(outcome.format, Counter()).update(outcome.unread)
    for name, fields in unread.items():
        if fields:
            click.echo(
                f"{name}: new fields that were not read: {printable(listed(fields))}\n"
                "  hint: a newer version may read them; if not, please report them",
                err=True,
            )


def tell(outcome: "Outcome", year: int | None, *, quiet: bool) -> None:
    """Report on standard error what became of a document."""
    name = printable(outcome.name)
    if outcome.why:
        click.echo(
            f"Error: cannot load {name}\n  why:  {printable(outcome.why)}\n"
            f"  hint: {printable(outcome.hint or 'check the file')}",
            err=True,
        )
        return
    for line in _problem_lines(outcome):
        click.echo(f"{name}: {line}", err=True)
    if not quiet:
        click.echo(f"{name}: {_what_happened(outcome, year)}", err=True)


def _problem_lines(outcome: "Outcome") -> "Iterator[str]":
    """Tell of problems one by one, of more than a few of one kind together."""
    from etl.ingest.loading import ALIKE
    from etl.ingest.problem_kinds import kind_of

    grouped = [kind for kind, found in outcome.kinds.items() if found.count > ALIKE]
    for kind in grouped:
        found = outcome.kinds[kind]
        yield f"{found.count:,} problems of one kind, first: {_problem_line(found.first)}"
    single = [found for found in outcome.problems if kind_of(found.why) not in grouped]
    yield from map(_problem_line, single[:SHOWN_PROBLEMS])
    told = sum(outcome.kinds[kind].count for kind in grouped) + len(single[:SHOWN_PROBLEMS])
    left = sum(found.count for found in outcome.kinds.values()) - told
    if left > 0:
        yield f"{plural(left, 'more problem')}; list them with: catalog status --problems"
    elif grouped:
        yield "list them all with: catalog status --problems"


def _problem_line(found: "Problem") -> str:
    return f"{printable(found.where)}: {printable(found.why)}: {one_line(found.raw, 60)}"


def _what_happened(outcome: "Outcome", year: int | None) -> str:
    if outcome.action == "skip" and outcome.moved_from:
        return f"moved here from {printable(outcome.moved_from)}, otherwise unchanged"
    if outcome.action == "skip":
        return "skipped: unchanged"
    if outcome.action == "copy":
        return f"skipped: it has the same bytes as {printable(outcome.copy_of or '')}"
    verb = {"load": "loaded", "replace": "replaced", "resume": "resumed"}[outcome.action]
    if outcome.action == "replace" and not any(_changes(outcome.counts)):
        return f"read again as {outcome.format}: nothing changed"
    if outcome.moved_from:
        verb = f"moved here from {printable(outcome.moved_from)}; {verb}"
    parts = [f"{verb} as {outcome.format}, {plural(outcome.counts.records, 'new record')}"]
    if outcome.day:
        basis = BASES.get(outcome.day_basis or "", "")
        if year and year != outcome.day.year:
            basis = f" (--year {year} was not used: the document states its year)"
        parts.append(f"digest of {outcome.day}{basis}")
    return ", ".join(parts)


def _changes(counts: "Counts") -> list[int]:
    """Return the counts that tell of a change in the catalog."""
    papers = [counts.papers_added, counts.papers_changed, counts.papers_removed]
    return [counts.records, *papers, counts.entries_added, counts.results_added, counts.links_added]


def sentence(total: "Counts", dry_run: bool) -> str:
    """Say in one line what a load changed, or would change."""
    start = "Would change" if dry_run else "Done"
    return (
        f"{start}: {plural(total.documents, 'document')}, {total.skipped:,} skipped, "
        f"{plural(total.records, 'new record')}; "
        f"papers +{total.papers_added:,} ~{total.papers_changed:,} -{total.papers_removed:,}; "
        f"digest entries +{total.entries_added:,}, results +{total.results_added:,}, "
        f"links +{total.links_added:,}; {plural(total.problems, 'problem')}"
    )


def summary(
    outcomes: list["Outcome"], total: "Counts", found: "Found", dry_run: bool
) -> dict[str, Any]:
    """Return what a load did, as its JSON says it."""
    from msgspec import structs, to_builtins

    return {
        "dry_run": dry_run,
        **structs.asdict(total),
        "documents_read": [to_builtins(outcome) for outcome in outcomes],
        "passed_over": [str(path) for path in found.skipped],
        "unreadable": {str(path): why for path, why in found.unreadable.items()},
    }
