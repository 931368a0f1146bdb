#!/usr/bin/env python3
"""Runs the commands of the README's `sh` blocks, in order, in a folder of their own, with the release build.

A block whose fence says `sh once` sets a machine up or is this script's caller, and is only read. `cargo run --release --` stands
for the release binary, which is already built.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent
binary = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target")) / "release" / "spiral"
text = (root / "README.md").read_text(encoding="utf-8")
blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
if not blocks:
    sys.exit("the README has no `sh` block to run")

with tempfile.TemporaryDirectory() as folder:
    environment = dict(os.environ, PATH=f"{binary.parent}{os.pathsep}{os.environ['PATH']}")
    for block in blocks:
        for line in block.splitlines():
            command = line.split("#")[0].strip().replace("cargo run --release --", "spiral")
            if not command:
                continue
            command = command.replace("configs/", f"{root}/configs/")
            print(f"$ {command}", flush=True)
            done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"{done.stdout}\n{done.stderr}\nthe README's command failed with exit code {done.returncode}")
            if not (done.stdout.strip() or done.stderr.strip()):
                sys.exit("the README's command printed nothing")
print("all commands of the README ran")
