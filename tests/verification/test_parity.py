"""The Mesa engine lives the days that the compiled engine lives: every field of the world, every day, bit for bit.

Shipped scenarios, and scenarios drawn at random: who takes part, what drives them, every kind of order, any value of
any parameter. With NUMBA_DISABLE_JIT=1 fewer and shorter ones, where the agents and the rules are plain Python; and
either way some against the other, lived in another process.

The engines must agree on all that is drawn; nothing here has a tolerance. The draws are the same every time.
"""

import datetime
import os
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numba
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.core import phases
from sim.core.state import WORLD
from sim.mesa.agents import Iran, IraqiGovernment, Militia, UnitedStates
from sim.mesa.model import EscalationModel
from sim.parameters import REGISTRY
from sim.paths import data_folder
from sim.replay.replay import Replay, replay
from sim.scenario import Scenario, load_scenario, militia_id
from sim.scenario.actors import where_written
from sim.simulate.job import Job, make_job

pytestmark = [
    pytest.mark.interpreted,
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),  # of 64 bits, as is meant
]

INTERPRETED = bool(numba.config.DISABLE_JIT)
SHIPPED = sorted(path.stem for path in data_folder("scenarios").glob("*.yaml"))
DAY_ONE = datetime.date(2023, 10, 17)
RUNS_SHIPPED = [0, 24, 25, 2**40 + 3, 2**64 - 1]
EXAMPLES, LONGEST = (20, 8) if INTERPRETED else (250, 45)  # two runs of each
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


def cut(scenario: Scenario, days: int) -> Scenario:
    """A scenario of at most so many days, its past likewise; orders beyond have no day to act on."""
    past = scenario.past
    if past is not None:
        past = cut_before(past, scenario.start, days)
    end = min(scenario.end, scenario.start + datetime.timedelta(days=days - 1))
    return scenario.model_copy(update={"end": end, "past": past})


def cut_before(past: Scenario, day: datetime.date, days: int) -> Scenario:
    start = max(past.start, day - datetime.timedelta(days=days))
    return past.model_copy(update={"start": start, "end": day - datetime.timedelta(days=1)})


# Shipped scenarios


@pytest.mark.parametrize("parameters", ["prior", "default"])
@pytest.mark.parametrize("name", SHIPPED)
def test_every_day_of_a_shipped_scenario_is_the_same(name, parameters):
    scenario = load_scenario(name)
    if INTERPRETED:
        scenario = cut(scenario, 6)
    for run in RUNS_SHIPPED[::3] if INTERPRETED else RUNS_SHIPPED:
        compare(scenario, run, parameters)


# Scenarios drawn at random

WORDS = ("alpha", "badr", "cedar", "delta", "echo", "fox-trot", "golf", "hotel", "kataib-hizbollah", "lima")
SHARES = st.floats(0.0, 1.0)


def day(number: int) -> datetime.date:
    return DAY_ONE + datetime.timedelta(days=number)


@st.composite
def militias(draw: st.DrawFn) -> dict:
    names = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8, unique_by=militia_id))
    weights = [draw(st.integers(1, 100)) for _ in names]
    return {
        name: {
            "title": name, "basis": "assumed",
            "share": weight / sum(weights), "autonomy": draw(SHARES), "stake": draw(SHARES),
            "reach": draw(st.floats(-4.0, 4.0)), "capacity": draw(st.integers(1, 30)),
        }
        for name, weight in zip(names, weights, strict=True)
    }  # fmt: skip


@st.composite
def sites(draw: st.DrawFn) -> dict:
    elsewhere = st.sampled_from(["syria", "jordan"])
    countries = ["iraq", draw(elsewhere)]
    countries += draw(st.lists(st.sampled_from(["iraq", "syria", "jordan"]), max_size=10))
    return {
        f"site-{chr(97 + number)}": {
            "title": "a site", "country": country, "basis": "assumed",
            "weight": draw(st.floats(0.01, 10.0)), "troops": draw(st.floats(0.01, 10.0)),
            "defence": draw(st.floats(-3.0, 3.0)),
        }
        for number, country in enumerate(countries)
    }  # fmt: skip


