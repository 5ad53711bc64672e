"""What a scenario imposes: dated actions of the actors, as history or as interventions."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.fields import Basis, Day, Facts, Problem, Record, Text, Within, refuse

MOST_ACTIONS = 500

ACTIONS_OF = {
    "us": ("strike", "hold"),
    "iraq": ("press", "keep-quiet"),
    "iran": ("answer", "no-answer"),
    "militia": ("attack", "hold"),
}
DETAILS_OF = {
    "strike": ("level", "place", "forbid"),
    "press": ("forbid",),
    "answer": ("forbid",),
    "attack": ("attacks", "site", "killed", "wounded", "forbid"),
}
DETAILS = ("level", "place", "attacks", "site", "killed", "wounded", "forbid")
ActionName = Literal["strike", "press", "answer", "attack", "hold", "keep-quiet", "no-answer"]
Level = Annotated[int, Within(1, 4, whole=True)]
Number = Annotated[int, Within(1, 30, whole=True)]
Killed = Annotated[int, Within(0, 40, "persons", whole=True)]
Wounded = Annotated[int, Within(0, 200, "persons", whole=True)]


class Action(Record):
    """What an actor does, or with `forbid` may not do, on a day or on every day of a span."""

    date: Annotated[Day | None, Field(description="the day; or else give from and to")] = None
    from_: Annotated[Day | None, Field(alias="from", description="first day of a span")] = None
    to: Annotated[Day | None, Field(description="last day of a span")] = None
    actor: Annotated[Text, Field(description="us, iraq, iran or the name of a militia")]
    action: Annotated[ActionName, Field(description="what it does")]
    level: Annotated[Level | None, Field(description="level of a strike")] = None
    place: Annotated[Text | None, Field(description="where a strike falls")] = None
    attacks: Annotated[Number, Field(description="number of attacks on the day")] = 1
    site: Annotated[Text | None, Field(description="the site attacked")] = None
    killed: Annotated[Killed | None, Field(description="killed by the day's attacks")] = None
    wounded: Annotated[Wounded | None, Field(description="wounded by the day's attacks")] = None
    forbid: Annotated[bool, Field(strict=True, description="forbid it, do not impose it")] = False
    basis: Basis | None = None
    evidence: Facts = ()
    note: Text | None = None

    @property
    def span(self) -> tuple[datetime.date, datetime.date]:
        """First and last day, both included."""
        first, last = (self.from_, self.to) if self.date is None else (self.date, self.date)
        assert first is not None
        assert last is not None
        return first, last

    @model_validator(mode="after")
    def _dated_in_one_way(self) -> Self:
        given = tuple(x is not None for x in (self.date, self.from_, self.to))
        if given not in ((True, False, False), (False, True, True)):
            refuse(Problem("must be dated in one way: date, or from and to", of_key=True))
        if self.from_ and self.to and self.from_ > self.to:
            refuse(Problem(f"must not be before from, {self.from_}", ("to",)))
        return self

    @model_validator(mode="after")
    def _rests_on_facts(self) -> Self:
        if self.basis in ("reported", "derived") and not self.evidence:
            refuse(Problem(f"must name at least one fact, since the basis is {self.basis}", ("evidence",)))
        return self


def _not_too_many(value: Any) -> Any:
    if isinstance(value, list | tuple) and len(value) > MOST_ACTIONS:
        refuse(Problem(f"must hold at most {MOST_ACTIONS} actions"))
    return value


Actions = Annotated[tuple[Action, ...], BeforeValidator(_not_too_many)]


class History(Record):
    """The record before `release`: avowed answers and deaths are exactly those listed, and so are strikes and bargains
    up to `complete_until`.

    After that day strikes and bargains that are not listed are left to the model, but for a strike of level 4, of which
    anybody would have heard. What is not known to have happened is not taken not to have happened.
    """

    release: Annotated[Day, Field(description="the first day on which the model runs free")]
    complete_until: Annotated[
        Day | None,
        Field(
            description="last day up to which all strikes and bargains are known; by default to the release"
        ),
    ] = None
    actions: Actions = ()

    @property
    def known_until(self) -> datetime.date:
        """Last day up to which no strike or bargain was made but those listed."""
        last = self.release - datetime.timedelta(days=1)
        return last if self.complete_until is None else min(self.complete_until, last)


def action_problems(
    action: Action,
    militias: Collection[str],
    sites: Collection[str],
    places: tuple[str, ...],
) -> Iterator[Problem]:
    """Find what does not fit together in an action, given who and what there is.

    Parameters
    ----------
    action : Action
    militias, sites : by name
    places : where strikes can fall: in the host, in its first neighbour, on the sponsor's soil
    """
    kind = action.actor if action.actor in ("us", "iraq", "iran") else "militia"
    actors = ("us", "iraq", "iran", *militias)
    if action.actor not in actors:
        yield _choice("actor", action.actor, actors)
    elif action.action not in ACTIONS_OF[kind]:
        yield _choice("action", action.action, ACTIONS_OF[kind])
    else:
        yield from _detail_problems(action, places)
        if action.site is not None and action.site not in sites:
            yield _choice("site", action.site, tuple(sites))


def _choice(field: str, given: str, allowed: tuple[str, ...]) -> Problem:
    return Problem(f"must be one of {', '.join(allowed)}", (field,), given=given, allowed=allowed)


def _detail_problems(action: Action, places: tuple[str, ...]) -> Iterator[Problem]:
    belongs = DETAILS_OF.get(action.action, ())
    if action.forbid and action.action == "attack":
        belongs = ("forbid",)
    what = f"{action.action} with forbid" if action.forbid and belongs else action.action
    for field in DETAILS:
        if field in action.model_fields_set and field not in belongs and getattr(action, field) is not None:
            fields = ", ".join(belongs) or "nothing"
            yield Problem(f"does not belong to {what}, to which belongs {fields}", (field,), of_key=True)
    if action.action == "strike":
        yield from _strike_problems(action, places)


def _strike_problems(action: Action, places: tuple[str, ...]) -> Iterator[Problem]:
    host, _, sponsor = places
    if action.level is None:
        yield Problem("is missing; a strike has a level from 1 to 4", ("level",))
    elif action.place is not None and action.place not in places:
        yield _choice("place", action.place, places)
    elif action.forbid and action.place not in (None, host):
        yield Problem(f"must be {host}, or left out to forbid strikes anywhere", ("place",))
    elif action.place == sponsor and action.level < 4:
        yield Problem("is a place for strikes of level 4 only", ("place",))


def contradiction(one: Action, other: Action) -> bool:
    """Tell whether two actions cannot both be done, on some day that they share."""
    if one.actor != other.actor or one.span[0] > other.span[1] or other.span[0] > one.span[1]:
        return False
    if one.actor == "us":
        return _strikes_contradict(one, other)
    return _is_done(one) != _is_done(other) or (one.action == other.action == "attack" and _is_done(one))


def _is_done(action: Action) -> bool:
    return action.action in DETAILS_OF and not action.forbid


def _strikes_contradict(one: Action, other: Action) -> bool:
    strikes = [a for a in (one, other) if _is_done(a)]
    limits = [a for a in (one, other) if a.forbid]
    if len(strikes) != 1 or not limits:
        return bool(strikes)
    strike, limit = strikes[0], limits[0]
    return (strike.level or 0) >= (limit.level or 0) and limit.place in (None, strike.place)
