"""What the timeline of a run is headed by: what was found in it."""

from __future__ import annotations

from collections.abc import Sequence

from sim.replay.events import Event
from sim.replay.outcome import of_kind
from sim.replay.story import first_of_each
from sim.replay.words import on_day, some
from sim.report.figures.words import RUNG_WORDS, exchange
from sim.scenario import Scenario


def title_of(run: int, log: Sequence[Event], scenario: Scenario) -> str:
    """Say what was found: the first escalatory event and the headline's exchange, or that there was none."""
    firsts = first_of_each(log)
    spiral = firsts.pop("spiral", None)
    none = f"no {exchange(scenario.headline)}"
    if not firsts and spiral is None:
        attacks = some(len(of_kind(log, "attack")), "attack")
        strikes = some(len(of_kind(log, "strike")), "US strike")
        return f"Run {run:,}: {attacks}, {strikes}, nobody killed; {none}"
    first = min(firsts.values(), key=lambda event: (event.day, event.phase), default=None)
    found = "" if first is None else f"{_severe(first)} on {on_day(first.day, scenario)}"
    if spiral is None:
        return f"Run {run:,}: {found}; {none}"
    name = f"a {exchange(scenario.headline)}"
    if first is None:
        return f"Run {run:,}: {name} on {on_day(spiral.day, scenario)}"
    same = first.day == spiral.day
    when = f"and {name} the same day" if same else f"then {name} on {on_day(spiral.day, scenario)}"
    return f"Run {run:,}: {found}, {when}"


def subtitle_of(log: Sequence[Event]) -> str:
    """Say how high the run came on the ladder, in words."""
    top = max([0, *(max(event.about["from"], event.about["to"]) for event in of_kind(log, "rung"))])
    return f"Highest rung: {RUNG_WORDS[top]} ({top} of {len(RUNG_WORDS) - 1})."


def _severe(event: Event) -> str:
    if event.kind == "strike":
        return f"a level-{event.about['level']} US strike in {event.about['place'].capitalize()}"
    if event.kind == "answer" and not event.about["killed"]:
        return "an open answer by Tehran"
    return f"{event.about['killed']:,} US killed"
