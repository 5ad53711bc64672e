"""What a block leaves behind, as Parquet: its outcome table, and its counts without the zeros."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.simulate.outcome_table import outcome_table
from sim.simulate.tallies import Tallies

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario import Scenario
    from sim.simulate.blocks import Block

PACKED = "DELTA_BINARY_PACKED"


def outcomes_part(block: Block, scenario: Scenario, by_row: bool) -> bytes:
    """Parquet file of a block's outcome table, as `sim.simulate.outcome_table.outcome_table` gives it."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(outcome_table(block, scenario, by_row), buffer, compression="zstd")
    return buffer.getvalue()


def counts_part(tallies: Mapping[str, Tallies]) -> bytes:
    """Parquet file of the counts of some worlds, by name.

    Columns `world`, `array` (the tally's name), `place` (in that array, flattened row by row) and `count`, without the
    places where it is zero.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    filled = [
        (world, array, places, counts)
        for world, of_world in tallies.items()
        for array, (places, counts) in _filled(of_world).items()
    ]
    lengths = [len(places) for _, _, places, _ in filled]
    columns = {
        "world": _repeated([world for world, *_ in filled], lengths),
        "array": _repeated([array for _, array, *_ in filled], lengths),
        "place": np.concatenate([places for *_, places, _ in filled]).astype(np.int32, copy=False),
        "count": np.concatenate([counts for *_, counts in filled]).astype(np.int64, copy=False),
    }
    buffer = io.BytesIO()
    encoding = {"place": PACKED, "count": PACKED}
    pq.write_table(
        pa.table(columns),
        buffer,
        compression="zstd",
        use_dictionary=["world", "array"],
        column_encoding=encoding,
        write_statistics=False,
    )
    return buffer.getvalue()


def add_counts(part: bytes, tallies: Mapping[str, Tallies]) -> None:
    """Add the counts of a part to the tallies of the worlds that it names, in place.

    Raises
    ------
    ValueError, KeyError, IndexError
        When the part is of other worlds.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(part), use_threads=False)
    worlds, arrays = (table[name].combine_chunks().dictionary_encode() for name in ("world", "array"))
    place, count = (table[name].to_numpy() for name in ("place", "count"))
    codes = worlds.indices.to_numpy().astype(np.int64) * len(arrays.dictionary) + arrays.indices.to_numpy()
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    for start, end in pairwise([*starts, len(codes)]):
        world, array = worlds[int(start)].as_py(), arrays[int(start)].as_py()
        _add(tallies[world], array, place[start:end], count[start:end])


def _filled(tallies: Tallies) -> dict[str, tuple[npt.NDArray[np.int32], npt.NDArray[np.integer]]]:
    """Of each tally the places where it is not zero, and the counts there."""
    arrays = {
        name: value if isinstance(value, np.ndarray) else np.array(value)
        for name, value in vars(tallies).items()
        if name not in ("totals", "most_rows")
    }
    arrays |= {f"totals.{name}": np.array(total) for name, total in tallies.totals.items()}
    flat = {name: array.ravel() for name, array in arrays.items()}
    places = {name: np.flatnonzero(array != 0).astype(np.int32) for name, array in flat.items()}
    return {name: (places[name], array[places[name]]) for name, array in flat.items()}


def _add(tallies: Tallies, name: str, places: npt.NDArray[np.integer], counts: npt.NDArray[np.int64]) -> None:
    if name.startswith("totals."):
        key = name.removeprefix("totals.")
        tallies.totals[key] = tallies.totals.get(key, 0) + int(counts[0])
    elif isinstance(value := getattr(tallies, name), np.ndarray):
        value.reshape(-1)[places] += counts.astype(value.dtype)
    else:
        setattr(tallies, name, value + int(counts[0]))


def _repeated(names: list[str], lengths: list[int]) -> pa.Array:
    import pyarrow as pa

    known = sorted(set(names))
    codes = np.repeat([known.index(name) for name in names], lengths).astype(np.int8)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(known))
