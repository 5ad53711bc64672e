"""Excitation and inhibition: estimates and intervals from a table of acts, their words, their output."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from sim.api import feeding as feeding_from_python
from sim.cli.why.feeding import as_object, feeding_command
from sim.core.offspring import KINDS
from sim.experiments.why.excitation import parts_of, range_over_rows
from sim.experiments.why.feeding import FEWEST_NEAR, Feeding, feeding, feeding_text
from sim.experiments.why.offspring import offspring_table
from sim.report.figures.feeding import draw, draw_feeding
from sim.scenario import load_scenario
from sim.simulate.job import make_job, simulate
from tests.report.heads import check_heads

ATTACK, IN_IRAQ, STRIKE, DIRECT, ANSWER = KINDS


def table(*acts: tuple[int, str, dict[str, int]]) -> pd.DataFrame:
    """Acts as (run, kind, offspring by kind); every run is a row of its own."""
    rows = [
        {"run": run, "row": run, "day": 1, "kind": kind, **dict.fromkeys(KINDS, 0), **brings}
        for run, kind, brings in acts
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(kind=pd.Categorical(frame["kind"], categories=list(KINDS)))


def split(acts: pd.DataFrame, clusters: np.ndarray | None = None):
    return parts_of(acts, acts["run"].to_numpy() if clusters is None else clusters, None)


@pytest.fixture(scope="module")
def baseline():
    return make_job(load_scenario("october-2023"))


def test_what_is_brought_on_and_what_is_prevented_do_not_set_each_other_off():
    acts = table((0, ATTACK, {STRIKE: 2, ATTACK: -1}), (1, ATTACK, {STRIKE: 0, ATTACK: -2}))
    found = split(acts)
    assert (found.acts, found.excitation.mean, found.inhibition.mean) == (2, 1.0, 1.5)
    assert found.bound.mean == 0.0  # strikes bring on nothing: no loop is closed


def test_parts_are_of_means_and_not_of_single_acts():
    """One act in two brings on a strike and one prevents one: on average neither happens."""
    found = split(table((0, ATTACK, {STRIKE: 1}), (1, ATTACK, {STRIKE: -1})))
    assert (found.excitation.mean, found.inhibition.mean) == (0.0, 0.0)


def test_all_acts_are_the_mean_of_their_kinds_by_their_number():
    acts = table(
        (0, ATTACK, {STRIKE: 1}), (0, ATTACK, {STRIKE: 1}), (1, ATTACK, {STRIKE: 1}),
        (1, STRIKE, {ATTACK: -2, ANSWER: 1}),
    )  # fmt: skip
    found = split(acts)
    assert found.excitation.mean == pytest.approx(3 / 4 * 1.0 + 1 / 4 * 1.0)
    assert found.inhibition.mean == pytest.approx(1 / 4 * 2.0)


def test_the_bound_of_two_kinds_that_answer_one_another_is_the_root_of_their_product():
    acts = table(
        (0, ATTACK, {STRIKE: 1}), (0, STRIKE, {ATTACK: 0}), (1, ATTACK, {STRIKE: 1}), (1, STRIKE, {ATTACK: 1})
    )
    assert split(acts).bound.mean == pytest.approx(math.sqrt(1.0 * 0.5))
    inhibited = table((0, ATTACK, {STRIKE: 1}), (0, STRIKE, {ATTACK: -1}))
    assert split(inhibited).bound.mean == 0.0


def test_an_interval_widens_with_fewer_clusters():
    brings = np.random.default_rng(3).poisson(0.5, 400)
    acts = table(*((run, ATTACK, {ATTACK: int(n)}) for run, n in enumerate(brings)))
    wide, narrow = split(acts, acts["run"].to_numpy() // 40).excitation, split(acts).excitation
    assert wide.mean == narrow.mean == pytest.approx(brings.mean())
    error = brings.std() / math.sqrt(400)  # the bootstrap's own error is a few percent of it
    assert narrow.chance[1] - narrow.chance[0] == pytest.approx(2 * 1.96 * error, rel=0.15)
    assert wide.chance != narrow.chance
    one = split(acts, np.zeros(400, int)).excitation
    assert one.chance == narrow.chance  # of one row, its runs


def rows_with(means: np.ndarray, acts_each: int, seed: int) -> pd.DataFrame:
    """Acts of rows whose means are known, with luck of variance 1 in each act; `run` goes on from act to act."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(np.arange(len(means)), acts_each)
    brings = rng.normal(means[rows], 1.0)
    acts = table(*((int(k), ATTACK, {}) for k in range(len(rows))))
    return acts.assign(row=rows).assign(**{STRIKE: brings})


