"""In which assumptions two scenarios are said to differ."""

from pathlib import Path

import pytest

from sim.experiments.compare import Compare
from sim.experiments.compare.tables import assumption_table
from sim.parameters import REGISTRY
from sim.scenario import Scenario, load_scenario
from sim.scenario.differences import Difference, differing

BASE = load_scenario("october-2023")


def told(other: Scenario, first: Scenario = BASE) -> dict[str, Difference]:
    return {one.path: one for one in differing(first, other, (first, other))}


def against_base(other: Scenario) -> list[Difference]:
    return Compare(BASE, "prior", others=(other,)).assumptions(1)


def written(folder: Path, text: str, extends: str = "october-2023") -> Scenario:
    file = folder / "another.yaml"
    file.write_text(f"extends: {extends}\nquestion: What else?\n{text}", encoding="utf-8")
    return load_scenario(file)


def test_a_scenario_differs_from_itself_in_nothing():
    assert told(BASE) == {}
    same = BASE.model_copy(update={"name": "other", "question": "Why?", "runs": 5, "headline": "reciprocal"})
    assert told(same) == {}


def test_a_fixed_parameter_is_held_against_the_prior_it_is_drawn_from():
    found = told(load_scenario("decisive-doctrine"))
    assert list(found) == ["us.readiness", "us.ceiling"]
    one = found["us.readiness"]
    assert one.unit == "logits"
    assert one.first.value == "prior N(0, 0.5), 90% from -0.822 to 0.822"
    assert (one.first.basis, one.first.evidence) == ("assumed", REGISTRY["us.readiness"].facts)
    assert (one.other.value, one.other.basis) == ("2", "set")


def test_a_range_of_ones_own_is_held_against_the_shipped_prior(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "militia:\n  tempo: [1, 2]\nus:\n  readiness: {range: [0, 1], family: uniform}\n", encoding="utf-8"
    )
    found = told(load_scenario("october-2023", priors=file))
    assert list(found) == ["militia.tempo", "us.readiness"]
    assert found["militia.tempo"].other.value == "prior LN(1.41, 0.211), 90% from 1 to 2"
    assert found["militia.tempo"].other.basis == "own range"
    assert found["militia.tempo"].unit == "attacks/day"
    assert found["us.readiness"].other.value == "prior U(0, 1), 90% from 0.05 to 0.95"
    one = load_scenario("october-2023", priors=file)
    file.write_text(
        "militia:\n  tempo: [1, 2.00001]\nus:\n  readiness: {range: [0, 1], family: uniform}\n",
        encoding="utf-8",
    )
    assert list(told(load_scenario("october-2023", priors=file), one)) == [
        "militia.tempo"
    ]  # though it reads the same


def test_actors_sites_timeline_and_actions_are_told_with_what_they_rest_on(tmp_path):
    other = written(
        tmp_path,
        "actors:\n  militias:\n    badr: {capacity: 4}\n"
        "sites:\n  tower-22: {defence: 1.0}\n"
        "timeline:\n  troops:\n    knots:\n"
        "      - {date: 2023-10-17, level: 1.0, basis: assumed}\n"
        "      - {date: 2024-01-01, level: 0.5, basis: assumed}\n"
        "interventions:\n"
        "  - {date: 2023-11-20, actor: us, action: strike, level: 2, place: iraq}\n"
        "  - {from: 2023-11-21, to: 2023-12-20, actor: us, action: strike, level: 3, forbid: true}\n"
        "ladder: {window: 7}\nspirals: {direct: {rung: 4}}\n",
    )
    found = told(other)
    assert list(found) == [
        "actors.militias.badr.capacity",
        "sites.tower-22.defence",
        "timeline.troops.2024-01-01",
        "interventions.2023-11-20 us",
        "interventions.2023-11-21 to 2023-12-20 us",
        "ladder.window",
        "spirals.direct.rung",
    ]
    capacity = found["actors.militias.badr.capacity"]
    assert (capacity.first.value, capacity.other.value, capacity.unit) == ("3", "4", "attacks/day")
    assert capacity.first.evidence == ("militias-named", "militias-in-coalition")
    assert found["sites.tower-22.defence"].unit == "log odds"
    assert found["timeline.troops.2024-01-01"].first is None
    assert found["interventions.2023-11-20 us"].other.value == "strike (level 2, place iraq)"
    assert found["interventions.2023-11-21 to 2023-12-20 us"].other.value == "no strike (level 3)"
    assert (found["ladder.window"].unit, found["spirals.direct.rung"].other.value) == ("days", "4")


def test_what_differs_in_the_past_alone_is_told_as_the_pasts(tmp_path):
    (tmp_path / "parent.yaml").write_text(
        "extends: october-2023\nquestion: Before?\nactors: {us: {readiness: 1}}\n", encoding="utf-8"
    )
    (tmp_path / "child.yaml").write_text(
        "extends: parent\nquestion: After?\nstart: 2024-01-01\nactors: {us: {readiness: null}}\n",
        encoding="utf-8",
    )
    found = {one.path: one for one in against_base(load_scenario(tmp_path / "child.yaml"))}
    assert list(found) == ["start", "past.us.readiness"]
    assert found["start"].other.value == "2024-01-01, going on from parent"
    fixed = load_scenario(tmp_path / "child.yaml", ["us.readiness=2"])
    assert [one.path for one in against_base(fixed)] == ["start", "us.readiness"]


@pytest.mark.parametrize("name", ["tower-22", "decisive-doctrine"])
def test_the_table_holds_a_row_for_each_and_no_holes(name):
    found = against_base(load_scenario(name))
    table = assumption_table(("october-2023", name), [found])
    assert list(table["path"]) == [one.path for one in found]
    assert not table.isna().any(axis=None)
    assert (table["scenario"] == name).all()
    if name == "tower-22":
        killed = table.set_index("path").loc["interventions.2024-01-28 kataib-hizbollah"]
        assert (killed["first"], killed["value"]) == ("", "attack (site tower-22, killed 3)")
        assert killed["value_evidence"] == "tower-22-killed kataib-hizbollah-tower-22"
