"""What happens in a worker of a cluster: it shows its fingerprint, and works for whoever has the same.

Functions travel as bytes: the scheduler needs no Spiral, and a worker without it can say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.simulate.fingerprint import difference, fingerprint


@dataclass(frozen=True)
class Call:
    """A call that happens where its pickle is loaded: all that travels is bytes."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Have the call made by whoever loads it."""
        return self.function, self.arguments


class Refusal(NamedTuple):
    """A worker does not compute what we do."""

    worker: str
    why: str


class Failure(NamedTuple):
    """The work raised an exception on a worker."""

    worker: str
    why: str


def show_fingerprint() -> dict[str, str] | Failure:
    """Tell, in a worker, its fingerprint, or why it has none."""
    try:
        return fingerprint()
    except Exception as error:  # as text, since not every exception can travel
        return Failure("", line_of(error))


def work_there(expected: Mapping[str, str], work: Callable[[Any], Any], item: Any) -> Any:
    """Do the work, in a worker: what comes of it, or why nothing does."""
    from distributed import get_worker

    worker = get_worker().address
    why = difference(expected, fingerprint())
    if why is not None:
        return Refusal(worker, why)
    try:
        return work(item)
    except Exception as error:
        return Failure(worker, line_of(error))


def line_of(error: BaseException) -> str:
    """Put an exception into one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
