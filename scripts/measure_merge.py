"""Simulates two-states in shards, merges them, and prints time, memory and bytes; called by scripts/measure-merge with the program."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

program = str(pathlib.Path(sys.argv[1]).resolve())
CASES = ["all:50:500000", "all:100:1000000", "all:200:2000000", "none:200:1000000", "none:200:10000000"]
PLANNED = 1_000_000_000
YEARS = 4
STUDY = """(scenario: "two-states", years: (0, YEARS), design: (kind: "list", points: [{}]), factors: [(mechanism: "beliefs")],
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


def parts_of(histories, rows):
    """Number of parts of a study: the largest useful number of shards."""
    words = ["shard", "study.ron", "-n", str(histories), "--rows", rows, "--index", "0", "--of", "1", "--dry-run", "--json"]
    done = subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["most_shards"]


def size(place):
    return sum(path.stat().st_size for path in (folder / place).rglob("*") if path.is_file())


def case(rows, shards, histories):
    """Simulates a study in shards and merges them; what it took."""
    simulating = 0.0
    for index in range(shards):
        words = ["study.ron", "-n", str(histories), "--rows", rows, "--index", str(index), "--of", str(shards), "--out", f"shards/{index}"]
        simulating += measured("shard", *words)[1]
    stored = size("shards")
    real, processor, memory = measured("merge", "shards", "--out", "whole")
    tables = sum(path.stat().st_size for path in (folder / "whole").glob("*.parquet"))
    for place in ("shards", "whole"):
        shutil.rmtree(folder / place)
    return {"histories": histories, "simulating": simulating, "bytes": stored, "real": real, "processor": processor, "memory": memory, "tables": tables}


def planned(rows, years, small, large):
    """What many histories would take: a straight line through the two largest cases."""
    more = (PLANNED - large["histories"]) / (large["histories"] - small["histories"])
    found = {name: large[name] + more * (large[name] - small[name]) for name in ("simulating", "bytes", "processor", "memory")}
    parts = parts_of(PLANNED, rows)
    print(
        f"\n{PLANNED} histories of {years} years with --rows {rows}, on the straight line through the two largest cases: {found['simulating'] / 3600:.0f} hours of one "
        f"processor, {parts} parts, {found['bytes'] / 1e9:.2f} GB of parts, merged in {found['processor'] / 60:.1f} minutes with at most "
        f"{found['memory']:.0f} MB"
    )


folder = pathlib.Path(tempfile.mkdtemp(prefix="spiral-merge-"))
try:
    print("rows  years  shards  parts  histories  simulating, s  bytes of parts  merging, s (processor)  most memory, MB  bytes of tables", flush=True)
    found = {}
    for words in sys.argv[2:] or CASES:
        rows, shards, histories, *years = words.split(":")
        years = int(years[0]) if years else YEARS
        (folder / "study.ron").write_text(STUDY.replace("YEARS", str(years)), encoding="utf-8")
        one = case(rows, int(shards), int(histories))
        found.setdefault((rows, years), []).append(one)
        print(
            f"{rows:<4} {years:>6} {shards:>7} {parts_of(histories, rows):>6} {histories:>10} {one['simulating']:>14.1f} {one['bytes']:>15} {one['real']:>12.2f} "
            f"({one['processor']:.2f}) {one['memory']:>20.0f} {one['tables']:>16}",
            flush=True,
        )
    for (rows, years), cases in found.items():
        (folder / "study.ron").write_text(STUDY.replace("YEARS", str(years)), encoding="utf-8")
        ordered = sorted(cases, key=lambda one: one["histories"])
        if len({one["histories"] for one in ordered}) > 1:
            planned(rows, years, *ordered[-2:])
finally:
    shutil.rmtree(folder)
