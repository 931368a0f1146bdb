#!/usr/bin/env python3
"""Fails when tests get lost: Cargo silently ignores a file in tests/ that no `mod` line declares.

Raise the floor by hand when tests are added. A commit that lowers it says why.
"""

import pathlib
import re
import sys

FLOOR = 690
root = pathlib.Path(__file__).resolve().parent.parent

count = 0
for folder in ("crates", "tests", "benches"):
    for path in (root / folder).rglob("*.rs"):
        count += len(re.findall(r"#\[(?:test|rstest)\]", path.read_text(encoding="utf-8")))

def declared(folder):
    """Modules that the files of a folder declare."""
    return {name for path in folder.rglob("*.rs") for name in re.findall(r"^mod (\w+);", path.read_text(encoding="utf-8"), re.MULTILINE)}


lost = []
for folder in [root / "tests", *root.glob("crates/*/tests")]:
    if (folder / "main.rs").exists():
        known = declared(folder) | {"main", "mod"}
        lost += [str(path.relative_to(root)) for path in folder.rglob("*.rs") if path.stem not in known]
if lost:
    sys.exit(f"files of tests that no `mod` line declares, which Cargo ignores: {', '.join(lost)}")
if count < FLOOR:
    sys.exit(f"{count} tests, at least {FLOOR} are expected: which ones were lost?")
print(f"{count} tests in the sources")
