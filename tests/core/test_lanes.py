"""Replicates side by side: a lane reads and writes what a record does, and a life in a lane is the life of a world."""

from itertools import pairwise

import numba
import numpy as np
import pytest

from sim.core import advance
from sim.core.lanes import LANES, lane_of
from sim.core.packs import OF_DAY, OF_SETTING, OF_WORLD, new_pack, put_in, put_into_all, take_out, values_of
from sim.core.state import DAY, SETTING, WORLD, for_records
from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.simulate.job import make_job, prepare
from sim.simulate.parameter_draws import PARAMETERS, default_rows
from sim.simulate.tallies import new_tallies
from tests.core.lanes_compared import difference, lanes_differ, life, living, one_by_one

SIZES = (1, 15, 16, 17, 33)

INNER = np.dtype([("few", np.int32), ("x", np.float64), ("bits", np.uint64)], align=True)
MIXED = for_records(
    np.dtype(
        [
            ("small", np.int32),
            ("word", np.uint64),
            ("count", np.int64),
            ("level", np.float64),
            ("one", INNER),
            ("several", INNER, (3,)),
            ("levels", np.float64, (5,)),
            ("others", np.float64, (5,)),
            ("ends", np.int32, (4,)),
            ("words", np.uint64, (2,)),
            ("end", np.int32),
        ],
        align=True,
    )
)
"""Every kind of field: of 4 and 8 bytes, records in a record, arrays of numbers and of records."""

KINDS = {"mixed": MIXED, "world": WORLD, "day": DAY, "setting": SETTING, "parameters": PARAMETERS}


# A lane and a record


def copied_field_by_field(dtype: np.dtype, here: str, there: str, depth: int = 0) -> list[str]:
    """Lines that copy all values of a record to another by their names."""
    lines = []
    for name in dtype.names:
        field = dtype[name]
        one, other = f"{here}.{name}", f"{there}.{name}"
        if field.subdtype is not None:
            element, shape = field.subdtype
            one, other = f"{one}[i{depth}]", f"{other}[i{depth}]"
            inner = copied_field_by_field(element, one, other, depth + 1) if element.names else []
            body = inner or [f"{other} = {one}"]
            lines += [f"for i{depth} in range({shape[0]}):", *(f"    {line}" for line in body)]
        elif field.names:
            lines += copied_field_by_field(field, one, other, depth)
        else:
            lines.append(f"{other} = {one}")
    return lines


def copier(dtype: np.dtype, write: bool):
    """Copy a record into a lane, or a lane to a record, by the names of the fields."""
    here, there = ("record", "lane") if write else ("lane", "record")
    lines = [
        "lane = lane_of(pack, records, start, number)",
        "record = records[which]",
        *copied_field_by_field(dtype, here, there),
    ]
    made = {"lane_of": lane_of}
    exec("\n    ".join(["def copy(pack, records, start, which, number):", *lines]), made)
    return numba.njit(error_model="numpy")(made["copy"])


@numba.njit
def put(pack, start, values, records, which, lane):
    put_in(pack, start, values, records, which, lane)


@numba.njit
def take(pack, values, records, which, lane):
    take_out(pack, values, records, which, lane)


@numba.njit
def put_all(pack, start, values, records, which, before):
    put_into_all(pack, start, values, records, which, before)


@numba.njit
def made_pack(parameters):
    return new_pack(parameters)


def any_records(dtype: np.dtype, count: int, seed: int = 1) -> np.ndarray:
    """Records whose values are any bits, and that have nothing between them."""
    random = np.random.default_rng(seed)
    records = np.zeros(count, dtype)
    content = records.view(np.uint8).reshape(count, dtype.itemsize)
    for byte, size in values_of(dtype):
        content[:, byte : byte + size] = random.integers(0, 256, (count, size), np.uint8)
    return records.view(np.recarray)


