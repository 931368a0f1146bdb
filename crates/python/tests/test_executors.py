"""Studies whose parts other processes simulate: the same bytes; what happens when they fail."""

import concurrent.futures
import multiprocessing
import os
import pathlib
import signal

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
        with pytest.raises(spiral.WorkersError, match="a worker was killed.*resume=True continues") as raised:
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


def test_without_a_directory_nothing_is_said_to_be_kept(tmp_path):
    with Fails(1, concurrent.futures.BrokenExecutor("a worker was killed")) as executor:
        with pytest.raises(spiral.WorkersError, match="a worker was killed. Nothing is kept: give the study a directory with out="):
            spiral.ensemble("two-states", HISTORIES, years=YEARS, executor=executor, progress=False)
    with Fails(1, KeyboardInterrupt()) as executor:
        with pytest.raises(KeyboardInterrupt) as raised:
            spiral.ensemble("two-states", HISTORIES, years=YEARS, executor=executor, progress=False)
    assert not getattr(raised.value, "__notes__", [])


def dies(*_):
    """What a task does whose process is killed, as by a system that has no more memory."""
    os.kill(os.getpid(), signal.SIGKILL)


class Dies(concurrent.futures.ProcessPoolExecutor):
    """The process of its third task is killed."""

    sent = 0

    def submit(self, function, /, *arguments, **options):
        self.sent += 1
        return super().submit(dies if self.sent == 3 else function, *arguments, **options)


def test_a_process_that_is_killed(alone, tmp_path):
    with Dies(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        with pytest.raises(spiral.WorkersError, match="the workers stopped: BrokenProcessPool.*resume=True continues") as raised:
            with_executor(tmp_path / "study", executor)
    assert isinstance(raised.value.__cause__, concurrent.futures.BrokenExecutor)
    with_executor(tmp_path / "study", None, resume=True)
    assert contents(tmp_path / "study") == alone


class Gives(concurrent.futures.ThreadPoolExecutor):
    """Its tasks give something else than what they should."""

    def __init__(self, changed):
        super().__init__(1)
        self.changed = changed

    def submit(self, function, /, *arguments, **options):
        return super().submit(lambda: self.changed(function(*arguments, **options)))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (lambda _: None, "a task gave None, and not a list with the number and the bytes of each part"),
        (lambda _: 7, "a task gave 7, and not a list"),
        (lambda _: "garbage", "a task gave 'garbage', and not a list"),
        (lambda _: [1, 2], "a task gave [1, 2], and not a list"),
        (lambda parts: [data for _, data in parts], "and not a list"),
        (lambda parts: [(str(number), data) for number, data in parts], "and not a list"),
        (lambda parts: [(number, data.hex()) for number, data in parts], "and not a list"),
        (lambda parts: [(-1 - number, data) for number, data in parts], "and not a list"),
        (lambda parts: [(number, b"garbage") for number, _ in parts], "a worker sent no part: its 7 bytes for part"),
        (lambda parts: [(number, b"") for number, _ in parts], "a worker sent no part: its 0 bytes for part"),
        (lambda parts: [(number, data[:-1]) for number, data in parts], "a worker sent no part"),
        (lambda parts: [(number, data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]) for number, data in parts], "a worker sent no part"),
        (lambda parts: [(number + 100, data) for number, data in parts], "which nobody asked for"),
        (lambda parts: [], "parts did not come back"),
    ],
)
def test_what_is_no_part_is_refused(changed, words, tmp_path):
    with Gives(changed) as executor:
        with pytest.raises(spiral.WorkersError) as raised:
            spiral.ensemble("two-states", 64, years=YEARS, out=tmp_path / "study", executor=executor, progress=False)
    text = str(raised.value)
    assert text.startswith("the workers stopped: ") and words in text and "with resume=True continues" in text, text
    assert not [path for path in (tmp_path / "study" / "parts").rglob("*") if path.is_file()], "nothing of it stays"


def test_a_part_of_another_point_is_refused(tmp_path):
    """Both parts have the histories 0 to 63, each of another world."""

    class Swaps(concurrent.futures.Executor):
        """Its tasks simulate the other of the two parts, and say that it is the one that was asked for."""

        def submit(self, function, /, manifest, parts, *arguments):
            made = concurrent.futures.Future()
            other = function(manifest, [1 - number for number in parts], *arguments)
            made.set_result([(1 - number, data) for number, data in other])
            return made

    with pytest.raises(spiral.WorkersError, match="a worker sent part [01] as part [01]"):
        spiral.compare(
            "two-states", "splendid-isolation", histories=64, years=YEARS, out=tmp_path / "study", executor=Swaps(), progress=False
        )
    assert not [path for path in (tmp_path / "study" / "parts").rglob("*") if path.is_file()], "nothing of it stays"


def test_after_garbage_the_study_continues(alone, tmp_path):
    sent = iter(range(1000))
    with Gives(lambda parts: parts if next(sent) < 2 else [(number, b"garbage") for number, _ in parts]) as executor:
        with pytest.raises(spiral.WorkersError, match="a worker sent no part"):
            with_executor(tmp_path / "study", executor)
    assert [path for path in (tmp_path / "study" / "parts").rglob("*") if path.is_file()], "the good parts stay"
    with_executor(tmp_path / "study", None, resume=True)
    assert contents(tmp_path / "study") == alone


class Answers(concurrent.futures.Executor):
    """Has no tasks, but answers at once."""

    def submit(self, function, /, *arguments, **options):
        return function(*arguments, **options)


def test_what_is_no_executor_is_refused(tmp_path):
    for wrong in (7, "dask", concurrent.futures.ThreadPoolExecutor):
        with pytest.raises(spiral.InputError, match="it must be an object with the method submit"):
            with_executor(tmp_path / "study", wrong)
    assert not (tmp_path / "study").exists()
    with pytest.raises(spiral.WorkersError, match="submit of Answers gave .*, and not a concurrent.futures.Future"):
        with_executor(tmp_path / "study", Answers())
    with concurrent.futures.ThreadPoolExecutor(1) as executor:
        pass
    with pytest.raises(spiral.WorkersError, match="cannot schedule new futures after shutdown"):
        with_executor(tmp_path / "other", executor)


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
