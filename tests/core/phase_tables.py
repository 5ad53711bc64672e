"""Tables of what each phase of the day makes of a world: read from phases/*.yaml, and lived as plain Python.

A row gives a world, a day, parameters and the random numbers that the phase draws, and in `out` all that is another
after it; `usual` is given to all rows of a phase, but for what a row has `left` out. What is not given is as
`blank.yaml` has it. Values are numbers, or arithmetic with what stands under `where` of the row: so the closed form is
in the table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from ruamel.yaml import YAML

from sim.core import chance
from sim.core.day import (
    baghdad,
    beginning,
    consequences,
    engagement,
    militias,
    order,
    pause,
    tehran,
    washington,
)
from sim.core.functions import exp
from sim.core.state import DAY, NEVER, SETTING, new_worlds
from sim.simulate.parameter_draws import PARAMETERS

TABLES = Path(__file__).with_name("phases")
SEED, RUN, DATE = np.uint64(1234), 7, 8690
DRAWING = (baghdad, consequences, engagement, militias, pause, tehran, washington)
"""Modules whose phases draw."""
ACTORS = {"environment": 0, "us": 1, "iraq": 2, "iran": 3, "a": 101, "b": 102}
PLACES = {"a": ("militias", 0), "b": ("militias", 1)}
WORDS = {"exp": exp, "inf": math.inf, "log2": math.log2, "sqrt": math.sqrt, "never": NEVER}
"""What a value may be worked out by. The exponential is the engine's own, which test_functions.py looks after: so that
a row can stand at the very edge of a chance on any machine."""
Values = Mapping[str, Any]


def begin(world: Any, today: Any, setting: Any, p: Any, random_seed: Any) -> None:
    """What comes before the first day, as if it were a phase."""
    beginning.begin(world, setting, p)


PHASES: dict[str, Callable[..., Any]] = {
    phase.__name__: phase for phase in (begin, *order.PHASES, order.live_day)
}


class Row(NamedTuple):
    """A row: its phase, what it is about, and what it gives and has to come to, by path."""

    phase: str
    about: str
    world: Values
    today: Values
    setting: Values
    p: Values
    luck: Values
    out: Values


def rows() -> Iterator[Row]:
    """All rows, in the order of the day."""
    for file in sorted(TABLES.glob("[0-9]*.yaml")):
        for phase, table in _read(file.name).items():
            usual = table.get("usual", {})
            for about, row in table.items():
                if about != "usual":
                    yield _row(phase, about, usual, row)


@cache
def _read(name: str) -> Any:
    return YAML(typ="safe").load((TABLES / name).read_text())


def _row(phase: str, about: str, usual: Values, row: Values) -> Row:
    words = dict(WORDS)
    for name, value in {**usual.get("where", {}), **row.get("where", {})}.items():
        words[name] = _number(value, words)
    parts = []
    for part in ("world", "today", "setting", "p", "luck", "out"):
        given = {**usual.get(part, {}), **row.get(part, {})}
        given = {path: value for path, value in given.items() if path not in row.get("left", ())}
        parts.append({path: _number(value, words) for path, value in given.items()})
    return Row(phase, about, *parts)


def _number(value: Any, words: Values) -> Any:
    if isinstance(value, list):
        return [_number(one, words) for one in value]
    return eval(value, {"__builtins__": {}}, dict(words)) if isinstance(value, str) else value


def blank() -> tuple[np.void, np.void, np.void, np.void]:
    """A world, a day, a setting and parameters, as blank.yaml has them."""
    made = new_worlds(np.array([RUN], np.uint64)), *(np.zeros(1, kind) for kind in (DAY, SETTING, PARAMETERS))
    world, today, setting, p = (records.view(np.recarray)[0] for records in made)
    given = _read("blank.yaml")
    for record, part in ((world, "world"), (today, "today"), (setting, "setting")):
        put(record, {path: _number(value, WORDS) for path, value in given[part].items()})
    return world, today, setting, p


def put(record: Any, values: Values) -> None:
    """Give fields of a record their values, by path: `us.pressure`, `a.anger`, `outcome.strikes.2`."""
    for path, value in values.items():
        *groups, last = path.split(".")
        holder = record
        for group in groups:
            for step in _steps(holder, group):
                holder = holder[step]
        holder[int(last) if last.isdigit() else last] = value


def _steps(holder: Any, group: str) -> tuple:
    if group.isdigit():
        return (int(group),)
    field, place = PLACES.get(group, (group, None))
    if place is None:
        return (field,)
    return ("orders" if "orders" in holder.dtype.names else field, place)


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """All numbers of a record by path, militias a and b under their letters."""
    if isinstance(value, np.ndarray) and value.ndim:
        inner = {str(n): value[n] for n in range(len(value))}
    elif value.dtype.names:
        inner = {name: value[name] for name in value.dtype.names}
    else:
        return {path: value.item()}
    found: dict[str, Any] = {}
    for name, part in inner.items():
        found |= flat(part, f"{path}.{name}".lstrip("."))
    return {
        name.replace("militias.0.", "a.").replace("militias.1.", "b."): number
        for name, number in found.items()
    }


class Luck:
    """Random numbers by actor, purpose and item, instead of those of the generator."""

    def __init__(self, given: Values) -> None:
        """Take those that may be asked for."""
        self.given, self.left = given, set(given)

    def __call__(self, seed: Any, run: Any, date: Any, actor: Any, purpose: Any, item: Any) -> float:
        """Give the one at an address, which must be of this seed, run and day."""
        assert (seed, run, date) == (SEED, RUN, DATE)
        who = {number: name for name, number in ACTORS.items()}[int(actor)]
        what = {number: name for name, number in chance.PURPOSES.items()}[int(purpose)]
        name = f"{who} {what}" + (f" {item}" if item else "")
        assert name in self.given, f"draws {name!r}, which the row does not give"
        self.left.discard(name)
        return self.given[name]


def lived(row: Row, monkeypatch: Any) -> list[str]:
    """Live a row as plain Python; what is another than it says, a line each."""
    world, today, setting, p = blank()
    for record, values in ((world, row.world), (today, row.today), (setting, row.setting), (p, row.p)):
        put(record, values)
    before, luck = flat(world), Luck(row.luck)
    for module in DRAWING:
        monkeypatch.setattr(module, "uniform", luck)
    PHASES[row.phase](world, today, setting, p, SEED)
    after, expected = flat(world), {**before, **row.out}
    unknown = sorted(set(row.out) - set(before))
    assert not unknown, f"no field of a world: {unknown}"
    wrong = [
        f"{path}: {after[path]!r}, not {value!r}" + ("" if path in row.out else ", as it was")
        for path, value in expected.items()
        if not math.isclose(after[path], value, rel_tol=1e-12, abs_tol=1e-13)
    ]
    return wrong + [f"{name}: not drawn" for name in sorted(luck.left)]
