"""The answer in numbers: parts that must add up, and what it says against a recount."""

import datetime
import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.estimates.intervals import ignorance_share
from sim.estimates.summary import summarise
from sim.experiments.run.altered import ALTERED
from sim.outcomes import EVENTS, RUNGS, SERIES
from sim.scenario import load_scenario
from sim.simulate import Job, Tallies, make_job, new_tallies, run_blocks
from sim.simulate.outcome_table import outcome_table

RUNS = 510  # 20 rows of 25 and one of 10


def tallies_of(job: Job, runs: int, daily: bool = True) -> Tallies:
    tallies = new_tallies(job.days, daily)
    for block in run_blocks(job, runs, threads=2, daily=daily):
        tallies.merge(block.tallies)
    return tallies


@pytest.fixture(scope="module")
def job() -> Job:
    return make_job(load_scenario("decisive-doctrine"))


@pytest.fixture(scope="module")
def tallies(job: Job) -> Tallies:
    return tallies_of(job, RUNS)


@pytest.fixture(scope="module")
def others(job: Job) -> dict[str, Tallies]:
    return {name: tallies_of(make_job(job.scenario, "prior", v), 100, False) for name, v in ALTERED.items()}


@pytest.fixture(scope="module")
def summary(job: Job, tallies: Tallies, others: dict[str, Tallies]) -> dict[str, Any]:
    return summarise(job.scenario, True, tallies, tallies, others)


@pytest.fixture(scope="module")
def outcomes(job: Job) -> pd.DataFrame:
    blocks = run_blocks(job, RUNS, threads=2)
    return pd.concat([outcome_table(b, job.scenario).to_pandas() for b in blocks], ignore_index=True)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


# Parts that add up


def test_the_chain_multiplies_to_the_probability_of_rung_5(summary):
    given = summary["chain"]["rung 5 given rung 4"]
    fourth, fifth = summary["chain"]["rung 4"], summary["rungs"]["rung 5"]
    assert fourth == summary["rungs"]["rung 4"]
    assert given["runs"] == fourth["seen"] > given["seen"] == fifth["seen"] > 0
    assert fourth["probability"] * given["probability"] == pytest.approx(fifth["probability"], rel=1e-12)


@pytest.mark.parametrize("part", [("endings",), ("path", "first_severe_event"), ("path", "first_mover")])
def test_shares_of_all_runs_sum_to_1(summary, part):
    shares = summary
    for key in part:
        shares = shares[key]
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    assert sum(share > 0 for share in shares.values()) > 2


def test_withdrawal_sums_to_1_and_agrees_with_the_endings(summary):
    withdrawal = summary["outcomes"]["withdrawal"]
    assert sum(withdrawal.values()) == pytest.approx(1, abs=1e-12)
    ordered = sum(v for k, v in summary["endings"].items() if k.endswith("ordered out"))
    assert ordered == pytest.approx(withdrawal["ordered"], abs=1e-12)
    assert ordered > 0


def _rows(tallies: Tallies, event: str, day: int = -1) -> np.ndarray:
    return tallies.rows[EVENTS.index(event), day]


@pytest.mark.parametrize("headline", ["direct", "reciprocal"])
def test_the_headline_is_its_spiral(job, tallies, others, headline):
    scenario = job.scenario.model_copy(update={"headline": headline})
    summary = summarise(scenario, True, tallies, tallies, others)
    rest = {"definition": headline, **summary["spirals"][headline]}
    assert summary["headline"] == {**rest, "ignorance_share": ignorance_share(_rows(tallies, headline))}
    seen = [summary["spirals"][name]["probability"] for name in ("direct", "reciprocal")]
    assert len(set(seen)) == 2  # or the wrong one could pass


def test_a_direct_spiral_is_rung_5_and_a_reciprocal_one_rung_6(summary):
    for spiral, rung in (("direct", "rung 5"), ("reciprocal", "rung 6")):
        told = {
            k: v for k, v in summary["spirals"][spiral].items() if k not in ("couplings_off", "same_runs")
        }
        assert told == summary["rungs"][rung]


def test_rungs_are_ever_rarer(summary):
    probabilities = [summary["rungs"][f"rung {r}"]["probability"] for r in range(1, RUNGS)]
    assert probabilities == sorted(probabilities, reverse=True)


def test_spiralled_endings_are_the_headline(summary):
    spiralled = sum(v for k, v in summary["endings"].items() if k.startswith("spiralled"))
    assert spiralled == pytest.approx(summary["headline"]["probability"], abs=1e-12)


# Against a recount


def test_outcomes_are_a_recount(summary, outcomes):
    elsewhere = outcomes["attacks_syria"] + outcomes["attacks_jordan"]
    levels = outcomes[[f"strikes_level_{level}" for level in range(1, 5)]]
    raw = {
        "attacks_iraq": outcomes["attacks_iraq"], "attacks_syria_jordan": elsewhere,
        "attacks": outcomes["attacks_iraq"] + elsewhere, "wounded": outcomes["wounded"],
        "killed": outcomes["killed"], "strikes": levels.sum(axis=1),
    }  # fmt: skip
    assert set(raw) == set(SERIES)
    for name, values in raw.items():
        entry = summary["outcomes"][name]
        assert entry["mean"] == pytest.approx(values.mean(), rel=1e-12)
        for label, p in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
            assert entry[label] == np.quantile(values, p, method="inverted_cdf")
    by_level = summary["outcomes"]["strikes_by_level"]
    assert list(by_level) == [f"level {level}" for level in range(1, 5)]
    assert list(by_level.values()) == pytest.approx(levels.mean().tolist(), rel=1e-12)
    for name in ("alarm_deaths", "avowed", "bargains", "strikes_in_iraq"):
        assert summary["outcomes"][name] == pytest.approx(outcomes[name].mean(), rel=1e-12)
    at_capacity = outcomes["capacity_days"].sum() / outcomes["campaign_days"].sum()
    assert summary["outcomes"]["days_at_capacity"] == pytest.approx(at_capacity, rel=1e-12)


