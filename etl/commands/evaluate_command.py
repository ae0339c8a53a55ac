"""The command `catalog evaluate`: how good a reader is on what people judged."""

from typing import TYPE_CHECKING

import click

from catalog.commands.output import as_options, write_rows
from catalog.domain.formatting import plural
from etl.commands.reader_option import offline_option, reader_options

if TYPE_CHECKING:
    from etl.extract.reader import ChosenReader
    from etl.ingest.judged_numbers import Evaluation

COLUMNS = ("measure", "from", "to", "judged", "right", "share")


@click.command()
@reader_options()
@offline_option
@as_options
@click.pass_obj
def evaluate(url: str, reader: "ChosenReader | None", form: str | None) -> None:
    """Tell how good the reader is on the numbers that you judged, by bins of its confidence.

    The abstracts of these papers are read anew and compared with your corrections; nothing is
    written. `confidence` is about value, unit, metric and kind, `row_confidence` about dataset and
    role as well. Where the confidence is honest, the share in each bin lies within the bin.

    Exit codes: 0 done, 1 nothing was judged, or failed, 2 wrong usage, 130 interrupted.
    """
    from etl.ingest.deciding import looking
    from etl.ingest.judged_numbers import evaluate as run_evaluation

    with looking(url, reader) as writer:
        found = run_evaluation(writer)
    _require_any(found)
    rows = [
        (one.measure, one.least, one.most, one.judged, one.right, one.share)
        for one in found.bins
        if one.judged or form
    ]
    write_rows(form, COLUMNS, rows)
    click.echo(
        f"{plural(found.judged, 'number')} judged in {plural(found.papers, 'paper')}: "
        f"{_share(found.right, found.judged)} right in value, unit, metric and kind, "
        f"{_share(found.right_rows, found.judged)} in dataset and role as well; "
        f"{found.missed} missed. What you judged is no random sample: the queue of "
        "`catalog review` begins with the least sure.",
        err=True,
    )


def _share(right: int, judged: int) -> str:
    return f"{100 * right / judged:.0f}%" if judged else "none"


def _require_any(found: "Evaluation") -> None:
    """Refuse to evaluate without any judgement.

    Raises:
        CatalogError: nothing was judged.

    """
    from catalog.domain.errors import CatalogError

    if not found.judged and not found.missed:
        raise CatalogError(
            "cannot evaluate the reader",
            why="nobody has judged a number of this catalog",
            hint="judge some with: catalog review",
        )
