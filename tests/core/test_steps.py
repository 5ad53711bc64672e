"""Phases made of steps: the loops over lanes that are written of them do, in every lane, what the steps say."""

import functools
import inspect
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.core import advance
from sim.core.day.loops import in_lanes
from sim.core.day.order import PHASES_OF_THE_DAY
from sim.core.day.steps import (
    Each,
    Phase,
    Step,
    alone,
    alone_of_militia,
    each,
    in_turn,
    phase,
    seed_today,
    when,
)
from sim.core.state import WORLD
from sim.scenario import load_scenario
from sim.simulate.job import NOTHING, make_job, prepare
from tests.core.lanes_compared import difference
from tests.core.stories import order, strike

PLAIN = {
    "world_of": lambda worlds, pack, lane: worlds[lane],
    "today_of": lambda days, pack, lane: days[0],
    "setting_of": lambda settings, pack, lane: settings[0],
    "p_of": lambda parameters, pack, lane: parameters[pack[lane]],
}
"""Parts of a pack, which here is the row of each lane: the loops are Python, and their worlds any objects."""

# Worlds of a few numbers


def toy(*numbers: int) -> SimpleNamespace:
    past = SimpleNamespace(until=numbers[0] if numbers else 0, seed=77)
    return SimpleNamespace(n=[*numbers], past=past, done=[])


def in_lanes_lived(phases, worlds, militias: int = 2, seed: int = 5, parameters=("p0", "p1", "p2")) -> None:
    rows = np.arange(len(worlds)) % len(parameters)
    chosen = np.full(len(worlds) + 1, -1)
    today, setting = SimpleNamespace(date=2), SimpleNamespace(militia_count=militias)
    in_lanes(phases, PLAIN)(rows, len(worlds), worlds, parameters, rows, [today], [setting], seed, chosen)


def alone_lived(phases, worlds, militias: int = 2, seed: int = 5, parameters=("p0", "p1", "p2")) -> None:
    live = in_turn([alone(made) for made in phases])
    for lane, world in enumerate(worlds):
        today, setting = SimpleNamespace(date=2), SimpleNamespace(militia_count=militias)
        live(world, today, setting, parameters[lane % len(parameters)], seed)


def both(*steps, worlds=((0, 0, 0),), militias: int = 2) -> list[list]:
    """What is done in each lane, which must be what is done of each world alone."""
    made = phase("made", "Made.", *steps)
    side_by_side, one_by_one = ([toy(*numbers) for numbers in worlds] for _ in range(2))
    in_lanes_lived([made], side_by_side, militias)
    alone_lived([made], one_by_one, militias)
    assert [vars(world) for world in map(plain, side_by_side)] == [
        vars(world) for world in map(plain, one_by_one)
    ]
    return [world.done for world in side_by_side]


def plain(world: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(n=world.n, done=world.done)


def doing(name: str, place: int | None = None, value: int = 1):
    """A step that notes that it was taken, and may write a number."""

    def done(world):
        world.done.append(name)
        if place is not None:
            world.n[place] = value

    done.__name__ = name
    return done


def holds(place: int, value: int = 1):
    """A condition: that a number is this one."""

    def holds(world):
        return world.n[place] == value

    holds.__name__ = f"holds_{place}_{value}"
    return holds


WORLDS = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]


def test_plain_functions_are_taken_in_their_order():
    assert both(doing("a"), doing("b"), doing("a_again"), worlds=WORLDS) == [["a", "b", "a_again"]] * 8


def test_phases_are_taken_one_after_the_other():
    one, two = phase("one", "", doing("a", 1)), phase("two", "", when(holds(1), doing("b")))
    worlds = [toy(0, 0), toy(0, 1)]
    in_lanes_lived([one, two], worlds)
    assert [world.done for world in worlds] == [["a", "b"]] * 2


def test_what_is_behind_a_condition_is_taken_where_that_holds():
    done = both(doing("a"), when(holds(1), doing("b")), doing("c"), worlds=WORLDS)
    assert done == [["a", "b", "c"] if numbers[1] else ["a", "c"] for numbers in WORLDS]


