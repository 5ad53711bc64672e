"""The reproduction number: estimates and intervals from a table of events, its words, its output."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from sim.cli.why.reproduction import as_object, reproduction_command
from sim.core.offspring import KINDS
from sim.experiments.why.reproduction import (
    Estimate,
    Reproduction,
    estimate_of,
    estimate_text,
    reproduction,
    reproduction_text,
)
from sim.report.figures.reproduction import draw, draw_reproduction
from sim.scenario import load_scenario
from sim.simulate.job import make_job, simulate

ATTACK, ANSWER = KINDS[0], KINDS[4]


def table(*events: tuple[int, str, dict[str, int]]) -> pd.DataFrame:
    """Events as (run, kind, offspring by kind)."""
    rows = [
        {"run": run, "day": 1, "kind": kind, **dict.fromkeys(KINDS, 0), **brings}
        for run, kind, brings in events
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(kind=pd.Categorical(frame["kind"], categories=list(KINDS)))


@pytest.fixture(scope="module")
def baseline():
    return make_job(load_scenario("october-2023"))


def test_two_kinds_that_answer_one_another_have_the_root_of_their_product():
    strike = KINDS[2]
    events = table(
        (0, ATTACK, {strike: 1}), (0, strike, {ATTACK: 0}), (1, ATTACK, {strike: 1}), (1, strike, {ATTACK: 1})
    )
    found = estimate_of(events, events["run"])
    assert found.number == pytest.approx(math.sqrt(1.0 * 0.5))
    assert found.events == 4
    assert 0.0 <= found.low <= found.number <= found.high <= 1.0


def test_strikes_of_all_levels_count_as_one_side():
    events = table(
        (0, ATTACK, {KINDS[1]: 1, KINDS[3]: 1}), (0, KINDS[1], {ATTACK: 1}), (0, KINDS[3], {ATTACK: 0})
    )
    assert estimate_of(events, events["run"]).number == pytest.approx(math.sqrt(2.0 * 0.5))


def test_an_interval_widens_with_fewer_clusters():
    rng = np.random.default_rng(3)
    brings = rng.poisson(0.5, 400)
    events = table(*((run, ATTACK, {ATTACK: int(n)}) for run, n in enumerate(brings)))
    wide = estimate_of(events, events["run"] // 40)
    narrow = estimate_of(events, events["run"])
    assert wide.number == narrow.number == pytest.approx(brings.mean())
    error = brings.std() / math.sqrt(400)  # the bootstrap's own error is a few percent of it
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 * error, rel=0.15)


def test_all_events_are_before_the_spiral_or_from_it_on(baseline):
    found = reproduction(baseline, np.arange(200, dtype=np.uint64))
    whole, before, after = (found.phases[name].events for name in found.phases)
    assert whole == before + after == found.by_kind["events"].sum()
    assert found.by_kind["a_run"].sum() == pytest.approx(whole / 200)
    assert (found.by_kind["low"] <= found.by_kind["brings"]).all()
    assert (found.by_kind["brings"] <= found.by_kind["high"]).all()
    assert (found.by_day["low"] <= found.by_day["high"]).all()
    assert found.by_day["events"].max() <= whole


def test_the_same_runs_give_the_same_number_whatever_the_threads(baseline, monkeypatch):
    runs = np.arange(60, dtype=np.uint64)
    many = reproduction(baseline, runs)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    one = reproduction(baseline, runs)
    assert many.phases == one.phases
    assert many.by_day.equals(one.by_day)


def test_more_events_than_there_was_room_for_are_all_found(baseline):
    """Some rows run into a daily exchange, with more events than room is made for at first."""
    from sim.experiments.why.offspring import offspring_table

    strikes = np.asarray(simulate(baseline, np.arange(2_000, dtype=np.uint64)))["outcome"]["strikes"]
    row = int(strikes[:, 3:].sum(axis=1).argmax()) // 25
    events = offspring_table(baseline, np.arange(25 * row, 25 * row + 25, dtype=np.uint64))
    busiest = events["run"].value_counts()
    assert busiest.iloc[0] > 200
    alone = offspring_table(baseline, np.array([busiest.index[0]], np.uint64))
    assert len(alone) == busiest.iloc[0]
    assert (
        alone[list(KINDS)].to_numpy().tolist()
        == events.loc[events["run"] == busiest.index[0], list(KINDS)].to_numpy().tolist()
    )


def quiet() -> Reproduction:
    job = make_job(load_scenario("october-2023", ["end=2023-10-17"]), "default")
    return reproduction(job, np.arange(5, dtype=np.uint64))


def test_without_a_severe_event_it_is_unknown_and_says_so(capsys):
    found = quiet()
    assert found.phases == {}
    assert "unknown: no severe event in 5 runs" in reproduction_text(found)
    assert json.loads(json.dumps(as_object(found)))["numbers"] == {}
    reproduction_command(make_job(load_scenario("october-2023", ["end=2023-10-17"]), "default"), 5, False)
    assert capsys.readouterr().out.startswith("No severe event came in 5 runs")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ((0.5, 0.3, 0.8), "does not feed itself"),
        ((1.5, 1.2, 1.8), "feeds itself"),
        ((1.0, 0.8, 1.2), "is open"),
    ],
)
def test_the_line_says_on_which_side_of_one_it_is(number, said):
    found = quiet()
    found.phases["all"] = Estimate(*number, events=40)
    line = reproduction_text(found)
    assert estimate_text(found.phases["all"]) in line
    assert line.endswith(said)
    assert ("does not" in line) == (number[2] < 1)


def test_the_command_prints_kinds_and_days_and_json_holds_every_day(baseline, capsys):
    reproduction_command(baseline, 100, False)
    out = capsys.readouterr().out
    assert out.startswith("Escalation reproduction number of october-2023: ")
    assert "lethal attack" in out
    assert "strike 2 in Iraq" in out
    assert "17 Oct 2023" in out
    reproduction_command(baseline, 100, True)
    answer = json.loads(capsys.readouterr().out)
    assert answer["runs"] == 100
    assert set(answer["numbers"]) == {"all", "before the spiral", "from the spiral on"}
    assert len(answer["by_day"]) > 280
    assert answer["by_day"][0]["date"].startswith("2023-10-")


def test_the_figure_shows_what_its_data_say(baseline, tmp_path):
    found = reproduction(baseline, np.arange(100, dtype=np.uint64))
    files = draw_reproduction(found, baseline, tmp_path / "new" / "figure")
    assert [f.name for f in files] == ["reproduction.png", "reproduction.svg", "reproduction.csv"]
    data = pd.read_csv(files[2])
    assert np.allclose(data["number"], found.by_day["number"])
    middle = data[data["date"] == "2024-02-01"].iloc[0]
    assert middle["events_a_run_and_week"] == pytest.approx(middle["events_near"] / 100 / 29 * 7)
    title = draw(found, baseline).title
    assert estimate_text(found.phases["all"]) in title
    assert "on average" in title


def test_a_figure_of_one_day_is_drawn(tmp_path):
    """The day of Tower 22 alone: a death that is imposed, and what Washington does on the day."""
    job = make_job(load_scenario("tower-22", ["end=2024-01-28"]), "default")
    found = reproduction(job, np.arange(20, dtype=np.uint64))
    assert found.phases["all"].events >= 20
    assert len(draw_reproduction(found, job, tmp_path)) == 3


def test_few_rows_of_parameters_give_no_range_over_them(baseline, capsys):
    short = make_job(load_scenario("october-2023", ["end=2023-12-31"]))
    few, enough = (reproduction(short, np.arange(rows * 25, dtype=np.uint64)) for rows in (19, 20))
    assert few.unknown is None
    assert enough.unknown is not None
    assert enough.unknown[0] <= enough.unknown[1]
    reproduction_command(baseline, 30, False)
    assert "too few rows of parameters" in " ".join(capsys.readouterr().out.split())
