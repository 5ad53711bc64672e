"""Living one run again: mornings, branches, stages, attacks, deeds, and what taking one out means."""

import datetime

import numpy as np
import pytest

from sim.replay.deeds import KINDS, deed_text, deeds_of, without
from sim.replay.picking import PICKS, NoSuchRunError, pick_run
from sim.replay.replay import Change, branch, replay
from sim.replay.stages import attacks_of, finish_day, stages_of
from sim.scenario import load_scenario
from sim.simulate.job import lived, make_job, simulate

RUNS = (0, 7, 29, 103)


def fields(record):
    """Every field of a record or of records; what lies between fields is nobody's."""
    record = np.asarray(record)
    if record.dtype.names is None:
        return [record.tobytes()]
    return [part for name in record.dtype.names for part in fields(record[name])]


@pytest.fixture(scope="module", params=["october-2023", "tower-22"])
def job(request):
    return make_job(load_scenario(request.param))


@pytest.fixture(scope="module")
def played(job):
    return [replay(job, run) for run in RUNS]


def test_a_replay_ends_where_the_run_did(job, played):
    worlds = np.asarray(lived(job, np.array(RUNS, np.uint64)))
    for place, one in enumerate(played):
        assert fields(one.mornings[-1]) == fields(worlds[place])
        assert fields(one.outcome) == fields(worlds[place]["outcome"])
        assert len(one.mornings) == one.days + 1 == job.days + 1
        assert len(one.evenings) == one.days


