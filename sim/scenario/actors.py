"""Who takes part and where: militias, the three governments, and the sites under attack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)

from sim.parameters import GROUPS, REGISTRY, Parameter, in_group
from sim.scenario.fields import Problem, Record, Share, Sourced, Text, Within, is_text, named, refuse

GOVERNMENTS = ("us", "iraq", "iran")
USUAL_TITLES = {"us": "Washington", "iraq": "Baghdad", "iran": "Tehran"}
"""How governments are called in sentences where a scenario does not say."""

MOST_MILITIAS = 8
MOST_SITES = 12
SHARES_WITHIN = 1e-3


TITLE_KEYS: Mapping[str, Mapping[str, str]] = {
    "us": {
        "title": "how its government is called in sentences, such as Washington",
        "adjective": "how its forces and strikes are, such as US",
    },
    "iraq": {"title": "how the host's government is called in sentences, such as Baghdad"},
    "iran": {"title": "how the sponsor's government is called in sentences, such as Tehran"},
}
"""What else than parameters stands under a government: how it is called."""


def militia_id(name: str) -> int:
    """Give the stable number of a militia by which its chance is addressed.

    Parameters
    ----------
    name : the militia's name in the scenario

    Returns
    -------
    int
        From 16 to 65535: the 32-bit FNV-1a hash of the name, folded to 16 bits; the numbers below 16 belong
        to governments.
    """
    number = 0x811C9DC5
    for byte in name.encode("utf-8"):
        number = ((number ^ byte) * 0x01000193) % 2**32
    folded = (number >> 16) ^ (number & 0xFFFF)
    return folded if folded >= 16 else folded + 16


class Militia(Sourced):
    """An armed group with its own trigger."""

    title: Annotated[Text, Field(description="how to call it in full")]
    share: Annotated[Share, Field(description="share of the campaign's attacks; all shares sum to 1")]
    autonomy: Annotated[Share, Field(description="how far it decides without Tehran")]
    stake: Annotated[Share, Field(description="its stake in the Iraqi state")]
    reach: Annotated[
        float,
        Within(-4.0, 4.0, "log odds"),
        Field(description="added to militia.syria_reach: how much rather it attacks in Syria or Jordan"),
    ]
    capacity: Annotated[
        int, Within(1, 30, "attacks/day", whole=True), Field(description="most attacks a day")
    ]


class Site(Sourced):
    """A place where US troops are within reach of the militias."""

    title: Annotated[Text, Field(description="how to call it in full")]
    country: Annotated[Text, Field(description="one of the host or a neighbour, by its name under countries")]
    weight: Annotated[
        float, Within(0.0, 10.0, above=True), Field(description="how often it is chosen, relative to others")
    ]
    troops: Annotated[
        float, Within(0.0, 10.0, "thousands", above=True), Field(description="US troops present")
    ]
    defence: Annotated[
        float,
        Within(-3.0, 3.0, "log odds"),
        Field(description="that a munition is stopped, relative to an average site"),
    ]


def _militias(value: Any) -> Any:
    named(value, MOST_MILITIAS, "militias")
    owners: dict[int, str] = {}
    for name in value:
        if name in GOVERNMENTS:
            refuse(Problem("is the name of a government, not of a militia", (name,), of_key=True))
        other = owners.setdefault(militia_id(name), name)
        if other != name:
            text = f"has the same number, {militia_id(name)}, as '{other}' so would share its luck; rename it"
            refuse(Problem(text, (name,), of_key=True))
    return value


def _sites(value: Any) -> Any:
    return named(value, MOST_SITES, "sites")


def group_values(group: str) -> Callable[[Any], dict[str, float]]:
    """Make the check of a mapping of one group's parameters by key."""

    def check(value: Any) -> dict[str, float]:
        if not isinstance(value, Mapping):
            refuse(Problem(f"must be a mapping of the parameters of {group} by key"))
        problems = list(_parameter_problems(group, value))
        if problems:
            refuse(*problems)
        return {key: float(number) for key, number in value.items()}

    return check


def _parameter_problems(group: str, values: Mapping[str, Any]) -> Iterator[Problem]:
    known = in_group(group)
    for key, value in values.items():
        if key not in known:
            text = "unknown key" + (_titled_elsewhere(group, key) or home_of(key))
            names = (*known, *TITLE_KEYS.get(group, ()))
            yield Problem(text, (key,), of_key=True, given=key, allowed=names)
            continue
        try:
            allowed(known[key]).check(value)
        except ValueError as error:
            yield Problem(str(error), (key,))


