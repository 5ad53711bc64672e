"""The Mesa model as its users meet it: stepping, agents, data frames, refusals, what is loaded."""

import datetime
import gc
import subprocess
import sys
import weakref
from typing import get_args

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.mesa.agents import READINGS, Actor, Iran, IraqiGovernment, Militia, UnitedStates
from sim.mesa.model import EscalationModel
from sim.replay.replay import replay
from sim.scenario import ScenarioError, load_scenario
from sim.simulate.job import OF_ONES_OWN, Parameters, lived, make_job
from tests.mesa.models import EVENTFUL, SHORT, end_of, numbers

DAYS = 20


# Stepping


def test_a_step_is_a_day(model):
    assert (model.steps, model.running, model.days) == (0, True, DAYS)
    assert model.date == SHORT.start - datetime.timedelta(days=1)
    model.step()
    assert (model.steps, model.date) == (1, SHORT.start)
    model.run_for(4)
    assert (model.steps, model.date, model.running) == (5, datetime.date(2023, 10, 21), True)


def test_it_runs_to_the_last_day_and_no_further(model):
    model.run_model()
    assert (model.steps, model.date, model.running) == (DAYS, SHORT.end, False)
    end = numbers(model.world)
    for _ in range(2):
        with pytest.raises(ValueError, match="ended on 2023-11-05"):
            model.step()
    model.run_for(3)
    model.run_model()
    assert (model.steps, numbers(model.world)) == (DAYS, end)
    assert len(model.datacollector.get_model_vars_dataframe()) == DAYS


def test_run_for_stops_at_the_end(model):
    model.run_for(1_000)
    assert (model.steps, model.running) == (DAYS, False)


@pytest.mark.parametrize("seed", [0, 1, 99])
def test_the_seed_of_mesa_changes_nothing_and_nothing_is_drawn_from_it(job, seed):
    model = EscalationModel(job, 7, seed=seed)
    before = model.random.getstate(), model.rng.bit_generator.state
    np.random.seed(seed)
    model.run_model()
    assert numbers(model.world) == end_of(job, 7)
    assert (model.random.getstate(), model.rng.bit_generator.state) == before


