"""The table that a test of closed forms fills; it fails where any row of it does."""

from collections.abc import Iterator

import pytest

from tests.closed.table import KEY, Table, kept, told


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """Rows of this test, checked when all are there."""
    made = Table()
    yield made
    request.node.user_properties.append((KEY, kept(made.rows)))
    off = [row for row in made.rows if not row.holds]
    assert made.rows
    assert not off, "\n" + "\n".join(told(off))
