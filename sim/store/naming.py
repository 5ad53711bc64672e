"""Names of the files that blocks of runs leave in a result folder."""

from __future__ import annotations

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
    start = fold_name(hidden, 0)[: -len("00000000.parquet")]
    folds = {name: int(name[len(start) : -len(".parquet")]) for name in known if name.startswith(start)}
    return max(folds.items(), key=lambda item: item[1]) if folds else (None, 0)


def blocks_counted(hidden: str, names: Mapping[str, object], blocks: int) -> int:
    """How many blocks of a job have their counts among files that are there."""
    if parts := sum(name.startswith(f"{ROWS}/") for name in names):
        return parts
    _, folded = last_fold(hidden, names, blocks)
    return folded + sum(counts_name(hidden, number) in names for number in range(folded, blocks))


def folder_name(scenario: str, kind: str = "") -> str:
    """Name of a result folder, unless it was named otherwise."""
    return f"{scenario}-{kind}" if kind else scenario
