"""Phases made of steps: one text of the day, lived by one world or by replicates side by side.

A step is a function of some of

- `world`, a record of WORLD, changed in place
- `today`, a record of DAY
- `setting`, a record of SETTING
- `p`, a record of PARAMETERS
- `random_seed`, of uint64
- `i`, the index of a militia

by these names. Steps that are taken every day have no branches: they choose between values by `either`, so that the
compiler does several replicates at once. What happens seldom stands behind a condition.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.core.jit import rule
from sim.core.rules.common import either

Function = Callable[..., Any]


@dataclass(frozen=True)
class Step:
    """A part of a phase that is always taken, or where a condition holds."""

    function: Function
    condition: Function | None = None


@dataclass(frozen=True)
class Each:
    """Steps that are gone through for one militia after the other."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Phase:
    """A phase of the day: its name, what it is, and its steps in their order."""

    name: str
    says: str
    steps: tuple[Step | Each, ...]

    def __post_init__(self) -> None:
        """Refuse a step for one militia that is not one of `each`."""
        for function in functions_of([step for step in self.steps if isinstance(step, Step)]).values():
            if "i" in needed(function):
                raise TypeError(f"step {function.__name__} takes 'i'; it must be one of each(...)")


def when(condition: Function, function: Function) -> Step:
    """A step that is taken where a condition holds, which is seldom."""
    return Step(function, condition)


def each(*steps: Function | Step) -> Each:
    """Steps for one militia after the other."""
    return Each(tuple(_step(step) for step in steps))


def phase(name: str, says: str, *steps: Function | Step | Each) -> Phase:
    """A phase of steps; a plain function is a step that is always taken."""
    return Phase(name, says, tuple(step if isinstance(step, Each) else _step(step) for step in steps))


def _step(step: Function | Step) -> Step:
    return step if isinstance(step, Step) else Step(step)


RECORDS = ("world", "today", "setting", "p")
TAKEN = (*RECORDS, "random_seed", "i")


def call_of(function: Function) -> str:
    """A call of a step's function, by the names of what it takes.

    Raises
    ------
    TypeError
        When it takes something else.
    """
    taken = list(inspect.signature(function).parameters)
    if unknown := [name for name in taken if name not in TAKEN]:
        raise TypeError(f"step {function.__name__} takes {unknown[0]!r}; there are {', '.join(TAKEN)}")
    return f"{function.__name__}({', '.join(taken)})"


def needed(*functions: Function | None) -> set[str]:
    """Names of what functions take."""
    return {name for f in functions if f is not None for name in inspect.signature(f).parameters}


def _alone(step: Step) -> list[str]:
    if step.condition is None:
        return [call_of(step.function)]
    return [f"if {call_of(step.condition)}:", f"    {call_of(step.function)}"]


def in_order(steps: Sequence[Step | Each], setting: str = "setting") -> list[str]:
    """Lines that go through steps for one world."""
    lines: list[str] = []
    for step in steps:
        if isinstance(step, Each):
            lines += [f"for i in range({setting}.militia_count):", *indented(in_order(step.steps))]
        else:
            lines += _alone(step)
    return lines


def indented(lines: Sequence[str]) -> list[str]:
    """Lines, a level deeper."""
    return [f"    {line}" for line in lines]


def flat(steps: Sequence[Step | Each]) -> list[Step]:
    """Steps in their order, those for each militia among them."""
    return [s for step in steps for s in (step.steps if isinstance(step, Each) else (step,))]


def functions_of(steps: Sequence[Step | Each]) -> dict[str, Function]:
    """Functions and conditions of steps, by name.

    Raises
    ------
    TypeError
        When two have the same name.
    """
    found: dict[str, Function] = {}
    for function in (f for step in flat(steps) for f in (step.function, step.condition) if f is not None):
        if found.setdefault(function.__name__, function) is not function:
            raise TypeError(f"two steps of a phase are called {function.__name__}")
    return found


def alone(made: Phase) -> Function:
    """The phase as a function of (world, today, setting, p, random_seed), of one world."""
    lines = in_order(made.steps)
    return written(made.name, f"({', '.join(TAKEN[:-1])})", lines, functions_of(made.steps), made.says)


def alone_of_militia(part: Each) -> Function:
    """What one militia does of a phase, as a function of (world, today, setting, p, random_seed, i)."""
    return written("live_militia", f"({', '.join(TAKEN)})", in_order(part.steps), functions_of([part]), "")


@rule
def seed_today(world, today, random_seed):
    """The seed of today's chance: that of a fitted past as long as it lasts, then the one given."""
    return either(today.date < world.past.until, world.past.seed, random_seed)


def in_turn(phases: Sequence[Function]) -> Function:
    """One function of several phases, of one world; the day's seed is found first."""
    five = f"({', '.join(TAKEN[:-1])})"
    lines = ["random_seed = seed_today(world, today, random_seed)", *(f"{p.__name__}{five}" for p in phases)]
    return written("live", five, lines, {f.__name__: f for f in (seed_today, *phases)}, "")


def written(
    name: str,
    parameters: str,
    lines: list[str],
    functions: Mapping[str, Any],
    says: str,
    compiled: Function = rule,
) -> Function:
    """A function from its lines: the compiler loops over no list of functions."""
    assert name not in functions, name
    made = dict(functions)
    exec("\n    ".join([f"def {name}{parameters}:", *lines]), made)
    made[name].__doc__ = says
    return compiled(made[name])
