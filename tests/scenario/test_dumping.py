"""Scenarios load again from what is written out."""

from pathlib import Path

import pytest

from sim.scenario import Scenario, available_scenarios, dump_resolved, load_scenario
from tests.scenario.files import write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Writing out


def saved_and_loaded(scenario: Scenario) -> Scenario:
    return load_scenario(write(f"saved/{scenario.name}", dump_resolved(scenario)))


def single_attacks(scenario: Scenario | None) -> int:
    """Ordered attacks of one munition, in the scenario and in what it continues."""
    if scenario is None:
        return 0
    listed = [*scenario.interventions, *(scenario.history.actions if scenario.history else ())]
    mine = sum(a.action == "attack" and not a.forbid and a.attacks == 1 for a in listed)
    return mine + single_attacks(scenario.past)


@pytest.mark.parametrize("name", [scenario.name for scenario in available_scenarios()])
def test_shipped_scenarios_load_again_from_what_is_written_out(name: str) -> None:
    scenario = load_scenario(name)
    text = dump_resolved(scenario)
    assert "extends" not in text
    assert text.count("attacks: 1\n") == single_attacks(scenario)
    assert saved_and_loaded(scenario) == scenario
    assert dump_resolved(saved_and_loaded(scenario)) == text


def test_odd_texts_and_numbers_load_again_from_what_is_written_out() -> None:
    badr = "actors.militias.badr."
    for title in (
        "no",
        "null",
        "1e5",
        "2023-10-17",
        "0123",
        "a: b #c",
        "- x",
        "'\"\\",
        "é ١ 日本 😀",
        "~",
        "<<",
        "*x",
        "y",
    ):
        scenario = load_scenario(
            "october-2023", {badr + "title": title, "us.readiness": 1e-07, "militia.tempo": 1 / 3}
        )
        assert saved_and_loaded(scenario) == scenario
    action = "{date: 2024-02-01, actor: badr, action: attack, attacks: 1, wounded: 0, note: 'x'}"
    span = (
        "{from: 2024-02-02, to: 2024-02-03, actor: us, action: strike, level: 2, place: iraq, forbid: true}"
    )
    scenario = load_scenario("tower-22", [f"interventions=[{action}, {span}]", "history.actions=[]"])
    assert saved_and_loaded(scenario) == scenario