def test_a_step_may_bring_about_what_the_next_waits_for():
    done = both(when(holds(0), doing("a", 1)), when(holds(1), doing("b")), worlds=WORLDS)
    assert done == [(["a", "b"] if a else ["b"] if b else []) for a, b, _ in WORLDS]


def test_a_step_may_undo_what_the_next_waits_for():
    done = both(when(holds(0), doing("a", 1, 0)), when(holds(1), doing("b")), worlds=WORLDS)
    assert done == [(["a"] if a else ["b"] if b else []) for a, b, _ in WORLDS]


def test_a_chain_of_seldom_steps_may_be_started_by_its_first_alone():
    chain = [when(holds(place), doing(f"step_{place}", place + 1)) for place in range(3)]
    assert both(*chain, worlds=[(1, 0, 0, 0), (0, 0, 0, 1), (0, 1, 0, 0)]) == [
        ["step_0", "step_1", "step_2"], [], ["step_1", "step_2"]
    ]  # fmt: skip


def test_what_a_step_brings_about_for_one_before_it_comes_too_late_for_both():
    done = both(when(holds(1), doing("b")), when(holds(0), doing("a", 1)), worlds=WORLDS)
    assert done == [(["b"] if b else []) + (["a"] if a else []) for a, b, _ in WORLDS]


def test_a_step_of_every_day_between_two_seldom_ones_may_make_the_later_one_due():
    done = both(when(holds(0), doing("a")), doing("every", 1), when(holds(1), doing("b")), worlds=WORLDS)
    assert done == [[*(["a"] if a else []), "every", "b"] for a, _, _ in WORLDS]


def of_militia(name: str, world_wide: bool = True):
    def done(world, i):
        world.done.append((name, i))
        world.n[2] += i

    done.__name__ = name
    return done


@pytest.mark.parametrize("militias", [0, 1, 3])
def test_steps_of_each_militia_are_taken_militia_by_militia(militias):
    done = both(
        doing("a"), each(of_militia("x"), of_militia("y")), doing("b"), worlds=WORLDS, militias=militias
    )
    by_militia = [(name, i) for i in range(militias) for name in ("x", "y")]
    assert done == [["a", *by_militia, "b"]] * 8


def test_each_may_wait_for_what_holds_of_the_world_and_be_brought_about_by_a_step_before():
    steps = [when(holds(0), doing("a", 1)), each(when(holds(1), of_militia("x")))]
    done = both(*steps, worlds=WORLDS, militias=2)
    both_of_x = [("x", 0), ("x", 1)]
    assert done == [[*(["a"] if a else []), *(both_of_x if a or b else [])] for a, b, _ in WORLDS]


def test_each_may_wait_for_what_holds_of_a_militia():
    def due_for(world, i):
        return world.n[i] == 1

    def makes_the_next_due(world, i):
        world.done.append(i)
        if i < 2:
            world.n[i + 1] = 1

    done = both(
        when(holds(2, 5), doing("a")), each(when(due_for, makes_the_next_due)), worlds=WORLDS, militias=3
    )
    expected = [list(range(numbers.index(1), 3)) if 1 in numbers else [] for numbers in WORLDS]
    assert done == expected


def test_a_step_is_given_what_it_asks_for_by_name():
    def all_of_it(p, random_seed, setting, today, world):
        world.done.append((p, random_seed, setting.militia_count, today.date))

    def for_one(i, random_seed, world):
        world.done.append((i, random_seed))

    worlds = [(0,), (3,), (2,), (0,)]  # a past ends on that day: its seed is 77 before
    for steps in ([all_of_it, each(for_one)], [when(holds(0, 3), all_of_it), when(holds(0, 2), all_of_it)]):
        both(*steps, worlds=worlds)
    done = both(all_of_it, each(for_one), worlds=worlds, militias=1)
    assert done == [
        [(f"p{lane % 3}", seed, 1, 2), (0, seed)] for lane, seed in enumerate([5, 77, 5, 5])
    ]  # fmt: skip
    assert seed_today(toy(3), SimpleNamespace(date=2), 5) == 77
    assert seed_today(toy(2), SimpleNamespace(date=2), 5) == 5


