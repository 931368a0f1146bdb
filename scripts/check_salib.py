"""Indices of the program against those of SALib, on the same outputs: argument by argument a folder of test functions
(problem.txt, places.txt, outputs.txt, indices.txt) or the directory of a finished `spiral sensitivity --csv`."""

import csv
import json
import pathlib
import sys

import numpy
from SALib.analyze import morris, sobol
from SALib.util import read_param_file

TOLERANCE = 1e-9
NAMES = {
    "first_order": "S1",
    "total": "ST",
    "mu_star": "mu_star",
    "mu": "mu",
    "sigma": "sigma",
}


def test_function(folder):
    """Places, and by outcome the outputs and the indices, of a test function."""
    indices = {}
    for line in (folder / "indices.txt").read_text().splitlines():
        factor, measure, value = line.split()
        indices[factor, measure] = float(value)
    places = numpy.loadtxt(folder / "places.txt", ndmin=2)
    return places, {folder.name: (numpy.loadtxt(folder / "outputs.txt"), indices)}


def study(folder, names):
    """The same of a finished study."""
    with open(folder / "points.csv", newline="") as file:
        places = numpy.array([[float(row[name]) for name in names] for row in csv.DictReader(file)])
    outputs = {}
    with open(folder / "responses.csv", newline="") as file:
        for row in csv.DictReader(file):
            values = outputs.setdefault(row["outcome"], numpy.full(len(places), numpy.nan))
            values[int(row["point"])] = float(row["estimate"] or "nan")
    told = json.loads((folder / "sensitivity.json").read_text())
    found = {}
    for outcome in told["outcomes"]:
        values = outputs[outcome["outcome"]]
        if outcome["masked"] or not numpy.isfinite(values).all() or numpy.ptp(values) == 0:
            print(f"{folder.name}, {outcome['outcome']}: has points without a value, or no variance; SALib takes neither")
            continue
        indices = {
            (factor["factor"], measure): factor[measure]["estimate"]
            for factor in outcome["factors"]
            for measure in NAMES
            if measure in factor
        }
        found[f"{folder.name}, {outcome['outcome']}"] = (values, indices)
    return places, found


def unit(problem, places):
    """Places as shares of the range of each factor, on its own scale."""
    columns = []
    kinds = problem.get("dists") or ["unif"] * len(problem["names"])
    for column, (low, high), kind in zip(places.T, problem["bounds"], kinds):
        if kind == "logunif":
            column, low, high = numpy.log(column), numpy.log(low), numpy.log(high)
        columns.append((column - low) / (high - low))
    return numpy.array(columns).T


def check(folder):
    problem = read_param_file(str(folder / "problem.txt"))
    of_study = (folder / "sensitivity.json").is_file()
    places, found = study(folder, problem["names"]) if of_study else test_function(folder)
    worst = 0.0
    for name, (outputs, indices) in found.items():
        if any(measure == "total" for _, measure in indices):
            plain = {key: problem[key] for key in ("num_vars", "names", "bounds")}
            salib = sobol.analyze(plain, outputs, calc_second_order=False, num_resamples=2, seed=1)
        else:
            # Effects are per range of the factor: SALib's are too where the bounds are those of the unit cube.
            cube = {"num_vars": problem["num_vars"], "names": problem["names"], "bounds": [[0.0, 1.0]] * problem["num_vars"]}
            salib = morris.analyze(cube, unit(problem, places), outputs, num_levels=4, num_resamples=2, seed=1)
        apart = 0.0
        for (factor, measure), ours in indices.items():
            theirs = salib[NAMES[measure]][problem["names"].index(factor)]
            apart = max(apart, abs(ours - theirs) / max(1.0, abs(theirs)))
        print(f"{name}: {len(outputs)} outputs, {len(indices)} indices, at most {apart:.1e} from SALib's")
        worst = max(worst, apart)
    return worst


def main():
    worst = max(check(pathlib.Path(argument)) for argument in sys.argv[1:])
    if worst > TOLERANCE:
        sys.exit(f"indices differ by {worst:.1e}, more than {TOLERANCE:.0e}")


main()
