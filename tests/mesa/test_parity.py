"""The Mesa engine lives the days that the compiled engine lives: every field of the world, every day, bit for bit.

Shipped scenarios, and scenarios drawn at random: who takes part, what drives them, every kind of order, any value of
any parameter. With NUMBA_DISABLE_JIT=1 fewer and shorter ones, where the agents and the rules are plain Python; and
either way some against the other, lived in another process.

The engines must agree on all that is drawn; nothing here has a tolerance. The draws are the same every time.
"""

import os
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.core import phases
from sim.core.state import WORLD
from sim.mesa.agents import Iran, IraqiGovernment, Militia, UnitedStates
from sim.mesa.model import EscalationModel
from sim.paths import data_folder
from sim.replay.replay import Replay, replay
from sim.scenario import Scenario, load_scenario
from sim.simulate.job import Job, make_job
from tests.mesa.drawn_scenarios import EXAMPLES, INTERPRETED, LONGEST, any_scenario, cut, day
from tests.sizes import small_and_full

pytestmark = [
    pytest.mark.interpreted,
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),  # of 64 bits, as is meant
]

SHIPPED = sorted(path.stem for path in data_folder("scenarios").glob("*.yaml"))
RUNS_SHIPPED = [0, 24, 25, 2**40 + 3, 2**64 - 1]
ACROSS = 10  # scenarios that are lived in both ways, for two runs each

# The comparison


def leaves(dtype: np.dtype, values: np.ndarray, name: str = ""):
    """Every field that holds a number, by its path; what lies between fields is left out."""
    for field in dtype.names:
        kind, path = dtype[field], f"{name}.{field}" if name else field
        if kind.base.names:
            yield from leaves(kind.base, values[field], path)
        else:
            yield path, values[field]


def first_difference(found: np.ndarray, expected: np.ndarray) -> str | None:
    """The first day and field whose bits differ, and both values; None where all are the same.

    Parameters
    ----------
    found, expected : ndarray of WORLD, shape (days + 1,)
        The world each morning and, last, at the end, by the Mesa and by the compiled engine.
    """
    assert found.dtype == expected.dtype == WORLD
    assert found.shape == expected.shape
    differences = []
    for (path, one), (_, other) in zip(leaves(WORLD, found), leaves(WORLD, expected), strict=True):
        bits = [np.ascontiguousarray(values).view(f"u{values.dtype.itemsize}") for values in (one, other)]
        where = np.argwhere(bits[0] != bits[1])
        if len(where):
            differences.append((tuple(where[0]), path, one[tuple(where[0])], other[tuple(where[0])]))
    if not differences:
        return None
    place, path, mine, theirs = min(differences, key=lambda each: each[0][0])
    index = f"[{', '.join(map(str, place[1:]))}]" if place[1:] else ""
    when = "before the first day" if place[0] == 0 else f"after day {place[0] - 1}"
    return f"{when}, {path}{index}: {mine!r} by Mesa, {theirs!r} compiled"


def lived(job: Job, run: int, **more) -> np.ndarray:
    """The world each morning and at the end, by the Mesa engine."""
    model = EscalationModel(job, run, collect=False, **more)
    worlds = np.empty(model.days + 1, WORLD)
    worlds[0] = model.world[0]
    while model.running:
        model.step()
        worlds[model.steps] = model.world[0]
    return worlds


def compare(scenario: Scenario, run: int, parameters: str = "prior") -> Replay:
    """Fail at the first difference between the engines."""
    job = make_job(scenario, parameters)
    played = replay(job, run)
    difference = first_difference(lived(job, run), played.mornings)
    assert difference is None, f"{scenario.name}, run {run}, {parameters}: {difference}"
    return played


# Shipped scenarios


@pytest.mark.parametrize("parameters", ["prior", "default"])
@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("numbers", small_and_full(RUNS_SHIPPED[:4:3], RUNS_SHIPPED), ids=["small", "full"])
def test_every_day_of_a_shipped_scenario_is_the_same(name, parameters, numbers):
    scenario = load_scenario(name)
    if INTERPRETED:
        scenario = cut(scenario, 6)
    for run in numbers:
        compare(scenario, run, parameters)


runs = st.integers(0, 60) | st.integers(0, 2**64 - 1)
pairs = st.tuples(any_scenario(LONGEST), st.tuples(runs, runs), st.sampled_from(["prior", "default"]))


def draw_at_random(examples: int):
    """The same draws every time, never made smaller while others wait."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@pytest.mark.parametrize("examples", small_and_full(EXAMPLES, 5 * EXAMPLES // 2), ids=["small", "full"])
def test_every_day_of_scenarios_drawn_at_random_is_the_same(examples):
    seen: Counter[str] = Counter()

    @draw_at_random(examples)
    @given(pairs)
    def check(drawn):
        scenario, numbers, parameters = drawn
        for run in numbers:
            note(seen, scenario, compare(scenario, run, parameters))

    check()
    print(dict(seen))
    assert seen["pairs"] >= (40 if INTERPRETED else 6 * examples // 5)
    if not INTERPRETED:  # something happened in them that could have differed
        rare = {name: count for name, count in seen.items() if count < 0.03 * examples}
        assert not rare
        assert len(seen) == len(HAPPENED) + len(DRAWN) + 1


HAPPENED = {
    "attacks": lambda o: o["attacks_iraq"] + o["attacks_syria"] + o["attacks_jordan"],
    "wounded": lambda o: o["wounded"], "killed": lambda o: o["killed"], "false alarms": lambda o: o["alarm_deaths"],
    "level 1": lambda o: o["strikes"][1], "level 2": lambda o: o["strikes"][2],
    "level 3": lambda o: o["strikes"][3], "level 4": lambda o: o["strikes"][4],
    "bargains": lambda o: o["bargains"], "avowed": lambda o: o["avowed"], "withdrawal": lambda o: o["status"],
    "at capacity": lambda o: o["capacity_days"],
}  # fmt: skip
DRAWN = {
    "history": lambda s: s.history is not None, "past": lambda s: s.past is not None,
    "interventions": lambda s: len(s.interventions), "forbidden": lambda s: any(a.forbid for a in s.interventions),
    "spans": lambda s: any(a.to for a in s.interventions), "many militias": lambda s: len(s.actors.militias) > 4,
}  # fmt: skip


def note(seen: Counter, scenario: Scenario, played: Replay) -> None:
    seen["pairs"] += 1
    for name, happened in HAPPENED.items():
        seen[name] += bool(happened(played.outcome) > 0)
    for name, drawn in DRAWN.items():
        seen[name] += bool(drawn(scenario))


# Across the compiler

SCRIPT = """
import pickle, sys
import numpy as np
from sim.simulate.job import make_job
from sim.replay.replay import replay

