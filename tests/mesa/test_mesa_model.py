"""The Mesa model as its users meet it: stepping, data frames, orders, agents of their own, refusals; and its runs."""

import copy
import datetime
import gc
import json
import pickle
import subprocess
import sys
import weakref
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.cli.main import cli
from sim.core.state import IRAN_PLACE, IRAQ_PLACE, SYRIA_PLACE
from sim.experiments import Settings, run_scenario
from sim.experiments import run as single
from sim.mesa.agents import READINGS, Actor, Iran, IraqiGovernment, Militia, UnitedStates
from sim.mesa.model import EscalationModel
from sim.mesa.watched import watch
from sim.replay.replay import replay
from sim.scenario import ScenarioError, load_scenario
from sim.simulate import Job, new_tallies
from sim.simulate.job import make_job, simulate

DAYS = 20
EVENTFUL = 27  # a run with strikes and wounded
SHORT = load_scenario("october-2023", ["end=2023-11-05"])


@pytest.fixture(scope="module")
def job() -> Job:
    return make_job(SHORT)


@pytest.fixture
def model(job: Job) -> EscalationModel:
    return EscalationModel(job)


def numbers(records: np.ndarray) -> bytes:
    """The bits of every number in records; what lies between them is left out."""
    if records.dtype.names is None:
        return np.ascontiguousarray(records).tobytes()
    return b"".join(numbers(records[name]) for name in records.dtype.names)


def end_of(job: Job, run: int) -> bytes:
    """The world after the last day, by the compiled engine."""
    return numbers(np.asarray(simulate(job, np.array([run], np.uint64))))


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
    expected = simulate(make_job(SHORT, "default", {"us.readiness": 3.0}), np.array([30], np.uint64))
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


# Orders


def test_washington_does_as_it_is_ordered_on_that_day_alone(model):
    model.us.order(level=2, place="iraq")
    model.step()
    assert (model.us.record.level, model.us.record.place) == (2, IRAQ_PLACE)
    assert model.today["level"][0] == -1


@pytest.mark.parametrize(
    ("order", "level", "place"),
    [
        ({"level": 1}, 1, SYRIA_PLACE),
        ({"level": 3, "place": "iraq"}, 3, IRAQ_PLACE),
        ({"level": 4}, 4, IRAN_PLACE),
        ({"level": 4, "place": "iran"}, 4, IRAN_PLACE),
        ({"level": 0}, 0, SYRIA_PLACE),
    ],
)
def test_washington_strikes_where_it_is_ordered(model, order, level, place):
    model.us.order(**order)
    model.step()
    assert (model.us.record.level, model.us.record.place) == (level, place)


def test_a_militia_does_as_it_is_ordered(model):
    badr = model.militias[3]
    badr.order(attacks=2, site="tower-22", killed=1, wounded=7)
    for other in model.militias[:3]:
        other.order(attacks=0)
    model.step()
    events = model.world["today"][0]
    assert (events["attacks"], events["wounded"], events["killed"]) == (2, 7, 1)
    assert (model.outcome.attacks_jordan, events["killer"]) == (2, badr.record.actor_id)


def test_baghdad_and_tehran_do_as_they_are_ordered(model):
    model.iraq.order(press=True)
    model.iran.order(answer=True)
    model.step()
    assert (model.outcome.bargains, model.world["today"]["avowed"][0]) == (1, 1)
    model.iraq.order(press=False)
    model.iran.order(answer=False)
    model.us.order(level=4)
    model.step()
    assert (model.outcome.bargains, model.world["today"]["avowed"][0]) == (1, 0)


def test_an_order_to_do_what_is_done_anyway_changes_nothing(job):
    class Repeats(UnitedStates):
        def respond(self) -> None:
            level = int(replay(job, EVENTFUL).evenings["us"]["level"][self.model.steps - 1])
            place = ("iraq", "syria", None, "iran")[
                replay(job, EVENTFUL).evenings["us"]["place"][self.model.steps - 1]
            ]
            self.order(level=level, place=place if level else None)
            super().respond()

    model = EscalationModel(job, EVENTFUL, agents={UnitedStates: Repeats})
    model.run_model()
    assert model.outcome.strikes.sum() > 0
    assert numbers(model.world) == end_of(job, EVENTFUL)


@pytest.mark.parametrize(
    ("who", "order", "told"),
    [
        ("us", {"level": 5}, "level: 5 is not a whole number from 0 to 4"),
        ("us", {"level": -1}, "level: -1"),
        ("us", {"level": 1.0}, "level: 1.0"),
        ("us", {"level": 1, "place": "jordan"}, "place: 'jordan' is not one of iraq, syria, iran"),
        ("us", {"level": 3, "place": "iran"}, "level 4 only"),
        ("us", {"place": "iran"}, "level 4 only"),
        ("iraq", {"press": 2}, "press: 2"),
        ("iran", {"answer": "yes"}, "answer: 'yes'"),
        ("badr", {"attacks": 31}, "attacks: 31"),
        ("badr", {"attacks": 1, "site": "atlantis"}, "site: 'atlantis' is not one of al-asad"),
        ("badr", {"killed": 41}, "killed: 41"),
        ("badr", {"wounded": 201}, "wounded: 201"),
    ],
)
def test_an_order_that_cannot_be_is_refused_and_leaves_the_day_as_it_was(model, who, order, told):
    (agent,) = model.agents.select(lambda a: a.name == who)
    before = numbers(model.today)
    with pytest.raises(ValueError, match=told):
        agent.order(**order)
    assert numbers(model.today) == before


