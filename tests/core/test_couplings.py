"""With the couplings off nothing that one side does moves the other; each one, alone, does what it says."""

import datetime
from collections.abc import Callable

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import GROUPS, new_worlds
from sim.parameters import REGISTRY, couplings
from sim.scenario import Action, load_scenario
from sim.simulate.parameter_draws import default_rows, prior_rows
from sim.simulate.setting import militias_in_order, setting_of
from sim.simulate.timeline import timeline_of

BASELINE = load_scenario("october-2023", ["end=2024-03-31"])
MILITIAS = list(militias_in_order(BASELINE))  # as they stand in a world
MECHANISMS = sorted({p.mechanism for p in REGISTRY.values() if p.mechanism})
NOTHING = (np.zeros((0, 0, 0), np.int32), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))


def order(day: int | tuple[int, int], actor: str, name: str, **details: object) -> Action:
    first, last = (day, day) if isinstance(day, int) else day
    dated = {n: BASELINE.start + datetime.timedelta(days=d) for n, d in (("from", first), ("to", last))}
    return Action.model_validate({**dated, "actor": actor, "action": name, **details})


def strike(day: int, level: int, **details: object) -> Action:
    return order(day, "us", "strike", level=level, **details)


def story(
    *orders: Action, fixed: dict[str, float], days: int, rows: np.ndarray | None = None, runs: int = 1,
    prepare: Callable[[np.ndarray], None] = lambda worlds: None,
) -> np.ndarray:  # fmt: skip
    """Worlds after each day, shape (days, runs); defaults, or the prior's `rows` with as many runs each."""
    table = default_rows(fixed) if rows is None else prior_rows(rows, BASELINE.random_seed, fixed)
    index = np.repeat(np.arange(len(table)), runs)
    scenario = BASELINE.model_copy(update={"interventions": orders})
    timeline, setting = timeline_of(scenario), setting_of(scenario)
    worlds = new_worlds(np.arange(len(index), dtype=np.uint64))
    advance.start(worlds, table, index, setting)
    prepare(worlds)
    seen = []
    for d in range(days):
        advance.advance(worlds, table, index, timeline, setting, np.uint64(5), d, d + 1, *NOTHING)
        seen.append(np.asarray(worlds).copy())
    return np.stack(seen)


# All off


@pytest.mark.parametrize("level", [1, 3, 4])
@pytest.mark.parametrize("stocks", [{}, {"militia.arsenal": 5000.0}], ids=["stocks drawn", "stocks ample"])
def test_with_the_couplings_off_no_strike_changes_what_militias_do(level, stocks):
    """On 200 rows of the prior, whatever they are: not one attack on one day is another."""
    calm = [order((0, 170), "us", "hold"), order((0, 170), "iran", "no-answer")]
    rows = np.arange(200)
    without = story(*calm, fixed={**couplings(), **stocks}, days=120, rows=rows)
    struck = story(*calm, strike(20, level), fixed={**couplings(), **stocks}, days=120, rows=rows)
    assert (without["us"]["level"][20] == 0).all()
    assert (struck["us"]["level"][20] == level).all()
    for name in ("will", "standing_down", "rate", "autonomy"):
        assert np.array_equal(without["militias"][name], struck["militias"][name]), name
    changed = (without["militias"]["attacks"] != struck["militias"]["attacks"]).any(axis=(0, 2))
    assert without["militias"]["attacks"].sum() > 10_000
    assert changed.sum() == 0, f"attacks changed in {changed.sum()} of {len(changed)} rows"


def test_with_the_couplings_on_a_strike_changes_what_militias_do():
    calm = [order((0, 170), "us", "hold"), order((0, 170), "iran", "no-answer")]
    rows = np.arange(50)
    without = story(*calm, fixed={}, days=60, rows=rows)["militias"]["attacks"]
    struck = story(*calm, strike(20, 3), fixed={}, days=60, rows=rows)["militias"]["attacks"]
    assert np.array_equal(without[:21], struck[:21])
    assert (without != struck).any(axis=(0, 2)).mean() > 0.5


def test_with_the_couplings_off_deaths_bargains_and_answers_leave_the_will_alone():
    calm = [
        order((0, 170), "us", "hold"),
        order((0, 170), "iran", "no-answer"),
        order((0, 170), "iraq", "keep-quiet"),
    ]
    events = [
        order(20, "badr", "attack", killed=5), order(21, "iraq", "press"), order(22, "iran", "answer"),
        strike(23, 3, place="iraq"),
    ]  # fmt: skip
    rows = np.arange(100)
    without, after = (story(*calm, *more, fixed=couplings(), days=60, rows=rows) for more in ([], events))
    assert (after["iraq"]["strain"][30] > 0).all()
    counted = {
        name: after["outcome"][name][-1] - without["outcome"][name][-1] for name in ("avowed", "bargains")
    }
    assert (counted["avowed"] == 1).all()
    assert (counted["bargains"] == 1).all()
    assert (after["today"]["killed"][20] >= 5).all()
    # Nor does Tehran feel any of it: neither fear, nor grievance, nor another stance.
    for name in ("war_fear", "grievance"):
        assert (after["iran"][name] == 0).all(), name
    assert np.array_equal(without["iran"]["stance"], after["iran"]["stance"])
    assert np.array_equal(without["militias"]["will"], after["militias"]["will"])
    felt = story(*calm, *events, fixed={}, days=31, rows=rows)["iran"]
    assert (felt["war_fear"][30] > 0).all()
    assert (felt["grievance"][30] > 0).all()


