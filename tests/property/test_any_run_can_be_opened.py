"""Whatever the scenario, any run of it can be opened, told, asked why, and followed up."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.cli.why.as_json import run_dict
from sim.experiments.why.feeding import feeding_of_run, feeding_text
from sim.replay.deeds import deeds_of
from sim.replay.events import event_json
from sim.replay.log import log_of
from sim.replay.outcome import outcome_json
from sim.replay.replay import Replay, replay
from sim.replay.story import story_of
from sim.simulate.job import make_job
from tests.mesa.drawn_scenarios import any_scenario
from tests.sizes import small_and_full


@pytest.mark.parametrize("size", small_and_full((25, 25, 2), (25, 40, 10)), ids=["small", "full"])
def test_any_run_of_any_scenario_can_be_opened(size, monkeypatch):
    """So many scenarios of so many days at most; a run's acts are followed up in so many runs with its parameters."""
    examples, longest, runs = size
    monkeypatch.setattr("sim.experiments.why.feeding.STEP", runs)

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(any_scenario(longest=longest), st.integers(0, 10**9 - 1), st.sampled_from(["prior", "default"]))
    def check(scenario, run, parameters):
        open_in_every_way(replay(make_job(scenario, parameters), run), runs)

    check()


def open_in_every_way(played: Replay, runs: int) -> None:
    scenario, log = played.job.scenario, log_of(played)
    written = json.loads(json.dumps([event_json(event, scenario.start) for event in log], allow_nan=False))
    assert sum(event["kind"] == "attack" for event in written) == sum(played.evenings["today"]["attacks"])
    assert sum(event["kind"] == "strike" for event in written) == sum(played.outcome["strikes"])
    json.dumps([outcome_json(played), run_dict(played)], allow_nan=False)
    assert all(paragraph.strip() for paragraph in story_of(log, scenario, played.run))
    severe = sum(deed.severe for deed in deeds_of(played))
    assert severe or played.outcome["severe_day"] == -1
    assert feeding_text(feeding_of_run(played, runs, 200)).startswith(
        ("An escalatory act", "What an escalatory act")
    )


def test_the_bounds_of_a_chance_have_odds():
    from sim.replay.terms import exp, log_odds

    assert np.isfinite([log_odds(0.0), log_odds(1.0), exp(1e6)]).all()
    assert log_odds(0.25) == np.log(1 / 3)
