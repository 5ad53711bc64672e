"""What an answer rests on: scenarios that are not what was fitted say in what."""

from pathlib import Path

import pytest

from sim.scenario import load_scenario
from sim.simulate.basis import basis_of, rests_on_record
from sim.simulate.job import make_job

NUMBERS = "share: 0.05, autonomy: 0.5, stake: 0.5, reach: 0.0, capacity: 3"
MILITIA = f"{{title: New, {NUMBERS}, basis: assumed, evidence: [militias-named]}}"
SITE = "{title: New, country: iraq, weight: 1.0, troops: 1.0, defence: 0.0, basis: assumed}"


def made(folder: Path, text: str):
    file = folder / "x.yaml"
    file.write_text(f"name: x\nextends: october-2023\nquestion: Is it so?\n{text}\n")
    return load_scenario(str(file))


@pytest.mark.parametrize(
    "name", ["october-2023", "tower-22", "july-2024", "restraint-doctrine", "deterrence-only"]
)
@pytest.mark.parametrize("parameters", ["posterior", "prior", "default"])
def test_of_what_was_fitted_nothing_is_said(name, parameters) -> None:
    found = basis_of(load_scenario(name), parameters)
    assert (found["told"], found["differs"], found["imposed"]) == ([], [], {})
    assert found["past"] == (parameters == "posterior")
    assert (found["known_until"] is None) == (parameters != "posterior")
    assert (found["scenario"], found["parameters"]) == (name, parameters)


@pytest.mark.parametrize(
    ("text", "differs", "words"),
    [
        ("start: 2019-12-27\nend: 2020-02-01", ["start"], "by its start"),
        ("start: 2023-10-16", ["start"], "by its start"),
        (
            "timeline: {gaza: {knots: [{date: 2023-10-17, level: 0.2, basis: assumed}]}}",
            ["gaza"],
            "by its gaza",
        ),
        (
            "interventions: [{date: 2023-10-25, actor: iraq, action: press, basis: assumed}]",
            ["orders"],
            "by what is imposed in the days that were fitted",
        ),
        (
            "history: {release: 2023-11-18, actions: [{date: 2023-10-20, actor: us, action: strike, level: 2}]}",
            ["orders"],
            "by what is imposed",
        ),
    ],
)
def test_other_first_days_are_said_first_and_rest_on_no_record(tmp_path, text, differs, words) -> None:
    scenario = made(tmp_path, text)
    found = basis_of(scenario, "posterior")
    assert found["differs"] == differs
    assert not found["past"]
    (line,) = found["told"]
    assert line.startswith("Not what was fitted, ")
    assert words in line
    assert not rests_on_record(make_job(scenario, "posterior"))
    assert basis_of(scenario, "prior")["told"] == []  # nothing that was fitted is taken


def test_days_after_the_fit_may_differ(tmp_path) -> None:
    later = made(
        tmp_path,
        "timeline: {lebanon: {knots: [{date: 2023-10-17, level: 0.3, basis: assumed}, "
        "{date: 2023-11-17, level: 0.3, basis: assumed}, {date: 2023-12-17, level: 1, basis: assumed}]}}",
    )
    assert basis_of(later, "posterior")["told"] == []
    assert rests_on_record(make_job(later, "posterior"))


@pytest.mark.parametrize(
    ("text", "differs"),
    [
        (f"actors: {{militias: {{newcomers: {MILITIA}, kataib-hizbollah: {{share: 0.35}}}}}}", ["militias"]),
        ("actors: {militias: {badr: {autonomy: 0.9}}}", ["militias"]),
        (f"sites: {{new-base: {SITE}}}", ["sites"]),
        ("sites: {tower-22: {defence: 1.0}}", ["sites"]),
        ("reference: {gaza: 0.5}", ["reference"]),
        ("priors: {militia: {tempo: {range: [1, 2]}}}", ["priors"]),
        (
            "actors: {militias: {badr: {autonomy: 0.9}}}\nsites: {tower-22: {defence: 1.0}}",
            ["militias", "sites"],
        ),
    ],
)
def test_other_actors_and_ranges_are_said_first(tmp_path, text, differs) -> None:
    found = basis_of(made(tmp_path, text), "prior")
    assert found["differs"] == differs
    (line,) = found["told"]
    assert line.startswith("Not what was fitted, by its ")
    assert "drawn from their priors" in line
    assert basis_of(made(tmp_path, text), "default")["told"] == []


def test_what_is_imposed_is_said(tmp_path) -> None:
    text = "interventions: [{date: 2023-12-03, actor: us, action: strike, level: 4, basis: assumed}]"
    found = basis_of(made(tmp_path, text), "posterior")
    assert found["imposed"] == {"direct": "imposed by an intervention on 2023-12-03"}
    assert found["told"] == ["The headline is imposed by an intervention on 3 Dec 2023."]
