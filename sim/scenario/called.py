"""What a scenario says to people alone: its caution, and how it calls what another scenario has too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.scenario.countries import known as countries_of
from sim.scenario.fields import Record
from sim.scenario.outside import known as outside_of
from sim.scenario.schema import Scenario

WORDINGS = ("title", "adjective", "short", "caution")
"""Last parts of the paths of what is only said to people."""


def texts_of(scenario: Scenario, other: Scenario) -> Iterator[tuple[str, str]]:
    """What is said to people: the caution, and how that is called which two scenarios both have."""
    if scenario.caution:
        yield "caution", scenario.caution
    for group, titles in scenario.actors.titles.items():
        for key, text in titles.items():
            yield f"actors.{group}.{key}", text
    mine, others = _called(scenario), _called(other)
    for kind, members in mine.items():
        for name in [name for name in members if name in others[kind]]:
            for key in ("title", "adjective", "short"):
                if title := getattr(members[name], key, None):
                    yield f"{kind}.{name}.{key}", title


def _called(scenario: Scenario) -> dict[str, Mapping[str, Record]]:
    """What has a title of its own, by kind and name."""
    return {
        "actors.militias": scenario.actors.militias,
        "countries": countries_of(scenario.countries),
        "sites": scenario.sites,
        "drivers": outside_of(scenario.drivers),
    }
