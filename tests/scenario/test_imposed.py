"""What a scenario imposes of its own headline, and that all runs then come to it by that day."""

import datetime
from pathlib import Path

import numpy as np
import pytest

from sim.scenario import load_scenario
from sim.scenario.imposed import imposed_spirals
from sim.simulate.job import make_job, simulate
from sim.wording import exchange_sentence
from tests.scenario.files import BASELINE, write

STRIKE = "{date: 2023-12-03, actor: us, action: strike, level: 4}"
ANSWER = "{date: 2023-12-10, actor: iran, action: answer}"
LATE = "{date: 2023-12-20, actor: iran, action: answer}"
RUNS = np.arange(100, dtype=np.uint64)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(text: str):
    return load_scenario(write("mine", BASELINE + text))


def told(text: str) -> dict[str, str]:
    return {name: str(found) for name, found in imposed_spirals(loaded(text)).items()}


def test_shipped_scenarios_impose_no_headline() -> None:
    for name in ("october-2023", "tower-22", "july-2024", "lethal-first-week", "strike-in-iraq"):
        assert imposed_spirals(load_scenario(name)) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"interventions: [{STRIKE}]", {"direct": "imposed by an intervention on 2023-12-03"}),
        (f"interventions: [{ANSWER}]", {"direct": "imposed by an intervention on 2023-12-10"}),
        (
            f"history: {{release: 2023-12-05, actions: [{STRIKE}]}}",
            {"direct": "imposed by history on 2023-12-03"},
        ),
        (
            f"history: {{release: 2023-12-05, actions: [{STRIKE}]}}\ninterventions: [{ANSWER}]",
            {
                "direct": "imposed by history on 2023-12-03",
                "reciprocal": "imposed by an intervention on 2023-12-10",
            },
        ),
        (f"interventions: [{STRIKE}, {LATE}]", {"direct": "imposed by an intervention on 2023-12-03"}),
        (f"interventions: [{STRIKE.replace('4', '4, forbid: true')}]", {}),
        (f"interventions: [{STRIKE.replace('4', '3')}]", {}),
        (
            "spirals: {direct: {rung: 4}}\ninterventions: [{date: 2023-12-01, actor: badr, action: attack, killed: 1}, "
            f"{STRIKE.replace('4', '3')}]",
            {"direct": "imposed by an intervention on 2023-12-03"},
        ),
        (
            "spirals: {direct: {rung: 4}}\ninterventions: [{date: 2023-12-04, actor: badr, action: attack, killed: 1}, "
            f"{STRIKE.replace('4', '3')}]",
            {},
        ),
        (
            "spirals: {direct: {rung: 4}}\ninterventions: [{date: 2023-11-15, actor: badr, action: attack, killed: 1}, "
            f"{STRIKE.replace('4', '3')}]",
            {},
        ),
        (
            "spirals: {direct: {rung: 3}}\ninterventions: [{date: 2023-12-04, actor: us, action: strike, level: 2}]",
            {"direct": "imposed by an intervention on 2023-12-04"},
        ),
    ],
)
def test_a_rung_that_is_reached_by_imposed_deeds_is_found(text: str, expected: dict[str, str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize("text", [f"interventions: [{STRIKE}]", f"interventions: [{STRIKE}, {ANSWER}]"])
def test_what_is_imposed_comes_in_every_run_by_that_day(text: str) -> None:
    scenario = loaded(text)
    outcome = np.asarray(simulate(make_job(scenario), RUNS))["outcome"]
    for name, found in imposed_spirals(scenario).items():
        days = outcome[f"{name}_day"]
        assert (days >= 0).all()
        assert (days <= (found.date - scenario.start).days).all()


def test_what_its_past_imposes_shortly_before_the_start_counts() -> None:
    write("parent", f"{BASELINE}interventions: [{STRIKE}]")
    child = load_scenario(write("child", "extends: parent\nstart: 2023-12-10"))
    assert str(imposed_spirals(child)["direct"]) == "imposed by an intervention on 2023-12-03"
    assert (np.asarray(simulate(make_job(child), RUNS))["outcome"]["direct_day"] == 0).all()
    later = load_scenario(write("later", "extends: parent\nstart: 2023-12-17"))
    assert imposed_spirals(later) == {}


def test_it_is_said_in_place_of_a_probability() -> None:
    estimate = {"probability": 1.0, "chance": [0.9, 1.0], "seen": 10, "runs": 10, "definition": "direct"}
    scenario = loaded(f"history: {{release: 2023-12-05, actions: [{STRIKE}]}}")
    found = exchange_sentence(estimate, scenario)
    assert found == "Direct exchange by 31 Jul 2024: the headline is imposed by history on 3 Dec 2023"
    assert "above" in exchange_sentence(estimate, loaded(""))
    assert "above" in exchange_sentence({**estimate, "definition": "reciprocal"}, scenario)


def test_dates_are_dates() -> None:
    assert imposed_spirals(loaded(f"interventions: [{STRIKE}]"))["direct"].date == datetime.date(2023, 12, 3)
