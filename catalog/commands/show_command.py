"""The command `catalog show`, which prints one paper."""

import textwrap
from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import named
from catalog.commands.output import paged
from catalog.domain.formatting import amount, plural
from catalog.domain.safe_text import one_line, printable
from catalog.domain.tex_to_unicode import number_to_unicode, tex_to_unicode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.reads.numbers import Number
    from catalog.reads.paper import Disagreement, Link, Paper, StoredRecord
    from catalog.reads.similar import SimilarPaper

WIDTH = 88
LONGEST = 20_000
"""Characters of a title or an abstract that are printed; --json has them all."""


@click.command()
@click.argument("paper", callback=named)
@click.option("--sources", is_flag=True, help="Show which document supplied what.")
@click.option("--similar", "wants_similar", is_flag=True, help="Show the papers most like it.")
@click.option("--json", "form", flag_value="json", help="Print one JSON object.")
@click.option("--bibtex", "form", flag_value="bibtex", help="Print an entry of BibTeX.")
@click.option("--ris", "form", flag_value="ris", help="Print a record of RIS.")
@click.pass_obj
def show(url: str, paper: str, sources: bool, wants_similar: bool, form: str | None) -> None:
    """Show one paper with its authors, addresses, numbers, links and digest days.

    PAPER is its key, an identifier or address in any form (arXiv, DOI, OpenReview, OpenAlex, ...),
    or words of its title.

    \b
    Examples:
      catalog show 2503.12345
      catalog show "panoptic segformer" --bibtex >> refs.bib
      catalog show 2503.12345 --similar

    Exit codes: 0 done, 1 no paper was found, or several, 2 wrong usage, 130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.reads.drivers import run
    from catalog.reads.finding import find_paper
    from catalog.reads.paper import paper as read_paper
    from catalog.reads.paper import records_of
    from catalog.reads.similar import similar

    with reading(url) as engine, engine.connect() as connection:
        paper_id = run(connection, find_paper(paper)).id
        found = run(connection, read_paper(paper_id))
        records = run(connection, records_of(paper_id)) if sources else []
        alike = run(connection, similar(paper_id)) if wants_similar else []
    if found is None:
        return
    if form == "json":
        _print_json(found, records, alike)
    elif form is None:
        with paged():
            _print(found)
            _print_similar(alike)
            _print_sources(records)
    else:
        click.echo(_reference(found, form), nl=False)


def _reference(found: "Paper", form: str) -> str:
    """Write a paper for a list of references."""
    from catalog.domain.errors import CatalogError
    from catalog.publish.bibtex import bibtex
    from catalog.publish.ris import ris

    if found.is_row:
        raise CatalogError(
            f"cannot write a reference to {found.label}",
            why="it is a row of a table of results whose source names no paper",
            hint=f"if you know the paper, say so: catalog merge {found.key} PAPER",
        )
    return {"bibtex": bibtex, "ris": ris}[form](found)


def _print_json(found: "Paper", records: "list[StoredRecord]", alike: "list[SimilarPaper]") -> None:
    """Print a paper as one JSON object, with its documents' records and its like if asked for."""
    import msgspec

    from catalog.publish.json_text import json_text

    told = msgspec.to_builtins(found)
    if records:
        told["records"] = msgspec.to_builtins(records)
    if alike:
        told["similar"] = msgspec.to_builtins(alike)
    click.echo(json_text(told), nl=False)


