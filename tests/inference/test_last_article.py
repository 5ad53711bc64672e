"""Fitted particles taken on through what the last article tells: what weighs, what does not, and what is kept.

Seeds are fixed. Tolerances are four standard errors: passed by chance in 6 of 100,000 cases.
"""

import datetime
import math
from dataclasses import replace

import numpy as np
import pytest

from sim.core.state import FREE
from sim.inference import last_article
from sim.inference.article import EVE, Seen, Step, told_of
from sim.inference.events import COMMANDER, FEW, FIRST_DEATH, JULY, PAUSE_ENDS
from sim.inference.filter import systematic
from sim.inference.fitting import CollapseError, fit_of, posterior_at, posterior_of_fit
from sim.inference.foresight import KEPT, counts_at
from sim.inference.islands import carry_out_island, islands_of
from sim.inference.last_article import live_on, through_last_article
from sim.inference.observation.model import COLUMNS
from sim.inference.observation.reading import shipped_record
from sim.inference.problem import AS_OF, Problem
from sim.parameters import REGISTRY, blind_priors, only
from sim.scenario import load_scenario
from sim.simulate import posterior as posteriors
from sim.simulate.job import Job, NoPosterior, check_posteriors, make_job, simulate, with_posterior
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.posterior import load_posterior, write_posterior
from sim.simulate.setting import militias_in_order, sites_in_order

BASELINE = load_scenario("october-2023")
ROWS, GROUPS, EACH = 40, 6, 4_000
DAY = datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def fit():
    problem = Problem(BASELINE, shipped_record(), AS_OF, blind=True)
    return fit_of(problem, np.concatenate([carry_out_island(i) for i in islands_of(problem, 2, 200)]))


@pytest.fixture(scope="module")
def went_on(fit):
    return through_last_article(fit, ROWS, 2, GROUPS, EACH)


@pytest.fixture(scope="module")
def later(went_on):
    return went_on[1]


@pytest.fixture
def shipped(fit, later, tmp_path, monkeypatch):
    """Both posteriors made here are the ones that are shipped."""
    first = posteriors_of(fit)
    write_posterior(first, tmp_path / "first", {})
    write_posterior(later, tmp_path / "later", {})
    monkeypatch.setattr(posteriors, "shipped", lambda: {"october-2023": tmp_path / "first"})
    monkeypatch.setattr(posteriors, "shipped_later", lambda: {"october-2023": tmp_path / "later"})
    return load_posterior(tmp_path / "first"), load_posterior(tmp_path / "later")


def posteriors_of(fit):
    return posterior_of_fit(fit, ROWS)


def free_job(fit, taken):
    """Runs of these particles, with the deaths and nothing else imposed after their past."""
    base = posterior_at(fit, taken)
    segment = replace(fit.problem.segment, timeline=told_of(base).timeline)
    return Job(BASELINE, (segment,), "posterior", base.random_seed, base, True)


def days_to(date):
    return (date - BASELINE.start).days + 1


def by_name(outcomes, name):
    return outcomes[:, :, KEPT.index(name)]


def one_of_each_row():
    return np.arange(ROWS, dtype=np.uint64) * np.uint64(RUNS_PER_ROW)


# What is imposed


def test_three_die_at_the_day_and_place_and_nothing_else_is_imposed(fit) -> None:
    base = posteriors_of(fit)
    told = told_of(base)
    day = (FIRST_DEATH - BASELINE.start).days
    militia = list(militias_in_order(BASELINE)).index("kataib-hizbollah")
    site = list(sites_in_order(BASELINE)).index("tower-22")
    assert told.orders == ((day, militia, 1, site, 3, FREE),)
    days = told.timeline[base.days :]
    assert told.end == load_scenario("july-2024").start - DAY
    assert (days["deaths"] == 0).all()  # nobody dies besides, and that says nothing
    for name in ("level", "place", "press", "answer"):
        assert (days[name] == FREE).all()
    assert (days["level_limit"] == 4).all()
    ordered = days["orders"]["attacks"] != FREE
    assert [tuple(map(int, at)) for at in zip(*np.nonzero(ordered), strict=True)] == [
        (day - base.days, militia)
    ]
    for name in ("level", "place", "deaths"):
        assert told.timeline[name][: base.days].tolist() == base.steered[name]


# What weighs


def test_what_is_estimated_step_by_step_is_what_plain_runs_come_to(fit, went_on) -> None:
    """Up to 7 February; the error is of the plain share over rows, and of the groups' scatter."""
    job = free_job(fit, systematic(fit.weights, 320, 0.5))
    runs, until = np.arange(320 * RUNS_PER_ROW, dtype=np.uint64), days_to(COMMANDER)
    level_3 = by_name(counts_at(job, runs, [days_to(EVE), until])[1], "strikes_level_3")
    segment = job.segments[0]
    short = replace(job, segments=(replace(segment, timeline=segment.timeline[:until]),))
    outcome = np.asarray(simulate(short, runs))["outcome"]
    came = (level_3[:, 1] > level_3[:, 0]) & (outcome["strikes"][:, 4] == 0) & (outcome["avowed"] == 0)
    rows = came.reshape(-1, RUNS_PER_ROW).mean(1)
    share, error = rows.mean(), rows.std(ddof=1) / math.sqrt(len(rows))
    early = went_on[2].iloc[:3]
    found = float(early["probability"].prod())
    spread = found * math.sqrt(float(((early["error"] / early["probability"]) ** 2).sum()))
    assert abs(found - share) < 4 * math.hypot(error, spread)


