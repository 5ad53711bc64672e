"""Blocks as parts: counts that survive being written, tasks that cover each run once, pools that keep order."""

import contextlib
import io
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.outcomes import EVENTS, TOTALS
from sim.parameters import couplings
from sim.scenario import Scenario, load_scenario
from sim.simulate import Tallies, make_job, merged, new_tallies
from sim.simulate.blocks import simulate_block
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.parts import add_counts, counts_part
from sim.simulate.pools import in_turn, on_threads
from sim.simulate.reducers import Count, Counted
from sim.simulate.spans import (
    LEAST_BLOCK,
    MOST_BLOCK,
    USUAL_BLOCK,
    Point,
    Span,
    Task,
    block_size,
    block_tasks,
    point_tasks,
)

PATIENCE = 30  # seconds


def assert_equal(found: Tallies, expected: Tallies) -> None:
    """Compare every field, and its type."""
    assert vars(found).keys() == vars(expected).keys()
    for name, value in vars(expected).items():
        other = getattr(found, name)
        if isinstance(value, np.ndarray):
            assert (other.dtype, other.shape) == (value.dtype, value.shape), name
            np.testing.assert_array_equal(other, value, err_msg=name)
        else:
            assert (type(other), other) == (type(value), value), name


def filled(days: int, daily: bool, seed: int, share: float = 0.1) -> Tallies:
    """Tallies with other numbers in every field than in any other."""
    luck, tallies = np.random.default_rng(seed), new_tallies(days, daily)
    for name, value in vars(tallies).items():
        if isinstance(value, np.ndarray):
            most = np.iinfo(value.dtype).max // 4
            value[...] = luck.integers(-most, most, value.shape) * (luck.random(value.shape) < share)
            value.flat[-1:] = most  # the last place of all
        elif name not in ("totals", "most_rows"):
            setattr(tallies, name, int(luck.integers(1, 2**40)))
    tallies.totals |= {name: int(luck.integers(1, 2**60)) for name in TOTALS}
    return tallies


def empty_like(worlds: dict[str, Tallies], days: int) -> dict[str, Tallies]:
    return {name: new_tallies(days, tallies.histograms.size > 0) for name, tallies in worlds.items()}


# Counts as a part


@pytest.mark.parametrize("share", [0.0, 0.01, 1.0])
def test_counts_of_several_worlds_are_read_as_they_were_written(share):
    worlds = {f"world {n}": filled(3, n % 3 == 0, n, share) for n in range(9)}
    read = empty_like(worlds, 3)
    add_counts(counts_part(worlds), read)
    for name in worlds:
        assert_equal(read[name], worlds[name])


def test_counts_are_added_to_what_is_there():
    parts = [{"a": filled(2, True, n, 0.05), "b": filled(2, False, 10 + n, 0.05)} for n in range(3)]
    read = empty_like(parts[0], 2)
    for part in parts:
        add_counts(counts_part(part), read)
    for name in ("a", "b"):
        assert_equal(read[name], merged(part[name] for part in parts))


def test_a_part_of_one_world_leaves_the_others_alone():
    read = {"a": new_tallies(2), "b": filled(2, True, 1)}
    add_counts(counts_part({"a": filled(2, True, 2)}), read)
    assert_equal(read["a"], filled(2, True, 2))
    assert_equal(read["b"], filled(2, True, 1))


@pytest.mark.parametrize("names", [["a"], ["a", "b"]])
def test_counts_of_nothing_are_nothing(names):
    read = {name: filled(2, True, 1) for name in names}
    add_counts(counts_part({name: new_tallies(2) for name in names}), read)
    for name in names:
        assert_equal(read[name], filled(2, True, 1))


def test_a_part_holds_no_zeros_and_is_the_same_bytes_each_time():
    worlds = {"a": new_tallies(5), "b": new_tallies(5, daily=False)}
    worlds["a"].runs, worlds["b"].movers[40_000] = 25, 3
    part = counts_part(worlds)
    assert pq.read_table(io.BytesIO(part)).to_pylist() == [
        {"world": "a", "array": "runs", "place": 0, "count": 25},
        {"world": "b", "array": "movers", "place": 40_000, "count": 3},
    ]
    assert counts_part(worlds) == part


def test_a_part_of_another_world_is_refused():
    part = counts_part({"a": filled(5, True, 1)})
    with pytest.raises(KeyError):
        add_counts(part, {"b": new_tallies(5)})
    with pytest.raises(IndexError):
        add_counts(part, {"a": new_tallies(2)})


# Spans and tasks


def span_of(number: int, first: int, runs: int) -> Span:
    return Span(Point(number, SimpleNamespace(days=3)), first, runs)  # type: ignore[arg-type]