# Agents of one's own


class Doves(UnitedStates):
    def respond(self) -> None:
        self.order(level=0)
        super().respond()


class Fearless(Militia):
    def weigh(self) -> None:
        self.record.fear = 0.0
        super().weigh()


def test_a_class_of_ones_own_takes_the_place_of_a_class(job):
    model = EscalationModel(job, EVENTFUL, agents={UnitedStates: Doves})
    model.run_model()
    assert type(model.us) is Doves
    assert model.outcome.strikes.sum() == 0
    assert replay(job, EVENTFUL).outcome["strikes"].sum() > 0


def test_a_class_of_ones_own_takes_the_place_of_one_agent(job):
    model = EscalationModel(job, EVENTFUL, agents={"badr": Fearless})
    assert [type(m) for m in model.militias] == [Militia, Militia, Militia, Fearless]
    model.militias[3].order(attacks=1, killed=3)
    fears = {m.name: [] for m in model.militias}
    while model.running:
        model.step()
        for militia in model.militias:
            fears[militia.name].append(militia.record.fear)
    assert all(max(each) > 0.01 for each in fears.values())
    # Who forgets its fear every morning has more of it on no day than a strike of that day gave.
    assert sum(fears["badr"]) < min(sum(each) for name, each in fears.items() if name != "badr")


def test_agents_and_reporters_of_ones_own_are_collected_beside_ours(job):
    class Observer(mesa.Agent):
        pass

    model = EscalationModel(job)
    Observer(model)
    model.datacollector = mesa.DataCollector(
        model_reporters={"worst": lambda m: max(a.record.anger for a in m.militias)},
        agent_reporters=model.datacollector.agent_reporters,
    )
    model.run_for(3)
    assert model.datacollector.get_model_vars_dataframe()["worst"].tolist()[0] == 0.0
    frame = model.datacollector.get_agent_vars_dataframe()
    assert frame.loc[(3, 8)].isna().all()


@pytest.mark.parametrize(
    ("agents", "told"),
    [
        ({"the-moon": Militia}, "'the-moon' is no agent"),
        ({mesa.Agent: Militia}, "'Agent' is no agent"),
        ({Iran: Doves}, "must be a subclass"),
        ({"badr": Doves}, "must be a subclass"),
        ({UnitedStates: 3}, "must be a subclass"),
    ],
)
def test_classes_that_do_not_fit_are_refused(job, agents, told):
    with pytest.raises(ValueError, match=told):
        EscalationModel(job, agents=agents)


