"""The commands `catalog merge` and `catalog split`: decisions on which papers are one."""

import datetime as dt

import click

from catalog.commands.arguments import named, waiting
from catalog.domain.safe_text import one_line


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@click.command()
@click.argument("paper", callback=named)
@click.argument("other", callback=named)
@click.option("--why", help="Your reason, stored with the correction.")
@waiting
@click.pass_obj
def merge(url: str, paper: str, other: str, why: str | None, wait: float) -> None:
    """Merge PAPER and OTHER into one paper, whatever is loaded later.

    Both are keys, identifiers in any form, or words of a title, as for `catalog show`. Undo it
    with `catalog corrections retract`.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from catalog.domain.errors import CatalogError
    from catalog.reads.drivers import run as ask
    from catalog.reads.finding import find_paper
    from etl.ingest.corrections import anchors_of, decide
    from etl.ingest.deciding import user_name
    from etl.ingest.run import running

    with (
        running(url, "merge", clock=_now, create=False, wait=wait) as run,
        run.writer(jobs=1) as (writer, transaction),
        transaction(),
    ):
        found = [ask(writer.connection, find_paper(name)) for name in (paper, other)]
        if found[0] == found[1]:
            raise CatalogError(
                f"cannot merge {paper} and {other}",
                why="they are one paper already",
                hint="look at it with: catalog show PAPER",
            )
        anchors = [anchors_of(writer.resolver, one.id) for one in found]
        if not all(anchors):
            raise CatalogError(
                f"cannot merge {paper} and {other}",
                why="one has no identifier, and its title and abstract are too short to match",
                hint="load a document that gives it an identifier",
            )
        labels = " | ".join(one_line(one.label, 200) for one in found)
        number = decide(
            writer,
            "merge",
            anchors[0][0],
            anchors[1][0],
            label=labels,
            why=why,
            made_by=user_name(),
            now=run.now,
        )
    click.echo(f"Merged. To undo this: catalog corrections retract {number}")


@click.command()
@click.argument("paper", callback=named)
@click.argument("name", callback=named)
@click.option("--why", help="Your reason, stored with the correction.")
@waiting
@click.pass_obj
def split(url: str, paper: str, name: str, why: str | None, wait: float) -> None:
    """Split NAME off PAPER as a paper of its own, whatever is loaded later.

    NAME is one of the names that join the records of PAPER, in any form, e.g. doi:10.1000/one; if
    none fits, the command lists them. "title" means the records that have no identifier.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from catalog.domain.errors import CatalogError
    from catalog.reads.drivers import run as ask
    from catalog.reads.finding import find_paper
    from etl.ingest.corrections import anchors_of, decide
    from etl.ingest.deciding import user_name
    from etl.ingest.run import running

    with (
        running(url, "split", clock=_now, create=False, wait=wait) as run,
        run.writer(jobs=1) as (writer, transaction),
        transaction(),
    ):
        found = ask(writer.connection, find_paper(paper))
        anchors = anchors_of(writer.resolver, found.id)
        meant = _meant(name)
        fitting = [a for a in anchors if meant & {a, *a.split(":", 1)}]
        main = next((a for a in anchors if a not in fitting), None)
        if len(fitting) != 1 or main is None:
            raise CatalogError(
                f"cannot split {name} from {paper}",
                why=f"the names that join its records are: {', '.join(anchors) or 'none'}",
                hint="give the name of the other paper; there must be at least two names",
            )
        number = decide(
            writer,
            "split",
            main,
            fitting[0],
            label=one_line(found.label, 200),
            why=why,
            made_by=user_name(),
            now=run.now,
        )
    click.echo(f"Split. To undo this: catalog corrections retract {number}")


def _meant(name: str) -> set[str]:
    """Return the anchors that a name of an identifier may mean."""
    from catalog.domain.identifiers import parse

    try:
        printed = parse(name)
    except ValueError:
        printed = None
    return {name, f"{printed.scheme}:{printed.value}"} if printed else {name}
