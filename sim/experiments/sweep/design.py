"""Which points a sweep takes: a grid of given values, or points spread evenly over ranges."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import QuestionError
from sim.parameters import REGISTRY
from sim.scenario import Scenario, Variations
from sim.scenario.sweeping import Design
from sim.simulate.spans import Point

MOST_POINTS = 100_000
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NAMES = {"grid": "a grid", "lhs": "a Latin hypercube", "sobol": "a Sobol sequence"}


@dataclass(frozen=True)
class Lever:
    """A setting of the scenario that is varied: a number, or a date or a word.

    Attributes
    ----------
    path : of the scenario, or the name of a parameter
    values : that a grid takes; of a range its two ends; of dates and words their places in `names`
    names : dates and words that a grid takes; empty where numbers are varied
    is_range : whether only the ends were given
    """

    path: str
    values: tuple[float, ...]
    is_range: bool = False
    names: tuple[str, ...] = ()

    def at(self, value: float) -> float | str:
        """A value as the scenario has it: of dates and words the one at a place."""
        return self.names[int(value)] if self.names else value

    @property
    def told(self) -> list[float] | list[str]:
        """Its values as the scenario has them."""
        return list(self.names) if self.names else list(self.values)

    @property
    def unit(self) -> str:
        """Unit of a parameter; empty for other numbers, and where it has none."""
        unit = REGISTRY[self.path].unit if self.path in REGISTRY else ""
        return "" if unit == "1" else unit

    @property
    def label(self) -> str:
        """Path and unit."""
        return f"{self.path} ({self.unit})" if self.unit else self.path


def read_levers(texts: Sequence[str]) -> list[Lever]:
    """Read levers as written on a command line: `PATH=LOW:HIGH:N`, `PATH=LOW:HIGH` or `PATH=V1,V2,V3`.

    Values are numbers, dates such as 2024-03-01 or words; numbers and dates go evenly from LOW to HIGH.

    Raises
    ------
    QuestionError
        At the first that is not of this form, or empty, or reversed.
    """
    return _distinct([_read(text) for text in texts])


def levers_of(scenario: Scenario) -> list[Lever]:
    """Levers that a scenario's own sweep names; empty when it has none."""
    given = scenario.sweep.vary if scenario.sweep else {}
    return _distinct([lever_of(path, values) for path, values in given.items()])


def lever_of(path: str, values: Any) -> Lever:
    """A lever from values as Python has them: a list, or a mapping of from, to and points."""
    if isinstance(values, Mapping):
        low, high, points = values.get("from"), values.get("to"), values.get("points")
        return _ranged(path, low, high, points, f"from {low} to {high}")
    listed = [values] if isinstance(values, int | float | str | datetime.date) else list(values)
    if any(isinstance(value, str | datetime.date) for value in listed):
        return _of_words(path, [str(value) for value in listed])
    numbers = [float(value) for value in listed if isinstance(value, int | float)]
    return _listed(path, numbers, ",".join(f"{value:g}" for value in numbers))


def _read(text: str) -> Lever:
    path, equals, rest = text.partition("=")
    path, rest = path.strip(), rest.strip()
    if not equals or not path or not rest:
        raise QuestionError(
            f"{text!r} must be PATH=LOW:HIGH:N or PATH=V1,V2,..., such as us.readiness=-2:2:9"
        )
    if ":" not in rest:
        listed = [part.strip() for part in rest.split(",")]
        if all(listed) and not any(map(_is_number, listed)):
            return _of_words(path, listed)
        return _listed(path, [_number(path, part) for part in listed], rest)
    parts = [part.strip() for part in rest.split(":")]
    if len(parts) not in (2, 3):
        raise QuestionError(f"{path} = {rest}: must be LOW:HIGH:N, such as -2:2:9")
    if all(DATE.fullmatch(part) for part in parts[:2]):
        return _dates(path, parts, rest)
    low, high = (_number(path, part) for part in parts[:2])
    return _ranged(path, low, high, _number(path, parts[2]) if len(parts) == 3 else None, rest)


def _is_number(text: str) -> bool:
    try:
        return float(text) is not None
    except ValueError:
        return False


def _of_words(path: str, names: list[str]) -> Lever:
    """A lever of dates or words, in the order in which they are given."""
    if len(set(names)) < len(names):
        raise QuestionError(f"{path} = {','.join(names)}: names a value twice")
    return Lever(path, tuple(float(n) for n in range(len(names))), names=tuple(names))


def _dates(path: str, parts: list[str], shown: str) -> Lever:
    """A lever of dates that go evenly, by whole days, from one to another."""
    try:
        low, high = (datetime.date.fromisoformat(part) for part in parts[:2])
    except ValueError:
        raise QuestionError(f"{path} = {shown}: holds no day of the calendar") from None
    if len(parts) == 2:
        raise QuestionError(f"{path} = {shown}: dates need a number of them, such as {shown}:3")
    days, count = (high - low).days, _number(path, parts[2])
    if count != int(count) or not 2 <= count <= days + 1:
        raise QuestionError(
            f"{path} = {shown}: the number of dates, {count:g}, must be a whole number from 2 to {max(2, days + 1)}"
        )
    steps = np.linspace(0, days, int(count)).round().astype(int).tolist()
    return _of_words(path, [str(low + datetime.timedelta(days=step)) for step in steps])


