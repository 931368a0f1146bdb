"""Reads the files that `spiral export` wrote into the folder `export` of a study with pandas, and compares them with each other and with
the tables of the study."""

import pathlib
import sys

import pandas

study = pathlib.Path(sys.argv[1])
folder = study / "export"
KEYS = {
    "history": ["scenario", "history"],
    "event": ["history", "year", "ccode1", "ccode2"],
    "state-year": ["history", "year", "stateabb", "ccode"],
    "dyad-year": ["history", "year", "ccode1", "ccode2", "capdist", "conttype", "midonset", "hihost"],
}


def same(one, other, what):
    if not ((one == other) | (one.isna() & other.isna())).all():
        sys.exit(f"{what}: the files differ")


for unit, keys in KEYS.items():
    text = pandas.read_csv(folder / f"{unit}.csv")
    with pandas.read_stata(folder / f"{unit}.dta", iterator=True) as reader:
        variables, values = reader.variable_labels(), reader.value_labels()
    stata = pandas.read_stata(folder / f"{unit}.dta", convert_categoricals=False)
    parquet = pandas.read_parquet(folder / f"{unit}.parquet")
    if not len(text) == len(stata) == len(parquet) > 0:
        sys.exit(f"{unit}: {len(text)}, {len(stata)} and {len(parquet)} rows")
    if not list(text.columns) == list(stata.columns) == list(parquet.columns):
        sys.exit(f"{unit}: other columns")
    for key in keys:
        if key not in text.columns:
            sys.exit(f"{unit}: no column {key}")
    for name in text.columns:
        label = variables.get(name)
        if not label or len(label) > 80:
            sys.exit(f"{unit}: the label of {name} is {label!r}")
        if pandas.api.types.is_numeric_dtype(text[name]) and not text[name].isna().all():
            same(text[name], stata[name].astype("float64").where(stata[name].notna()), f"{unit}.{name}, Stata")
            same(text[name], parquet[name].astype("float64"), f"{unit}.{name}, Parquet")
    print(f"{unit}: {len(text)} rows, {len(text.columns)} columns, labels of values for {', '.join(sorted(values)) or 'none'}")

dyads = pandas.read_stata(folder / "dyad-year.dta")
if list(dyads["hihost"].cat.categories)[:1] != ["no dispute"]:
    sys.exit(f"the labels of hihost are {list(dyads['hihost'].cat.categories)}")
own = pandas.read_parquet(study / "dyads.parquet")
if not (own["crisis_onset"].sum() == (dyads["midonset"] == "yes").sum() > 0):
    sys.exit("onsets of disputes differ from the table of the study")
if not set(dyads["ccode1"]) <= {140, 200, 2, 220, 255, 300, 325, 345, 355, 365, 640, 740, 710}:
    sys.exit(f"states {sorted(set(dyads['ccode1']))}")
if not (dyads["ccode1"] < dyads["ccode2"]).all():
    sys.exit("the state with the lower number must stand first")
print("pandas reads every file, and all hold the same")
