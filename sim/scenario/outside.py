"""The outside drivers of a scenario: what they are called, and how they weigh on militias, host and sponsor.

Two of them can be weighed by parameters of the model, which are drawn and fitted: one by that of `militia.gaza`, with
`iraq.press_gaza` and `iran.stance_gaza`, and one by `militia.lebanon`. All others have weights of their own, which are
fixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.fields import Problem, Sourced, Text, Within, named, refuse

WEIGHED = ("gaza", "lebanon")
"""Drivers that parameters weigh, by the names that the model has for them."""

OF_THE_MODEL = ("diplomacy", "talks", "posture", "troops")
"""Drivers that every scenario has, since rules of their own answer to them."""

MOST_DRIVERS = 8
WEIGHT = Within(-5.0, 5.0)
PARAMETERS = {
    "will": ("militia.gaza", "militia.lebanon"),
    "press": ("iraq.press_gaza",),
    "stance": ("iran.stance_gaza",),
}
"""Parameters that can stand for a number, by what they weigh."""


def _weight(field: str) -> Any:
    """Make the check of a weight: a number, or the name of a parameter that weighs so."""
    names = PARAMETERS[field]

    def check(value: Any) -> Any:
        text = f"must be {WEIGHT}, or the parameter {' or '.join(names)}"
        if isinstance(value, str):
            if value not in names:
                refuse(Problem(text, given=value, allowed=names))
            return value
        try:
            return WEIGHT.check(value)
        except PydanticCustomError:
            refuse(Problem(text))

    return check


def _weight_schema(field: str) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [WEIGHT.json_schema(), {"enum": [*PARAMETERS[field]]}]})


def _field(name: str, told: str) -> Any:
    return Annotated[
        float | str, BeforeValidator(_weight(name)), _weight_schema(name), Field(description=told)
    ]


class Outside(Sourced):
    """A driver from outside: what it is called, and what its level, 0 to 1, adds."""

    title: Annotated[Text, Field(description="what it is, in a few words, such as intensity of the Gaza war")]
    short: Annotated[
        Text | None, Field(description="the same in one or two words, for figures and traces")
    ] = None
    will: _field(  # type: ignore[valid-type]
        "will", "log rate ratio of attacks at level 1 against level 0, or militia.gaza or militia.lebanon"
    )
    press: _field(  # type: ignore[valid-type]
        "press", "log odds by which level 1 holds the host back from pressing, or iraq.press_gaza"
    ) = 0.0
    stance: _field(  # type: ignore[valid-type]
        "stance", "log odds by which level 1 turns the sponsor to urging, or iran.stance_gaza"
    ) = 0.0
    rests_on: Annotated[Text | None, Field(description="what assumed weights rest on")] = None

    @property
    def weighed_by(self) -> str:
        """The model's own name for it where parameters weigh it: gaza or lebanon; else nothing."""
        return self.will.partition(".")[2] if isinstance(self.will, str) else ""

    @model_validator(mode="after")
    def _weighed_in_one_way(self) -> Self:
        pair = {"press": "iraq.press_gaza", "stance": "iran.stance_gaza"} if self.weighed_by == "gaza" else {}
        for field in ("press", "stance"):
            own, wanted = getattr(self, field), pair.get(field, "")
            if wanted and own != wanted:
                refuse(Problem(f"must be {wanted}, which goes with militia.gaza", (field,)))
            if not wanted and isinstance(own, str):
                refuse(Problem(f"goes with militia.gaza alone; must be {WEIGHT}", (field,)))
            if self.weighed_by == "lebanon" and own != 0.0:
                refuse(
                    Problem(
                        "must be left out beside militia.lebanon, which weighs on the will alone", (field,)
                    )
                )
        if self.basis == "assumed" and not (self.rests_on or self.evidence):
            refuse(Problem("is missing; an assumed weight says what it rests on", ("rests_on",)))
        return self


Named = Mapping[str, Outside]

SHIPPED: Named = {
    "gaza": Outside(
        title="intensity of the Gaza war",
        short="Gaza war",
        will="militia.gaza",
        press="iraq.press_gaza",
        stance="iran.stance_gaza",
        basis="assumed",
        rests_on="its parameters",
    ),
    "lebanon": Outside(
        title="intensity of the Israel-Hizbollah front",
        short="Lebanon",
        will="militia.lebanon",
        basis="assumed",
        rests_on="its parameters",
    ),
}


def _checked(value: Any) -> Any:
    named(value, MOST_DRIVERS, "drivers") if value else None
    problems = [
        Problem("is a driver of the model itself, which is not listed here", (name,), of_key=True)
        for name in value or ()
        if name in OF_THE_MODEL
    ]
    if problems:
        refuse(*problems)
    return value


OutsideDrivers = Annotated[dict[str, Outside], BeforeValidator(_checked)]


def known(drivers: Named | None) -> Named:
    """Outside drivers of a scenario, those of the shipped crisis where it lists none."""
    return SHIPPED if drivers is None else drivers


def driver_names(drivers: Named | None) -> tuple[str, ...]:
    """Names of all drivers of a scenario, in order: those from outside first."""
    return (*known(drivers), *OF_THE_MODEL)


def own_weights(drivers: Named | None) -> dict[str, Outside]:
    """Drivers whose weights are fixed, by name."""
    return {name: one for name, one in known(drivers).items() if not one.weighed_by}


def weighed(drivers: Named | None) -> dict[str, str]:
    """Names of the drivers that parameters weigh, by the model's own names; only of those that there are."""
    return {one.weighed_by: name for name, one in known(drivers).items() if one.weighed_by}


def short_title(drivers: Named | None, name: str) -> str:
    """One or two words for a driver, for figures and traces."""
    one = known(drivers)[name]
    return one.short or one.title


def outside_problems(drivers: Named | None) -> Iterator[Problem]:
    """Find two drivers that one parameter weighs, and a driver under a name that the model has for another."""
    for model in WEIGHED:
        mine = [name for name, one in known(drivers).items() if one.weighed_by == model]
        for name in mine[1:]:
            text = f"must not be militia.{model} for a second driver; it weighs {mine[0]}"
            yield Problem(text, ("drivers", name, "will"))
    for name in WEIGHED:
        if name in known(drivers) and known(drivers)[name].weighed_by != name:
            text = f"is the model's name for the driver that militia.{name} weighs; choose another"
            yield Problem(text, ("drivers", name), of_key=True)


def fitted(drivers: Named | None) -> bool:
    """Whether the drivers and their weights are those of the shipped crisis, however they are called in sentences."""
    return {n: (d.will, d.press, d.stance) for n, d in known(drivers).items()} == {
        n: (d.will, d.press, d.stance) for n, d in SHIPPED.items()
    }
