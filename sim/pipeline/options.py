"""Options of experiments: each declared once, as a field of the experiment, with its type, default and help."""

from __future__ import annotations

import dataclasses
import datetime
import numbers
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from sim.errors import InputError

MOST_RUNS = 10_000_000
"""Of one number that a question takes; its total may be larger."""


class Whole(click.ParamType):
    """A whole number within bounds, written such as 2000 or 2e3."""

    name = "N"

    def __init__(self, least: int = 1, most: int = MOST_RUNS) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read a number."""
        try:
            number = float(value)
        except ValueError:
            number = 0.5
        if not (self.least <= number <= self.most and number == int(number)):
            raise InputError(
                f"{_named(param)}: {value} must be a whole number from {self.least:,} to {self.most:,}"
            )
        return int(number)


class Day(click.ParamType):
    """A date, written such as 2023-11-20."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """Read a date."""
        if isinstance(value, datetime.date):
            return value
        try:
            return datetime.date.fromisoformat(value.strip())
        except ValueError:
            raise InputError(f"{_named(param)}: {value} is no date; write it as 2023-11-20") from None


class File(click.Path):
    """The path of a file, read by whoever takes it."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, readable=False)


def option(
    default: Any = None,
    kind: click.ParamType | Sequence[str] | None = None,
    *,
    help: str,
    multiple: bool = False,
    metavar: str | None = None,
    positional: bool = False,
) -> Any:
    """Declare a field of an experiment as an option.

    Parameters
    ----------
    default : shown in the help, unless None
    kind : a type of click, or the words that may be chosen; text by default
    help : one sentence
    multiple : whether it may be given several times
    metavar : what stands for its value in the help
    positional : whether it is given without its name, after the scenario
    """
    made = kind if kind is None or isinstance(kind, click.ParamType) else click.Choice(list(kind))
    told = {"type": made, "help": help, "multiple": multiple, "metavar": metavar}
    return dataclasses.field(
        default=() if multiple else default, metadata={"option": told, "positional": positional}
    )


def options_of(experiment: type) -> Iterator[click.Parameter]:
    """Options and arguments of the command line that an experiment declares, in order."""
    for field in dataclasses.fields(experiment):
        if told := field.metadata.get("option"):
            if field.metadata["positional"]:
                yield click.Argument([field.name], nargs=-1, metavar=told["metavar"])
                continue
            shown = field.default is not None and not told["multiple"]
            yield click.Option(
                [f"--{field.name.replace('_', '-')}", field.name],
                default=None if told["multiple"] else field.default,
                show_default=shown,
                **{name: value for name, value in told.items() if value is not None},
            )


def check_choices(experiment: Any) -> None:
    """Raise InputError for the first option of an experiment that is out of bounds, or no choice."""
    for field in dataclasses.fields(experiment):
        told, value = field.metadata.get("option"), getattr(experiment, field.name)
        kind = told and told["type"]
        if value is None or kind is None:
            continue
        if isinstance(kind, click.Choice) and value not in kind.choices:
            raise InputError(f"{field.name} = {value!r}: must be one of {', '.join(kind.choices)}")
        if isinstance(kind, Whole):
            whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
            if not whole or not kind.least <= value <= kind.most:
                bounds = f"from {kind.least:,} to {kind.most:,}"
                raise InputError(f"{field.name} = {value!r}: must be a whole number {bounds}")


def _named(param: click.Parameter | None) -> str:
    return param.opts[0] if param else "value"
