"""A scenario with some settings at other values, many times over: as `--set`, but without reading files again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property

from pydantic import ValidationError

from sim.parameters import REGISTRY
from sim.scenario.actors import GOVERNMENTS, allowed
from sim.scenario.complaints import first_complaint
from sim.scenario.composing import Node, Scalar, meaning
from sim.scenario.dumping import dump_resolved
from sim.scenario.errors import Place, ScenarioError, complaint, did_you_mean, show
from sim.scenario.merging import Override, apply, full_path
from sim.scenario.reading import read_text
from sim.scenario.schema import Scenario

FIXED = ("name", "extends", "past", "runs", "start")


class Variations:
    """Variants of a scenario, made from the scenario itself.

    A registry parameter is set as fast as a record is copied; any other setting of the scenario, a number or a
    text such as a date, goes through the checks that a file goes through.

    Parameters
    ----------
    scenario : Scenario
    source : str
        What errors name as the place where values were given, such as `--vary`.
    """

    def __init__(self, scenario: Scenario, source: str = "--vary") -> None:
        self.scenario = scenario
        self._source = source

    def check(self, path: str, value: float | str, number: int = 1) -> None:
        """Refuse a path that leads to no setting of the scenario, or a value that is not allowed there.

        Raises
        ------
        ScenarioError
            In one line that names the place: the source, and `number` as its line.
        """
        if path.split(".")[0] in FIXED:
            raise complaint(Place(self._source, number), "is no setting that can be varied", (path,))
        self._set(self.scenario, {path: value}, number)

    def at(self, values: Mapping[str, float | str]) -> Scenario:
        """Give the scenario with these values, by path or by registry name."""
        return self._set(self.scenario, values, 1)

    @cached_property
    def _tree(self) -> Node:
        return read_text(dump_resolved(self.scenario), Place(self.scenario.name))

    def _set(self, scenario: Scenario, values: Mapping[str, float | str], number: int) -> Scenario:
        steps = {full_path(path, number, self._source): value for path, value in values.items()}
        parameters: dict[str, float] = {}
        for path, value in steps.items():
            if name := _parameter_at(path):
                self._check_parameter(name, value, number)
                parameters[name] = float(value)
        others = {path: value for path, value in steps.items() if not _parameter_at(path)}
        return with_parameters(self._checked(others, number) if others else scenario, parameters)

    def _check_parameter(self, name: str, value: float | str, number: int) -> None:
        try:
            allowed(REGISTRY[name]).check(value)
        except ValueError as error:
            raise complaint(Place(self._source, number), str(error), (name,), show(value)) from None

    def _checked(self, values: Mapping[tuple[str, ...], float | str], number: int) -> Scenario:
        place, tree = Place(self._source, number), self._tree
        for path, value in values.items():
            _check_known(tree, path, place, isinstance(value, str))
            tree = apply(tree, Override(path, Node(_written(value, path, place), place, place)))
        try:
            return Scenario.model_validate(tree.plain())
        except ValidationError as error:
            raise first_complaint(error, tree) from None


def with_parameters(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Give a scenario with parameters fixed, by registry name; nothing is checked."""
    actors, parameters = scenario.actors, scenario.parameters
    for name, value in values.items():
        group, key = name.split(".")
        if group in GOVERNMENTS:
            actors = actors.model_copy(update={group: {**getattr(actors, group), key: value}})
        else:
            parameters = parameters.model_copy(update={group: {**getattr(parameters, group), key: value}})
    return scenario.model_copy(update={"actors": actors, "parameters": parameters})


def _parameter_at(path: tuple[str, ...]) -> str:
    """Name of the parameter that a path of a scenario sets, or nothing."""
    name = ".".join(path[1:])
    return name if len(path) == 3 and path[0] in ("actors", "parameters") and name in REGISTRY else ""


def _written(value: float | str, path: tuple[str, ...], place: Place) -> Scalar:
    """A value as a file would hold it: whole numbers and dates are told from others."""
    if not isinstance(value, str):
        return int(value) if float(value).is_integer() else float(value)
    try:
        return meaning(value)
    except ValueError as error:
        raise complaint(place, str(error), path, show(value)) from None


def _check_known(tree: Node, path: tuple[str, ...], place: Place, as_text: bool) -> None:
    """Refuse a path to something that the scenario has not: only parameters may be set where nothing is."""
    node = tree
    for depth, step in enumerate(path):
        inner = node.value.get(step) if isinstance(node.value, dict) else None
        if (
            isinstance(node.value, list)
            and step.isascii()
            and step.isdecimal()
            and int(step) < len(node.value)
        ):
            inner = node.value[int(step)]
        if inner is None:
            raise complaint(place, "unknown key", path[: depth + 1], hint=_hint(node, path, depth))
        node = inner
    number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
    if not number and not (as_text and isinstance(node.value, str | datetime.date)):
        what = "is neither a number, a date nor a word, and" if as_text else "is no number, and"
        raise complaint(place, f"{what} cannot be varied", path, show(node.plain()))


def _hint(node: Node, path: tuple[str, ...], depth: int) -> str:
    step = path[depth]
    if isinstance(node.value, list):
        count = len(node.value)
        return f"; the list there has {count}, which count from 0" if count else "; the list there is empty"
    if depth == 0 and (whole := [name for name in REGISTRY if name.split(".")[1] == step]):
        return f"; did you mean '{whole[0]}'?"
    here = list(node.value) if isinstance(node.value, dict) else []
    keys = [name.split(".")[1] for name in REGISTRY if name.split(".")[0] in path[:depth]]
    return did_you_mean(step, [*here, *keys])


__all__ = ["ScenarioError", "Variations", "with_parameters"]
