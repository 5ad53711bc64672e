"""What is said in place of each word of the shipped crisis, and which titles of a scenario could not be told from one.

Sentences are written in the shipped words; see `sim.scenario.titles`, which puts others in their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sim.scenario import countries, outside
from sim.scenario.actors import USUAL_TITLES, Actors, Sites
from sim.scenario.fields import Problem

NO_NEIGHBOUR, NO_WAR = "another neighbour", ("a first war outside", "a second war outside")
"""What is said where the shipped crisis has a second neighbour or a war outside, and a scenario has not."""


_OWN_ARTICLE = re.compile(r"(a|an|another|the)\s", re.IGNORECASE)
_AN = re.compile(
    r"(?!(?i:eu|ug|uk|uru|uta|uto|uni(?!n)|one\b)|U[A-Z])[AEIOUaeiou]|[FHLMNRSX](?:[A-Z]{1,2})?(?![A-Za-z])"
)
"""Words that begin with the sound of a vowel, as far as letters tell: Iraqi and FBI, not US, Ukrainian or European."""


def put_in(
    own_countries: countries.Named | None, drivers: outside.Named | None, actors: Actors
) -> dict[str, str]:
    """By shipped word or phrase what a scenario says for it; the same where it says the same."""
    return {**_places(own_countries), **_governments(actors), **_wars(drivers)}


def title_problems(
    own_countries: countries.Named | None, drivers: outside.Named | None, actors: Actors, sites: Sites
) -> Iterator[Problem]:
    """Find titles that are a shipped word for which another is said: no sentence could tell the two apart."""
    instead = put_in(own_countries, drivers, actors)
    titles: dict[tuple[str, ...], str]
    titles = {("actors", "militias", name, "title"): one.title for name, one in actors.militias.items()}
    titles |= {("sites", name, "title"): one.title for name, one in sites.items()}
    for name, one in (drivers or {}).items():
        titles |= {("drivers", name, "title"): one.title, ("drivers", name, "short"): one.short or ""}
    for at, title in titles.items():
        word = " ".join(title.split())
        its_own = outside.short_title(drivers, at[1]) if at[0] == "drivers" else word
        if instead.get(word, word) not in (word, its_own):
            text = (
                f"must be told apart from a word of the shipped crisis, for which '{instead[word]}' is said here; "
                "add a word to it, or choose another"
            )
            yield Problem(text, at)


def with_article(article: str, space: str, word: str) -> str:
    """A word after "a" or "an", whichever it takes, in capitals as the one that stood there; none where it has its own.

    Examples
    --------
    >>> with_article("an", " ", "Sylvanian"), with_article("A", " ", "American"), with_article("a", " ", "US")
    ('a Sylvanian', 'An American', 'a US')
    >>> with_article("a", " ", "another neighbour")
    'another neighbour'
    """
    if _OWN_ARTICLE.match(word):
        return word if article[0] == "a" else word[:1].upper() + word[1:]
    return f"{article[0]}{'n' if _AN.match(word) else ''}{space}{word}"


def _places(own_countries: countries.Named | None) -> dict[str, str]:
    known = countries.SHIPPED if own_countries is None else own_countries
    found: dict[str, str] = {}
    names = countries.by_role(own_countries)
    for role, shipped in countries.SHIPPED.items():
        own = known[names[role]] if role in names else None
        title = NO_NEIGHBOUR if own is None else own.title
        adjective = NO_NEIGHBOUR if own is None else own.adjective or own.title
        assert shipped.adjective is not None
        found |= {shipped.title: title, shipped.adjective: adjective}
        plural = adjective if adjective.endswith("s") else f"{adjective}s"
        found[f"{shipped.adjective}s"] = plural
    if "jordan" not in names:
        host, neighbour = found["Iraq"], found["Syria"]
        for word in ("and", "or"):
            found[f"Syria {word} Jordan"] = neighbour
            found[f"Iraq, Syria {word} Jordan"] = f"{host} {word} {neighbour}"
    if found["Iran"] != "Iran":
        found["IRGC"] = f"{found['Iranian']} Guards"
    return found


def _governments(actors: Actors) -> dict[str, str]:
    titles = actors.titles
    found = {usual: titles.get(name, {}).get("title", usual) for name, usual in USUAL_TITLES.items()}
    return found | {"US": titles.get("us", {}).get("adjective", "US")}


def _wars(drivers: outside.Named | None) -> dict[str, str]:
    """How the two drivers are called that parameters weigh."""
    if drivers is None:
        return {}
    own = outside.weighed(drivers)
    first, second = (
        outside.short_title(drivers, own[name]) if name in own else missing
        for name, missing in zip(outside.WEIGHED, NO_WAR, strict=True)
    )
    firsts = ("the war in Gaza", "the Gaza war", "Gaza war", "Gaza")
    seconds = (
        "the Israel-Hizbollah front", "Israel-Hizbollah front", "the front in Lebanon", "the Lebanon front",
        "war in Lebanon", "Lebanon",
    )  # fmt: skip
    usual = (outside.short_title(None, name) for name in outside.WEIGHED)
    found: dict[str, str] = {}
    for words, said, shipped in zip((firsts, seconds), (first, second), usual, strict=True):
        found |= {word: word for word in words} if said == shipped else dict.fromkeys(words, said)
    return found
