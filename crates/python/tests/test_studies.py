"""Studies: the same bits as the command line, directories, notebook display, mistakes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import types

import polars
import pytest
from conftest import YEARS, command_line

import spiral

SPAN = f"{YEARS[0]:g}..{YEARS[1]:g}"


def test_an_ensemble_has_the_bits_of_the_command_line(study, tmp_path):
    command_line(tmp_path, "ensemble", "two-states", "-n", 200, "--years", SPAN, "--out", "there")
    for name in ("outcomes", "curves", "events"):
        theirs = polars.read_parquet(tmp_path / "there" / f"{name}.parquet")
        assert polars.DataFrame(study.table(name)).equals(theirs), name
    assert study.summary == json.loads((tmp_path / "there" / "summary.json").read_text())


def test_a_directory_is_that_of_the_command_line_to_the_byte(tmp_path):
    command_line(tmp_path, "compare", "two-states", "splendid-isolation", "-n", 70, "--years", SPAN, "--seed", 3, "--out", "there")
    made = spiral.compare("two-states", "splendid-isolation", histories=70, years=YEARS, seed=3, out=tmp_path / "here", progress=False)
    names = [path.relative_to(tmp_path / "here") for path in sorted((tmp_path / "here").rglob("*")) if path.is_file()]
    assert len(names) > 10
    for name in names:
        # The figures of the command line have a second band, of a sample of its own.
        if name.name in ("outcomes.parquet", "curves.parquet", "events.parquet", "failures.parquet", "summary.json", "manifest.json"):
            assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes(), name
    again = spiral.open(tmp_path / "here")
    assert again.kind == "compare" and json.dumps(again.summary) == json.dumps(made.summary) and made.directory == str(tmp_path / "here")
    assert polars.DataFrame(again.outcomes).equals(polars.DataFrame(made.outcomes))


def test_threads_change_nothing(study):
    one = spiral.ensemble("two-states", histories=200, years=YEARS, threads=1, progress=False)
    assert polars.DataFrame(one.outcomes).equals(polars.DataFrame(study.outcomes))


def test_variants_of_one_scenario_are_compared_under_names_of_their_own(tmp_path):
    world = spiral.Scenario.load("two-states").between(*YEARS)
    made = spiral.compare(world, world.set("technology.first_strike", 1.0), histories=64, out=tmp_path / "study", progress=False)
    names = [one["scenario"] for one in made.summary["scenarios"]]
    assert len(set(names)) == 2 and "technology.first_strike=1.0" in names[1], names
    assert set(polars.DataFrame(made.outcomes)["scenario"]) == set(names)
    page = (tmp_path / "study" / "report.html").read_text()
    assert "spiral.Scenario.load(&quot;two-states&quot;).set(&quot;technology.first_strike&quot;" in page
    assert [one["scenario"] for one in spiral.open(tmp_path / "study").summary["scenarios"]] == names


def test_explain_divides_the_difference(tmp_path):
    made = spiral.explain("two-states", "splendid-isolation", histories=64, outcomes="war", years=YEARS, progress=False)
    (found,) = made.summary["outcomes"]
    assert sum(group["share"] for group in found["groups"]) == pytest.approx(found["total"], abs=1e-9)
    assert len(made.table("explain")) > 7 and "<table>" in made._repr_html_()


def test_a_history_is_told(study):
    told = spiral.history("two-states", 3, years=YEARS)
    row = polars.DataFrame(study.outcomes).row(3, named=True)
    assert told.outcome["crises"] == row["crises"] and told.outcome["first_war_date"] == row["first_war_date"]
    assert told.short in told.text and told.text in str(told) and "<pre" in told._repr_html_()
    assert len(told.dates) == len(told.curves["EAST"]["arms"])


def test_a_notebook_shows_numbers_and_a_figure(study, designed):
    for one in (study, designed):
        shown = one._repr_html_()
        assert shown.startswith("<table>") and "<svg" in shown, shown[:200]
    assert "max-width: 100%" in study._repr_html_() and "max-width: 100%" in study.plot()._repr_html_()
    assert study.plot() is study.plot("war-free"), "two states have no general war"
    assert study.plot()._repr_svg_().rstrip().endswith("</svg>")
    many = spiral.ensemble("pre-wwi", histories=64, progress=False)
    assert many.plot() is many.plot("general-war-free")
    with pytest.raises(spiral.InputError, match="it has arms-two-states"):
        study.plot("burden")
    assert study.outcomes._repr_html_().count("<tr>") == 11


def test_a_calibration_is_made(tmp_path):
    from conftest import ROOT

    made = spiral.calibrate(ROOT / "configs/studies/calibrate-two-states.ron", 20, out=tmp_path / "fit", progress=False)
    assert made.kind == "calibrate" and made.summary["parameters"] and "<table>" in made._repr_html_()
    assert polars.read_parquet(tmp_path / "fit" / "candidates.parquet").height > 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"histories": 0}, "whole number from 1"),
        ({"histories": 1.5}, "whole number from 1"),
        ({"histories": float("inf")}, "whole number from 1"),
        ({"histories": float("nan")}, "whole number from 1"),
        ({"seed": -1}, "whole number from 0"),
        ({"threads": 0}, "whole number from 1"),
        ({"resume": True}, "name it with out="),
        ({"years": (3, 1)}, "years"),
        ({"without": "nothing"}, "no mechanism"),
    ],
)
def test_wrong_options_say_what_is_allowed(options, words):
    with pytest.raises(spiral.InputError) as raised:
        spiral.ensemble("two-states", **options)
    assert words in str(raised.value)


def test_an_unknown_option_names_the_known_ones():
    with pytest.raises(TypeError, match="a study takes seed, threads, out"):
        spiral.ensemble("two-states", sed=1)


def test_a_directory_is_never_overwritten(tmp_path):
    spiral.ensemble("two-states", 64, years=YEARS, out=tmp_path / "study", progress=False)
    with pytest.raises(spiral.InputError, match="resume=True continues it"):
        spiral.ensemble("two-states", 64, years=YEARS, out=tmp_path / "study", progress=False)
    with pytest.raises(spiral.InputError, match="different study"):
        spiral.ensemble("two-states", 65, years=YEARS, out=tmp_path / "study", resume=True, progress=False)
    spiral.ensemble("two-states", 64, years=YEARS, out=tmp_path / "study", resume=True, progress=False)
    (tmp_path / "file").write_text("")
    with pytest.raises(spiral.FileError) as raised:
        spiral.ensemble("two-states", 64, years=YEARS, out=tmp_path / "file" / "study", progress=False)
    assert isinstance(raised.value, OSError)


def test_other_threads_run_while_a_study_is_made():
    counted = 0
    stop = threading.Event()

    def count():
        nonlocal counted
        while not stop.is_set():
            counted += 1
            time.sleep(0.001)

    other = threading.Thread(target=count)
    other.start()
    began = time.monotonic()
    spiral.ensemble("pre-wwi", histories=256, progress=False)
    took = time.monotonic() - began
    stop.set()
    other.join()
    # Half of what a loop that only sleeps does, on a busy machine.
    assert counted > 20 * took, (counted, took)


def test_ctrl_c_stops_and_the_study_continues(tmp_path):
    program = (
        "import sys, spiral\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    spiral.ensemble('pre-wwi', histories=200000, out='study', progress=False)\n"
        "except KeyboardInterrupt as stopped:\n"
        "    print(stopped.__notes__)\n"
        "    sys.exit(7)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    parts = tmp_path / "study" / "parts.log"
    since = time.monotonic()
    while not parts.exists():
        assert time.monotonic() - since < 120 and child.poll() is None
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGINT)
    out, _ = child.communicate(timeout=120)
    assert child.returncode == 7 and "histories are kept in study" in out, out
    with pytest.raises(spiral.SpiralError, match="not finished"):
        spiral.open(tmp_path / "study")


def test_progress_is_told(monkeypatch):
    seen = []
    from spiral import _calls

    monkeypatch.setattr(_calls, "progress_bar", lambda asked: (lambda *told: seen.append(told), lambda: seen.append("end")))
    spiral.ensemble("two-states", histories=200, years=YEARS)
    assert seen[-1] == "end" and seen[-2][:2] == (200, 200) and seen[-2][2] == "summarising"


def test_a_notebook_shows_a_line_that_goes_away(monkeypatch, capsys):
    """Neither tqdm nor widgets are needed, and a page made from the notebook has no trace of it."""
    from spiral import _progress

    shown = []

    class Handle:
        def update(self, content, raw):
            assert raw
            shown.append(content)

    def display(content, raw, display_id):
        assert raw and display_id
        shown.append(content)
        return Handle()

    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: types.SimpleNamespace(kernel=1)))
    monkeypatch.setitem(sys.modules, "IPython.display", types.SimpleNamespace(display=display))
    monkeypatch.setattr(_progress, "DELAY", 0)
    spiral.ensemble("two-states", histories=200, years=YEARS)
    assert shown[-1] == {"text/html": "", "text/plain": ""}
    assert shown[-2]["text/plain"] == "summarising: 200 of 200 histories"
    assert "<progress value='200' max='200'></progress> summarising" in shown[-2]["text/html"]
    assert capsys.readouterr() == ("", "")
    shown.clear()
    spiral.ensemble("two-states", histories=16, years=YEARS, progress=False)
    assert shown == []


def test_remarks_are_warnings():
    with pytest.warns(spiral.Note, match="scenario of 1890"):
        spiral.ensemble("pre-wwi", histories=16, years=(1880, 1892), progress=False)
