"""A scenario in which much is imposed."""

from pathlib import Path

import pytest

from sim.scenario import Scenario, load_scenario
from tests.play.games import BUSY


@pytest.fixture
def busy(tmp_path: Path) -> Scenario:
    (tmp_path / "busy.yaml").write_text(BUSY, encoding="utf-8")
    return load_scenario(tmp_path / "busy.yaml")
