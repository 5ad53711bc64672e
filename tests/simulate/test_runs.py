"""Jobs, blocks of runs on threads, and tallies against a straightforward recount."""

import datetime
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.core.counting import BINS
from sim.mesa.watched import watch
from sim.outcomes import CAUSES, EVENTS, LEVELS, RUNGS, SERIES, rung_key
from sim.parameters import couplings
from sim.scenario import load_scenario
from sim.simulate import Job, Tallies, blocks, make_job, new_tallies, run_blocks, simulate
from sim.simulate.blocks import Block, simulate_block
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.spans import LEAST_BLOCK, MOST_BLOCK, block_size
from sim.simulate.tallies import first_days

RUNS = 1_010  # 40 rows of 25 and one of 10


@pytest.fixture(scope="module")
def job() -> Job:
    return make_job(load_scenario("decisive-doctrine", ["end=2023-12-31"]))


@pytest.fixture(scope="module")
def counted(job: Job) -> tuple[np.ndarray, Tallies]:
    tallies = new_tallies(job.days)
    worlds = simulate(job, np.arange(RUNS, dtype=np.uint64), tallies.daily)
    outcomes = np.asarray(worlds)["outcome"].copy()
    tallies.add(outcomes, EVENTS.index("direct"))
    return outcomes, tallies


@pytest.fixture(scope="module")
def daily(job: Job) -> pd.DataFrame:
    """What the engine counts, counted anew: one row for each run and day, from shorter and shorter histories."""
    frames = []
    for days in range(1, job.days + 1):
        end = job.scenario.start + datetime.timedelta(days=days - 1)
        shorter = make_job(job.scenario.model_copy(update={"end": end}))
        outcomes = simulate(shorter, np.arange(RUNS, dtype=np.uint64)).outcome
        columns = {
            "attacks_iraq": outcomes.attacks_iraq,
            "attacks_syria_jordan": outcomes.attacks_syria + outcomes.attacks_jordan,
            "attacks": outcomes.attacks_iraq + outcomes.attacks_syria + outcomes.attacks_jordan,
            "wounded": outcomes.wounded,
            "killed": outcomes.killed,
            "strikes": outcomes.strikes.sum(1),
            "rung": outcomes.last_rung,
        }
        frames.append(pd.DataFrame(columns).assign(day=days - 1))
    return pd.concat(frames, ignore_index=True)


def events_of(outcomes: np.ndarray) -> pd.DataFrame:
    columns = {name: outcomes[f"{name}_day"] for name in ("direct", "reciprocal", "spiral", "anyway")}
    columns |= {rung_key(r): outcomes["rung_day"][:, r] for r in range(1, RUNGS)}
    columns["any_killed"] = outcomes["first_killed_day"]
    for name in ("level_4_strike", "strike_in_iraq", "avowed_attack"):
        columns[name] = outcomes[f"{name}_day"]
    return pd.DataFrame(columns)


# Tallies


def test_events_are_in_the_order_of_the_tallies(counted):
    outcomes, _ = counted
    events = events_of(outcomes)
    assert tuple(events.columns) == EVENTS
    assert np.array_equal(first_days(outcomes), events.to_numpy().T)
    assert (events["direct"] >= 0).sum() > 20  # something to count


@pytest.mark.parametrize("series", SERIES)
def test_daily_series_are_those_of_the_runs(counted, daily, series):
    _, tallies = counted
    s = SERIES.index(series)
    assert np.array_equal(tallies.sums[s], daily.groupby("day")[series].sum())
    table = pd.crosstab(daily["day"], daily[series].clip(upper=BINS - 1)).reindex(
        columns=range(BINS), fill_value=0
    )
    assert np.array_equal(tallies.histograms[s], table)
    assert tallies.histograms[s].sum(1).tolist() == [RUNS] * len(tallies.sums[s])


def test_daily_rungs_are_those_of_the_runs(counted, daily):
    table = pd.crosstab(daily["day"], daily["rung"]).reindex(columns=range(RUNGS), fill_value=0)
    assert np.array_equal(counted[1].rungs, table)
    assert (table.sum() > 0).sum() >= 6


@pytest.mark.parametrize("event", EVENTS)
def test_first_days_and_rows_are_those_of_the_runs(counted, job, event):
    outcomes, tallies = counted
    days, e = events_of(outcomes)[event], EVENTS.index(event)
    come = days[days >= 0].value_counts().reindex(range(job.days), fill_value=0)
    assert np.array_equal(tallies.first_days[e], come)
    row = np.arange(RUNS) // RUNS_PER_ROW
    for d in (0, 20, job.days - 1):
        by_row = ((days >= 0) & (days <= d)).groupby(row).sum()
        whole = by_row.iloc[:-1].value_counts().reindex(range(RUNS_PER_ROW + 1), fill_value=0)
        assert np.array_equal(tallies.rows[e, d], whole)
        assert tallies.short_row[e, d] == by_row.iloc[-1]
    assert tallies.short_size == 10


