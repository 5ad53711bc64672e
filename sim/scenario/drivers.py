"""The outside pressures of a scenario: levels between dated knots, and dated shocks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from sim.scenario.fields import Day, Problem, Record, Share, Sourced, Text, Within, refuse
from sim.scenario.outside import OF_THE_MODEL, SHIPPED, WEIGHED

MOST_TROOPS = 2.0
MOST_ENTRIES = 1000

Troops = Annotated[float, Within(0.0, MOST_TROOPS, "of those present in October 2023")]


class Drivers(Record):
    """A level of each outside pressure; those that a scenario lists itself are kept by their names."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Share]

    gaza: Annotated[Share | None, Field(description="intensity of the Gaza war")] = None
    lebanon: Annotated[Share | None, Field(description="intensity of the Israel-Hizbollah front")] = None
    diplomacy: Annotated[Share, Field(description="US diplomacy towards Baghdad")]
    talks: Annotated[Share, Field(description="talks on the withdrawal of US troops")]
    posture: Annotated[Share, Field(description="US reinforcement: carriers, air defence")]
    troops: Annotated[Troops, Field(description="US troops present, relative to October 2023")]


class Knot(Sourced):
    """The level of a driver on a day."""

    date: Day
    level: Annotated[float, Within(0.0, MOST_TROOPS), Field(description="0 to 1; troops to 2")]
    note: Text | None = None


class Shock(Sourced):
    """Something that moves a driver on a day, and wears off."""

    date: Day
    size: Annotated[float, Within(-1.0, 1.0), Field(description="added to the level on that day")]
    half_life: Annotated[
        float, Within(0.0, 3650.0, "days", above=True), Field(description="time in which it halves")
    ]
    note: Text | None = None


def _in_order(knots: tuple[Knot, ...]) -> tuple[Knot, ...]:
    if not knots:
        refuse(Problem("must hold at least one knot"))
    for index in range(1, len(knots)):
        if knots[index].date <= knots[index - 1].date:
            text = f"must be after the date of the knot before it, {knots[index - 1].date}"
            refuse(Problem(text, (index, "date")))
    return knots


def _not_too_many(value: Any) -> Any:
    if isinstance(value, list | tuple) and len(value) > MOST_ENTRIES:
        refuse(Problem(f"must hold at most {MOST_ENTRIES} entries"))
    return value


class Driver(Record):
    """A driver over time: linear between its knots, constant outside of them, plus its shocks."""

    knots: Annotated[tuple[Knot, ...], BeforeValidator(_not_too_many), AfterValidator(_in_order)]
    shocks: Annotated[tuple[Shock, ...], BeforeValidator(_not_too_many)] = ()


def _some(value: Any) -> Any:
    """No more drivers than a scenario can list, so that a file of thousands is refused at once."""
    if isinstance(value, Mapping) and len(value) > MOST_ENTRIES:
        refuse(Problem(f"must hold at most {MOST_ENTRIES} drivers"))
    return value


def _sorted(timeline: dict[str, Driver]) -> dict[str, Driver]:
    """Put drivers in order: those from outside, then those of the model, whatever order a file has."""
    names = (*WEIGHED, *(name for name in timeline if name not in (*WEIGHED, *OF_THE_MODEL)), *OF_THE_MODEL)
    return {name: timeline[name] for name in names if name in timeline}


Timeline = Annotated[dict[str, Driver], BeforeValidator(_some), AfterValidator(_sorted)]


def level_problems(
    names: Collection[str], reference: Drivers, timeline: Mapping[str, Driver]
) -> Iterator[Problem]:
    """Find drivers that a scenario has not, that are missing, or that are out of their range.

    Parameters
    ----------
    names : of all drivers of the scenario
    reference, timeline : their levels on the reference day, and over time
    """
    allowed = tuple(names)
    given = [name for name, level in reference.model_dump().items() if level is not None]
    for at, found in (("reference", given), ("timeline", list(timeline))):
        for name in found:
            if name not in names:
                gone = name in SHIPPED
                text = (
                    "is no driver of the scenario; take it out here too, by null" if gone else "unknown key"
                )
                yield Problem(text, (at, name), of_key=True, given=name, allowed=allowed)
        yield from (Problem("is missing", (at, name)) for name in names if name not in found)
    for name, driver in timeline.items():
        for index, knot in enumerate(driver.knots):
            if name != "troops" and knot.level > 1.0:
                yield Problem("must be a number from 0 to 1", ("timeline", name, "knots", index, "level"))
