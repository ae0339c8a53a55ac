"""Show the extraction from one abstract on a terminal."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from catalog.domain.records import Extraction, LinkRecord, ResultRecord
from catalog.domain.safe_text import printable

if TYPE_CHECKING:
    from etl.extract.explain import Explanation

OWN, OTHER, LINK = "bold green", "bold yellow", "underline blue"


def _console() -> Console:
    """Open a console as wide as the terminal; into a pipe, wide enough for every row."""
    return Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 160)


def show(text: str, found: Extraction) -> None:
    """Print the abstract with its numbers marked, then a row for every result and link."""
    console = _console()
    marked = Text(_safe(text))
    for result in found.results:
        style = OWN if result.role == "own" else OTHER
        marked.stylize(style, result.start or 0, result.end or 0)
    for link in found.links:
        marked.stylize(LINK, link.start or 0, link.end or 0)
    console.print(marked, soft_wrap=not sys.stdout.isatty())
    console.print()
    if found.results:
        console.print(_table(found.results))
    else:
        console.print("There are no results in this abstract.")
    for link in found.links:
        console.print(_link(link))


def _safe(text: str) -> str:
    """Replace unprintable characters by one of the same width."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text)


SHARES = ("sure", "row")
"""How sure value, unit, metric and kind are; and the whole row, dataset and role included."""


def _table(results: tuple[ResultRecord, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("number", "metric", "dataset", "kind", "role", "model", "baseline", *SHARES):
        table.add_column(name, justify="right" if name in ("number", *SHARES) else "left")
    for result in results:
        table.add_row(
            *(
                Text(printable(cell))
                for cell in (
                    result.text,
                    result.metric or "-",
                    result.dataset or "-",
                    f"{result.kind} {result.sign or ''}".strip(),
                    result.role,
                    result.model or "-",
                    result.baseline or "-",
                    f"{result.confidence or 0:.0%}",
                    f"{result.row_confidence or 0:.0%}",
                )
            )
        )
    return table


def _link(link: LinkRecord) -> Text:
    name = f"{link.kind}: {link.repo}  {link.url}" if link.repo else f"{link.kind}: {link.url}"
    return Text(printable(name))


def show_explanation(explanations: "Iterable[Explanation]") -> None:
    """Print for every number whether it was kept, by which rules, and what lost."""
    console = _console()
    for explanation in explanations:
        console.print()
        console.print(Text(printable(explanation.headline), style="bold"))
        for line in explanation.lines:
            console.print(Text("  " + printable(line)))