@st.composite
def driver(draw: st.DrawFn, top: float, days: int) -> dict:
    at = draw(st.lists(st.integers(-20, days + 20), min_size=1, max_size=4, unique=True))
    knots = [{"date": day(n), "level": draw(st.floats(0.0, top)), "basis": "assumed"} for n in sorted(at)]
    shocks = [
        {
            "date": day(draw(st.integers(-10, days))), "size": draw(st.floats(-1.0, 1.0)),
            "half_life": draw(st.floats(0.1, 60.0)), "basis": "assumed",
        }
        for _ in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    return {"knots": knots, "shocks": shocks}


@st.composite
def deed(draw: st.DrawFn, actor: str, places: list[str], may_forbid: bool) -> dict:
    """What an actor is ordered to do, or forbidden."""
    forbid = {"forbid": True} if may_forbid and draw(st.integers(0, 3)) == 0 else {}
    if actor == "us":
        if draw(st.integers(0, 4)) == 0:
            return {"action": "hold"}
        level = draw(st.integers(1, 4))
        allowed = [None, "iraq"] if forbid else [None, "iraq", "syria", *(["iran"] if level == 4 else [])]
        return {"action": "strike", "level": level, "place": draw(st.sampled_from(allowed)), **forbid}
    if actor in ("iraq", "iran"):
        does, does_not = ("press", "keep-quiet") if actor == "iraq" else ("answer", "no-answer")
        return {"action": does, **forbid} if draw(st.booleans()) else {"action": does_not}
    if draw(st.integers(0, 4)) == 0:
        return {"action": "hold"}
    if forbid:
        return {"action": "attack", **forbid}
    optional = {
        "site": st.sampled_from(places), "killed": st.integers(0, 40), "wounded": st.integers(0, 200)
    }  # fmt: skip
    chosen = {key: draw(of) for key, of in optional.items() if draw(st.booleans())}
    return {"action": "attack", "attacks": draw(st.integers(1, 30)), **chosen}


@st.composite
def deeds(draw: st.DrawFn, actors: list[str], places: list[str], first: int, last: int, forbid: bool) -> list:
    """Orders of some actors on days `first` to `last`, none of them twice on a day."""
    found = []
    for actor in draw(st.lists(st.sampled_from(actors), unique=True, max_size=5)):
        ends = sorted(draw(st.lists(st.integers(first, last), max_size=6, unique=True)))
        for begins, beyond in zip(ends[::2], ends[1::2], strict=False):
            span = {"from": day(begins), "to": day(beyond)} if draw(st.booleans()) else {"date": day(begins)}
            found.append({"actor": actor, **span, **draw(deed(actor, places, forbid))})
    return found


def allowed_values(name: str) -> st.SearchStrategy[float]:
    """Anywhere in the range, and often at its ends."""
    parameter = REGISTRY[name]
    return st.floats(parameter.low, parameter.high) | st.sampled_from([parameter.low, parameter.high])


@st.composite
def scenarios(draw: st.DrawFn, longest: int, starts: int = 0, past: Scenario | None = None) -> Scenario:
    days = draw(st.integers(1, longest))
    last = starts + days - 1
    who, where = draw(militias()), draw(sites())
    actors, places = ["us", "iraq", "iran", *who], list(where)
    values: dict = {"us": {}, "iraq": {}, "iran": {}, "militia": {}, "engagement": {}}
    for name in draw(st.lists(st.sampled_from(sorted(REGISTRY)), unique=True, max_size=25)):
        group, key = name.split(".")
        values[group][key] = draw(allowed_values(name))
    tops = dict.fromkeys(("gaza", "lebanon", "diplomacy", "talks", "posture"), 1.0) | {"troops": 2.0}
    content = {
        "name": "drawn", "question": "Are the engines one?", "start": day(starts), "end": day(last),
        "random_seed": draw(st.integers(0, 2**63 - 1)), "runs": 1, "headline": "direct",
        "actors": {"militias": who}, "parameters": {}, "sites": where,
        "reference": {name: draw(st.floats(0.0, top)) for name, top in tops.items()},
        "timeline": {name: draw(driver(top, last)) for name, top in tops.items()},
        "ladder": {"window": draw(st.integers(1, 30))},
        "spirals": {
            "direct": {"rung": draw(st.integers(3, 6))}, "reciprocal": {"rung": draw(st.integers(3, 6))},
            "runaway": {
                "rounds": draw(st.integers(1, 4)), "window": draw(st.integers(1, 30)),
                "level": draw(st.integers(1, 4)),
            },
        },
        "past": past,
    }  # fmt: skip
    for group in values:
        content[where_written(group).split(".")[0]][group] = values[group]
    free = starts
    if days > 1 and draw(st.integers(0, 2)) == 0:
        free = draw(st.integers(starts + 1, last))
        record = draw(deeds(actors, places, starts, free - 1, False))
        content["history"] = {"release": day(free), "actions": record}
    content["interventions"] = draw(deeds(actors, places, free, last, True))
    return Scenario.model_validate(content)


@st.composite
def any_scenario(draw: st.DrawFn, longest: int) -> Scenario:
    """One that starts afresh or, now and then, from the worlds of another with other militias."""
    scenario = draw(scenarios(longest))
    if draw(st.integers(0, 3)) == 0:
        scenario = draw(scenarios(longest, scenario.days, scenario))
    return scenario


runs = st.integers(0, 60) | st.integers(0, 2**64 - 1)
pairs = st.tuples(any_scenario(LONGEST), st.tuples(runs, runs), st.sampled_from(["prior", "default"]))


def draw_at_random(examples: int):
    """The same draws every time, never made smaller while others wait."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def test_every_day_of_scenarios_drawn_at_random_is_the_same():
    seen: Counter[str] = Counter()

    @draw_at_random(EXAMPLES)
    @given(pairs)
    def check(drawn):
        scenario, numbers, parameters = drawn
        for run in numbers:
            note(seen, scenario, compare(scenario, run, parameters))

    check()
    print(dict(seen))
    assert seen["pairs"] >= (40 if INTERPRETED else 300)
    if not INTERPRETED:  # something happened in them that could have differed
        rare = {name: count for name, count in seen.items() if count < 20}
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
    job = make_job(load_scenario("october-2023", {"end": day(9), "interventions": [deadly]}), "default")
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


def test_what_lies_between_fields_is_no_difference():
    one = np.zeros(2, WORLD)
    held = sum(values[0].nbytes for _, values in leaves(WORLD, one))
    other = np.frombuffer(bytearray(b"\xff" * one.nbytes), WORLD)
    for (_, mine), (_, theirs) in zip(leaves(WORLD, one), leaves(WORLD, other), strict=True):
        theirs[...] = mine
    assert first_difference(one, other) is None
    assert held < WORLD.itemsize  # there is something between them
    assert one.tobytes() != other.tobytes()
