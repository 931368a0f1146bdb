"""How a long call shows how far it is: in a notebook as a line that goes away, in a terminal by tqdm."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from typing import Any

from spiral._errors import InputError

DELAY = 0.5
"""Seconds before anything is shown: what is shorter needs no bar."""
INTERVAL = 0.2
"""Seconds between two changes of a line in a notebook."""

Show = Callable[[int, int, str], None]
"""Takes what is done, what is asked for, and the stage."""


def _in_notebook() -> bool:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


class _Line:
    """A line in a notebook. It needs no package beside the notebook itself, and leaves nothing behind."""

    def __init__(self) -> None:
        self.since = self.changed = time.monotonic()
        self.handle: Any = None

    def show(self, done: int, total: int, stage: str) -> None:
        now = time.monotonic()
        if now - self.since < DELAY or (self.handle is not None and now - self.changed < INTERVAL and not stage):
            return
        self.changed = now
        text = f"{stage}: " if stage else ""
        text += f"{done:,} of {total:,} histories"
        if 0 < done < total:
            text += f", about {(now - self.since) * (total - done) / done:,.0f} s left"
        self._write(f"<progress value='{done}' max='{total}'></progress> {text}", text)

    def end(self) -> None:
        if self.handle is not None:
            self._write("", "")

    def _write(self, page: str, text: str) -> None:
        content = {"text/html": page, "text/plain": text}
        if self.handle is None:
            self.handle = importlib.import_module("IPython.display").display(content, raw=True, display_id=True)
        else:
            self.handle.update(content, raw=True)


def progress_bar(asked: bool | None) -> tuple[Show | None, Callable[[], None]]:
    """What shows progress, and what ends it."""

    def nothing() -> None:
        return None

    if asked is False:
        return None, nothing
    if _in_notebook():
        line = _Line()
        return line.show, line.end
    try:
        from tqdm import tqdm
    except ImportError:
        if asked:
            raise InputError("progress=True needs the package tqdm: pip install tqdm") from None
        return None, nothing
    bar = tqdm(unit=" histories", unit_scale=True, leave=False, delay=DELAY)

    def show(done: int, total: int, stage: str) -> None:
        if total != bar.total:
            bar.total = total
        if stage:
            bar.set_description(stage, refresh=False)
        bar.update(min(done, total) - bar.n)

    return show, bar.close
