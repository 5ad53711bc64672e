"""Rows fitted to a record: each replays its own past to the bit, and has fresh luck after it."""

import datetime
import json
from dataclasses import replace

import numpy as np
import pytest

from sim.core.state import MAX_STAGES
from sim.inference.fitting import fit_of, posterior_of_fit
from sim.inference.islands import FIRST_RUN, carry_out_island, islands_of
from sim.inference.observation import Record, Report, Strike
from sim.inference.observation.model import COLUMNS
from sim.inference.problem import Problem
from sim.mesa.model import EscalationModel
from sim.parameters import REGISTRY, couplings
from sim.pipeline.provenance import posteriors_of
from sim.replay.replay import replay
from sim.scenario import load_scenario
from sim.simulate import posterior as posteriors
from sim.simulate.job import NoPosterior, check_posteriors, lived, make_job, simulate, with_posterior
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.posterior import (
    MANIFEST,
    ROWS,
    PosteriorError,
    load_fit,
    load_posterior,
    posterior_of,
    write_posterior,
)

START, AS_OF, ROWS_KEPT = datetime.date(2023, 10, 17), datetime.date(2023, 11, 17), 40


def on(month, day):
    return datetime.date(2023, month, day)


def record():
    sums = ((on(10, 24), 10, 3), (on(10, 30), 14, 9), (on(11, 17), 29, 32))
    reports = [
        Report(series, START, last, value)
        for last, iraq, syria in sums
        for series, value in (("attacks_iraq", iraq), ("attacks_syria", syria))
    ]
    reports += [Report("wounded", START, on(10, 30), 21), Report("killed", START, AS_OF, 0)]
    strikes = tuple(Strike(on(*date), 1, "syria") for date in ((10, 27), (11, 8), (11, 12)))
    return Record("x", START, tuple(reports), strikes, AS_OF)


@pytest.fixture(scope="module")
def fit():
    problem = Problem(load_scenario("october-2023"), record(), AS_OF)
    return fit_of(problem, np.concatenate([carry_out_island(i) for i in islands_of(problem, 2, 60)]))


@pytest.fixture(scope="module")
def folder(fit, tmp_path_factory):
    made = tmp_path_factory.mktemp("posteriors") / "october-2023"
    write_posterior(posterior_of_fit(fit, ROWS_KEPT), made, {"told": 1})
    return made


@pytest.fixture(scope="module")
def fitted(folder):
    return load_posterior(folder)


@pytest.fixture
def only_this(folder, monkeypatch):
    """The posterior made here is the one that is shipped."""
    monkeypatch.setattr(posteriors, "shipped", lambda: {"october-2023": folder})


def job_of(name, fitted, *changes):
    return with_posterior(make_job(load_scenario(name, list(changes))), fitted)


def runs(*numbers):
    return np.array(numbers, np.uint64)


def one_of_each_row():
    return np.arange(ROWS_KEPT, dtype=np.uint64) * np.uint64(RUNS_PER_ROW)


def fitted_counts(fit, fitted):
    """Counts that each row of the posterior was fitted with, shape (rows, days kept, columns)."""
    space, stages = fit.problem.space.names, [f"run_{stage}" for stage in range(len(fitted.stages))]
    known = {tuple(row[name] for name in (*space, *stages)): row for row in fit.rows}
    columns = np.stack([fitted.columns[name] for name in space], axis=1)
    found = [known[(*row, *luck)] for row, luck in zip(columns, fitted.lineage, strict=True)]
    days = len(fit.problem.conditioning.kept)
    return np.array([[[row[f"{c}_{d}"] for c in COLUMNS] for d in range(days)] for row in found])


def columns_of(worlds):
    outcome = np.asarray(worlds)["outcome"]
    return {name: outcome[name].astype(float) for name in COLUMNS if name != "wounded_seen"}


# The past


def test_worlds_replay_the_past_that_was_fitted(fit, fitted):
    job = job_of("october-2023", fitted, f"end={AS_OF}")
    assert job.past_is_led
    came, expected = columns_of(simulate(job, one_of_each_row())), fitted_counts(fit, fitted)
    for name, values in came.items():
        assert np.array_equal(values, expected[:, -1, COLUMNS.index(name)]), name
    assert len(np.unique(expected[:, -1], axis=0)) > 10  # rows do differ


def test_every_day_that_was_kept_comes_back(fit, fitted):
    job, expected = job_of("october-2023", fitted), fitted_counts(fit, fitted)
    for row in (0, 7, 31):
        mornings = replay(job, row * RUNS_PER_ROW + 3).mornings
        for place, date in enumerate(fit.problem.conditioning.kept):
            for name, values in columns_of(mornings[(date - START).days + 1][None]).items():
                assert values[0] == expected[row, place, COLUMNS.index(name)]


