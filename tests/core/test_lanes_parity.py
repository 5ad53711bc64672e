"""Lives in lanes are lives one after the other: 500 scenarios drawn at random, their worlds and counts byte by byte.

Who takes part, what drives them, orders and what is forbidden, any parameter anywhere in its range; many of them go on
from the worlds of another, and half are lived without some reactions. Some are also lived on one and two threads, in
blocks of several sizes, and by the workers of a cluster. The draws are the same every time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.core import advance
from sim.core.day.loops import in_lanes
from sim.core.day.order import PHASES_OF_THE_DAY
from sim.core.day.steps import Each, Phase, Step
from sim.core.jit import rule
from sim.paths import data_folder
from sim.scenario import Scenario, load_scenario
from sim.simulate import blocks
from sim.simulate.blocks import run_blocks, simulate_block
from sim.simulate.cluster import open_cluster
from sim.simulate.job import make_job
from sim.simulate.tallies import new_tallies
from tests.core.lanes_compared import difference, lanes_differ, life, living, one_by_one, rebuilt
from tests.mesa.drawn_scenarios import any_scenario

pytestmark = pytest.mark.verification

SCENARIOS, LONGEST = 500, 45
WAR_DAYS = st.sampled_from([None, 1, 5])
"""How long a war is followed: as the scenario has it, or so short that wars end within the days that are lived."""
IN_BLOCKS, BLOCKS_OF = 12, (25, 75, 1000)
BY_WORKERS = 4
RUNS = np.arange(19, dtype=np.uint64) * np.uint64(13)
"""More than a pack, of ten rows of parameters."""

HAPPENED = {
    "attacks": lambda o: o["attacks_iraq"] + o["attacks_syria"] + o["attacks_jordan"],
    "wounded": lambda o: o["wounded"], "killed": lambda o: o["killed"], "false alarms": lambda o: o["alarm_deaths"],
    **{f"level {n}": lambda o, n=n: o["strikes"][:, n] for n in (1, 2, 3, 4)},
    "bargains": lambda o: o["bargains"], "pauses": lambda o: o["pauses"], "returns": lambda o: o["returns"],
    "avowed": lambda o: o["avowed"], "withdrawal": lambda o: o["status"], "called off": lambda o: o["called_off"],
    "at capacity": lambda o: o["capacity_days"], "war": lambda o: o["reciprocal_day"] >= 0,
}  # fmt: skip
DRAWN = {
    "history": lambda s: s.history is not None, "past": lambda s: s.past is not None,
    "orders": lambda s: any(not a.forbid for a in s.interventions),
    "limits": lambda s: any(a.forbid for a in s.interventions),
    "one militia": lambda s: len(s.actors.militias) == 1, "many militias": lambda s: len(s.actors.militias) > 6,
    "two sites": lambda s: len(s.sites) == 2, "many sites": lambda s: len(s.sites) > 9,
}  # fmt: skip


WITHOUT = st.sampled_from([None, None, "amplifying", "both"])
SHIPPED = sorted(path.stem for path in data_folder("scenarios").glob("*.yaml"))


def draw_at_random(examples: int):
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def drawn(examples: int, longest: int) -> list[Scenario]:
    """The first so many scenarios that are drawn."""
    found: list[Scenario] = []

    @draw_at_random(examples)
    @given(any_scenario(longest))
    def gather(scenario):
        found.append(scenario)

    gather()
    return found[:examples]


def test_500_scenarios_drawn_at_random_are_the_same_in_lanes():
    seen: Counter[str] = Counter()
    ended = 0

    @draw_at_random(SCENARIOS)
    @given(
        any_scenario(LONGEST), st.sampled_from(["prior", "default"]), st.integers(0, 2**63), WITHOUT, WAR_DAYS
    )
    def check(scenario, parameters, first, without, war_days):
        nonlocal ended
        if war_days is not None:
            ladder = scenario.ladder.model_copy(update={"war_days": war_days})
            scenario = scenario.model_copy(update={"ladder": ladder})
        job = replace(make_job(scenario, parameters), without=without)
        runs = RUNS + np.uint64(first)
        lanes = life(job, runs, advance.advance)
        found = difference(lanes, life(job, runs, one_by_one))
        assert found is None, f"{parameters}, first run {first}: {found}"
        worlds, counts = lanes
        assert (counts[2].sum(axis=1) == len(runs)).all()
        over = (worlds.ladder.war >= 0) & (
            worlds.day - worlds.ladder.war > job.segments[-1].setting[0].war_days
        )
        ended += bool(over.any())
        outcomes = np.asarray(worlds)["outcome"]
        seen.update(["scenarios"])
        seen.update(name for name, happened in HAPPENED.items() if (happened(outcomes) > 0).any())
        seen.update(name for name, is_drawn in DRAWN.items() if is_drawn(scenario))

    check()
    print(dict(seen), ended)
    assert seen["scenarios"] >= SCENARIOS
    rare = {name: seen[name] for name in (*HAPPENED, *DRAWN) if seen[name] < SCENARIOS // 100}
    assert not rare
    assert ended >= SCENARIOS // 100


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_are_the_same_in_lanes(name):
    """Rival models among them."""
    assert lanes_differ(make_job(load_scenario(name)), np.arange(0, 1000, 5)) is None


def in_blocks(job, runs: int, threads: int) -> tuple[list[bytes], dict[str, bytes]]:
    """Outcomes of every block, and what they are counted into."""
    total, outcomes = new_tallies(job.days), []
    for block in run_blocks(job, runs, threads):
        total.merge(block.tallies)
        outcomes.append(block.outcomes.tobytes())
    arrays = {name: value.tobytes() for name, value in vars(total).items() if isinstance(value, np.ndarray)}
    return outcomes, arrays


def test_threads_and_sizes_of_blocks_change_nothing(monkeypatch):
    several = 0
    for scenario in drawn(IN_BLOCKS, LONGEST):
        job = make_job(scenario)
        found = []
        for size in BLOCKS_OF:
            monkeypatch.setattr(blocks, "block_size", lambda runs, size=size: size)
            found += [in_blocks(job, 190, threads) for threads in (1, 2)]
        with living(one_by_one):
            outcomes, counted = in_blocks(job, 190, 1)
        several += len(found[0][0]) > 2
        assert {b"".join(of_blocks) for of_blocks, _ in found} == {b"".join(outcomes)}
        assert all(arrays == counted for _, arrays in found)
    assert several == IN_BLOCKS


def test_workers_of_a_cluster_live_the_same(tmp_path):
    pytest.importorskip("distributed")
    said: list[str] = []
    with open_cluster("local:2", said.append) as pool:
        for scenario in (load_scenario("tower-22"), *drawn(BY_WORKERS, LONGEST)):
            job = make_job(scenario)
            theirs = [
                block.outcomes.tobytes()
                for block in pool(partial(simulate_block, job, count=50), range(0, 200, 50))
            ]
            with living(one_by_one):
                ours = [simulate_block(job, first, 50).outcomes.tobytes() for first in range(0, 200, 50)]
            assert theirs == ours
    assert said == []


# A planted error is found

STRUCK_RUN, ON_DAY = 5, 9


@rule
def washington_forgets(world, p):
    """The step as it is, but for the last bit of one number, in one run, on one day."""
    us = world.us
    us.pressure *= p.us.pressure_keep
    us.commitment *= p.us.commitment_keep
    us.met += world.today.attacks
    planted = (world.run == STRUCK_RUN) & (world.day == ON_DAY)
    us.credibility = np.nextafter(us.credibility, 2.0) if planted else us.credibility


def with_another(phases, function) -> list[Phase]:
    """Phases of which the step of a function's name is that function."""

    def step_of(step: Step) -> Step:
        return step if step.function.__name__ != function.__name__ else Step(function, step.condition)

    return [
        Phase(
            made.name,
            made.says,
            tuple(
                Each(tuple(map(step_of, s.steps))) if isinstance(s, Each) else step_of(s) for s in made.steps
            ),
        )
        for made in phases
    ]


def planted_in(function):
    live_lanes = in_lanes(with_another(PHASES_OF_THE_DAY, function), advance.IN_A_PACK)
    return rebuilt(advance.side_by_side, live_lanes=live_lanes)


def test_one_bit_of_one_lane_on_one_day_is_found():
    job = make_job(load_scenario("october-2023", ["end=2023-11-05"]))
    runs = np.arange(33)
    live = planted_in(washington_forgets)
    expected = life(job, runs, one_by_one)
    assert difference(life(job, runs, live), expected) == f"world {STRUCK_RUN}"
    others = np.delete(runs, STRUCK_RUN)
    assert difference(life(job, others, live), life(job, others, one_by_one)) is None
    assert lanes_differ(job, runs) is None


def test_a_count_that_is_off_by_one_is_found():
    job = make_job(load_scenario("october-2023", ["end=2023-11-05"]))
    worlds, counts = life(job, np.arange(3), advance.advance)
    for name, part in zip(("histograms", "sums", "rungs"), counts, strict=True):
        other = tuple(kept.copy() for kept in counts)
        place = next(k for k, kept in enumerate(counts) if kept is part)
        other[place].flat[7] += 1
        assert difference((worlds, counts), (worlds, other)) == name
