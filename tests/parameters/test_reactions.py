"""Which reaction amplifies and which damps, and what is left when some are taken out."""

import numpy as np
import pytest

from sim.parameters import DAMPING, MECHANISMS, REGISTRY, without
from sim.simulate.parameter_draws import prior_rows

WEIGHTS = [p for p in REGISTRY.values() if p.mechanism is not None]
SIGNED = [p for p in WEIGHTS if p.direction == "signed"]


@pytest.fixture
def rows() -> np.ndarray:
    """Rows in which every weight is at work: signed ones above their off value in even rows, below in odd ones."""
    table = prior_rows(np.arange(40), 7, {})
    for p in SIGNED:
        size = np.linspace(0.1, 0.4, 40) * np.where(np.arange(40) % 2, -1, 1)
        table[p.group][p.key] = p.off + size
    return table


def changed(before: np.ndarray, after: np.ndarray) -> dict[str, np.ndarray]:
    """In which rows each field of a table of parameters is another."""
    found = {
        f"{g}.{key}": before[g][key] != after[g][key]
        for g in before.dtype.names
        for key in before[g].dtype.names
    }
    return {name: rows for name, rows in found.items() if rows.any()}


def test_every_weight_of_a_mechanism_says_which_way_it_works():
    for p in REGISTRY.values():
        assert (p.direction is not None) == (p.mechanism is not None), p.name
        assert (p.amplifies is not None) == (p.direction == "signed"), p.name
    assert {p.direction for p in WEIGHTS} == {"amplifying", "damping", "signed", "conduit"}
    assert (
        set(DAMPING)
        == {p.mechanism for p in WEIGHTS if p.direction in ("damping", "signed")}
        < set(MECHANISMS)
    )
    for p in SIGNED:  # else there is no other side
        assert p.low < p.off < p.high, p.name


@pytest.mark.parametrize("reactions", ["amplifying", "damping", "both"])
def test_what_is_taken_out_is_off_and_nothing_else_has_moved(rows, reactions):
    kept = rows.copy()
    after = without(reactions, rows)
    assert rows.tobytes() == kept.tobytes()
    named = ("amplifying", "damping") if reactions == "both" else (reactions,)
    expected = {p.name for p in WEIGHTS if p.direction in (*named, "signed")}
    assert set(changed(rows, after)) == expected
    for p in WEIGHTS:
        if p.direction in named:
            assert (after[p.group][p.key] == p.off).all(), p.name


@pytest.mark.parametrize("p", SIGNED, ids=lambda p: p.name)
def test_a_signed_weight_is_split_row_by_row(rows, p):
    above = np.arange(40) % 2 == 0
    amplifying = above if p.amplifies == "above" else ~above
    values = rows[p.group][p.key]
    for reactions, out in (("amplifying", amplifying), ("damping", ~amplifying), ("both", above | ~above)):
        found = without(reactions, rows)[p.group][p.key]
        assert np.array_equal(found, np.where(out, p.off, values)), reactions


def test_mechanisms_can_be_taken_out_one_by_one(rows):
    each = [changed(rows, without("damping", rows, (name,))) for name in DAMPING]
    for name, found in zip(DAMPING, each, strict=True):
        assert found
        assert {REGISTRY[key].mechanism for key in found} == {name}
    together = changed(rows, without("damping", rows))
    assert sorted(key for found in each for key in found) == sorted(together)
    assert not changed(rows, without("damping", rows, ()))
