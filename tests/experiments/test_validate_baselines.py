"""Rival forecasters against what is known of them."""

import datetime

import numpy as np
import pytest
from scipy import integrate, stats

from sim.experiments.validate.baselines import KEPT, RIVALS, fit_rival, foresee
from sim.inference.observation import Record, Report
from sim.inference.observation.reading import shipped_record

START = datetime.date(2023, 10, 17)
AS_OF = datetime.date(2023, 11, 17)
DRAWS = 40_000


def record_of(total: int, days: int) -> Record:
    last = START + datetime.timedelta(days=days - 1)
    return Record("one", START, (Report("attacks", START, last, total),))


@pytest.mark.parametrize("name", RIVALS)
def test_all_are_fitted_to_the_record_and_go_on(name):
    fitted = fit_rival(name, shipped_record(), AS_OF, 7, DRAWS)
    ahead = foresee(fitted, 10, 7)
    assert ahead.shape == (KEPT, 10, 2)
    assert fitted.effective > 20
    # the record's last rate is 38 attacks in 18 days; each goes on within a factor of 1.5 of it
    assert 1.4 < ahead.sum(2).mean() < 3.2
    assert ahead[:, :, 1].sum() > ahead[:, :, 0].sum()  # the last weeks had more in Syria


def test_a_constant_rate_is_a_poisson_process_seen_through_reports():
    """Posterior mean of the rate and evidence by quadrature over the rate; four standard errors, 6e-5 each."""
    total, days = 25, 10
    record = record_of(total, days)
    fitted = fit_rival("constant rate (Poisson)", record, record.end, 3, 200_000)

    def likelihood(rate: float) -> float:
        counts = np.arange(200)
        return float((stats.poisson.pmf(counts, rate * days) * _reported(total, counts)).sum())

    prior = stats.lognorm(0.6, scale=1.6)
    evidence = integrate.quad(lambda r: prior.pdf(r) * likelihood(r), 0, 20, limit=200)[0]
    mean = integrate.quad(lambda r: r * prior.pdf(r) * likelihood(r), 0, 20, limit=200)[0] / evidence
    error = np.sqrt(0.3 / fitted.effective) + 0.5 / np.sqrt(KEPT)
    assert fitted.state.rate.mean() == pytest.approx(mean, abs=4 * error)
    assert fitted.log_evidence == pytest.approx(np.log(evidence), abs=4 * np.sqrt(1 / fitted.effective))


def _reported(value: int, counts: np.ndarray) -> np.ndarray:
    from sim.inference.observation import log_likelihood

    return np.exp(log_likelihood(Report("attacks", START, START, value), counts.astype(float)))


def test_a_hawkes_process_keeps_its_mean_rate():
    """Without a report it stays at its prior: (1 - n) r + n r = r attacks a day; four standard errors over draws."""
    empty = Record("none", START, (Report("wounded", START, AS_OF, 0),))
    fitted = fit_rival("Hawkes", empty, AS_OF, 5, 20_000)
    ahead = foresee(fitted, 30, 5).sum(2).mean(1)
    rate = fitted.state.rate
    error = (ahead - rate).std(ddof=1) / np.sqrt(len(rate))
    assert abs((ahead - rate).mean()) < 4 * error
    assert error < 0.1


def test_clustering_and_excitation_spread_counts():
    """The same mean, another spread: variance over mean of a day's count, over all draws of one rate."""
    empty = Record("none", START, (Report("wounded", START, AS_OF, 0),))
    spread = {}
    for name in RIVALS:
        fitted = fit_rival(name, empty, AS_OF, 6, 20_000)
        near = np.abs(np.log(fitted.state.rate / 1.6)) < 0.2
        sums = foresee(fitted, 20, 6).sum((1, 2))[near]
        spread[name] = sums.var() / sums.mean()
    assert spread["constant rate (Poisson)"] < 1.8  # the rate's own spread of 12% makes 1.4
    assert spread["Hawkes"] > 2 * spread["constant rate (Poisson)"]
    assert spread["constant rate (negative binomial)"] > 1.15 * spread["constant rate (Poisson)"]


def test_persistence_sees_the_last_interval_alone():
    days = [START + datetime.timedelta(days=d) for d in (9, 19)]

    def rate(first: int) -> float:
        record = Record(
            "two",
            START,
            tuple(Report("attacks", START, d, v) for d, v in zip(days, (first, first + 30), strict=True)),
        )
        return float(fit_rival("persistence", record, days[1], 8, DRAWS).state.rate.mean())

    assert rate(0) == pytest.approx(rate(40), abs=0.3)  # standard error 0.05 each
    assert rate(0) > 2.0


def test_the_same_seed_gives_the_same_draws():
    one, two = (foresee(fit_rival("Hawkes", shipped_record(), AS_OF, 9, 5_000), 5, 9) for _ in range(2))
    assert np.array_equal(one, two)
