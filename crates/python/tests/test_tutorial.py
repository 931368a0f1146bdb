"""The tutorial notebook runs from its first cell to its last, and shows what its text speaks of."""

import json
import os
import pathlib

import pytest
from conftest import ROOT

NOTEBOOK = ROOT / "docs" / "tutorial" / "security-dilemma.ipynb"
# Few histories, so that the test takes seconds.
HISTORIES = 80


def test_the_notebook_has_no_outputs_and_asks_for_many_histories():
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code), "clear all outputs before you save"
    assert sum("HISTORIES = 1000" in "".join(cell["source"]) for cell in code) == 1


@pytest.mark.slow
def test_every_cell_of_the_tutorial_runs(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("HISTORIES = 1000", f"HISTORIES = {HISTORIES}")
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    silent = [cell.source for cell in code[1:] if not cell.outputs]
    assert not silent, f"cells that show nothing: {silent}"
    warned = [output.text for cell in code for output in cell.outputs if output.get("name") == "stderr"]
    assert not warned, f"warnings and bars: {warned}"
    shown = "\n".join(str(output) for cell in code for output in cell.outputs)
    assert "Motive: preemption" in shown, "the history that is told has a war"
    pictures = sum("<svg" in str(output.get("data", {})) for cell in code for output in cell.outputs)
    assert pictures >= 9, f"{pictures} figures"
    keep = os.environ.get("SPIRAL_TUTORIAL_OUT")
    if keep:
        nbformat.write(notebook, pathlib.Path(keep))
