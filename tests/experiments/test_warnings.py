"""Signs of a spiral: read off the days as they were lived, ranked and judged with rows as units."""

import json

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiments import open_answer
from sim.experiments.discover import Discover
from sim.experiments.warnings import Warnings, findings_of
from sim.experiments.warnings.observables import OBSERVABLES, highest, last_days, since
from sim.experiments.warnings.scoring import curve, ranking, share
from sim.experiments.warnings.table import BEFORE, QUIET, WEEKLY, Sign, choose, halves, sign_table
from sim.experiments.warnings.together import fit
from sim.experiments.warnings.watching import RECORD, watch, watches
from sim.experiments.warnings.words import NOTHING, TOO_FEW, lead_text
from sim.pipeline.answers import in_memory
from sim.pipeline.runner import Execution
from sim.report.figures import drawings
from sim.report.figures.style import style
from sim.scenario import load_scenario
from sim.simulate.job import make_job
from sim.simulate.trajectories import trajectories
from tests.report.heads import check_heads

SHORT = "end=2023-11-20"
SCENARIO = load_scenario("october-2023", [SHORT])
AHEAD = 8


@pytest.fixture(scope="module")
def seen() -> np.ndarray:
    return watch(watches(SCENARIO, 100, AHEAD, "prior")[0])


# What is read off


def test_windows_and_dates_are_those_of_the_days_lived():
    rng = np.random.default_rng(3)
    events = rng.poisson(0.4, (4, 40)).astype(np.int16)
    sums, most, ago = last_days(events, 7), highest(events, 7), since(events > 0)
    for run in range(4):
        for day in range(40):
            window = events[run, max(0, day - 6) : day + 1]
            assert sums[run, day] == window.sum()
            assert most[run, day] == window.max()
            happened = [d for d in range(day + 1) if events[run, d] > 0]
            assert ago[run, day] == day - (happened[-1] if happened else -1)


def test_a_trend_is_this_week_less_the_last():
    attacks = np.array([[1] * 7 + [3] * 7], np.int16)
    assert OBSERVABLES["trend"].read({"attacks": attacks})[0, 13] == 21 - 7
    assert OBSERVABLES["trend"].read({"attacks": attacks})[0, 6] == 7


def test_what_is_seen_is_what_the_runs_lived(seen):
    """Against the trajectories of the same runs, which are made by other code."""
    days = trajectories(make_job(SCENARIO), np.arange(100, dtype=np.uint64))
    table = {
        name: days[name].to_numpy().reshape(100, -1) for name in ("attacks", "killed", "us_level", "rung")
    }
    spiral = [np.flatnonzero(rung >= 5)[0] if (rung >= 5).any() else -1 for rung in table["rung"]]
    assert sum(day >= 0 for day in spiral) >= 3
    for record in seen:
        run, day = record["run"], record["day"]
        assert record["until"] == (spiral[run] - day if spiral[run] >= 0 else -1)
        assert record["attacks_14"] == table["attacks"][run, max(0, day - 13) : day + 1].sum()
        assert record["killed_28"] == table["killed"][run, max(0, day - 27) : day + 1].sum()
        assert record["level_28"] == table["us_level"][run, max(0, day - 27) : day + 1].max()
        assert record["rung"] == table["rung"][run, day]
        assert record["date"] == day


def test_the_evenings_looked_at_are_those_promised(seen):
    last = (SCENARIO.end - SCENARIO.start).days
    weekly, before, quiet = (seen[(seen["why"] & why) > 0] for why in (WEEKLY, BEFORE, QUIET))
    assert set(weekly["day"]) == {6, 13, 20}
    assert (weekly["day"] + AHEAD <= last).all()
    assert ((weekly["until"] > 0) | (weekly["until"] == -1)).all()
    assert ((before["until"] >= 1) & (before["until"] <= AHEAD)).all()
    for run in np.unique(before["run"]):
        mine = before[before["run"] == run]
        assert sorted(mine["until"]) == [*range(1, min(AHEAD, mine["until"][0] + mine["day"][0]) + 1)]
    assert ((quiet["until"] > AHEAD) | (quiet["until"] == -1)).all()
    assert (quiet["run"] % 4 == 0).all()
    assert (np.unique(quiet["run"], return_counts=True)[1] == AHEAD).all()


def test_tasks_hold_every_run_once_and_company_changes_nothing(seen):
    tasks = watches(SCENARIO, 2_500, AHEAD, "prior")
    assert [(task.first, task.runs) for task in tasks] == [(0, 1000), (1000, 1000), (2000, 500)]
    few = watch(watches(SCENARIO, 30, AHEAD, "prior")[0])
    assert few.tobytes() == seen[seen["run"] < 30].tobytes()


# How it is scored


