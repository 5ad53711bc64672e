"""The viewer's model: a run of `spiral run`, to the last bit, with the levers that were moved held as by --set."""

import pytest

pytest.importorskip("solara")

from sim.mesa.viewer import ViewedModel, beginnings, page, sliders
from sim.parameters.titles import SHOWN
from sim.scenario import ScenarioError, load_scenario
from sim.simulate.job import NoPosterior, make_job
from tests.mesa.models import EVENTFUL, end_of, numbers

OWN = """
extends: october-2023
question: What if Washington struck sooner?
end: 2023-11-05
actors: {us: {readiness: 0.437}}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> str:
    made = tmp_path_factory.mktemp("an own") / "own.yaml"
    made.write_text(OWN)
    return str(made)


@pytest.mark.parametrize("parameters", ["prior", "default"])
def test_sliders_as_they_begin_leave_the_run_as_it_is(own, parameters):
    inputs = sliders(own, EVENTFUL, parameters)
    given = {name: of["value"] if isinstance(of, dict) else of for name, of in inputs.items()}
    model = ViewedModel(**given)
    model.run_model()
    assert numbers(model.world) == end_of(make_job(load_scenario(own), parameters), EVENTFUL)
    assert model.command == f"spiral trace '{own}' --run {EVENTFUL} --parameters {parameters} --story"


def test_a_lever_that_was_moved_is_held_in_the_command_too(own):
    moved = {**beginnings(own), "us.readiness": -0.5, "iran.supply": 7.25}
    model = ViewedModel(own, EVENTFUL, "prior", **moved)
    model.run_model()
    settings = ["us.readiness=-0.5", "iran.supply=7.25"]
    assert numbers(model.world) == end_of(make_job(load_scenario(own, settings), "prior"), EVENTFUL)
    assert numbers(model.world) != end_of(make_job(load_scenario(own), "prior"), EVENTFUL)
    assert model.command.endswith(" --set us.readiness=-0.5 --set iran.supply=7.25")


def test_several_days_a_step_may_lead_past_the_last(own):
    model = ViewedModel(own, EVENTFUL, "default")
    model.run_model()
    ended = numbers(model.world)
    model.step()
    assert (model.steps, model.running) == (model.days, False)
    assert numbers(model.world) == ended
    assert len(model.datacollector.model_vars["date"]) == model.days


def test_a_slider_begins_where_the_scenario_holds_its_lever(own):
    inputs = sliders(own, 5000, "prior")
    assert inputs["us.readiness"]["value"] == pytest.approx(0.437, abs=0.5 * inputs["us.readiness"]["step"])
    assert inputs["run"]["max"] == 5000
    for name in SHOWN:
        assert inputs[name]["min"] < inputs[name]["value"] < inputs[name]["max"]


def test_what_cannot_be_viewed_is_refused_before_there_is_a_page(tmp_path):
    with pytest.raises(ScenarioError, match="did you mean 'october-2023'"):
        page("octobre-2023")
    other = tmp_path / "other.yaml"
    other.write_text(OWN.replace("actors: {us: {readiness: 0.437}}", "priors: {us: {readiness: [2, 4]}}"))
    with pytest.raises(NoPosterior, match="no posterior is shipped"):
        page(str(other))


def test_nobody_is_told_that_it_is_used(monkeypatch):
    import requests
    import solara.checks
    import solara.server.telemetry

    asked = []
    monkeypatch.setattr(requests, "get", lambda *a, **k: asked.append(a))
    monkeypatch.setattr(requests, "post", lambda *a, **k: asked.append(a))
    monkeypatch.setattr("threading.Thread.start", lambda thread: thread.run())
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    solara.server.telemetry.jupyter_start()
    solara.server.telemetry.track("anything")
    assert asked == []
    assert not solara.checks.should_perform_jupyter_check()
