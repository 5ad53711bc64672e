"""The smallest single change that stops a spiral, and the same change written as an intervention.

Sizes are counted in steps. A level of a strike is a step, and so is its place; so is each US soldier killed, an attack
launched, a pressing and an open answer.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from sim.experiments.why.deeds import NO_SPIRAL, cut_after, day_with, is_last_step, spiral_day
from sim.replay.deeds import Deed, deed_text, deeds_of, without
from sim.replay.replay import Change, Replay
from sim.scenario import Action
from sim.scenario.countries import by_role
from sim.simulate.setting import militias_in_order, sites_in_order
from sim.simulate.timeline import PLACES

MOST_ORDERED, MOST_KILLED = 30, 40
"""Attacks of one militia, and deaths by them, that a scenario can order for a day."""

HOLDS = "Washington holds, its pressure unspent"


@dataclass(frozen=True)
class Alteration:
    """Something done otherwise on one day of a run.

    Attributes
    ----------
    day : index of the day
    size : in steps
    text : what is done instead of what
    changes : the same for the engine
    action : the same as an intervention; None where none says it
    last_step : whether it alters the act that is the spiral by definition
    """

    day: int
    size: int
    text: str
    changes: tuple[Change, ...]
    action: Action | None = None
    last_step: bool = False


def smallest_stops(played: Replay) -> list[Alteration]:
    """Single changes up to the day of the headline spiral without which it never comes, of each act the smallest.

    Those of the last step come last. Then the smaller comes first, and of equal ones the later: it leaves more of the
    history as it was.
    """
    stops = [a for group in _alterations(played) for a in _smallest(played, group)]
    return sorted(stops, key=lambda a: (a.last_step, a.size, -a.day))


def _smallest(played: Replay, group: list[Alteration]) -> list[Alteration]:
    """Those of the least size that stop the spiral, among alternatives."""
    found: list[Alteration] = []
    for alteration in sorted(group, key=lambda a: a.size):
        if found and alteration.size > found[0].size:
            break
        if day_with(played, alteration.changes) == NO_SPIRAL:
            found.append(alteration)
    return found


def _alterations(played: Replay) -> Iterator[list[Alteration]]:
    """Alternatives to each act, and a pressing more on each day without one."""
    scenario = played.job.scenario
    day = spiral_day(played.outcome, scenario)
    deeds = deeds_of(cut_after(played, day))
    for deed in deeds:
        yield alternatives(played, deed, deeds, is_last_step(deed, scenario, day))
    pressed = {deed.day for deed in deeds if deed.kind == "pressing"}
    for quiet in sorted(set(range(day + 1)) - pressed):
        action = act(played, quiet, "iraq", "press")
        yield [
            Alteration(quiet, 1, "Baghdad presses, where it kept quiet", (Change(quiet, "press", 1),), action)
        ]


def alternatives(played: Replay, deed: Deed, deeds: list[Deed], last: bool) -> list[Alteration]:
    """What could have been done less of in place of an act, among others of its run; `last` of the last step."""
    if deed.kind == "strike":
        return [*_other_strikes(played, deed, last)]
    if deed.kind == "lethal attack":
        return [*_other_attacks(played, deed, deeds, last)]
    return [_silence(played, deed, last)]


def act(played: Replay, day: int, actor: str, name: str, **details: object) -> Action:
    """An action on a day of a run, as a scenario writes it."""
    date = played.job.scenario.start + datetime.timedelta(days=day)
    return Action.model_validate({"date": date, "actor": actor, "action": name, **details})


def strike_at(played: Replay, day: int, level: int, place: str) -> tuple[tuple[Change, ...], Action]:
    """A strike of a level at a place, by its role, or at level 0 none, for the engine and as an intervention."""
    if level == 0:
        return (Change(day, "level", 0),), act(played, day, "us", "hold")
    changes = Change(day, "level", level), Change(day, "place", PLACES.index(place))
    named = by_role(played.job.scenario.countries)[place]
    return changes, act(played, day, "us", "strike", level=level, place=named)


def _other_strikes(played: Replay, deed: Deed, last: bool) -> Iterator[Alteration]:
    """Lower levels, down to holding; and the same strike outside Iraq.

    A lower strike falls where the strike fell; but at level 1, which is one in Syria, and for one on Iran, in Syria.
    Washington that holds keeps its pressure, other than one whose strike is taken out.
    """
    was = f"instead of level {deed.level} in {deed.place.capitalize()}"
    for level in range(deed.level):
        place = "syria" if level == 1 or deed.place == "iran" else deed.place
        text = f"US strike of level {level} in {place.capitalize()}" if level else HOLDS
        made = strike_at(played, deed.day, level, place)
        yield Alteration(deed.day, deed.level - level, f"{text}, {was}", *made, last)
    if deed.place == "iraq":
        text = f"US strike of level {deed.level} in Syria, instead of in Iraq"
        yield Alteration(deed.day, 1, text, *strike_at(played, deed.day, deed.level, "syria"), last)


def attacks_at(
    played: Replay, day: int, militia: int, attacks: int, killed: int | None
) -> tuple[tuple[Change, ...], Action | None]:
    """A militia's attacks of a day, and how many they kill in all, for the engine and as an intervention.

    What the scenario orders of their site and wounded stays ordered.
    """
    scenario, order = played.job.scenario, played.timeline["orders"][day, militia]
    name = list(militias_in_order(scenario))[militia]
    changes = [Change(day, "attacks", attacks, militia)]
    if killed is not None:
        changes.append(Change(day, "killed", killed, militia))
    if attacks == 0:
        return tuple(changes), act(played, day, name, "hold")
    details: dict[str, object] = {"attacks": attacks}
    if order["site"] >= 0:
        details["site"] = list(sites_in_order(scenario))[order["site"]]
    for field, value in (("killed", killed), ("wounded", None)):
        kept = int(order[field]) if value is None else value
        if kept >= 0:
            details[field] = kept
    written = attacks <= MOST_ORDERED and (killed or 0) <= MOST_KILLED
    return tuple(changes), act(played, day, name, "attack", **details) if written else None


def _other_attacks(played: Replay, deed: Deed, deeds: list[Deed], last: bool) -> Iterator[Alteration]:
    """Fewer killed by the militia's attacks of that day, which can only be ordered together; or this one not made."""
    day, militia = deed.day, deed.militia
    title = played.job.scenario.actors.militias[deed.actor].title
    mine = [other for other in deeds if (other.day, other.militia) == (day, militia)]
    launched = launched_by(played, day, militia)
    killed = sum(other.killed for other in mine)
    if deed == mine[0]:
        for fewer in range(killed):
            whom = f"{fewer}" if fewer else "nobody"
            text = f"the day's attacks by {title} kill {whom}, instead of {killed}"
            made = attacks_at(played, day, militia, launched, fewer)
            yield Alteration(day, killed - fewer, text, *made, last)
    changes: tuple[Change, ...] = (without(deed, played),)
    action = None
    if deed.item == launched - 1:
        changes, action = attacks_at(played, day, militia, launched - 1, None)
    told = deed_text(deed, played.job.scenario)
    yield Alteration(day, deed.killed + 1, f"no {told}", changes, action, last)


def launched_by(played: Replay, day: int, militia: int) -> int:
    """Number of attacks that a militia made on a day."""
    return int(played.mornings["militias"]["attacks"][day + 1, militia])


def _silence(played: Replay, deed: Deed, last: bool) -> Alteration:
    if deed.kind == "answer":
        action, text = act(played, deed.day, "iran", "no-answer"), "Tehran does not answer openly"
    else:
        action, text = act(played, deed.day, "iraq", "keep-quiet"), "Baghdad keeps quiet, instead of pressing"
    return Alteration(deed.day, 1, text, (without(deed, played),), action, last)
