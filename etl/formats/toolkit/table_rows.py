"""Cut a text with separators, CSV or TSV, into rows, each with the line that it begins on."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from msgspec import Struct

SEPARATORS = ",\t;|"
LONGEST_ROW = 400_000
"""Characters; a row that is longer has a quotation mark too few or too many."""


class Row(Struct, frozen=True):
    """One row of a table."""

    line: int
    cells: list[str]
    fault: str = ""
    """Why it could not be read; `cells` then holds its text."""


def rows(text: Iterable[str], separator: str, width: int = 0) -> Iterator[Row]:
    """Yield the rows of a table, whose cells in quotation marks may hold several lines.

    A row with a quotation mark too few or too many costs itself: where the lines up to the next
    quotation mark make no row of `width` cells, only the first of them is the broken row.

    >>> [row.cells for row in rows(['a,"b', 'c",d', 'e,f"'], ",")]
    [['a', 'b\\nc', 'd'], ['e', 'f"']]
    """
    source = _Lines(text)
    while (held := source.take()) is not None:
        number, first = held
        if not first.strip():
            continue
        taken = [first, *_continued(first, source)]
        cells = _cells(taken, separator)
        if len(taken) > 1 and (cells is None or (width and len(cells) != width)):
            source.give_back(number + 1, taken[1:])
            cells = _cells([first], separator)
        if cells is None:
            yield Row(number, [first], "its quotation marks do not match")
        elif width and len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            yield Row(number, cells[:width])
        elif width and len(cells) != width:
            yield Row(number, [first], f"it has {len(cells):,} cells: expected {width:,}")
        else:
            yield Row(number, cells)


def _continued(first: str, source: "_Lines") -> Iterator[str]:
    """Take the lines that belong to a row, until each quotation mark has its other."""
    is_open, length = first.count('"') % 2 == 1, len(first)
    while is_open and length <= LONGEST_ROW and (more := source.take()) is not None:
        yield more[1]
        is_open ^= more[1].count('"') % 2 == 1
        length += len(more[1]) + 1


def _cells(held: list[str], separator: str) -> list[str] | None:
    try:
        # Lines have their ends, which stay where they stand in quotation marks.
        row = next(csv.reader([f"{line}\n" for line in held], delimiter=separator), None)
    except csv.Error:
        return None
    return [cell.removesuffix("\n") for cell in row] if row else row


class _Lines:
    """Lines with their numbers, some of which can be given back."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = enumerate(text, start=1)
        self._held: deque[tuple[int, str]] = deque()

    def take(self) -> tuple[int, str] | None:
        """Return the next line with its number; None at the end."""
        return self._held.popleft() if self._held else next(self._text, None)

    def give_back(self, number: int, lines: list[str]) -> None:
        """Put lines back, the first of them with this number."""
        self._held.extendleft(reversed(list(enumerate(lines, start=number))))