def test_the_range_over_rows_is_that_of_their_means_without_their_luck():
    """Means of 1.2 to 2.8 and luck of standard deviation 0.5, which widens the raw range by 0.3 to either side."""
    means = np.linspace(1.2, 2.8, 400)
    excited, inhibited = range_over_rows(rows_with(means, 4, 1))
    # A quantile of 400 such rows has a standard error of 0.05: four of them.
    assert excited[0] == pytest.approx(np.quantile(means, 0.05), abs=0.2)
    assert excited[1] == pytest.approx(np.quantile(means, 0.95), abs=0.2)
    assert inhibited[1] < 0.15


def test_luck_alone_makes_a_small_range():
    """Rows that all bring on nothing, with luck: the raw parts would reach 0.82, the 95th percentile of N(0, 0.5)."""
    excited, inhibited = range_over_rows(rows_with(np.zeros(400), 4, 2))
    assert max(excited[1], inhibited[1]) < 0.6
    assert excited[0] == inhibited[0] == 0.0  # parts of noisy means would all lie above it


def test_rows_of_both_signs_show_in_both_ranges():
    """Net they would cancel to -0.5; luck of 0.25 is left at the far ends, by 1.64 times that at most."""
    means = np.where(np.arange(400) < 200, 2.0, -3.0)
    excited, inhibited = range_over_rows(rows_with(means, 16, 3))
    assert excited[0] == pytest.approx(0.0, abs=0.15)
    assert excited[1] == pytest.approx(2.0, abs=0.45)
    assert inhibited[1] == pytest.approx(3.0, abs=0.45)


def test_few_rows_of_parameters_give_no_range_over_them():
    assert range_over_rows(rows_with(np.ones(19), 4, 1)) is None
    assert range_over_rows(rows_with(np.ones(20), 4, 1)) is not None


def test_all_acts_are_before_the_spiral_or_from_it_on(baseline):
    found = feeding(baseline, np.arange(200, dtype=np.uint64))
    whole, before, after = (found.phases[name].acts for name in found.phases)
    assert whole == before + after == found.by_kind["acts"].sum()
    assert found.by_kind["a_run"].sum() == pytest.approx(whole / 200)
    for name in ("excitation", "inhibition"):
        for frame in (found.by_kind, found.by_day):
            assert (frame[f"{name}_low"] <= frame[name] + 1e-12).all()
            assert (frame[name] <= frame[f"{name}_high"] + 1e-12).all()
    assert found.by_day["acts"].between(FEWEST_NEAR, whole).all()
    shares = found.by_kind["acts"] / whole
    assert found.phases["all"].excitation.mean == pytest.approx((shares * found.by_kind["excitation"]).sum())


def test_the_same_runs_give_the_same_number_whatever_the_threads(baseline, monkeypatch):
    runs = np.arange(60, dtype=np.uint64)
    many = feeding(baseline, runs)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    one = feeding(baseline, runs)
    assert many.phases == one.phases
    assert many.by_day.equals(one.by_day)


def test_more_acts_than_there_was_room_for_are_all_found(baseline, monkeypatch):
    from sim.experiments.why import offspring

    runs = np.arange(50, dtype=np.uint64)
    whole = offspring_table(baseline, runs)
    monkeypatch.setattr(offspring, "ROOM", 0)
    assert offspring_table(baseline, runs).equals(whole)
    assert len(whole) > 50


def quiet() -> Feeding:
    job = make_job(load_scenario("october-2023", ["end=2023-10-17"]), "default")
    return feeding(job, np.arange(5, dtype=np.uint64))


