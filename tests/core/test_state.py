"""Settings made from scenarios, blank worlds, and worlds moved into a scenario that continues theirs."""

from itertools import permutations

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import (
    COUNTRIES,
    DRIVERS,
    MAX_MILITIAS,
    MAX_SITES,
    MILITIA,
    NEVER,
    OUTCOME,
    WORLD,
    new_worlds,
    reseat,
)
from sim.outcomes import blank_outcome
from sim.scenario import Scenario, load_scenario, militia_id
from sim.simulate.parameter_draws import default_rows
from sim.simulate.setting import militias_in_order, setting_of, sites_in_order


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("october-2023")


def with_militias(scenario: Scenario, **shares: float) -> Scenario:
    """The scenario with these militias in this order; underscores stand for hyphens."""
    one = next(iter(scenario.actors.militias.values()))
    known = scenario.actors.militias
    named = {name.replace("_", "-"): share for name, share in shares.items()}
    militias = {n: known.get(n, one).model_copy(update={"share": share}) for n, share in named.items()}
    return scenario.model_copy(update={"actors": scenario.actors.model_copy(update={"militias": militias})})


def at(scenario: Scenario, name: str) -> int:
    """Where a militia stands in the worlds of a scenario."""
    return list(militias_in_order(scenario)).index(name)


def test_a_setting_holds_what_the_scenario_fixes_of_its_militias(scenario):
    setting = setting_of(scenario)[0]
    assert setting.militia_count == len(scenario.actors.militias) <= MAX_MILITIAS
    for record, (name, militia) in zip(setting.militias, militias_in_order(scenario).items(), strict=False):
        assert record.actor_id == militia_id(name)
        for field in ("share", "autonomy", "stake", "reach", "capacity"):
            assert record[field] == getattr(militia, field)
    assert (setting.militias["actor_id"][setting.militia_count :] == 0).all()


def test_militias_stand_by_identifier_however_they_are_listed(scenario):
    listed = scenario.actors.militias
    ids = sorted(militia_id(name) for name in listed)
    assert len(ids) == 4
    assert setting_of(scenario)[0].militias["actor_id"][:4].tolist() == ids
    for order in permutations(listed):
        actors = scenario.actors.model_copy(update={"militias": {name: listed[name] for name in order}})
        turned = scenario.model_copy(update={"actors": actors})
        assert list(militias_in_order(turned)) == list(militias_in_order(scenario))
        assert militias_in_order(turned) == listed  # each with what is its own
        assert setting_of(turned).tobytes() == setting_of(scenario).tobytes()


def test_sites_stand_by_country_and_then_by_name_however_they_are_listed(scenario):
    turned = scenario.model_copy(update={"sites": dict(reversed(scenario.sites.items()))})
    names = list(sites_in_order(turned))
    assert [turned.sites[n].country for n in names] == ["iraq", "iraq", "syria", "syria", "jordan"]
    assert names == ["al-asad", "other-iraq", "al-tanf", "north-east-syria", "tower-22"]
    assert setting_of(turned).tobytes() == setting_of(scenario).tobytes()
    setting = setting_of(turned)[0]
    assert setting.site_count == len(names) <= MAX_SITES
    for record, name in zip(setting.sites, names, strict=False):
        site = turned.sites[name]
        assert COUNTRIES[record.country] == site.country
        assert record.defence == site.defence
        there = [s for s in turned.sites.values() if (s.country == "iraq") == (site.country == "iraq")]
        assert record.share == pytest.approx(
            site.weight * site.troops / sum(s.weight * s.troops for s in there)
        )


def test_a_setting_holds_the_reference_and_the_definitions(scenario):
    direct = scenario.spirals.direct.model_copy(update={"rung": 4})
    spirals = scenario.spirals.model_copy(update={"direct": direct})
    ladder = scenario.ladder.model_copy(update={"window": 21})
    setting = setting_of(scenario.model_copy(update={"spirals": spirals, "ladder": ladder}))[0]
    assert {d: setting.reference[d] for d in DRIVERS} == scenario.reference.model_dump()
    assert (setting.direct_rung, setting.reciprocal_rung, setting.window) == (4, 6, 21)


def test_a_blank_world_has_its_run_number_and_no_past():
    runs = np.array([0, 7, 2**32 + 1, 2**64 - 1], np.uint64)
    worlds = new_worlds(runs)
    assert (worlds.run == runs).all()
    assert worlds.dtype == np.dtype((np.record, WORLD))
    for field in (
        "attack",
        "strike",
        "border",
        "killed",
        "severe",
        "direct",
        "avowed",
    ):
        assert (worlds.ladder[field] == NEVER).all()
    assert (worlds.militias["actor_id"] == 0).all()