def runs_of(tasks: list[Task], number: int) -> list[int]:
    """Runs of a point that tasks simulate, in their order."""
    spans = [span for task in tasks for span in task.spans if span.point.number == number]
    return [int(run) for span in spans for run in span.numbers]


@pytest.mark.parametrize("size", [25, 50, 475, 500, 10_000, 50_000])
@pytest.mark.parametrize("runs", [1, 24, 25, 26, 499, 500, 501, 1_010, 20_000])
def test_tasks_cover_each_run_once(size, runs):
    few = min(runs, 475)
    first, further, altered = span_of(0, 0, few), span_of(1, few, runs - few), span_of(2, 0, few)
    tasks = block_tasks([first, further, altered], "prior", size)
    assert [task.number for task in tasks] == list(range(len(tasks)))
    for span in (first, further, altered):
        assert runs_of(tasks, span.point.number) == list(range(span.first, span.first + span.runs))
    assert all(len(task.spans) == 1 and task.runs == task.spans[0].runs for task in tasks)
    assert all(0 < task.runs <= size for task in tasks)
    assert all(task.spans[0].first % RUNS_PER_ROW == 0 for task in tasks)
    points = [task.spans[0].point.number for task in tasks]
    assert points == sorted(points)


@pytest.mark.parametrize("size", [25, 475, 10_000])
@pytest.mark.parametrize("runs", [1, 25, 60, 475, 1_010])
@pytest.mark.parametrize("first", [0, 50])
def test_tasks_of_many_points_cover_each_run_of_each_once(size, runs, first):
    points = [span_of(number, 0, 0).point for number in range(7)]
    tasks = point_tasks(points, runs, "default", first, size)
    assert [task.number for task in tasks] == list(range(len(tasks)))
    for point in points:
        assert runs_of(tasks, point.number) == list(range(first, first + runs))
    assert all(0 < task.runs <= size and task.parameters == "default" for task in tasks)
    assert all(span.first % RUNS_PER_ROW == 0 for task in tasks for span in task.spans)
    assert all(
        one.runs + other.spans[0].runs > size for one, other in pairwise(tasks)
    )  # none could hold more


def sizes() -> list[int]:
    luck = np.random.default_rng(0)
    return [*range(1, 2_000), *np.exp(luck.uniform(0, np.log(1e9), 5_000)).astype(int).tolist(), 10**9]


def test_blocks_are_whole_rows_within_bounds_and_never_smaller_for_more_runs():
    found = [block_size(runs) for runs in sorted(sizes())]
    assert all(size % RUNS_PER_ROW == 0 for size in found)
    assert min(found) == LEAST_BLOCK
    assert max(found) == MOST_BLOCK
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("runs", "size"),
    [(1, 500), (8_000, 500), (16_000, 1_000), (100_000, 6_250), (160_000, USUAL_BLOCK), (10**7, USUAL_BLOCK),
     (2 * 10**7, USUAL_BLOCK), (4 * 10**7, 20_000), (10**8, MOST_BLOCK), (10**9, MOST_BLOCK)],
)  # fmt: skip
def test_block_sizes(runs, size):
    assert block_size(runs) == size


def test_block_sizes_are_the_same_on_any_machine(monkeypatch):
    here = [block_size(runs) for runs in sizes()[::100]]
    monkeypatch.setattr("os.cpu_count", lambda: 128)
    assert [block_size(runs) for runs in sizes()[::100]] == here


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("tower-22", ["end=2024-02-10", "runs=60"])


@pytest.fixture(scope="module")
def spans(scenario: Scenario) -> list[Span]:
    return [Span(Point(0, scenario), 0, 60), Span(Point(1, scenario, couplings()), 0, 60)]


COUNT = Count(("runs", "altered"))


def counted(spans: list[Span], size: int) -> tuple[dict[str, Tallies], list[bytes]]:
    tasks = block_tasks(spans, "prior", size)
    tallies, made = dict(map(COUNT.new_tallies, tasks)), [COUNT(task) for task in tasks]
    for one in made:
        add_counts(one.counts, tallies)
    return tallies, [one.outcomes for one in made if one.outcomes is not None]


