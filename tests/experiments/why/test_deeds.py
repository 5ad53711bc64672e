"""What a spiral hung on: deeds taken out."""

from dataclasses import replace

import numpy as np
import pytest

from sim.experiments.why.deeds import (
    Removal,
    cut_after,
    day_without,
    is_last_step,
    makes_spiral,
    removals_of,
    spiral_day,
)
from sim.replay.deeds import Deed, deeds_of, without
from sim.replay.replay import Change, Replay, branch, impose, replay
from sim.scenario import load_scenario
from sim.simulate.job import make_job
from tests.experiments.why.spirals import (
    ALONE,
    ATTACK,
    ATTACK_DAY,
    LAST,
    MORROW,
    QUIET,
    STRIKE_DAY,
    bits,
    lived,
    written,
)

AFTERWARDS = "  - {from: 2023-12-01, to: 2023-12-03, actor: kataib-hizbollah, action: attack, killed: 2}\n"


# Taking out


def test_a_spiral_by_hand_hangs_on_the_attack_and_on_the_strike_that_it_is(alone):
    for run in range(40):
        played = replay(make_job(alone, "default"), run)
        attack, strike = removals_of(played)
        assert (attack.deed.kind, attack.deed.killed, attack.deed.day) == ("lethal attack", 3, ATTACK_DAY)
        assert (strike.deed.kind, strike.deed.level, strike.deed.place) == ("strike", 4, "iran")
        assert attack.necessary
        assert strike.necessary
        assert (attack.last_step, strike.last_step) == (False, True)
        assert (attack.day, attack.lead, attack.delay) == (STRIKE_DAY, STRIKE_DAY - ATTACK_DAY, 0)


def test_deeds_after_the_spiral_are_not_listed(alone, folder, spirals):
    more = (
        ALONE + ATTACK.replace(f"from: {MORROW}, to: {LAST}", f"from: {MORROW}, to: 2023-11-30") + AFTERWARDS
    )
    played = replay(make_job(written(more, "more", folder), "default"), 0)
    assert max(deed.day for deed in deeds_of(played)) > STRIKE_DAY
    assert [removal.deed.day for removal in removals_of(played)] == [ATTACK_DAY, STRIKE_DAY]
    for each in spirals:
        day = int(each.outcome["direct_day"])
        assert [h.deed for h in removals_of(each)] == [deed for deed in deeds_of(each) if deed.day <= day]


def test_a_run_cut_after_a_day_has_the_deeds_up_to_it(spirals):
    for played in spirals[:5]:
        for day in (0, 10, int(played.outcome["direct_day"]), played.days - 1):
            assert deeds_of(cut_after(played, day)) == [deed for deed in deeds_of(played) if deed.day <= day]


def test_a_run_without_a_spiral_hung_on_nothing(alone, folder):
    assert removals_of(replay(make_job(written(ALONE + QUIET, "quiet", folder), "default"), 0)) == []


def test_taking_out_nothing_changes_no_byte(spirals):
    for played in spirals[:10]:
        for day in (0, int(played.outcome["direct_day"]), played.days - 1):
            for change in (Change(day, "called_off", 0), Change(day, "spared", 0, 1)):
                assert bits(branch(played, [change])) == bits(played.mornings[-1:])


def test_what_is_taken_out_leaves_the_luck_before_and_elsewhere(spirals):
    """Lived from the first day, the days before the change are the same bytes, and the end is the branch's."""
    for played in spirals[:10]:
        for removal in removals_of(played):
            change = without(removal.deed, played)
            mornings = lived(played, change)
            assert bits(mornings[: change.day + 1]) == bits(played.mornings[: change.day + 1])
            assert bits(mornings[-1:]) == bits(branch(played, [change]))
            assert bits(mornings[-1:]) != bits(played.mornings[-1:])
            assert spiral_day(mornings[-1]["outcome"], played.job.scenario) == removal.otherwise


def test_later_and_sooner_are_told_apart_from_never():
    deed = Deed(3, "us", "strike", level=1, place="syria")
    never, later, sooner = (Removal(deed, 10, otherwise, False) for otherwise in (-1, 15, 8))
    assert [h.necessary for h in (never, later, sooner)] == [True, False, False]
    assert [h.delay for h in (never, later, sooner)] == [0, 5, -2]
    assert never.lead == 7


STRIKES = [("strike", level, place) for level in (1, 2, 3) for place in ("iraq", "syria")]
LEVEL_4, ANSWER, ATTACKED, PRESSED = (
    ("strike", 4, "iran"), ("answer", 0, ""), ("lethal attack", 0, ""), ("pressing", 0, "")
)  # fmt: skip


@pytest.mark.parametrize(
    ("headline", "change", "makers"),
    [
        ("direct", {}, {LEVEL_4, ANSWER}),
        ("reciprocal", {}, {LEVEL_4, ANSWER}),
        ("direct", {"direct": {"rung": 4}}, {LEVEL_4, ANSWER, ("strike", 3, "iraq"), ("strike", 3, "syria")}),
        (
            "direct",
            {"direct": {"rung": 3}},
            {LEVEL_4, ANSWER, ATTACKED, ("strike", 3, "syria"), *(s for s in STRIKES if s[2] == "iraq")},
        ),
    ],
)
def test_what_is_a_spiral_by_definition(headline, change, makers):
    settings = {f"spirals.{kind}.{key}": v for kind, values in change.items() for key, v in values.items()}
    scenario = load_scenario("october-2023", {"headline": headline, **settings})
    every = {*STRIKES, LEVEL_4, ANSWER, ATTACKED, PRESSED}
    assert {deed for deed in every if makes_spiral(*deed, scenario)} == makers


def test_a_last_step_is_of_the_day_of_the_spiral(baseline):
    deed = Deed(5, "us", "strike", level=4, place="iran")
    assert is_last_step(deed, baseline.scenario, 5)
    assert not is_last_step(deed, baseline.scenario, 6)


def test_deeds_taken_out_at_once_are_those_of_a_timeline_that_lacks_them_all():
    """Two lethal attacks of one militia on one day share a field: neither hides the other."""
    deadly = {"engagement.lethal_harassment": 0.2, "engagement.gets_through": 0.8, "militia.tempo": 8.0}
    job = make_job(load_scenario("october-2023"), override=deadly)
    shared = False
    for run in range(60):
        played = replay(job, run)
        if spiral_day(played.outcome, job.scenario) < 0:
            continue
        deeds = [removal.deed for removal in removals_of(played)]
        days = played.timeline.copy()
        for deed in deeds:
            change = without(deed, replace(played, timeline=days))
            impose(days, change)
        attacks = [(deed.day, deed.militia) for deed in deeds if deed.kind == "lethal attack"]
        shared |= len(set(attacks)) < len(attacks)
        world = replay_on(played, days)
        assert day_without(played, deeds) == spiral_day(world["outcome"], job.scenario)
        assert day_without(played, deeds[:1]) == removals_of(played)[0].otherwise
    assert shared


def replay_on(played: Replay, days: np.ndarray) -> np.ndarray:
    """The world at the end of a run that is lived on other days from the first."""
    return branch(replace(played, timeline=days), [Change(0, "level", int(days["level"][0]))])[0]
