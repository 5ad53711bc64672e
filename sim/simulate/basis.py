"""What an answer rests on: what was fitted, up to when, and in what a scenario is not what was fitted."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.state import DRIVERS
from sim.parameters import REGISTRY
from sim.scenario import Scenario
from sim.scenario.countries import about_iran
from sim.scenario.differences import deed_text
from sim.scenario.imposed import imposed_spirals
from sim.simulate.job import FITTED, OF_ONES_OWN, Job, NoPosterior, Parameters, make_job
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.posterior import Fit, load_fit, plain_setting, shipped
from sim.simulate.segment import Segment
from sim.wording import day_text

MOST_NAMED = 2
"""Actions that are named one by one before an answer."""

NAMES = {
    "start": "its start",
    "orders": "what is imposed in the days that were fitted",
    "history": "its history after them",
    "militias": "its militias",
    "sites": "its sites",
    "reference": "its reference day",
    "countries": "its countries",
    "drivers": "its outside drivers",
    "priors": "its ranges of parameters",
    "reference_class": "its reference class",
}


def basis_of(scenario: Scenario, parameters: Parameters) -> dict[str, Any]:
    """What an answer about a scenario rests on, as plain values.

    Returns
    -------
    dict
        `scenario`; `parameters`; `known_until`, the last day that fitted parameters are informed of, None where they
        are not fitted; `past`, whether its first days are those that were fitted; `differs`, in what it is not what
        was fitted; `imposed`, what of its spirals it imposes, by name; and `told`, all of that as lines to be said
        first, after its own caution, whose draws and class it takes and what its parent imposes and it does not; none
        where there is nothing to say.
    """
    job = make_job(scenario, parameters)
    differs = _differs(job)
    imposed = {name: str(found) for name, found in imposed_spirals(scenario).items()}
    known = None if job.posterior is None else job.posterior.known_until
    return {
        "scenario": scenario.name,
        "parameters": parameters,
        "known_until": None if known is None else known.isoformat(),
        "past": job.past_is_led,
        "differs": differs,
        "imposed": imposed,
        "told": [
            *([scenario.caution] if scenario.caution else []),
            *_told_draws(job),
            *_told_dropped(scenario),
            *_told(job, differs),
            *_told_class(scenario),
            *_told_imposed(scenario),
        ],
    }


def rests_on_record(job: Job) -> bool:
    """Whether what was fitted lies in a scenario's past as it was fitted, so that it may speak of that record."""
    return job.posterior is not None and job.past_is_led and not _differs(job)


def _differs(job: Job) -> list[str]:
    """In what a scenario is not what was fitted; empty where nothing was asked for that is fitted."""
    if job.parameters in OF_ONES_OWN:
        return []
    first = make_job(job.scenario).segments[0]
    if job.parameters == "prior":
        return [_whose(name, job.scenario) for name in _unlike_any(job.scenario, first)]
    if job.parameters not in FITTED:
        return []
    assert job.posterior is not None
    posterior = job.posterior
    found = posterior.unlike(first)
    if posterior.informed_until is not None and job.scenario.start > posterior.informed_until:
        found.append("history")  # it starts after all that is known, with another past than that
    if not job.past_is_led and not found:
        found.append("orders")
    return found


def _unlike_any(scenario: Scenario, first: Segment) -> list[str]:
    """In what no shipped fit is of such a scenario; empty where one is, and was not wanted."""
    try:
        make_job(scenario, "posterior")
    except NoPosterior:
        fits = {name: load_fit(home) for name, home in shipped().items()}
        usual = [fit for fit in fits.values() if not fit.fixed]
        return _unlike_setting(usual[0], first) if usual else []
    return []


def _unlike_setting(fit: Fit, segment: Segment) -> list[str]:
    """What of militias, sites, reference day and priors is not what was fitted."""
    one = np.asarray(segment.setting)[0]
    own, other = plain_setting(segment.setting), fit.setting
    ends = len(DRIVERS)
    first = len(one["militias"].dtype.names) * int(one["militia_count"])
    last = ends + len(one["sites"].dtype.names) * int(one["site_count"])
    found = []
    if not _same(own[:first], other[:first]):
        found.append("militias")
    if not _same(own[-last:-ends], other[-last:-ends]) or (len(own) != len(other) and not found):
        found.append("sites")
    if not _same(own[-ends:], other[-ends:]):
        found.append("reference")
    return [*found, *segment.unlike, *(["priors"] if segment.priors else [])]