with np.errstate(over="ignore"):
    found = [replay(make_job(scenario, how), run).mornings for scenario, run, how in pickle.load(sys.stdin.buffer)]
sys.stdout.buffer.write(pickle.dumps([mornings.tobytes() for mornings in found]))
"""


def replayed_elsewhere(asked: list, interpreted: bool) -> list[np.ndarray]:
    """Mornings and ends of runs, by the compiled engine in a process where it is compiled, or is not."""
    place = {**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1])}
    place.pop("NUMBA_DISABLE_JIT", None)
    if interpreted:
        place["NUMBA_DISABLE_JIT"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=pickle.dumps(asked), env=place, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return [np.frombuffer(worlds, WORLD) for worlds in pickle.loads(done.stdout)]


def test_every_day_is_the_same_across_the_compiler():
    asked = [(cut(load_scenario(name), 5), 7, "prior") for name in ("october-2023", "tower-22")]

    @draw_at_random(ACROSS)
    @given(st.tuples(any_scenario(8), st.tuples(runs, runs), st.sampled_from(["prior", "default"])))
    def gather(drawn):
        scenario, numbers, parameters = drawn
        asked.extend((scenario, run, parameters) for run in numbers)

    gather()
    assert len(asked) >= 20
    for (scenario, run, how), there in zip(asked, replayed_elsewhere(asked, not INTERPRETED), strict=True):
        difference = first_difference(lived(make_job(scenario, how), run), there)
        assert difference is None, f"{scenario.name}, run {run}, {how}: {difference}"


# A planted error is found


class ReadsYesterday(Militia):
    """On the seventh day it weighs its reasons by yesterday's timeline."""

    def weigh(self) -> None:
        m = self.model
        if m.steps != 7:
            return super().weigh()
        yesterday = m.today.copy()
        yesterday[0] = np.asarray(m.job.segments[-1].timeline)[m.steps - 2]
        return phases.militia_weighs(m.world, yesterday, m.setting, m.row, self.index)


class FeelsNothing(Iran):
    def take_it(self) -> None:
        if self.model.steps != 7:
            super().take_it()


class StrikesTwice(UnitedStates):
    def forget(self) -> None:
        if self.model.steps != 7:
            super().forget()


class OneBitOff(IraqiGovernment):
    def forget(self) -> None:
        super().forget()
        if self.model.steps == 7:
            self.record.capital = np.nextafter(self.record.capital, 2.0)


@pytest.mark.parametrize(
    ("kind", "planted", "field"),
    [
        (Militia, ReadsYesterday, "militias.will[0]"),
        (Iran, FeelsNothing, "iran.grievance"),
        (UnitedStates, StrikesTwice, "us.pressure"),
        (IraqiGovernment, OneBitOff, "iraq.capital"),
    ],
)
def test_an_error_of_one_day_is_found_on_its_day_and_in_its_field(kind, planted, field):
    deadly = {"date": day(6), "actor": "badr", "action": "attack", "attacks": 1, "killed": 3}
    strike = {"date": day(6), "actor": "us", "action": "strike", "level": 3, "place": "syria"}
    job = make_job(
        load_scenario("october-2023", {"end": day(9), "interventions": [deadly, strike]}), "default"
    )
    found = first_difference(lived(job, 0, agents={kind: planted}), replay(job, 0).mornings)
    assert found is not None
    assert found.startswith(f"after day 6, {field}: ")


def test_a_difference_of_the_sign_of_zero_or_of_a_nested_field_is_one():
    one = np.zeros(2, WORLD)
    for path, value in (("us.pressure", -0.0), ("outcome.strikes", 1), ("militias.deadly", 1)):
        other = one.copy()
        group, field = path.split(".")
        other[group][field][1] = value
        assert path in first_difference(one, other)
    assert first_difference(one, one.copy()) is None


def test_what_lies_between_fields_is_no_difference(monkeypatch):
    """Of records that have something between their fields, whether those of a world have or not."""
    inner = np.dtype([("a", np.int16), ("b", np.float64)], align=True)
    gappy = np.dtype([("small", np.int8), ("large", np.float64), ("inner", inner, (2,))], align=True)
    monkeypatch.setitem(globals(), "WORLD", gappy)
    one = np.zeros(2, gappy)
    held = sum(values[0].nbytes for _, values in leaves(gappy, one))
    other = np.frombuffer(bytearray(b"\xff" * one.nbytes), gappy)
    for (_, mine), (_, theirs) in zip(leaves(gappy, one), leaves(gappy, other), strict=True):
        theirs[...] = mine
    assert first_difference(one, other) is None
    assert held < gappy.itemsize
    assert one.tobytes() != other.tobytes()
