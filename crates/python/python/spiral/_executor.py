"""Studies whose parts are simulated by the tasks of an executor."""

from __future__ import annotations

import reprlib
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any

from spiral import _spiral
from spiral._errors import InputError, WorkersError

MOST_TASKS = 1000
"""Tasks of one call at most; a task then simulates several parts."""
_LOOK = 0.2


def simulate_parts(packed: bytes, parts: list[int], threads: int) -> list[tuple[int, bytes]]:
    """What a task does: the number and the bytes of each part. It needs no file and no network."""
    return _spiral.simulate_parts(zlib.decompress(packed).decode(), parts, threads)


def _task(executor: Executor, *arguments: Any) -> Future[Any]:
    """Sends a task."""
    task = executor.submit(simulate_parts, *arguments)
    if not isinstance(task, Future):
        raise WorkersError(
            f"submit of {type(executor).__name__} gave {reprlib.repr(task)}, and not a concurrent.futures.Future (with a client of Dask, "
            "write executor=client.get_executor())"
        )
    return task


def _parts_of(task: Future[Any]) -> list[tuple[int, bytes]]:
    """The parts that a task gave back."""
    given = task.result()
    try:
        parts = [(number, data) for number, data in given]
    except (TypeError, ValueError):
        parts = [(-1, given)]
    if any(type(number) is not int or number < 0 or type(data) is not bytes for number, data in parts):
        raise WorkersError(
            f"a task gave {reprlib.repr(given)}, and not a list with the number and the bytes of each part; an executor must call the function "
            "that it is sent, and give back what it returns"
        )
    return parts


def workers_of(executor: Executor, threads: int) -> Callable[[str, list[int]], Iterator[tuple[int, bytes] | None]]:
    """Sends parts to an executor and gives them back as they come."""
    if isinstance(executor, type) or not callable(getattr(executor, "submit", None)):
        raise InputError(
            f"executor is {executor!r}; it must be an object with the method submit, as concurrent.futures has them: ProcessPoolExecutor(4)"
        )

    def parts_of(manifest: str, parts: list[int]) -> Iterator[tuple[int, bytes] | None]:
        packed = zlib.compress(manifest.encode())
        each = -(-len(parts) // MOST_TASKS)
        waiting: set[Future[Any]] = set()
        try:
            for first in range(0, len(parts), each):
                waiting.add(_task(executor, packed, parts[first : first + each], threads))
            while waiting:
                done, waiting = wait(waiting, timeout=_LOOK, return_when=FIRST_COMPLETED)
                failed = [task for task in done if task.cancelled() or task.exception() is not None]
                # What came is kept, whatever else failed.
                for task in done - set(failed):
                    yield from _parts_of(task)
                for task in failed:
                    task.result()
                # The driver listens to Ctrl-C between two parts.
                yield None
        finally:
            for task in waiting:
                task.cancel()

    return parts_of