def _whose(name: str, scenario: Scenario) -> str:
    """Priors that follow from a reference class alone are no ranges that somebody gave."""
    return "reference_class" if name == "priors" and not scenario.priors else name


def _same(one: list[float], other: list[float]) -> bool:
    return len(one) == len(other) and np.allclose(one, other, rtol=1e-12)


def _told_class(scenario: Scenario) -> list[str]:
    """Episodes between the United States and Iran say little of other governments: they may be left out."""
    of = scenario.reference_class
    if about_iran(scenario.countries) or of.class_ == "none" or not of.weight:
        return []
    return [
        f"The priors of its last step are informed by the reference class {of.class_}, of other governments than its "
        "own; `reference_class: {class: none, weight: 0}` leaves that out."
    ]


def _told(job: Job, differs: list[str]) -> list[str]:
    if not differs:
        return []
    unlike = _listed([NAMES.get(name, f"its {name}") for name in differs])
    if job.posterior is None:
        return [
            f"Not what was fitted, by {unlike}: parameters are drawn from their priors, and no record speaks of it."
        ]
    known = day_text(job.posterior.known_until)
    if "start" in differs:
        rest = "which is not in its past"
    elif not job.past_is_led:
        rest = "whose days it does not live through as they were"
    else:
        rest = f"whose days it lives through as they were up to {day_text(job.posterior.as_of)} only"
    return [
        f"Not what was fitted, by {unlike}: only its parameters are fitted, to a record up to {known}, {rest}."
    ]


def others_of(job: Job) -> int:
    """How many parameters are neither in the draws of an analyst's own, nor fixed, nor constants of the model."""
    last = job.segments[-1]
    given = {**last.fixed, **({} if job.scenario.draws is None else job.scenario.draws.columns)}
    unsure = {
        name for name, parameter in REGISTRY.items() if parameter.prior is not None
    } | last.priors.keys()
    return len(unsure - given.keys())


def _told_draws(job: Job) -> list[str]:
    """Of whose draws an answer is, and what becomes of the parameters that these say nothing of."""
    draws = job.scenario.draws
    if draws is None:
        return []
    wanted = -(-job.scenario.runs // RUNS_PER_ROW)
    taken = f"{draws.rows:,}" if wanted >= draws.rows else f"The first {wanted:,} of {draws.rows:,}"
    others = others_of(job)
    at = "at their defaults" if job.parameters == "draws-default" else "drawn from their priors"
    told = f"{others} others {at}" if others > 1 else f"1 other {at.replace('their', 'its')[:-1]}"
    rest = f"; {told}" if others else ""
    runs = f"{job.scenario.runs:,} runs"
    again = "" if wanted <= draws.rows else f", which come again with other chance until {runs} are made"
    return [f"{taken} draws of {draws.file}'s own{again}{rest}."]


def _told_dropped(scenario: Scenario) -> list[str]:
    """What the scenario's parent imposes and it does not, since a list replaces the inherited one."""
    dropped = scenario.lineage.dropped
    if not dropped:
        return []
    named = "; ".join(
        f"{action.actor} {deed_text(action)}, {day_text(action.span[0])}"
        for _, action in dropped[:MOST_NAMED]
    )
    more = f"; and {len(dropped) - MOST_NAMED} more" if len(dropped) > MOST_NAMED else ""
    return [
        f"Not imposed, unlike in {dropped[0][0]}, since a list of actions takes the place of the inherited one: "
        f"{named}{more}."
    ]


def _told_imposed(scenario: Scenario) -> list[str]:
    found = imposed_spirals(scenario).get(scenario.headline)
    return [] if found is None else [f"The headline is imposed by {found.source} on {day_text(found.date)}."]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
