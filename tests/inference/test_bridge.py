"""The filter with bridges: against a case whose answer is known, with rare deaths, with an outlook and without."""

import datetime
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.inference import bridge, cloud
from sim.inference.ahead import outlook
from sim.inference.bridge import Numbers, in_play, next_power, run_bridged
from sim.inference.cloud import Course, lived
from sim.inference.conditioning import condition
from sim.inference.filter import run_filter, stages_of, systematic
from sim.inference.fitting import effective_number
from sim.inference.observation import Record, Report, Strike, log_likelihood
from sim.inference.observation.model import COLUMNS, IMPOSSIBLE, LAG
from sim.inference.rejuvenation import first_width, move
from sim.inference.space import space_of, standard_normals, table_of
from sim.parameters import REGISTRY
from sim.simulate.job import make_job
from tests.inference.test_filter import COUNTS, DATES, DAYS, FREE_OF_CAUSES, START, poisson_scenario
from tests.sizes import small_and_full

SEED, TEMPO = 5, "militia.tempo"
Z = np.linspace(-6.0, 6.0, 4_001)


def course_of(record: Record, days: int, *free: str) -> Course:
    segment = make_job(poisson_scenario(), "prior", FREE_OF_CAUSES).segments[-1]
    conditioning = condition(segment, START, record, START + datetime.timedelta(days=days - 1))
    space = space_of(segment, only=free)
    return Course(conditioning, segment.setting, SEED, stages_of(conditioning), space)


@pytest.fixture(scope="module")
def counts() -> Course:
    """The Poisson case of the plain filter, of which the tempo has its log-normal prior."""
    reports = tuple(Report("attacks", START, date, count) for date, count in zip(DATES, COUNTS, strict=True))
    return course_of(Record("counts", START, reports), (DATES[-1] - START).days + 1, TEMPO)


def known() -> tuple[float, float, float]:
    """Log evidence, mean and mean square of the tempo's coordinate, by quadrature."""
    parameter = REGISTRY[TEMPO]
    tempo = parameter.prior.quantile(stats.norm.cdf(Z), parameter.low, parameter.high)
    density, total = stats.norm.pdf(Z), np.arange(0, 400)
    for days, value in zip(DAYS, np.diff([0, *COUNTS]), strict=True):
        told = np.exp(log_likelihood(Report("attacks", START, START, value), total.astype(float)))
        density = density * (stats.poisson.pmf(total[None, :], tempo[:, None] * days) @ told)
    evidence = np.trapezoid(density, Z)
    mean, square = (np.trapezoid(density * Z**k, Z) / evidence for k in (1, 2))
    return float(np.log(evidence)), float(mean), float(square)


def z_of(course: Course, numbers: Numbers, n: int) -> np.ndarray:
    return standard_normals(numbers.take(n), course.space.names, SEED)


@pytest.mark.parametrize("size", small_and_full((6, 60), (60, 200)), ids=["small", "full"])
def test_it_finds_the_known_posterior_and_its_evidence_is_unbiased(counts, size):
    """Mean of the evidence over clouds, one plan each, and means under its weights: within 4 standard errors of them.

    A false alarm of 6e-5 for each of three. Small clouds, so that a bias in the evidence of one would show.
    """
    found = []
    for k in range(size[0]):
        numbers = Numbers(2**50 + k * 2**30)
        plan = run_bridged(counts, z_of(counts, numbers, 50), numbers).plan
        done = run_bridged(counts, z_of(counts, numbers, size[1]), numbers, plan)
        z = done.cloud.z[:, 0]
        found.append((done.log_evidence, z.mean(), (z**2).mean()))
    log_z, *means = np.array(found).T
    log_evidence, *truth = known()
    ratio = np.exp(log_z - log_evidence)
    assert abs(ratio.mean() - 1.0) < 4 * ratio.std(ddof=1) / np.sqrt(len(ratio))
    for values, expected in zip(means, truth, strict=True):
        mean = (ratio * values).sum() / ratio.sum()
        error = np.sqrt(((ratio * (values - mean)) ** 2).sum()) / ratio.sum()
        assert abs(mean - expected) < 4 * error
        assert error < 0.1


