"""A copy of the checkout whose model may be broken, for tests of the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


class Copy:
    """The package copied, all else linked; runs what it is asked to in the copy, with the rules as plain Python."""

    def __init__(self, folder: Path) -> None:
        """Make the copy in an empty folder."""
        self.folder = folder
        shutil.copytree(ROOT / "sim", folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
        for path in ROOT.iterdir():
            if (
                path.name != "sim"
                and not path.name.startswith(".")
                and path.name not in ("results", "build", "dist")
            ):
                (folder / path.name).symlink_to(path)

    def replace(self, file: str, old: str, new: str) -> None:
        """Put `new` for the one `old` of a file."""
        path = self.folder / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {text.count(old)} of {old!r}"
        path.write_text(text.replace(old, new))

    def restore(self, file: str) -> None:
        """Give a file back as it is."""
        shutil.copyfile(ROOT / file, self.folder / file)

    def run(self, *arguments: str, timeout: float) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy; raises `subprocess.TimeoutExpired`."""
        place = {
            **os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=place, capture_output=True, text=True, timeout=timeout, check=False
        )