# One by one


HELD = [order((0, 40), name, "hold") for name in ("us", *MILITIAS)]
HELD += [order((0, 40), "iraq", "keep-quiet"), order((0, 40), "iran", "no-answer")]
FREE_US = [a for a in HELD if a.actor != "us"]


def alone(mechanism: str | None) -> dict[str, float]:
    """Everything off but one mechanism, that at its defaults."""
    kept = couplings(mechanism) if mechanism else {}
    return {name: off for name, off in couplings().items() if name not in kept}


def effect(mechanism: str | None, read: Callable, orders: list, more: list, **given: object) -> np.ndarray:
    """What `more` orders add to what is read of the worlds."""
    fixed = {**alone(mechanism), **given.pop("fixed", {})}
    prepare = given.pop("prepare", lambda worlds: None)
    with_it = story(*orders, *more, fixed=fixed, prepare=prepare, **given)
    without = story(*orders, fixed=fixed, prepare=given.get("otherwise", prepare), **given)
    return np.asarray(read(with_it), float) - np.asarray(read(without), float)


def will(day: int, militia: str = "asaib-ahl-al-haq") -> Callable:
    return lambda seen: seen["militias"]["will"][day, :, MILITIAS.index(militia)]


SIMPLE = {
    # mechanism: what is ordered, what is read, the sign of its change
    "revenge": ([strike(5, 3, place="syria")], will(6), 1),
    "deterrence": ([strike(5, 3, place="syria")], will(6), -1),
    "deterrence: stocks": ([strike(5, 3, place="syria")], lambda s: s["militias"]["arsenal"][5].sum(-1), -1),
    "doubt": ([order(5, "badr", "attack", attacks=9, killed=0, wounded=0)], will(6), 1),
    "doubt: a strike restores": ([strike(5, 3, place="syria")], will(6), -1),
    "host": ([order(5, "iraq", "press")], will(5), -1),
    "host: Tehran is asked": ([order(5, "iraq", "press")], lambda s: s["iran"]["stance"][6], 1),
    "host: backlash outlasts it": ([order(5, "iraq", "press"), strike(9, 2)], will(12), 1),
    "tehran": ([order(5, "badr", "attack", killed=4)], will(6), -1),
    "tehran: a strike frightens": ([strike(5, 3, place="syria")], lambda s: s["iran"]["war_fear"][5], 1),
    "tehran: a strike aggrieves": ([strike(5, 3, place="syria")], lambda s: s["iran"]["grievance"][5], 1),
    "tehran: deaths frighten": (
        [order(5, "badr", "attack", killed=4)],
        lambda s: s["iran"]["war_fear"][5],
        1,
    ),
    "tehran: an answer presses": ([order(5, "iran", "answer")], lambda s: s["us"]["pressure"][5] - 4.5, 1),
    "commitment": (
        [strike(5, 2, place="syria"), order(6, "badr", "attack", killed=1)],
        lambda s: s["us"]["pressure"][6],
        1,
    ),
}


@pytest.mark.parametrize("case", SIMPLE)
def test_a_mechanism_alone_does_what_it_says(case):
    mechanism = case.split(":")[0]
    more, read, sign = SIMPLE[case]
    if mechanism == "commitment":  # against the same harm without a strike before it, and no relief by one
        more, orders, given = more[:1], [*HELD, more[1]], {"us.relief": 0.0}
    else:
        orders, given = HELD, {"us.call_off": 0.0}
    moved = effect(mechanism, read, orders, more, days=14, fixed=given)
    assert (moved * sign > 1e-3).all(), moved
    # Without it, the same orders move nothing.
    if case not in ("tehran: an answer presses",):
        assert (effect(None, read, orders, more, days=14, fixed=given) == 0.0).all()
    else:
        assert (
            effect(None, read, orders, more, days=14, fixed={**given, "engagement.gets_through": 0.005}) < 0.1
        ).all()


