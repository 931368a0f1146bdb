"""Finished studies and histories."""

from __future__ import annotations

import html
import json
import os
import tempfile
from typing import TYPE_CHECKING, Any

from spiral import _spiral
from spiral._errors import InputError
from spiral._table import Figure, Table

if TYPE_CHECKING:
    import numpy

# The figure that a notebook shows: the first of these that a study has, else its first figure.
_BEST = ("contrast", "effects", "general-war-free", "war-free")


class Study:
    """The tables, estimates and figures of a study.

    Each table is made once, when it is first asked for.
    """

    def __init__(self, inner: _spiral.Study, directory: str | None, keeps: tempfile.TemporaryDirectory[str] | None = None) -> None:
        self._inner = inner
        self._tables: dict[str, Table] = {}
        self._figures: dict[str, Figure] | None = None
        self._summary: Any = None
        # A directory that lives as long as the study.
        self._keeps = keeps
        self.directory = directory
        """The directory of its files; ``None`` if it is in memory only."""

    @property
    def kind(self) -> str:
        """``ensemble``, ``compare``, ``explain``, ``sweep``, ``sensitivity`` or ``calibrate``."""
        return self._inner.kind

    @property
    def title(self) -> str | None:
        """Its title; none of a calibration."""
        return self._inner.title

    @property
    def tables(self) -> list[str]:
        """Names of its tables."""
        return self._inner.table_names

    def table(self, name: str) -> Table:
        """One of its tables."""
        if name not in self._tables:
            self._tables[name] = Table(self._inner.table(name))
        return self._tables[name]

    @property
    def outcomes(self) -> Table:
        """One row a history."""
        return self.table("outcomes")

    @property
    def curves(self) -> Table:
        """One row for each point, date, state and metric; a sweep has rows only with ``curves=True``."""
        return self.table("curves")

    @property
    def events(self) -> Table:
        """One row for each event of the histories whose events are kept."""
        return self.table("events")

    @property
    def failures(self) -> Table:
        """One row for each history that failed."""
        return self.table("failures")

    @property
    def points(self) -> Table:
        """The design points of a sweep: one row a point, one column a factor."""
        return self.table("points")

    @property
    def responses(self) -> Table:
        """The outcomes of a sweep, with intervals: one row for each point and outcome."""
        return self.table("responses")

    @property
    def summary(self) -> Any:
        """The estimates with their intervals, as lists and dictionaries: what ``summary.json`` holds.

        Of an explanation it is what ``explain.json`` holds, and so on.
        """
        if self._summary is None:
            self._summary = json.loads(self._inner.json())
        return self._summary

    @property
    def figures(self) -> dict[str, Figure]:
        """Its figures as SVG, by name."""
        if self._figures is None:
            self._figures = {name: Figure(svg) for name, svg in self._inner.figures()}
        return self._figures

    def plot(self, name: str | None = None) -> Figure:
        """A figure by its name in ``figures``; without a name, the one that shows most."""
        if name is None:
            # Without a single general war that figure is empty.
            best = [one for one in _BEST if one in self.figures and (one != "general-war-free" or self._has_general_war())]
            name = next(iter(best), next(iter(self.figures), None))
        if name is None or name not in self.figures:
            raise InputError(f"this study has no figure {name!r}; it has {', '.join(self.figures) or 'none'}")
        return self.figures[name]

    def _has_general_war(self) -> bool:
        measures = [measure for one in self.summary.get("scenarios", []) for measure in one["measures"]]
        return any(measure["name"] == "general_war" and measure["estimate"] > 0 for measure in measures)

    def estimates(self, outcome: str | None = None) -> numpy.ndarray[Any, Any]:
        """The estimates of a sweep as an array: a row for each point, in the order of the design, a column for each outcome.

        With the name of an outcome, one number a point. A point without an estimate, such as one whose histories all failed, is NaN.
        """
        import numpy

        found = self._inner.estimates()
        if found is None:
            raise InputError(f"estimates belong to a sweep, and this study is of kind {self.kind}; see summary")
        names, rows = found
        values = numpy.array(rows, dtype=float).reshape(len(rows), len(names))
        if outcome is None:
            return values
        if outcome not in names:
            raise InputError(f"this study has no outcome {outcome!r}; it has {', '.join(names)}")
        return values[:, names.index(outcome)]

    def design(self) -> numpy.ndarray[Any, Any]:
        """The values of a sweep as an array: a row for each point, a column for each factor.

        NaN where a point leaves a factor as the scenario has it.
        """
        import numpy

        found = self._inner.design()
        if found is None:
            raise InputError(f"only a sweep has a design, and this study is of kind {self.kind}")
        names, rows = found
        return numpy.array(rows, dtype=float).reshape(len(rows), len(names))

    def __repr__(self) -> str:
        place = f" in {self.directory}" if self.directory else ""
        title = f" {self.title}" if self.title else ""
        return f"<{self.kind} study{title}{place}>"

    def _repr_html_(self) -> str:
        return self._inner.html() + (self.plot()._repr_html_() if self.figures else "")


class History:
    """One history, told."""

    def __init__(self, told: dict[str, Any], short: str) -> None:
        self.data = told
        """Everything as lists and dictionaries: what ``history.json`` holds for it."""
        self.short = short
        """The whole history in a paragraph."""

    @property
    def outcome(self) -> dict[str, Any]:
        """Its row in the table ``outcomes``."""
        return dict(self.data["outcome"])

    @property
    def events(self) -> list[dict[str, Any]]:
        """Crises, mobilisations, strikes, joinings and wars, in order."""
        return list(self.data["events"])

    @property
    def dates(self) -> list[float]:
        """Dates of the values of ``curves``."""
        return list(self.data["dates"])

    @property
    def curves(self) -> dict[str, dict[str, list[float]]]:
        """Values by state (``*`` for the whole system), then metric."""
        return dict(self.data["curves"])

    @property
    def text(self) -> str:
        """The chronicle: what happened, by date."""
        lines = []
        for entry in self.data["chronicle"]:
            lines.append(f"{entry['when']}  {entry['text']}")
            lines.extend(f"    {detail['when']}  {detail['text']}" for detail in entry["details"])
        return "\n".join([*lines, "", self.short])

    def __repr__(self) -> str:
        return f"<history {self.data['history']} of {self.data['scenario']}: {self.short}>"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<pre style='white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere'>{html.escape(self.text)}</pre>"


def open_study(directory: str | os.PathLike[str]) -> Study:
    """The finished study in a directory."""
    place = os.fspath(directory)
    return Study(_spiral.open(place), place)
