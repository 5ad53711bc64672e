"""Second lives of runs whose past was fitted to a record: the past stays what it was, and reactions end after it."""

import datetime
from dataclasses import replace

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import DRIVERS, new_worlds, reseat
from sim.parameters import REGISTRY, without
from sim.scenario import load_scenario
from sim.simulate import Job, make_job, simulate
from sim.simulate.job import NOTHING, lived, prepare, with_posterior
from sim.simulate.parameter_draws import prior_rows, rows_of_runs
from sim.simulate.posterior import STEERED, Posterior, plain_setting

START, AS_OF, ROWS, SEED = datetime.date(2023, 10, 17), datetime.date(2023, 11, 17), 60, 11
RUNS = np.arange(1_500, dtype=np.uint64)
DAYS = (AS_OF - START).days + 1


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    """Rows of the prior with a past of their own, in two stages, steered as the record says."""
    first = make_job(load_scenario("tower-22")).segments[0]
    days = np.asarray(first.timeline)[:DAYS]
    table = prior_rows(np.arange(ROWS), SEED, {})
    columns = {n: table[p.group][p.key].copy() for n, p in REGISTRY.items() if p.prior}
    lineage = np.random.default_rng(2).integers(10**9, 10**10, (ROWS, 2)).astype(np.uint64)
    return Posterior(
        name="october-2023", start=START, as_of=AS_OF, random_seed=SEED, stages=(0, 12), fixed={},
        setting=plain_setting(first.setting), drivers={n: days[n].tolist() for n in DRIVERS},
        steered={n: days[n].tolist() for n in STEERED}, log_evidence=0.0, columns=columns, lineage=lineage,
    )  # fmt: skip


def job_of(posterior: Posterior, name: str, *changes: str) -> Job:
    job = with_posterior(make_job(load_scenario(name, list(changes))), posterior)
    assert job.past_is_led
    return job


@pytest.mark.parametrize("reactions", ["amplifying", "damping", "both"])
def test_the_fitted_past_is_the_same_in_a_second_life_to_the_last_bit(posterior, reactions):
    job = job_of(posterior, "october-2023", f"end={AS_OF}")
    first, second = (np.asarray(lived(j, RUNS)) for j in (job, replace(job, without=reactions)))
    assert first.tobytes() == second.tobytes()
    assert (first["outcome"]["attacks_iraq"] > 0).any()


@pytest.mark.parametrize("reactions", ["amplifying", "damping", "both"])
def test_reactions_are_out_from_the_day_after(posterior, reactions):
    later = AS_OF + datetime.timedelta(days=4)
    job = job_of(posterior, "october-2023", f"end={later}")
    first, second = (np.asarray(lived(j, RUNS)) for j in (job, replace(job, without=reactions)))
    assert (first["militias"]["will"] != second["militias"]["will"]).any(axis=1).mean() > 0.5


@pytest.mark.parametrize("name", ["october-2023", "tower-22"])
def test_a_second_life_is_the_same_days_with_other_rows_after_the_past(posterior, name):
    """Lived by hand: the fitted days with the rows as they are, all others, of both parts, with reactions out."""
    job = job_of(posterior, name)
    _, table, rows, _ = prepare(job, RUNS)
    changed, worlds = without("amplifying", table), new_worlds(RUNS)
    posterior.give_past(worlds, rows_of_runs(RUNS) % ROWS)
    seed, before = np.uint64(job.random_seed), None
    for segment in job.segments:
        if before is None:
            advance.start(worlds, table, rows, segment.setting)
        else:
            reseat(worlds, before.setting, segment.setting)
            advance.seat(worlds, table, rows, segment.setting)
        for day in range(len(segment.timeline)):
            fitted = before is None and day < DAYS
            taken = table if fitted else changed
            advance.advance(
                worlds, taken, rows, segment.timeline, segment.setting, seed, day, day + 1, *NOTHING
            )
        before = segment
    came = np.asarray(simulate(job, RUNS))["outcome"]
    again = np.asarray(worlds)["outcome"]["direct_day"] >= 0
    assert np.array_equal(came["anyway_day"] >= 0, (came["direct_day"] >= 0) & again)
    assert np.array_equal(came["spiral_day"] >= 0, (came["direct_day"] >= 0) & ~again)
    assert all((came[f"{which}_day"] >= 0).sum() > 20 for which in ("spiral", "anyway"))


def test_a_fit_whose_past_is_not_led_takes_them_out_from_the_first_day(posterior):
    job = with_posterior(make_job(load_scenario("lethal-first-week", ["end=2023-11-10"])), posterior)
    assert not job.past_is_led
    assert job.free_from == job.segments[0].timeline["date"][0]
    first, second = (np.asarray(lived(j, RUNS)) for j in (job, replace(job, without="both")))
    assert first["militias"]["will"].tobytes() != second["militias"]["will"].tobytes()
