"""Excitation and inhibition of severe acts against worlds in which they are known."""

import math

import numpy as np
import pandas as pd
import pytest

from sim.core.offspring import KINDS
from sim.core.state import IRAQ_PLACE
from sim.experiments.why.excitation import Part, parts_of
from sim.experiments.why.feeding import feeding, feeding_of_run
from sim.experiments.why.offspring import SIDES, offspring_table
from sim.parameters import couplings
from sim.replay.deeds import deeds_of, without
from sim.replay.replay import replay
from sim.scenario import Scenario, load_scenario
from sim.simulate.job import Job, make_job

BASELINE = load_scenario("october-2023")
NO_WITHDRAWAL = {"iraq.talks_threshold": 1e9}
AMPLE = {"militia.arsenal": 1e9}  # an attack that is not launched leaves nothing that could be missing
SIGMAS = 4.0  # a correct estimate fails a comparison in 6 of 100,000 cases


def numbers(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.uint64)


def offspring_of(side: str, events: pd.DataFrame) -> np.ndarray:
    """Offspring of each event by which this side acts."""
    kinds = [kind for kind, acting in zip(KINDS, SIDES, strict=True) if acting == side]
    return events[kinds].to_numpy(dtype=np.float64).sum(axis=1)


# Couplings off


@pytest.mark.parametrize("name", ["october-2023", "tower-22"])
@pytest.mark.parametrize("parameters", ["prior", "default"])
def test_with_the_couplings_off_nothing_that_is_brought_on_brings_on_anything(name, parameters):
    """Deaths bring on strikes, which is Washington's answer; excitation closes no loop, and nothing is prevented."""
    off = {**couplings(), **NO_WITHDRAWAL, **AMPLE}
    found = feeding(make_job(load_scenario(name), parameters, off), numbers(150))
    whole = found.phases["all"]
    assert whole.acts > 300
    assert whole.excitation.mean > 0.02
    assert (whole.bound.mean, whole.bound.chance) == (0.0, (0.0, 0.0))
    kinds = found.by_kind.set_index("kind")
    assert not kinds.loc[kinds.index.str.contains("strike"), ["excitation", "inhibition"]].to_numpy().any()


def test_with_the_couplings_off_no_strike_brings_on_anything_unless_troops_leave():
    """Exactly nothing, strike by strike; deaths still bring on strikes, which is Washington's answer."""
    events = offspring_table(
        make_job(BASELINE, override={**couplings(), **NO_WITHDRAWAL, **AMPLE}), numbers(500)
    )
    strikes = events[events["kind"].str.startswith("strike")]
    assert len(strikes) > 1_000
    assert not strikes[list(KINDS)].to_numpy().any()
    deaths = events[events["kind"] == "lethal attack"]
    assert (offspring_of("militias", deaths) == 0).all()
    assert offspring_of("us", deaths).mean() > 0.1


def test_with_the_couplings_on_strikes_and_deaths_bring_on_and_prevent():
    events = offspring_table(make_job(BASELINE, override=NO_WITHDRAWAL), numbers(200))
    children = events[list(KINDS)].to_numpy()
    assert (children > 0).any()
    assert (children < 0).any()


# One coupling, in closed form

TEMPO, LETHAL, HALF_LIFE, GAIN = 0.25, 0.032, 12.0, 1.5  # on no day near 30 attacks, the most that can be
DEAF = {
    name: 0.0
    for name in (
        "militia.gaza", "militia.lebanon", "militia.stand_down", "militia.shock_sd", "us.pressure_attack",
        "us.pressure_wounded", "us.readiness", "us.ceiling", "engagement.wounded_mean", "engagement.hardening",
    )
}  # fmt: skip


def one_militia() -> Scenario:
    badr = BASELINE.actors.militias["badr"].model_copy(update={"share": 1.0, "capacity": 30})
    actors = BASELINE.actors.model_copy(update={"militias": {"badr": badr}})
    return BASELINE.model_copy(update={"actors": actors})


