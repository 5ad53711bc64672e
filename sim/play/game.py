"""The state of a game: a run lived day by day, in which some days of one actor are ordered."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import numpy as np

from sim.core import phases
from sim.core.state import FREE
from sim.errors import InputError
from sim.play.merging import merged
from sim.play.seats import check_actor, seat_of
from sim.replay.replay import Record, Replay, replay
from sim.replay.stages import Stages, stages_of
from sim.replay.words import date_of
from sim.scenario import Action, Scenario
from sim.scenario.actions import MOST_ACTIONS
from sim.simulate.job import Parameters, make_job
from sim.simulate.setting import militias_in_order
from sim.simulate.timeline import timeline_of


class GameError(InputError):
    """A game that cannot be played, saved or gone on with; the message is one line."""


@dataclass
class Game:
    """One run, and how far it has been played.

    Attributes
    ----------
    actor : us, iraq, iran or a militia's name
    played : the run as played; what lies after today is provisional, with the model deciding
    free : the same run with the model deciding for everybody throughout
    day : index of the day to be decided; `played.days` when the game is over
    orders : what the person has ordered, by index of the day; the model decides on days that are not in it
    saved_by : the version that saved the game it goes on from; nothing for a new game
    """

    actor: str
    played: Replay
    free: Replay
    day: int = 0
    orders: dict[int, Action] = field(default_factory=dict)
    saved_by: str = ""

    @property
    def scenario(self) -> Scenario:
        """The scenario that is played."""
        return self.played.job.scenario

    @property
    def over(self) -> bool:
        """Whether the last day has been lived."""
        return self.day == self.played.days

    @property
    def militia(self) -> int:
        """Index of the militia that is played, -1 for a government."""
        names = list(militias_in_order(self.scenario))
        return names.index(self.actor) if self.actor in names else -1

    def date_of(self, day: int) -> datetime.date:
        """The date of a day."""
        return date_of(day, self.scenario)

    def stages(self) -> Stages:
        """Today, stage by stage; what comes after the person's decision is provisional."""
        return stages_of(self.played, self.day)

    def moment(self) -> Record:
        """The world as the decision finds it, shape (1,)."""
        return np.asarray(getattr(self.stages(), seat_of(self.actor).stage))

    def at_an_end(self) -> bool:
        """Whether a war has been followed to its end, so that nothing is lived or decided any more."""
        world = self.played.mornings[self.day : self.day + 1]
        return not self.over and bool(phases.war_is_over(world, self.played.setting))

    def settled(self) -> str:
        """Why there is nothing for the actor to decide today; nothing if there is."""
        if self.at_an_end():
            return "a war is followed no further, and nobody decides any more"
        today = self.free.timeline[self.day]
        ordered = (
            today["orders"]["attacks"][self.militia]
            if self.militia >= 0
            else today[seat_of(self.actor).field]
        )
        return "" if ordered == FREE else f"the scenario itself fixes what {self.actor} does"

    def imposed(self) -> bool:
        """Whether the scenario itself fixes what the actor does today, or nothing is lived any more."""
        return bool(self.settled())

    def live(self, order: Action | None) -> None:
        """Live today, with an order or, if there is none, as the model decides; then it is tomorrow."""
        if order is not None and self.imposed():
            raise GameError(f"{self.date_of(self.day)}: {self.settled()}")
        orders = dict(self.orders)
        if order is not None:
            orders[self.day] = order
            if len(merged(list(orders.values()))) + len(self.scenario.interventions) > MOST_ACTIONS:
                raise GameError(f"a scenario holds at most {MOST_ACTIONS} actions: let the model decide")
        self.played.timeline[self.day] = self.day_with(order)
        self._advance(self.day)
        if self.day + 1 < self.played.days:
            self._advance(self.day + 1)
        self.orders, self.day = orders, self.day + 1

    def day_with(self, order: Action | None) -> np.void:
        """The record of DAY for today, with an order written into it by the scenario's own rules."""
        if order is None:
            return self.free.timeline[self.day]
        imposed = (*self.scenario.interventions, order)
        ordered = timeline_of(self.scenario.model_copy(update={"interventions": imposed}))
        return np.asarray(ordered)[self.day]

    def ending(self) -> Record:
        """The world at the scenario's end, the model deciding from today on; shape (1,)."""
        world = self.played.mornings[self.day : self.day + 1].copy()
        self.played.live(world, self.day, self.played.days)
        return world

    def _advance(self, day: int) -> None:
        world = self.played.mornings[day : day + 1].copy()
        self.played.live(world, day, day + 1)
        self.played.mornings[day + 1] = world[0]


def new_game(scenario: Scenario, actor: str, run: int, parameters: Parameters = "prior") -> Game:
    """Open a game on its first morning.

    Parameters
    ----------
    scenario : Scenario
    actor : us, iraq, iran or a militia's name
    run : int
        Number of the run whose luck and parameters the game has.
    parameters : 'prior' or 'default'

    Raises
    ------
    GameError
        If nobody of that name takes part in the scenario.
    """
    wrong = check_actor(actor, scenario)
    if wrong:
        raise GameError(wrong)
    free = replay(make_job(scenario, parameters), run)
    played = Replay(free.job, run, free.mornings.copy(), free.timeline.copy(), free.setting, free.row)
    return Game(actor, played, free)
