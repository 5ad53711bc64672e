"""Every phase of the day by itself: world, day, parameters and luck in, and every field of the world out.

Interpreted, without the compiler. The rows are phases/*.yaml, worked out by hand.
"""

import numpy as np
import pytest

from sim.core.day import engagement, order
from tests.core import phase_tables

ROWS = list(phase_tables.rows())


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.phase}: {row.about}" for row in ROWS])
def test_a_phase_makes_of_a_world_what_its_table_says(row, monkeypatch):
    assert not phase_tables.lived(row, monkeypatch)


def test_every_phase_has_rows_and_their_order_is_that_of_the_day():
    told = list(dict.fromkeys(row.phase for row in ROWS))
    assert told == ["begin", *(phase.__name__ for phase in order.PHASES), "live_day"]
    assert len({(row.phase, row.about) for row in ROWS}) == len(ROWS)


def test_phases_go_in_turn_with_the_seed_of_the_day():
    """In a past that was fitted it is that of the past, up to its last day."""
    went: list = []

    def one(world, today, setting, p, random_seed):
        went.append(("one", world, random_seed))

    def two(world, today, setting, p, random_seed):
        went.append(("two", world, random_seed))

    world, today, setting, p = phase_tables.blank()
    world["past"]["seed"], world["past"]["until"] = 99, phase_tables.DATE + 1
    order.in_turn((one, two))(world, today, setting, p, np.uint64(5))
    world["past"]["until"] = phase_tables.DATE
    order.in_turn((two, one))(world, today, setting, p, np.uint64(5))
    assert [(name, int(seed)) for name, _, seed in went] == [("one", 99), ("two", 99), ("two", 5), ("one", 5)]
    assert all(given is world for _, given, _ in went)


def test_who_takes_a_day_in_parts_misses_no_phase():
    """Washington's response stands between the parts, for engines that let others decide it."""
    names = [phase.__name__ for phase in order.PHASES]
    before, after = (
        [name for name in live.__globals__ if name in names]
        for live in (order.live_to_response, order.live_on)
    )
    assert [*before, "washington_chooses", *after] == names


@pytest.mark.parametrize(("ordered", "meant"), [(0, False), (1, True), (-1, True)])
def test_an_attack_is_meant_to_kill_as_it_is_ordered_to(ordered, meant, monkeypatch):
    monkeypatch.setattr(engagement, "uniform", lambda *_: 1e-9)
    world, today, setting, p = phase_tables.blank()
    phase_tables.put(p, {"engagement.gets_through": 0.3, "militia.kill_intent": 0.5})
    today["orders"]["site"][0], today["orders"]["killed"][0] = 2, ordered
    made = engagement.attack_of(world, today, setting, p, phase_tables.SEED, 0, 0)
    assert made == (2, 0, max(0, ordered), meant)
    monkeypatch.setattr(engagement, "uniform", lambda *_: 0.99)
    stopped = engagement.attack_of(world, today, setting, p, phase_tables.SEED, 0, 0)
    assert stopped == (2, 0, max(0, ordered), ordered > 0)
