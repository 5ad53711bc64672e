"""The countries of a scenario: the host of the militias, its neighbours, and their sponsor, each by a name of its own.

The model knows four places: the host, at most two neighbours, and the sponsor's soil. In code and in the columns of
results these go by the identifiers of the roles that the shipped crisis gave them: iraq, syria, jordan, iran.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sim.scenario.fields import Problem, Record, Text, named, refuse

HOST, NEIGHBOUR, SPONSOR = "host", "neighbour", "sponsor"
ROLES = ("iraq", "syria", "jordan", "iran")
"""Identifiers of the roles, in the order in which the engine numbers them."""

MOST_COUNTRIES = 12  # of which their roles then allow four
MOST_NEIGHBOURS = 2


class Country(Record):
    """A country in which US troops are attacked or US strikes fall."""

    title: Annotated[Text, Field(description="its name in sentences, such as Iraq")]
    adjective: Annotated[Text | None, Field(description="such as Iraqi; by default the title")] = None
    role: Annotated[
        Literal["host", "neighbour", "sponsor"],
        Field(description="host and sponsor of the militias, or a neighbour; in the first one strikes fall"),
    ]


Named = Mapping[str, Country]

SHIPPED: Named = {
    "iraq": Country(title="Iraq", adjective="Iraqi", role="host"),
    "syria": Country(title="Syria", adjective="Syrian", role="neighbour"),
    "jordan": Country(title="Jordan", adjective="Jordanian", role="neighbour"),
    "iran": Country(title="Iran", adjective="Iranian", role="sponsor"),
}


def _whole(countries: dict[str, Country]) -> dict[str, Country]:
    """Check that every role is filled, and no more often than the model can tell apart."""
    roles: list[str] = [country.role for country in countries.values()]
    for role in (HOST, SPONSOR):
        if roles.count(role) != 1:
            named_so = ", ".join(name for name, one in countries.items() if one.role == role)
            given = f"; these are: {named_so}" if named_so else "; none is"
            refuse(Problem(f"must hold one country whose role is {role}{given}", of_key=True))
    if not 1 <= roles.count(NEIGHBOUR) <= MOST_NEIGHBOURS:
        text = f"must hold 1 to {MOST_NEIGHBOURS} countries whose role is {NEIGHBOUR}, not {roles.count(NEIGHBOUR)}"
        refuse(Problem(text, of_key=True))
    return countries


def _named(value: Any) -> Any:
    return named(value, MOST_COUNTRIES, "countries")


Countries = Annotated[dict[str, Country], BeforeValidator(_named), AfterValidator(_whole)]


def known(countries: Named | None) -> Named:
    """Countries of a scenario, those of the shipped crisis where it lists none."""
    return SHIPPED if countries is None else countries


def by_role(countries: Named | None) -> dict[str, str]:
    """Names of a scenario's countries by the identifier of their role; a second neighbour need not be.

    Examples
    --------
    >>> by_role(None)
    {'iraq': 'iraq', 'syria': 'syria', 'jordan': 'jordan', 'iran': 'iran'}
    """
    own = known(countries)
    host, sponsor = (next(n for n, c in own.items() if c.role == role) for role in (HOST, SPONSOR))
    neighbours = [name for name, country in own.items() if country.role == NEIGHBOUR]
    return {"iraq": host, **dict(zip(("syria", "jordan"), neighbours, strict=False)), "iran": sponsor}


def number_of(countries: Named | None, name: str) -> int:
    """Number by which the engine knows a country: 0 the host, 1 and 2 its neighbours, 3 the sponsor's soil."""
    return ROLES.index(role_id(countries, name))


def role_id(countries: Named | None, name: str) -> str:
    """Identifier of the role of a country that a scenario names."""
    return next(role for role, own in by_role(countries).items() if own == name)


def of_sites(countries: Named | None) -> tuple[str, ...]:
    """Countries in which sites can be."""
    found = by_role(countries)
    return tuple(found[role] for role in ROLES[:-1] if role in found)


def of_strikes(countries: Named | None) -> tuple[str, ...]:
    """Countries in which US strikes can fall: the host, the first neighbour, and at level 4 the sponsor."""
    found = by_role(countries)
    return tuple(found[role] for role in ("iraq", "syria", "iran"))


def country_title(countries: Named | None, name: str) -> str:
    """How a country is called in sentences."""
    return known(countries)[name].title


def site_problems(countries: Named | None, sites: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Find sites, given by name with their country, that are nowhere; and a host or neighbourhood without any."""
    places, sites = of_sites(countries), list(sites)
    for name, country in sites:
        if country not in places:
            at = ("sites", name, "country")
            yield Problem(f"must be one of {', '.join(places)}", at, given=country, allowed=places)
    host, *neighbours = places
    found = {country for _, country in sites}
    if found <= {*places} and (host not in found or found == {host}):
        text = f"must hold at least one site in {host} and one in {' or '.join(neighbours)}"
        yield Problem(text, ("sites",), of_key=True)


def about_iran(countries: Named | None) -> bool:
    """Whether the sponsor is the one that the reference class tells of."""
    return country_title(countries, by_role(countries)["iran"]) == SHIPPED["iran"].title


def fitted(countries: Named | None) -> bool:
    """Whether the countries are those of the shipped crisis, in their roles, however they are called in sentences."""
    return by_role(countries) == by_role(None)
