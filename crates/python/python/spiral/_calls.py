"""What the package can do."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from spiral import _design, _spiral
from spiral._errors import InputError
from spiral._executor import workers_of
from spiral._progress import progress_bar
from spiral._scenario import Scenario, Scenarios, worlds_of
from spiral._study import History, Study

if TYPE_CHECKING:
    import numpy


class Options(TypedDict, total=False):
    """Keyword arguments that all studies take. None of them but ``seed`` changes a number that is in the result."""

    seed: int
    """Seed of all random draws; 1, or that of a study file."""
    threads: int
    """Number of threads; all processors if it is not given."""
    out: str | os.PathLike[str]
    """New directory for tables, figures and ``report.html``; without it the study is in memory only."""
    resume: bool
    """Continue the study that is in ``out``."""
    csv: bool
    """Write the tables as CSV too."""
    uncertain: bool
    """Draw every judgement from its range, anew for every two histories."""
    progress: bool
    """Show progress; by default in a notebook, and in a terminal if ``tqdm`` is installed."""
    executor: Executor
    """Simulate the parts of the study in the tasks of this executor."""
    task_threads: int
    """Threads of a task of the executor (1)."""


_KNOWN = tuple(Options.__annotations__)


class Note(UserWarning):
    """A remark of the program on what was asked for."""


def _whole(name: str, value: Any, least: int) -> int | None:
    """A whole number within 64 bits, or nothing."""
    if value is None:
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        number = least - 1
    if isinstance(value, bool) or number != value or not least <= number < 2 ** (64 if name == "seed" else 32):
        raise InputError(f"{name} is {value!r}; it must be a whole number from {least}")
    return number


class _Making:
    """The dictionary that a call of the Rust part takes, and the directory of the study."""

    def __init__(self, options: Options, histories: int | None, through_war: bool, events: int | None, directory: bool) -> None:
        for name in options:
            if name not in _KNOWN:
                raise TypeError(f"there is no argument {name!r}; a study takes {', '.join(_KNOWN)}")
        self.keeps: tempfile.TemporaryDirectory[str] | None = None
        out = options.get("out")
        executor = options.get("executor")
        if options.get("resume") and out is None:
            raise InputError("resume=True continues the study in a directory: name it with out=")
        self.directory = None if out is None else os.fspath(out)
        place = self.directory
        if place is None and (executor is not None or directory):
            # The parts that come from elsewhere are kept in files; the study lives as long as its object.
            self.keeps = tempfile.TemporaryDirectory(prefix="spiral-")
            place = os.path.join(self.keeps.name, "study")
        threads = _whole("threads", options.get("threads"), 1)
        task_threads = _whole("task_threads", options.get("task_threads", 1), 1) or 1
        self.progress = options.get("progress")
        self.given: dict[str, Any] = {
            "histories": _whole("histories", histories, 1),
            "seed": _whole("seed", options.get("seed"), 0),
            "threads": threads,
            "out": place,
            "temporary": self.keeps is not None,
            "resume": bool(options.get("resume", False)),
            "csv": bool(options.get("csv", False)),
            "uncertain": bool(options.get("uncertain", False)),
            "through_war": through_war,
            "events": _whole("events", events, 0),
            "without_rows": False,
            "note": lambda message: warnings.warn(message, Note, stacklevel=4),
            "workers": None if executor is None else workers_of(executor, task_threads),
        }

    @contextmanager
    def watched(self) -> Iterator[dict[str, Any]]:
        """The dictionary, with a progress bar that ends with the work."""
        show, end = progress_bar(self.progress)
        try:
            yield {**self.given, "progress": show}
        finally:
            end()

    def study(self, inner: _spiral.Study) -> Study:
        """The study that was made."""
        return Study(inner, self.directory, self.keeps)


def _make(
    options: Options,
    call: Callable[[dict[str, Any]], _spiral.Study],
    histories: int | None = None,
    through_war: bool = False,
    events: int | None = None,
    directory: bool = False,
) -> Study:
    making = _Making(options, histories, through_war, events, directory)
    with making.watched() as given:
        return making.study(call(given))


def ensemble(
    scenario: Scenarios,
    histories: int = 1000,
    *,
    without: str | Iterable[str] = (),
    years: tuple[float, float] | None = None,
    through_war: bool = False,
    events: int | None = None,
    **options: Unpack[Options],
) -> Study:
    """Simulate many histories of a scenario: a name, a path or a ``Scenario``.

    The results have the same bits as those of ``spiral ensemble`` with the same seed. ``without`` switches mechanisms off, ``years`` are first
    and last date, ``through_war`` continues curves after the first war of a history, ``events`` is the number of histories whose events are
    kept. The other keyword arguments are those of ``spiral.Options``.
    """
    worlds = worlds_of([scenario], without, years)
    return _make(options, lambda given: _spiral.compare(worlds, given), histories, through_war, events)


def compare(
    *scenarios: Scenarios,
    histories: int = 1000,
    without: str | Iterable[str] = (),
    years: tuple[float, float] | None = None,
    through_war: bool = False,
    events: int | None = None,
    **options: Unpack[Options],
) -> Study:
    """Compare scenarios on the same random draws; the differences are those of the later ones from the first.

    Scenarios may be variants of one: ``spiral.compare(s, s.set("technology.balance", 0.5))``.
    """
    worlds = worlds_of(scenarios, without, years)
    if len(worlds) < 2:
        raise InputError("compare needs at least two scenarios; ensemble simulates one")
    return _make(options, lambda given: _spiral.compare(worlds, given), histories, through_war, events)


def explain(
    a: Scenarios,
    b: Scenarios,
    histories: int = 250,
    *,
    outcomes: str | Iterable[str] = (),
    counterparts: Mapping[str, str] | None = None,
    without: str | Iterable[str] = (),
    years: tuple[float, float] | None = None,
    **options: Unpack[Options],
) -> Study:
    """Divide the difference between two scenarios among the groups in which they differ, such as technology and beliefs.

    ``counterparts`` gives the state of ``b`` that plays the role of a state of ``a``.
    """
    worlds = worlds_of([a, b], without, years)
    if len(worlds) != 2:
        raise InputError(f"explain compares two single scenarios, and these are {', '.join(world.name for world in worlds)}")
    names = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    pairs = list((counterparts or {}).items())
    return _make(options, lambda given: _spiral.explain(worlds[0], worlds[1], names, pairs, given), histories)


def _study_file(study: Any) -> str | None:
    """The path of a study file, or nothing of a scenario."""
    if isinstance(study, Scenario):
        return None
    path = os.fspath(study)
    built_in = {entry.split("/")[0] for entry, _, _ in _spiral.catalogue()}
    return None if path.split("/")[0] in built_in else path


def _one(study: Scenarios, without: str | Iterable[str], years: tuple[float, float] | None) -> _spiral.World:
    worlds = worlds_of([study], without, years)
    if len(worlds) != 1:
        raise InputError(f"a study varies one scenario: name one of {', '.join(world.name for world in worlds)}")
    return worlds[0]


def sweep(
    study: Scenarios,
    design: Any = None,
    values: Any = None,
    histories: int | None = None,
    *,
    outcomes: str | Iterable[str] | None = None,
    curves: bool = False,
    rows: Literal["all", "none"] = "all",
    title: str | None = None,
    without: str | Iterable[str] = (),
    years: tuple[float, float] | None = None,
    **options: Unpack[Options],
) -> Study:
    """Simulate every point of a design; points share their random draws.

    - ``sweep("study.ron")``: a study file.
    - ``sweep(s, problem, X)``: a problem of SALib, such as ``spiral.problem(s)``, and the sample that SALib made of it.
    - ``sweep(s, frame)``: a data frame of pandas or polars with a column for each number.
    - ``sweep(s, {"technology.balance": [0.5, 1, 2]})``: columns; ``spiral.grid`` makes all combinations.

    The rows keep their order. ``study.estimates()`` is an array with a row for each point: what SALib's ``analyze`` takes. A column is
    a path as in ``Scenario.set``, the name of a judgement, or the name of a mechanism with 0 (off) and 1 (on). Each point has ``histories``
    histories (100, or the number in the study file). With ``rows="none"`` the study keeps no row for each history: its table ``tallies`` has
    the numbers of each point, which take the same room for any number of histories.
    """
    if rows not in ("all", "none"):
        raise InputError(f"rows is {rows!r}; write 'all' or 'none'")
    lean = rows == "none"
    if design is None:
        path = _study_file(study)
        if path is None:
            raise InputError("a sweep of a scenario needs a design: a problem of SALib with values, a data frame, or columns")
        return _make(options, lambda given: _spiral.study_file(path, False, {**given, "without_rows": lean}), histories)
    world = _one(study, without, years)
    columns = _design.Columns(design, values)
    keys = _design.keys(title or world.name, outcomes, curves, _design.factors(world, columns), _design.list_design(columns))
    return _make(options, lambda given: _spiral.study_text(world, "sweep.ron", keys, False, {**given, "without_rows": lean}), histories or 100)


def sensitivity(
    study: Scenarios,
    problem: Mapping[str, Any] | None = None,
    samples: int = 64,
    histories: int | None = None,
    *,
    method: str = "saltelli",
    outcomes: str | Iterable[str] | None = None,
    title: str | None = None,
    without: str | Iterable[str] = (),
    years: tuple[float, float] | None = None,
    **options: Unpack[Options],
) -> Study:
    """Estimate which factors change the outcomes most: ``study.table("sensitivity")``.

    ``sensitivity("study.ron")`` runs a study file with a design of kind morris or saltelli. ``sensitivity(s, problem)`` makes the design of a
    problem of SALib: ``method`` is ``"saltelli"`` (Sobol' indices; ``samples`` rows of each matrix) or ``"morris"`` (``samples`` trajectories).
    """
    if problem is None:
        path = _study_file(study)
        if path is None:
            raise InputError("sensitivity of a scenario needs a problem, such as spiral.problem(scenario)")
        return _make(options, lambda given: _spiral.study_file(path, True, given), histories)
    if method not in ("saltelli", "morris"):
        raise InputError(f"the method is {method!r}; it must be 'saltelli' or 'morris'")
    if not _design.is_problem(problem):
        raise InputError("a problem has names and bounds, as SALib takes them; spiral.problem(scenario) makes one")
    world = _one(study, without, years)
    bounds, logarithmic = _design.bounds_of(problem)
    each = zip(problem["names"], bounds, logarithmic, strict=True)
    entries = [_design.factor(world, name, limits, True, log) for name, limits, log in each]
    size = "samples" if method == "saltelli" else "trajectories"
    design = f'design: (kind: "{method}", {size}: {_whole("samples", samples, 2)})'
    keys = _design.keys(title or world.name, outcomes, False, f"factors: [{', '.join(entries)}]", design)
    return _make(options, lambda given: _spiral.study_text(world, "sensitivity.ron", keys, True, given), histories or 100)


def calibrate(file: str | os.PathLike[str], histories: int | None = None, **options: Unpack[Options]) -> Study:
    """Fit numbers of a scenario to the targets of a calibration file, and score what the file holds out.

    ``study.summary`` has the fitted numbers. The candidates are tables in the directory ``out``.
    """
    if options.get("executor") is not None:
        raise InputError("a calibration takes no executor: each of its candidates depends on those before")
    path = os.fspath(file)
    return _make(options, lambda given: _spiral.calibrate(path, given), histories, directory=True)


def history(
    scenario: Scenarios,
    number: int = 0,
    *,
    seed: int = 1,
    every_crisis: bool = False,
    uncertain: bool = False,
    without: str | Iterable[str] = (),
    years: tuple[float, float] | None = None,
) -> History:
    """One history, told by date: the same bits as in an ensemble with the same seed.

    ``every_crisis`` tells every crisis one by one.
    """
    world = _one(scenario, without, years)
    place, draws = _whole("number", number, 0) or 0, _whole("seed", seed, 0) or 0
    text, short = _spiral.history(world, place, draws, every_crisis, uncertain)
    return History(json.loads(text)["histories"][0], short)


class Simulator:
    """A function from numbers of a scenario to its outcomes, for sbi, emcee, Optuna and others. It can be pickled."""

    def __init__(
        self,
        scenario: Scenarios,
        names: Iterable[str],
        outcomes: str | Iterable[str] = ("general_war",),
        histories: int = 200,
        **options: Unpack[Options],
    ) -> None:
        self.scenario = Scenario(_one(scenario, (), None))
        self.names = [names] if isinstance(names, str) else list(names)
        self.outcomes = [outcomes] if isinstance(outcomes, str) else list(outcomes)
        self.histories = histories
        self.options: Options = {"progress": False, **options}

    def __call__(self, theta: Any) -> numpy.ndarray[Any, Any]:
        """The outcomes at ``theta``: one point (values in the order of the names) or an array with a row for each point."""
        values = _design.array(theta)
        if values.ndim > 2:
            raise InputError(f"theta has {values.ndim} dimensions; it may have one (a point) or two (a row for each point)")
        rows = values.reshape(1, -1) if values.ndim < 2 else values
        study = sweep(self.scenario, self.names, rows, self.histories, outcomes=self.outcomes, **self.options)
        found = study.estimates()
        return found[0] if values.ndim < 2 else found


def simulator(
    scenario: Scenarios,
    names: Iterable[str],
    outcomes: str | Iterable[str] = ("general_war",),
    histories: int = 200,
    **options: Unpack[Options],
) -> Simulator:
    """A function ``theta -> array``: values of ``names`` to estimates of ``outcomes``, over ``histories`` histories a call.

    All calls share their random draws, so that the function is smooth; another ``seed`` gives others.
    """
    return Simulator(scenario, names, outcomes, histories, **options)
