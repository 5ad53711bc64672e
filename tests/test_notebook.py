"""The notebook runs from the first cell to the last, and shows what it then gave."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "docs").rglob("*.ipynb"))


@pytest.mark.verification
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs_and_its_tables_are_as_shown(path: Path, tmp_path: Path):
    notebook = nbformat.read(path, as_version=4)
    shown = [texts(cell) for cell in notebook.cells]
    here = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=here).execute()
    assert any(shown)
    assert [texts(cell) for cell in notebook.cells] == shown


def texts(cell: nbformat.NotebookNode) -> list[str]:
    """What a cell printed and showed as text, but for names of figures."""
    found = []
    for output in cell.get("outputs", []):
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        if text and not text.startswith("<Figure"):
            found.append(text)
    return found
