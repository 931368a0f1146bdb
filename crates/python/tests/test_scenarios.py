"""Scenarios: load, change, read, compare, pickle; and what is said about mistakes."""

import pickle

import pytest

import spiral


def test_the_built_in_scenarios_are_listed_and_load():
    names = [entry.name for entry in spiral.scenarios()]
    assert {"pre-wwi", "pre-wwii", "two-states", "four-worlds"} <= set(names)
    members = next(entry.members for entry in spiral.scenarios() if entry.name == "four-worlds")
    world = spiral.Scenario.load(f"four-worlds/{members[0]}")
    assert world.name == f"four-worlds/{members[0]}" and world.question
    assert spiral.Scenario.load("pre-wwi").states["GER"] == "Germany"


def test_a_change_makes_a_new_scenario():
    world = spiral.Scenario.load("two-states")
    other = world.set("technology.balance", 0.5).without("beliefs").between(0, 10)
    assert world.parameters["technology.balance"].value == 1.0
    found = other.parameters["technology.balance"]
    assert (found.value, found.origin) == (0.5, "set") and found.meaning
    assert other.years == (0.0, 10.0) and other.changes == ["technology.balance=0.5", "without beliefs", "0 to 10"]
    assert world != other and world == spiral.Scenario.load("two-states")
    assert other.set("technology.balance", 0.25).changes[0] == "technology.balance=0.25"


def test_scenarios_can_be_pickled(tmp_path):
    path = tmp_path / "mine.ron"
    text = '(calendar: (start: 0, end: 10, ticks_per_year: 4), states: {"AAA": (output: 100), "BBB": (output: 90)}, pairs: {"AAA-BBB": (distance: 300)})'
    path.write_text(text, encoding="utf-8")
    for world in (spiral.Scenario.load("pre-wwi").without("beliefs").named("blind"), spiral.Scenario.load(path)):
        again = pickle.loads(pickle.dumps(world))
        assert again == world and again.name == world.name and hash(again) == hash(world)
    path.unlink()
    assert pickle.loads(pickle.dumps(world)).states.keys() == {"AAA", "BBB"}, "the text travels with it"


def test_a_judgement_has_its_range():
    world = spiral.Scenario.load("two-states")
    judged = [row for row in world.parameters.values() if row.origin == "judgement"]
    assert judged and all(row.range[0] <= row.value <= row.range[1] for row in judged if isinstance(row.value, float))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: spiral.Scenario.load("pre-ww1"), "did you mean `pre-wwi`?"),
        (lambda: spiral.Scenario.load("four-worlds"), "name one of four-worlds/"),
        (lambda: spiral.Scenario.load("two-states").set("technology.balanc", 1), "did you mean `technology.balance`?"),
        (lambda: spiral.Scenario.load("two-states").set("technology.balance", 1e9), "allowed"),
        (lambda: spiral.Scenario.load("two-states").set("technology.balance", "x"), "is not a number"),
        (lambda: spiral.Scenario.load("two-states").set("technology.balance", float("nan")), "technology.balance"),
        (lambda: spiral.Scenario.load("two-states").set("technology.balance", None), "the value of technology.balance is None"),
        (lambda: spiral.Scenario.load("two-states").set("technology.balance", [1.0, 2.0]), "it must be a number, a text, True or False"),
        (lambda: spiral.Scenario.load("two-states").without("belief"), "did you mean `beliefs`?"),
        (lambda: spiral.Scenario.load("two-states").between(10, 0), "years"),
        (lambda: spiral.Scenario.load("two-states").between("now", "then"), "they must be two dates, such as (1890, 1914)"),
        (lambda: spiral.ensemble("two-states", years=10), "years are 10; they must be two dates"),
        (lambda: spiral.ensemble("two-states", years=(0, 1, 2)), "they must be two dates"),
        (lambda: spiral.ensemble(7), "a scenario is a name, a path or a spiral.Scenario"),
    ],
)
def test_mistakes_are_value_errors_in_the_words_of_the_program(call, words):
    with pytest.raises(ValueError, match=".") as raised:
        call()
    assert isinstance(raised.value, spiral.InputError) and isinstance(raised.value, spiral.SpiralError)
    assert words in str(raised.value) and "--" not in str(raised.value), str(raised.value)