def test_what_was_struck_and_spared_is_so_in_every_run(fitted):
    worlds = np.asarray(simulate(job_of("october-2023", fitted, f"end={AS_OF}"), one_of_each_row()))
    assert np.all(worlds["outcome"]["strikes"][:, 1] == 3)
    assert np.all(worlds["outcome"]["strikes"][:, 2:] == 0)
    assert np.all(worlds["outcome"]["killed"] == 0)


def test_the_fit_says_what_it_kept(fit):
    counts, rows = fit.counts, fit.rows
    assert counts.at == fit.problem.conditioning.kept
    assert np.array_equal(counts.values[:, -1, 0], rows[f"attacks_iraq_{len(counts.at) - 1}"])
    assert fit.weights.sum() == pytest.approx(1.0)
    assert rows["run_0"].min() >= FIRST_RUN


# Fresh luck


def test_runs_of_a_row_share_the_past_and_differ_after_it(fitted):
    job, days = job_of("october-2023", fitted), fitted.days
    one, other = replay(job, 50), replay(job, 51)
    for name in ("outcome", "militias", "us", "iraq", "iran"):
        assert np.array_equal(one.mornings[name][: days + 1], other.mornings[name][: days + 1]), name
    assert np.all(one.evenings["luck"][:days] >= FIRST_RUN)
    assert np.all(one.evenings["luck"][days:] == 50)
    assert np.all(other.evenings["luck"][days:] == 51)
    assert one.mornings["outcome"][-1] != other.mornings["outcome"][-1]


def test_rows_come_again_with_other_luck(fitted):
    job = job_of("october-2023", fitted)
    first, again = replay(job, 50), replay(job, 50 + ROWS_KEPT * RUNS_PER_ROW)
    assert first.row == again.row
    past = fitted.days + 1
    assert np.array_equal(first.mornings["outcome"][:past], again.mornings["outcome"][:past])
    assert first.mornings["outcome"][-1] != again.mornings["outcome"][-1]
    assert replay(job, 75).row != first.row


def test_a_run_is_the_same_in_any_company(fitted):
    job = job_of("october-2023", fitted)
    alone = np.asarray(simulate(job, runs(1003)))
    among = np.asarray(simulate(job, runs(5, 1003, 40, 26)))
    assert alone[0] == among[1]


def test_another_seed_keeps_the_past_and_changes_what_follows(fitted):
    jobs = [job_of("october-2023", fitted, f"random_seed={seed}") for seed in (20231017, 7)]
    first, other = (replay(job, 50) for job in jobs)
    past = fitted.days + 1
    assert first.row == other.row
    assert np.array_equal(first.mornings["outcome"][:past], other.mornings["outcome"][:past])
    assert first.mornings["outcome"][-1] != other.mornings["outcome"][-1]
    assert first.luck(0)[0] == other.luck(0)[0] == fitted.random_seed
    assert other.luck(past)[0] == 7


# All engines


@pytest.mark.parametrize("name", ["october-2023", "tower-22"])
def test_every_engine_lives_the_same_run(fitted, name):
    job = job_of(name, fitted, "end=2023-12-31" if name == "october-2023" else "end=2024-02-15")
    for run in (0, 27, 1003):
        counted = np.asarray(lived(job, runs(run)))[0]
        replayed = replay(job, run).mornings[-1]
        model = EscalationModel(job, run, collect=False)
        model.run_for(model.days)
        assert counted == replayed
        assert counted == model.world[0]


# Which scenarios share the past


@pytest.mark.parametrize(
    ("name", "shares"),
    [
        ("october-2023", True), ("tower-22", True), ("july-2024", True), ("hizbollah-war", True),
        ("restraint-doctrine", True), ("lethal-first-week", False), ("strike-in-iraq", False),
    ],
)  # fmt: skip
def test_scenarios_whose_first_days_are_those_that_were_fitted_share_them(only_this, name, shares):
    assert make_job(load_scenario(name), "posterior").past_is_led == shares


INTERVENTIONS = (
    "{date: 2023-10-25, actor: iraq, action: press, basis: assumed}",
    "{from: 2023-10-25, to: 2023-11-08, actor: iraq, action: press, forbid: true, basis: assumed}",
    "{date: 2023-11-08, actor: us, action: strike, level: 1, place: iraq, basis: assumed}",
)


