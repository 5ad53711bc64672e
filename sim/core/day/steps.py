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
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sim.core.jit import loop, rule
from sim.core.rules.common import either

Function = Callable[..., Any]

RECORDS = ("world", "today", "setting", "p")
TAKEN = (*RECORDS, "random_seed", "i")


@dataclass(frozen=True)
class Step:
    """A part of a phase that is always taken, or where a condition holds."""

    function: Function
    condition: Function | None = None

    def __post_init__(self) -> None:
        """Refuse functions of anything else than a step is a function of."""
        for function in self.functions:
            if unknown := [name for name in inspect.signature(function).parameters if name not in TAKEN]:
                raise TypeError(
                    f"step {function.__name__} takes {', '.join(unknown)}; there are {', '.join(TAKEN)}"
                )

    @property
    def functions(self) -> tuple[Function, ...]:
        """What is done, and the condition if there is one."""
        return (self.function,) if self.condition is None else (self.function, self.condition)


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
        for step in self.steps:
            for function in step.functions if isinstance(step, Step) else ():
                if "i" in inspect.signature(function).parameters:
                    raise TypeError(f"step {function.__name__} takes i; it must be one of each(...)")


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


PACK = "pack, lanes, worlds, parameters, rows, days, settings, seed, chosen"
ARRAYS = {"world": "worlds", "today": "days", "setting": "settings", "p": "parameters"}


def _call(function: Function) -> str:
    return f"{function.__name__}({', '.join(inspect.signature(function).parameters)})"


def _needed(*functions: Function | None) -> set[str]:
    return {name for f in functions if f is not None for name in inspect.signature(f).parameters}


def _alone(step: Step) -> list[str]:
    if step.condition is None:
        return [_call(step.function)]
    return [f"if {_call(step.condition)}:", f"    {_call(step.function)}"]


def _found(functions: Sequence[Function | None], seldom: bool) -> list[str]:
    """Where functions' arguments are found in a lane; what is seldom reads what lanes share where it stands once."""
    needed = _needed(*functions)
    drawn = {"world", "today"} if "random_seed" in needed else set()
    places = {name: f"{name}_of({array}, pack, lane)" for name, array in ARRAYS.items()}
    if seldom:
        places |= {"today": "days[0]", "setting": "settings[0]", "p": "parameters[rows[lane]]"}
    lines = [f"{name} = {places[name]}" for name in RECORDS if name in needed | drawn]
    return [*lines, "random_seed = seed_today(world, today, seed)"] if drawn else lines


def _by_all(step: Step) -> list[str]:
    lines = [*_found([step.function], False), _call(step.function)]
    return ["for lane in range(lanes):", *_indented(lines)]


def _by_some(step: Step) -> list[str]:
    """First the lanes are found that the step is for, without a branch that nobody could foresee."""
    assert step.condition is not None
    met = [*_found([step.condition], True), "chosen[some] = lane", f"some += {_call(step.condition)}"]
    done = ["lane = chosen[k]", *_found([step.function], True), _call(step.function)]
    return [
        "some = 0",
        "for lane in range(lanes):",
        *_indented(met),
        "for k in range(some):",
        *_indented(done),
    ]


def _by_few(steps: Sequence[Step | Each]) -> list[str]:
    """One loop for several steps that are taken seldom: lanes know nothing of one another.

    First the lanes are found in which any of them is due. Where none is at first, none will be.
    """
    flat = _flat(steps)
    conditions = {_call(s.condition): s.condition for s in flat if s.condition is not None}
    due = f"due = {' | '.join(conditions)}"
    met = [*_found([*conditions.values()], True), due, "chosen[some] = lane", "some += due"]
    found = _found([f for s in flat for f in s.functions], True)
    done = ["lane = chosen[k]", *found, *_in_order(steps, "settings[0]")]
    return [
        "some = 0",
        "for lane in range(lanes):",
        *_indented(met),
        "for k in range(some):",
        *_indented(done),
    ]


def _is_seldom(step: Step | Each) -> bool:
    """Whether it is behind conditions that hold for a world, not for a militia."""
    conditions = [inner.condition for inner in _flat([step])]
    alone = isinstance(step, Step)
    return all(c is not None and (alone or "i" not in _needed(c)) for c in conditions)