def test_moves_leave_what_a_cloud_stands_for(counts):
    """Draws of the posterior by importance sampling, moved: mean and mean square stay, within 4 standard errors."""
    n, kept = 40_000, 1_500
    z = standard_normals(np.arange(n, dtype=np.uint64) + np.uint64(2**51), counts.space.names, SEED)
    table, lags = table_of(counts.space.columns(z), n)
    whole = replace(counts, stages=(0,))
    found = run_filter(counts.conditioning, counts.setting, SEED, 2**51, table, lags, (0,)).particles
    taken = systematic(found.weights, kept, 0.5)
    _, moved = lived(whole, z[found.rows[taken]], found.lineage[taken], 0)
    before, effective = z[found.rows[taken], 0], 1 / (found.weights**2).sum()
    numbers = Numbers(2**52)
    for _ in range(12):
        share = move(whole, moved, 0, 1.0, first_width(1), int(numbers.take(kept)[0]))
    after = moved.z[:, 0]
    for power in (1, 2):
        error = np.hypot((before**power).std() / np.sqrt(effective), (after**power).std() / np.sqrt(kept))
        assert abs((before**power).mean() - (after**power).mean()) < 4 * error
    assert share.parameters > 0.1
    assert np.mean(before == after) < 0.1


def test_worlds_that_cannot_be_taken_are_given_up_and_the_others_are_the_same(counts):
    numbers = Numbers(2**53)
    z = z_of(counts, numbers, 400)
    lineage = np.stack([numbers.take(400) for _ in counts.stages], axis=1)
    last = len(counts.stages) - 1
    everyone, whole = lived(counts, z, lineage, last)
    total = whole.before + whole.now
    least = np.full(400, np.median(total))
    left, some = lived(counts, z, lineage, last, least)
    assert np.array_equal(everyone, np.arange(400))
    assert 150 < len(left) < 400
    assert set(np.flatnonzero(total >= least)) <= set(left)
    assert np.array_equal((some.before + some.now), total[left])
    assert np.array_equal(some.values, whole.values[left])


CLOUDS = 14
DEATHS = ("militia.tempo", "militia.kill_intent", "engagement.gets_through", LAG)


@pytest.fixture(scope="module")
def deadly() -> Course:
    """Counts over three weeks, and two killed on a given day."""
    day = START + datetime.timedelta(days=10)
    reports = (
        Report("attacks", START, START + datetime.timedelta(days=7), 14),
        Report("killed", START, day - datetime.timedelta(days=1), 0),
        Report("killed", day, day, 2, in_retrospect=True),
        Report("attacks", START, START + datetime.timedelta(days=20), 41),
    )
    strikes = (Strike(day + datetime.timedelta(days=2), 1, "syria"),)
    return course_of(
        Record("deadly", START, reports, strikes, START + datetime.timedelta(days=20)), 21, *DEATHS
    )


def test_deaths_on_a_day_are_lived_through(deadly):
    numbers = Numbers(2**54)
    assert deadly.stages == (0, 8, 10, 11)
    planned = run_bridged(deadly, z_of(deadly, numbers, 60), numbers)
    done = run_bridged(deadly, z_of(deadly, numbers, 150), numbers, planned.plan)
    killed = done.cloud.values[:, -1, COLUMNS.index("killed")]
    assert (killed > 0).all()
    assert done.log_evidence > IMPOSSIBLE / 2
    assert planned.plan[2].tries > planned.plan[0].tries  # the day of the deaths
    before = done.cloud.values[:, deadly.conditioning.kept.index(START + datetime.timedelta(days=9))]
    assert (before[:, COLUMNS.index("killed")] == 0).all()
    assert len(np.unique(done.cloud.z[:, 0])) > 30


@pytest.mark.verification
def test_an_outlook_changes_nothing_but_the_scatter(deadly, monkeypatch):
    """Evidence with and without it, within 4 standard errors of both."""

    def evidence(first: int) -> np.ndarray:
        found = []
        for k in range(CLOUDS):
            numbers = Numbers(first + k * 2**30)
            plan = run_bridged(deadly, z_of(deadly, numbers, 60), numbers).plan
            found.append(run_bridged(deadly, z_of(deadly, numbers, 120), numbers, plan).log_evidence)
        return np.exp(np.array(found) + 20.0)

    with_it = evidence(2**55)
    monkeypatch.setattr(cloud, "outlook", lambda _, __, values: np.zeros(len(values)))
    without = evidence(2**55 + 2**40)
    error = np.hypot(with_it.std(ddof=1), without.std(ddof=1)) / np.sqrt(CLOUDS)
    assert abs(with_it.mean() - without.mean()) < 4 * error


