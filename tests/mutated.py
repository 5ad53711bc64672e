"""A copy of the checkout whose model may be broken, for tests of the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("sim", "tests")
LEFT_OUT = ("results", "build", "dist")


class Copy:
    """The package and its tests copied, all else linked; runs what it is asked to in the copy."""

    def __init__(self, folder: Path) -> None:
        """Make the copy in an empty folder."""
        self.folder = folder
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in ROOT.iterdir():
            if path.name not in (*COPIED, *LEFT_OUT) and not path.name.startswith("."):
                (folder / path.name).symlink_to(path)
        (folder / "results").mkdir()
        (folder / "results" / "README.md").symlink_to(
            ROOT / "results" / "README.md"
        )  # a page of the documentation

    def replace(self, file: str, old: str, new: str) -> None:
        """Put `new` for the one `old` of a file."""
        path = self.folder / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {text.count(old)} of {old!r}"
        path.write_text(text.replace(old, new))

    def restore(self, file: str) -> None:
        """Give a file back as it is."""
        shutil.copyfile(ROOT / file, self.folder / file)

    def run(self, *arguments: str, timeout: float, **place: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy, with more in its environment; raises `subprocess.TimeoutExpired`."""
        here = {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env={**os.environ, **here, **place},
            capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip
