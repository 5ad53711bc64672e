"""A made-up result and its figures."""

from pathlib import Path

import pytest

from sim.report.figures import draw_answer
from sim.scenario import Scenario, load_scenario
from tests.report.made_tables import Tables, tables


@pytest.fixture(scope="module")
def october() -> Scenario:
    return load_scenario("october-2023")


@pytest.fixture(scope="module")
def result(october: Scenario) -> Tables:
    return tables(october)


@pytest.fixture(scope="module")
def folder(result: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures") / "new" / "folder"
    draw_answer(result.answer, folder)
    return folder
