"""Tables."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from spiral import _spiral

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_SHOWN = 10


class Table:
    """Rows of a study in Arrow.

    Every library that reads Arrow takes it without a copy: ``polars.DataFrame(table)``, ``pyarrow.table(table)``,
    ``duckdb.from_arrow(pyarrow.table(table))``; ``to_pandas`` makes a data frame of pandas.
    """

    def __init__(self, inner: _spiral.Table) -> None:
        self._inner = inner

    @property
    def name(self) -> str:
        """Name of the table: that of its file in the directory of a study."""
        return self._inner.name

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return [name for name, _, _ in self._inner.columns]

    @property
    def units(self) -> dict[str, str]:
        """Unit of each column; empty where it has none."""
        return {name: unit for name, unit, _ in self._inner.columns}

    @property
    def meanings(self) -> dict[str, str]:
        """What each column holds."""
        return {name: meaning for name, _, meaning in self._inner.columns}

    def __len__(self) -> int:
        return len(self._inner)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as a stream of Arrow's C interface (a PyCapsule)."""
        return self._inner.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """Names and types of the columns as a schema of Arrow's C interface (a PyCapsule)."""
        return self._inner.__arrow_c_schema__()

    def to_polars(self) -> polars.DataFrame:
        """The table in polars, which must be installed. Nothing is copied."""
        import polars

        return polars.DataFrame(self)

    def to_pyarrow(self) -> pyarrow.Table:
        """The table in pyarrow, which must be installed. Nothing is copied."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """The table in pandas; pandas and pyarrow must be installed."""
        return self.to_pyarrow().to_pandas()

    def __repr__(self) -> str:
        return f"<table {self.name}: {len(self):,} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        def cells(tag: str, texts: list[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts) + "</tr>"

        body = "".join(cells("td", row) for row in self._inner.first_rows(_SHOWN))
        more = f"<p>{len(self):,} rows in all</p>" if len(self) > _SHOWN else ""
        return f"<table><thead>{cells('th', self.columns)}</thead><tbody>{body}</tbody></table>{more}"

    def _addresses(self) -> list[list[int]]:
        return self._inner.addresses()


class Figure(str):
    """A figure as SVG text. A notebook draws it."""

    def _repr_svg_(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        # No wider than the cell, whose width the figure does not know.
        return self.replace("<svg ", '<svg style="max-width: 100%; height: auto" ', 1)

    def save(self, path: Any) -> None:
        """Write it as an SVG file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self)