def _print(found: "Paper") -> None:
    from catalog.reads.marks import sentence

    click.secho(one_line(found.label, LONGEST), bold=True)
    if found.authors:
        names = one_line(", ".join(found.authors), LONGEST)
        click.echo(textwrap.fill(names, WIDTH))
    if found.withdrawn:
        reason = one_line(found.withdrawn_reason or "its source says no more", 300)
        click.secho(f"WITHDRAWN: {reason}", fg="red", bold=True)
    dated = f"published {found.published_on}" if found.published_on else ""
    click.echo(printable("  ".join(part for part in (found.key, dated) if part)))
    for name in found.identifiers:
        click.echo(printable(f"{name.scheme}:{name.value}  {name.url}".rstrip()))
    for line in _about(found):
        click.echo(one_line(line, 300))
    for day in found.digests:
        rank = f", rank {day.rank}" if day.rank else ""
        votes = f", {plural(day.upvotes, 'upvote')}" if day.upvotes is not None else ""
        click.echo(f"In {printable(day.source)} of {day.day}{rank}{votes}")
    if found.mark:
        click.echo(f"Marked: {printable(sentence(found.mark))}")
        for line in (found.mark.note or "").splitlines():
            click.echo(f"  | {printable(line)}".rstrip())
    if found.abstract:
        click.echo()
        click.echo(textwrap.fill(one_line(tex_to_unicode(found.abstract), LONGEST), WIDTH))
    for title, lines in (
        ("Results", [_result(result) for result in found.results]),
        (
            f"Numbers that the built-in reader and {found.reader} read differently",
            [_disagreement(one, found.reader) for one in found.disagreements],
        ),
        ("Links", [_link(link) for link in found.links]),
        (
            "Papers with the same title",
            [printable(f"{one.key}  {one_line(one.label, 160)}") for one in found.alike],
        ),
        (
            "Papers that share an identifier, and are others",
            [
                printable(f"{one.scheme}:{one.value}  {one.key}  {one_line(one.label, 120)}")
                for one in found.shared
            ],
        ),
    ):
        if lines:
            click.echo()
            click.secho(title, bold=True)
        for line in lines:
            click.echo(f"  {line}")


def _about(found: "Paper") -> "Iterator[str]":
    """Say what sources tell of versions, venue, organization and subject."""
    if found.about_versions:
        yield found.about_versions
    if found.venue:
        yield f"Venue: {found.venue}"
    if found.organization:
        yield f"Organization: {found.organization}"
    if found.keywords:
        yield f"Keywords: {', '.join(found.keywords)}"
    if found.comment:
        yield f"Comment: {found.comment}"


def _result(result: "Number") -> str:
    about = [
        result.metric_as_read or "unnamed metric",
        f"on {result.dataset}" if result.dataset else "",
        f"({result.verdict})" if result.verdict else "",
        f"of {result.model}" if result.model else "",
        f"against {result.baseline}" if result.baseline else "",
        "(not the paper's own)" if result.role == "other" else "",
    ]
    sentence = one_line(tex_to_unicode(result.sentence or ""), 160)
    evidence = f"\n      “{sentence}”" if sentence else ""
    shown = number_to_unicode(result.text) if result.kind == "absolute" else amount(result)
    return printable(f"{shown:>10}  {' '.join(part for part in about if part)}") + evidence


def _disagreement(one: "Disagreement", reader: str) -> str:
    ours, theirs = one.readings
    stands = "builtin" if one.builtin_stands else reader
    return f"{one.text:>10}  {one.field}: {ours} (builtin), {theirs} ({reader}); {stands} stands"


def _link(link: "Link") -> str:
    stars = f", {plural(link.stars, 'star')}" if link.stars is not None else ""
    return printable(f"{link.url}  ({link.kind}, {link.found_in}{stars})")


def _print_similar(alike: "list[SimilarPaper]") -> None:
    """Print the papers most like this one, with what they share."""
    if not alike:
        return
    click.echo()
    click.secho("Similar papers", bold=True)
    for one in alike:
        click.echo(printable(f"  {one.paper.key}  {one_line(one.paper.label, 120)}"))
        shared = [*one.datasets, *([one.repository] if one.repository else [])]
        if shared:
            click.echo(printable(f"      also: {', '.join(shared)}"))


def _print_sources(records: "list[StoredRecord]") -> None:
    if not records:
        return
    click.echo()
    click.secho("Documents", bold=True)
    for one in records:
        where = f"{one.document} ({one.format}), record {one.position + 1}"
        click.echo(printable(f"  {where}: {', '.join(one.record)}"))
