"""Sweeps that keep no rows of histories."""

import polars
import pytest
from conftest import YEARS

import spiral

DESIGN = {"technology.first_strike": [1.2, 2.2, 3.0], "beliefs": [1, 1, 0]}


def test_without_rows_the_estimates_are_the_same(designed):
    lean = spiral.sweep(
        "two-states", DESIGN, histories=130, outcomes=["war", "peak_burden"], years=YEARS, progress=False, rows="none"
    )
    assert lean.estimates() == pytest.approx(designed.estimates(), rel=1e-12)
    assert "tallies" in lean.tables and "outcomes" not in lean.tables
    tallies = polars.DataFrame(lean.table("tallies"))
    whole = tallies.filter((polars.col("outcome") == "war") & (polars.col("statistic") == "count"))
    assert whole["value"].to_list() == [130.0, 130.0, 130.0]
    with pytest.raises(spiral.SpiralError, match="--rows none"):
        polars.DataFrame(lean.outcomes)


def test_rows_are_all_or_none():
    with pytest.raises(spiral.InputError, match="write 'all' or 'none'"):
        spiral.sweep("two-states", DESIGN, rows="some")
