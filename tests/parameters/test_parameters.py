"""The registry: every number has a unit, a range, a prior and a reason; and rows drawn from it."""

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

from sim.evidence import load_evidence
from sim.parameters import GROUPS, REGISTRY, Parameter, Prior, couplings, in_group
from sim.scenario import load_scenario
from sim.scenario.given import fixed_by
from sim.simulate.parameter_draws import (
    PARAMETERS,
    RUNS_PER_ROW,
    default_rows,
    name_item,
    prior_rows,
    rows_of_runs,
)

EVIDENCE = load_evidence()
BASES = ("reported", "derived", "calibrated", "assumed")
every_parameter = pytest.mark.parametrize("p", REGISTRY.values(), ids=str)
every_prior = pytest.mark.parametrize("p", [p for p in REGISTRY.values() if p.prior], ids=lambda p: p.name)
MANY = 20_000
ROWS = prior_rows(np.arange(MANY), 11, {})


def law(prior: Prior):
    """The same prior in scipy, not truncated."""
    if prior.family == "beta":
        return stats.beta(prior.first, prior.second)
    if prior.family == "normal":
        return stats.norm(prior.first, prior.second)
    return stats.lognorm(prior.second, scale=prior.first)


def column(rows: np.ndarray, name: str) -> np.ndarray:
    group, key = name.split(".")
    return np.asarray(rows[group][key])


# What each parameter must say


@pytest.mark.parametrize("p", REGISTRY.values(), ids=lambda p: p.name)
class TestEach:
    def test_its_name_is_its_place(self, p: Parameter):
        assert REGISTRY[p.name] is p
        assert p.group in GROUPS
        assert in_group(p.group)[p.key] is p

    def test_it_has_a_unit_and_a_meaning(self, p: Parameter):
        assert p.unit.strip()
        assert len(p.meaning) > 15
        assert not p.meaning.endswith(".")

    def test_it_has_a_basis(self, p: Parameter):
        assert p.basis in BASES
        if p.basis in ("reported", "derived"):
            assert p.facts
        if p.basis == "assumed":
            assert len(p.rests_on) > 15

    def test_the_facts_it_cites_exist_and_have_a_source(self, p: Parameter):
        assert len(set(p.facts)) == len(p.facts)
        for fact in p.facts:
            assert EVIDENCE.facts[fact].source in EVIDENCE.sources

    def test_its_default_is_within_its_range(self, p: Parameter):
        assert math.isfinite(p.low)
        assert math.isfinite(p.high)
        assert p.low < p.high
        assert p.low <= p.default <= p.high

    def test_only_a_constant_has_no_prior(self, p: Parameter):
        assert (p.prior is None) == (p.fixed is not None)
        if p.prior is None:
            assert p.interval() == (p.fixed, p.fixed)

    def test_what_switches_it_off_is_within_its_range_and_belongs_to_a_mechanism(self, p: Parameter):
        assert (p.off is None) == (p.mechanism is None)
        if p.off is not None:
            assert p.low <= p.off <= p.high


def test_the_record_covers_the_registry_and_nothing_else():
    keeps = {n.replace("_half_life", "_keep") for n in REGISTRY if n.endswith("_half_life")}
    assert keeps
    in_record = {f"{g}.{key}" for g in PARAMETERS.names for key in PARAMETERS[g].names}
    assert in_record == set(REGISTRY) | keeps
    assert all(PARAMETERS[g][key] == np.float64 for g in PARAMETERS.names for key in PARAMETERS[g].names)


@pytest.mark.parametrize("name", [n for n in REGISTRY if n.endswith("_half_life")])
def test_a_half_life_has_its_keep(name):
    for rows in (default_rows({}), ROWS[:50]):
        keep = column(rows, name.replace("_half_life", "_keep"))
        assert keep ** column(rows, name) == pytest.approx(0.5)


def test_couplings_are_the_values_at_which_mechanisms_are_off():
    everything = couplings()
    assert everything == {p.name: p.off for p in REGISTRY.values() if p.off is not None}
    mechanisms = {p.mechanism for p in REGISTRY.values() if p.mechanism}
    parts = [couplings(m) for m in sorted(mechanisms)]
    assert all(parts)
    assert sum(len(part) for part in parts) == len(everything)
    assert couplings("revenge", "doubt") == {**couplings("revenge"), **couplings("doubt")}
    assert couplings("revenge") == {
        "militia.revenge": 0.0, "militia.intent_anger": 0.0, "militia.trigger": 0.0,
    }  # fmt: skip


# Priors


@every_prior
def test_the_central_90_percent_of_a_prior_is_within_the_range_without_truncating(p):
    low, high = law(p.prior).ppf([0.05, 0.95])
    assert p.low <= low < high <= p.high
    assert p.interval() == pytest.approx((low, high), rel=0.2, abs=0.02 * (high - low))


@every_prior
def test_the_default_is_the_median_of_the_prior(p):
    truncated = float(p.prior.quantile(0.5, p.low, p.high))
    low, high = p.interval()
    assert p.default == pytest.approx(truncated, abs=0.02 * (high - low))


@every_prior
def test_the_quantile_inverts_the_truncated_distribution(p):
    u = np.concatenate([[1e-9, 1e-4], np.linspace(0.01, 0.99, 99), [1 - 1e-4, 1 - 1e-9]])
    values = p.prior.quantile(u, p.low, p.high)
    assert (np.diff(values) > 0).all()
    assert (values >= p.low).all()
    assert (values <= p.high).all()
    full = law(p.prior)
    inside = full.cdf(p.high) - full.cdf(p.low)
    assert (full.cdf(values) - full.cdf(p.low)) / inside == pytest.approx(u, rel=1e-6, abs=1e-11)


