"""A scenario's days: drivers, dated shocks, history, and what is ordered of each actor."""

import datetime
from itertools import product

import numpy as np
import pytest

from sim.core.state import COUNTRIES, DAY, DRIVERS, FREE
from sim.scenario import Action, Driver, History, Scenario, load_scenario
from sim.simulate.setting import militias_in_order, sites_in_order
from sim.simulate.timeline import PLACES, driver_levels, timeline_of

START = datetime.date(2023, 10, 17)
ORDERS = ("level", "place", "level_limit", "iraq_limit", "press", "answer", "deaths")


def on(day: int) -> datetime.date:
    return START + datetime.timedelta(days=day)


def driver(knots: dict[int, float], *shocks: tuple[int, float, float]) -> Driver:
    return Driver.model_validate(
        {
            "knots": [{"date": on(day), "level": level, "basis": "assumed"} for day, level in knots.items()],
            "shocks": [
                {"date": on(day), "size": size, "half_life": half_life, "basis": "assumed"}
                for day, size, half_life in shocks
            ],
        }
    )


def action(day: int | tuple[int, int], actor: str, name: str, **details: object) -> Action:
    dated = {"date": on(day)} if isinstance(day, int) else {"from": on(day[0]), "to": on(day[1])}
    return Action.model_validate({**dated, "actor": actor, "action": name, **details})


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("october-2023")


def at(scenario: Scenario, name: str) -> int:
    """Where a militia stands in a day's orders."""
    return list(militias_in_order(scenario)).index(name)


def days_with(scenario: Scenario, *actions: Action, history: History | None = None) -> np.ndarray:
    return timeline_of(scenario.model_copy(update={"interventions": actions, "history": history}))


def changed(days: np.ndarray, scenario: Scenario) -> dict[int, dict[str, int]]:
    """By day, the orders that differ from those of the scenario without any."""
    free = days_with(scenario)
    return {
        d: {name: int(days[d][name]) for name in ORDERS if days[d][name] != free[d][name]}
        for d in range(len(days))
        if any(days[d][name] != free[d][name] for name in ORDERS)
    }


# Drivers


def test_levels_are_linear_between_knots_and_constant_outside_of_them():
    levels = driver_levels(driver({2: 0.2, 6: 1.0, 7: 0.5}), [on(d) for d in range(10)], 1.0)
    assert levels == pytest.approx([0.2, 0.2, 0.2, 0.4, 0.6, 0.8, 1.0, 0.5, 0.5, 0.5])


@pytest.mark.parametrize("knots", [{3: 0.4}, {2: 0.1, 5: 0.7}, {0: 0.3, 1: 0.9, 11: 0.2, 19: 1.0}])
def test_levels_are_those_of_numpys_interpolation(knots):
    days = range(-2, 25)
    found = driver_levels(driver(knots), [on(day) for day in days], 1.0)
    assert found == pytest.approx(np.interp(days, list(knots), list(knots.values())), rel=1e-15)


def test_a_shock_comes_on_its_day_and_halves():
    levels = driver_levels(driver({0: 0.1}, (3, 0.4, 2.0)), [on(d) for d in range(8)], 1.0)
    assert levels[:3] == pytest.approx(0.1)
    assert levels[[3, 5, 7]] == pytest.approx([0.5, 0.3, 0.2])
    assert levels[4] == pytest.approx(0.1 + 0.4 * 0.5**0.5)


def test_a_shock_before_the_start_has_half_worn_off():
    levels = driver_levels(driver({0: 0.0}, (-4, 0.8, 4.0)), [on(0), on(4)], 1.0)
    assert levels == pytest.approx([0.4, 0.2])


def test_shocks_add_up_and_levels_are_clipped():
    dates = [on(0), on(1)]
    assert driver_levels(driver({0: 0.9}, (0, 0.4, 1.0), (1, 0.2, 1.0)), dates, 1.0) == pytest.approx(
        [1.0, 1.0]
    )
    assert driver_levels(driver({0: 0.2}, (0, -0.6, 1.0)), dates, 1.0) == pytest.approx([0.0, 0.0])
    assert driver_levels(driver({0: 1.6}, (0, 1.0, 1.0)), dates, 2.0) == pytest.approx([2.0, 2.0])
    assert driver_levels(driver({0: 0.5}, (0, 0.2, 1.0), (0, 0.1, 1.0)), dates, 1.0)[0] == pytest.approx(0.8)


def test_there_is_one_day_for_each_from_start_to_end(scenario):
    days = timeline_of(scenario)
    assert len(days) == scenario.days == 289
    assert days.dtype == np.dtype((np.record, DAY))
    assert (np.diff(days.date) == 1).all()
    assert datetime.date(2000, 1, 1) + datetime.timedelta(days=int(days[0].date)) == scenario.start
    assert datetime.date(2000, 1, 1) + datetime.timedelta(days=int(days[-1].date)) == scenario.end


