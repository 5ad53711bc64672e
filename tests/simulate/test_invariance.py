"""A run is one history: the same in any company, order, thread, later scenario, and beside other actors."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import WORLD, new_worlds
from sim.outcomes import EVENTS
from sim.parameters import couplings
from sim.scenario import Action, Scenario, load_scenario, militia_id
from sim.simulate import Job, make_job, new_tallies, run_blocks, simulate
from sim.simulate.setting import militias_in_order

NUMBERS = np.concatenate([np.arange(60), [4_999, 5_000, 10**9, 2**32, 2**32 + 1, 2**63]]).astype(np.uint64)
BASELINE = load_scenario("october-2023", ["end=2024-03-31"])


@pytest.fixture(scope="module", params=["october-2023", "tower-22"])
def job(request: pytest.FixtureRequest) -> Job:
    return make_job(load_scenario(request.param, ["end=2024-03-31"]))


@pytest.fixture(scope="module")
def worlds(job: Job) -> np.ndarray:
    return np.asarray(simulate(job, NUMBERS))


def one_by_one(worlds: np.ndarray) -> list[bytes]:
    return [world.tobytes() for world in worlds]


def test_runs_differ_from_one_another(worlds):
    assert len({world["militias"].tobytes() for world in worlds}) == len(worlds)


# Company and order


def test_a_run_is_the_same_alone(job, worlds):
    for k in (0, 1, 24, 25, 59, 62, 65):
        assert simulate(job, NUMBERS[k : k + 1]).tobytes() == worlds[k : k + 1].tobytes()


@pytest.mark.parametrize("size", [1, 7, 25, 64])
def test_a_run_is_the_same_in_any_chunk(job, worlds, size):
    chunks = [simulate(job, NUMBERS[k : k + size]).tobytes() for k in range(0, len(NUMBERS), size)]
    assert b"".join(chunks) == worlds.tobytes()


def test_a_run_is_the_same_in_any_order_and_beside_itself(job, worlds):
    order = np.random.default_rng(1).permutation(len(NUMBERS))
    order = np.concatenate([order, order[:10]])
    assert one_by_one(np.asarray(simulate(job, NUMBERS[order]))) == [worlds[k].tobytes() for k in order]


def test_a_run_is_the_same_on_one_thread_or_two(job, worlds):
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(lambda part: simulate(job, part).tobytes(), np.array_split(NUMBERS, 6)))
    assert b"".join(halves) == worlds.tobytes()


def test_days_may_be_taken_in_any_steps(job):
    segment, nothing = (
        job.segments[0],
        (np.zeros((0, 0, 0), np.int32), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64)),
    )
    from sim.simulate.parameter_draws import default_rows

    days, ends = len(segment.timeline), []
    for steps in ([0, days], [0, 1, 2, 50, 50, days], list(range(days + 1))):
        some, rows = new_worlds(NUMBERS[:9]), np.zeros(9, np.int64)
        advance.start(some, default_rows({}), rows, segment.setting)
        for first, last in pairwise(steps):
            advance.advance(
                some,
                default_rows({}),
                rows,
                segment.timeline,
                segment.setting,
                np.uint64(3),
                first,
                last,
                *nothing,
            )
        ends.append(some.tobytes())
    assert ends[0] == ends[1] == ends[2]


# Blocks and tallies


def test_blocks_and_tallies_are_the_same_on_one_thread_or_two_and_merged_in_any_order():
    job = make_job(load_scenario("october-2023", ["end=2023-11-05"]))
    blocks = {threads: list(run_blocks(job, 15_020, threads=threads)) for threads in (1, 2)}
    for one, two in zip(blocks[1], blocks[2], strict=True):
        assert one.outcomes.tobytes() == two.outcomes.tobytes()
    merged = []
    straight = list(range(len(blocks[2])))
    assert len(straight) > 2
    for order in (straight, straight[::-1], straight[1:] + straight[:1]):
        total = new_tallies(job.days)
        for k in order:
            total.merge(blocks[2][k].tallies)
        merged.append(total)
    for other in merged[1:]:
        assert other.totals == merged[0].totals
        for name, value in vars(merged[0]).items():
            assert np.array_equal(value, getattr(other, name)), name
    assert merged[0].runs == 15_020
    assert merged[0].first_days[EVENTS.index("rung_2")].sum() > 0


# Seeds and run numbers


def test_zero_is_a_seed_like_any_other():
    ends = {
        seed: simulate(
            make_job(load_scenario("october-2023", [f"random_seed={seed}", "end=2023-11-30"])), NUMBERS[:5]
        )
        for seed in (0, 1, 2**63 - 1)
    }
    assert len({worlds.tobytes() for worlds in ends.values()}) == 3
    assert len(np.unique(ends[0]["outcome"]["attacks_iraq"])) > 1  # runs of seed 0 differ


def test_run_numbers_above_32_bits_have_histories_of_their_own():
    job = make_job(BASELINE, "default")
    numbers = np.array([3, 3 + 2**32, 3 + 2**33, 3 + 2**63], np.uint64)
    worlds = simulate(job, numbers)
    assert (worlds["run"] == numbers).all()
    assert len({world["militias"].tobytes() for world in worlds}) == 4


# A scenario that starts later


def test_a_later_start_with_the_same_past_has_the_same_history(tmp_path: Path):
    file = tmp_path / "later.yaml"
    file.write_text(
        "extends: october-2023\nquestion: Does anything change?\nstart: 2023-12-20\nend: 2024-03-31\n"
    )
    later = load_scenario(file)
    assert later.past is not None
    numbers = NUMBERS[:40]
    child, parent = (np.asarray(simulate(make_job(s), numbers)) for s in (later, BASELINE))
    before = np.asarray(simulate(make_job(later.past), numbers))
    for name in set(WORLD.names) - {"outcome", "ladder"}:
        assert child[name].tobytes() == parent[name].tobytes(), name
    for name in set(child["ladder"].dtype.names) - {"start", "quiet"}:
        assert (child["ladder"][name] == parent["ladder"][name]).all(), name
    assert (child["ladder"]["start"] == 64).all()
    counts = (
        "attacks_iraq", "attacks_syria", "attacks_jordan", "wounded", "killed", "alarm_deaths", "strikes",
    )  # fmt: skip
    for name in (*counts, "strikes_in_iraq", "avowed", "bargains", "capacity_days", "campaign_days"):
        after = parent["outcome"][name] - before["outcome"][name]
        assert (child["outcome"][name] == after).all(), name
    assert child["outcome"]["attacks_iraq"].sum() > 100
    assert before["outcome"]["attacks_iraq"].sum() > 100
    assert (child["outcome"]["last_rung"] == parent["outcome"]["last_rung"]).all()
    # A first day after the start is the same day, counted from it.
    fresh = (before["outcome"]["first_killed_day"] < 0) & (parent["outcome"]["first_killed_day"] >= 0)
    assert fresh.any()
    assert (child["outcome"]["first_killed_day"] == parent["outcome"]["first_killed_day"] - 64)[fresh].all()


# Other actors


def days_of(scenario: Scenario, runs: int = 60, **fixed: float) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Attacks by militia, day and run; and the worlds at the end."""
    values = {name.replace("__", "."): value for name, value in fixed.items()}
    job, numbers = make_job(scenario, "prior", values), np.arange(runs, dtype=np.uint64)
    seen = []
    names = list(militias_in_order(scenario))
    for last in range(0, 60, 6):
        end = scenario.start + datetime.timedelta(days=last)
        shorter = make_job(scenario.model_copy(update={"end": end}), "prior", values)
        seen.append(simulate(shorter, numbers)["militias"]["attacks"])
    worlds = simulate(job, numbers)
    attacks = {name: np.array([day[:, place] for day in seen]) for place, name in enumerate(names)}
    return attacks, np.asarray(worlds)


