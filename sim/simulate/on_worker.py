"""What happens in a worker of a cluster. Calls travel as bytes: the scheduler needs no Spiral."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.errors import SpiralError
from sim.simulate.fingerprint import difference, fingerprint


class ClusterError(SpiralError):
    """The work cannot be done there; the message is one line."""


class Call:
    """A call that is made by whoever loads its pickle."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Give what is called when it is loaded."""
        return self.function, self.arguments


def work_there(expected: Mapping[str, str], work: Callable[[Any], Any], item: Any) -> Any:
    """Do the work, in a worker whose fingerprint must be the expected one; what is raised is one line."""
    from distributed import get_worker

    worker, why = get_worker().address, difference(expected, fingerprint())
    if why is not None:
        raise ClusterError(f"worker {worker} is refused: {why}")
    try:
        return work(item)
    except Exception as error:
        raise ClusterError(f"worker {worker} failed: {line_of(error)}") from None


def line_of(error: BaseException) -> str:
    """Put an exception into one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