def test_what_one_militia_does_of_a_phase_can_be_taken_by_itself():
    part, world = each(of_militia("x"), when(holds(0), of_militia("y"))), toy(1, 0, 0)
    alone_of_militia(part)(world, None, None, None, 5, 3)
    assert world.done == [("x", 3), ("y", 3)]


# What is refused


def wants_weather(world, weather, mood):
    pass


def wants_i(world, i):
    pass


@pytest.mark.parametrize("written", [alone, lambda made: in_lanes([made], PLAIN)])
@pytest.mark.parametrize(
    "step",
    [wants_weather, when(wants_weather, doing("a")), when(holds(0), wants_weather), each(wants_weather)],
)
def test_an_argument_of_no_known_name_is_refused_by_the_name_of_the_step(step, written):
    known = "world, today, setting, p, random_seed, i"
    with pytest.raises(TypeError, match=f"^step wants_weather takes 'weather'; there are {known}$"):
        written(phase("made", "", step))


@pytest.mark.parametrize("step", [wants_i, when(wants_i, doing("a")), when(holds(0), wants_i)])
def test_a_step_for_one_militia_is_refused_outside_of_each(step):
    with pytest.raises(TypeError, match=r"^step wants_i takes 'i'; it must be one of each\(\.\.\.\)$"):
        phase("made", "", step)
    assert phase("made", "", each(step))


def test_two_functions_of_one_name_are_refused_where_one_would_be_taken_for_the_other():
    same, the_first = (doing("a"), doing("a")), holds(0)
    with pytest.raises(TypeError, match=r"^two steps of a phase are called a$"):
        phase("made", "", *same)
    with pytest.raises(TypeError, match=r"^two steps of a phase are called a$"):
        phase("made", "", *(when(the_first, step) for step in same))
    for written in (alone, lambda made: in_lanes([made], PLAIN)):
        with pytest.raises(TypeError, match=r"^two steps of a phase are called a$"):
            written(phase("made", "", *(each(when(the_first, step)) for step in same)))
    alone(phase("made", "", same[0], same[0]))


# Any phases


@st.composite
def any_steps(draw: st.DrawFn) -> list[Step | Each]:
    """Steps that read and write four numbers of a world in any way, most of them behind conditions."""
    count = draw(st.integers(1, 7))
    return [
        draw(any_each(k)) if draw(st.integers(0, 3)) == 0 else draw(any_step(f"s{k}", False))
        for k in range(count)
    ]


@st.composite
def any_each(draw: st.DrawFn, k: int) -> Each:
    return each(*[draw(any_step(f"e{k}_{n}", True)) for n in range(draw(st.integers(1, 3)))])


@st.composite
def any_step(draw: st.DrawFn, name: str, of_each: bool) -> Step:
    to, of, add, seed = (draw(st.integers(0, 3)) for _ in range(4))
    waits_for, least = draw(st.integers(0, 3)), draw(st.integers(0, 3))

    def write(world, random_seed):
        world.done.append((name, tuple(world.n), random_seed))
        world.n[to] = (world.n[of] + add + random_seed * seed) % 4

    def write_for(world, i, random_seed):
        world.done.append((name, i, tuple(world.n)))
        world.n[(to + i) % 4] = (world.n[of] + add + i) % 4

    def waits(world):
        return world.n[waits_for] > least

    def waits_of(world, i):
        return world.n[(waits_for + i) % 4] > least

    function = write_for if of_each and draw(st.booleans()) else write
    conditions = [None, waits, waits, waits, *([waits_of] * 2 if of_each else [])]
    condition = draw(st.sampled_from(conditions))
    function.__name__ = name
    if condition is not None:
        condition.__name__ = f"{name}_due"
    return Step(function, condition)