def with_militias(militias: dict) -> Scenario:
    return BASELINE.model_copy(update={"actors": BASELINE.actors.model_copy(update={"militias": militias})})


def states(worlds: np.ndarray, scenario: Scenario) -> dict[str, bytes]:
    return {name: worlds["militias"][:, k].tobytes() for k, name in enumerate(militias_in_order(scenario))}


@pytest.mark.parametrize(("onlookers", "place"), [("waiters", 0), ("onlookers", 3), ("quiet-guards", 4)])
def test_a_militia_that_never_attacks_moves_nobody(onlookers, place):
    known = BASELINE.actors.militias
    silent = known["kataib-hizbollah"].model_copy(update={"share": 0.0})
    other = with_militias({**known, onlookers: silent})
    assert list(militias_in_order(other)).index(onlookers) == place
    (attacks, worlds), (more_attacks, more_worlds) = days_of(BASELINE), days_of(other)
    for name in attacks:
        assert np.array_equal(attacks[name], more_attacks[name])
    alone, beside = states(worlds, BASELINE), states(more_worlds, other)
    assert alone == {name: beside[name] for name in alone}
    for part in ("iraq", "iran", "outcome"):
        ignored = {
            "campaign_days",
            "capacity_days",
            "held_days",
        }  # the onlookers are in campaign, at their capacity of nothing
        for name in set(worlds[part].dtype.names) - ignored:
            assert (worlds[part][name] == more_worlds[part][name]).all(), name


