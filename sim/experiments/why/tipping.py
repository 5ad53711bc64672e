"""What single action more would have tipped a run that did not spiral."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from sim.experiments.why.changes import Alteration, act, attacks_at, launched_by, strike_at
from sim.experiments.why.deeds import NO_SPIRAL, day_with, makes_spiral
from sim.replay.deeds import Deed, deeds_of, without
from sim.replay.replay import Replay
from sim.simulate.setting import militias_in_order

STRIKES = ((1, "syria", 0), (2, "iraq", 0), (3, "syria", 0), (3, "iraq", 1))
"""Level, place, and steps beyond the level: 1 where a strike of this level does not usually fall."""

KILLED = (1, 3)


@dataclass(frozen=True)
class Tipping:
    """An action more, of a kind, and the days on which it would have tipped the run.

    Attributes
    ----------
    kind : what is added
    tried : number of days on which it was tried
    tips : the added actions that tip the run, by day
    spirals : index of the day on which the run then spirals, for each
    """

    kind: str
    tried: int
    tips: tuple[Alteration, ...]
    spirals: tuple[int, ...]


Try = Callable[[int], Alteration | None]


def tippings(played: Replay) -> list[Tipping]:
    """Try each kind of added action on each day; those that are the headline spiral by definition are left out."""
    deeds = deeds_of(played)
    found = [_tipping(played, kind, map(adds, range(played.days))) for kind, adds in _kinds(played, deeds)]
    silences = (_silence(played, deed) for deed in deeds if deed.kind == "pressing")
    return [*found, _tipping(played, "one of Baghdad's pressings taken out", silences)]


def smallest_tip(found: list[Tipping]) -> Alteration | None:
    """The smallest added action that tips the run, of equal ones the latest; None where none does."""
    tips = [tip for kind in found for tip in kind.tips]
    return min(tips, key=lambda tip: (tip.size, -tip.day), default=None)


def _kinds(played: Replay, deeds: list[Deed]) -> Iterator[tuple[str, Try]]:
    scenario = played.job.scenario
    struck = {deed.day: deed.level for deed in deeds if deed.kind == "strike"}
    killed: dict[tuple[int, int], int] = {}
    for deed in deeds:
        if deed.kind == "lethal attack":
            killed[deed.day, deed.militia] = killed.get((deed.day, deed.militia), 0) + deed.killed
    for level, place, more in STRIKES:
        if not makes_spiral("strike", level, place, scenario):
            kind = f"US strike of level {level} in {place.capitalize()}"
            yield kind, partial(_strike, played, struck, level, place, more)
    if makes_spiral("lethal attack", 0, "", scenario):
        return
    for militia, name in enumerate(militias_in_order(scenario)):
        for deaths in KILLED:
            kind = f"attack by {scenario.actors.militias[name].title} that kills {deaths}"
            yield kind, partial(_attack, played, killed, militia, deaths, kind)


def _tipping(played: Replay, kind: str, tried: Iterator[Alteration | None]) -> Tipping:
    made = [alteration for alteration in tried if alteration is not None]
    days = [day_with(played, alteration.changes) for alteration in made]
    tips = [(a, day) for a, day in zip(made, days, strict=True) if day != NO_SPIRAL]
    return Tipping(kind, len(made), tuple(a for a, _ in tips), tuple(day for _, day in tips))


def _strike(
    played: Replay, struck: dict[int, int], level: int, place: str, more: int, day: int
) -> Alteration | None:
    """A strike on a day with none, or with a weaker one; nothing to add on others."""
    was = struck.get(day, 0)
    if was >= level:
        return None
    instead = f", instead of level {was}" if was else ""
    text = f"US strike of level {level} in {place.capitalize()}{instead}"
    return Alteration(day, level - was + more, text, *strike_at(played, day, level, place))


def _attack(
    played: Replay, killed: dict[tuple[int, int], int], militia: int, deaths: int, kind: str, day: int
) -> Alteration:
    """One attack more by a militia on a day, with so many killed by it beyond those whom the day's attacks killed."""
    launched = launched_by(played, day, militia) + 1
    made = attacks_at(played, day, militia, launched, killed.get((day, militia), 0) + deaths)
    return Alteration(day, deaths + 1, f"one more {kind}", *made)


def _silence(played: Replay, deed: Deed) -> Alteration:
    action = act(played, deed.day, "iraq", "keep-quiet")
    return Alteration(
        deed.day, 1, "Baghdad keeps quiet, instead of pressing", (without(deed, played),), action
    )
