"""The outside pressures of a scenario: levels between dated knots, and dated shocks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from sim.scenario.fields import Day, Problem, Record, Share, Sourced, Text, Within, refuse

DRIVERS = ("gaza", "lebanon", "diplomacy", "talks", "posture", "troops")
MOST_TROOPS = 2.0
MOST_ENTRIES = 1000

Troops = Annotated[float, Within(0.0, MOST_TROOPS, "of those present in October 2023")]


class Drivers(Record):
    """A level of each outside pressure."""

    gaza: Annotated[Share, Field(description="intensity of the Gaza war")]
    lebanon: Annotated[Share, Field(description="intensity of the Israel-Hizbollah front")]
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


def all_drivers(timeline: dict[str, Driver]) -> dict[str, Driver]:
    """Check that every driver is there, under its name and within its range, and put them in order."""
    problems = [
        Problem("unknown key", (key,), of_key=True, given=key, allowed=DRIVERS)
        for key in timeline
        if key not in DRIVERS
    ]
    problems += [Problem("is missing", (key,)) for key in DRIVERS if key not in timeline]
    problems += [
        Problem("must be a number from 0 to 1", (name, "knots", index, "level"))
        for name, driver in timeline.items()
        for index, knot in enumerate(driver.knots)
        if name != "troops" and knot.level > 1.0
    ]
    if problems:
        refuse(*problems)
    return {name: timeline[name] for name in DRIVERS}


Timeline = Annotated[dict[str, Driver], AfterValidator(all_drivers)]