@settings(
    max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(any_steps(), st.lists(st.tuples(*[st.integers(0, 3)] * 4), min_size=1, max_size=9), st.integers(0, 3))
def test_any_steps_are_taken_in_every_lane_as_they_are_alone(steps, worlds, militias):
    assert len(both(*steps, worlds=worlds, militias=militias)) == len(worlds)


# The day itself


def noted(function, note):
    """The same function, telling its world, and its militia, whenever it is called."""
    names = list(inspect.signature(function).parameters)

    @functools.wraps(function)
    def called(*taken):
        found = dict(zip(names, taken, strict=True))
        note(function.__name__, found["world"], int(found.get("i", -1)))
        return function(*taken)

    return called


def with_notes(made: Phase, note) -> Phase:
    """A phase whose seldom steps tell where they are taken."""

    def told(step: Step) -> Step:
        return step if step.condition is None else Step(noted(step.function, note), step.condition)

    steps = [each(*map(told, s.steps)) if isinstance(s, Each) else told(s) for s in made.steps]
    return Phase(made.name, made.says, tuple(steps))


def expected_of(phases, worlds, today, setting, table, rows, seed):
    """What is taken where, step by step as they are written down, and the worlds after it, in place."""
    taken = []
    for lane in range(len(worlds)):
        world = worlds[lane]
        known = {"world": world, "setting": setting[0], "p": table[rows[lane]], "today": today}

        def call(function, i=-1, known=known, world=world):
            seeds = {"random_seed": seed_today(world, today, seed), "i": i}
            return function(*[{**known, **seeds}[name] for name in inspect.signature(function).parameters])

        for step in (step for made in phases for step in made.steps):
            inner = step.steps if isinstance(step, Each) else (step,)
            for i in range(setting[0].militia_count) if isinstance(step, Each) else (-1,):
                for part in inner:
                    if part.condition is None or call(part.condition, i):
                        if part.condition is not None:
                            by_militia = "i" in inspect.signature(part.function).parameters
                            taken.append((part.function.__name__, lane, i if by_militia else -1))
                        call(part.function, i)
    return Counter(taken)


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
@pytest.mark.parametrize(("parameters", "days"), [("prior", (8, 9, 12)), ("posterior", (20, 45))])
def test_each_seldom_step_of_a_day_is_taken_exactly_where_its_condition_holds(parameters, days):
    """And the lanes, as plain Python, live the day that the compiled engine lives."""
    orders = (
        strike(8, 3, place="iraq"), order(8, "iran", "answer"), order(12, "us", "strike", level=1),
        order((8, 12), "iraq", "press"), order(12, "badr", "attack", attacks=5),
    ) if parameters == "prior" else ()  # fmt: skip
    scenario = load_scenario("october-2023").model_copy(update={"interventions": orders})
    job = make_job(scenario, parameters)
    worlds, table, rows, last = prepare(job, 25 * np.arange(LIVES, dtype=np.uint64))
    table["militia"]["stand_down"][::2] *= 20.0
    seed, seen, now = np.uint64(job.random_seed), set(), 0
    for day in days:
        advance.advance(worlds, table, rows, last.timeline, last.setting, seed, now, day, *NOTHING)
        side_by_side, by_hand = worlds.copy(), worlds.copy()
        taken: Counter = Counter()

        def note(name, world, i, taken=taken, first=side_by_side.ctypes.data):
            taken[name, (world.__array_interface__["data"][0] - first) // WORLD.itemsize, i] += 1

        live = in_lanes([with_notes(made, note) for made in PHASES_OF_THE_DAY], PLAIN)
        today = last.timeline[day : day + 1]
        with np.errstate(over="ignore"):
            live(
                rows,
                LIVES,
                side_by_side,
                table,
                rows,
                today,
                last.setting,
                seed,
                np.zeros(LIVES + 1, np.int64),
            )
            expected = expected_of(PHASES_OF_THE_DAY, by_hand, today[0], last.setting, table, rows, seed)
        assert taken == expected
        assert difference((side_by_side, ()), (by_hand, ())) is None
        advance.advance(worlds, table, rows, last.timeline, last.setting, seed, day, day + 1, *NOTHING)
        assert difference((worlds, ()), (side_by_side, ())) is None
        seen |= {name for name, _, _ in expected}
        now = day + 1
    if parameters == "prior":
        assert seen == SELDOM - {"luck_of_the_past"}
    else:
        assert "luck_of_the_past" in seen


LIVES = 16
SELDOM = {
    inner.function.__name__
    for made in PHASES_OF_THE_DAY
    for step in made.steps
    for inner in (step.steps if isinstance(step, Each) else (step,))
    if inner.condition is not None
}


def test_some_steps_of_a_day_are_seldom():
    assert len(SELDOM) >= 12
