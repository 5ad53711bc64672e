"""The past of a scenario that starts later than the one it extends."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator

from sim.scenario.actions import Action, History
from sim.scenario.composing import Node
from sim.scenario.errors import complaint, show
from sim.scenario.fields import LAST_DAY
from sim.scenario.lineage import Replaced
from sim.scenario.schema import ONE_DAY, Scenario


def past_of(parent: Scenario, tree: Node) -> Scenario | None:
    """Give the scenario whose worlds a child starts from.

    Parameters
    ----------
    parent : the scenario that it extends
    tree : the child's merged tree

    Returns
    -------
    Scenario or None
        The parent cut to end on the day before a later start; the parent's own past for the same start.

    Raises
    ------
    ScenarioError
        If the child starts later than the parent's worlds reach.
    """
    assert isinstance(tree.value, dict)
    node = tree.value.get("start")
    start = node.value if node else None
    if node is None or not isinstance(start, datetime.date) or not parent.start <= start <= LAST_DAY:
        return None
    if start == parent.start:
        return parent.past
    if start > parent.end + ONE_DAY:
        latest = parent.end + ONE_DAY
        problem = f"must be {latest} or before, since {parent.name}, which it continues, ends on {parent.end}"
        raise complaint(node.place, problem, ("start",), show(start))
    return cut(parent, start - ONE_DAY)


def cut(scenario: Scenario, end: datetime.date) -> Scenario:
    """Give a scenario that ends earlier, without what it imposes after that."""
    history = _history_until(scenario.history, end) if scenario.history else None
    interventions = tuple(_until(action, end) for action in scenario.interventions if action.span[0] <= end)
    return scenario.model_copy(update={"end": end, "history": history, "interventions": interventions})


def counted_from(scenario: Scenario, start: datetime.date) -> Scenario:
    """Give a scenario whose outcomes are counted from a later day on.

    The days before are simulated as ever, so that its worlds of each day are the same.
    """
    if scenario.start == start:
        return scenario
    kept = tuple(_since(action, start) for action in scenario.interventions if action.span[1] >= start)
    past = cut(scenario, start - ONE_DAY)
    return scenario.model_copy(update={"start": start, "past": past, "interventions": kept})


def imposed_actions(scenario: Scenario) -> Iterator[Action]:
    """All actions that a scenario imposes or forbids, of what it continues too."""
    yield from scenario.history.actions if scenario.history else ()
    yield from scenario.interventions
    if scenario.past is not None:
        yield from imposed_actions(scenario.past)


def dropped_actions(
    parent: Scenario, child: Scenario, replaced: Collection[Replaced]
) -> tuple[tuple[str, Action], ...]:
    """Give the actions that a parent imposes and a child does not, since a list of its own replaces the parent's.

    Parameters
    ----------
    parent, child : Scenario
    replaced : lists of the child's own in place of inherited ones

    Returns
    -------
    tuple of (str, Action)
        After the parent's name those that reach into the child's own time: what lies before its start is in its past.
    """
    own = {one.path for one in replaced}
    stands = [_imposes(action) for action in imposed_actions(child)]
    history = parent.history.actions if parent.history and own & {"history", "history.actions"} else ()
    later = parent.interventions if "interventions" in own else ()
    reach = [
        *(action for action in history if action.span[1] >= child.origin),
        *(action for action in later if action.span[1] >= child.start),
    ]
    return tuple((parent.name, a) for a in reach if a.span[0] <= child.end and _imposes(a) not in stands)


def _imposes(action: Action) -> dict[str, object]:
    """What an action imposes, without what it rests on."""
    return action.model_dump(exclude={"basis", "evidence", "note"})


def laid_over(past: Scenario, child: Scenario) -> Scenario:
    """Give a past with the child's history, priors, reference class, seed and runs, all the way back.

    The record goes before what the past's scenario itself imposes in the time that the record covers.
    """
    update: dict[str, object] = {
        key: getattr(child, key) for key in ("random_seed", "runs", "priors", "reference_class")
    }
    if child.history:
        history = _history_until(child.history, past.end)
        update["history"] = history
        update["interventions"] = tuple(
            _since(action, history.release)
            for action in past.interventions
            if action.span[1] >= history.release
        )
    if past.past:
        update["past"] = laid_over(past.past, child)
    return past.model_copy(update=update)


def without_the_past(tree: Node, past: Scenario | None, own_files: tuple[str, ...]) -> Node:
    """Drop inherited interventions that lie before the start: they belong to the past."""
    assert isinstance(tree.value, dict)
    listed = tree.value.get("interventions")
    if past is None or listed is None or not isinstance(listed.value, list):
        return tree
    kept = []
    for item in listed.value:
        if item.place.file in own_files or not isinstance(item.value, dict):
            kept.append(item)
        elif (last := item.value.get("date") or item.value.get("to")) is not None:
            kept += [_begun(item, past.end + ONE_DAY)] if _after(last, past.end) else []
    return Node({**tree.value, "interventions": Node(kept, listed.place, listed.key)}, tree.place, tree.key)


def _after(node: Node, day: datetime.date) -> bool:
    return not isinstance(node.value, datetime.date) or node.value > day


def _begun(item: Node, start: datetime.date) -> Node:
    """Let a span that reaches over the start begin there."""
    assert isinstance(item.value, dict)
    first = item.value.get("from")
    if first is None or _after(first, start):
        return item
    return Node({**item.value, "from": Node(start, first.place, first.key)}, item.place, item.key)


def _history_until(history: History, end: datetime.date) -> History:
    actions = tuple(_until(action, end) for action in history.actions if action.span[0] <= end)
    release, known = min(history.release, end + ONE_DAY), history.complete_until
    update = {"release": release, "complete_until": known and min(known, end), "actions": actions}
    return history.model_copy(update=update)


def _until(action: Action, end: datetime.date) -> Action:
    return action.model_copy(update={"to": end}) if action.to and action.to > end else action


def _since(action: Action, start: datetime.date) -> Action:
    return action.model_copy(update={"from_": start}) if action.from_ and action.from_ < start else action
