"""The words of a scenario in place of those of the shipped crisis, in whatever is told to people.

Sentences are written once, in the words of the crisis that the model was made for: Washington, Baghdad, Tehran, Iraq,
Syria, Jordan, Iran, the wars in Gaza and Lebanon. Where something is printed, drawn or made into a page, `told` puts
the words of the scenario in their place: whole words only, all at once, and never within a text that the scenario
itself holds, such as the title of a site. Of a scenario with the shipped words every text stays as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property

from sim.scenario.schema import Scenario
from sim.scenario.shipped import unlike
from sim.scenario.words import put_in, with_article

_MARKUP = re.compile(
    r"(<svg\b.*?</svg>|<style\b.*?</style>|<script>.*?</script>|<pre\b.*?</pre>|<[^>]*>)", re.DOTALL
)
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
        return _any_of((*self.own, *self.instead), self.instead)

    @cached_property
    def _escaped(self) -> re.Pattern[str]:
        return _any_of((*map(html.escape, self.own), *self.own, *self.instead), self.instead)

    def put(self, text: str) -> str:
        """The text in the scenario's words."""
        return text if self.same else self._pattern.sub(self._one, text)

    def put_html(self, page: str) -> str:
        """A page in the scenario's words, but for markup, pictures, which have them, and listings of files."""
        if self.same:
            return page
        parts = _MARKUP.split(page)
        parts[::2] = [self._escaped.sub(self._one_escaped, part) for part in parts[::2]]
        return "".join(parts)

    def _one_escaped(self, found: re.Match[str]) -> str:
        own = self._one(found)
        return own if own == found[0] else html.escape(own, quote=False)

    def _one(self, found: re.Match[str]) -> str:
        word = found["word"] or found[0]
        own = self.instead.get(" ".join(word.split()), word)
        if word == found[0]:
            return own
        return found[0] if own == word else with_article(found["article"], found["space"], own)


SHIPPED = Words({})
_SPOKEN: ContextVar[Words] = ContextVar("words of the scenario that is told of", default=SHIPPED)


def words_of(scenario: Scenario) -> Words:
    """The words of a scenario."""
    another = bool(unlike(scenario))
    instead = put_in(scenario.countries, scenario.drivers, scenario.actors)
    if another:
        day = scenario.origin
        month = f"{MONTHS[day.month - 1]} {day.year}"
        instead |= {"17 October 2023": f"{day.day} {month}", "October 2023": month}
    if all(word == own for word, own in instead.items()):
        return Words({}, (), another)
    return Words(instead, _own_texts(scenario, set(instead)), another)


def same_words(scenario: Scenario, other: Scenario) -> bool:
    """Whether two scenarios have the same words for everything that has a shipped one."""
    first, second = (put_in(one.countries, one.drivers, one.actors) for one in (scenario, other))
    return all(first.get(word, word) == second.get(word, word) for word in {*first, *second})


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


def _any_of(texts: Iterable[str], after_article: Iterable[str]) -> re.Pattern[str]:
    """Any of some texts as whole words, longer ones first, however they are wrapped; some with a or an before them."""
    alone, after = _either(texts), _either(after_article)
    return re.compile(rf"(?<!\w)(?:{alone}|(?P<article>[Aa]n?)(?P<space>\s+)(?P<word>{after}))(?!\w)")


def _either(texts: Iterable[str]) -> str:
    found = sorted(dict.fromkeys(texts), key=len, reverse=True)
    return "|".join(r"\s+".join(map(re.escape, text.split())) for text in found)


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
