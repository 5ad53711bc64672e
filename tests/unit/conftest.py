"""What tests of the command line share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.main import cli


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def spiral(here: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process, in a working folder of its own: exit code, stdout, stderr."""

    def run(*args: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = cli.main(list(args), prog_name="spiral")
        out, err = capfd.readouterr()
        return code, out, err

    return run