def room_for(dtype: np.dtype, start: int = 0) -> np.ndarray:
    return np.zeros((start + dtype.itemsize) * LANES // 8 + 8, np.uint64)


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_a_record_is_known_once(kind):
    dtype = KINDS[kind]
    values = values_of(dtype)
    assert set(values[:, 1]) <= {4, 8}
    taken = np.concatenate([np.arange(byte, byte + size) for byte, size in values])
    assert len(np.unique(taken)) == len(taken)
    probe = np.zeros(1, dtype)
    content, known = probe.view(np.uint8), np.zeros(dtype.itemsize, bool)
    known[taken] = True

    def fill(array: np.ndarray) -> None:
        for name in array.dtype.names or ():
            fill(array[name])
        if not array.dtype.names:
            array[...] = np.frombuffer(b"\xff" * array.dtype.itemsize, array.dtype)[0]

    fill(probe)
    assert ((content == 255) == known).all()


@pytest.mark.parametrize("kind", ["mixed", "world", "setting"])
@pytest.mark.parametrize("start", [0, 24])
def test_the_view_of_a_lane_reads_and_writes_what_the_record_does(kind, start):
    dtype = KINDS[kind]
    values, records = values_of(dtype), any_records(dtype, LANES)
    by_bytes, by_names = room_for(dtype, start), room_for(dtype, start)
    write, read = copier(dtype, True), copier(dtype, False)
    for lane in range(LANES):
        put(by_bytes, start, values, records, lane, lane)
        write(by_names, records, start, lane, lane)
    assert by_names.tobytes() == by_bytes.tobytes()
    assert by_names[: start * LANES // 8].sum() == 0
    back = np.zeros(LANES, dtype).view(np.recarray)
    for lane in range(LANES):
        read(by_bytes, back, start, lane, lane)
    assert back.tobytes() == records.tobytes()


def test_a_pack_holds_a_field_of_all_lanes_side_by_side():
    records = any_records(MIXED, LANES)
    pack = room_for(MIXED)
    for lane in range(LANES):
        put(pack, 0, values_of(MIXED), records, lane, lane)
    content = pack.view(np.uint8)
    for name in ("small", "word", "count", "level", "end"):
        at = MIXED.fields[name][1] * LANES
        size = MIXED[name].itemsize
        assert content[at : at + size * LANES].tobytes() == np.asarray(records)[name].tobytes(), name
    at = (MIXED.fields["several"][1] + INNER.itemsize + INNER.fields["few"][1]) * LANES
    assert (
        content[at : at + 4 * LANES].tobytes()
        == np.ascontiguousarray(records["several"]["few"][:, 1]).tobytes()
    )


def convert(made):
    """What is stored into fields of another type, read back and added up."""
    made.level = 3
    made.small = 2**33 + 5
    made.count = True
    made.word = -1
    made.levels[1] = made.small
    made.ends[2] = made.level
    made.several[2].few = made.several[1].few + 1
    made.one.x += made.levels[1] + made.ends[2]
    made.words[1] = made.word >> np.uint64(1)


converted = numba.extending.register_jitable(convert)


@numba.njit(error_model="numpy")
def converted_record(records):
    converted(records[0])


@numba.njit(error_model="numpy")
def converted_lane(pack, records, lane):
    converted(lane_of(pack, records, 0, lane))


def test_a_value_of_another_type_is_stored_as_a_record_stores_it():
    records = any_records(MIXED, 1)
    records.one.x, records.several.few = 0.5, 7
    pack, values = room_for(MIXED), values_of(MIXED)
    for lane in range(LANES):
        put(pack, 0, values, records, 0, lane)
    converted_lane(pack, records, 5)
    found = np.zeros(LANES, MIXED).view(np.recarray)
    for lane in range(LANES):
        take(pack, values, found, lane, lane)
    before = records.tobytes()
    converted_record(records)
    assert found[5:6].tobytes() == records.tobytes() != before
    assert all(found[lane : lane + 1].tobytes() == before for lane in range(LANES) if lane != 5)


@numba.njit(error_model="numpy")
def written_and_read(pack, records, found):
    for lane in range(LANES):
        mine, again = lane_of(pack, records, 0, lane), lane_of(pack, records, 0, lane)
        mine.level = lane
        again.level = again.level + 0.5
        mine.levels[lane % 5] = mine.level
        again.others[lane % 5] = again.levels[lane % 5] + 1.0
        mine.several[lane % 3].x = again.others[lane % 5]
        again.one.x = mine.several[lane % 3].x + again.several[lane % 3].x
        found[lane] = mine.one.x


def test_what_is_written_by_one_view_of_a_lane_is_read_by_another():
    found, records = np.zeros(LANES), any_records(MIXED, 1)
    written_and_read(room_for(MIXED), records, found)
    assert found.tolist() == [2.0 * (lane + 1.5) for lane in range(LANES)]


@numba.njit(error_model="numpy")
def overwritten(pack, records, a, b, i, j):
    """What the first view reads after the second has written, be they of one lane and one place or not."""
    one, other = lane_of(pack, records, 0, a), lane_of(pack, records, 0, b)
    one.level = 1.0
    other.level = 2.0
    level = one.level
    one.levels[i] = 1.0
    other.levels[j] = 2.0
    item = one.levels[i]
    one.several[i].x = 1.0
    other.several[j].x = 2.0
    return level, item, one.several[i].x


def test_views_that_may_be_of_one_place_are_not_taken_for_two():
    pack, records = room_for(MIXED), any_records(MIXED, 1)
    for a, b, i, j in ((3, 3, 1, 1), (3, 3, 1, 2), (3, 4, 1, 1), (0, 15, 2, 0)):
        found = overwritten(pack, records, a, b, i, j)
        same = 2.0 if (a, i) == (b, j) else 1.0
        assert found == (2.0 if a == b else 1.0, same, same)


# Into a pack and out again


@pytest.mark.parametrize(("kind", "values"), [("world", OF_WORLD), ("mixed", values_of(MIXED))])
def test_what_is_taken_out_is_what_was_put_in_and_neighbours_stay(kind, values):
    dtype = KINDS[kind]
    records, pack = any_records(dtype, LANES + 3), room_for(dtype)
    lanes = np.random.default_rng(2).permutation(LANES)
    for which, lane in enumerate(lanes):
        put(pack, 0, values, records, which, lane)
    put(pack, 0, values, records, LANES + 1, lanes[4])
    back = np.zeros(LANES + 2, dtype).view(np.recarray)
    for which, lane in enumerate(lanes):
        take(pack, values, back, which + 1, lane)
    expected = [records[k : k + 1].tobytes() for k in range(LANES)]
    expected[4] = records[LANES + 1 : LANES + 2].tobytes()
    assert back[1:-1].tobytes() == b"".join(expected)
    assert not any(back[:1].tobytes() + back[-1:].tobytes())


def test_what_lies_between_fields_is_neither_taken_nor_given():
    pack, values = room_for(MIXED), values_of(MIXED)
    full = np.frombuffer(bytearray(b"\xff" * MIXED.itemsize), MIXED).view(np.recarray)
    assert values[:, 1].sum() < MIXED.itemsize
    put(pack, 0, values, full, 0, 3)
    assert (pack.view(np.uint8) == 255).sum() == values[:, 1].sum()
    empty = np.zeros(1, MIXED).view(np.recarray)
    take(pack, values, empty, 0, 3)
    assert (empty.view(np.uint8) == 255).sum() == values[:, 1].sum()


@pytest.mark.parametrize(("kind", "values"), [("day", OF_DAY), ("setting", OF_SETTING)])
def test_what_all_lanes_share_is_in_every_lane_and_only_what_is_new_is_copied(kind, values):
    dtype, start = KINDS[kind], 40
    records = any_records(dtype, 3)
    content = np.asarray(records).view(np.uint64).reshape(3, -1)
    content[1, ::2] = content[0, ::2]
    pack = room_for(dtype, start)

    def in_lanes_now() -> np.ndarray:
        found = np.zeros(LANES, dtype).view(np.recarray)
        for lane in range(LANES):
            take(pack[start * LANES // 8 :], values, found, lane, lane)
        return found

    put_all(pack, start, values, records, 0, -1)
    assert in_lanes_now().tobytes() == records[0:1].tobytes() * LANES
    put_all(pack, start, values, records, 1, 0)
    assert in_lanes_now().tobytes() == records[1:2].tobytes() * LANES
    put_all(pack, start, values, records, 2, -1)
    assert in_lanes_now().tobytes() == records[2:3].tobytes() * LANES
    pack[:] = 0
    put_all(pack, start, values, records, 1, 0)
    assert in_lanes_now().tobytes() != records[1:2].tobytes() * LANES
    assert not pack[: start * LANES // 8].any()


def test_a_pack_begins_on_a_cache_line_and_has_room_for_all():
    parameters = default_rows({})
    pack = made_pack(parameters)
    assert pack.ctypes.data % 64 == 0
    assert pack.nbytes == LANES * sum(kind.itemsize for kind in (WORLD, DAY, SETTING, PARAMETERS))


# Lives


def some_at_war_for_long(job) -> np.ndarray:
    """Run numbers of which some are at war for longer than is followed, among others."""
    worlds, _ = life(job, np.arange(1200), one_by_one)
    over = (worlds.ladder.war >= 0) & (worlds.day - worlds.ladder.war > job.segments[-1].setting[0].war_days)
    ended, others = np.flatnonzero(over), np.flatnonzero(~over)
    assert len(ended) >= 5
    runs = np.concatenate([ended[:5], others[:: len(others) // 28][:28]])
    return np.random.default_rng(3).permutation(runs)


@pytest.fixture(scope="module")
def later():
    return make_job(load_scenario("tower-22"))


@pytest.fixture(scope="module")
def baseline():
    return make_job(load_scenario("october-2023", ["end=2024-01-15"]))


@pytest.fixture(scope="module")
def wars(later) -> np.ndarray:
    return some_at_war_for_long(later)


@pytest.mark.parametrize("size", SIZES)
def test_worlds_side_by_side_are_those_one_after_the_other(baseline, size):
    runs = 25 * np.arange(size) + 3  # each of a row of parameters of its own
    assert lanes_differ(baseline, runs) is None


@pytest.mark.parametrize("size", SIZES)
def test_worlds_whose_war_ends_are_the_same(later, wars, size):
    assert lanes_differ(later, wars[:size]) is None
    assert lanes_differ(later, wars[::-1][:size]) is None


def test_wars_end_within_a_pack_of_worlds_that_live_on(later, wars):
    """So that the comparison above is one of lanes that go idle."""
    worlds, (_, _, rungs) = life(later, wars, advance.advance)
    over = (worlds.ladder.war >= 0) & (
        worlds.day - worlds.ladder.war > later.segments[-1].setting[0].war_days
    )
    assert over.sum() == 5
    for first in range(0, 32, LANES):
        assert 0 < over[first : first + LANES].sum() < LANES
    assert (rungs.sum(axis=1) == 33).all()
    assert rungs[-1, 6] >= 5


def test_worlds_in_any_order_and_beside_themselves_are_the_same(baseline):
    random = np.random.default_rng(4)
    runs = random.integers(0, 2**63, 33).astype(np.uint64)
    straight, counts = life(baseline, runs, advance.advance)
    for order in (np.arange(33)[::-1], random.permutation(33), np.repeat(np.arange(11), 3)):
        worlds, other = life(baseline, runs[order], advance.advance)
        assert difference((worlds, ()), (straight[order], ())) is None
        assert difference((worlds, other), life(baseline, runs[order], one_by_one)) is None
    assert counts[2].sum() == 33 * baseline.days


@pytest.mark.parametrize("parameters", ["posterior", "last-article", "default"])
@pytest.mark.parametrize("name", ["october-2023", "tower-22"])
def test_a_fitted_past_is_the_same(name, parameters):
    job = make_job(load_scenario(name), parameters)
    worlds, _ = life(job, 7 * np.arange(33), advance.advance)
    assert (parameters == "default") == (not worlds.past.until.any())
    assert lanes_differ(job, 7 * np.arange(33)) is None


def rows_that_differ(count: int) -> np.ndarray:
    """Rows of parameters, each anywhere in its range."""
    random, rows = np.random.default_rng(5), default_rows({})[np.zeros(count, int)].copy()
    for name, parameter in REGISTRY.items():
        group, key = name.split(".")
        rows[group][key] = random.uniform(parameter.low, parameter.high, count)
    return rows


@pytest.mark.parametrize("rows", ["one for all", "its own each", "shared by some"])
def test_any_rows_and_any_days_are_the_same(later, wars, rows):
    """From any first day to any last one, none and one included, with counts or without."""
    random, table = np.random.default_rng(6), rows_that_differ(33)
    days, seed = later.segments[-1], np.uint64(later.random_seed)
    row_of = {
        "one for all": np.full(33, 4),
        "its own each": np.arange(33),
        "shared by some": np.arange(33) // 5,
    }[rows]
    begun, *_ = prepare(later, wars.astype(np.uint64))
    ends = {}
    stops = [0, 0, 1, *sorted(random.choice(np.arange(2, later.days), 5, False)), later.days, later.days]
    for live in (advance.advance, one_by_one):
        worlds, counts = begun.copy(), new_tallies(later.days).daily
        uncounted = tuple(part[:0] if part.ndim < 3 else part[:0, :0, :0] for part in counts)
        seen = []
        for k, (first, last) in enumerate(pairwise(stops)):
            here = counts if k % 2 else uncounted
            live(worlds, table, row_of, days.timeline, days.setting, seed, int(first), int(last), *here)
            seen.append(worlds.tobytes())
        ends[live] = (worlds, counts, seen)
    same = [one == other for one, other in zip(ends[advance.advance][2], ends[one_by_one][2], strict=True)]
    assert all(same), f"after stop {same.index(False) + 1}"
    assert difference(ends[advance.advance][:2], ends[one_by_one][:2]) is None
    assert ends[one_by_one][1][2].sum() > 0


def test_no_worlds_at_all_are_the_same(baseline):
    worlds, counts = life(baseline, [], advance.advance)
    assert len(worlds) == 0
    assert not any(part.any() for part in counts)


def test_second_lives_are_the_same(later, wars):
    from sim.simulate.job import simulate

    runs = wars.astype(np.uint64)
    side_by_side = simulate(later, runs)
    with living(one_by_one):
        again = simulate(later, runs)
    assert difference((again, ()), (side_by_side, ())) is None