def revenge_alone(weight: float) -> Job:
    """Attacks kill one soldier with probability LETHAL; a strike of level 3 comes four days after a death.

    The strike angers, and nothing else; Washington acts on nothing but deaths.
    """
    return make_job(
        one_militia(),
        "default",
        {
            **couplings(), **DEAF, **NO_WITHDRAWAL,
            "militia.tempo": TEMPO, "militia.arsenal": 1e9, "militia.will_ceiling": 1e100,
            "militia.revenge": weight, "militia.anger_gain": GAIN, "militia.anger_growth": 1.0,
            "militia.anger_half_life": HALF_LIFE,
            "engagement.gets_through": 1.0, "engagement.lethal_intended": LETHAL,
            "engagement.lethal_harassment": LETHAL, "engagement.killed_cap": 1.0,
            "us.pressure_killed": 1e3, "us.threshold_first": 100.0, "us.lag": 2.0, "us.lag_hard": 2.0,
            "us.level_3_base": 1e3, "us.level_4_base": -1e3, "us.provocation_days": 90.0, "us.relief": 1.0,
            "us.iraq_sensitivity": 1e9, "us.attribution": 1.0,
        },
    )  # fmt: skip


def attacks_a_strike_brings_on(weight: float, days_left: int) -> float:
    """Deaths per strike: LETHAL times the attacks a day above the calm rate, summed over the days that are left."""
    anger = [(1.0 - math.exp(-GAIN)) * 0.5 ** (k / HALF_LIFE) for k in range(1, days_left + 1)]
    return LETHAL * TEMPO * sum(math.exp(weight * a) - 1.0 for a in anger)


def first_of_each_run(events):
    """The first lethal attack of each run and the first strike: before them nothing has stirred anger."""
    return events.sort_values("day", kind="stable").drop_duplicates(["run", "kind"])


@pytest.mark.parametrize(
    ("weight", "runs"), [(1.0, 2_000), (3.0, 1_500), (5.0, 500)], ids=["a third", "below one", "above one"]
)
def test_one_coupling_excites_as_its_closed_form_says(weight, runs):
    job = revenge_alone(weight)
    events = first_of_each_run(offspring_table(job, numbers(runs)))
    strikes, deaths = (events[events["kind"] == kind] for kind in ("strike of level 3", "lethal attack"))
    assert 0.8 * runs < len(strikes) <= len(deaths)
    left = job.days - 1 - strikes["day"].to_numpy()
    by_days = {n: attacks_a_strike_brings_on(weight, n) for n in np.unique(left)}
    expected_deaths = np.array([by_days[n] for n in left])

    deaths_of_strike = offspring_of("militias", strikes)
    off = deaths_of_strike - expected_deaths
    assert abs(off.mean()) < SIGMAS * off.std() / math.sqrt(len(off))

    strikes_of_death = offspring_of("us", deaths)
    mean = LETHAL * TEMPO
    expected_strikes = (
        mean * math.exp(-mean) / (1.0 - math.exp(-mean))
    )  # none of the day's other attacks killed
    error = math.sqrt(expected_strikes * (1.0 - expected_strikes) / len(deaths))
    assert abs(strikes_of_death.mean() - expected_strikes) < SIGMAS * error

    found = parts_of(events, events["run"].to_numpy(), None)
    shares = len(deaths) / len(events), len(strikes) / len(events)
    known = shares[0] * expected_strikes + shares[1] * expected_deaths.mean()
    assert abs(found.excitation.mean - known) < SIGMAS * _error(found.excitation)
    assert found.inhibition.mean == 0.0
    loop = math.sqrt(expected_strikes * expected_deaths.mean())
    assert abs(found.bound.mean - loop) < SIGMAS * _error(found.bound)
    assert (found.bound.chance[0] > 1.0) == (weight == 5.0)


def _error(part: Part) -> float:
    return (part.chance[1] - part.chance[0]) / (2.0 * 1.96)


DETERRENCE = 2.0


def deterrence_alone() -> Job:
    """The same world, in which a strike frightens, and nothing else."""
    job = revenge_alone(0.0)
    rows = {"militia.deterrence": DETERRENCE, "militia.fear_gain": GAIN, "militia.fear_growth": 1.0}
    made = {**dict(job.segments[-1].fixed), **rows, "militia.fear_half_life": HALF_LIFE}
    return make_job(job.scenario, "default", made)


