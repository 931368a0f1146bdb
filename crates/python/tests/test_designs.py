"""Sweeps and sensitivity with SALib, numpy, data frames and dictionaries; simulators."""

import pickle

import numpy
import pandas
import polars
import pytest
from conftest import YEARS, command_line
from SALib.analyze import sobol
from SALib.sample import latin

import spiral

QUIET = {"progress": False, "years": YEARS}
NAMES = ["technology.balance", "technology.first_strike"]


def problem():
    return {"num_vars": 2, "names": NAMES, "bounds": [[0.5, 2.0], [1.0, 3.0]]}


def test_a_problem_holds_the_judgements_of_a_scenario():
    found = spiral.problem("two-states")
    assert found["num_vars"] == len(found["names"]) == len(found["bounds"]) > 10
    assert all(low < high for low, high in found["bounds"])
    some = spiral.problem(spiral.Scenario.load("two-states"), "arming")
    assert some["names"] and all(name.startswith("arming.") for name in some["names"])
    with pytest.raises(spiral.InputError, match="has no judgement 'armin'"):
        spiral.problem("two-states", ["armin"])


def test_rows_keep_their_order_in_every_form():
    rows = numpy.array([[2.0, 1.0], [0.5, 3.0], [1.25, 1.5]])
    forms = [
        spiral.sweep("two-states", problem(), rows, 64, **QUIET),
        spiral.sweep("two-states", NAMES, rows.tolist(), 64, **QUIET),
        spiral.sweep("two-states", pandas.DataFrame(rows, columns=NAMES), histories=64, **QUIET),
        spiral.sweep("two-states", polars.DataFrame(rows, schema=NAMES), histories=64, **QUIET),
        spiral.sweep("two-states", dict(zip(NAMES, rows.T.tolist(), strict=True)), histories=64, **QUIET),
    ]
    for form in forms:
        assert numpy.array_equal(form.design(), rows) and form.estimates().shape == (3, 3)
        assert numpy.array_equal(form.estimates(), forms[0].estimates(), equal_nan=True)
    wanted = [
        spiral.ensemble(spiral.Scenario.load("two-states").set(NAMES[0], row[0]).set(NAMES[1], row[1]), 64, **QUIET) for row in rows
    ]
    peaks = [next(m["estimate"] for m in one.summary["scenarios"][0]["measures"] if m["name"] == "peak_burden") for one in wanted]
    assert forms[0].estimates("peak_burden").tolist() == peaks


def test_a_grid_has_all_combinations(designed):
    assert spiral.grid({"a": [1, 2], "b": [3, 4]}) == {"a": [1, 1, 2, 2], "b": [3, 4, 3, 4]}
    assert designed.design()[:, 1].tolist() == [1, 1, 0], "a mechanism is on or off"


def test_sobol_indices_are_those_of_salib(tmp_path):
    chosen = spiral.problem("two-states", ["technology.reference_balance", "arming.elasticity", "beliefs"])
    made = spiral.sensitivity("two-states", chosen, 16, 64, outcomes="peak_burden", out=tmp_path / "here", **QUIET)
    theirs = sobol.analyze(chosen, made.estimates("peak_burden"), calc_second_order=False, num_resamples=2, seed=1)
    rows = polars.DataFrame(made.table("sensitivity"))
    for measure, name in (("first_order", "S1"), ("total", "ST")):
        ours = rows.filter(polars.col("measure") == measure)
        assert ours["factor"].to_list() == chosen["names"]
        assert numpy.abs(ours["estimate"].to_numpy() - theirs[name]).max() < 1e-12
    # The command line makes the same of the study file.
    import json

    manifest = json.loads((tmp_path / "here" / "manifest.json").read_text())
    (tmp_path / "sensitivity.ron").write_text(manifest["study"]["text"], encoding="utf-8")
    command_line(tmp_path, "sensitivity", "sensitivity.ron", "-n", 64, "--out", "there")
    assert polars.read_parquet(tmp_path / "there" / "sensitivity.parquet").equals(rows)


def test_a_sample_of_salib_is_swept():
    sample = latin.sample(problem(), 8, seed=1)
    made = spiral.sweep("two-states", problem(), sample, 64, outcomes=["war", "peak_burden"], **QUIET)
    assert numpy.array_equal(made.design(), sample) and numpy.isfinite(made.estimates()).all()
    assert len(made.responses) == 16 and polars.DataFrame(made.points)["technology.balance"].to_list() == sample[:, 0].tolist()


def test_a_study_file_is_swept(tmp_path):
    (tmp_path / "mine.ron").write_text(
        '(scenario: "two-states", years: (0, 8), design: (kind: "grid"), factors: [(mechanism: "beliefs")], histories: 64)', encoding="utf-8"
    )
    made = spiral.sweep(tmp_path / "mine.ron", progress=False)
    assert made.estimates().shape == (2, 3) and made.title == "mine"
    assert spiral.sweep(tmp_path / "mine.ron", histories=32, progress=False).summary["points"][0]["histories"] == 32


