"""The ranking of deeds over runs."""

from collections import defaultdict

import numpy as np
import pytest

from sim.estimates.intervals import clustered, independent
from sim.experiments.why.ranking import kind_text, ranking, share_of_spirals
from sim.replay.deeds import deeds_of, without
from sim.replay.replay import replay
from sim.scenario import load_scenario
from sim.simulate.job import make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW
from tests.experiments.why.spirals import ALONE, QUIET, lived, written

# The ranking


@pytest.mark.parametrize("parameters", ["prior", "default"])
def test_shares_are_those_counted_by_hand(parameters):
    job, runs = make_job(load_scenario("october-2023"), parameters), 90
    found = ranking(job, runs, threads=2)
    outcomes = np.asarray(simulate(job, np.arange(runs, dtype=np.uint64)))["outcome"]
    spiralled = np.flatnonzero(outcomes["direct_day"] >= 0).tolist()
    deeds, hung, delays, leads, on_any, before = (defaultdict(list) for _ in range(6))
    for run in spiralled:
        played = replay(job, run)
        last_day = int(played.outcome["direct_day"])
        for deed in deeds_of(played):
            if deed.day > last_day:
                continue
            last = deed.day == last_day and (deed.kind == "answer" or deed.level == 4)
            key = kind_text(deed, job.scenario), last
            day = int(lived(played, without(deed, played))[-1]["outcome"]["direct_day"])
            deeds[key].append(run)
            if day < 0:
                hung[key].append(run)
                leads[key].append(last_day - deed.day)
                on_any["all"].append(run)
                before["all"] += [] if last else [run]
            elif day > last_day:
                delays[key].append(run)
    assert (found.runs, found.spirals) == (runs, len(spiralled))
    assert {(rank.kind, rank.last_step) for rank in found.ranks} == set(deeds)
    for rank in found.ranks:
        key = rank.kind, rank.last_step
        assert (rank.deeds, rank.hinges, rank.delays) == (len(deeds[key]), len(hung[key]), len(delays[key]))
        assert rank.share.probability == pytest.approx(len(set(hung[key])) / len(spiralled), abs=1e-12)
        assert rank.lead == (np.median(leads[key]) if leads[key] else None)
    assert found.nothing is not None
    assert found.nothing_before is not None
    assert found.nothing.seen == len(spiralled) - len(set(on_any["all"]))
    assert found.nothing_before.seen == len(spiralled) - len(set(before["all"]))
    assert [r.last_step for r in found.ranks] == sorted(r.last_step for r in found.ranks)


def test_threads_change_no_number(baseline):
    assert ranking(baseline, 130, threads=1) == ranking(baseline, 130, threads=3)


def test_no_spiral_is_nothing_to_rank(folder):
    found = ranking(make_job(written(ALONE + QUIET, "quiet", folder), "default"), 30)
    assert (found.spirals, found.ranks, found.nothing, found.nothing_before) == (0, (), None, None)


def test_progress_is_told(baseline):
    told: list[tuple[str, int, int]] = []
    found = ranking(baseline, 100, progress=lambda *each: told.append(each))
    assert ("simulating", 100, 100) in told
    assert told[-1] == ("taking acts out", found.spirals, found.spirals)


def test_intervals_count_rows_where_parameters_are_drawn():
    """Where all runs spiral, the share of spirals is the share of runs, and its interval that of runs in rows."""
    runs = 10 * RUNS_PER_ROW + 7
    every = np.arange(runs)
    of = [run for run in range(runs) if run // RUNS_PER_ROW in (0, 3, 4) and run % RUNS_PER_ROW < 20]
    rows = np.zeros(RUNS_PER_ROW + 1, np.int64)
    rows[0], rows[20] = 7, 3
    by_row = share_of_spirals(every, of, runs, by_row=True)
    assert by_row is not None
    assert by_row.chance == pytest.approx(clustered(rows, 0, 7).chance)
    plain = share_of_spirals(every, of, runs, by_row=False)
    assert plain is not None
    assert plain.chance == pytest.approx(independent(len(of), runs).chance)
    assert by_row.half_width > 2 * plain.half_width
    assert share_of_spirals(every[:0], [], runs, by_row=True) is None