def test_particles_that_agree_gain_weight(fit, monkeypatch) -> None:
    """A step that only quiet worlds agree with: rows that are quiet in runs of their own are left."""
    quiet = Step("few attacks", (), EVE, lambda s: s.by[EVE]["attacks"] < np.median(s.by[EVE]["attacks"]))
    monkeypatch.setattr(
        last_article, "facts_up_to", lambda end: (quiet, replace(quiet, last=end, agrees=always))
    )
    after, _, table = through_last_article(fit, ROWS, 1, 2, 4_000)
    assert table["probability"].iloc[0] == pytest.approx(0.5, abs=0.05)
    job = free_job(fit, np.arange(len(fit.rows)))
    values, _ = counts_at(job, np.arange(len(fit.rows) * RUNS_PER_ROW, dtype=np.uint64), [days_to(EVE)])
    attacks = values[:, 0, :3].sum(1).reshape(-1, RUNS_PER_ROW).mean(1)
    assert np.corrcoef(after.weights / fit.weights, attacks)[0, 1] < -0.7
    assert after.weights.sum() == pytest.approx(1.0)
    assert after.effective <= fit.effective


def always(seen: Seen) -> np.ndarray:
    return np.ones(len(next(iter(seen.by.values()))["attacks"]), bool)


def test_where_no_particle_agrees_it_is_told_which_fact_is_too_improbable(fit, monkeypatch) -> None:
    never = Step("pigs fly", (), EVE, lambda s: s.by[EVE]["attacks"] < 0)
    monkeypatch.setattr(last_article, "facts_up_to", lambda end: (never, replace(never, last=end)))
    with pytest.raises(CollapseError, match="by 2024-01-27: pigs fly") as raised:
        through_last_article(fit, ROWS, 1, 2, 200)
    assert "\n" not in str(raised.value)


def test_the_number_of_threads_changes_nothing(fit) -> None:
    one, two = (through_last_article(fit, ROWS, threads, 2, 4_000) for threads in (1, 2))
    assert np.array_equal(one[0].weights, two[0].weights)
    assert np.array_equal(one[1].lineage, two[1].lineage)
    assert one[0].log_evidence == two[0].log_evidence < fit.log_evidence


def test_priors_are_blind_to_what_is_to_weigh(fit) -> None:
    free = fit.problem.space.priors
    for name, prior in blind_priors().items():
        if name in free:
            assert free[name][0] == prior != REGISTRY[name].prior
    assert any(name in free for name in blind_priors())


# What is kept


def test_every_row_replays_a_past_in_which_all_of_it_came_true(later) -> None:
    job = with_posterior(make_job(load_scenario("july-2024")), later)
    assert job.past_is_led
    past = replace(job, segments=job.segments[:1])
    dates = (EVE, COMMANDER, PAUSE_ENDS, JULY, later.as_of)
    values, outcomes = counts_at(past, one_of_each_row(), [days_to(date) for date in dates])
    attacks, wounded = values[:, :, :3].sum(2), values[:, :, COLUMNS.index("wounded")]
    killed = values[:, :, COLUMNS.index("killed")]
    level_3 = by_name(outcomes, "strikes_level_3")
    assert (killed == [0, 3, 3, 3, 3]).all()
    assert (by_name(outcomes, "strikes_level_4") == 0).all()
    assert (by_name(outcomes, "direct") < 0).all()  # nor an answer that Iran avows
    assert (level_3[:, 1] > level_3[:, 0]).all()
    assert (attacks[:, 2] - attacks[:, 1] <= FEW).all()
    assert (attacks[:, 3] > attacks[:, 2]).all()
    assert (wounded[:, 3] == wounded[:, 2]).all()


def test_worlds_go_on_from_there_with_luck_of_their_own(later) -> None:
    job = with_posterior(make_job(load_scenario("july-2024")), later)
    same_row = np.arange(RUNS_PER_ROW, dtype=np.uint64)
    worlds = np.asarray(simulate(job, same_row))
    assert (worlds["past"]["runs"] == worlds["past"]["runs"][0]).all()
    assert len(np.unique(worlds["us"]["credibility"])) > 1


def test_up_to_the_stem_it_is_the_past_of_the_fit(fit, later) -> None:
    short, base = later.up_to_stem(), posteriors_of(fit)
    assert (short.as_of, short.known_until, later.known_until) == (AS_OF, later.as_of, later.as_of)
    assert short.stages == base.stages == later.stages[: len(base.stages)]
    assert short.steered == base.steered
    assert np.array_equal(short.lineage, later.lineage[:, : len(base.stages)])
    assert short.drivers == base.drivers
    assert base.up_to_stem() is base
    job = with_posterior(make_job(load_scenario("october-2023", [f"end={AS_OF}"])), later)
    assert job.past_is_led
    worlds = np.asarray(simulate(job, one_of_each_row()))
    assert (worlds["outcome"]["strikes"][:, 1] == 3).all()
    assert (worlds["outcome"]["killed"] == 0).all()