def test_pairs_causes_movers_endings_and_totals_are_those_of_the_runs(counted):
    outcomes, tallies = counted
    events = events_of(outcomes)
    row = np.arange(RUNS) // RUNS_PER_ROW
    fourth = events["severe"] >= 0
    both = fourth & (events["rung_5"] >= 0)
    by_row = pd.DataFrame({"fourth": fourth.groupby(row).sum(), "both": both.groupby(row).sum()})
    size = range(RUNS_PER_ROW + 1)
    table = pd.crosstab(by_row["fourth"][:-1], by_row["both"][:-1])
    assert np.array_equal(tallies.pairs, table.reindex(index=size, columns=size, fill_value=0))
    assert tallies.pairs[1:].sum() > 0
    assert tallies.short_pair.tolist() == by_row.iloc[-1].tolist()
    assert tallies.runs == RUNS
    causes = pd.Series(outcomes["severe_cause"]).value_counts().reindex(range(len(CAUSES)), fill_value=0)
    assert np.array_equal(tallies.causes, causes)
    movers = pd.Series(outcomes["severe_mover"]).value_counts()
    assert {int(i): int(tallies.movers[i]) for i in np.flatnonzero(tallies.movers)} == movers.to_dict()
    endings = pd.DataFrame(
        {"spiral": events["direct"] >= 0, "rung": outcomes["last_rung"], "status": outcomes["status"]}
    ).value_counts()
    assert tallies.endings.sum() == RUNS
    for (spiral, rung, status), runs in endings.items():
        assert tallies.endings[int(spiral), rung, status] == runs
    assert np.array_equal(tallies.strikes, outcomes["strikes"].sum(0))
    assert len(tallies.strikes) == LEVELS
    quiet = pd.Series(outcomes["longest_quiet"]).value_counts()
    assert {i: int(tallies.quiet[i]) for i in np.flatnonzero(tallies.quiet)} == quiet.to_dict()
    for name, total in tallies.totals.items():
        assert total == outcomes[name].sum()
    assert set(tallies.totals) == {
        "capacity_days", "campaign_days", "alarm_deaths", "avowed", "bargains", "strikes_in_iraq", "commanders",
        "strikes_on_soil", "us_held", "held_days", "brake_days", "called_off", "pauses", "returns",
    }  # fmt: skip


def test_the_headline_says_which_spiral_ends_a_run(counted, job):
    outcomes, tallies = counted
    other = new_tallies(job.days)
    other.add(outcomes, EVENTS.index("reciprocal"))
    assert other.endings[1].sum() == (outcomes["reciprocal_day"] >= 0).sum() != tallies.endings[1].sum()


def test_counts_beyond_the_last_bin_are_in_it(job):
    from sim.core import advance
    from sim.core.state import new_worlds
    from sim.simulate.parameter_draws import default_rows

    worlds = new_worlds(np.zeros(1, np.uint64))
    segment, rows = job.segments[0], np.zeros(1, np.int64)
    advance.start(worlds, default_rows({}), rows, segment.setting)
    worlds["outcome"]["wounded"] = BINS + 500
    tallies = new_tallies(job.days)
    advance.advance(
        worlds, default_rows({}), rows, segment.timeline, segment.setting, np.uint64(1), 0, 1, *tallies.daily
    )
    s = SERIES.index("wounded")
    assert tallies.histograms[s, 0, BINS - 1] == 1
    assert tallies.sums[s, 0] >= BINS + 500


# Blocks


@pytest.fixture(scope="module")
def short_job() -> Job:
    return make_job(load_scenario("october-2023", ["end=2023-11-05"]))


def assert_same(one: Tallies, other: Tallies) -> None:
    for name, value in vars(one).items():
        assert np.array_equal(value, getattr(other, name)), name


@pytest.mark.parametrize("runs", [1, 24, 100, 2_037, 15_020, 10**6, 10**9])
def test_a_block_is_whole_rows_and_not_too_many(runs):
    assert block_size(runs) % RUNS_PER_ROW == 0
    assert LEAST_BLOCK <= block_size(runs) <= MOST_BLOCK


