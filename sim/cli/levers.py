"""The parameters of a scenario as a plain list by actor: value, unit, range, basis, meaning and sources of each."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from sim.parameters import Parameter, Prior, in_group
from sim.scenario import Scenario
from sim.scenario.given import fixed_by, own_priors

TITLES = {
    "us": "Washington",
    "iraq": "Baghdad",
    "iran": "Tehran",
    "militia": "what all militias share",
    "engagement": "attacks and what they do",
}
MATTER_MOST = {
    "us": ("ceiling", "readiness", "level_4_base", "level_4_killed", "level_3_base", "level_3_killed"),
    "iraq": ("pressing", "lobby", "effectiveness"),
    "iran": ("stance_gaza", "supply", "answer", "stance_war_fear", "restraint"),
    "militia": ("tempo", "kill_intent", "provocation"),
    "engagement": ("gets_through", "lethal_harassment", "hardening"),
}
"""What an analyst sets first: the policies, and what the risk of the baseline rests on most (the sensitivity page)."""

WIDTH = 108  # of a line before it is commented out


def lever_lines(scenario: Scenario, groups: Sequence[str]) -> Iterator[str]:
    """Lines of YAML that set every parameter of some groups to the value that it has.

    Parameters
    ----------
    scenario : whose values and priors they are
    groups : of parameters, in this order
    """
    fixed, own = fixed_by(scenario), own_priors(scenario)
    for group in groups:
        yield f"  {group}: # {TITLES[group]}"
        known = in_group(group)
        first = [key for key in MATTER_MOST[group] if key in known]
        for key in (*first, *(key for key in known if key not in first)):
            parameter = known[key]
            yield from _lever(parameter, fixed.get(parameter.name), own.get(parameter.name))


def _lever(parameter: Parameter, fixed: float | None, own: Prior | None) -> Iterator[str]:
    prior = own or parameter.prior
    value = fixed if fixed is not None else parameter.default if own is None else parameter.middle_of(own)
    unit = "no unit" if parameter.unit == "1" else parameter.unit
    told = [unit, f"{parameter.low:g} to {parameter.high:g}"]
    if fixed is not None:
        told.append("set by the parent")
    elif prior is not None:
        low, high = parameter.interval(prior=prior)
        told.append(f"prior 90%: {low:.3g} to {high:.3g}")
    told.append("prior of the parent's own" if own is not None else parameter.basis)
    yield f"    {parameter.key}: {value:.4g} # {'; '.join(told)}"
    facts = f" [{', '.join(parameter.facts)}]" if parameter.facts else ""
    text = f"{parameter.meaning}{facts}"
    yield from (f"      # {line}" for line in textwrap.wrap(text, WIDTH - 8, break_on_hyphens=False))
