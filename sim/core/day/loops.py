"""Loops over lanes, written from the steps of a day: one a step, but one for all seldom steps that follow one another.

What is always taken is done in all lanes, several at once. For what is seldom the lanes are found first in which it is
due, without a branch that nobody could foresee; then it is done in those, one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sim.core.day.steps import (
    RECORDS,
    Each,
    Function,
    Phase,
    Step,
    call_of,
    flat,
    functions_of,
    in_order,
    indented,
    needed,
    seed_today,
    written,
)
from sim.core.jit import loop

PACK = "pack, lanes, worlds, parameters, rows, days, settings, seed, chosen"
ARRAYS = {"world": "worlds", "today": "days", "setting": "settings", "p": "parameters"}


def in_lanes(phases: Sequence[Phase], given: Mapping[str, Function]) -> Function:
    """Phases as a function of a pack, of as many worlds as it has lanes; `given` are the parts of a pack.

    It takes

    - `pack`, ndarray of uint64, the number of its lanes, and `worlds`, any recarray of WORLD
    - `parameters`, recarray of PARAMETERS, and `rows`, the row of each lane
    - `days` and `settings`, recarrays of DAY and SETTING, shape (1,)
    - `seed`, of uint64
    - `chosen`, ndarray of int64, with a place for every lane: room to work in
    """
    writer = _Writer({**given, "seed_today": seed_today})
    lines = writer.lines([step for made in phases for step in made.steps])
    return written("live_lanes", f"({PACK})", lines, writer.made, "")


def _found(functions: Sequence[Function | None], seldom: bool) -> list[str]:
    """Where functions' arguments are found in a lane; what is seldom reads what lanes share where it stands once."""
    names = needed(*functions)
    drawn = {"world", "today"} if "random_seed" in names else set()
    places = {name: f"{name}_of({array}, pack, lane)" for name, array in ARRAYS.items()}
    if seldom:
        places |= {"today": "days[0]", "setting": "settings[0]", "p": "parameters[rows[lane]]"}
    lines = [f"{name} = {places[name]}" for name in RECORDS if name in names | drawn]
    return [*lines, "random_seed = seed_today(world, today, seed)"] if drawn else lines


def _by_all(step: Step) -> list[str]:
    lines = [*_found([step.function], False), call_of(step.function)]
    return ["for lane in range(lanes):", *indented(lines)]


def _by_some(steps: Sequence[Step | Each]) -> list[str]:
    """For steps that are taken seldom: lanes know nothing of one another.

    First the lanes are found in which any step is due, without a branch that nobody could foresee. Where none is at
    first, none will be.
    """
    every = flat(steps)
    conditions = {call_of(s.condition): s.condition for s in every if s.condition is not None}
    met = [*_found([*conditions.values()], True), "chosen[some] = lane", f"some += {' | '.join(conditions)}"]
    if len(every) == 1 and isinstance(steps[0], Step):
        done = [*_found([every[0].function], True), call_of(every[0].function)]
    else:
        found = _found([f for s in every for f in (s.function, s.condition)], True)
        done = [*found, *in_order(steps, "settings[0]")]
    first = ["some = 0", "for lane in range(lanes):", *indented(met)]
    return [*first, "for k in range(some):", *indented(["lane = chosen[k]", *done])]


def _is_seldom(step: Step | Each) -> bool:
    """Whether it is behind conditions that hold for a world, not for a militia."""
    conditions = [inner.condition for inner in flat([step])]
    alone = isinstance(step, Step)
    return all(c is not None and (alone or "i" not in needed(c)) for c in conditions)


@dataclass
class _Writer:
    """Writes the loops over the lanes, one a step, but one for all seldom steps that follow one another.

    Each is a function of its own, which the compiler has made fast before it is put together with others.
    """

    given: Mapping[str, Any]
    made: dict[str, Function] = field(default_factory=dict)

    def lines(self, steps: Sequence[Step | Each], taken: str = PACK) -> list[str]:
        """Lines that call the loops of steps in their order."""
        found: list[str] = []
        for seldom, group in groupby(steps, _is_seldom):
            some = list(group)
            if seldom:
                found.append(self._loop(_by_some(some), some, taken))
                continue
            for step in some:
                if isinstance(step, Each):
                    inner = self.lines(step.steps, f"{taken}, i")
                    found += ["for i in range(settings[0].militia_count):", *indented(inner)]
                else:
                    found.append(self._loop(_by_all(step), [step], taken))
        return found

    def _loop(self, lines: list[str], steps: Sequence[Step | Each], taken: str) -> str:
        name = f"loop_{len(self.made)}_{flat(steps)[0].function.__name__}"
        self.made[name] = written(name, f"({taken})", lines, {**self.given, **functions_of(steps)}, "", loop)
        return f"{name}({taken})"
