"""The particle filter against a case whose answer is known, and its lineages against the worlds they lead to."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import stats

from sim.inference.conditioning import condition
from sim.inference.filter import replayed, run_filter, stages_of, systematic
from sim.inference.fitting import fit_of, posterior_of_fit
from sim.inference.islands import carry_out_island, islands_of
from sim.inference.observation import Record, Report, log_likelihood
from sim.inference.observation.reading import shipped_record
from sim.inference.problem import Problem
from sim.inference.space import LAG, space_of, table_of
from sim.parameters import REGISTRY, couplings
from sim.scenario import load_scenario
from sim.simulate.job import make_job, simulate, with_posterior
from tests.sizes import small_and_full

START = datetime.date(2023, 10, 17)
DATES = [START + datetime.timedelta(days=d) for d in (7, 14, 23)]
COUNTS = [14, 30, 41]  # cumulative
DAYS = [8, 7, 9]
SHAPE, RATE = 4.0, 2.0  # of the gamma prior of the tempo: mean 2 a day
FREE_OF_CAUSES = {
    **couplings(), "militia.gaza": 0.0, "militia.lebanon": 0.0, "militia.shock_sd": 0.0, "militia.stand_down": 0.0,
    "militia.arsenal": 5000.0,
}  # fmt: skip
"""Parameters under which attacks are a Poisson process of rate `militia.tempo`: no cause moves it, none stands down."""

SMALL, FULL = (12, 2_000), (40, 4_000)  # islands, and particles of each
sizes = pytest.mark.parametrize("size", small_and_full(SMALL, FULL), ids=["small", "full"])


def poisson_scenario():
    """Militias that no capacity holds back."""
    capacities = [
        f"actors.militias.{m}.capacity=30"
        for m in ("kataib-hizbollah", "harakat-al-nujaba", "asaib-ahl-al-haq", "badr")
    ]
    return load_scenario("october-2023", ["end=2023-11-20", *capacities])


@pytest.fixture(scope="module")
def scene():
    segment = make_job(poisson_scenario(), "prior", FREE_OF_CAUSES).segments[-1]
    reports = tuple(Report("attacks", START, date, count) for date, count in zip(DATES, COUNTS, strict=True))
    conditioning = condition(segment, START, Record("counts", START, reports), DATES[-1])
    return segment, conditioning


def tempo_table(segment, number: int, particles: int):
    """Rows whose tempo is drawn from the gamma prior, all else fixed."""
    space = space_of(segment, only=("militia.tempo",))
    tempo = np.random.Generator(np.random.Philox([17, number])).gamma(SHAPE, 1.0 / RATE, particles)
    columns = {**space.fixed_columns(particles), "militia.tempo": tempo}
    table, lags = table_of(columns, particles)
    return tempo, table, lags


def islands(scene, size: tuple[int, int], stages=None):
    """Evidence, and posterior mean and variance of the tempo, from every island."""
    segment, conditioning = scene

    def one(number: int):
        tempo, table, lags = tempo_table(segment, number, size[1])
        found = run_filter(conditioning, segment.setting, 5, 2**49 + number * 2**20, table, lags, stages)
        w, x = found.particles.weights, tempo[found.particles.rows]
        return found.log_evidence, w @ x, w @ x**2

    with ThreadPoolExecutor(2) as pool:
        return np.array([*pool.map(one, range(size[0]))])


def combined(found: np.ndarray):
    """Evidence, mean and mean square, each with the standard error of islands that are weighed by their evidence."""
    z = np.exp(found[:, 0] - found[:, 0].max())
    evidence = found[:, 0].max() + np.log(z.mean())
    evidence_error = z.std(ddof=1) / z.mean() / np.sqrt(len(z))
    values, errors = [], []
    for column in (1, 2):
        mean = (z * found[:, column]).sum() / z.sum()
        values.append(mean)
        errors.append(np.sqrt(((z * (found[:, column] - mean)) ** 2).sum()) / z.sum())
    return (evidence, evidence_error), (values[0], errors[0]), (values[1], errors[1])


def known(exact: bool):
    """The same by quadrature over the tempo: gamma prior, Poisson counts, the observation model."""
    grid = np.linspace(1e-4, 12.0, 20_001)
    prior = stats.gamma.pdf(grid, SHAPE, scale=1.0 / RATE)
    likelihood = np.ones_like(grid)
    counts = np.arange(0, 150)
    for days, value in zip(DAYS, np.diff([0, *COUNTS]), strict=True):
        seen = (
            (counts == value)
            if exact
            else np.exp(log_likelihood(Report("attacks", START, START, value), counts.astype(float)))
        )
        likelihood *= stats.poisson.pmf(counts[None, :], grid[:, None] * days) @ seen
    density = prior * likelihood
    evidence = np.trapezoid(density, grid)
    mean, square = (np.trapezoid(density * grid**k, grid) / evidence for k in (1, 2))
    return np.log(evidence), mean, square


def loss(size: tuple[int, int]) -> float:
    """How much larger standard errors are than at full size."""
    return float(np.sqrt(np.prod(FULL) / np.prod(size)))


@sizes
def test_the_filter_finds_the_known_posterior(scene, size):
    """Evidence, mean and mean square within 4 standard errors of all islands: a false alarm of 6e-5 each."""
    found = combined(islands(scene, size))
    for (value, error), truth in zip(found, known(exact=False), strict=True):
        assert abs(value - truth) < 4 * error
        assert error < 0.05 * loss(size)


@sizes
def test_counts_without_error_give_the_conjugate_gamma(scene, monkeypatch, size):
    """With exact counts the posterior is Gamma(4 + 41, 2 + 24), the evidence a product of negative binomials."""
    monkeypatch.setattr("sim.inference.observation.model.COUNT_SD", 1e-3)
    conjugate = stats.gamma(SHAPE + COUNTS[-1], scale=1.0 / (RATE + sum(DAYS)))
    truth = known(exact=True)
    assert truth[1:] == pytest.approx((conjugate.mean(), conjugate.moment(2)), rel=1e-4)
    found = combined(islands(scene, size))
    for (value, error), expected in zip(found, truth, strict=True):
        assert abs(value - expected) < 4 * error
    assert found[1][1] < 0.03 * loss(size)


@sizes
def test_stages_only_save_work(scene, size):
    """Weighed at every date or at the end alone, the evidence is the same, within 4 standard errors of both."""
    (staged, error), *_ = combined(islands(scene, size))
    (whole, other), *_ = combined(islands(scene, size, stages=(0,)))
    assert abs(staged - whole) < 4 * np.hypot(error, other)
    assert error < other


def test_systematic_resampling_is_fair():
    weights = np.array([0.5, 0.3, 0.15, 0.05])
    for u in (0.001, 0.4, 0.999):
        taken = np.bincount(systematic(weights, 40, u), minlength=4)
        assert np.all(np.abs(taken - 40 * weights) < 1)
    often = [np.bincount(systematic(weights, 3, u), minlength=4) for u in (np.arange(1_000) + 0.5) / 1_000]
    assert np.mean(often, axis=0) == pytest.approx(3 * weights, abs=2e-3)


@pytest.fixture(scope="module")
def fitted():
    """A small fit of the baseline: two islands, moved in the end and not."""
    problem = Problem(load_scenario("october-2023"), shipped_record(), datetime.date(2023, 11, 17))
    plain, again = (
        np.concatenate([carry_out_island(i) for i in islands_of(problem, 1, 60, moves)]) for moves in (0, 12)
    )
    return problem, plain, again


@pytest.mark.parametrize("which", [1, 2])
def test_every_particle_replays(fitted, which):
    """Rows and lineage alone bring back the worlds of the as-of date, counted to the same numbers, moved or not."""
    problem, rows = fitted[0], fitted[which]
    posterior = posterior_of_fit(fit_of(problem, rows), len(rows))
    job = with_posterior(make_job(load_scenario("october-2023", ["end=2023-11-17"]), "prior"), posterior)
    runs = np.arange(len(rows), dtype=np.uint64) * np.uint64(25)
    outcome = np.asarray(simulate(job, runs))["outcome"]
    last = len(problem.conditioning.kept) - 1
    names = [*problem.space.names, *(f"run_{stage}" for stage in range(len(posterior.stages)))]
    counted = ("attacks_iraq", "attacks_syria", "wounded")
    by_key = {tuple(r[name] for name in names): [r[f"{c}_{last}"] for c in counted] for r in rows}
    for k in range(len(rows)):
        key = (*(posterior.columns[name][k] for name in problem.space.names), *posterior.lineage[k])
        assert [outcome[k][c] for c in counted] == by_key[key]
    assert np.all(outcome["killed"] == 0)
    assert np.all(outcome["strikes"][:, 1] == 3)


def test_moves_in_the_end_part_particles_and_leave_the_evidence(fitted):
    _, plain, again = fitted
    assert 0.05 < again["moves_taken"][0] < 0.9
    assert np.array_equal(plain["row"], again["row"])
    assert np.mean(plain["militia.tempo"] == again["militia.tempo"]) < 0.5
    assert np.mean(plain["run_0"] == again["run_0"]) < 1.0  # the luck moves too
    assert np.array_equal(plain["log_evidence"], again["log_evidence"])


def test_a_past_lived_again_weighs_the_same(scene):
    """Without resampling, the weights of a filter are those of its lineage lived again."""
    segment, conditioning = scene
    _, table, lags = tempo_table(segment, 0, FULL[1])
    found = run_filter(conditioning, segment.setting, 5, 2**52, table, lags, (0,)).particles
    again = replayed(conditioning, segment.setting, 5, table, lags, found.lineage, (0,))
    assert np.array_equal(found.log_weights, again.log_weights)
    assert np.array_equal(found.values, again.values)


def test_the_poisson_case_leaves_nothing_else_to_act():
    """Mean attacks a day are the tempo, and counts have the variance of a Poisson process; 4 standard errors."""
    job = make_job(poisson_scenario(), "default", FREE_OF_CAUSES)
    outcome = np.asarray(simulate(job, np.arange(4_000, dtype=np.uint64)))["outcome"]
    counts = outcome["attacks_iraq"] + outcome["attacks_syria"] + outcome["attacks_jordan"]
    mean = REGISTRY["militia.tempo"].default * job.days
    assert abs(counts.mean() - mean) < 4 * np.sqrt(mean / 4_000)
    assert counts.var() == pytest.approx(mean, rel=4 * np.sqrt(2 / 4_000))
    assert LAG not in REGISTRY


def test_stages_end_with_reports_and_not_with_strikes():
    problem = Problem(load_scenario("october-2023"), shipped_record(), datetime.date(2023, 11, 17))
    assert stages_of(problem.conditioning) == (0, 5, 8, 14)