def test_the_area_is_the_share_of_pairs_ranked_rightly():
    rng = np.random.default_rng(1)
    positive = rng.random(200) < 0.3
    score = (rng.poisson(2, 200) + positive).astype(np.int16)
    above = score[positive][:, None] > score[~positive]
    equal = score[positive][:, None] == score[~positive]
    found = ranking(score, positive, np.arange(200, dtype=np.int32))
    assert found.area == pytest.approx((above + equal / 2).mean())
    assert found.parts.sum() == pytest.approx(0, abs=1e-12)
    assert found.above(found) == (0, 0, 0)


def test_the_interval_of_an_area_holds_it_as_often_as_it_says():
    """Rows of 10 alike evenings. Of 200 intervals, 178 or fewer would hold the truth once in 3,000 trials at 95%."""
    held, truth = 0, 0.7602  # of normal scores that lie one apart: Phi(1 / sqrt 2)
    for seed in range(200):
        rng = np.random.default_rng(seed)
        rows = np.repeat(np.arange(60, dtype=np.int32), 10)
        positive = np.repeat(rng.random(60) < 0.5, 10)
        score = np.repeat(rng.normal(size=60), 10) + positive
        low, high = ranking(score, positive, rows).interval
        held += low <= truth <= high
    assert held > 178


def test_a_share_counts_rows_not_evenings():
    rows = np.repeat(np.arange(40, dtype=np.int32), 25)
    alike = np.repeat(np.arange(40) < 10, 25)
    mixed = np.tile(np.arange(25) % 4 == 0, 40)
    wide, narrow = share(alike, rows), share(mixed, rows)
    assert wide.value == 0.25
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)
    # Wilson's interval of 10 of 40, with Student's t for 39 degrees of freedom, 2.0227, and 39 trials.
    assert (wide.low, wide.high) == pytest.approx((0.1382, 0.4093), abs=0.0003)
    assert share(np.zeros(50, bool), rows[:50]).high == pytest.approx(1 - 0.025**0.5)


def test_the_best_threshold_has_most_hits_beyond_false_alarms():
    score = np.array([0, 1, 2, 3, 3, 4, 5])
    positive = np.array([False, False, False, True, False, True, True])
    found = curve(score, positive)
    assert found.best == 3
    assert found.hits[found.thresholds == 3] == 1
    assert found.false[found.thresholds == 3] == 0.25


def evenings(rng: np.random.Generator, weight: float, count: int = 4_000) -> np.ndarray:
    """Weekly evenings at random, of which `weight` decides how far attacks foretell what comes."""
    records = np.zeros(count, RECORD)
    records["run"] = np.arange(count)
    records["row"], records["why"] = records["run"] // 25, WEEKLY
    for name in OBSERVABLES:
        records[name] = rng.poisson(3, count)
    odds = weight * (records["attacks_14"] - 3.0) - 1.5
    comes = rng.random(count) < 1 / (1 + np.exp(-odds))
    records["until"] = np.where(comes, 10, -1)
    eve = records[comes].copy()
    eve["why"], eve["until"] = BEFORE, 1
    return np.concatenate([records, eve])


def test_a_sign_that_foretells_is_found_and_its_alarm_judged():
    found = findings_of(evenings(np.random.default_rng(1), 0.8), 30, "direct")
    assert found.estimates["best"] == "attacks_14"
    table = found.tables["signs"].set_index("sign")
    assert table.loc["attacks_14", "auc_low"] > 0.7
    assert table.loc["attacks_14", "over_date_low"] > 0.1
    assert table.loc["attacks_14", "precision"] > found.estimates["base"]["value"] + 0.1
    assert "attacks in the last 14 days" in found.estimates["verdict"]
    others = table.drop(["together", "attacks_14"])
    # Of 19 areas of 0.5 with 95% intervals, 5 or more would exclude it by luck in 3 of 1,000 cases.
    assert ((others["auc_low"] > 0.5) | (others["auc_high"] < 0.5)).sum() < 5


def test_where_nothing_foretells_it_is_said():
    """The best of 21 where it is chosen, judged elsewhere: told as a sign in 2.5% of cases; the seed is fixed."""
    found = findings_of(evenings(np.random.default_rng(4), 0.0), 30, "direct")
    assert found.estimates["verdict"] == NOTHING
    assert found.estimates["together_over_best"]["low"] < 0


def test_too_few_spirals_are_told_and_give_empty_tables():
    records = evenings(np.random.default_rng(1), 0.0)
    records = records[records["why"] == WEEKLY]
    records["until"] = -1
    found = findings_of(records, 30, "direct")
    assert found.estimates["verdict"] == TOO_FEW
    assert len(found.tables["signs"]) == 0


