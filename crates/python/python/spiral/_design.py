"""Designs: which values the points of a study have, and how a study file says it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from spiral import _spiral
from spiral._errors import InputError
from spiral._scenario import Scenario

if TYPE_CHECKING:
    import numpy

MOST_POINTS = 200_000


class Problem(TypedDict):
    """A problem as SALib takes it."""

    num_vars: int
    names: list[str]
    bounds: list[list[float]]


def problem(scenario: str | Scenario, names: str | Iterable[str] | None = None) -> Problem:
    """A problem for SALib: the judgements of a scenario with their ranges.

    A judgement is a number that nobody has measured; its range is what another judge might say. ``names`` chooses some by name, or by the
    beginning of the name, such as ``"technology"``. Without it, the problem has all of them.
    """
    world = (scenario if isinstance(scenario, Scenario) else Scenario.load(scenario))._world
    judged = {name: (low, high) for name, low, high, _, _ in world.judgements()}
    chosen = list(judged)
    if names is not None:
        chosen = []
        for name in [names] if isinstance(names, str) else names:
            found = [known for known in judged if known == name or known.startswith(f"{name}.")]
            if not found:
                raise InputError(f"{world.name} has no judgement {name!r}; it has {', '.join(judged)}")
            chosen += [known for known in found if known not in chosen]
    return {"num_vars": len(chosen), "names": chosen, "bounds": [list(judged[name]) for name in chosen]}


def grid(values: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Every combination of values, as columns for ``sweep``; the last name changes fastest."""
    rows: list[list[float]] = [[]]
    for name, each in values.items():
        if not isinstance(each, Iterable) or isinstance(each, str):
            raise InputError(f"the values of {name} are {each!r}; they must be a list, such as [{each!r}]")
        rows = [[*row, value] for row in rows for value in each]
    return {name: [row[place] for row in rows] for place, name in enumerate(values)}


def is_problem(design: object) -> bool:
    """Whether a design is a problem of SALib, and not columns of values."""
    return isinstance(design, Mapping) and "names" in design and "bounds" in design


class Columns:
    """Names, rows of values and, where they are known, bounds of each column."""

    def __init__(self, design: Any, values: Any) -> None:
        self.bounds: list[tuple[float, float]] | None = None
        self.logarithmic: list[bool] | None = None
        if is_problem(design):
            self.names = [str(name) for name in design["names"]]
            self.bounds, self.logarithmic = bounds_of(design)
            if values is None:
                raise InputError("a problem needs values: sweep(scenario, problem, values), such as those of SALib's sample")
            self.rows = rows_of(values, self.names)
        elif values is not None:
            self.names = [str(name) for name in design]
            self.rows = rows_of(values, self.names)
        elif isinstance(design, Mapping):
            self.names = [str(name) for name in design]
            for name, column in design.items():
                if not isinstance(column, Iterable) or isinstance(column, str):
                    raise InputError(f"the column {name} is {column!r}; it must be a list with a value for each point")
            columns = [list(column) for column in design.values()]
            lengths = {name: len(column) for name, column in zip(self.names, columns, strict=True)}
            if len(set(lengths.values())) > 1:
                raise InputError(f"columns have different lengths: {lengths}; spiral.grid(...) makes all combinations")
            self.rows = rows_of(list(zip(*columns, strict=True)), self.names)
        elif hasattr(design, "columns") and hasattr(design, "to_numpy"):
            self.names = [str(name) for name in design.columns]
            self.rows = rows_of(design.to_numpy(), self.names)
        else:
            raise InputError(
                "a design is a problem of SALib with values, a data frame, or a dictionary of columns, and not "
                f"{type(design).__name__}"
            )
        if len(self.rows) > MOST_POINTS:
            raise InputError(f"the design has {len(self.rows)} points; at most {MOST_POINTS} are allowed")


def bounds_of(design: Mapping[str, Any]) -> tuple[list[tuple[float, float]], list[bool]]:
    """Bounds of a problem, and whether each factor is on a logarithmic scale."""
    names, bounds = design["names"], design["bounds"]
    if len(names) != len(bounds):
        raise InputError(f"the problem has {len(names)} names and {len(bounds)} bounds")
    kinds = design.get("dists") or ["unif"] * len(names)
    if len(names) != len(kinds):
        raise InputError(f"the problem has {len(names)} names and {len(kinds)} dists")
    for name, kind in zip(names, kinds, strict=True):
        if kind not in ("unif", "logunif"):
            raise InputError(f"the distribution of {name} is {kind!r}; the program knows unif and logunif")
    limits = []
    for name, pair in zip(names, bounds, strict=True):
        try:
            low, high = (float(limit) for limit in pair)
        except (TypeError, ValueError):
            low = high = math.nan
        if not (math.isfinite(low) and math.isfinite(high) and low <= high):
            raise InputError(f"the bounds of {name} are {pair!r}; they must be two finite numbers, the lower one first")
        limits.append((low, high))
    return limits, [kind == "logunif" for kind in kinds]


