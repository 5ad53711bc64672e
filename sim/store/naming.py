"""Names of the files that blocks of runs leave in a result folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sim.store.manifest import COUNTS, PARTS, ROWS


def part_name(first: int) -> str:
    """Name of the outcome table of the block that begins with a run."""
    return f"{PARTS}/part-{first:012d}.parquet"


def rows_name(number: int) -> str:
    """Name of what rows came to in a task, by its number in the job."""
    return f"{ROWS}/part-{number:08d}.parquet"


def counts_name(hidden: str, number: int) -> str:
    """Name of the counts of a block, by its number in the job."""
    return f"{hidden}/counts-{number:08d}.parquet"


def fold_name(hidden: str, blocks: int) -> str:
    """Name of the counts of the first blocks together."""
    return f"{hidden}/fold-{blocks:08d}.parquet"


def last_fold(hidden: str, names: Iterable[str], blocks: int) -> tuple[str | None, int]:
    """Of files that are there, the one with the counts of most first blocks together, and how many blocks these are.

    Parameters
    ----------
    hidden : str
        Name of the job's hidden folder.
    names : iterable of str
        Files that are there, by their name in the result folder.
    blocks : int
        Blocks of the job.
    """
    known = set(names)
    if COUNTS in known:
        return COUNTS, blocks
    numbers = ((name, _number(name, fold_name(hidden, 0))) for name in known)
    folds = {name: number for name, number in numbers if number is not None}
    return max(folds.items(), key=lambda item: item[1]) if folds else (None, 0)


def blocks_counted(hidden: str, names: Mapping[str, object], blocks: int) -> int:
    """How many blocks of a job have their counts among files that are there."""
    if parts := sum(name.startswith(f"{ROWS}/") for name in names):
        return parts
    _, folded = last_fold(hidden, names, blocks)
    numbers = (
        _number(name, counts_name(hidden, 0)) for name in names
    )  # not of the blocks, which may be crafted
    return folded + sum(number is not None and folded <= number < blocks for number in numbers)


def _number(name: str, first: str) -> int | None:
    """Which of several files it is that are named by their number, if it is one of them."""
    start = first[: -len("00000000.parquet")]
    end = name.removeprefix(start).removesuffix(".parquet")
    return int(end) if name == f"{start}{end}.parquet" and re.fullmatch(r"[0-9]{8,12}", end) else None


def folder_name(scenario: str, kind: str = "") -> str:
    """Name of a result folder, unless it was named otherwise."""
    return f"{scenario}-{kind}" if kind else scenario