@dataclass
class _Writer:
    """Writes the loops over the lanes, one a step, but one for all seldom steps that follow one another.

    Each is a function of its own, which the compiler has made fast before it is put together with others.
    """

    given: Mapping[str, Any]
    made: dict[str, Function] = field(default_factory=dict)

    def written(self, steps: Sequence[Step | Each], taken: str = PACK) -> list[str]:
        """Lines that call the loops of steps in their order."""
        lines: list[str] = []
        for seldom, group in groupby(steps, _is_seldom):
            some = list(group)
            if seldom and (len(some) > 1 or isinstance(some[0], Each)):
                lines.append(self._loop(_by_few(some), some, taken))
                continue
            for step in some:
                if isinstance(step, Each):
                    inner = self.written(step.steps, f"{taken}, i")
                    lines += ["for i in range(settings[0].militia_count):", *_indented(inner)]
                else:
                    loop = _by_all(step) if step.condition is None else _by_some(step)
                    lines.append(self._loop(loop, [step], taken))
        return lines

    def _loop(self, lines: list[str], steps: Sequence[Step | Each], taken: str) -> str:
        name = f"loop_{len(self.made)}_{_flat(steps)[0].function.__name__}"
        self.made[name] = _written(name, f"({taken})", lines, {**self.given, **_functions(steps)}, "", loop)
        return f"{name}({taken})"


def _in_order(steps: Sequence[Step | Each], setting: str = "setting") -> list[str]:
    lines: list[str] = []
    for step in steps:
        if isinstance(step, Each):
            lines += [f"for i in range({setting}.militia_count):", *_indented(_in_order(step.steps))]
        else:
            lines += _alone(step)
    return lines


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _flat(steps: Sequence[Step | Each]) -> list[Step]:
    return [s for step in steps for s in (step.steps if isinstance(step, Each) else (step,))]


def _functions(steps: Sequence[Step | Each]) -> dict[str, Function]:
    found: dict[str, Function] = {}
    for function in (f for step in _flat(steps) for f in step.functions):
        if found.setdefault(function.__name__, function) is not function:
            raise TypeError(f"two steps of a phase are called {function.__name__}")
    return found


def alone(made: Phase) -> Function:
    """The phase as a function of (world, today, setting, p, random_seed), of one world."""
    lines = _in_order(made.steps)
    return _written(made.name, f"({', '.join(TAKEN[:-1])})", lines, _functions(made.steps), made.says)


def alone_of_militia(part: Each) -> Function:
    """What one militia does of a phase, as a function of (world, today, setting, p, random_seed, i)."""
    lines = [line for step in part.steps for line in _alone(step)]
    return _written("live_militia", f"({', '.join(TAKEN)})", lines, _functions([part]), "")


@rule
def seed_today(world, today, random_seed):
    """The seed of today's chance: that of a fitted past as long as it lasts, then the one given."""
    return either(today.date < world.past.until, world.past.seed, random_seed)


def in_turn(phases: Sequence[Function]) -> Function:
    """One function of several phases, of one world; the day's seed is found first."""
    five = f"({', '.join(TAKEN[:-1])})"
    lines = ["random_seed = seed_today(world, today, random_seed)", *(f"{p.__name__}{five}" for p in phases)]
    return _written("live", five, lines, {f.__name__: f for f in (seed_today, *phases)}, "")


def in_lanes(phases: Sequence[Phase], given: Mapping[str, Function]) -> Function:
    """Phases as a function of a pack, of as many worlds as it has lanes; `given` are the parts of a pack.

    It takes

    - `pack`, ndarray of uint64, the number of its lanes, and `worlds`, any recarray of WORLD
    - `parameters`, recarray of PARAMETERS, and `rows`, the row of each lane
    - `days` and `settings`, recarrays of DAY and SETTING, shape (1,)
    - `seed`, of uint64
    - `chosen`, ndarray of int64, with a place a lane and one more: room to work in
    """
    writer = _Writer({**given, "seed_today": seed_today})
    lines = writer.written([step for made in phases for step in made.steps])
    return _written("live_lanes", f"({PACK})", lines, writer.made, "")


def _written(
    name: str,
    parameters: str,
    lines: list[str],
    functions: Mapping[str, Any],
    says: str,
    compiled: Function = rule,
) -> Function:
    """A function from its lines: the compiler loops over no list of functions."""
    made = dict(functions)
    exec("\n    ".join([f"def {name}{parameters}:", *lines]), made)
    made[name].__doc__ = says
    return compiled(made[name])
