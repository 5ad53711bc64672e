"""The sentences that a run's story is made of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.replay.asides import asides_of
from sim.replay.decision import Decision, Reason
from sim.replay.events import Event
from sim.replay.outcome import harm_of, of_kind
from sim.replay.washington_told import strike_text
from sim.replay.words import actor_name, counted, listed, on_day, short_day, some, times
from sim.wording import RUNG_NAMES, day_text, percent

if TYPE_CHECKING:
    from sim.scenario import Scenario

LULL = 14
"""Days without an attack that make a lull."""
DRIVES = 1.2
"""Least factor by which a reason is named in the story."""


class Sentences:
    """Sentences about the events of one log."""

    def __init__(self, log: Sequence[Event], scenario: Scenario) -> None:
        self.log, self.scenario = log, scenario

    def stretches(self, first: int, last: int) -> list[tuple[int, str]]:
        """What happened within a span of days, told apart where there was a long lull; each with its first day."""
        if first > last:
            return []
        attacked = sorted({e.day for e in of_kind(self.log, "attacks", "answer") if first <= e.day <= last})
        edges = [first - 1, *attacked, last + 1]
        length, begin = max((after - before - 1, -before - 1) for before, after in pairwise(edges))
        lull = (-begin, -begin + length - 1)
        if length < LULL or not attacked:
            return [(first, self.stretch(first, last))]
        parts = ((first, lull[0] - 1), lull, (lull[1] + 1, last))
        return [(part[0], self.stretch(*part)) for part in parts if part[0] <= part[1]]

    def stretch(self, first: int, last: int) -> str:
        """What happened within a span of days, in numbers."""
        log = [event for event in self.log if first <= event.day <= last]
        attacks, strikes, answers = (of_kind(log, kind) for kind in ("attacks", "strike", "answer"))
        when = f"On {on_day(first, self.scenario)}" if first == last else self._from(first, last)
        if not log or not (attacks or strikes or answers):
            return f"{when} there were neither attacks nor strikes."
        count = sum(event.about["count"] for event in attacks)
        launched = f"the militias launched {some(count, 'attack')}{_harm(attacks)}"
        inside = sum(event.about["place"] == "iraq" for event in strikes)
        hard = sum(event.about["level"] >= 3 for event in strikes)
        details = [f"{inside:,} in Iraq"] * bool(inside) + [f"{hard:,} at level 3 or more"] * bool(hard)
        struck = f"Washington struck {times(len(strikes))}" if strikes else "Washington did not strike"
        struck += f" ({', '.join(details)})" if details else ""
        answered = f"; Tehran answered openly {times(len(answers))}{_harm(answers)}" if answers else ""
        return f"{when} {launched}; {struck}{answered}."

    def _from(self, first: int, last: int) -> str:
        return f"From {on_day(first, self.scenario)} to {on_day(last, self.scenario)}"

    def rungs(self) -> str:
        """Where the ladder stood at the end, and at its highest."""
        changes = of_kind(self.log, "rung")
        if not changes:
            return "The escalation ladder did not move."
        top = max(max(event.about["from"], event.about["to"]) for event in changes)
        last = changes[-1].about["to"]
        stood = f"On {day_text(self.scenario.end)} the ladder stood at rung {last} ({RUNG_NAMES[last]})"
        return (
            f"{stood}, its highest."
            if top == last
            else f"{stood}; its highest was {top} ({RUNG_NAMES[top]})."
        )

    def totals(self) -> str:
        """The whole run in numbers."""
        attacks, strikes, answers = (len(of_kind(self.log, kind)) for kind in ("attack", "strike", "answer"))
        counts = [some(attacks, "attack"), some(strikes, "US strike")]
        counts += [counted(answers, "open answer") + " by Tehran"] * bool(answers)
        harm = [
            f"{harm_of(self.log, 'wounded'):,} US wounded",
            f"{harm_of(self.log, 'killed'):,} killed by fire",
        ]
        alarm = harm_of(self.log, "alarm")
        harm += [f"{alarm:,} dead in {'a false alarm' if alarm == 1 else 'false alarms'}"] * bool(alarm)
        return f"In all: {listed(counts)}; {listed(harm)}."

    def asides(self) -> list[tuple[Event, str]]:
        """What else is worth a sentence, in order of date."""
        return asides_of(self.log, self.scenario)

    def deed(self, event: Event) -> str:
        """What was done in an escalatory event."""
        about = event.about
        if event.kind == "strike":
            target = actor_name(about["target"], self.scenario) if "target" in about else ""
            at = (f", with {target} hit" if about["level"] == 4 else f", at {target}") if target else ""
            where, _, what = strike_text(about).partition(", ")
            what = f" ({what})" if what else ""
            return f"Washington struck {where} at level {about['level']}{what}{at}{mark(event)}"
        if event.kind == "answer":
            harm = [f"{about[kind]:,} {kind}" for kind in ("wounded", "killed") if about[kind]]
            return f"Tehran answered openly{', with ' + listed(harm) if harm else ''}{mark(event)}"
        return f"{self.attacks(event)} by {self.name(event)} killed {about['killed']:,} US troops{mark(event)}".replace(
            "killed 1 US troops", "killed 1 US soldier"
        )

    def driven(self, event: Event) -> str:
        """What a strike or an answer was driven by, and how probable it was."""
        if not event.decisions or event.kind not in ("strike", "answer"):
            return ""
        if event.kind == "answer":
            return f" That had a chance of {percent(event.decisions[0].chance)} on the day{self._drivers(event)}."
        decided = [e for e in of_kind(self.log, "decision") if e.day == event.about["decided"]]
        text = ""
        if decided:
            chance = percent(decided[0].decisions[0].chance)
            text = f" It had been decided on {self.on(decided[0])}, with a chance of {chance} on that day"
            text += f"{self._drivers(decided[0])}."
        prepared = [e for e in of_kind(self.log, "preparation") if e.day < event.day]
        if event.about["level"] >= 3 and prepared:
            hard = percent(prepared[-1].decisions[1].chance)
            text += f" That a strike would be of level 3 or more had a chance of {hard}."
        return text

    def _drivers(self, event: Event) -> str:
        """What a decision was driven by, as a clause that follows it."""
        names = [_driver(reason.name, reason.since, self.scenario) for reason in _largest(event.decisions[0])]
        return f", and was driven by {listed(names)}" if names else ""

    def on(self, event: Event) -> str:
        """The day of an event."""
        return on_day(event.day, self.scenario)

    def name(self, event: Event) -> str:
        """The one who acted."""
        return actor_name(event.actor, self.scenario)

    def attacks(self, event: Event) -> str:
        """The number of attacks of a militia on a day."""
        return counted(event.about["count"], "attack")


def mark(event: Event) -> str:
    """Say that an event was imposed."""
    return f" ({event.imposed})" if event.imposed else ""


def _harm(events: Sequence[Event]) -> str:
    """Harm done by attacks or answers, as a clause that follows them."""
    if not events:
        return ""
    wounded, killed = (harm_of(events, harm) for harm in ("wounded", "killed"))
    if not wounded and not killed:
        return ", which harmed nobody"
    return f", which wounded {_none(wounded)} and killed {_none(killed)}"


def _none(count: int) -> str:
    return f"{count:,}" if count else "none"


def _largest(decision: Decision) -> list[Reason]:
    raising = sorted((r for r in decision.reasons if r.factor >= DRIVES), key=lambda r: -r.factor)
    return raising[:2]


def _driver(name: str, since: int | None, scenario: Scenario) -> str:
    """A reason within a sentence."""
    wording = {
        "pressure carried over": "pressure that had built up", "attacks today": "the day's attacks",
        "wounded today": "the day's wounded", "killed today": "the day's dead",
        "strikes defied": "the defiance of earlier strikes", "strike on Iran": "the strike on Iran itself",
    }  # fmt: skip
    dated = (
        "" if since is None else f" since {short_day(since, scenario)}" if since >= 0 else " before the start"
    )
    return f"{wording.get(name, name)}{dated}"
