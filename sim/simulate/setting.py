"""What a scenario fixes for all its runs, as the record that the engine reads."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.core.elementwise import exps
from sim.core.state import DRIVERS, SETTING
from sim.scenario import militia_id
from sim.scenario.countries import number_of
from sim.scenario.outside import OF_THE_MODEL, own_weights, weighed

if TYPE_CHECKING:
    from sim.scenario import Militia, Scenario, Site

PAST_ALL = 2.0
"""More than any uniform number."""


def setting_of(scenario: Scenario) -> np.ndarray:
    """What a scenario fixes, as a record array of one.

    Militias stand by identifier and sites by country and name, so that the order in which a scenario lists them
    changes nothing.
    """
    setting = np.zeros(1, SETTING)
    s = setting[0]
    s["militia_count"], s["site_count"] = len(scenario.actors.militias), len(scenario.sites)
    for record, (name, militia) in zip(s["militias"], militias_in_order(scenario).items(), strict=False):
        record["actor_id"] = militia_id(name)
        for field in ("share", "autonomy", "stake", "reach", "capacity"):
            record[field] = getattr(militia, field)
    for record, site in zip(s["sites"], sites_in_order(scenario).values(), strict=False):
        record["country"], record["defence"] = number_of(scenario.countries, site.country), site.defence
        record["share"] = site.weight * site.troops
    for theatre in (s["sites"]["country"] == 0, s["sites"]["country"] > 0):
        s["sites"]["share"][theatre] /= math.fsum(s["sites"]["share"][theatre])
    _follows_from_sites(s)
    slots = slots_of(scenario)
    for driver in DRIVERS:
        s["reference"][driver] = getattr(scenario.reference, slots[driver]) if driver in slots else 0.0
    s["others_stance"] = others_weigh(scenario, "stance")
    spirals = scenario.spirals
    s["window"] = scenario.ladder.window
    s["direct_rung"], s["reciprocal_rung"] = spirals.direct.rung, spirals.reciprocal.rung
    s["war_days"] = scenario.ladder.war_days
    return setting.view(np.recarray)


def _follows_from_sites(s: np.void) -> None:
    """Write what follows from the sites, see `sim.core.state.SETTING`."""
    last = s["site_count"] - 1
    s["stops"] = exps(s["sites"]["defence"])
    for name, here in (
        ("host_up_to", s["sites"]["country"] == 0),
        ("others_up_to", s["sites"]["country"] > 0),
    ):
        s[name] = np.cumsum(np.where(here, s["sites"]["share"], 0.0))
        s[name][last:] = PAST_ALL


def militias_in_order(scenario: Scenario) -> dict[str, Militia]:
    """Militias of a scenario by identifier."""
    return dict(sorted(scenario.actors.militias.items(), key=lambda item: militia_id(item[0])))


def sites_in_order(scenario: Scenario) -> dict[str, Site]:
    """Sites of a scenario: those in the host first, so that one uniform picks the country and then the site."""
    countries = scenario.countries
    return dict(
        sorted(scenario.sites.items(), key=lambda item: (number_of(countries, item[1].country), item[0]))
    )


def slots_of(scenario: Scenario) -> dict[str, str]:
    """Names of a scenario's drivers by the engine's own; one that is missing stays at 0, as does its reference."""
    return weighed(scenario.drivers) | {name: name for name in OF_THE_MODEL}


def others_weigh(scenario: Scenario, on: str) -> float:
    """What the drivers whose weights are fixed add on the reference day, in log odds.

    Parameters
    ----------
    scenario : Scenario
    on : 'press' or 'stance'
    """
    drivers = own_weights(scenario.drivers)
    return math.fsum(getattr(one, on) * getattr(scenario.reference, name) for name, one in drivers.items())