def test_a_simulator_is_a_function():
    simulate = spiral.simulator(spiral.Scenario.load("two-states").between(*YEARS), NAMES, ["war", "peak_burden"], histories=64)
    one, many = simulate([1.0, 2.0]), simulate([[1.0, 2.0], [0.5, 1.0]])
    assert one.shape == (2,) and many.shape == (2, 2) and numpy.array_equal(one, many[0])
    assert numpy.array_equal(pickle.loads(pickle.dumps(simulate))([1.0, 2.0]), one)


@pytest.mark.parametrize(
    ("design", "values", "words"),
    [
        (problem(), numpy.array([[1.0, numpy.nan]]), "row 0, column technology.first_strike: nan is not a finite number"),
        (problem(), numpy.array([[1.0]]), "row 0 has 1 values for 2 names"),
        (problem(), numpy.array([1.0, 2.0]), "values have one dimension"),
        (problem(), 7.0, "they need two dimensions: a row for each point, 2 columns"),
        (problem(), numpy.ones((2, 2, 2)), "values have three dimensions; they need two"),
        (problem(), numpy.array([[1.0, numpy.inf]]), "row 0, column technology.first_strike: inf is not a finite number"),
        (problem(), [[1.0, None]], "None is not a finite number"),
        (problem(), [[1.0, "2"]], "'2' is not a finite number"),
        (pandas.DataFrame({"technology.balance": [1.0, None]}), None, "row 1, column technology.balance: nan is not a finite number"),
        (polars.DataFrame({"technology.balance": [1.0, None]}), None, "row 1, column technology.balance: nan is not a finite number"),
        (problem(), [], "the design has no points"),
        (problem(), None, "a problem needs values"),
        (problem(), [[1.0, 9.0]], "allowed: 1 to 3"),
        ({**problem(), "dists": ["unif", "norm"]}, [[1, 2]], "the program knows unif and logunif"),
        ({**problem(), "dists": ["unif"]}, [[1, 2]], "the problem has 2 names and 1 dists"),
        ({**problem(), "bounds": [[0.5, 2.0]]}, [[1, 2]], "the problem has 2 names and 1 bounds"),
        ({**problem(), "bounds": [[0.5, 2.0], [1.0, numpy.nan]]}, [[1, 2]], "the bounds of technology.first_strike are [1.0, nan]"),
        ({**problem(), "bounds": [[2.0, 0.5], [1.0, 3.0]]}, [[1, 2]], "two finite numbers, the lower one first"),
        ({**problem(), "bounds": [7, [1.0, 3.0]]}, [[1, 2]], "the bounds of technology.balance are 7"),
        ({"technology.balance": 1.0}, None, "the column technology.balance is 1.0; it must be a list"),
        ({"technology.balance": [1.0, numpy.nan]}, None, "row 1, column technology.balance: nan is not a finite number"),
        ({"technology.balanc": [1.0]}, None, "did you mean `technology.balance`?"),
        ({"technology.balance": [1.0], "beliefs": [1, 0]}, None, "columns have different lengths"),
        (7, None, "a design is a problem of SALib"),
        (None, None, "a sweep of a scenario needs a design"),
    ],
)
def test_wrong_designs_say_what_is_wrong(design, values, words):
    with pytest.raises(spiral.InputError) as raised:
        spiral.sweep(spiral.Scenario.load("two-states"), design, values, progress=False)
    assert words in str(raised.value), str(raised.value)


@pytest.mark.parametrize(
    ("theta", "words"),
    [
        ([numpy.nan, 2.0], "row 0, column technology.balance: nan is not a finite number"),
        ([1.0], "row 0 has 1 values for 2 names"),
        (1.0, "row 0 has 1 values for 2 names"),
        ([[1.0, 2.0], [1.0, 2.0, 3.0]], "theta is"),
        ("low", "theta is 'low'; it must be numbers"),
        ([[[1.0, 2.0]]], "theta has 3 dimensions; it may have one (a point) or two"),
        ([1.0, -1.0], "technology.first_strike is -1; allowed: 0.01 to 100"),
    ],
)
def test_wrong_numbers_for_a_simulator_say_what_is_wrong(theta, words):
    with pytest.raises(spiral.InputError) as raised:
        spiral.simulator("two-states", NAMES, histories=16)(theta)
    assert words in str(raised.value), str(raised.value)


def test_a_grid_needs_lists():
    with pytest.raises(spiral.InputError, match=r"the values of technology.balance are 1.0; they must be a list, such as \[1.0\]"):
        spiral.grid({"technology.balance": 1.0})


@pytest.mark.parametrize("design", [{"technology.balance": [990, 990]}, {"technology.balance": [990, 2]}, {"technology.balanse": [1, 2]}])
def test_a_column_that_is_wrong_is_told_once(design):
    with pytest.raises(spiral.InputError) as raised:
        spiral.sweep("two-states", design, histories=4, outcomes=["war"], progress=False)
    text = str(raised.value)
    assert "technology.balance" in text and "problems" not in text and "point" not in text, text