def test_path_and_endings_are_a_recount(summary, outcomes):
    path = summary["path"]
    for key, column in (("first_severe_event", "escalatory_cause"), ("first_mover", "first_mover")):
        shares = {k: v for k, v in path[key].items() if v}
        assert shares == pytest.approx(
            outcomes[column].value_counts(normalize=True)[lambda s: s > 0].to_dict()
        )
    days = outcomes["direct_day"].dropna()
    assert path["median_day_of_spiral"] == np.quantile(days, 0.5, method="inverted_cdf")
    for r in range(1, RUNGS - 1):
        gaps = (outcomes[f"rung_{r + 1}_day"] - outcomes[f"rung_{r}_day"]).dropna()
        expected = np.quantile(gaps, 0.5, method="inverted_cdf")
        assert path["median_days_between_rungs"][f"{r} to {r + 1}"] == expected
    gone = outcomes["withdrawal"] == "ordered"
    for ending in ("spiralled", "low conflict", "quiet"):
        here = outcomes["ending"] == ending
        label = ending if ending == "spiralled" else f"{ending}, no spiral"
        assert summary["endings"][f"{label}, troops ordered out"] == pytest.approx((here & gone).mean())
        assert summary["endings"][f"{label}, troops present"] == pytest.approx((here & ~gone).mean())


def test_what_comes_on_the_last_day_counts(job):
    """Of a history of three days, on each of which there are more attacks."""
    end = job.scenario.start + datetime.timedelta(days=2)
    tallies = tallies_of(make_job(job.scenario.model_copy(update={"end": end})), RUNS)
    tallies.rows[EVENTS.index("direct"), -1] = np.bincount([0] * 10 + [5] * 6 + [25] * 4, minlength=26)
    summary = summarise(job.scenario, True, tallies, tallies, {})
    assert summary["headline"]["seen"] == 130
    assert summary["headline"]["ignorance_share"] == ignorance_share(_rows(tallies, "direct"))
    attacked, before = (_rows(tallies, "rung_1", day) @ np.arange(26) for day in (-1, -2))
    assert summary["rungs"]["rung 1"]["seen"] == attacked + tallies.short_row[EVENTS.index("rung_1"), -1]
    assert attacked > before
    counts = tallies.histograms[SERIES.index("attacks"), -1]
    values = np.repeat(np.arange(len(counts)), counts)
    told = summary["outcomes"]["attacks"]
    assert told["mean"] == values.mean()
    assert [told[q] for q in ("q05", "q50", "q95")] == np.quantile(
        values, [0.05, 0.5, 0.95], method="inverted_cdf"
    ).tolist()


def test_altered_worlds_are_told_apart(summary, others):
    direct = EVENTS.index("direct")
    shares = {name: t.first_days[direct].sum() / t.runs for name, t in others.items()}
    assert summary["spirals"]["direct"]["couplings_off"]["probability"] == pytest.approx(
        shares["couplings off"]
    )
    assert summary["spirals"]["direct"]["couplings_off"]["runs"] == 100
    assert summary["last_step"] == pytest.approx(
        {k: shares[k] for k in ("last step unlikely", "last step likely")}
    )
    packs = set(ALTERED) - {"couplings off", "last step unlikely", "last step likely"}
    assert summary["mechanisms"] == pytest.approx({k: shares[k] for k in packs})
    assert len(packs) > 1
    assert summary["last_step"]["last step unlikely"] < summary["last_step"]["last step likely"]


# Plain values


@pytest.mark.parametrize(("runs", "by_row"), [(1, True), (10, True), (25, True), (26, True), (50, False)])
def test_of_however_few_runs_everything_is_json_and_finite(job, runs, by_row):
    tallies = tallies_of(make_job(job.scenario, "prior" if by_row else "default"), runs)
    summary = summarise(job.scenario, by_row, tallies, tallies, {})
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    for entry in [*summary["spirals"].values(), *summary["rungs"].values()]:
        low, high = entry["chance"]
        assert 0 <= low <= entry["probability"] <= high <= 1
        assert entry["couplings_off"] is None if "couplings_off" in entry else True


def test_everything_is_json_and_finite(summary):
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    values = list(leaves(summary))
    assert len(values) > 100
    assert all(type(v) in (int, float, str, type(None)) for v in values)
    assert all(math.isfinite(v) for v in values if isinstance(v, float))


def test_a_quiet_crisis_leaves_none_where_there_is_nothing_to_tell(job):
    tallies = new_tallies(job.days)
    blank = np.asarray(next(iter(run_blocks(job, 1))).outcomes).copy()
    for name in blank.dtype.names:
        blank[name] = -1 if name.endswith("_day") else 0
    tallies.add(np.repeat(blank, 50), EVENTS.index("direct"))
    tallies.histograms[..., 0] = 50
    summary = summarise(job.scenario, True, tallies, tallies, {})
    assert summary["chain"]["rung 5 given rung 4"] is None
    assert summary["path"]["median_day_of_spiral"] is None
    assert set(summary["path"]["median_days_between_rungs"].values()) == {None}
    assert summary["path"]["first_severe_event"]["none"] == 1
    assert summary["endings"]["quiet, no spiral, troops present"] == 1
    assert summary["outcomes"]["days_at_capacity"] == 0
    assert summary["headline"]["ignorance"] is None
