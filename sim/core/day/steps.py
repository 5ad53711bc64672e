"""Phases made of steps: one text of the day, lived by one world or by replicates side by side.

A step is a function of some of

- `world`, a record of WORLD, changed in place
- `today`, a record of DAY
- `setting`, a record of SETTING
- `p`, a record of PARAMETERS
- `random_seed`, of uint64
- `i`, the index of a militia

by these names. Steps that all take every day have no branches: they choose between values by `either`, so that the compiler does
several replicates at once. What happens seldom stands behind a condition.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sim.core.jit import rule

Function = Callable[..., Any]


@dataclass(frozen=True)
class Step:
    """What is done of a phase before anything else of it: by all, or where a condition holds; for each militia or once."""

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


def _call(function: Function) -> str:
    taken = [name for name in inspect.signature(function).parameters]
    assert set(taken) <= set(TAKEN), (function, taken)
    return f"{function.__name__}({', '.join(taken)})"


def _needed(*functions: Function | None) -> set[str]:
    return {name for f in functions if f is not None for name in inspect.signature(f).parameters}


def _alone(step: Step) -> list[str]:
    if step.condition is None:
        return [_call(step.function)]
    return [f"if {_call(step.condition)}:", f"    {_call(step.function)}"]


def _together(steps: Sequence[Step]) -> list[str]:
    """One loop over the lanes: of a step that is always taken, or of several that seldom are.

    What is seldom reads what all lanes have in common where it stands once.
    """
    needed = _needed(*(f for step in steps for f in (step.function, step.condition)))
    drawn = {"world", "today"} if "random_seed" in needed else set()
    places = {name: f"{name}_of(pack, lane)" for name in RECORDS}
    if steps[0].condition is not None:
        places |= {"today": "days[0]", "setting": "settings[0]", "p": "parameters[rows[lane]]"}
    lines = [f"    {name} = {places[name]}" for name in RECORDS if name in needed | drawn]
    if drawn:
        lines.append("    random_seed = seed_today(world, today, seed)")
    return ["for lane in range(lanes):", *lines, *(f"    {line}" for step in steps for line in _alone(step))]


def _side_by_side(steps: Sequence[Step | Each]) -> list[str]:
    """Loops over the lanes, those of seldom steps that follow one another taken together: lanes know nothing of each other."""
    lines: list[str] = []
    for seldom, some in groupby(steps, lambda step: isinstance(step, Step) and step.condition is not None):
        if seldom:
            lines += _together(list(some))
            continue
        for step in some:
            if isinstance(step, Each):
                lines.append("for i in range(settings[0].militia_count):")
                lines += [f"    {line}" for line in _side_by_side(step.steps)]
            else:
                lines += _together([step])
    return lines


def _in_order(steps: Sequence[Step | Each]) -> list[str]:
    lines: list[str] = []
    for step in steps:
        if isinstance(step, Each):
            lines.append("for i in range(setting.militia_count):")
            lines += [f"    {line}" for inner in step.steps for line in _alone(inner)]
        else:
            lines += _alone(step)
    return lines


def _functions(steps: Sequence[Step | Each]) -> dict[str, Function]:
    flat = [s for step in steps for s in (step.steps if isinstance(step, Each) else (step,))]
    return {f.__name__: f for step in flat for f in (step.function, step.condition) if f is not None}


def alone(made: Phase) -> Function:
    """The phase as a function of (world, today, setting, p, random_seed), of one world."""
    lines = _in_order(made.steps)
    return _written(made.name, f"({', '.join(TAKEN[:-1])})", lines, _functions(made.steps), made.says)


def alone_of_militia(part: Each) -> Function:
    """What one militia does of a phase, as a function of (world, today, setting, p, random_seed, i)."""
    lines = [line for step in part.steps for line in _alone(step)]
    return _written("live_militia", f"({', '.join(TAKEN)})", lines, _functions([part]), "")


def in_turn(phases: Sequence[Function], seed_today: Function) -> Function:
    """One function of several phases, of one world; the day's seed is found first."""
    five = f"({', '.join(TAKEN[:-1])})"
    lines = ["random_seed = seed_today(world, today, random_seed)", *(f"{p.__name__}{five}" for p in phases)]
    return _written("live", five, lines, {f.__name__: f for f in (seed_today, *phases)}, "")


def side_by_side(phases: Sequence[Phase], **given: Any) -> Function:
    """Phases as a function of a pack and the seed of chance, of as many worlds as it has lanes; `given` are the parts of a pack."""
    steps = [step for made in phases for step in made.steps]
    lines = _side_by_side(steps)
    return _written("live_side_by_side", "(pack, lanes, parameters, rows, days, settings, seed)", lines, {**given, **_functions(steps)}, "")


def _written(name: str, parameters: str, lines: list[str], functions: dict[str, Any], says: str) -> Function:
    """A function from its lines: the compiler loops over no list of functions."""
    made = dict(functions)
    exec("\n    ".join([f"def {name}{parameters}:", *lines]), made)
    made[name].__doc__ = says
    return rule(made[name])
