"""Measures a study through Python and on the command line; called by scripts/measure-python."""

import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

histories = int(sys.argv[1])
ROUNDS = 3
program = str(pathlib.Path(sys.argv[2]).resolve())
CODE = "import sys, spiral; spiral.ensemble('pre-wwi', histories=int(sys.argv[1]), out=sys.argv[2], progress=False)"
# Both do the same: simulate, write the tables, estimate, draw the figures and the page. Python starts anew each time.
ways = {
    "command line": lambda place: [program, "--quiet", "ensemble", "pre-wwi", "-n", str(histories), "--out", place],
    "Python": lambda place: [sys.executable, "-c", CODE, str(histories), place],
}


def measured(words):
    """Seconds of real time and of processor time."""
    before, since = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - since, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


found = {name: [] for name in ways}
with tempfile.TemporaryDirectory() as folder:
    place = os.path.join(folder, "study")
    for turn in range(ROUNDS):
        # The order changes, so that what else the machine does is not always on the same side.
        for name in list(ways)[:: 1 if turn % 2 == 0 else -1]:
            found[name].append(measured(ways[name](place)))
            shutil.rmtree(place)
real, processor = ({name: statistics.median(pair[at] for pair in pairs) for name, pairs in found.items()} for at in (0, 1))
for name in ways:
    print(f"{name:<13} {real[name]:7.2f} s of real time, {processor[name]:7.2f} s of processor time (medians of {ROUNDS})")
over = processor["Python"] / processor["command line"] - 1
print(f"Python takes {100 * over:+.1f} % processor time for {histories} histories of pre-wwi")