def test_a_militia_that_attacks_moves_nobodys_luck():
    """With the couplings off and stocks that never run out, the others' attacks are the same to the last."""
    known = BASELINE.actors.militias
    added = with_militias({"newcomers": known["badr"].model_copy(update={"share": 0.3}), **known})
    free = {**couplings(), "militia.arsenal": 5000.0}
    (attacks, _), (more, _) = (
        days_of(s, **{k.replace(".", "__"): v for k, v in free.items()}) for s in (BASELINE, added)
    )
    assert more["newcomers"].sum() > 50
    for name in attacks:
        assert attacks[name].sum() > 10
        assert np.array_equal(attacks[name], more[name]), name


def ordered(scenario: Scenario, *actions: dict) -> Scenario:
    """The scenario with these interventions, dated by day from its start; one without a day holds throughout."""
    dated = []
    for given in actions:
        action, day = dict(given), given.get("day")
        action.pop("day", None)
        if day is None:
            action |= {"from": scenario.start, "to": scenario.end}
        else:
            action["date"] = scenario.start + datetime.timedelta(days=day)
        dated.append(Action.model_validate(action))
    return scenario.model_copy(update={"interventions": tuple(dated)})


STRIKES = [{"day": day, "actor": "us", "action": "strike", "level": 1 + day % 4} for day in range(10, 60, 3)]
HELD = [{"actor": name, "action": "hold"} for name in BASELINE.actors.militias]
EQUAL = [
    {"day": day, "actor": name, "action": "attack", "killed": 0, "wounded": 3}
    for day in (9, 20)
    for name in BASELINE.actors.militias
]
CASES = {  # interventions, and parameters fixed
    "as it comes": ((), {}),
    "no guilt at all": ((*HELD, *STRIKES), {}),
    "ties of guilt": ((*HELD, *EQUAL, *STRIKES), {"us.attribution": 1.0}),
    "mistaken strikes": (tuple(STRIKES), {"us.attribution": 0.0}),
    "mistaken as often as not, after ties": ((*HELD, *EQUAL, *STRIKES), {"us.attribution": 0.5}),
}


