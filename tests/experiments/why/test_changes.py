"""The smallest change that would have prevented a spiral."""

import numpy as np

from sim.experiments.why import changes as module
from sim.experiments.why.changes import attacks_at, launched_by, smallest_stops, strike_at
from sim.experiments.why.deeds import cut_after, day_with, spiral_day
from sim.replay.deeds import deeds_of, without
from sim.replay.replay import Change, replay
from sim.simulate.job import make_job
from tests.experiments.why.spirals import ATTACK_DAY, STRIKE_DAY, bits, lived

# The smallest change


def test_the_smallest_change_by_hand(alone):
    """Three killed press by 40 logits, one by 20, each far beyond 12; only none, or a lower strike, will do."""
    stops = smallest_stops(replay(make_job(alone, "default"), 0))
    assert [(s.size, s.day, s.last_step) for s in stops] == [(3, ATTACK_DAY, False), (1, STRIKE_DAY, True)]
    assert "kill nobody, instead of 3" in stops[0].text
    assert "level 3 in Syria, instead of level 4 in Iran" in stops[1].text


def test_changes_stop_it_and_are_the_smallest_of_their_deed(spirals):
    seen = set()
    for played in spirals:
        stops = smallest_stops(played)
        assert [(s.last_step, s.size, -s.day) for s in stops] == sorted(
            (s.last_step, s.size, -s.day) for s in stops
        )
        for stop in stops:
            assert spiral_day(lived(played, *stop.changes)[-1]["outcome"], played.job.scenario) == -1
            assert 0 <= stop.day <= played.outcome["direct_day"]
        for deed in deeds_of(cut_after(played, int(played.outcome["direct_day"]))):
            if deed.kind != "strike":
                continue
            lower = [
                (deed.level - level, day_with(played, strike_at(played, deed.day, level, place)[0]))
                for level in range(deed.level)
                for place in ["syria" if level == 1 or deed.place == "iran" else deed.place]
            ]
            sizes = [size for size, day in lower if day == -1]
            if deed.place == "iraq" and day_with(played, [Change(deed.day, "place", 1)]) == -1:
                sizes.append(1)
            listed = {s.size for s in stops if s.day == deed.day and s.changes[0].field == "level"}
            assert listed == ({min(sizes)} if sizes else set())
            seen.add(bool(sizes))
    assert seen == {True, False}


def test_a_pressing_more_is_tried_on_every_day_without_one(spirals):
    for played in spirals[:10]:
        last = int(played.outcome["direct_day"])
        pressed = np.diff(played.mornings["outcome"]["bargains"]) > 0
        stops = {
            day
            for day in range(last + 1)
            if not pressed[day]
            and spiral_day(lived(played, Change(day, "press", 1))[-1]["outcome"], played.job.scenario) < 0
        }
        assert {s.day for s in smallest_stops(played) if s.text.startswith("Baghdad presses")} == stops


def test_attacks_of_a_day_kill_together_what_is_said(baseline):
    """With several attacks on a day an order on the killed holds for their sum."""
    played = replay(baseline, 0)
    counts = played.mornings["militias"]["attacks"][1:]
    day, militia = np.argwhere(counts > 1)[0].tolist()
    changes, action = attacks_at(played, day, militia, int(counts[day, militia]), 4)
    world = lived(played, *changes)[day + 1]
    others = sum(a.killed for a in deeds_of(cut_after(played, day)) if a.day == day)
    assert int(world["today"]["killed"]) == 4 + others
    assert int(world["militias"]["attacks"][militia]) == counts[day, militia]
    assert action is not None
    assert (action.attacks, action.killed) == (counts[day, militia], 4)


def test_an_attack_not_launched_is_the_one_that_killed(spirals):
    """An order can leave out the last of a day's attacks only; the others are spared, which no order says."""
    kinds = set()
    for played in spirals:
        deeds = deeds_of(cut_after(played, int(played.outcome["direct_day"])))
        for deed in deeds:
            if deed.kind != "lethal attack":
                continue
            *_, left_out = module._other_attacks(played, deed, deeds, False)
            whole, spared = lived(played, *left_out.changes), lived(played, without(deed, played))
            for part in ("today", "us", "iraq", "iran"):
                assert bits(whole[deed.day + 1 :][part][:1]) == bits(spared[deed.day + 1 :][part][:1])
            is_last = deed.item == launched_by(played, deed.day, deed.militia) - 1
            assert (left_out.action is not None) == is_last
            assert left_out.size == deed.killed + 1
            kinds.add(is_last)
    assert kinds == {True, False}


def test_what_no_scenario_can_order_is_a_change_without_an_intervention(alone):
    played = replay(make_job(alone, "default"), 0)
    for attacks, killed, written in ((30, 40, True), (31, 0, False), (2, 41, False)):
        changes, action = attacks_at(played, 0, 0, attacks, killed)
        assert [change.value for change in changes] == [attacks, killed]
        assert (action is not None) == written