@pytest.mark.parametrize("size", [25, 50, 500])
def test_blocks_of_any_size_add_up_to_the_same_counts_and_outcomes(spans, size):
    tallies, outcomes = counted(spans, size)
    assert list(tallies) == ["runs", "altered"]
    for span, (name, found) in zip(spans, tallies.items(), strict=True):
        block = simulate_block(span.job("prior"), 0, 60, daily=name == "runs")
        assert_equal(found, block.tallies)
        assert found.runs == 60
    assert len(outcomes) == -(-60 // size)
    whole = pq.read_table(io.BytesIO(counted(spans, 500)[1][0])).to_pylist()
    assert [row for part in outcomes for row in pq.read_table(io.BytesIO(part)).to_pylist()] == whole
    assert [row["run"] for row in whole] == list(range(60))


def test_a_task_gives_the_same_bytes_each_time(spans):
    for task in block_tasks(spans, "prior", 25):
        assert COUNT(task) == COUNT(task)


def test_an_altered_world_differs_and_keeps_no_outcome_table(spans):
    tasks = block_tasks(spans, "prior", 500)
    one, other = (COUNT(task) for task in tasks)
    assert one.outcomes is not None
    assert other.outcomes is None
    assert b"altered" in other.counts
    tallies = dict(COUNT.new_tallies(task) for task in tasks)
    add_counts(other.counts, tallies)
    assert tallies["altered"].histograms.size == 0
    add_counts(one.counts, tallies)
    direct = EVENTS.index("direct")
    assert not np.array_equal(tallies["runs"].quiet, tallies["altered"].quiet) or not np.array_equal(
        tallies["runs"].rows[direct], tallies["altered"].rows[direct]
    )


def test_no_outcome_table_is_kept_where_only_counts_are_wanted(spans):
    task = block_tasks(spans, "prior", 500)[0]
    assert Count(COUNT.names, outcomes=False)(task) == Counted(None, COUNT(task).counts)


def test_runs_are_told_as_they_are_lived(scenario):
    told: list[int] = []
    COUNT(block_tasks([Span(Point(0, scenario), 25, 35)], "prior", 500)[0], told.append)
    assert sum(told) == 35
    assert make_job(scenario).days == scenario.days


# Pools


@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("items", [0, 1, 2, 3, 50])
def test_work_comes_back_in_order(threads, items):
    def work(item: int) -> int:
        time.sleep(0.002 * (item % 3 == 0))  # some take longer than those after them
        return item * item

    expected = [item * item for item in range(items)]
    assert list(on_threads(work, range(items), threads)) == expected
    assert list(in_turn(work, range(items))) == expected


def counting(taken: list[int]) -> Iterator[int]:
    for item in range(1_000):
        taken.append(item)
        yield item


@pytest.mark.parametrize("threads", [1, 3])
def test_no_more_is_begun_than_will_soon_be_wanted(threads):
    taken: list[int] = []
    with contextlib.closing(on_threads(lambda item: item, counting(taken), threads)) as made:
        assert not taken
        for number in range(5):
            assert next(made) == number
            assert len(taken) == threads + 1 + number
    assert len(taken) == threads + 5


def test_one_after_the_other_is_begun_when_it_is_wanted():
    taken: list[int] = []
    made = in_turn(lambda item: item, counting(taken))
    assert (next(made), next(made), taken) == (0, 1, [0, 1])


def test_several_work_at_once_and_no_more_than_asked():
    meeting, at_once, most = threading.Barrier(3), [0], [0]
    lock = threading.Lock()

    def work(item: int) -> int:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        meeting.wait(PATIENCE)  # until three are here
        with lock:
            at_once[0] -= 1
        return item

    assert list(on_threads(work, range(9), 3)) == list(range(9))
    assert most == [3]


@pytest.mark.parametrize("way", ["left", "failed"])
def test_what_nobody_waits_for_is_not_begun(way):
    begun, going = [], threading.Event()

    def work(item: int) -> int:
        begun.append(item)
        if item == 1:
            assert going.wait(PATIENCE)
        if item == 0 and way == "failed":
            raise ValueError("broken")
        return item

    made = on_threads(work, range(1_000), 1)
    threading.Timer(0.2, going.set).start()
    if way == "failed":
        with pytest.raises(ValueError, match="broken"):
            next(made)
    else:
        assert next(made) == 0
        made.close()
    assert set(begun) <= {0, 1}
    assert not any(thread.name.startswith("ThreadPoolExecutor") for thread in threading.enumerate())


INTERRUPTED = """
import signal, threading, time
from sim.simulate.pools import on_threads
begun = []
def work(item):
    begun.append(item)
    if item == 3:
        time.sleep(0.3)  # the main thread waits for this by now
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        time.sleep(0.3)
    return item
try:
    for _ in on_threads(work, range(1000), 1):
        pass
except KeyboardInterrupt:
    print("interrupted", begun, threading.active_count())
"""


def test_an_interrupt_ends_the_work_with_what_is_under_way():
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.stdout, done.stderr) == ("interrupted [0, 1, 2, 3] 1\n", "")