def test_a_blank_outcome_has_no_days_and_no_counts():
    outcome = blank_outcome()
    days = [name for name in OUTCOME.names if name.endswith("_day")]
    assert {"direct_day", "rung_day", "severe_day", "first_killed_day", "order_day"} <= set(days)
    for name in OUTCOME.names:
        assert (outcome[name] == (-1 if name in days else 0)).all()


def test_the_first_day_has_full_stocks_and_empty_memories(scenario):
    setting, worlds = setting_of(scenario), new_worlds(np.arange(2, dtype=np.uint64))
    row = default_rows({"militia.arsenal": 50.0, "us.credibility_start": 0.7})
    advance.start(worlds, row, np.zeros(2, np.int64), setting)
    here = worlds[1]
    assert here.us.credibility == 0.7
    assert here.us.troops == 1.0
    assert here.iraq.capital == 1.0
    # 2 logistic(restraint - weight * gaza) - 1, with gaza 0.85
    goal = np.tanh((row[0].iran.restraint - row[0].iran.stance_gaza * 0.85) / 2)
    assert here.iran.stance == here.iran.stance_start == pytest.approx(goal)
    for militia, fixed in zip(here.militias[:4], setting[0].militias, strict=False):
        assert militia.arsenal == 50.0 * fixed.share
        assert militia.autonomy == fixed.autonomy
        assert militia.actor_id == fixed.actor_id
        assert militia.anger == militia.fear == militia.guilt == militia.standing_down == 0
    assert here.us.pressure == here.iraq.bargain == here.iraq.strain == here.iran.war_fear == 0


def test_reseating_keeps_state_by_identifier_and_counts_outcomes_anew(scenario):
    earlier = with_militias(scenario, kataib_hizbollah=0.4, harakat_al_nujaba=0.3, badr=0.3)
    later = with_militias(scenario, badr=0.2, newcomers=0.4, asaib_ahl_al_haq=0.1, kataib_hizbollah=0.3)
    old, new = setting_of(earlier), setting_of(later)
    assert at(earlier, "kataib-hizbollah") != at(later, "kataib-hizbollah")
    assert at(earlier, "badr") != at(later, "badr")
    worlds, rows = new_worlds(np.arange(3, dtype=np.uint64)), np.zeros(3, np.int64)
    advance.start(worlds, default_rows({}), rows, old)
    for place, anger in enumerate((0.1, 0.2, 0.3)):
        worlds["militias"]["anger"][:, place] = anger + np.arange(3) / 100
    worlds["us"]["pressure"], worlds["day"], worlds["ladder"]["killed"] = 3.0, 103, 101
    worlds["ladder"]["quiet"], worlds["outcome"]["wounded"], worlds["outcome"]["direct_day"] = 8, 5, 40
    before = worlds.copy()
    reseat(worlds, old, new)
    for name in ("badr", "kataib-hizbollah"):
        kept, known = worlds["militias"][:, at(later, name)], before["militias"][:, at(earlier, name)]
        assert (kept["actor_id"] == militia_id(name)).all()
        assert np.array_equal(kept, known), name
    blank = np.zeros((), MILITIA)
    for name in ("newcomers", "asaib-ahl-al-haq"):
        assert (worlds["militias"][:, at(later, name)] == blank).all(), name
    assert (worlds["militias"][:, 4:] == blank).all()
    assert (worlds["outcome"] == blank_outcome()).all()
    assert (worlds["ladder"]["start"] == 103).all()
    assert (worlds["ladder"]["quiet"] == 0).all()
    assert (worlds["ladder"]["killed"] == 101).all()
    for kept in ("run", "date", "day", "us", "iraq", "iran", "today"):
        assert (worlds[kept] == before[kept]).all()
    row = default_rows({"militia.arsenal": 80.0})
    advance.seat(worlds, row, rows, new)
    for name, stock in (("newcomers", 32.0), ("asaib-ahl-al-haq", 8.0)):
        seated = worlds["militias"][:, at(later, name)]
        assert (seated["actor_id"] == militia_id(name)).all()
        assert (seated["arsenal"] == stock).all()
    for name in ("badr", "kataib-hizbollah"):
        assert np.array_equal(
            worlds["militias"][:, at(later, name)], before["militias"][:, at(earlier, name)]
        )
