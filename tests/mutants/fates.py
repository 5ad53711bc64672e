"""What becomes of mutants: killed, timed out, or survived; told by a warm process, and kept as it is known."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.mutants.making import Mutant
from tests.mutants.parts import PARTS, Stage
from tests.mutated import ROOT, Copy

LIMIT = 60  # seconds of the processor that the tests of one stage may take
COMPILING = 3  # times as many before any, when the model may be compiled first


@dataclass(frozen=True)
class Fate:
    """What became of a mutant.

    Attributes
    ----------
    key, file, line, name : as of `Mutant`
    before, after : the line that differs
    fate : "killed", "timed out" or "survived"
    by : the first test that failed
    seconds : that it took
    """

    key: str
    file: str
    line: int
    name: str
    before: str
    after: str
    fate: str
    by: str
    seconds: float


class Bench:
    """A copy of the checkout, and a warm process in it for one part."""

    def __init__(self, part: str, folder: Path) -> None:
        """Copy the checkout into a folder, which is made, and have the process import what it can."""
        self.part, self.folder, self.limit = part, folder, LIMIT
        place = folder / "copy"
        place.mkdir(parents=True)
        self.copy = Copy(place)
        self.place = {**os.environ, "PYTHONPATH": str(place)}
        command = [sys.executable, "-m", "tests.mutants.warm", part]
        self.process = subprocess.Popen(
            command, cwd=place, env=self.place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._heard().strip() == "ready"

    def close(self) -> None:
        """End the process, and what it is running."""
        self.process.terminate()
        self.process.wait()

    def _heard(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the warm process of {self.part} has ended")
        return line

    def ask(self, stage: Stage, sound: bool = False) -> dict[str, Any]:
        """Run the tests of a stage."""
        limit = self.limit * (COMPILING if sound else 1)
        asked = {
            "how": stage.how, "tests": stage.tests, "marks": stage.marks, "sound": sound, "limit": limit,
            "cache": str(self.folder / "cache"), "log": str(self.folder / "log"),
        }  # fmt: skip
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return json.loads(self._heard())

    def sound(self, files: set[str]) -> str:
        """What the first stage says that fails on these files written out as mutants are, but unchanged; or ''."""
        for file in files:
            self._write(file, ast.unparse(ast.parse((ROOT / file).read_text())))
        failed, needed = "", {stage for file in files for stage in PARTS[self.part].stages_of(file)}
        for stage in PARTS[self.part].stages:
            if stage in needed and not failed and self.ask(stage, sound=True)["code"] != 0:
                failed = f"{stage.tests}:\n{(self.folder / 'log').read_text()[-3000:]}"
        for file in files:
            self._restore(file)
        return failed

    def fate(self, file: str, source: str, stages: list[Stage] | None = None) -> tuple[str, str, float]:
        """Fate, first failed test and seconds of a file with this source, by these stages or all that it has."""
        self._write(file, source)
        seconds = 0.0
        try:
            for stage in PARTS[self.part].stages_of(file) if stages is None else stages:
                found = self.ask(stage)
                seconds += found["seconds"]
                if found["code"] < 0:
                    return "timed out", stage.tests, seconds
                if found["code"]:
                    return "killed", found["by"] or stage.tests, seconds
        finally:
            self._restore(file)
        return "survived", "", seconds

    def _write(self, file: str, source: str) -> None:
        path = self.folder / "copy" / file
        path.write_text(source)
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()

    def _restore(self, file: str) -> None:
        self._write(file, "")
        self.copy.restore(file)


@contextlib.contextmanager
def bench(part: str, folder: Path) -> Iterator[Bench]:
    """A bench that is cleared away at the end."""
    made = Bench(part, folder)
    try:
        yield made
    finally:
        made.close()


def fate_of(here: Bench, mutant: Mutant) -> Fate:
    """What becomes of a mutant."""
    before, after = mutant.told()
    fate, by, seconds = here.fate(mutant.file, mutant.made())
    return Fate(mutant.key, mutant.file, mutant.line, mutant.name, before, after, fate, by, round(seconds, 1))


def kept(path: Path) -> dict[str, Fate]:
    """The fates that a file holds, by the key of the mutant; of several the last."""
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return {fate.key: fate for fate in (Fate(**json.loads(line)) for line in lines)}


def keep(path: Path, fate: Fate) -> None:
    """Append a fate to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(asdict(fate)) + "\n")