def test_without_an_escalatory_act_it_is_unknown_and_says_so(capsys):
    found = quiet()
    assert found.phases == {}
    assert "unknown: no escalatory act in 5 runs" in feeding_text(found)
    assert json.loads(json.dumps(as_object(found)))["escalatory_acts"] == {}
    feeding_command(make_job(load_scenario("october-2023", ["end=2023-10-17"]), "default"), 5, False)
    assert capsys.readouterr().out.startswith("No escalatory act came in 5 runs")


def test_the_command_prints_kinds_and_days_and_json_holds_both_parts(baseline, capsys):
    feeding_command(baseline, 100, False)
    out = capsys.readouterr().out
    assert out.startswith("Each escalatory act of october-2023 brings on ")
    assert "lethal attack" in out
    assert "spectral radius of the excitation alone" in " ".join(out.split())
    assert "tell how far not knowing" in " ".join(out.split())
    feeding_command(baseline, 100, True)
    answer = json.loads(capsys.readouterr().out)
    assert answer["runs"] == 100
    assert set(answer["escalatory_acts"]) == {"all", "before the spiral", "from the spiral on"}
    whole = answer["escalatory_acts"]["all"]
    assert whole["excitation"]["chance"][0] <= whole["excitation"]["mean"] <= whole["excitation"]["chance"][1]
    assert whole["inhibition"]["mean"] >= 0.0
    assert whole["excitation"]["unknown"] is None


def test_it_rests_on_the_parameters_that_it_is_asked_with():
    """The scenario's own, fitted where they have been: from Python as on the command line."""
    fitted, prior = (
        feeding_from_python("october-2023", runs=25, parameters=kind) for kind in (None, "prior")
    )
    job = make_job(load_scenario("october-2023"), "posterior")
    same = feeding(job, np.arange(25, dtype=np.uint64)).by_kind
    pd.testing.assert_frame_equal(fitted, same, check_exact=True)
    assert not fitted.equals(prior)
    assert fitted.attrs["all"]["acts"] == fitted["acts"].sum()


def test_the_figure_shows_what_its_data_say(baseline, tmp_path):
    found = feeding(baseline, np.arange(100, dtype=np.uint64))
    files = draw_feeding(found, baseline, tmp_path / "new" / "figure")
    assert [f.name for f in files] == ["feeding.png", "feeding.svg", "feeding.csv"]
    data = pd.read_csv(files[2])
    assert np.allclose(data["excitation"], found.by_day["excitation"])
    middle = data[data["date"] == "2024-02-01"].iloc[0]
    assert middle["acts_a_run_and_week"] == pytest.approx(middle["acts_near"] / 100 / 29 * 7)
    drawing = draw(found, baseline)
    assert str(found.phases["all"].excitation) in drawing.subtitle
    assert str(found.phases["all"].excitation).partition(" ")[0] in drawing.title
    check_heads([drawing])
    lines = {line.get_gid(): line for line in drawing.figure.axes[0].get_lines()}
    assert np.allclose(lines["excitation"].get_ydata(), data["excitation"])
    assert np.allclose(lines["inhibition"].get_ydata(), -data["inhibition"])


def test_a_figure_of_one_day_is_drawn(tmp_path):
    """The day of Tower 22 alone: a death that is imposed, and what Washington does on the day."""
    job = make_job(load_scenario("tower-22", ["end=2024-01-28"]), "default")
    found = feeding(job, np.arange(20, dtype=np.uint64))
    assert found.phases["all"].acts >= 20
    assert len(draw_feeding(found, job, tmp_path)) == 3


def test_a_scenario_with_too_few_acts_for_any_day_is_drawn(tmp_path, baseline):
    outcomes = np.asarray(simulate(baseline, np.arange(50, dtype=np.uint64)))["outcome"]
    run = int(np.flatnonzero((outcomes["severe_day"] >= 0) & (outcomes["direct_day"] < 0))[0])
    found = feeding(baseline, np.array([run], np.uint64))
    if len(found.by_day) == 0:
        assert len(draw_feeding(found, baseline, tmp_path)) == 3
