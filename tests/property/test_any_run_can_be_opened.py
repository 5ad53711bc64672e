"""Whatever the scenario, any run of it can be opened, told, asked why, and followed up."""

import json

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.cli.why.as_json import run_dict
from sim.experiments.why.feeding import feeding_of_run, feeding_text
from sim.replay.deeds import deeds_of
from sim.replay.events import event_json
from sim.replay.log import log_of
from sim.replay.outcome import outcome_json
from sim.replay.replay import replay
from sim.replay.story import story_of
from sim.simulate.job import make_job
from tests.mesa.drawn_scenarios import any_scenario


@settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(any_scenario(longest=40), st.integers(0, 10**9 - 1), st.sampled_from(["prior", "default"]))
def test_any_run_of_any_scenario_can_be_opened(scenario, run, parameters):
    played = replay(make_job(scenario, parameters), run)
    log = log_of(played)
    written = json.loads(json.dumps([event_json(event, scenario.start) for event in log], allow_nan=False))
    assert sum(event["kind"] == "attack" for event in written) == sum(played.evenings["today"]["attacks"])
    assert sum(event["kind"] == "strike" for event in written) == sum(played.outcome["strikes"])
    json.dumps([outcome_json(played), run_dict(played)], allow_nan=False)
    assert all(paragraph.strip() for paragraph in story_of(log, scenario, run))
    severe = sum(deed.severe for deed in deeds_of(played))
    assert severe or played.outcome["severe_day"] == -1
    assert feeding_text(feeding_of_run(played, 10, 200)).startswith(
        ("An escalatory act", "What an escalatory act")
    )


def test_the_bounds_of_a_chance_have_odds():
    from sim.replay.terms import exp, log_odds

    assert np.isfinite([log_odds(0.0), log_odds(1.0), exp(1e6)]).all()
    assert log_odds(0.25) == np.log(1 / 3)
