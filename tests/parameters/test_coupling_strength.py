"""The priors that the benchmark of coupling strength tries."""

import pytest

from benchmarks.coupling_strength import NOTICE, SCALED, variants, with_scaled
from sim.parameters import REGISTRY, couplings
from sim.scenario import load_scenario
from sim.scenario.given import fixed_by, own_priors


@pytest.mark.parametrize(("median", "spread"), [(1.0, 1.0), (0.5, 1.0), (1.0, 0.25), (0.1, 0.5)])
def test_medians_and_spreads_are_scaled(median: float, spread: float) -> None:
    made = own_priors(with_scaled(load_scenario("october-2023"), SCALED, median, spread))
    assert set(made) == set(SCALED)
    for name, prior in made.items():
        shipped = REGISTRY[name].prior
        wide = spread * (median if shipped.family == "normal" else 1.0)
        assert prior.family == shipped.family
        assert (prior.first, prior.second) == pytest.approx((shipped.first * median, shipped.second * wide))


def test_couplings_off_and_no_notice_fix_what_they_say() -> None:
    scenario = load_scenario("october-2023")
    fixed = {name: fixed_by(one) for name, one in variants(scenario)}
    free = {n for n in couplings() if REGISTRY[n].prior is not None}
    plain = fixed_by(scenario)
    assert fixed["couplings off"] == {**plain, **{n: x for n, x in couplings().items() if n in free}}
    assert fixed["Washington takes no notice"] == {**plain, **dict.fromkeys(NOTICE, 0.0)}
    assert (
        fixed["Washington takes no notice, couplings off"]
        == fixed["couplings off"] | fixed["Washington takes no notice"]
    )
