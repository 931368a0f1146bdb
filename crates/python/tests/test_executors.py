"""Studies whose parts other processes simulate: the same bytes; what happens when they fail."""

import concurrent.futures
import multiprocessing
import pathlib

import loky
import pytest
from conftest import YEARS

import spiral

HISTORIES = 700


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in pathlib.Path(folder).rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone") / "study"
    spiral.compare("two-states", "splendid-isolation", histories=HISTORIES, years=YEARS, out=folder, progress=False)
    return contents(folder)


def with_executor(folder, executor, **options):
    return spiral.compare(
        "two-states", "splendid-isolation", histories=HISTORIES, years=YEARS, out=folder, progress=False, executor=executor, **options
    )


@pytest.mark.parametrize("kind", ["threads", "spawn", "loky"])
def test_the_bytes_are_those_of_one_machine(kind, alone, tmp_path):
    made = {
        "threads": lambda: concurrent.futures.ThreadPoolExecutor(2),
        "spawn": lambda: concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")),
        "loky": lambda: loky.ProcessPoolExecutor(2),
    }[kind]
    with made() as executor:
        with_executor(tmp_path / "study", executor)
    assert contents(tmp_path / "study") == alone


def test_a_sweep_and_its_stopping_rule_take_an_executor(tmp_path, designed):
    design = {"technology.first_strike": [1.2, 2.2, 3.0], "beliefs": [1, 1, 0]}
    with concurrent.futures.ThreadPoolExecutor(2) as executor:
        made = spiral.sweep(
            "two-states", design, histories=130, outcomes=["war", "peak_burden"], years=YEARS, progress=False, executor=executor
        )
        assert made.summary == designed.summary and made.directory is None
        (tmp_path / "mine.ron").write_text(
            '(scenario: "two-states", years: (0, 8), design: (kind: "grid"), factors: [(mechanism: "beliefs")], '
            'histories: (until: "war", width: 0.3, at_least: 64, at_most: 640))',
            encoding="utf-8",
        )
        one, other = spiral.sweep(tmp_path / "mine.ron", progress=False), spiral.sweep(tmp_path / "mine.ron", progress=False, executor=executor)
    assert one.summary == other.summary


class Fails(concurrent.futures.ThreadPoolExecutor):
    """Its tasks fail after so many."""

    def __init__(self, after, error):
        super().__init__(1)
        self.left, self.error = after, error

    def submit(self, function, /, *arguments, **options):
        if self.left == 0:
            failed = concurrent.futures.Future()
            failed.set_exception(self.error)
            return failed
        self.left -= 1
        return super().submit(function, *arguments, **options)


def test_what_came_before_a_failure_is_kept(alone, tmp_path):
    with Fails(3, concurrent.futures.BrokenExecutor("a worker was killed")) as executor:
        with pytest.raises(spiral.WorkersError, match="a worker was killed.*resume continues") as raised:
            with_executor(tmp_path / "study", executor)
    assert isinstance(raised.value.__cause__, concurrent.futures.BrokenExecutor)
    kept = (tmp_path / "study" / "parts.log").read_text().count("\n")
    assert kept >= 0 and not (tmp_path / "study" / "outcomes.parquet").exists()
    with concurrent.futures.ThreadPoolExecutor(2) as executor:
        with_executor(tmp_path / "study", executor, resume=True)
    assert contents(tmp_path / "study") == alone


def test_ctrl_c_in_the_driver_keeps_what_came(alone, tmp_path):
    with Fails(4, KeyboardInterrupt()) as executor:
        with pytest.raises(KeyboardInterrupt) as raised:
            with_executor(tmp_path / "study", executor)
    assert "histories are kept in" in raised.value.__notes__[0]
    with_executor(tmp_path / "study", None, resume=True)
    assert contents(tmp_path / "study") == alone


def test_a_calibration_takes_no_executor():
    with pytest.raises(spiral.InputError, match="takes no executor"):
        spiral.calibrate("x.ron", executor=object())


@pytest.mark.slow
def test_dask_with_a_killed_worker(alone, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        with distributed.Client(cluster) as client:
            victim = next(iter(cluster.workers.values()))
            killed = []

            class Kills(concurrent.futures.Executor):
                """Kills a worker once some tasks are with Dask."""

                def __init__(self):
                    self.inner, self.sent = client.get_executor(pure=False), 0

                def submit(self, function, /, *arguments, **options):
                    self.sent += 1
                    if self.sent == 6:
                        victim.process.process.kill()
                        killed.append(victim)
                    return self.inner.submit(function, *arguments, **options)

            with_executor(tmp_path / "study", Kills())
            assert killed
    assert contents(tmp_path / "study") == alone
