"""A desk with small answers: 1,000 runs of the baseline's first weeks after the record."""

from collections.abc import Iterator

import pytest

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.desk import Desk
from sim.pipeline.request import Request

RUNS = 1_000
SHORT = "end=2024-01-31"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(Request(("october-2023",), (SHORT,)), RUNS)


@pytest.fixture(scope="module")
def desk(catalogue: Catalogue) -> Iterator[Desk]:
    made = Desk(catalogue, threads=2)
    yield made
    made.close()