def test_the_outlook_prefers_worlds_that_are_on_their_way(deadly):
    """Ten days gone of 20 since the 8th; of 27 attacks in 13 days about 4 in two days."""
    conditioning = deadly.conditioning
    date = START + datetime.timedelta(days=9)
    values = np.zeros((3, len(conditioning.kept), len(COLUMNS)))
    values[:, conditioning.kept.index(date), 0] = 14, 18, 60
    values[:, conditioning.kept.index(START + datetime.timedelta(days=7)), 0] = 14
    found = outlook(conditioning, date, values)
    assert (found <= 0.0).all()
    assert found[1] == max(found)
    assert found[2] < -20.0
    assert not outlook(
        conditioning, START + datetime.timedelta(days=20), values
    ).any()  # nothing is due any more
    assert not outlook(conditioning, START + datetime.timedelta(days=2), values).any()  # counts are not kept


def test_powers_keep_enough_in_play():
    rng = np.random.default_rng(1)
    likelihood = -30.0 * rng.random((500, 3))
    power, steps = 0.0, 0
    while power < 1.0:
        after = next_power(likelihood, power)
        assert after > power
        assert after == 1.0 or in_play((after - power) * likelihood) == pytest.approx(bridge.SHARE, abs=0.02)
        power, steps = after, steps + 1
    assert 2 < steps < 100
    some = np.where(rng.random((500, 1)) < 0.02, 0.0, IMPOSSIBLE)
    assert 0.0 < next_power(some, 0.0) < 1e-3  # what cannot be is left by degrees
    assert next_power(np.zeros((500, 1)), 0.0) == 1.0


def test_lucks_are_tried_until_enough_are_in_play_and_longer_for_what_is_rare():
    even, rare = np.zeros((100, 1)), np.full((100, 1), IMPOSSIBLE)
    assert bridge._more(even, 5) == 0
    assert bridge._more(rare, 5) == 1  # though all are equal
    half = np.where(np.arange(100) < 50, 0.0, -50.0)[:, None]
    assert bridge._more(half, 5) == 1
    assert bridge._more(np.repeat(half, bridge.TRY_DAYS // 5, axis=1), 5) == 0
    assert bridge._more(np.repeat(rare, bridge.TRY_DAYS // 5, axis=1), 5) > 0
    assert bridge._more(np.repeat(rare, bridge.RARE_DAYS // 5, axis=1), 5) == 0


# How many draws a fit is worth


def test_draws_of_one_family_count_as_far_as_they_were_moved_apart():
    """50 families of 40, on 60 coordinates: alike, they are 50 draws; apart, 2,000; within 4 standard errors."""
    rng = np.random.default_rng(2)
    families, w = np.repeat(np.arange(50), 40), np.full(2_000, 1 / 2_000)
    of_family, own = rng.standard_normal((50, 60))[families], rng.standard_normal((2_000, 60))
    spread = np.sqrt(2.0 / 49.0 / 60.0)  # of a mean of 60 sums of squares over 50 families
    for alike in (1.0, 0.5, 0.0):
        z = np.sqrt(alike) * of_family + np.sqrt(1.0 - alike) * own
        expected = 1.0 / (alike / 50 + (1.0 - alike) / 2_000)
        assert effective_number(z, w, families) == pytest.approx(expected, rel=4 * spread + 0.03)


def test_one_family_is_one_draw_and_weights_count():
    rng = np.random.default_rng(3)
    z = rng.standard_normal((400, 50))
    assert effective_number(z, np.full(400, 1 / 400), np.zeros(400, np.int64)) == 1.0
    w = np.r_[np.full(40, 0.9 / 40), np.full(360, 0.1 / 360)]
    expected = 1.0 / (w**2).sum()
    assert effective_number(z, w, np.arange(400)) == pytest.approx(expected, rel=0.25)