def test_another_history_has_only_the_first_part_of_the_past(later) -> None:
    july = load_scenario("july-2024")
    assert later.unlike(make_job(july).segments[0]) == []
    other = load_scenario("july-2024", ["history.actions.5.place=iraq"])
    assert later.unlike(make_job(other).segments[0]) == ["history"]
    job = with_posterior(make_job(other), later)
    assert job.past_is_led
    assert job.posterior.as_of == AS_OF
    assert job.segments[0].timeline["level"].tolist().count(3) == 2  # its own history is imposed


# Which is taken


@pytest.mark.parametrize(
    ("name", "known", "led"),
    [
        ("october-2023", AS_OF, AS_OF), ("tower-22", AS_OF, AS_OF), ("restraint-doctrine", AS_OF, AS_OF),
        ("july-2024", None, None), ("hizbollah-war", None, None), ("withdrawal", None, None),
    ],
)  # fmt: skip
def test_a_scenario_takes_what_is_known_when_it_starts(shipped, name, known, led) -> None:
    _, later = shipped
    job = make_job(load_scenario(name), "posterior")
    assert job.past_is_led
    assert job.posterior.known_until == (known or later.as_of)
    assert job.posterior.as_of == (led or later.as_of)


def test_what_is_held_otherwise_is_held_after_the_past_alone(shipped) -> None:
    """Switched off in all of it the past would be another, and nothing that is told would have come about in it."""
    job = make_job(load_scenario("july-2024"), "posterior", {"us.commitment": 0.0, "us.readiness": 6.0})
    assert job.segments[0].fixed == {}
    assert job.segments[1].fixed == {"us.commitment": 0.0, "us.readiness": 6.0}
    usual = make_job(load_scenario("july-2024"), "posterior")
    pasts = [
        np.asarray(simulate(replace(one, segments=one.segments[:1]), one_of_each_row()))["outcome"]
        for one in (usual, job)
    ]
    assert np.array_equal(*pasts)
    early = make_job(load_scenario("tower-22"), "posterior", {"us.readiness": 6.0})
    assert early.segments[0].fixed == {"us.readiness": 6.0}


def test_a_rival_takes_its_own_where_only_the_baseline_has_a_later_one(
    shipped, fit, tmp_path, monkeypatch
) -> None:
    pack = only("deterrence only")
    own = replace(posteriors_of(fit), name="deterrence-only", fixed=pack)
    write_posterior(own, tmp_path / "pack", {})
    both = {"october-2023": tmp_path / "first", "deterrence-only": tmp_path / "pack"}
    monkeypatch.setattr(posteriors, "shipped", lambda: both)
    job = make_job(load_scenario("july-2024"), "posterior", pack)
    assert (job.posterior.name, job.posterior.known_until) == ("deterrence-only", AS_OF)
    assert make_job(load_scenario("july-2024"), "posterior").posterior.known_until > AS_OF


def test_the_other_can_be_asked_for(shipped) -> None:
    _, later = shipped
    job = make_job(load_scenario("october-2023"), "last-article")
    assert (job.parameters, job.past_is_led) == ("last-article", True)
    assert (job.posterior.known_until, job.posterior.as_of) == (later.as_of, AS_OF)
    assert job.posterior.columns["militia.tempo"].tolist() == later.columns["militia.tempo"].tolist()


def test_scenarios_that_know_different_things_are_not_compared_unless_both_are_given_the_same(
    shipped,
) -> None:
    both = [load_scenario(name) for name in ("october-2023", "july-2024")]
    with pytest.raises(NoPosterior, match="october-2023 takes what is known up to 2023-11-17, and july-2024"):
        check_posteriors(both)
    check_posteriors(both, "last-article")


def test_where_none_is_shipped_none_is_taken(shipped, monkeypatch) -> None:
    monkeypatch.setattr(posteriors, "shipped_later", dict)
    assert make_job(load_scenario("july-2024"), "posterior").posterior.known_until == AS_OF
    with pytest.raises(NoPosterior):
        make_job(load_scenario("july-2024"), "last-article")


def test_a_group_that_dies_out_leaves_nothing(fit, monkeypatch) -> None:
    never = Step("pigs fly", (), EVE, lambda s: s.by[EVE]["attacks"] < 0)
    monkeypatch.setattr(last_article, "facts_up_to", lambda end: (never, replace(never, last=end)))
    job = free_job(fit, np.arange(10))
    lived = live_on(job, told_of(job.posterior).end, (0, np.zeros(10, np.int64)))
    assert (len(lived.rows), len(lived.lineage), lived.shares.tolist()) == (0, 0, [0.0, 0.0])