def test_the_days_hold_the_drivers_of_the_scenario(scenario):
    days = timeline_of(scenario)
    assert days[0].gaza == pytest.approx(0.85)  # 0.75 and the shock of that day
    assert days[10].posture == pytest.approx(0.3 + 0.4 * 10 / 14)
    troops = driver({0: 1.5})
    raised = scenario.model_copy(update={"timeline": {**scenario.timeline, "troops": troops}})
    assert (timeline_of(raised).troops == 1.5).all()  # the one driver that may pass 1
    assert all((days[name] >= 0).all() and (days[name] <= 1).all() for name in DRIVERS)


def test_a_day_without_orders_leaves_everything_to_the_model(scenario):
    day = timeline_of(scenario)[100]
    assert {name: day[name] for name in ORDERS} == {
        "level": FREE, "place": FREE, "level_limit": 4, "iraq_limit": 4, "press": FREE, "answer": FREE, "deaths": 1,
    }  # fmt: skip
    assert all((day.orders[name] == FREE).all() for name in ("attacks", "site", "killed", "wounded"))


# Orders


@pytest.mark.parametrize(
    ("imposed", "expected"),
    [
        (action(5, "us", "strike", level=3), {"level": 3}),
        (action(5, "us", "strike", level=3, place="iraq"), {"level": 3, "place": 0}),
        (action(5, "us", "strike", level=1, place="syria"), {"level": 1, "place": 1}),
        (action(5, "us", "strike", level=4, place="iran"), {"level": 4, "place": 3}),
        (action(5, "us", "hold"), {"level": 0}),
        (action(5, "us", "strike", level=3, forbid=True), {"level_limit": 2}),
        (action(5, "us", "strike", level=1, forbid=True), {"level_limit": 0}),
        (action(5, "us", "strike", level=2, place="iraq", forbid=True), {"iraq_limit": 1}),
        (action(5, "iraq", "press"), {"press": 1}),
        (action(5, "iraq", "press", forbid=True), {"press": 0}),
        (action(5, "iraq", "keep-quiet"), {"press": 0}),
        (action(5, "iran", "answer"), {"answer": 1}),
        (action(5, "iran", "answer", forbid=True), {"answer": 0}),
        (action(5, "iran", "no-answer"), {"answer": 0}),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else value.action,
)
def test_an_order_to_a_government_is_that_day_s_and_nothing_else(scenario, imposed, expected):
    assert changed(days_with(scenario, imposed), scenario) == {5: expected}


def test_places_are_numbered_as_countries_and_then_iran():
    assert PLACES == (*COUNTRIES, "iran") == ("iraq", "syria", "jordan", "iran")


def test_a_span_holds_from_its_first_to_its_last_day_within_the_scenario(scenario):
    days = days_with(scenario, action((3, 5), "us", "hold"))
    assert changed(days, scenario) == {d: {"level": 0} for d in (3, 4, 5)}
    over_the_end = days_with(scenario, action((287, 400), "us", "hold"), action((-9, 0), "us", "hold"))
    assert sorted(changed(over_the_end, scenario)) == [0, 287, 288]


def test_the_tightest_of_several_limits_counts(scenario):
    limits = [action((2, 4), "us", "strike", level=n, forbid=True) for n in (3, 2, 4)]
    assert changed(days_with(scenario, *limits), scenario) == {d: {"level_limit": 1} for d in (2, 3, 4)}


def test_an_attack_is_ordered_of_its_militia_alone(scenario):
    place = at(scenario, "kataib-hizbollah")
    given = action(5, "kataib-hizbollah", "attack", attacks=4, site="tower-22", killed=3, wounded=40)
    days = days_with(scenario, given)
    assert changed(days, scenario) == {}
    order = days[5].orders[place]
    assert (order.attacks, order.killed, order.wounded) == (4, 3, 40)
    assert order.site == list(sites_in_order(scenario)).index("tower-22") == 4
    others = [d.orders[i] for d in days for i in range(8) if (d.date, i) != (days[5].date, place)]
    assert all(o.attacks == o.site == o.killed == o.wounded == FREE for o in others)


def test_what_an_attack_leaves_out_is_left_to_the_model(scenario):
    order = days_with(scenario, action(5, "badr", "attack"))[5].orders[at(scenario, "badr")]
    assert (order.attacks, order.site, order.killed, order.wounded) == (1, FREE, FREE, FREE)
    order = days_with(scenario, action(5, "badr", "attack", killed=0, wounded=0))[5].orders[
        at(scenario, "badr")
    ]
    assert (order.killed, order.wounded) == (0, 0)


def test_orders_reach_their_militia_and_site_however_these_are_listed(scenario):
    def turned(records: dict) -> dict:
        return dict(reversed(records.items()))

    actors = scenario.actors.model_copy(update={"militias": turned(scenario.actors.militias)})
    other = scenario.model_copy(update={"actors": actors, "sites": turned(scenario.sites)})
    given = [
        action(5 + k, name, "attack", attacks=k + 1, site=site, killed=k)
        for k, (name, site) in enumerate(product(scenario.actors.militias, scenario.sites))
    ]
    assert days_with(other, *given).tobytes() == days_with(scenario, *given).tobytes()


@pytest.mark.parametrize(
    "held", [action((5, 6), "badr", "hold"), action((5, 6), "badr", "attack", forbid=True)]
)
def test_a_militia_can_be_held(scenario, held):
    days = days_with(scenario, held)
    assert [d for d in range(289) if days[d].orders[at(scenario, "badr")].attacks == 0] == [5, 6]
    others = [i for i in range(8) if i != at(scenario, "badr")]
    assert (days.orders["attacks"][:, others] == FREE).all()


# History


def test_history_imposes_what_it_lists_and_nothing_else_before_its_release(scenario):
    history = History(
        release=on(10),
        actions=(
            action(2, "us", "strike", level=1, place="syria"),
            action(3, "iraq", "press"),
            action(4, "iran", "answer"),
            action(6, "badr", "attack", killed=2),
        ),
    )
    days = days_with(scenario, history=history)
    for d in range(10):
        day = days[d]
        assert day.deaths == 0
        assert (day.level, day.place) == ((1, 1) if d == 2 else (0, FREE))
        assert day.press == (d == 3)
        assert day.answer == (d == 4)
    assert days[6].orders[at(scenario, "badr")].killed == 2
    others = [i for i in range(8) if i != at(scenario, "badr")]
    assert (days.orders["attacks"][:10, others] == FREE).all()  # attacks stay free: only their sums are known
    assert sorted(changed(days, scenario)) == list(range(10))


def test_after_the_day_up_to_which_strikes_are_known_history_bars_only_what_would_have_been_heard_of(
    scenario,
):
    history = History(
        release=on(10),
        complete_until=on(3),
        actions=(
            action(2, "us", "strike", level=1),
            action(6, "us", "strike", level=4),
            action(7, "iraq", "press"),
        ),
    )
    days = days_with(scenario, history=history)
    assert days.level[:11].tolist() == [0, 0, 1, 0, FREE, FREE, 4, FREE, FREE, FREE, FREE]
    assert days.press[:11].tolist() == [0, 0, 0, 0, FREE, FREE, FREE, 1, FREE, FREE, FREE]
    assert days.level_limit[:11].tolist() == [4] * 4 + [3] * 6 + [4]
    assert days.answer[:11].tolist() == [0] * 10 + [FREE]
    assert days.deaths[:11].tolist() == [0] * 10 + [1]


@pytest.mark.parametrize("known", [-5, 9, 40])
def test_the_day_up_to_which_strikes_are_known_may_lie_outside_of_the_days_or_the_history(scenario, known):
    days = days_with(scenario, history=History(release=on(10), complete_until=on(known)))
    assert (days.level[:10] == (FREE if known < 0 else 0)).all()
    assert (days.level_limit[:10] == (3 if known < 0 else 4)).all()
    assert (days.level[10:] == FREE).all()
    assert (days.level_limit[10:] == 4).all()


def test_history_that_ends_before_the_start_or_after_the_end_is_cut(scenario):
    assert changed(days_with(scenario, history=History(release=on(0))), scenario) == {}
    everything = days_with(scenario, history=History(release=on(1000)))
    assert (everything.level == 0).all()
    assert (everything.deaths == 0).all()


def test_interventions_go_before_history(scenario):
    days = days_with(scenario, action(2, "us", "strike", level=3), history=History(release=on(5)))
    assert days.level[:6].tolist() == [0, 0, 3, 0, 0, FREE]


def test_tower_22_has_its_record_in_its_past_and_its_deaths_on_day_one():
    later = load_scenario("tower-22")
    days, past = timeline_of(later), timeline_of(later.past)
    order = days[0].orders[at(later, "kataib-hizbollah")]
    assert (order.attacks, order.killed, order.site) == (1, 3, list(sites_in_order(later)).index("tower-22"))
    assert (days.level == FREE).all()
    assert [on(d) for d in range(len(past)) if past[d].level > 0] == [
        datetime.date(2023, 10, 27), datetime.date(2023, 11, 8), datetime.date(2023, 11, 12),
    ]  # fmt: skip
    assert past[-1].date + 1 == days[0].date
    assert (past.deaths == 0).all()
    unknown = [d for d in range(len(past)) if past[d].level == FREE]
    assert unknown == list(range((datetime.date(2023, 11, 18) - START).days, len(past)))
    assert (past.level_limit[unknown] == 3).all()
