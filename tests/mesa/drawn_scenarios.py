"""Scenarios drawn at random."""

import datetime

import numba
from hypothesis import strategies as st

from sim.parameters import REGISTRY
from sim.scenario import Scenario, militia_id
from sim.scenario.actors import where_written
from sim.scenario.schema import LEAST_TROOPS

INTERPRETED = bool(numba.config.DISABLE_JIT)
DAY_ONE = datetime.date(2023, 10, 17)
EXAMPLES, LONGEST = (20, 8) if INTERPRETED else (100, 45)  # two runs of each


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
        "reference": {name: draw(level(name, top)) for name, top in tops.items()},
        "timeline": {name: draw(driver(top, last)) for name, top in tops.items()},
        "ladder": {"window": draw(st.integers(1, 30))},
        "spirals": {
            "direct": {"rung": draw(st.integers(3, 6))}, "reciprocal": {"rung": draw(st.integers(3, 6))},
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


def level(name: str, top: float) -> st.SearchStrategy[float]:
    """A level of the reference; of troops none, or more than a few men."""
    drawn = st.floats(0.0, top)
    return drawn.map(lambda most: most if most >= LEAST_TROOPS else 0.0) if name == "troops" else drawn


@st.composite
def any_scenario(draw: st.DrawFn, longest: int) -> Scenario:
    """One that starts afresh or, now and then, from the worlds of another with other militias."""
    scenario = draw(scenarios(longest))
    if draw(st.integers(0, 3)) == 0:
        scenario = draw(scenarios(longest, scenario.days, scenario))
    return scenario
