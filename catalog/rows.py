"""Rows of answers in Python: sequences of structs, and tables of pandas, polars and Arrow."""

import datetime as dt
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from catalog.domain.errors import CatalogError
from catalog.installed import installing

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

RowT = TypeVar("RowT")
Columns = Mapping[str, tuple[type, Callable[[Any], Any]]]
"""Name of a column -> its type in Python (str, int, float, bool or date), and its value of a row.

Any value may be missing.
"""


def flat(**columns: type) -> Columns:
    """Take attributes of the row by their names as columns."""
    return {name: (kind, operator.attrgetter(name)) for name, kind in columns.items()}


class Rows(Sequence[RowT], Generic[RowT]):
    """Rows of an answer, in its order: a sequence of structs that is also a table.

    Iterate over it, take `rows[0]` or `len(rows)`; or convert it with `to_pandas()`,
    `to_polars()` or `to_arrow()`, where these libraries are installed. A table has one row for
    each struct, and the columns that `columns` names, whose types do not depend on the rows.
    """

    def __init__(self, rows: Sequence[RowT], columns: Columns) -> None:
        self._rows = rows
        self._columns = columns

    @overload
    def __getitem__(self, index: int) -> RowT: ...
    @overload
    def __getitem__(self, index: slice) -> "Rows[RowT]": ...
    def __getitem__(self, index: int | slice) -> "RowT | Rows[RowT]":
        """Return a row by its number from 0, or some of the rows."""
        if isinstance(index, slice):
            return Rows(self._rows[index], self._columns)
        return self._rows[index]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)

    def __iter__(self) -> Iterator[RowT]:
        """Iterate over the rows."""
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<{len(self)} rows of {', '.join(self._columns)}>"

    @property
    def columns(self) -> list[str]:
        """The columns of the table."""
        return list(self._columns)

    def to_pandas(self) -> "pandas.DataFrame":
        """Convert to a pandas DataFrame of `len(self)` rows.

        Text is `string`, whole numbers are `Int64`, numbers `float64`, truth values `boolean`, days
        `datetime64`; what is missing is `NA`, `NaN` or `NaT`.

        Raises:
            CatalogError: pandas is not installed.

        """
        pd = _library("pandas")
        kinds = {str: "string", int: "Int64", float: "float64", bool: "boolean"}
        series = {
            name: pd.to_datetime(pd.Series(self._values(name), dtype="object"))
            if kind is dt.date
            else pd.Series(self._values(name), dtype=kinds[kind])
            for name, (kind, _) in self._columns.items()
        }
        return pd.DataFrame(series, columns=list(series))

    def to_polars(self) -> "polars.DataFrame":
        """Convert to a polars DataFrame of `len(self)` rows; what is missing is null.

        Raises:
            CatalogError: polars is not installed.

        """
        pl = _library("polars")
        kinds = {
            str: pl.String,
            int: pl.Int64,
            float: pl.Float64,
            bool: pl.Boolean,
            dt.date: pl.Date,
        }
        schema = {name: kinds[kind] for name, (kind, _) in self._columns.items()}
        values = {name: self._values(name) for name in schema}
        frame: polars.DataFrame = pl.DataFrame(values, schema=schema)
        return frame

    def to_arrow(self) -> "pyarrow.Table":
        """Convert to an Arrow table of `len(self)` rows; what is missing is null.

        Raises:
            CatalogError: pyarrow is not installed.

        """
        pa = _library("pyarrow")
        kinds = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(),
                 dt.date: pa.date32()}  # fmt: skip
        schema = pa.schema([(name, kinds[kind]) for name, (kind, _) in self._columns.items()])
        return pa.table({name: self._values(name) for name in self._columns}, schema=schema)

    def _values(self, name: str) -> list[Any]:
        value = self._columns[name][1]
        return list(map(value, self._rows))


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise CatalogError(
            f"cannot make a table of {name}", why="it is not installed", hint=installing(name)
        ) from error
