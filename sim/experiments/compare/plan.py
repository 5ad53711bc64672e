"""Which scenarios are held against each other, and whether they can be: the same luck, the same last day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sim.experiments.compare.assumptions import Difference, differing
from sim.scenario import Action, Scenario
from sim.scenario.past import cut
from sim.scenario.schema import ONE_DAY
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.wording import day_text

RUNS = 20_000
"""Runs of a scenario, unless others are asked for."""

SIGN_ROWS, SIGN_RUNS = 200, 250
"""Rows of parameters, at most, of which it is asked whether the risk rises or falls in them; runs of each."""


class CompareError(ValueError):
    """Scenarios that cannot be held against each other; the message is one line."""


@dataclass(frozen=True)
class Plan:
    """A comparison, checked and ready.

    Attributes
    ----------
    scenarios : the first is the one that the others are held against
    labels : what they are called; no two alike
    runs : of each
    """

    scenarios: tuple[Scenario, ...]
    labels: tuple[str, ...]
    runs: int

    @cached_property
    def start(self) -> datetime.date:
        """First day that is counted: the latest start."""
        return max(scenario.start for scenario in self.scenarios)

    @cached_property
    def worlds(self) -> tuple[Scenario, ...]:
        """What is simulated: the scenarios, all counted from the same day on."""
        return tuple(counted_from(scenario, self.start) for scenario in self.scenarios)

    @property
    def definition(self) -> str:
        """The spiral that is asked about: the first scenario's."""
        return self.scenarios[0].headline

    def sign_rows(self, drawn: bool) -> int:
        """Rows of parameters whose runs are many enough to tell the sign; none where parameters are not drawn."""
        return min(SIGN_ROWS, self.runs // (4 * RUNS_PER_ROW)) if drawn else 0

    def total(self, drawn: bool) -> int:
        """Runs of all scenarios."""
        return len(self.scenarios) * (self.runs + self.sign_rows(drawn) * SIGN_RUNS)

    def assumptions(self, number: int, first: int = 0) -> list[Difference]:
        """In what a scenario, by its number, differs from the first."""
        as_given = self.scenarios[first], self.scenarios[number]
        return differing(self.worlds[first], self.worlds[number], as_given)

    def same(self, first: int, number: int) -> bool:
        """Whether two scenarios come to the same in every run."""
        afresh = [self.worlds[i].past is None for i in (first, number)]
        only_start = all(one.path == "start" for one in self.assumptions(number, first))
        return only_start and afresh[0] == afresh[1]


def plan_compare(
    scenarios: Sequence[Scenario], runs: int | None = None, labels: Sequence[str] | None = None
) -> Plan:
    """Check a comparison.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Two or more.
    runs : int, optional
        Of each; `RUNS` by default.
    labels : sequence of str, optional
        What they are called; by default their names, numbered where two are alike.

    Raises
    ------
    CompareError
        When there is one alone, or two that are the same, or two whose runs cannot be paired.
    """
    if len(scenarios) < 2:
        raise CompareError("one scenario alone has nothing to be held against; name another")
    called = tuple(labels) if labels is not None else _numbered([s.name for s in scenarios])
    plan = Plan(tuple(scenarios), called, runs or RUNS)
    for scenario, label in zip(scenarios[1:], called[1:], strict=True):
        _check_pair(scenarios[0], scenario, (called[0], label))
    for later in range(1, len(scenarios)):
        for number in range(later):
            if plan.same(number, later):
                raise CompareError(
                    f"{called[number]} and {called[later]} differ in nothing that is simulated"
                )
    return plan


def _numbered(names: Sequence[str]) -> tuple[str, ...]:
    counts = [names[: place + 1].count(name) for place, name in enumerate(names)]
    return tuple(
        name if count == 1 else f"{name} ({count})" for name, count in zip(names, counts, strict=True)
    )


def _check_pair(first: Scenario, other: Scenario, labels: tuple[str, str]) -> None:
    if first.random_seed != other.random_seed:
        raise CompareError(
            f"{labels[0]} has random_seed {first.random_seed} and {labels[1]} {other.random_seed}: runs are paired by "
            "their luck, so that both need the same; --random-seed gives all one"
        )
    if first.end != other.end:
        raise CompareError(
            f"{labels[0]} ends on {first.end} and {labels[1]} on {other.end}: what happens in a longer time is more; "
            f"--set end={max(first.end, other.end)} gives all one end"
        )


def counted_from(scenario: Scenario, start: datetime.date) -> Scenario:
    """Give a scenario whose outcomes are counted from a later day on.

    The days before are simulated as ever, so that its worlds of each day are the same.
    """
    if scenario.start == start:
        return scenario
    kept = tuple(_begun(action, start) for action in scenario.interventions if action.span[1] >= start)
    past = cut(scenario, start - ONE_DAY)
    return scenario.model_copy(update={"start": start, "past": past, "interventions": kept})


def _begun(action: Action, start: datetime.date) -> Action:
    """Let a span that reaches over the start begin there."""
    return action.model_copy(update={"from_": start}) if action.from_ and action.from_ < start else action


def notes_of(plan: Plan) -> list[str]:
    """What must be known of a comparison before its numbers are read, a sentence each."""
    notes = []
    if earlier := [
        label for s, label in zip(plan.scenarios, plan.labels, strict=True) if s.start < plan.start
    ]:
        notes.append(
            f"All are counted from {day_text(plan.start)} on; what {' and '.join(earlier)} "
            f"{'bring' if len(earlier) > 1 else 'brings'} before that day is simulated, and not counted."
        )
    if any(scenario.headline != plan.definition for scenario in plan.scenarios):
        notes.append(f"Headlines differ; that of {plan.labels[0]} is taken, the {plan.definition} spiral.")
    for number, label in enumerate(plan.labels[1:], start=1):
        if any(
            difference.path.startswith(("spirals.", "ladder.")) for difference in plan.assumptions(number)
        ):
            notes.append(
                f"What counts as a spiral or a rung differs in {label}: part of its change is one of counting."
            )
    return notes
