"""Priors blind to the last article: each parameter that cites it has one, or a reason why not."""

import pytest

from sim.evidence import load_evidence
from sim.parameters import REGISTRY, Parameter, blind_priors
from sim.parameters.blind import BLIND, LAST_ARTICLE, RESTS_ELSEWHERE

EVIDENCE = load_evidence()
CITING = [p for p in REGISTRY.values() if any(EVIDENCE.facts[f].source == LAST_ARTICLE for f in p.facts)]
SEEING = [p for p in REGISTRY.values() if p.blind is not None]


def test_the_last_article_is_the_latest() -> None:
    published = {name: source.published for name, source in EVIDENCE.sources.items()}
    assert max(published, key=published.__getitem__) == LAST_ARTICLE


@pytest.mark.parametrize("p", CITING, ids=lambda p: p.name)
def test_what_cites_the_last_article_has_a_blind_form_or_a_reason(p: Parameter) -> None:
    assert (p.name in BLIND) != (p.name in RESTS_ELSEWHERE)
    assert p.name in BLIND or p.blind is None


@pytest.mark.parametrize("name", [*BLIND, *RESTS_ELSEWHERE])
def test_nothing_else_has_one(name: str) -> None:
    assert name in {p.name for p in CITING}


@pytest.mark.parametrize("p", SEEING, ids=lambda p: p.name)
def test_a_blind_form_is_another_prior_of_the_same_kind_and_knows_no_more(p: Parameter) -> None:
    assert p.prior is not None
    assert p.blind is not None
    assert p.blind != p.prior
    assert p.blind.family == p.prior.family
    low, high = p.interval()
    blind_low, blind_high = p.interval(prior=p.blind)
    assert p.low <= blind_low < blind_high <= p.high
    if p.prior.family == "lognormal":
        assert (
            p.blind.second > p.prior.second
        )  # of the log: what is wider by ratio may be narrower by difference
    else:
        assert blind_high - blind_low > 0.9 * (high - low)


@pytest.mark.parametrize("text", [*(b.reason for b in BLIND.values()), *RESTS_ELSEWHERE.values()])
def test_every_reason_says_something(text: str) -> None:
    assert len(text) > 15
    assert not text.endswith(".")


def test_the_registry_gives_all_of_them() -> None:
    assert blind_priors() == {name: blind.prior for name, blind in BLIND.items()}
