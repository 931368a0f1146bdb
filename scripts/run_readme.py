#!/usr/bin/env python3
"""Checks the README, the guide and CONTRIBUTING.md, and runs their commands with the release build.

- The README has at most 1,000 words, and every link to a file of the repository leads to one.
- Scenarios in `ron` blocks are valid.
- The commands of `sh` blocks run without error and print something. They run in the order of the pages, in one folder, so that a chapter can
  use what an earlier one wrote; a command that ran before is not run again. `cargo run --release --` stands for the release binary,
  which is already built. Blocks whose fence says `sh once` are only read: they take long, need files of the reader, or call this script.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

MOST_WORDS = 1000
root = pathlib.Path(__file__).resolve().parent.parent
binary = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target")) / "release" / "spiral"
readme = root / "README.md"
pages = [readme, *sorted((root / "docs" / "guide").glob("[0-9]*.md"))]
texts = {page: page.read_text(encoding="utf-8") for page in pages}


def blocks(page, fence):
    return re.findall(rf"^```{fence}\n(.*?)^```", texts[page], flags=re.MULTILINE | re.DOTALL)


words = len(texts[readme].split())
if words > MOST_WORDS:
    sys.exit(f"the README has {words} words, at most {MOST_WORDS} are allowed: move something to docs/guide")

broken = []
for page in [*pages, root / "CONTRIBUTING.md", *(root / "docs" / "guide").glob("*.md"), root / "crates" / "README.md"]:
    outside_code = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", outside_code):
        if "://" not in target and not (page.parent / target).exists():
            broken.append(f"{page.relative_to(root)}: {target}")
if broken:
    sys.exit("links that lead nowhere:\n" + "\n".join(dict.fromkeys(broken)))


def run(command, where, folder, environment):
    print(f"$ {command}", flush=True)
    start = time.monotonic()
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\n{done.stderr}\na command of {where} failed with exit code {done.returncode}")
    if not (done.stdout.strip() or done.stderr.strip()):
        sys.exit(f"a command of {where} printed nothing")
    print(f"  {time.monotonic() - start:.1f} s", flush=True)


ran = set()
with tempfile.TemporaryDirectory() as folder:
    environment = dict(os.environ, PATH=f"{binary.parent}{os.pathsep}{os.environ['PATH']}")
    for page in pages:
        where = str(page.relative_to(root))
        for block in blocks(page, "sh"):
            for line in block.splitlines():
                command = line.split("#")[0].strip().replace("cargo run --release --", "spiral")
                if command and command not in ran:
                    ran.add(command)
                    run(command.replace("configs/", f"{root}/configs/"), where, folder, environment)
        for number, scenario in enumerate(blocks(page, "ron")):
            if scenario.startswith("(") and "\n    calendar:" in scenario:
                path = pathlib.Path(folder) / f"{page.stem}-{number}.ron"
                path.write_text(scenario, encoding="utf-8")
                run(f"spiral check {path}", where, folder, environment)
if not ran:
    sys.exit("there is no `sh` block to run")
print(f"{len(ran)} commands of the README and the guide ran; the README has {words} words")
