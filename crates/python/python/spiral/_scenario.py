"""Scenarios."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from spiral import _spiral
from spiral._errors import InputError

Value = float | int | str | bool


class ScenarioEntry(NamedTuple):
    """A built-in scenario."""

    name: str
    question: str
    members: list[str]
    """Scenarios in its file, each of which is loaded as ``name/member``; empty if it is a single scenario."""


class Parameter(NamedTuple):
    """A number of a scenario."""

    path: str
    value: float | str
    """The number; for a series its points as text."""
    unit: str
    meaning: str
    origin: str
    """``default``, ``file``, ``judgement``, ``source``, ``capitals``, ``generated`` or ``set``."""
    why: str
    """Source, or reason of the judgement; empty where there is none."""
    range: tuple[float, float] | None
    """Range of a judgement."""
    date: float | None
    """Date from which it holds, where it is set by date."""
    symbol: str


def scenarios() -> list[ScenarioEntry]:
    """The built-in scenarios, by name."""
    return [ScenarioEntry(*entry) for entry in _spiral.catalogue()]


def mechanisms() -> list[str]:
    """Names of the mechanisms, for ``without``."""
    return _spiral.mechanisms()


def outcomes() -> list[str]:
    """Names of the outcomes that a study can report."""
    return _spiral.outcomes()


class Scenario:
    """A world to simulate. It never changes: ``set``, ``without`` and ``between`` return a new one."""

    def __init__(self, world: _spiral.World) -> None:
        self._world = world

    @classmethod
    def load(cls, name_or_path: str | os.PathLike[str]) -> Scenario:
        """A built-in scenario (``"pre-wwi"``), a file, or a member of one (``"four-worlds/offence-distinguishable"``)."""
        name = os.fspath(name_or_path)
        worlds = _spiral.load(name)
        if len(worlds) > 1:
            members = ", ".join(world.name for world in worlds)
            raise InputError(f"{name} holds several scenarios: name one of {members}")
        return cls(worlds[0])

    def set(self, path: str, value: Value) -> Scenario:
        """The scenario with another value at a path, such as ``set("technology.balance", 0.5)``.

        A series of dated values of this number is dropped.
        """
        return Scenario(self._world.changed(([(path, _text(path, value))], [], None)))

    def without(self, *mechanisms: str) -> Scenario:
        """The scenario with these mechanisms switched off."""
        return Scenario(self._world.changed(([], list(mechanisms), None)))

    def between(self, start: float, end: float) -> Scenario:
        """The scenario from one date to another, in decimal years."""
        return Scenario(self._world.changed(([], [], _span((start, end)))))

    def named(self, name: str) -> Scenario:
        """The same scenario under another name, which tables and figures show."""
        return Scenario(self._world.named(name))

    @property
    def name(self) -> str:
        """Its name in tables and figures."""
        return self._world.name

    @property
    def question(self) -> str:
        """The question it asks."""
        return self._world.question

    @property
    def years(self) -> tuple[float, float]:
        """First and last date, in decimal years."""
        return self._world.years

    @property
    def states(self) -> dict[str, str]:
        """Name of each state, by its code."""
        return dict(self._world.states)

    @property
    def changes(self) -> list[str]:
        """What was changed, in words."""
        _, _, (changed, without, years), _ = self._world.made_from()
        words = [f"{path}={value}" for path, value in changed]
        words += [f"without {mechanism}" for mechanism in without]
        return words + ([f"{years[0]:g} to {years[1]:g}"] if years else [])

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Every number at the start, by path, with unit, meaning and origin."""
        return {row.path: row for row in self.all_parameters() if row.date is None}

    def all_parameters(self) -> list[Parameter]:
        """Every number, also those that are set at a later date."""
        found = []
        for row in json.loads(self._world.parameters_json()):
            limits = tuple(row["range"]) if row["range"] else None
            found.append(Parameter(**{**row, "value": _number(row["value"]), "range": limits}))
        return found

    def __repr__(self) -> str:
        changes = "".join(f", {change}" for change in self.changes)
        return f"<scenario {self.name}{changes}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self._world.made_from() == other._world.made_from()

    def __hash__(self) -> int:
        return hash(repr(self._world.made_from()))

    def __reduce__(self) -> tuple[object, ...]:
        return _again, self._world.made_from()


def _again(
    scenario: str,
    text: str | None,
    changes: tuple[list[tuple[str, str]], list[str], tuple[float, float] | None],
    name: str,
) -> Scenario:
    return Scenario(_spiral.World(scenario, text, changes, name))


def _text(path: str, value: Value) -> str:
    """A value as the command line takes it after ``--set``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    # Numbers of numpy too: the fewest digits that give the same bits back.
    try:
        return repr(float(value))
    except (TypeError, ValueError):
        raise InputError(f"the value of {path} is {value!r}; it must be a number, a text, True or False") from None


def _span(years: Any) -> tuple[float, float]:
    """First and last date."""
    try:
        start, end = (float(date) for date in years)
    except (TypeError, ValueError):
        raise InputError(f"years are {years!r}; they must be two dates, such as (1890, 1914)") from None
    return start, end


def _number(text: str) -> float | str:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return text


Scenarios = str | os.PathLike[str] | Scenario


def worlds_of(
    scenarios: Iterable[Scenarios],
    without: str | Iterable[str] = (),
    years: tuple[float, float] | None = None,
) -> list[_spiral.World]:
    """The worlds of names, paths and scenarios, all changed alike, each with a name of its own."""
    off = [without] if isinstance(without, str) else list(without)
    span = None if years is None else _span(years)
    found: list[_spiral.World] = []
    for scenario in scenarios:
        if isinstance(scenario, Scenario):
            found.append(scenario._world)
        elif isinstance(scenario, str | os.PathLike):
            found.extend(_spiral.load(os.fspath(scenario)))
        else:
            raise InputError(f"a scenario is a name, a path or a spiral.Scenario, and not {type(scenario).__name__}")
    if off or span:
        found = [world.changed(([], off, span)) for world in found]
    names = [world.name for world in found]
    for place, world in enumerate(found):
        changes = Scenario(world).changes
        if names.count(world.name) > 1 and changes:
            found[place] = world.named(f"{world.name} ({'; '.join(changes)})")
    return found