def test_withdrawal_alone_lowers_the_will_as_troops_leave():
    given = {
        "iraq.talks_threshold": 0.1,
        "iraq.order_threshold": 0.1,
        "iraq.order_delay": 0.0,
        "iraq.withdrawal_time": 5.0,
    }
    more = [strike(5, 3, place="iraq")]
    assert (
        effect("withdrawal", will(20), HELD, more, days=21, fixed={**given, "militia.hurry": 0.0}) < -0.3
    ).all()
    assert (effect(None, will(20), HELD, more, days=21, fixed=given) == 0.0).all()
    hurried = {**given, "militia.hurry": 1.0, "militia.presence": 0.0}
    assert (effect("withdrawal", will(20), HELD, more, days=21, fixed=hurried) > 0.7).all()


def test_posture_alone_provokes_and_stops_munitions_and_frightens_tehran():
    on, off = alone("posture"), alone(None)

    def day_20(fixed: dict, posture: float) -> np.ndarray:
        many = order((15, 20), "badr", "attack", attacks=30)
        return story(*HELD, many, fixed={**fixed, "us.posture": posture}, days=21, runs=40)

    low, high = day_20(on, 0.3), day_20(on, 3.0)
    assert (high["iran"]["stance"][14] > low["iran"]["stance"][14]).all()
    low, high = low[20], high[20]
    assert (high["militias"]["will"][:, :4] > low["militias"]["will"][:, :4] + 0.2).all()
    # 7,200 attacks in each, of which at least a tenth of those through is stopped: 15 standard errors
    assert high["outcome"]["wounded"].sum() < 0.8 * low["outcome"]["wounded"].sum()
    low, high = day_20(off, 0.3)[20], day_20(off, 3.0)[20]
    assert np.array_equal(low["militias"]["will"], high["militias"]["will"])
    assert np.array_equal(low["outcome"]["wounded"], high["outcome"]["wounded"])


def test_contagion_alone_makes_pauses_spread():
    """Of 2,000 worlds in which a pause stands, those in which Nujaba, which did not heed it, joins on day one."""

    def joining(fixed: dict, others: int) -> np.ndarray:
        def prepare(worlds: np.ndarray) -> None:
            worlds["pause"]["by"] = GROUPS
            worlds["militias"]["standing_down"][:, MILITIAS.index("kataib-hizbollah")] = others

        more = {**fixed, "militia.stand_down": 0.1, "militia.resume": 0.0, "militia.return_floor": 0.0}
        seen = story(*HELD, fixed=more, days=1, runs=2000, prepare=prepare)
        return seen["militias"]["standing_down"][0, :, MILITIAS.index("harakat-al-nujaba")] == 1

    alone_, beside = (joining(alone("contagion"), others) for others in (0, 1))
    assert not alone_.any()
    assert 50 < beside.sum() < 1000
    assert not any(joining(alone(None), others).any() for others in (0, 1))


def test_hardening_alone_spares_wounded():
    """Thirty attacks on the day after none, or after thirty, in 200 worlds: hits are only taken away."""
    last = order(6, "badr", "attack", attacks=30)
    harmless = order(5, "badr", "attack", attacks=30, killed=0, wounded=0)

    def wounded(fixed: dict, *more: Action) -> np.ndarray:
        return story(*HELD, *more, last, fixed=fixed, days=7, runs=200)["today"]["wounded"][6]

    fresh, seasoned = wounded(alone("hardening")), wounded(alone("hardening"), harmless)
    assert (seasoned <= fresh).all()
    assert seasoned.sum() < 0.95 * fresh.sum()
    assert np.array_equal(wounded(alone(None)), wounded(alone(None), harmless))


@pytest.mark.parametrize(
    ("mechanism", "state", "key"), [("anticipation", "militias", "anger"), ("host", "iraq", "bargain")]
)
def test_washington_holds_back_for_fear_of_worse_and_when_lobbied(mechanism, state, key):
    """Paired luck, so that decisions to strike are only taken away: worlds pressed to the first threshold."""

    def strikes(fixed: dict, level: float) -> np.ndarray:
        def prepare(worlds: np.ndarray) -> None:
            worlds["us"]["pressure"] = 4.0
            worlds["us"]["provoked"], worlds["us"]["provoked_day"] = 1, 0
            worlds[state][key] = level

        return story(*FREE_US, fixed=fixed, days=1, runs=2000, prepare=prepare)["us"]["step"][0]

    free, held = (strikes(alone(mechanism), level) for level in (0.0, 1.0))
    assert (held <= free).all()
    assert 200 < (held > 0).sum() < (free > 0).sum() - 20
    assert np.array_equal(*(strikes(alone(None), level) for level in (0.0, 1.0)))


def test_no_mechanism_goes_untested():
    tested = {case.split(":")[0] for case in SIMPLE} | {
        "withdrawal",
        "posture",
        "contagion",
        "anticipation",
        "hardening",
    }
    assert tested == set(MECHANISMS)
