"""The game at a terminal."""

from pathlib import Path

import pytest

from sim.cli.main import cli
from tests.cli.play.typed import Play, Typed


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Play:
    """Play in an empty working folder, with lines typed in: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str, lines: str = "", breaks: bool = False) -> tuple[int, str, str]:
        typed = Typed("".join(f"{line}\n" for line in lines.split("|") if line or "|" in lines))
        typed.breaks = breaks
        monkeypatch.setattr("sys.stdin", typed)
        capfd.readouterr()
        code = cli.main(["play", *args], prog_name="spiral")
        out, err = capfd.readouterr()
        return code, out, err

    return run
