"""The words of a scenario in place of those of the shipped crisis, in whatever is told to people.

Sentences are written once, in the words of the crisis that the model was made for: Washington, Baghdad, Tehran, Iraq,
Syria, Jordan, Iran, the wars in Gaza and Lebanon. Where something is printed, drawn or made into a page, `told` puts
the words of the scenario in their place: whole words only, all at once, and never within a text that the scenario
itself holds, such as the title of a site. Of a scenario with the shipped words every text stays as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property

from sim.scenario import countries, outside
from sim.scenario.schema import Scenario

NO_NEIGHBOUR, NO_WAR = "another neighbour", ("a first war outside", "a second war outside")
"""What is said where the shipped crisis has a second neighbour or a war outside, and a scenario has not."""

_MARKUP = re.compile(r"(<svg\b.*?</svg>|<style\b.*?</style>|<script>.*?</script>|<[^>]*>)", re.DOTALL)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What takes the place of shipped words, and the texts in which nothing does.

    Attributes
    ----------
    instead : by shipped word or phrase
    own : texts of the scenario itself
    another : whether it is of another crisis, of which the shipped evidence does not speak
    """

    instead: Mapping[str, str]
    own: tuple[str, ...] = ()
    another: bool = False

    @property
    def same(self) -> bool:
        """Whether nothing changes."""
        return not self.instead

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _any_of((*self.own, *self.instead))

    @cached_property
    def _escaped(self) -> re.Pattern[str]:
        return _any_of((*map(html.escape, self.own), *self.own, *self.instead))

    def put(self, text: str) -> str:
        """The text in the scenario's words."""
        return text if self.same else self._pattern.sub(self._one, text)

    def put_html(self, page: str) -> str:
        """A page in the scenario's words, without its pictures, which have them, and its markup."""
        if self.same:
            return page
        parts = _MARKUP.split(page)
        parts[::2] = [self._escaped.sub(self._one_escaped, part) for part in parts[::2]]
        return "".join(parts)

    def _one_escaped(self, found: re.Match[str]) -> str:
        own = self._one(found)
        return own if own == found[0] else html.escape(own, quote=False)

    def _one(self, found: re.Match[str]) -> str:
        return self.instead.get(" ".join(found[0].split()), found[0])


SHIPPED = Words({})
_SPOKEN: ContextVar[Words] = ContextVar("words of the scenario that is told of", default=SHIPPED)


def words_of(scenario: Scenario) -> Words:
    """The words of a scenario."""
    another = not (countries.fitted(scenario.countries) and outside.fitted(scenario.drivers))
    instead = {**_places(scenario), **_governments(scenario), **_wars(scenario)}
    if another:
        day = scenario.origin
        month = f"{MONTHS[day.month - 1]} {day.year}"
        instead |= {"17 October 2023": f"{day.day} {month}", "October 2023": month}
    changed = {word: own for word, own in instead.items() if word != own}
    return Words(changed, _own_texts(scenario, set(instead)) if changed else (), another)


@contextmanager
def spoken_of(scenario: Scenario) -> Iterator[Words]:
    """Tell within in the words of a scenario."""
    words = words_of(scenario)
    token = _SPOKEN.set(words)
    try:
        yield words
    finally:
        _SPOKEN.reset(token)


def spoken() -> Words:
    """The words that are told in now."""
    return _SPOKEN.get()


def told(text: str) -> str:
    """A text in the words of the scenario that is told of."""
    return _SPOKEN.get().put(text)


def told_all(value: object) -> object:
    """Plain values, such as those of JSON, with every text within in the words of the scenario."""
    if isinstance(value, str):
        return told(value)
    if isinstance(value, Mapping):
        return {told_all(key): told_all(inner) for key, inner in value.items()}
    return [told_all(inner) for inner in value] if isinstance(value, list | tuple) else value


def _any_of(texts: tuple[str, ...]) -> re.Pattern[str]:
    """Any of some texts as whole words, longer ones first, however they are wrapped."""
    found = sorted(dict.fromkeys(texts), key=len, reverse=True)
    parts = (r"\s+".join(map(re.escape, text.split())) for text in found)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _places(scenario: Scenario) -> dict[str, str]:
    known = countries.SHIPPED if scenario.countries is None else scenario.countries
    found: dict[str, str] = {}
    names = countries.by_role(scenario.countries)
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


def _governments(scenario: Scenario) -> dict[str, str]:
    titles = scenario.actors.titles
    usual = {"us": ("Washington", "US"), "iraq": ("Baghdad", ""), "iran": ("Tehran", "")}
    found = {}
    for name, (title, adjective) in usual.items():
        own = titles.get(name, {})
        found[title] = own.get("title", title)
        if adjective:
            found[adjective] = own.get("adjective", adjective)
    return found


def _wars(scenario: Scenario) -> dict[str, str]:
    """How the two drivers are called that parameters weigh."""
    if scenario.drivers is None:
        return {}
    own = outside.weighed(scenario.drivers)
    first, second = (
        outside.short_title(scenario.drivers, own[name]) if name in own else missing
        for name, missing in zip(outside.WEIGHED, NO_WAR, strict=True)
    )
    firsts = ("the war in Gaza", "the Gaza war", "Gaza war", "Gaza")
    seconds = (
        "the Israel-Hizbollah front", "Israel-Hizbollah front", "the front in Lebanon", "the Lebanon front",
        "war in Lebanon", "Lebanon",
    )  # fmt: skip
    if outside.fitted(scenario.drivers) and (first, second) == ("Gaza war", "Lebanon"):
        return {}
    return {**dict.fromkeys(firsts, first), **dict.fromkeys(seconds, second)}


def _own_texts(scenario: Scenario, shipped: set[str]) -> tuple[str, ...]:
    """Texts of a scenario in which nothing is put in place of anything."""
    texts = [scenario.name, scenario.question, scenario.caution]
    texts += [one.title for one in scenario.actors.militias.values()]
    texts += [one.title for one in scenario.sites.values()]
    texts += [one.note for driver in scenario.timeline.values() for one in driver.knots]
    texts += [one.note for driver in scenario.timeline.values() for one in driver.shocks]
    texts += [
        text for one in (scenario.drivers or {}).values() for text in (one.title, one.short, one.rests_on)
    ]
    texts += [prior.note for ranges in scenario.priors.values() for prior in ranges.values()]
    texts += [action.note for action in scenario.interventions]
    texts += [text for one in (scenario.questions or {}).values() for text in (one.title, one.resolves)]
    return tuple({text for text in texts if text and text not in shipped})
