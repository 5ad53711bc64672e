"""One run opened, and the same run with one act done otherwise: two lives with the same luck, side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from sim.experiments.why.changes import Alteration, alternatives
from sim.experiments.why.deeds import NO_SPIRAL, is_last_step, spiral_day
from sim.replay.deeds import Deed, deed_text, deeds_of, without
from sim.replay.events import Event
from sim.replay.log import log_of
from sim.replay.outcome import summary_lines
from sim.replay.replay import Change, Replay, impose, replay
from sim.replay.story import story_of
from sim.replay.telling import told_by_day
from sim.replay.words import on_day
from sim.scenario import Action, Scenario
from sim.simulate.job import Job

MOST_DEEDS = 60
"""Acts of a run that are offered to be changed, those up to its headline first."""


@dataclass(frozen=True)
class Choice:
    """Something to be done otherwise in a run: in words, for the engine, and as an act to impose in every run."""

    text: str
    changes: tuple[Change, ...]
    action: Action | None


@dataclass(frozen=True)
class Life:
    """A run, lived to its end."""

    played: Replay

    @cached_property
    def log(self) -> list[Event]:
        """All that happened."""
        return log_of(self.played)

    @property
    def scenario(self) -> Scenario:
        """What it is a run of."""
        return self.played.job.scenario

    @cached_property
    def headline_day(self) -> int:
        """Day of the headline, -1 if it never came."""
        return spiral_day(self.played.outcome, self.scenario)

    @cached_property
    def deeds(self) -> list[Deed]:
        """Acts that its course can hang on, those after the headline left out, the first ones."""
        last = self.headline_day if self.headline_day != NO_SPIRAL else self.played.days
        return [deed for deed in deeds_of(self.played) if deed.day <= last][:MOST_DEEDS]

    @property
    def story(self) -> list[str]:
        """The run in a few paragraphs."""
        return story_of(self.log, self.scenario, self.played.run)

    @property
    def summary(self) -> list[str]:
        """What it came to."""
        return summary_lines(self.log, self.scenario)

    def choices(self, deed: Deed) -> list[Choice]:
        """What may be done in place of an act; first that it is taken out, its impulse spent."""
        last = is_last_step(deed, self.scenario, self.headline_day)
        others: list[Alteration] = alternatives(self.played, deed, self.deeds, last)
        taken = Choice(
            f"take out: {deed_text(deed, self.scenario)}", (without(deed, self.played),), _forbidding(others)
        )
        return [taken, *(Choice(other.text, other.changes, other.action) for other in others)]


def _forbidding(others: list[Alteration]) -> Action | None:
    """The nearest that a scenario can say to an act taken out: that the actor holds on that day."""
    quiet = ("hold", "keep-quiet", "no-answer")
    return next((o.action for o in others if o.action is not None and o.action.action in quiet), None)


def life_of(job: Job, run: int) -> Life:
    """Live a run again."""
    return Life(replay(job, run))


def otherwise(life: Life, choice: Choice) -> Life:
    """Live a run again from the first day that is changed, with the same luck, and keep every morning."""
    played = life.played
    first = min(change.day for change in choice.changes)
    timeline, mornings = played.timeline.copy(), played.mornings.copy()
    for change in choice.changes:
        impose(timeline, change)
    changed = replace(played, timeline=timeline, mornings=mornings)
    world = mornings[first : first + 1].copy()
    for day in range(first, played.days):
        mornings[day] = world[0]
        changed.live(world, day, day + 1)
    mornings[-1] = world[0]
    return Life(changed)


def verdict(life: Life, other: Life) -> str:
    """What becomes of the run's headline, in a sentence."""
    scenario, was, now = life.scenario, life.headline_day, other.headline_day
    kind = f"a {scenario.headline} exchange"
    if was == NO_SPIRAL and now == NO_SPIRAL:
        return f"Neither life comes to {kind}."
    if was == NO_SPIRAL:
        return f"The run did not come to {kind}; done otherwise it does, on {on_day(now, scenario)}."
    if now == NO_SPIRAL:
        return f"The run came to {kind} on {on_day(was, scenario)}; done otherwise it never does: it hung on this."
    if now == was:
        return f"The run comes to {kind} on {on_day(was, scenario)} all the same."
    days = abs(now - was)
    moved = f"{days} day{'s' * (days > 1)} {'later' if now > was else 'sooner'}"
    return f"The run came to {kind} on {on_day(was, scenario)}; done otherwise {moved}, on {on_day(now, scenario)}."


KINDS = ("attacks", "strike", "answer", "pressing", "rung", "spiral", "pause", "return", "talks", "order")
"""Kinds of event that are told where two lives are held side by side."""


def side_by_side(life: Life, other: Life, most: int = 60) -> list[tuple[str, list[str], list[str]]]:
    """Days on which two lives differ in what was done, as long as both are followed: date, and what either saw."""
    lives = [_by_day(one) for one in (life, other)]
    ends = [int(one.played.outcome["censored_day"]) for one in (life, other)]
    last = min((end for end in ends if end >= 0), default=life.played.days)
    found = []
    for day in sorted(day for day in {*lives[0], *lives[1]} if day <= last):
        one, two = lives[0].get(day, []), lives[1].get(day, [])
        if one != two:
            found.append((on_day(day, life.scenario), one, two))
    return found[:most]


def _by_day(life: Life) -> dict[int, list[str]]:
    days = {}
    for day, entries in told_by_day(life.log, life.scenario):
        said = [entry.text for entry, event in entries if event.kind in KINDS]
        if said:
            days[day] = [text for text, _ in groupby(said)]
    return days
