"""Records shaped like a real one are; that they are digested is measured by `python -m benchmarks.digest`."""

import numpy as np
import pytest

from benchmarks.long_records import DAYS, ENDS, live, record_of, shaped
from sim.inference.observation import increments


@pytest.fixture(scope="module")
def lived():
    return live(2_000)


def test_records_have_the_shape_of_a_real_one(lived):
    fitting = shaped(lived)
    assert len(fitting) >= 8
    for seed, i in enumerate(map(int, fitting[:8])):
        record = record_of(lived, i, seed)
        sums = [r for r in record.reports if not r.in_retrospect]
        assert len({r.last for r in sums}) == len(ENDS)
        assert {r.series for r in sums} == {"attacks_iraq", "attacks_syria", "wounded"}
        killed = [r for r in record.reports if r.series == "killed"]
        assert sum(r.value for r in killed) == lived.harm[i, -1, 3] >= 1
        assert sum((r.last - r.first).days + 1 for r in killed) == DAYS
        assert len({s.level for s in record.strikes}) >= 2
        assert len(record.strikes) == (lived.level[i] > 0).sum()
        spans = [r for r in increments(record.reports) if r.series == "attacks_iraq"]
        off = np.array([r.value for r in spans]) - np.diff(
            lived.harm[i, [r.last.toordinal() - record.start.toordinal() for r in spans], 0], prepend=0
        )
        assert np.abs(off).max() < 4.5 * 2.0  # 8 records of 12 counts: 1 in 1,500
