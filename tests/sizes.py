"""The sizes at which a test is run: small by `make test`, full by `make verify`."""

import pytest


def small_and_full(small: object, full: object) -> list:
    """Give the values of a parametrized test or fixture: `full` is marked as verification."""
    return [small, pytest.param(full, marks=pytest.mark.verification)]