def test_an_agent_cannot_be_removed_and_a_model_not_copied(model):
    with pytest.raises(TypeError, match="badr cannot be removed"):
        model.militias[3].remove()
    for how in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="cannot be copied"):
            how(model)


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
        ({"scenario": SHORT, "parameters": "posterior"}, ValueError, "'posterior' is not one of"),
        ({"scenario": SHORT, "override": {"us.nothing": 1.0}}, ValueError, "called 'us.nothing'"),
        ({"scenario": make_job(SHORT), "parameters": "default"}, ValueError, "a job has them already"),
        ({"scenario": make_job(SHORT), "override": {"us.readiness": 1}}, ValueError, "a job has them already"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_line(given, error, told):
    with pytest.raises(error, match=told) as refused:
        EscalationModel(**given)
    assert "\n" not in str(refused.value)


# Loading Mesa


def test_mesa_does_not_change_how_the_program_starts_its_processes():
    lines = (
        "import multiprocessing as m; before = m.get_start_method(allow_none=True)",
        "import sim.mesa.model",
        "assert m.get_start_method(allow_none=True) == before, m.get_start_method()",
    )
    subprocess.run([sys.executable, "-c", "; ".join(lines)], check=True)


@pytest.mark.parametrize(
    "module", ["sim.core.phases", "sim.simulate.job", "sim.simulate", "sim.experiments", "sim.cli.main"]
)
def test_mesa_is_loaded_by_those_alone_who_use_it(module):
    line = f"import sys, {module}; sys.exit('mesa' in sys.modules)"
    subprocess.run([sys.executable, "-c", line], check=True)


# Runs by Mesa


def test_runs_by_mesa_are_counted_as_the_compiled_ones(job):
    asked = np.arange(60, dtype=np.uint64)
    counts = new_tallies(job.days).daily, new_tallies(job.days).daily
    told: list[int] = []
    by_mesa = watch(job, asked, counts[0], told.append)
    compiled = simulate(job, asked, counts[1])
    assert numbers(np.asarray(by_mesa)) == numbers(np.asarray(compiled))
    for one, other in zip(*counts, strict=True):
        assert one.sum() > 0
        assert one.tobytes() == other.tobytes()
    assert sum(told) == 60


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> dict[str, Path]:
    """The result of 60 runs by each engine."""
    folder = tmp_path_factory.mktemp("both")
    for engine in ("compiled", "mesa"):
        words = ["run", "october-2023", "--runs", "60", "--set", "end=2023-12-15", "--engine", engine]
        assert cli.main([*words, "--out", str(folder / engine)], prog_name="spiral") == 0
    return {engine: folder / engine for engine in ("compiled", "mesa")}


def test_the_outcome_table_is_the_same_to_the_last_byte(both):
    one, other = (pq.read_table(both[engine] / "runs.parquet") for engine in ("compiled", "mesa"))
    assert one.num_rows == 60
    assert one.schema == other.schema
    for name in one.column_names:
        for mine, theirs in zip(one[name].chunks, other[name].chunks, strict=True):
            buffers = [
                [b and b.to_pybytes() for b in (c.indices if hasattr(c, "indices") else c).buffers()]
                for c in (mine, theirs)
            ]
            assert buffers[0] == buffers[1], name
        assert one[name].equals(other[name])


def test_every_other_file_is_the_same_too_and_the_manifest_says_which_engine_ran(both):
    files = {engine: {p.relative_to(f) for p in f.rglob("*") if p.is_file()} for engine, f in both.items()}
    assert files["compiled"] == files["mesa"]
    assert len(files["mesa"]) > 10
    for file in files["mesa"]:
        if file.suffix in (".parquet", ".csv", ".yaml", ".png") or file.name == "estimates.json":
            assert (both["compiled"] / file).read_bytes() == (both["mesa"] / file).read_bytes(), file
    one, other = (json.loads((f / "manifest.json").read_text()) for f in both.values())
    differing = {key for key in one if one[key] != other[key]} - {
        "began",
        "finished",
        "seconds",
        "command",
        "sha256",
    }
    assert differing == {"engine", "job"}
    assert one["job"] | {"engine": "mesa"} == other["job"]
    assert (one["engine"], other["engine"]) == ("compiled", "mesa")


def test_progress_is_told_run_by_run_under_mesa(tmp_path, monkeypatch):
    """Runs of a block are told as they are lived, and counted as kept when all of it is."""
    monkeypatch.setattr(single, "ALTERED", {})
    told: list[tuple[int, ...]] = []
    scenario = load_scenario("october-2023", ["end=2023-10-22", "runs=30"])
    chosen = Settings(engine="mesa", block_size=25)
    run_scenario(scenario, chosen, tmp_path, lambda *news: told.append(news))
    first = [(0, 30, 0, run) for run in range(1, 26)]
    second = [(25, 30, 0, run) for run in range(1, 6)]
    assert told == [*first, (25, 30, 0, 0), *second, (30, 30, 0, 0)]


def test_several_blocks_are_the_compiled_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(single, "ALTERED", {})
    for engine in ("compiled", "mesa"):
        scenario = load_scenario("october-2023", ["end=2023-10-19", "runs=560"])
        run_scenario(scenario, Settings(engine=engine), tmp_path / engine)
    one, other = (
        {
            p.relative_to(tmp_path / engine): p.read_bytes()
            for p in (tmp_path / engine).rglob("*.parquet")
            if p.is_file()
        }
        for engine in ("compiled", "mesa")
    )
    assert len([name for name in one if name.name.startswith("part-")]) == 2
    assert one == other
    assert pq.read_table(tmp_path / "mesa" / "runs.parquet").num_rows == 560


def test_a_run_by_mesa_that_was_cut_short_goes_on_as_the_compiled_one_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(single, "ALTERED", {})
    scenario = load_scenario("october-2023", ["end=2023-10-22", "runs=60"])
    told: list[tuple[int, ...]] = []

    def interrupt(*news: int) -> None:
        if news[0] == 25 and news[3] == 3:
            raise KeyboardInterrupt

    chosen = Settings(engine="mesa", block_size=25)
    with pytest.raises(KeyboardInterrupt):
        run_scenario(scenario, chosen, tmp_path / "mesa", interrupt)
    run_scenario(scenario, chosen, tmp_path / "mesa", lambda *news: told.append(news))
    assert told[0] == (25, 60, 25, 0)
    assert told[1] == (25, 60, 25, 1)
    assert told[-1] == (60, 60, 25, 0)
    compiled = run_scenario(scenario, Settings(block_size=25), tmp_path / "compiled")
    for name in compiled.manifest["files"]:
        assert (tmp_path / "mesa" / name).read_bytes() == (tmp_path / "compiled" / name).read_bytes(), name


def test_an_engine_that_there_is_not_is_bad_input(capsys):
    assert cli.main(["run", "october-2023", "--engine", "steam"], prog_name="spiral") == 2
    assert "'steam' is not one of 'compiled', 'mesa'" in capsys.readouterr().err