def rows_of(values: Any, names: list[str]) -> list[list[float]]:
    """Values as rows of finite numbers, one row a point."""
    given = values.tolist() if hasattr(values, "tolist") else values
    if not isinstance(given, Iterable) or isinstance(given, str):
        raise InputError(f"values are {given!r}; they need two dimensions: a row for each point, {len(names)} columns")
    given = list(given)
    if not given:
        raise InputError("the design has no points")
    rows = []
    for number, row in enumerate(given):
        if not isinstance(row, Iterable) or isinstance(row, str):
            raise InputError(f"values have one dimension; they need two: a row for each point, {len(names)} columns")
        cells = list(row)
        if len(cells) != len(names):
            raise InputError(f"row {number} has {len(cells)} values for {len(names)} names: {', '.join(names)}")
        rows.append([_finite(value, f"row {number}, column {name}") for name, value in zip(names, cells, strict=True)])
    return rows


def _finite(value: Any, place: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
        if isinstance(value, Iterable) and not isinstance(value, str):
            message = "values have three dimensions; they need two: a row for each point, a column for each number"
            raise InputError(f"{place}: {message}") from None
    if isinstance(value, str) or not math.isfinite(number):
        raise InputError(f"{place}: {value!r} is not a finite number")
    return number


def factor(world: _spiral.World, name: str, bounds: tuple[float, float], given: bool, logarithmic: bool) -> str:
    """The entry of a factor in a study file; ``given`` says that the user gave the bounds."""
    low, high = bounds
    judged = {known: (least, most) for known, least, most, _, _ in world.judgements()}
    # A problem of the judgements moves the judgements, which keep what is dated. Any other number is set, as by `Scenario.set`.
    if judged.get(name) == (low, high) and given and not logarithmic:
        return f"(judgement: {json.dumps(name, ensure_ascii=False)})"
    if name in judged and (name.endswith(" (factor)") or " from " in name):
        return f"(judgement: {json.dumps(name, ensure_ascii=False)})"
    if name in _spiral.mechanisms() and (low, high) in ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0)):
        return f"(mechanism: {json.dumps(name)})"
    path = json.dumps(name, ensure_ascii=False)
    if low == high:
        return f"(path: {path}, levels: [{low!r}])"
    scale = ', scale: "log"' if logarithmic else ""
    return f"(path: {path}, range: ({low!r}, {high!r}){scale})"


def factors(world: _spiral.World, columns: Columns) -> str:
    """The key ``factors`` of a study with these columns."""
    entries = []
    for place, name in enumerate(columns.names):
        given = columns.bounds is not None
        own = [row[place] for row in columns.rows]
        bounds = columns.bounds[place] if columns.bounds is not None else (float(min(own)), float(max(own)))
        logarithmic = columns.logarithmic[place] if columns.logarithmic is not None else False
        entries.append(factor(world, name, bounds, given, logarithmic))
    return "factors: [\n        " + ",\n        ".join(entries) + ",\n    ]"


def list_design(columns: Columns) -> str:
    """The key ``design`` with every point of these columns."""
    rows = ",\n        ".join("[" + ", ".join(repr(float(value)) for value in row) + "]" for row in columns.rows)
    return f'design: (kind: "list", points: [\n        {rows},\n    ])'


def keys(title: str | None, outcomes: str | Iterable[str] | None, curves: bool, *parts: str) -> str:
    """Further keys of a study file."""
    lines = [*parts, f"curves: {'true' if curves else 'false'}"]
    if title is not None:
        lines.append(f"title: {json.dumps(title, ensure_ascii=False)}")
    if outcomes is not None:
        names = [outcomes] if isinstance(outcomes, str) else list(outcomes)
        lines.append(f"outcomes: {json.dumps(names)}")
    return "".join(f"    {line},\n" for line in lines)


def array(values: Any) -> numpy.ndarray[Any, Any]:
    """Values as an array of numpy."""
    import numpy

    try:
        return numpy.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"theta is {values!r}; it must be numbers: one point, or a row for each point ({error})") from None
