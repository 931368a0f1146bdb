"""Every table in every library that reads Arrow, and without a copy."""

import duckdb
import pandas
import polars
import pyarrow
import pytest

import spiral


def tables(study, designed):
    return [(study, name) for name in study.tables] + [(designed, name) for name in designed.tables]


def test_every_library_reads_every_table(study, designed):
    assert {"outcomes", "curves", "events", "failures"} <= set(study.tables)
    assert {"points", "responses", "effects"} <= set(designed.tables)
    for of, name in tables(study, designed):
        table = of.table(name)
        arrow, frame, by_polars = pyarrow.table(table), table.to_pandas(), polars.DataFrame(table)
        rows = duckdb.from_arrow(arrow).fetchall()
        assert len(table) == arrow.num_rows == len(frame) == by_polars.height == len(rows), name
        assert table.columns == arrow.column_names == list(frame.columns) == by_polars.columns, name
        assert isinstance(frame, pandas.DataFrame)
        assert all(table.meanings.values()), f"{name}: a column without a meaning"
        assert by_polars.equals(polars.from_arrow(arrow)), name
        assert pyarrow.schema(table) == arrow.schema, name


def test_nothing_is_copied(study):
    ours = study.outcomes._addresses()
    arrow = pyarrow.table(study.outcomes)
    place = study.outcomes.columns.index("peak_burden")
    theirs = [chunk.buffers()[1].address for chunk in arrow.column("peak_burden").chunks]
    assert theirs == [batch[place] for batch in ours]
    series = polars.DataFrame(study.outcomes)["peak_burden"]
    assert polars.DataFrame(study.outcomes).height == 200 and series.len() == 200
    pointer, _, _ = series._get_buffer_info()
    assert pointer == ours[0][place]


def test_a_table_outlives_its_study():
    made = spiral.ensemble("two-states", 64, years=(0, 4), progress=False)
    arrow = pyarrow.table(made.outcomes)
    del made
    assert arrow.num_rows == 64 and arrow.column("history").to_pylist() == list(range(64))


def test_an_unknown_table_names_the_known_ones(study):
    with pytest.raises(spiral.InputError, match="it has outcomes, curves, events"):
        study.table("outcome")
    with pytest.raises(spiral.InputError, match="estimates belong to a sweep"):
        study.estimates()
    assert study.outcomes is study.outcomes, "made once"
