"""What a scenario fixes for all its runs, as the record that the engine reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.core.state import COUNTRIES, DRIVERS, SETTING
from sim.scenario import militia_id

if TYPE_CHECKING:
    from sim.scenario import Militia, Scenario, Site


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
        record["country"], record["defence"] = COUNTRIES.index(site.country), site.defence
        record["share"] = site.weight * site.troops
    for theatre in (s["sites"]["country"] == 0, s["sites"]["country"] > 0):
        s["sites"]["share"][theatre] /= s["sites"]["share"][theatre].sum()
    for driver in DRIVERS:
        s["reference"][driver] = getattr(scenario.reference, driver)
    spirals = scenario.spirals
    s["window"] = scenario.ladder.window
    s["direct_rung"], s["reciprocal_rung"] = spirals.direct.rung, spirals.reciprocal.rung
    s["war_days"] = scenario.ladder.war_days
    return setting.view(np.recarray)


def militias_in_order(scenario: Scenario) -> dict[str, Militia]:
    """Militias of a scenario by identifier."""
    return dict(sorted(scenario.actors.militias.items(), key=lambda item: militia_id(item[0])))


def sites_in_order(scenario: Scenario) -> dict[str, Site]:
    """Sites of a scenario: those in Iraq first, so that one uniform picks the country and then the site."""
    return dict(sorted(scenario.sites.items(), key=lambda item: (COUNTRIES.index(item[1].country), item[0])))