@pytest.mark.parametrize("action", INTERVENTIONS)
def test_an_intervention_in_the_past_is_never_dropped(only_this, tmp_path, action):
    job = make_job(scenario_with(tmp_path, f"interventions: [{action}]"), "posterior")
    assert not job.past_is_led
    assert np.array_equal(job.segments[0].timeline, make_job(job.scenario).segments[0].timeline)


def scenario_with(folder, text):
    file = folder / "x.yaml"
    file.write_text(f"name: x\nextends: october-2023\nquestion: Is it so?\n{text}\n")
    return load_scenario(str(file))


def test_a_later_scenario_begins_from_the_fitted_past(fit, fitted):
    later = job_of("tower-22", fitted)
    baseline = job_of("october-2023", fitted)
    past = np.asarray(simulate(replace(later, segments=later.segments[:1]), runs(75)))[0]
    morning = replay(baseline, 75).mornings[later.segments[0].timeline.shape[0]]
    # What its history lays over the days after the as-of date may differ; the fitted days may not.
    short = later.segments[0].timeline[: fitted.days]
    assert np.array_equal(short["level"], fitted.steered["level"])
    assert past["past"] == morning["past"]
    assert past["outcome"]["attacks_iraq"] >= fitted_counts(fit, fitted)[3, -1, 0]


def test_scenarios_with_and_without_the_past_are_not_compared(only_this):
    both = [load_scenario(name) for name in ("october-2023", "lethal-first-week")]
    with pytest.raises(NoPosterior, match="lethal-first-week has other first days") as raised:
        check_posteriors(both)
    assert "\n" not in str(raised.value)
    check_posteriors(both[:1])
    check_posteriors(both[1:])


def test_without_the_past_the_rows_are_taken_all_the_same(fitted):
    job = job_of("lethal-first-week", fitted)
    assert not job.past_is_led
    worlds, row = np.asarray(simulate(job, runs(50))), replay(job, 50).row
    assert worlds["past"]["until"][0] == 0
    assert row["militia"]["tempo"][0] == fitted.columns["militia.tempo"][2]


def test_couplings_off_keep_the_deeds_of_the_past(only_this):
    off = couplings()
    job = make_job(load_scenario("october-2023", [f"end={AS_OF}"]), "posterior", off)
    assert job.past_is_led
    worlds = np.asarray(simulate(job, one_of_each_row()))
    assert np.all(worlds["outcome"]["strikes"][:, 1] == 3)
    assert np.all(worlds["outcome"]["killed"] == 0)
    row = replay(job, 50).row
    for name, value in off.items():
        group, key = name.split(".")
        assert row[group][key][0] == value
    assert row["militia"]["tempo"][0] == job.posterior.columns["militia.tempo"][2]


def test_a_pack_gets_its_own_where_one_is_shipped(fitted, folder, tmp_path, monkeypatch):
    pack = make_job(load_scenario("deterrence-only")).segments[0]
    own = replace(fitted, name="deterrence-only", fixed=dict(pack.fixed))
    write_posterior(own, tmp_path / "pack", {})
    monkeypatch.setattr(posteriors, "shipped", lambda: {"a": folder})
    assert posterior_of(pack, pack.fixed).name == "october-2023"
    monkeypatch.setattr(posteriors, "shipped", lambda: {"a": folder, "b": tmp_path / "pack"})
    assert posterior_of(pack, pack.fixed).name == "deterrence-only"
    base = make_job(load_scenario("october-2023")).segments[0]
    assert posterior_of(base, base.fixed).name == "october-2023"


def test_the_rows_of_those_that_are_not_used_are_not_read(fitted, folder, tmp_path, monkeypatch):
    write_posterior(replace(fitted, fixed={"us.commitment": 0.0}), tmp_path, {})
    (tmp_path / ROWS).unlink()
    monkeypatch.setattr(posteriors, "shipped", lambda: {"a": tmp_path, "b": folder})
    monkeypatch.setattr(posteriors, "shipped_later", dict)
    base = make_job(load_scenario("october-2023")).segments[0]
    assert posterior_of(base, base.fixed).digest == fitted.digest
    assert posteriors_of("posterior") == {"posteriors": {"a": load_fit(tmp_path).digest, "b": fitted.digest}}
    with pytest.raises(PosteriorError, match="holds no posterior"):
        posterior_of(base, {"us.commitment": 0.0})


def test_other_ranges_have_no_posterior(only_this, tmp_path):
    own = scenario_with(tmp_path, "priors: {militia: {tempo: {range: [1, 2]}}}")
    with pytest.raises(NoPosterior, match="no posterior is shipped") as raised:
        make_job(own, "posterior")
    assert "\n" not in str(raised.value)


