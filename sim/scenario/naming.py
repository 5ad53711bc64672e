"""Names of countries that questions or tables would take for something else, and titles that two things share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.scenario.actors import GOVERNMENTS, USUAL_TITLES, Actors
from sim.scenario.countries import ROLES, Named, role_id
from sim.scenario.fields import Problem
from sim.scenario.questions.reserved import RESERVED


def naming_problems(countries: Named | None, actors: Actors) -> Iterator[Problem]:
    """Find names and titles that could not be told apart.

    Parameters
    ----------
    countries : of a scenario; None for those of the shipped crisis
    actors : its militias, and how its governments are called
    """
    for name in countries or ():
        if why := _taken(countries, name, actors):
            yield Problem(f"{why}; give the country another name", ("countries", name), of_key=True)
    for kind, titles in _titles(countries, actors):
        yield from _shared(kind, titles)


def _taken(countries: Named | None, name: str, actors: Actors) -> str:
    """Why a country may not be named so; nothing where it may."""
    if name in RESERVED:
        return "is a word of the language of questions, which could not tell it from the country"
    role = role_id(countries, name)
    if name in ROLES and name != role:
        return f"is the identifier of another role in tables; this country's is {role}"
    if name in GOVERNMENTS and name not in ROLES:
        return "is the identifier of a government"
    return "is the name of a militia" if name in actors.militias else ""


def _titles(countries: Named | None, actors: Actors) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Titles by name, of each kind of thing, with the path to them."""
    yield ("countries",), {name: one.title for name, one in (countries or {}).items()}
    given = {name: own["title"] for name, own in actors.titles.items() if "title" in own}
    yield ("actors",), {**USUAL_TITLES, **given}
    yield ("actors", "militias"), {name: one.title for name, one in actors.militias.items()}


def _shared(kind: tuple[str, ...], titles: Mapping[str, str]) -> Iterator[Problem]:
    """Both of two that are called the same: which of them is told of is for the order of the file to say."""
    for name, title in titles.items():
        alike = [
            other for other, its in titles.items() if other != name and its.casefold() == title.casefold()
        ]
        if alike:
            text = f"is what {alike[0]} is called too; no sentence could tell the two apart"
            yield Problem(text, (*kind, name, "title"))
