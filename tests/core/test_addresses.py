"""No two decisions share an address: the packing is injective, Philox a bijection, and whole runs show it."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import sim
import sim.core.chance
from sim.core.chance import ENVIRONMENT, IRAN, IRAQ, PRIORS, PURPOSES, US, philox, uniform
from sim.parameters import REGISTRY
from sim.scenario import available_scenarios, load_scenario, militia_id
from sim.simulate.parameter_draws import name_item

WORD = 2**32
RANGES = (2**64, 2**64, 2**16, 2**16, 2**8, 2**24)  # seed, run, date, actor, purpose, item
PARTS = ("seed", "run", "date", "actor", "purpose", "item")
address = st.tuples(*(st.integers(0, n - 1) for n in RANGES))


def packed(where: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, int]]:
    """Counter and key that `uniform` makes of an address, caught on their way to Philox."""
    caught = []

    def catch(*words):
        caught.append([int(word) for word in words])
        return (np.uint64(0),) * 4

    kept, sim.core.chance.philox = sim.core.chance.philox, catch
    try:
        seed, run, *rest = where
        uniform(np.uint64(seed), np.uint64(run), *rest)
    finally:
        sim.core.chance.philox = kept
    (words,) = caught
    return tuple(words[:4]), tuple(words[4:])


def unpacked(counter: tuple[int, ...], key: tuple[int, int]) -> tuple[int, ...]:
    """The address that a counter and a key were made of."""
    c0, c1, c2, c3 = counter
    return key[0] + WORD * key[1], c0 + WORD * c1, c2 >> 16, c2 & 0xFFFF, c3 >> 24, c3 & 0xFFFFFF


def unphilox(words: tuple[int, ...], key: tuple[int, int]) -> tuple[int, ...]:
    """The counter of which Philox 4x32-10 makes `words`: its rounds undone from the last to the first."""
    back0, back1 = pow(0xD2511F53, -1, WORD), pow(0xCD9E8D57, -1, WORD)  # odd, so they have inverses
    c0, c1, c2, c3 = words
    for n in reversed(range(10)):
        k0, k1 = (key[0] + n * 0x9E3779B9) % WORD, (key[1] + n * 0xBB67AE85) % WORD
        before0, before2 = c3 * back0 % WORD, c1 * back1 % WORD
        p0, p1 = 0xD2511F53 * before0, 0xCD9E8D57 * before2
        c0, c1, c2, c3 = before0, (p1 >> 32) ^ c0 ^ k0, before2, (p0 >> 32) ^ c2 ^ k1
    return c0, c1, c2, c3


# The proof


@settings(max_examples=500, deadline=None)
@given(address)
def test_an_address_is_unpacked_from_its_counter_and_key(where):
    counter, key = packed(where)
    assert all(0 <= word < WORD for word in (*counter, *key))
    assert unpacked(counter, key) == where


@settings(max_examples=300, deadline=None)
@given(address, st.sampled_from(range(6)), st.data())
def test_addresses_that_differ_in_one_part_have_different_counters_or_keys(where, part, data):
    other = list(where)
    other[part] = data.draw(st.integers(0, RANGES[part] - 1).filter(lambda v: v != where[part]))
    assert packed(where) != packed(tuple(other))
    assert (packed(where)[0] == packed(tuple(other))[0]) == (part == 0)  # the seed alone is the key


@pytest.mark.parametrize("edge", [0, 1])
def test_the_ends_of_the_ranges_are_packed_apart(edge):
    where = tuple(edge * (n - 1) for n in RANGES)
    assert unpacked(*packed(where)) == where


words4 = st.tuples(*[st.integers(0, WORD - 1)] * 4)
words2 = st.tuples(*[st.integers(0, WORD - 1)] * 2)


@settings(max_examples=500, deadline=None)
@given(words4, words2)
def test_philox_is_undone_by_its_inverse(counter, key):
    block = philox(*(np.uint64(word) for word in (*counter, *key)))
    assert unphilox(tuple(map(int, block)), key) == counter


@pytest.mark.parametrize(
    ("block", "expected"),
    [((0, 0, 0, 0), 2.0**-53), ((WORD - 1,) * 4, 1.0 - 2.0**-53), ((0, 0, WORD - 1, 5), 2.0**-53)],
)
def test_a_compiled_uniform_is_never_0_or_1_at_the_extreme_words(block, expected):
    for key in ((0, 0), (20231017, 3)):
        seed, run, date, actor, purpose, item = unpacked(unphilox(block, key), key)
        value = uniform(np.uint64(seed), np.uint64(run), date, actor, purpose, item)
        assert 0.0 < value < 1.0
        assert value == expected


# Who may ask


def test_fixed_actors_and_militias_have_numbers_of_their_own():
    fixed = [ENVIRONMENT, US, IRAQ, IRAN, PRIORS]
    assert len(set(fixed)) == 5
    assert max(fixed) < 16
    for available in available_scenarios():
        ids = [militia_id(name) for name in load_scenario(available.path).actors.militias]
        assert len(set(ids)) == len(ids)
        assert all(16 <= i < 2**16 for i in ids)


@given(st.text(max_size=60))
def test_no_militia_can_have_the_number_of_a_fixed_actor(name):
    assert 16 <= militia_id(name) < 2**16


def test_purposes_are_distinct_and_fit():
    assert len(set(PURPOSES.values())) == len(PURPOSES)
    assert all(0 < number < 2**8 for number in PURPOSES.values())


def test_parameters_have_items_of_their_own():
    items = [name_item(name) for name in REGISTRY]
    assert len(set(items)) == len(items)
    assert all(0 <= item < 2**24 for item in items)


# Whole runs

WHOLE_RUNS = """
import collections, datetime, json, sys
import numpy as np
import sim.core.chance
from sim.scenario import Action, load_scenario
import sim.core.advance
from sim.simulate.job import lived, make_job

