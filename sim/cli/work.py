"""While a command is at work: what is said to whoever waits, the workers that do it, its figures."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.failures import Commands, Interrupted
from sim.cli.progress import Progress, progress
from sim.cli.waiting import COMPILER, DRAWING, LOADING, WAITS
from sim.errors import InputError, SpiralError

if TYPE_CHECKING:
    from sim.simulate.pools import Pool


def tell_of_compiling() -> None:
    """Say so while the model is compiled, which holds up the first run of all; what is needed has been loaded."""
    WAITS.end(LOADING)
    COMPILER.listen()


def this_command() -> list[str]:
    """The words of the command line, `spiral` first."""
    root = click.get_current_context().find_root().command
    return ["spiral", *(root.words if isinstance(root, Commands) else sys.argv[1:])]


def command_text(words: list[str]) -> str:
    """A command line that can be copied; one that goes on with a job must not begin anew."""
    again = [word for word in words if word != "--fresh"]
    return shlex.join(again).encode(errors="backslashreplace").decode()


@contextmanager
def at_work(cluster: str | None, fresh: bool) -> Iterator[tuple[Progress, Pool | None]]:
    """While a job is carried out: its progress, and the workers of a cluster if one is named.

    What ends it early says how much is kept.
    """
    # With --fresh it would begin anew.
    again = "the same command without --fresh" if fresh else "the same command"
    with progress(again) as shown:
        try:
            with _workers(cluster) as pool:
                yield shown, pool
        except InputError:
            raise
        except SpiralError as error:
            raise SpiralError(f"{error}; {shown.kept}" if shown.done else str(error)) from error
        except KeyboardInterrupt as error:
            raise Interrupted(f"interrupted; {shown.kept}") from error


def _workers(cluster: str | None) -> AbstractContextManager[Pool | None]:
    if cluster is None:
        return nullcontext()
    from sim.simulate.cluster import open_cluster

    return open_cluster(cluster, WAITS.say)


def drawn(place: Path, draw: Callable[[Path], list[Path]]) -> list[Path]:
    """Draw the figures of a result that is whole, into its folder."""
    try:
        with WAITS.named(DRAWING):
            return draw(place / "figures")
    except KeyboardInterrupt as error:
        raise Interrupted(
            f"interrupted; {place} is whole, and `spiral plot {place}` draws its figures"
        ) from error
    except OSError as error:
        raise SpiralError(
            f"{place / 'figures'}: cannot be written: {error.strerror or error}; the result itself is whole"
        ) from error
