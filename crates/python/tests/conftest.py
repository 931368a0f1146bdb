"""What all tests share."""

import pathlib
import shutil
import subprocess
import sys

import pytest

import spiral

ROOT = pathlib.Path(__file__).resolve().parents[3]
YEARS = (0.0, 8.0)


def command_line(folder, *words, code=0):
    """Run the command line of the package in a folder."""
    program = shutil.which("spiral", path=str(pathlib.Path(sys.executable).parent))
    assert program, "the wheel carries the command line"
    done = subprocess.run([program, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, f"spiral {words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="session")
def study():
    """A small ensemble in memory."""
    return spiral.ensemble("two-states", histories=200, years=YEARS, progress=False)


@pytest.fixture(scope="session")
def designed():
    """A small sweep in memory."""
    design = {"technology.first_strike": [1.2, 2.2, 3.0], "beliefs": [1, 1, 0]}
    return spiral.sweep("two-states", design, histories=130, outcomes=["war", "peak_burden"], years=YEARS, progress=False)