def _titled_elsewhere(group: str, key: str) -> str:
    """Say what tells how a government is called, where a key tells it of others only; nothing where it is no such."""
    others = [name for name, keys in TITLE_KEYS.items() if key in keys]
    if group not in TITLE_KEYS or not others:
        return ""
    return f"; {key} is of {' and '.join(others)} alone: besides parameters it must be {' or '.join(TITLE_KEYS[group])}"


def allowed(parameter: Parameter) -> Within:
    """Give the range of a parameter."""
    return Within(parameter.low, parameter.high, parameter.unit)


def where_written(group: str) -> str:
    """Say under which key of a scenario the parameters of a group are written."""
    return f"actors.{group}" if group in GOVERNMENTS else f"parameters.{group}"


def home_of(key: str) -> str:
    """Say where a parameter of another group belongs."""
    short = key.split(".")[-1]
    homes = [where_written(group) for group in GROUPS if f"{group}.{short}" in REGISTRY]
    return f"; write it under {' or '.join(homes)}" if homes else ""


def _values_schema(group: str) -> WithJsonSchema:
    fields = {
        key: {**allowed(p).json_schema(), "description": p.meaning} for key, p in in_group(group).items()
    }
    titles = {key: {"type": "string", "description": told} for key, told in TITLE_KEYS.get(group, {}).items()}
    return WithJsonSchema(
        {"type": "object", "properties": {**titles, **fields}, "additionalProperties": False}
    )


UsValues = Annotated[dict[str, float], BeforeValidator(group_values("us")), _values_schema("us")]
IraqValues = Annotated[dict[str, float], BeforeValidator(group_values("iraq")), _values_schema("iraq")]
IranValues = Annotated[dict[str, float], BeforeValidator(group_values("iran")), _values_schema("iran")]
MilitiaValues = Annotated[
    dict[str, float], BeforeValidator(group_values("militia")), _values_schema("militia")
]
EngagementValues = Annotated[
    dict[str, float], BeforeValidator(group_values("engagement")), _values_schema("engagement")
]


def _without_titles(value: Any) -> tuple[Any, dict[str, dict[str, str]]]:
    """What an actor's mapping says of parameters, and how each government is called.

    A text that is none, or is too long, is refused here.
    """
    if not isinstance(value, Mapping):
        return value, {}
    rest, problems = dict(value), []
    titles: dict[str, dict[str, str]] = {}
    for group, keys in TITLE_KEYS.items():
        said = value.get(group)
        if not isinstance(said, Mapping) or not {*keys} & said.keys():
            continue
        rest[group] = {key: number for key, number in said.items() if key not in keys}
        titles[group] = {key: said[key] for key in keys if key in said}
        problems += [
            Problem("must be a text on one line of 1 to 500 characters", (group, key))
            for key, text in titles[group].items()
            if not is_text(text)
        ]
    if problems:
        refuse(*problems)
    return rest, titles


Sites = Annotated[dict[str, Site], BeforeValidator(_sites)]


class Actors(Record):
    """The militias, and what the scenario fixes of each government; what it leaves out keeps its prior."""

    militias: Annotated[dict[str, Militia], BeforeValidator(_militias)]
    us: UsValues = Field(default_factory=dict)
    iraq: IraqValues = Field(default_factory=dict)
    iran: IranValues = Field(default_factory=dict)

    _titles: Mapping[str, Mapping[str, str]] = PrivateAttr(default_factory=dict)

    @property
    def titles(self) -> Mapping[str, Mapping[str, str]]:
        """How governments are called, by name and key, where the scenario says so itself."""
        return self._titles

    @model_validator(mode="wrap")
    @classmethod
    def _titled(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Take titles from among the parameters, which are numbers, and keep them apart."""
        rest, titles = _without_titles(value)
        made = handler(rest)
        if titles:
            made._titles = titles
        return made

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Self:
        total = sum(militia.share for militia in self.militias.values())
        if abs(total - 1.0) > SHARES_WITHIN:
            text = f"has shares that sum to {total:.6g}; the shares of all militias sum to 1"
            refuse(Problem(text, ("militias",), of_key=True))
        return self


class Parameters(Record):
    """What the scenario fixes of the parameters that belong to no government."""

    militia: MilitiaValues = Field(default_factory=dict)
    engagement: EngagementValues = Field(default_factory=dict)