def test_a_change_that_changes_nothing_gives_the_same_end(played):
    for one in played:
        for day in (0, one.days // 2, one.days - 1):
            assert fields(branch(one, [Change(day, "level", -1)])[0]) == fields(one.mornings[-1])
            assert fields(branch(one, [Change(day, "attacks", -1, 0)])[0]) == fields(one.mornings[-1])


def test_a_change_reaches_the_end_and_leaves_the_replay_alone(played):
    one = played[0]
    before = one.timeline.tobytes(), one.mornings.tobytes()
    struck = branch(one, [Change(5, "level", 3), Change(9, "killed", 2, 1), Change(9, "attacks", 1, 1)])
    assert struck["outcome"]["strikes"][0, 3] >= 1
    assert struck["outcome"]["killed"][0] >= 2
    assert (one.timeline.tobytes(), one.mornings.tobytes()) == before


def test_stages_lead_from_the_morning_to_the_evening(played):
    for one in played:
        for day in range(0, one.days, 7):
            stages = stages_of(one, day)
            assert fields(stages.morning) == fields(one.mornings[day : day + 1])
            world = stages.answered.copy()
            finish_day(one, world, one.timeline[day : day + 1], "answered")
            assert fields(world) == fields(one.mornings[day + 1 : day + 2])


def test_the_attacks_of_a_day_sum_to_its_events(played):
    found = 0
    for one in played:
        for day in range(one.days):
            attacks, events = attacks_of(one, day), one.evenings[day]["today"]
            assert len(attacks) == events["attacks"]
            by_militias = events["killed"] if not events["avowed"] else sum(a.killed for a in attacks)
            assert sum(a.killed for a in attacks) == by_militias
            if not events["avowed"]:
                assert sum(a.wounded for a in attacks) == events["wounded"]
            found += len(attacks)
    assert found > 50


def test_attacks_of_a_day_meet_defenders_as_they_were_that_morning():
    """Two militias launch 30 attacks each; defenders who learn fast still learn from them in the evening only."""
    day = datetime.date(2023, 10, 20)
    orders = [
        {"date": day, "actor": name, "action": "attack", "attacks": 30}
        for name in ("badr", "kataib-hizbollah")
    ]
    quick = {"gets_through": 0.5, "hardening": 4.0, "hardening_attacks": 5.0, "wounding": 1.0}
    changes = {
        "end": day,
        "interventions": orders,
        **{f"engagement.{name}": value for name, value in quick.items()},
    }
    one = replay(make_job(load_scenario("october-2023", changes), "default"), 0)
    attacks, events = attacks_of(one, 3), one.evenings[3]["today"]
    assert sum(a.wounded for a in attacks) == events["wounded"] > 0
    assert sum(a.killed for a in attacks) == events["killed"]


def test_deeds_are_those_the_outcome_counts(played):
    for one in played:
        deeds, outcome = deeds_of(one), one.outcome
        strikes = [d for d in deeds if d.kind == "strike"]
        for level in range(1, 5):
            assert sum(d.level == level for d in strikes) == outcome["strikes"][level]
        assert sum(d.place == "iraq" for d in strikes) == outcome["strikes_in_iraq"]
        assert sum(d.kind == "answer" for d in deeds) == outcome["avowed"]
        assert sum(d.kind == "pressing" for d in deeds) == outcome["bargains"]
        assert sum(d.killed for d in deeds) == outcome["killed"]
        assert [d.day for d in deeds] == sorted(d.day for d in deeds)
        assert (outcome["severe_day"] >= 0) == any(d.severe for d in deeds)
        assert all(deed_text(d, one.job.scenario) for d in deeds)


def test_a_deed_that_is_taken_out_is_gone_and_the_days_before_are_as_they_were(job):
    """The world on the evening of its day lacks that deed and has the others that came before it on the day."""
    seen = set()
    for run in range(80):
        one = replay(job, run)
        for deed in deeds_of(one)[:12]:
            change = without(deed, one)
            assert change.day == deed.day
            today = one.timeline[deed.day : deed.day + 1].copy()
            target = today if change.militia is None else today["orders"][:, change.militia]
            target[change.field] = change.value
            world = one.mornings[deed.day : deed.day + 1].copy()
            one.live(world, 0, 1, today)
            was, now = one.evenings[deed.day], world[0]
            if deed.kind == "strike":
                assert now["us"]["level"] == 0
                assert now["us"]["pressure"] == was["us"]["pressure"] or was["today"]["avowed"]
                assert now["today"]["attacks"] == was["today"]["attacks"]
            elif deed.kind == "lethal attack":
                assert now["today"]["attacks"] == was["today"]["attacks"] - 1
                if not was["us"]["level"] and not now["us"]["level"]:
                    left = now["militias"]["arsenal"][deed.militia] - was["militias"]["arsenal"][deed.militia]
                    assert left == pytest.approx(1.0)
                assert not now["militias"]["deadly"][deed.militia] >> deed.item & 1
            elif deed.kind == "answer":
                assert now["today"]["avowed"] == 0
                assert now["us"]["level"] == was["us"]["level"]
            else:
                assert now["outcome"]["bargains"] == was["outcome"]["bargains"] - 1
            seen.add(deed.kind)
    assert seen == set(KINDS)


def test_an_attack_that_is_spared_leaves_the_luck_of_the_others(job):
    for run in range(40):
        one = replay(job, run)
        for day in range(0, one.days, 5):
            attacks = attacks_of(one, day)
            if len(attacks) < 3:
                continue
            gone = attacks[1]
            days = one.timeline.copy()
            days["orders"]["spared"][day, gone.militia] = 1 << gone.item
            left = attacks_of(type(one)(**{**vars_of(one), "timeline": days}), day)
            assert left == [a for a in attacks if a is not gone]
            return
    pytest.fail("no day with three attacks")


def vars_of(one):
    return {name: getattr(one, name) for name in ("job", "run", "mornings", "timeline", "setting", "row")}


def test_picks_are_what_they_say(job):
    outcomes = np.asarray(simulate(job, np.arange(200, dtype=np.uint64)))["outcome"]
    picked = {how: pick_run(job, how, 200) for how in PICKS}
    spiralled = np.flatnonzero(outcomes["direct_day"] >= 0)
    assert picked["first-spiral"] == spiralled[0]
    assert outcomes["peak_rung"][picked["worst"]] == outcomes["peak_rung"].max()
    assert outcomes["peak_rung"][picked["quietest"]] == outcomes["peak_rung"].min()
    assert outcomes["peak_rung"][picked["median"]] == np.sort(outcomes["peak_rung"])[100]
    worst = outcomes[outcomes["peak_rung"] == outcomes["peak_rung"].max()]
    assert outcomes["killed"][picked["worst"]] == worst["killed"].max()


def test_no_spiral_to_pick_is_said():
    calm = make_job(load_scenario("october-2023", ["end=2023-10-18"]), "default")
    with pytest.raises(NoSuchRunError, match="none of the first 10 runs came to a direct exchange"):
        pick_run(calm, "first-spiral", 10)
