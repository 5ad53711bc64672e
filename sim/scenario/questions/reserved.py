"""Words of the language of questions, which no country can have for its name: a question could not tell them apart."""

from __future__ import annotations

from sim.scenario.countries import ROLES
from sim.scenario.questions.events import SPELLS
from sim.scenario.questions.kinds import WRITTEN
from sim.scenario.questions.windows import STARTS, UNITS
from sim.scenario.questions.words import ARTICLES

_JOINING = frozenset(
    {"and", "or", "not", "no", "none", "given", "at", "least", "in", "inside", "of", "all", "one"}
)
_OF_STRIKES = frozenset({"level", "more", "higher", "soil", "commander", "commanders"})
_OF_YAML = frozenset({"null", "true", "false", "yes", "off"})
"""What YAML reads as no text where it stands without quotes."""

RESERVED = (
    _JOINING
    | _OF_STRIKES
    | _OF_YAML
    | frozenset((*ARTICLES, *SPELLS, *STARTS, *UNITS))
    | frozenset(word for written in WRITTEN for word in written)
) - frozenset(ROLES)