def _number(path: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise QuestionError(f"{path} = {text.strip() or '(empty)'}: is not a number")
    return value


def _ranged(path: str, low: Any, high: Any, points: Any, shown: str) -> Lever:
    if low > high:
        raise QuestionError(
            f"{path} = {shown}: is reversed; it goes from the lower to the higher: {high:g}:{low:g}"
        )
    if low == high:
        raise QuestionError(
            f"{path} = {shown}: is empty; its ends are the same. --set {path}={low:g} fixes it"
        )
    if points is None:
        return Lever(path, (float(low), float(high)), is_range=True)
    if points != int(points) or points < 2:
        raise QuestionError(
            f"{path} = {shown}: the number of points, {points:g}, must be a whole number from 2 on"
        )
    if points > MOST_POINTS:
        raise _too_many(int(points))
    return Lever(path, tuple(float(value) for value in np.linspace(low, high, int(points))))


def _listed(path: str, values: list[float], shown: str) -> Lever:
    if not values:
        raise QuestionError(f"{path}: is empty; give at least one value")
    if len(set(values)) < len(values):
        raise QuestionError(f"{path} = {shown}: names a value twice")
    return Lever(path, tuple(values))


def _distinct(levers: list[Lever]) -> list[Lever]:
    paths = [lever.path for lever in levers]
    for path in paths:
        if paths.count(path) > 1:
            raise QuestionError(f"{path}: is varied twice; give its values together")
    return levers


def _too_many(points: int) -> QuestionError:
    return QuestionError(f"{points:,} points; a sweep takes at most {MOST_POINTS:,}")


def design(levers: Sequence[Lever], kind: Design, points: int | None, seed: int) -> npt.NDArray[np.float64]:
    """Values of every point.

    Parameters
    ----------
    levers : sequence of Lever
        One or more.
    kind : 'grid', 'lhs' (Latin hypercube) or 'sobol' (scrambled Sobol sequence)
    points : int, optional
        Of lhs and sobol; a grid's follow from its values.
    seed : int
        Of lhs and sobol.

    Returns
    -------
    ndarray of float, shape (points, levers)

    Raises
    ------
    QuestionError
        When levers, design and number of points do not go together.
    """
    if not levers:
        raise QuestionError("nothing is varied; give --vary, or a sweep in the scenario")
    if kind == "grid":
        return _grid(levers, points)
    listed = [lever.path for lever in levers if lever.names or (not lever.is_range and len(lever.values) < 2)]
    if listed:
        raise QuestionError(f"{listed[0]}: {NAMES[kind]} needs a range, LOW:HIGH")
    if points is None:
        raise QuestionError(f"{NAMES[kind]} needs a number of points; give --points")
    if points > MOST_POINTS:
        raise _too_many(points)
    return _spread(levers, kind, points, seed)


def _grid(levers: Sequence[Lever], points: int | None) -> npt.NDArray[np.float64]:
    if points is not None:
        raise QuestionError("--points is of lhs and sobol; a grid takes the values that --vary names")
    for lever in levers:
        if lever.is_range:
            low, high = lever.values
            raise QuestionError(
                f"{lever.path} = {low:g}:{high:g}: a grid needs a number of points, such as {low:g}:{high:g}:9"
            )
    total = math.prod(len(lever.values) for lever in levers)
    if total > MOST_POINTS:
        raise _too_many(total)
    axes = np.meshgrid(*(lever.values for lever in levers), indexing="ij")
    return np.stack([axis.ravel() for axis in axes], axis=1)


def _spread(levers: Sequence[Lever], kind: Design, points: int, seed: int) -> npt.NDArray[np.float64]:
    from scipy.stats import qmc

    if kind == "sobol":
        power = round(math.log2(points))
        if points != 2**power:
            raise QuestionError(
                f"--points: {points} is not a power of two, as a Sobol sequence needs; take {2**power}"
            )
        unit = qmc.Sobol(len(levers), rng=np.random.default_rng(seed)).random_base2(power)
    else:
        unit = qmc.LatinHypercube(len(levers), rng=np.random.default_rng(seed)).random(points)
    low, high = (np.array([end(lever.values) for lever in levers]) for end in (min, max))
    return np.asarray(low + unit * (high - low))


def points_of(
    scenario: Scenario, levers: Sequence[Lever], values: npt.NDArray[np.float64], source: str = "--vary"
) -> list[Point]:
    """The scenario at every point.

    Raises
    ------
    ScenarioError
        For a path that leads nowhere, or a value that is not allowed there.
    """
    variations = Variations(scenario, source)
    for number, lever in enumerate(levers, start=1):
        for value in _tried(lever, values[:, number - 1]):
            variations.check(lever.path, lever.at(value), number)
    return [
        Point(number, variations.at({lever.path: lever.at(v) for lever, v in zip(levers, row, strict=True)}))
        for number, row in enumerate(values.tolist())
    ]


def _tried(lever: Lever, column: npt.NDArray[np.float64]) -> Iterable[float]:
    return lever.values if lever.is_range else np.unique(column).tolist()
