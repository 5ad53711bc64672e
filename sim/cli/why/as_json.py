"""What `spiral why --json` gives: plain values for one run, or for many."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import Any

from sim.experiments.why.changes import Alteration, smallest_stops
from sim.experiments.why.deeds import NO_SPIRAL, Removal, removals_of, spiral_day
from sim.experiments.why.ranking import Ranking
from sim.experiments.why.snippet import snippet
from sim.experiments.why.tipping import Tipping, smallest_tip, tippings
from sim.replay.deeds import deed_text
from sim.replay.replay import Replay
from sim.scenario import Scenario
from sim.simulate.job import Job


def run_dict(played: Replay) -> dict[str, Any]:
    """All that is found of one run."""
    scenario = played.job.scenario
    day = spiral_day(played.outcome, scenario)
    spiralled = day != NO_SPIRAL
    about = _about(played.job) | {
        "run": played.run,
        "spiralled": spiralled,
        **_when(scenario, day, "spiral_"),
    }
    if spiralled:
        removals = [_removal(removal, scenario) for removal in removals_of(played)]
        stops = [_alteration(each, scenario) for each in smallest_stops(played)]
        return about | {"deeds": removals, "changes_that_stop_it": stops}
    found = tippings(played)
    smallest = smallest_tip(found)
    return about | {
        "would_have_tipped_it": [_tipping(kind, scenario) for kind in found],
        "smallest": None if smallest is None else _alteration(smallest, scenario),
    }


def ranking_dict(found: Ranking, job: Job) -> dict[str, Any]:
    """The ranking of kinds of deed over many runs."""
    ranks = [asdict(rank) | {"share": rank.share.as_dict()} for rank in found.ranks]
    return _about(job) | {
        "runs": found.runs,
        "spirals": found.spirals,
        "kinds": ranks,
        "hung_on_nothing_single": None if found.nothing is None else found.nothing.as_dict(),
        "hung_on_nothing_before_the_last_step": None
        if found.nothing_before is None
        else found.nothing_before.as_dict(),
    }


def _about(job: Job) -> dict[str, Any]:
    return {
        "scenario": job.scenario.name,
        "random_seed": job.random_seed,
        "parameters": job.parameters,
        "headline": job.scenario.headline,
    }


def _when(scenario: Scenario, day: int, what: str = "") -> dict[str, Any]:
    """A day by its index and its date; null where it never came to that."""
    if day == NO_SPIRAL:
        return {f"{what}day": None, f"{what}date": None}
    date = scenario.start + datetime.timedelta(days=day)
    return {f"{what}day": day, f"{what}date": date.isoformat()}


def _removal(removal: Removal, scenario: Scenario) -> dict[str, Any]:
    deed = removal.deed
    return _when(scenario, deed.day) | {
        "actor": deed.actor,
        "kind": deed.kind,
        "text": deed_text(deed, scenario),
        "level": deed.level or None,
        "place": deed.place or None,
        "killed": deed.killed,
        "days_before": removal.lead,
        "last_step": removal.last_step,
        "hung_on": removal.necessary,
        **_when(scenario, removal.otherwise, "without_it_spiral_"),
    }


def _alteration(each: Alteration, scenario: Scenario) -> dict[str, Any]:
    return _when(scenario, each.day) | {
        "steps": each.size,
        "change": each.text,
        "last_step": each.last_step,
        "interventions": snippet(each.action, scenario),
    }


def _tipping(kind: Tipping, scenario: Scenario) -> dict[str, Any]:
    tips = [
        _alteration(tip, scenario) | _when(scenario, day, "spiral_")
        for tip, day in zip(kind.tips, kind.spirals, strict=True)
    ]
    return {"kind": kind.kind, "days_tried": kind.tried, "days_that_tip": len(tips), "tips": tips}