def listings(records: dict) -> list[dict]:
    """The same records, otherwise listed: turned about, every place moved by one, and two exchanged."""
    names = list(records)
    orders = (names[::-1], names[1:] + names[:1], [names[1], names[0], *names[2:]])
    return [{name: records[name] for name in order} for order in orders]


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_militias_changes_nothing_at_all(case):
    """Worlds are equal to the byte, with the couplings on: whom a tie or a mistake falls on too."""
    actions, fixed = CASES[case]
    job = make_job(ordered(BASELINE, *actions), "prior", fixed)
    worlds = np.asarray(simulate(job, NUMBERS))
    for militias in listings(BASELINE.actors.militias):
        assert list(militias) != list(BASELINE.actors.militias)
        turned = make_job(ordered(with_militias(militias), *actions), "prior", fixed)
        assert simulate(turned, NUMBERS).tobytes() == worlds.tobytes()
    assert worlds["outcome"]["strikes"].sum() > 0
    ids = sorted(militia_id(name) for name in BASELINE.actors.militias)
    assert (worlds["militias"]["actor_id"][:, :4] == ids).all()
    guilt, culprits = worlds["militias"]["guilt"][:, :4], set(worlds["us"]["culprit"].tolist())
    if case == "no guilt at all":
        assert (guilt == 0).all()
    if "ties" in case:
        assert (guilt > 0).all()
        assert (guilt == guilt[:, :1]).all()
    if "mistaken" in case:
        assert len(culprits) >= 3


def test_the_order_of_militias_changes_nothing_over_a_past():
    """Nor does another order in the scenario that continues: militias are reseated to where they stood."""
    later = load_scenario("tower-22", ["end=2024-03-31"])
    worlds = simulate(make_job(later), NUMBERS).tobytes()
    for militias in listings(later.actors.militias):
        turned = later.model_copy(update={"actors": later.actors.model_copy(update={"militias": militias})})
        assert simulate(make_job(turned), NUMBERS).tobytes() == worlds


@pytest.mark.parametrize("case", ["as it comes", "ordered to sites"])
def test_the_order_of_sites_changes_nothing_at_all(case):
    """Worlds are equal to the byte, though every site is defended and chosen in a way of its own."""
    actions = [
        {"day": day, "actor": name, "action": "attack", "attacks": 2, "site": site}
        for name in BASELINE.actors.militias
        for day, site in enumerate(BASELINE.sites, start=5)
    ]
    unlike = {
        name: site.model_copy(update={"defence": 0.4 * k - 0.8, "weight": 1.0 + 0.3 * k})
        for k, (name, site) in enumerate(BASELINE.sites.items())
    }
    unlike |= {
        f"annex-{country}": next(s for s in BASELINE.sites.values() if s.country == country)
        for country in ("iraq", "syria", "jordan")
    }
    given = ordered(BASELINE, *(actions if case == "ordered to sites" else ()))
    worlds = simulate(make_job(given.model_copy(update={"sites": unlike})), NUMBERS)
    assert worlds["outcome"]["attacks_jordan"].sum() > 0
    for sites in listings(unlike):
        assert list(sites) != list(unlike)
        turned = make_job(given.model_copy(update={"sites": sites}))
        assert simulate(turned, NUMBERS).tobytes() == worlds.tobytes()


def test_what_one_actor_is_ordered_to_do_leaves_the_luck_of_others():
    """With the couplings off, holding one militia changes the attacks of no other."""
    held = BASELINE.model_copy(
        update={
            "interventions": (
                {"from": BASELINE.start, "to": BASELINE.end, "actor": "harakat-al-nujaba", "action": "hold"},
            )
        }
    )
    held = Scenario.model_validate({**dict(held), "interventions": held.interventions})
    free = {k.replace(".", "__"): v for k, v in {**couplings(), "militia.arsenal": 5000.0}.items()}
    (one, _), (other, _) = days_of(BASELINE, **free), days_of(held, **free)
    assert other["harakat-al-nujaba"].sum() == 0 < one["harakat-al-nujaba"].sum()
    for name in set(one) - {"harakat-al-nujaba"}:
        assert np.array_equal(one[name], other[name])
