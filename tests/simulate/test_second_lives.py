"""Runs that came to the headline, lived again without reactions: what is a spiral, and what came anyway."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import new_worlds
from sim.parameters import REGISTRY, couplings, without
from sim.scenario import load_scenario
from sim.simulate import Job, make_job, run_blocks, simulate
from sim.simulate.job import lived, prepare, simulate_rows
from sim.simulate.parameter_draws import rows_of_runs

RUNS = np.arange(2_000, dtype=np.uint64)
AMPLIFYING = {p.name: p.off for p in REGISTRY.values() if p.direction == "amplifying"}
SIGNED = {p.name: p for p in REGISTRY.values() if p.direction == "signed"}
FALSE_ALARMS = 4.0
"""Standard errors of every comparison below: with nothing there, one in 30,000 passes, and as many fail for chance."""


def job_of(name: str = "decisive-doctrine", kind: str = "prior", *changes: str, **override: float) -> Job:
    given = {key.replace("__", "."): value for key, value in override.items()}
    return make_job(load_scenario(name, list(changes)), kind, given)


def days_of(worlds: np.ndarray, name: str) -> np.ndarray:
    return np.asarray(worlds)["outcome"][f"{name}_day"]


# What is counted


@pytest.mark.parametrize("headline", ["direct", "reciprocal"])
def test_spirals_and_what_came_anyway_are_the_headline_to_the_last_run_and_day(headline):
    worlds = simulate(job_of("decisive-doctrine", "prior", f"headline={headline}"), RUNS)
    spiral, anyway = days_of(worlds, "spiral"), days_of(worlds, "anyway")
    assert not ((spiral >= 0) & (anyway >= 0)).any()
    assert np.array_equal(np.maximum(spiral, anyway), days_of(worlds, headline))
    assert (spiral >= 0).sum() > 20
    if headline != "reciprocal":  # which takes an answer of Tehran's, a reaction
        assert (anyway >= 0).sum() > 20


@pytest.mark.parametrize("name", ["decisive-doctrine", "tower-22"])
def test_what_comes_anyway_is_what_comes_with_the_amplifying_reactions_off_from_the_first_day(name):
    """Without a fit: in both parts of a scenario that continues another. Signed weights are held on one side each."""
    sides = {n: p.off + (0.3 if p.amplifies == "above" else -0.3) for n, p in SIGNED.items()}
    first = simulate(make_job(load_scenario(name), "prior", sides), RUNS)
    off = lived(
        make_job(load_scenario(name), "prior", {**AMPLIFYING, **{n: SIGNED[n].off for n in SIGNED}}), RUNS
    )
    came, again = days_of(first, "direct") >= 0, days_of(off, "direct") >= 0
    assert np.array_equal(days_of(first, "anyway") >= 0, came & again)
    assert np.array_equal(days_of(first, "spiral") >= 0, came & ~again)
    assert 20 < (came & again).sum() < came.sum() - 20
    kept = lived(make_job(load_scenario(name), "prior", {**AMPLIFYING, **sides}), RUNS)
    assert not np.array_equal(days_of(kept, "direct"), days_of(off, "direct"))


def test_a_signed_weight_that_damps_stays_in_the_second_life():
    sides = {n: p.off - (0.3 if p.amplifies == "above" else -0.3) for n, p in SIGNED.items()}
    first = simulate(make_job(load_scenario("decisive-doctrine"), "prior", sides), RUNS)
    off = lived(make_job(load_scenario("decisive-doctrine"), "prior", {**sides, **AMPLIFYING}), RUNS)
    came, again = days_of(first, "direct") >= 0, days_of(off, "direct") >= 0
    assert np.array_equal(days_of(first, "anyway") >= 0, came & again)


def test_nothing_of_the_first_morning_is_a_reaction():
    """So that a second life may begin like the first."""
    job = job_of()
    _, table, rows, last = prepare(job, RUNS[:500])
    begun = []
    for chosen in (table, without("both", table)):
        worlds = new_worlds(RUNS[:500])
        advance.start(worlds, chosen, rows, last.setting)
        begun.append(worlds.tobytes())
    assert begun[0] == begun[1]


# Without reactions


@pytest.mark.parametrize("name", ["october-2023", "decisive-doctrine", "tower-22"])
def test_with_the_couplings_off_there_is_no_spiral(name):
    worlds = simulate(make_job(load_scenario(name), "prior", couplings()), RUNS)
    assert (days_of(worlds, "spiral") == -1).all()
    assert np.array_equal(days_of(worlds, "anyway"), days_of(worlds, "direct"))
    assert (days_of(worlds, "direct") >= 0).sum() > 50


def test_three_times_the_tempo_is_more_risk_and_no_spiral():
    shares = []
    for times in (1.0, 3.0):
        tempo = {"militia.tempo": times * REGISTRY["militia.tempo"].default}
        worlds = simulate(make_job(load_scenario("october-2023"), "default", {**couplings(), **tempo}), RUNS)
        assert (days_of(worlds, "spiral") == -1).all()
        shares.append((days_of(worlds, "direct") >= 0).mean())
    error = np.sqrt(sum(p * (1 - p) for p in shares) / len(RUNS))
    assert shares[1] - shares[0] > FALSE_ALARMS * error


# A loop of known gain


def test_spirals_grow_with_the_gain_of_a_single_loop():
    """Strikes anger, and anger brings more and deadlier attacks: all else is off, parameters and luck are shared."""
    runs = np.arange(6_000, dtype=np.uint64)
    spirals = []
    for gain in (0.0, 0.7, 2.8):
        loop = {"militia.revenge": gain, "militia.intent_anger": gain}
        job = make_job(load_scenario("october-2023"), "default", {**couplings(), **loop})
        spirals.append(days_of(simulate(job, runs), "spiral") >= 0)
    assert not spirals[0].any()
    for small, large in ((spirals[0], spirals[1]), (spirals[1], spirals[2])):
        difference = large.astype(float) - small
        assert difference.mean() > FALSE_ALARMS * difference.std() / np.sqrt(len(runs))


# In whatever company


@pytest.mark.parametrize("name", ["decisive-doctrine", "tower-22"])
def test_a_second_life_is_the_same_in_whatever_company_and_order(name):
    job, numbers = job_of(name), RUNS[:300]
    whole = np.asarray(simulate(job, numbers))
    assert {"spiral", "anyway"} == {n for n in ("spiral", "anyway") if (days_of(whole, n) >= 0).any()}
    order = np.random.default_rng(4).permutation(len(numbers))
    assert np.asarray(simulate(job, numbers[order])).tobytes() == whole[order].tobytes()
    with ThreadPoolExecutor(4) as pool:
        parts = pool.map(lambda some: np.asarray(simulate(job, some)).tobytes(), np.array_split(numbers, 7))
        assert b"".join(parts) == whole.tobytes()


def test_blocks_on_any_number_of_threads_tell_the_same_spirals():
    job = job_of("decisive-doctrine", "prior", "end=2023-12-31")
    one, three = (
        np.concatenate([block.outcomes for block in run_blocks(job, 2_010, threads=n, daily=False)])
        for n in (1, 3)
    )
    whole = np.asarray(simulate(job, np.arange(2_010, dtype=np.uint64)))["outcome"]
    assert one.tobytes() == three.tobytes() == whole.tobytes()
    assert (whole["spiral_day"] >= 0).any()


def test_given_rows_are_lived_again_with_those_rows():
    job, numbers = job_of(), RUNS[:500]
    rows = rows_of_runs(numbers)
    columns = {"militia.tempo": np.linspace(0.5, 6.0, 20)}
    worlds = np.asarray(simulate_rows(job, numbers, rows, columns))
    again = np.asarray(simulate_rows(replace(job, without="amplifying"), numbers, rows, columns))
    came, anyway = days_of(worlds, "direct") >= 0, days_of(again, "direct") >= 0
    assert np.array_equal(days_of(worlds, "anyway") >= 0, came & anyway)
    assert np.array_equal(days_of(worlds, "spiral") >= 0, came & ~anyway)
    assert (days_of(worlds, "spiral") >= 0).any()