def test_what_deters_is_inhibition_and_no_excitation():
    """Deaths a strike prevents: LETHAL times the attacks a day below the calm rate, over the days that are left."""
    job = deterrence_alone()
    acts = first_of_each_run(offspring_table(job, numbers(2_000)))
    strikes = acts[acts["kind"] == "strike of level 3"]
    left = job.days - 1 - strikes["day"].to_numpy()
    fear = [(1.0 - math.exp(-GAIN)) * 0.5 ** (k / HALF_LIFE) for k in range(1, job.days + 1)]
    prevented = np.cumsum([0.0, *(LETHAL * TEMPO * (1.0 - math.exp(-DETERRENCE * f)) for f in fear)])
    found = parts_of(strikes, strikes["run"].to_numpy(), None)
    assert abs(found.inhibition.mean - prevented[left].mean()) < SIGMAS * _error(found.inhibition)
    assert found.excitation.mean == 0.0


def test_without_that_coupling_it_is_zero():
    found = feeding(revenge_alone(0.0), numbers(150)).phases["all"]
    assert found.acts > 300
    assert found.bound.mean == found.inhibition.mean == 0.0


def test_above_one_severe_events_multiply_and_below_one_they_do_not():
    events = {w: len(offspring_table(revenge_alone(w), numbers(200))) for w in (0.0, 3.0, 5.0)}
    assert events[0.0] < events[3.0] < 4 * events[0.0]
    assert events[5.0] > 10 * events[0.0]


# Against a slow count, and by its own definition


def slow_offspring(played, deed) -> np.ndarray:
    """Offspring of a deed by kind, from the definition: every later severe event is counted and taken out."""
    counts = np.zeros(len(KINDS), np.int64)
    for sign, removed in ((1, []), (-1, [without(deed, played)])):
        days = played.timeline.copy()
        for change in removed:
            target = (
                days[change.day] if change.militia is None else days[change.day]["orders"][change.militia]
            )
            target[change.field] = change.value
        world = played.mornings[deed.day : deed.day + 1].copy()
        for d in range(deed.day, played.days):
            world = _calm_day(played, world, days[d : d + 1], d == deed.day, deed, sign, counts)
    return counts


def _calm_day(played, morning, today, own_day, deed, sign, counts):
    order = ("lethal attack", "strike", "answer")
    since = order.index(deed.kind) + 1 if own_day else 0
    while True:
        world = morning.copy()
        played.live(world, 0, 1, today)
        us, deadly = world["us"][0], world["militias"]["deadly"][0]
        severe = us["level"] >= 3 or (us["level"] > 0 and us["place"] == IRAQ_PLACE)
        if since < 1 and deadly.any():
            counts[0] += sign * sum(int(bits).bit_count() for bits in deadly)
            today["orders"]["spared"][0] |= deadly
        elif since < 2 and severe:
            counts[1 + max(0, int(us["level"]) - 2)] += sign
            today["called_off"] = 1
        elif since < 3 and world["today"]["avowed"][0]:
            counts[4] += sign
            today["answer"] = 0
        else:
            return world


@pytest.mark.parametrize("name", ["october-2023", "tower-22"])
def test_offspring_is_what_a_slow_count_finds(name):
    job = make_job(load_scenario(name))
    checked = set()
    for run in (0, 12, 29, 51, 77, 103, 130, 155):
        played = replay(job, run)
        severe = [deed for deed in deeds_of(played) if deed.severe][:8]
        events = offspring_table(job, np.array([run], np.uint64))
        assert len(events) == sum(deed.severe for deed in deeds_of(played))
        for place, deed in enumerate(severe):
            found = events.iloc[place]
            assert found["day"] == deed.day
            assert found[list(KINDS)].to_list() == slow_offspring(played, deed).tolist(), deed
            checked.add(deed.kind)
    assert {"lethal attack", "strike"} <= checked


def test_following_up_events_leaves_the_runs_as_they_are():
    """Two hundred runs have as many events, of the same kinds and days, as their replays have severe deeds."""
    job = make_job(load_scenario("tower-22"))
    events = offspring_table(job, numbers(60))
    for run in range(60):
        deeds = [(deed.day, deed.actor == "us") for deed in deeds_of(replay(job, run)) if deed.severe]
        mine = events[events["run"] == run]
        assert list(zip(mine["day"], mine["kind"].str.startswith("strike"), strict=True)) == deeds


def test_a_run_number_is_no_matter_for_the_number_of_its_parameters():
    """Runs 50 to 74 have one draw of the parameters, and so the same excitation to the last bit."""
    job = make_job(BASELINE)
    first, last = (feeding_of_run(replay(job, run), runs=50) for run in (50, 74))
    assert first.phases == last.phases
