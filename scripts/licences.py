#!/usr/bin/env python3
"""Writes the name, version and licence of every library that is linked into the program and the Python module, with its own notices.

A library without a licence that allows what is done here, or without any, ends the script with an error. The first argument is the file.
"""

import json
import pathlib
import re
import subprocess
import sys

# Licences under which the libraries may be given away with the program, with their notices.
ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT",
    "MIT-0", "MPL-2.0", "OFL-1.1", "Unicode-3.0", "Unicode-DFS-2016", "Unlicense", "Zlib", "bzip2-1.0.6", "LicenseRef-UFL-1.0",
}
NOTICES = re.compile(r"^(licen[cs]e|copying|notice|unlicense)", re.IGNORECASE)


def allowed(expression):
    """Whether one of the choices of an SPDX expression has only allowed licences: `A OR B AND C`, with brackets."""
    text = expression.replace("/", " OR ")
    words = re.findall(r"\(|\)|[^\s()]+(?:\s+WITH\s+[^\s()]+)?", text)
    place = 0

    def either():
        nonlocal place
        found = both()
        while place < len(words) and words[place] == "OR":
            place += 1
            found = both() or found
        return found

    def both():
        nonlocal place
        found = one()
        while place < len(words) and words[place] == "AND":
            place += 1
            found = one() and found
        return found

    def one():
        nonlocal place
        word = words[place]
        place += 1
        if word == "(":
            found = either()
            place += 1
            return found
        return " ".join(word.split()) in ALLOWED

    return either()


root = pathlib.Path(__file__).resolve().parent.parent
tree = ["cargo", "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}|{l}", "-p", "spiral", "-p", "spiral-python"]
listed = subprocess.run(tree, cwd=root, capture_output=True, text=True, check=True).stdout
used = set()
for line in listed.splitlines():
    if "|" in line:
        name, version = line.split("|")[0].split()[:2]
        used.add((name, version.removeprefix("v")))
metadata = ["cargo", "metadata", "--locked", "--format-version", "1"]
packages = json.loads(subprocess.run(metadata, cwd=root, capture_output=True, text=True, check=True).stdout)["packages"]
libraries = sorted((one for one in packages if one["source"] and (one["name"], one["version"]) in used), key=lambda one: (one["name"], one["version"]))
refused = [f"{one['name']} {one['version']}: {one['license'] or 'no licence'}" for one in libraries if not one["license"] or not allowed(one["license"])]
if refused:
    sys.exit("licences that scripts/licences.py does not allow:\n  " + "\n  ".join(refused))
rows = [f"| {one['name']} | {one['version']} | {one['license']} |" for one in libraries]
notices = {}
for one in libraries:
    folder = pathlib.Path(one["manifest_path"]).parent
    for path in sorted(folder.iterdir()):
        if path.is_file() and NOTICES.match(path.name):
            text = path.read_text(encoding="utf-8", errors="replace").strip()
            notices.setdefault(text, []).append(f"{one['name']} {one['version']}")
parts = [
    "# Licences",
    f"The program and the Python module are MIT OR Apache-2.0. They hold these {len(libraries)} libraries, each under its own licence.",
    "| library | version | licence |\n|---|---|---|\n" + "\n".join(rows),
    "# Notices",
    *(f"## {', '.join(owners)}\n\n```text\n{text.replace('```', '')}\n```" for text, owners in notices.items()),
]
target = pathlib.Path(sys.argv[1])
target.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
print(f"{target}: {len(libraries)} libraries, {len(notices)} different notices")
