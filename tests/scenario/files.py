"""Scenario files in the working folder."""

import datetime
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load_scenario

DAY = datetime.date
BASELINE = "extends: october-2023\n"


def write(name: str, text: str) -> str:
    path = Path(f"{name}.yaml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def complaint_about(name: str, overrides: object = ()) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name, overrides)  # type: ignore[arg-type]
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)