def test_other_actors_have_no_posterior(only_this, tmp_path):
    numbers = "share: 0.05, autonomy: 0.5, stake: 0.5, reach: 0.0, capacity: 3"
    militia = f"{{title: New, {numbers}, basis: assumed, evidence: [militias-named]}}"
    one_more = f"actors: {{militias: {{newcomers: {militia}, kataib-hizbollah: {{share: 0.35}}}}}}"
    with pytest.raises(NoPosterior, match="no posterior is shipped"):
        make_job(scenario_with(tmp_path, one_more), "posterior")


# As a file


def test_what_is_written_is_read(fit, fitted, folder):
    made = posterior_of_fit(fit, ROWS_KEPT)
    assert fitted.rows == ROWS_KEPT
    assert (fitted.start, fitted.as_of, fitted.days) == (START, AS_OF, 32)
    assert np.array_equal(fitted.lineage, made.lineage)
    assert fitted.stages == made.stages
    for name, values in made.columns.items():
        assert np.array_equal(fitted.columns[name], values), name
    assert json.loads((folder / MANIFEST).read_text())["told"] == 1
    with_prior = {name for name, p in REGISTRY.items() if p.prior}
    assert with_prior <= set(fitted.columns) | set(fitted.fixed)


def damage(folder, tmp_path, change):
    for name in (MANIFEST, ROWS):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    change(tmp_path)
    return tmp_path


def without(key):
    def change(folder):
        told = json.loads((folder / MANIFEST).read_text())
        del told[key]
        (folder / MANIFEST).write_text(json.dumps(told))

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda f: (f / ROWS).write_bytes((f / ROWS).read_bytes()[:-40]),
        lambda f: (f / ROWS).write_bytes(b""),
        lambda f: (f / ROWS).unlink(),
        lambda f: (f / MANIFEST).unlink(),
        lambda f: (f / MANIFEST).write_text("{"),
        lambda f: (f / MANIFEST).write_text("[]"),
        lambda f: (f / MANIFEST).write_bytes(b"\xff\xfe"),
        lambda f: (f / MANIFEST).write_text((f / MANIFEST).read_text().replace("2023-11-17", "yesterday")),
        without("sha256"), without("stages"), without("fixed"), without("drivers"), without("start"),
    ],
)  # fmt: skip
def test_a_damaged_posterior_is_told_in_one_line(folder, tmp_path, change):
    with pytest.raises(PosteriorError) as raised:
        load_posterior(damage(folder, tmp_path, change))
    assert str(tmp_path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_posterior_of_another_model_is_told(fitted, tmp_path):
    fewer = {name: values for name, values in fitted.columns.items() if name != "us.readiness"}
    write_posterior(replace(fitted, columns=fewer), tmp_path, {})
    with pytest.raises(PosteriorError, match=r"without us\.readiness; fit it anew"):
        load_posterior(tmp_path)


def test_more_stages_than_a_world_can_hold_are_never_asked_for(fit):
    """A record of every day has more dates than a world has room for the luck of."""
    daily = [Report("attacks_iraq", START, START + datetime.timedelta(days=n), 2.0 * n) for n in range(30)]
    problem = replace(fit.problem, record=Record("daily", START, tuple(daily)))
    island = replace(islands_of(problem, 1, 20)[0], kept=10)
    made = posterior_of_fit(fit_of(problem, carry_out_island(island)), 10)
    assert len(made.stages) <= MAX_STAGES
    job = with_posterior(make_job(load_scenario("october-2023", [f"end={AS_OF}"])), made)
    assert len(np.asarray(simulate(job, runs(0, 30)))) == 2


def test_a_scenario_that_ends_before_the_date_lives_the_same_first_days():
    """Where a run is cut changes nothing before the cut."""
    runs = np.arange(0, 500, 25, dtype=np.uint64)
    short, whole = (
        make_job(load_scenario("october-2023", [f"end={end}"]), "posterior")
        for end in ("2023-11-03", "2023-12-03")
    )
    assert short.past_is_led
    assert whole.past_is_led
    early = np.asarray(simulate(short, runs))["outcome"]
    for k, run in enumerate(runs[:5]):
        lived = replay(whole, int(run)).mornings[short.days]
        assert lived["outcome"]["attacks_iraq"] == early["attacks_iraq"][k]
        assert lived["outcome"]["wounded"] == early["wounded"][k]
    assert np.all(early["strikes"].sum(1) == 1)
