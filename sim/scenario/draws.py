"""Draws of parameters of an analyst's own: some columns of the rows, in place of what would be drawn for them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.parameters import REGISTRY

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST_DRAWS = 1_000_000


@dataclass(frozen=True)
class OwnDraws:
    """A draw of parameters each row, from a file; two are equal where file name, bytes and others are.

    Attributes
    ----------
    file : the file's name, without its folder
    sha256 : of its bytes
    rows : number of draws
    columns : values by registry name, each of shape (rows,), in the parameter's unit and range
    """

    file: str
    sha256: str
    rows: int
    columns: Mapping[str, npt.NDArray[np.float64]] = field(compare=False, repr=False)

    def taken(self, numbers: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float64]]:
        """Values of the draws with these numbers, by registry name, each of the shape of `numbers`."""
        return {name: values[numbers] for name, values in self.columns.items()}

    def as_parquet(self) -> bytes:
        """The columns as a file of Parquet, the same bytes for the same values."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        buffer = io.BytesIO()
        pq.write_table(pa.table(dict(self.columns)), buffer, compression="zstd")
        return buffer.getvalue()


def kept_draws(file: str, sha256: str, parquet: bytes) -> OwnDraws:
    """Draws as `OwnDraws.as_parquet` wrote them.

    Raises
    ------
    ValueError
        When it is no Parquet, or holds what no draws hold.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kept = pq.ParquetFile(pa.BufferReader(parquet))
    names, rows = kept.schema_arrow.names, kept.metadata.num_rows
    sound = (
        names and set(names) <= REGISTRY.keys() and len(set(names)) == len(names) and 0 < rows <= MOST_DRAWS
    )
    if not sound or any(field.type != pa.float64() for field in kept.schema_arrow):
        raise ValueError("its draws are of another form")
    table = kept.read()
    columns = {name: table[name].to_numpy() for name in names}
    for name, values in columns.items():
        if not ((values >= REGISTRY[name].low) & (values <= REGISTRY[name].high)).all():
            raise ValueError(f"its draws hold {name} out of its range")
    return OwnDraws(file, sha256, rows, columns)