def test_a_scenario_may_be_given_by_name_by_path_as_itself_or_as_a_job(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("extends: october-2023\nend: 2023-10-20\n")
    ends = {EscalationModel(given, 3).scenario.end for given in ("october-2023", SHORT, make_job(SHORT))}
    assert ends == {load_scenario("october-2023").end, SHORT.end}
    for given in (file, str(file)):
        assert EscalationModel(given).days == 4


def test_parameters_and_overrides_are_the_compiled_engines(job):
    default = EscalationModel(SHORT, 30, "default", {"us.readiness": 3.0})
    assert default.row["us"]["readiness"][0] == 3.0
    default.run_model()
    expected = lived(make_job(SHORT, "default", {"us.readiness": 3.0}), np.array([30], np.uint64))
    assert numbers(default.world) == numbers(np.asarray(expected))
    assert numbers(EscalationModel(job, 0).row) != numbers(EscalationModel(job, 25).row)


def test_a_scenario_with_a_past_starts_from_its_worlds():
    model = EscalationModel("tower-22")
    assert model.world["day"][0] == 103
    assert model.world["militias"]["anger"][0].any()
    model.step()
    assert model.date == datetime.date(2024, 1, 28)
    assert model.datacollector.model_vars["killed"][0] >= 3


# Agents


def test_there_is_an_agent_for_each_actor(model):
    names = [agent.name for agent in model.agents]
    assert names == [
        "us", "iraq", "iran", "asaib-ahl-al-haq", "harakat-al-nujaba", "kataib-hizbollah", "badr"
    ]  # fmt: skip
    assert [agent.unique_id for agent in model.agents] == [1, 2, 3, 4, 5, 6, 7]
    assert [m.index for m in model.militias] == [0, 1, 2, 3]
    assert {kind: len(some) for kind, some in model.agents_by_type.items()} == {
        UnitedStates: 1, IraqiGovernment: 1, Iran: 1, Militia: 4
    }  # fmt: skip
    assert model.militias[3].title == "Badr"
    assert model.militias[3].fixed.capacity == 3


def test_agents_are_views_of_the_world(model):
    model.run_for(10)
    for militia in model.militias:
        there = model.world["militias"][0, militia.index]
        assert militia.record.anger == there["anger"]
        militia.record.anger = 0.25
        assert model.world["militias"]["anger"][0, militia.index] == 0.25
    for agent in (model.us, model.iraq, model.iran):
        agent.record[agent.record.dtype.names[0]] = 0.125
        assert model.world[agent.name][0][0] == 0.125
    assert model.outcome.peak_rung == model.world["outcome"]["peak_rung"][0]


def test_every_phase_of_an_agent_is_called_once_a_day(job):
    called: list[tuple[str, str]] = []

    def noted(kind: type[Actor]) -> type[Actor]:
        def note(name):
            def phase(self):
                called.append((self.name, name))
                getattr(kind, name)(self)

            return phase

        phases = [n for n in vars(kind) if not n.startswith("_") and n not in ("order", "name")]
        return type(f"Noted{kind.__name__}", (kind,), {name: note(name) for name in phases})

    kinds = (UnitedStates, IraqiGovernment, Iran, Militia)
    model = EscalationModel(job, 0, agents={kind: noted(kind) for kind in kinds})
    model.run_model()
    assert len(called) == DAYS * len(set(called))
    one = called[: len(set(called))]
    four = [m.name for m in model.militias]
    every = [(name, phase) for phase in ("weigh", "launch", "fight") for name in four]
    assert one == [
        ("iran", "move"), ("iraq", "press"), *every, ("us", "respond"), ("iraq", "keep_bargain"),
        ("iran", "take_it"), ("iraq", "take_it"), *((name, "take_it") for name in four), ("iran", "answer"),
        *((name, "forget") for name in four), ("us", "forget"), ("iraq", "forget"), ("iran", "forget"),
    ]  # fmt: skip
    assert numbers(model.world) == end_of(job, 0)


def test_models_are_let_go_of(job):
    kept = [weakref.ref(EscalationModel(job, run)) for run in range(3)]
    gc.collect()
    assert [each() for each in kept] == [None, None, None]


def test_models_know_nothing_of_each_other(job):
    one, other = EscalationModel(job, 1), EscalationModel(job, 1)
    one.militias[0].record.anger = 1.0
    one.us.order(level=4)
    one.setting["militias"]["share"] = 0.1
    one.run_model()
    other.run_model()
    assert numbers(other.world) == end_of(job, 1) != numbers(one.world)


# Data frames


def test_the_models_frame_is_what_happened(job):
    model = EscalationModel(job, EVENTFUL)
    model.run_model()
    frame, played = model.datacollector.get_model_vars_dataframe(), replay(job, EVENTFUL)
    assert len(frame) == DAYS
    assert frame["date"].dt.date.tolist() == [SHORT.start + datetime.timedelta(days=d) for d in range(DAYS)]
    evenings = played.evenings
    for column, group, field in [
        ("rung", "ladder", "rung"), ("attacks", "today", "attacks"), ("wounded", "today", "wounded"),
        ("killed", "today", "killed"), ("avowed", "today", "avowed"), ("us_level", "us", "level"),
        ("us_pressure", "us", "pressure"), ("us_credibility", "us", "credibility"),
        ("us_commitment", "us", "commitment"), ("iraq_bargain", "iraq", "bargain"),
        ("iraq_strain", "iraq", "strain"), ("iraq_capital", "iraq", "capital"),
        ("iran_stance", "iran", "stance"), ("iran_grievance", "iran", "grievance"),
        ("iran_war_fear", "iran", "war_fear"),
    ]:  # fmt: skip
        assert frame[column].tolist() == evenings[group][field].tolist(), column
    assert frame["wounded"].sum() == played.outcome["wounded"] > 0
    assert len(frame.columns) == 16


def test_the_agents_frame_is_what_happened(job):
    model = EscalationModel(job, EVENTFUL)
    model.run_model()
    frame, evenings = model.datacollector.get_agent_vars_dataframe(), replay(job, EVENTFUL).evenings
    assert frame.index.names == ["Step", "AgentID"]
    assert len(frame) == DAYS * 7
    for militia in model.militias:
        mine = frame.xs(militia.unique_id, level="AgentID")
        assert set(mine["name"]) == {militia.name}
        for column in READINGS:
            assert mine[column].tolist() == evenings["militias"][column][:, militia.index].tolist()
    governments = frame[frame["name"].isin(["us", "iraq", "iran"])]
    assert len(governments) == DAYS * 3
    assert governments[list(READINGS)].isna().all(axis=None)


def test_collected_before_the_first_day_it_is_the_evening_before(model):
    model.datacollector.collect(model)
    model.step()
    dates = model.datacollector.get_model_vars_dataframe()["date"].dt.date.tolist()
    assert dates == [SHORT.start - datetime.timedelta(days=1), SHORT.start]


def test_without_collecting_nothing_is_collected(job):
    model = EscalationModel(job, collect=False)
    model.run_model()
    assert model.datacollector.get_model_vars_dataframe().empty


def test_mesas_own_batches_of_runs_work():
    found = pd.DataFrame(
        mesa.batch_run(
            EscalationModel, {"scenario": "october-2023", "run": range(3), "parameters": "default"},
            max_steps=10, display_progress=False, data_collection_period=-1,
        )
    )  # fmt: skip
    assert found["run"].nunique() == 3


# Refusals


@pytest.mark.parametrize("run", [-1, 2**64, 1.5, "7", None])
def test_what_is_no_run_number_is_refused(job, run):
    with pytest.raises(ValueError, match="is no run number"):
        EscalationModel(job, run)


def test_the_last_run_number_is_one(job):
    assert EscalationModel(job, np.uint64(2**64 - 1)).world["run"][0] == 2**64 - 1


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"scenario": "octobre-2023"}, ScenarioError, "did you mean 'october-2023'"),
        ({"scenario": "no/such.yaml"}, ScenarioError, "no/such.yaml"),
        ({"scenario": SHORT, "parameters": "fitted"}, ValueError, "'fitted' is not one of posterior, last-article"),
        ({"scenario": SHORT, "override": {"us.nothing": 1.0}}, ValueError, "called 'us.nothing'"),
        ({"scenario": make_job(SHORT), "parameters": "default"}, ValueError, "a job has them already"),
        ({"scenario": make_job(SHORT), "override": {"us.readiness": 1}}, ValueError, "a job has them already"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_line(given, error, told):
    with pytest.raises(error, match=told) as refused:
        EscalationModel(**given)
    assert "\n" not in str(refused.value)


def test_every_kind_of_parameters_is_that_of_a_job():
    for parameters in set(get_args(Parameters)) - set(OF_ONES_OWN):
        given, made = EscalationModel(SHORT, 3, parameters), EscalationModel(make_job(SHORT, parameters), 3)
        assert given.row.tobytes() == made.row.tobytes()


# Loading Mesa


def test_mesa_does_not_change_how_the_program_starts_its_processes():
    lines = (
        "import multiprocessing as m; before = m.get_start_method(allow_none=True)",
        "import sim.mesa.model",
        "assert m.get_start_method(allow_none=True) == before, m.get_start_method()",
    )
    subprocess.run([sys.executable, "-c", "; ".join(lines)], check=True)


def test_mesa_is_loaded_by_those_alone_who_use_it():
    modules = ("sim.core.phases", "sim.simulate.job", "sim.simulate", "sim.experiments", "sim.cli.main")
    lines = (f"import {module}; assert 'mesa' not in sys.modules, '{module}'" for module in modules)
    subprocess.run([sys.executable, "-c", "; ".join(("import sys", *lines))], check=True)
