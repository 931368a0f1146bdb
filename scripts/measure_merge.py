"""Simulates two-states in shards, merges them, and prints time, memory and bytes; called by scripts/measure-merge with the program."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

program = str(pathlib.Path(sys.argv[1]).resolve())
SHARDS = 200
STUDY = """(scenario: "two-states", design: (kind: "list", points: [{}]), factors: [(mechanism: "beliefs")],
    outcomes: ["war", "median_first_war", "peak_burden"], histories: 200000)
"""


def measured(*words):
    """Seconds of real time and of processor time, and the most memory, in MB."""
    since = time.monotonic()
    child = subprocess.Popen([program, "--quiet", *words], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"spiral {' '.join(words)} ended with {child.returncode}")
    return time.monotonic() - since, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def size(place):
    return sum(path.stat().st_size for path in (folder / place).rglob("*") if path.is_file())


folder = pathlib.Path(tempfile.mkdtemp(prefix="spiral-merge-"))
(folder / "study.ron").write_text(STUDY, encoding="utf-8")
print("rows  histories  simulating, s  bytes of parts  merging, s (processor)  most memory, MB  bytes of tables")
for rows in ("all", "none"):
    for histories in (200_000, 2_000_000):
        simulating = 0.0
        for index in range(SHARDS):
            words = ["study.ron", "-n", str(histories), "--rows", rows, "--index", str(index), "--of", str(SHARDS), "--out", f"shards/{index}"]
            simulating += measured("shard", *words)[1]
        parts = size("shards")
        real, processor, memory = measured("merge", "shards", "--out", "whole")
        tables = sum(path.stat().st_size for path in (folder / "whole").glob("*.parquet"))
        print(f"{rows:<4} {histories:>10} {simulating:>14.1f} {parts:>15} {real:>10.1f} ({processor:.1f}) {memory:>16.0f} {tables:>16}", flush=True)
        for place in ("shards", "whole"):
            shutil.rmtree(folder / place)
shutil.rmtree(folder)