@pytest.mark.parametrize(
    ("prior", "text"),
    [
        (Prior("lognormal", 2.0, 0.6), "LN(2, 0.6)"),
        (Prior("normal", 0.0, 1.0), "N(0, 1)"),
        (Prior("beta", 3.0, 5.0), "Beta(3, 5)"),
    ],
)
def test_quantiles_without_a_range_are_those_of_scipy(prior, text):
    assert str(prior) == text
    u = np.linspace(0.001, 0.999, 301)
    assert prior.quantile(u) == pytest.approx(law(prior).ppf(u), rel=1e-9, abs=1e-12)


def test_a_narrow_range_truncates_and_does_not_pile_up_at_its_ends():
    values = Prior("normal", 0.0, 1.0).quantile((np.arange(1000) + 0.5) / 1000, 0.5, 1.0)
    assert len(np.unique(values)) == 1000
    assert 0.5 < values.min() < 0.501
    assert 0.999 < values.max() < 1.0


# Rows


@every_prior
def test_draws_are_inside_the_range_and_follow_the_prior(p):
    draws = column(ROWS, p.name)
    assert (draws >= p.low).all()
    assert (draws <= p.high).all()
    full = law(p.prior)
    inside = full.cdf(p.high) - full.cdf(p.low)
    u = (full.cdf(draws) - full.cdf(p.low)) / inside
    # Kolmogorov-Smirnov: P(sqrt(n) D > 2.6) = 2 exp(-2 * 2.6^2) = 2.7e-6 a parameter
    assert math.sqrt(MANY) * stats.kstest(u, "uniform").statistic < 2.6


def test_draws_of_different_parameters_are_independent():
    names = [p.name for p in REGISTRY.values() if p.prior]
    ranks = np.array([column(ROWS, n).argsort().argsort() for n in names], dtype=float)
    z = np.corrcoef(ranks) * math.sqrt(MANY)
    # |z| < 5.5 for some 3,000 pairs: false alarm 3,000 * 3.8e-8 = 1e-4
    assert np.abs(z[np.triu_indices(len(names), 1)]).max() < 5.5


def test_a_row_is_the_same_whenever_it_is_drawn():
    picked = np.array([19_999, 3, 3, 512, 0])
    assert prior_rows(picked, 11, {}).tobytes() == ROWS[picked].tobytes()
    assert prior_rows(np.array([3]), 12, {}).tobytes() != ROWS[3:4].tobytes()


def test_row_numbers_above_32_bits_have_rows_of_their_own():
    rows = prior_rows(np.array([0, 2**32, 2**33, 2**58]), 11, {})
    assert len(np.unique(rows["militia"]["tempo"])) == 4


@pytest.mark.parametrize(
    "name", ["militia.tempo", "us.readiness", "iran.war_fear_half_life", "engagement.killed_cap"]
)
def test_fixing_one_parameter_changes_it_alone(name):
    value = 7.0 if "half_life" in name or "cap" in name else 0.5
    rows = prior_rows(np.arange(40), 11, {name: value})
    for other in REGISTRY:
        expected = np.full(40, value) if other == name else column(ROWS, other)[:40]
        assert (column(rows, other) == expected).all()


def test_adding_a_parameter_changes_no_others_draws(monkeypatch):
    smaller = {n: p for n, p in REGISTRY.items() if n not in ("militia.tempo", "iran.answer_size")}
    monkeypatch.setattr("sim.simulate.parameter_draws.REGISTRY", smaller)
    rows = prior_rows(np.arange(40), 11, {})
    for name in smaller:
        assert (column(rows, name) == column(ROWS, name)[:40]).all()
    assert (column(rows, "militia.tempo") == 0).all()


def test_a_constant_is_the_same_in_all_rows():
    for p in REGISTRY.values():
        if p.prior is None:
            assert (column(ROWS, p.name) == p.fixed).all()


def test_default_rows_hold_defaults_but_for_what_is_fixed():
    row = default_rows({"us.readiness": 2.0, "us.pressure_half_life": 5.0})
    assert row.shape == (1,)
    for name, p in REGISTRY.items():
        expected = {"us.readiness": 2.0, "us.pressure_half_life": 5.0}.get(name, p.default)
        assert column(row, name)[0] == expected
    assert row[0].us.pressure_keep == pytest.approx(0.5 ** (1 / 5))


def test_a_scenario_fixes_what_it_names():
    given = [
        "us.readiness=1.5",
        "militia.tempo=3",
        "engagement.gets_through=0.5",
        "iraq.lobby=0",
        "iran.answer=-6",
    ]
    fixed = fixed_by(load_scenario("october-2023", given))
    assert fixed == {
        "us.readiness": 1.5, "militia.tempo": 3.0, "engagement.gets_through": 0.5, "iraq.lobby": 0.0,
        "iran.answer": -6.0,
    }  # fmt: skip
    assert fixed_by(load_scenario("october-2023")) == {}


def test_a_row_serves_a_block_of_runs():
    assert RUNS_PER_ROW == 25
    runs = np.array([0, 24, 25, 49, 50, 2**62], np.uint64)
    assert rows_of_runs(runs).tolist() == [0, 0, 1, 1, 2, 2**62 // 25]


def test_item_numbers_are_24_bits_and_stable():
    assert all(0 <= name_item(n) < 2**24 for n in REGISTRY)
    # FNV-1a of 32 bits of "a" is e40c292c: folded, e4 into the lower 24 bits
    assert name_item("a") == 0xE4 ^ 0x0C292C


def test_parameters_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        REGISTRY["militia.tempo"].low = 0.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        REGISTRY["militia.tempo"] = None  # type: ignore[index]
