"""Studies whose parts are simulated by the tasks of an executor."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait

from spiral import _spiral

MOST_TASKS = 1000
"""Tasks of one call at most; a task then simulates several parts."""
_LOOK = 0.2


def simulate_parts(packed: bytes, parts: list[int], threads: int) -> list[tuple[int, bytes]]:
    """What a task does: the number and the bytes of each part. It needs no file and no network."""
    return _spiral.simulate_parts(zlib.decompress(packed).decode(), parts, threads)


def workers_of(executor: Executor, threads: int) -> Callable[[str, list[int]], Iterator[tuple[int, bytes] | None]]:
    """Sends parts to an executor and gives them back as they come."""

    def parts_of(manifest: str, parts: list[int]) -> Iterator[tuple[int, bytes] | None]:
        packed = zlib.compress(manifest.encode())
        each = -(-len(parts) // MOST_TASKS)
        waiting: set[Future[list[tuple[int, bytes]]]] = set()
        try:
            for first in range(0, len(parts), each):
                waiting.add(executor.submit(simulate_parts, packed, parts[first : first + each], threads))
            while waiting:
                done, waiting = wait(waiting, timeout=_LOOK, return_when=FIRST_COMPLETED)
                failed = [future for future in done if future.cancelled() or future.exception() is not None]
                # What came is kept, whatever else failed.
                for future in done - set(failed):
                    yield from future.result()
                for future in failed:
                    future.result()
                # The driver listens to Ctrl-C between two parts.
                yield None
        finally:
            for future in waiting:
                future.cancel()

    return parts_of