def test_hits_and_days_of_warning_are_counted_by_spirals():
    """Two spirals with an alarm 3 and 5 days ahead, one with none; one quiet stretch of two with an alarm."""
    rows = []
    for run, alarms in enumerate([{3, 1}, {5, 4}, set()]):
        rows += [(run, BEFORE, until, int(until in alarms)) for until in range(1, 7)]
    rows += [(3 + k, QUIET, -1, int(k == 0 and day == 2)) for k in range(2) for day in range(6)]
    rows += [(9, WEEKLY, 4, 1), (9, WEEKLY, -1, 0), (10, WEEKLY, -1, 1), (10, WEEKLY, -1, 0)]
    records = np.zeros(len(rows), RECORD)
    for record, (run, why, until, alarm) in zip(records, rows, strict=True):
        record["run"], record["row"], record["why"], record["until"] = run, 2 * run + 1, why, until
        record["attacks_7"] = alarm
    _, judged = halves(records, 6)
    signs = [Sign("attacks_7", 1, 1.0, 0.5), Sign("date", 1, 1.0, 0.5)]
    row = sign_table(signs, judged).to_dict("records")[0]
    assert row["hit_rate"] == pytest.approx(2 / 3)
    assert row["quiet_rate"] == 0.5
    assert (row["lead_q25"], row["lead_median"], row["lead_q75"]) == (3, 3, 5)
    assert (row["hit_evenings"], row["false_alarms"], row["precision"]) == (1, pytest.approx(1 / 3), 0.5)
    assert row["alarm"] == "1 or more"
    assert lead_text(row, 5) == "3 [3, 5+]"


def test_the_way_a_sign_warns_is_chosen_where_it_is_searched_for():
    records = evenings(np.random.default_rng(2), 0.8)
    records["since_attack"] = 30 - records["attacks_14"]
    searched, judged = halves(records, 30)
    assert set(searched.records["row"] % 2) == {0}
    assert set(judged.records["row"] % 2) == {1}
    signs = {sign.name: sign for sign in choose(searched)}
    assert (signs["since_attack"].way, signs["attacks_14"].way) == (-1, 1)
    assert signs["since_attack"].threshold == -(30 - signs["attacks_14"].threshold)


def test_all_signs_together_find_the_weights_that_made_the_data():
    rng = np.random.default_rng(1)
    records = evenings(rng, 0.0, 20_000)
    x, y = (np.log1p(records[name].astype(float)) for name in ("killed_14", "wounded_28"))
    positive = rng.random(len(records)) < 1 / (1 + np.exp(2 - 1.5 * x + 1.0 * y))
    model = fit(records, positive, ("killed_14", "wounded_28"))
    # Standard errors of the weights are 0.04 or less.
    assert model.weights[1:] / model.scale == pytest.approx([1.5, -1.0], abs=0.16)


# The command


def test_what_is_printed_drawn_and_kept(spiral, here):
    options = ("--set", SHORT, "--runs", "1000", "--ahead", "10")
    code, out, err = spiral("warnings", "october-2023", *options, "--full")
    assert (code, err) == (0, "")
    folder = here / "results" / "october-2023-warnings"
    assert {"signs.csv", "curve.csv"} <= {f.name for f in folder.iterdir()}
    assert {f.suffix for f in (folder / "figures").glob("warnings.*")} == {".png", ".svg", ".csv"}
    with style():
        check_heads(drawings(open_answer(folder)))
    assert "attacks_7" in out
    code, out, err = spiral("warnings", "october-2023", *options, "--json", "--no-figures")
    assert (code, err) == (0, "")
    found = json.loads(out)
    again = in_memory(Warnings(SCENARIO, "prior", 1_000, 10), Execution(2))
    table = again.signs
    assert table["sign"].tolist() == [sign["sign"] for sign in found["tables"]["signs"]]
    assert again.verdict == found["verdict"]
    assert table["auc"].to_numpy() == pytest.approx([sign["auc"] for sign in found["tables"]["signs"]])
    assert table.attrs["units"]["precision"] == "share of evenings under alarm"


def test_from_python_what_is_out_of_range_is_refused():
    for runs, ahead, said in ((5, 5, "runs = 5"), (500, 0, "ahead = 0"), (500, 60, "60 days")):
        with pytest.raises(InputError, match=said):
            Warnings(SCENARIO, "prior", runs, ahead)
    with pytest.raises(InputError, match="rows = 5"):
        Discover(SCENARIO, "prior", 5)


def test_a_world_without_spirals_is_told_and_drawn(spiral, here):
    calm = ("us.level_4_base=-12", "us.ceiling=-6", "us.pressure_killed=0", "iran.answer=-30", SHORT)
    settings = [word for value in calm for word in ("--set", value)]
    code, out, err = spiral("warnings", "october-2023", *settings, "--runs", "500", "--ahead", "5")
    assert (code, err) == (0, "")
    assert TOO_FEW in out
    assert (here / "results" / "october-2023-warnings" / "figures" / "warnings.png").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--ahead", "0"), "--ahead: 0 must be a whole number from 1"),
        (("--ahead", "300"), "--ahead: 300 days; october-2023 lasts 289 days, so that at most 282 days"),
        (("--ahead", "soon"), "--ahead: soon must be a whole number"),
        (("--runs", "400"), "--runs: 400 must be a whole number from 500 to 100,000"),
        (("--ahead", "2", "--set", "end=2023-10-20"), "lasts 4 days, so that nothing can be looked ahead"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(spiral, here, options, said):
    code, out, err = spiral("warnings", "october-2023", *options, "--full")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not (here / "results").exists()