asked, straight = collections.Counter(), sim.core.chance.uniform
def uniform(random_seed, run, date, actor_id, purpose, item):
    asked[tuple(map(int, (random_seed, run, date, actor_id, purpose, item)))] += 1
    return straight(random_seed, run, date, actor_id, purpose, item)
patched = []
for name, module in sorted(sys.modules.items()):
    if name.startswith("sim.") and getattr(module, "uniform", None) is straight:
        module.uniform = uniform
        patched.append(name)

name, runs, forced = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
scenario = load_scenario(name)
actions = tuple(
    Action.model_validate({**a, "date": scenario.start + datetime.timedelta(days=a["date"])}) for a in forced
)
scenario = scenario.model_copy(update={"interventions": (*scenario.interventions, *actions)})
with np.errstate(over="ignore"):
    hard = {"us.level_3_base": 6.0, "us.threshold_first": 0.5, "us.lag": 2.0, "us.lag_hard": 2.0}
    job = make_job(scenario, "prior", hard)
    worlds = lived(job, np.array(runs, np.uint64))
addresses = list(asked)
print(json.dumps({
    "patched": patched, "asked": len(asked),
    "twice": [a for a, n in asked.items() if n > 1 and a[4] != 17][:10],
    "parameters": sorted({n for a, n in asked.items() if a[4] == 17}), "segments": len(job.segments),
    "most": [max(a[i] for a in addresses) for i in range(6)],
    "least": [min(a[i] for a in addresses) for i in range(6)],
    "purposes": sorted({a[4] for a in addresses}), "items": sorted({a[5] for a in addresses if a[4] == 9}),
    "munitions": {p: sorted(a[1:4] + a[5:] for a in addresses if a[4] == p) for p in (10, 11, 12)},
    "seeds": sorted({a[0] for a in addresses}),
    "avowed": int(worlds.outcome.avowed.min()), "strikes": int(worlds.outcome.strikes.sum(1).min()),
}))
"""
FORCED = [
    *[
        {"date": d, "actor": who, "action": "attack", "attacks": n}
        for d in (3, 9)
        for who, n in (("kataib-hizbollah", 6), ("harakat-al-nujaba", 5), ("badr", 2))
    ],
    {"date": 5, "actor": "us", "action": "strike", "level": 1, "place": "syria"},
    {"date": 9, "actor": "us", "action": "strike", "level": 3, "place": "iraq"},
    {"date": 9, "actor": "iran", "action": "answer"},
    {"date": 10, "actor": "iran", "action": "answer"},
    {"date": 8, "actor": "iraq", "action": "press"},
]


@pytest.mark.parametrize(("name", "runs"), [("october-2023", [0, 1, 30]), ("tower-22", [0, 2**33 + 7])])
def test_every_address_asked_in_whole_runs_is_asked_once(name, runs):
    command = [sys.executable, "-c", WHOLE_RUNS, name, json.dumps(runs), json.dumps(FORCED)]
    place = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(Path(sim.__file__).parents[1])}
    done = subprocess.run(command, env=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    assert {
        f"sim.core.day.{n}"
        for n in ("baghdad", "consequences", "engagement", "militias", "pause", "tehran", "washington")
    } <= (set(seen["patched"]))
    assert "sim.core.draws" in seen["patched"]
    assert seen["twice"] == []
    assert seen["parameters"] == [
        seen["segments"]
    ]  # drawn anew, to the same values, for each stretch of days
    assert seen["asked"] > 500 * len(runs)
    assert all(least >= 0 for least in seen["least"])
    assert all(most < n for most, n in zip(seen["most"], RANGES, strict=True))
    assert seen["seeds"] == [load_scenario(name).random_seed]
    # Whether a munition is meant to kill is asked of those that get through, as is whom it wounds, and of no other.
    intent, through, wounded = (
        seen["munitions"][str(PURPOSES[name])] for name in ("intent", "through", "wounded")
    )
    assert intent == wounded
    assert 0 < len(intent) < len(through)
    # Nothing left out: all that can be decided in a run was, on days with several attacks and with answers too.
    assert seen["avowed"] >= 2
    assert seen["strikes"] >= 1
    assert set(seen["items"]) >= set(range(6))
    in_a_run = {name: purpose for name, purpose in PURPOSES.items() if name != "resampling"}
    assert set(seen["purposes"]) == set(in_a_run.values()), {
        n for n, p in in_a_run.items() if p not in seen["purposes"]
    }


# Neighbours


@numba.njit
def line_of_uniforms(start, step, count):
    values = np.empty(count, np.float64)
    for n in range(count):
        k = np.uint64(n)
        values[n] = uniform(
            start[0] + step[0] * k, start[1] + step[1] * k, np.int64(start[2] + step[2] * k),
            np.int64(start[3] + step[3] * k), np.int64(start[4] + step[4] * k), np.int64(start[5] + step[5] * k),
        )  # fmt: skip
    return values


def lines_along(part: int, draws: int) -> list[np.ndarray]:
    """`draws` uniforms in lines along one part; other lines differ in the run, or in the item for runs."""
    length = min(RANGES[part], draws)
    lines = []
    for line in range(draws // length):
        start = [20231017, 5, 8690, 3, 8, 0]
        start[part] = 0
        start[5 if part == 1 else 1] += 1000 * line
        step = [int(p == part) for p in range(6)]
        lines.append(line_of_uniforms(np.array(start, np.uint64), np.array(step, np.uint64), length))
    return lines


@pytest.mark.parametrize("part", range(6), ids=PARTS)
def test_uniforms_at_neighbouring_addresses_look_independent(part):
    """Four checks a part, each false at random once in 150,000 (7e-6), over a million draws."""
    lines = lines_along(part, 2**20)
    together = np.concatenate(lines)
    assert len(together) == 2**20
    # Their mean, 1/2 with sd 1 / sqrt(12 n).
    assert abs(together.mean() - 0.5) * math.sqrt(12 * len(together)) < 4.5
    # Correlation of neighbours: products of centred uniforms have mean 0 and sd 1/12.
    products = np.concatenate([(line[1:] - 0.5) * (line[:-1] - 0.5) for line in lines])
    assert abs(products.mean()) * 12 * math.sqrt(len(products)) < 4.5
    # Cells of 1/1024, and of 1/32 by 1/32 for separate pairs of neighbours: chi-square of 1,023 degrees of freedom.
    cells = np.bincount((together * 1024).astype(int), minlength=1024)
    low, high = (together[k::2] * 32 for k in (0, 1))
    pairs = np.bincount(low.astype(int) * 32 + high.astype(int), minlength=1024)
    for counts in (cells, pairs):
        even = counts.sum() / 1024
        statistic = ((counts - even) ** 2 / even).sum()
        assert 3.4e-6 < stats.chi2.sf(statistic, 1023) < 1 - 3.4e-6
