"""Orders of single days made into spans of days."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from sim.scenario import Action
from sim.scenario.schema import ONE_DAY


def merged(orders: Sequence[Action]) -> tuple[Action, ...]:
    """Put equal orders on consecutive days together.

    Parameters
    ----------
    orders : sequence of Action
        Of one actor, each of one day, in order of their days.

    Returns
    -------
    tuple of Action
        Of a day, or of a span of two days or more.
    """
    spans: list[tuple[Action, datetime.date]] = []
    for order in orders:
        day = order.span[0]
        if spans and spans[-1][1] + ONE_DAY == day and _same(spans[-1][0], order):
            spans[-1] = spans[-1][0], day
        else:
            spans.append((order, day))
    return tuple(_spanning(order, last) for order, last in spans)


def single_days(action: Action) -> Iterator[Action]:
    """Give the orders of single days that an action of a span stands for."""
    first, last = action.span
    for past in range((last - first).days + 1):
        yield action.model_copy(update={"date": first + past * ONE_DAY, "from_": None, "to": None})


def _same(one: Action, other: Action) -> bool:
    return one.model_copy(update={"date": other.date}) == other


def _spanning(order: Action, last: datetime.date) -> Action:
    if order.date == last:
        return order
    given = order.model_dump(exclude_defaults=True, exclude={"date"})
    return Action.model_validate({**given, "from": order.date, "to": last})
