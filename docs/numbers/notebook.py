"""Run a notebook from the first cell to the last and keep what it shows: `python -m docs.numbers.notebook FILE`."""

import sys
import tempfile

import nbformat
from nbclient import NotebookClient

if __name__ == "__main__":
    book = nbformat.read(sys.argv[1], as_version=4)  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            book, timeout=600, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
    for cell in book.cells:
        cell.metadata.pop("execution", None)
    book.metadata["language_info"] = {"name": "python"}
    nbformat.write(book, sys.argv[1])  # type: ignore[no-untyped-call]
