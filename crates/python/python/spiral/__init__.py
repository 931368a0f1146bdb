"""spiral: the simulator of the security dilemma.

>>> import spiral
>>> world = spiral.Scenario.load("two-states")
>>> study = spiral.ensemble(world, histories=200)
>>> study.outcomes.to_polars()  # doctest: +SKIP

Everything has the same bits as on the command line, which the package carries: ``spiral --help`` in a shell.
"""

from importlib.metadata import version as _version

from spiral._calls import (
    Note,
    Options,
    Simulator,
    calibrate,
    compare,
    ensemble,
    explain,
    history,
    sensitivity,
    simulator,
    sweep,
)
from spiral._design import Problem, grid, problem
from spiral._errors import FileError, InputError, SpiralError, WorkersError
from spiral._scenario import Parameter, Scenario, ScenarioEntry, mechanisms, outcomes, scenarios
from spiral._study import History, Study
from spiral._study import open_study as open  # noqa: A004
from spiral._table import Figure, Table

__version__ = _version("spiral-sim")
__all__ = [
    "Figure",
    "FileError",
    "History",
    "InputError",
    "Note",
    "Options",
    "Parameter",
    "Problem",
    "Scenario",
    "ScenarioEntry",
    "Simulator",
    "SpiralError",
    "Study",
    "Table",
    "WorkersError",
    "calibrate",
    "compare",
    "ensemble",
    "explain",
    "grid",
    "history",
    "mechanisms",
    "open",
    "outcomes",
    "problem",
    "scenarios",
    "sensitivity",
    "simulator",
    "sweep",
]
