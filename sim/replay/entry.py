"""What is said of an event, and the reasons of its decisions in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.replay.decision import Decision
from sim.replay.events import Event
from sim.replay.words import factor_text, listed, short_day
from sim.wording import percent

if TYPE_CHECKING:
    from sim.scenario import Scenario

PLAIN, GRAVE, ASIDE = "plain", "grave", "aside"
UNMOVED, REST = 0.1, 0.05
"""Factors this close to one are not written out one by one, and their product not at all when it is this close."""
GLUE = "\u00a0"
"""A space at which a line is not to be broken; for who prints to make a plain one."""


@dataclass(frozen=True)
class Entry:
    """What is said of an event: what happened, why (one text a decision), and its weight (PLAIN, GRAVE or ASIDE)."""

    text: str
    reasons: tuple[str, ...] = ()
    weight: str = PLAIN


def decision_text(decision: Decision, scenario: Scenario) -> str:
    """Write what was decided by what: `0.61 a day: base 0.56 x Gaza 1.2 x revenge (8 Nov) 2.1`.

    Factors within 10% of one are put together as the rest.
    """
    value = {
        "rate": f"{factor_text(decision.value)} a day",
        "odds": f"chance {percent(decision.chance)}, odds {factor_text(decision.value)}",
        "chance": f"chance {percent(decision.value)}",
    }[decision.measure]
    if decision.what == "restraining":  # a balance of reasons, which nothing is drawn by
        value = f"{_of_hundred(decision.chance)} of 100 (it turns at 50), odds {factor_text(decision.value)}"
    terms = [f"base {factor_text(decision.base)}"]
    rest = 1.0
    for reason in decision.reasons:
        if abs(reason.factor - 1.0) >= UNMOVED:
            since = "" if reason.since is None else f" ({short_day(reason.since, scenario)})"
            terms.append(f"{reason.name}{since} {factor_text(reason.factor)}")
        else:
            rest *= reason.factor
    if abs(rest - 1.0) >= REST:
        terms.append(f"the rest {factor_text(rest)}")
    luck = "" if decision.luck is None else f"; the day's luck x{GLUE}{factor_text(decision.luck)}"
    return f"{value}: {' x '.join(term.replace(' ', GLUE) for term in terms)}{luck}"


def _of_hundred(share: float) -> str:
    """A share in hundredths; near one half with a decimal, so that it is seen on which side it is."""
    return f"{100 * share:.1f}" if abs(share - 0.5) < 0.01 else f"{100 * share:.0f}"


def why(event: Event, scenario: Scenario, *names: str) -> tuple[str, ...]:
    """Reasons of an event's decisions; with names, each after its name."""
    texts = [decision_text(decision, scenario) for decision in event.decisions]
    return (
        tuple(f"{name}: {text}" for name, text in zip(names, texts, strict=False)) if names else tuple(texts)
    )


def harm_text(about: Mapping[str, int]) -> str:
    """Harm as a clause that follows what did it: `, 3 wounded and 1 killed`; of none nothing."""
    parts = [f"{about[kind]:,} {kind}" for kind in ("wounded", "killed") if about[kind]]
    return f", {listed(parts)}" if parts else ""