def test_blocks_come_in_order_and_a_last_one_may_be_short(short_job):
    runs = 4_037
    size = block_size(runs)
    made = list(run_blocks(short_job, runs, threads=2))
    assert len(made) > 2
    assert [b.first for b in made] == list(range(0, runs, size))
    assert [len(b.outcomes) for b in made] == [size] * (runs // size) + [runs % size]
    assert [b.tallies.runs for b in made] == [len(b.outcomes) for b in made]
    assert [b.tallies.short_size for b in made] == [0] * (len(made) - 1) + [12]
    alone = np.asarray(simulate(short_job, np.arange(runs, dtype=np.uint64)))["outcome"]
    assert np.concatenate([b.outcomes for b in made]).tobytes() == alone.tobytes()


@pytest.mark.parametrize("threads", [None, 1, 2, 5])
def test_merged_tallies_are_those_of_all_runs_at_once_on_any_number_of_threads(short_job, threads):
    runs = 4_037
    merged = new_tallies(short_job.days)
    for block in run_blocks(short_job, runs, threads=threads):
        merged.merge(block.tallies)
    whole = new_tallies(short_job.days)
    outcomes = np.asarray(simulate(short_job, np.arange(runs, dtype=np.uint64), whole.daily))["outcome"]
    whole.add(outcomes, EVENTS.index("direct"))
    assert_same(merged, whole)


def test_without_daily_series_everything_else_is_the_same(short_job):
    (full,), (bare,) = (list(run_blocks(short_job, 200, daily=daily)) for daily in (True, False))
    assert full.outcomes.tobytes() == bare.outcomes.tobytes()
    for name, value in vars(full.tallies).items():
        if name not in ("histograms", "sums", "rungs"):
            assert np.array_equal(value, getattr(bare.tallies, name)), name
    assert full.tallies.rungs.sum() == 200 * short_job.days
    assert bare.tallies.rungs.sum() == bare.tallies.histograms.sum() == 0


def test_whoever_has_enough_ends_the_job(short_job, monkeypatch):
    begun: list[int] = []

    def simulated(job: Job, first: int, *further: Any) -> Block:
        begun.append(first)
        return simulate_block(job, first, *further)

    monkeypatch.setattr(blocks, "simulate_block", simulated)
    runs, threads = 40_000, 2
    size = block_size(runs)
    job = run_blocks(short_job, runs, threads)
    assert [block.first for block in islice(job, 2)] == [0, size]
    job.close()
    ahead = threads + 1  # blocks that may be under way before they are asked for
    assert sorted(begun) == [size * number for number in range(len(begun))]
    assert 2 <= len(begun) <= 2 + ahead < runs / size


@pytest.mark.parametrize("live", [None, watch])
def test_a_block_is_the_same_by_each_engine_and_tells_of_its_runs(short_job, live):
    told: list[int] = []
    block = simulate_block(short_job, 50, 30, live=live, told=told.append)
    alone = new_tallies(short_job.days)
    outcomes = np.asarray(simulate(short_job, np.arange(50, 80, dtype=np.uint64), alone.daily))[
        "outcome"
    ].copy()
    alone.add(outcomes, EVENTS.index(short_job.scenario.headline))
    assert block.first == 50
    assert block.outcomes.tobytes() == outcomes.tobytes()
    assert_same(block.tallies, alone)
    assert told == ([30] if live is None else [1] * 30)


def test_no_runs_are_no_blocks(short_job):
    assert list(run_blocks(short_job, 0)) == []


def test_a_failing_block_is_told(short_job):
    broken = make_job(short_job.scenario)
    object.__setattr__(broken, "random_seed", -1)
    with pytest.raises(OverflowError):
        list(run_blocks(broken, 50, threads=2))


# Jobs


def test_a_job_has_its_past_segments_in_order_and_its_own_last():
    job = make_job(load_scenario("tower-22"))
    assert [len(s.timeline) for s in job.segments] == [103, 186]
    assert job.days == 186
    assert job.segments[0].timeline[-1].date + 1 == job.segments[1].timeline[0].date


def test_an_override_holds_in_all_segments_whatever_the_scenario_says():
    scenario = load_scenario("tower-22", ["us.readiness=2"])
    assert [s.fixed.get("us.readiness") for s in make_job(scenario).segments] == [None, 2.0]
    job = make_job(scenario, override={**couplings(), "us.readiness": -1.0})
    for segment in job.segments:
        assert segment.fixed["us.readiness"] == -1.0
        assert couplings().items() <= segment.fixed.items()


def test_default_parameters_are_one_row_for_all(short_job):
    job = make_job(short_job.scenario, "default")
    worlds = simulate(job, np.arange(100, dtype=np.uint64))
    assert len(np.unique(worlds.iran.stance_start)) == 1
    drawn = simulate(short_job, np.arange(100, dtype=np.uint64))
    assert len(np.unique(drawn.iran.stance_start)) == 4
