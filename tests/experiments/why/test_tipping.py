"""What would have tipped a run that did not spiral."""

import numpy as np

from sim.experiments.why import tipping as module
from sim.experiments.why.deeds import cut_after, spiral_day
from sim.experiments.why.tipping import smallest_tip, tippings
from sim.replay.deeds import deeds_of
from sim.replay.replay import replay
from sim.scenario import load_scenario
from sim.simulate.job import make_job, simulate
from sim.simulate.setting import militias_in_order
from tests.experiments.why.spirals import ALONE, ATTACK_DAY, QUIET, STRIKE_DAY, lived, written

# What would have tipped it


def test_only_the_day_on_which_washington_is_free_can_tip_a_quiet_run(folder):
    """Three killed press by 40 logits, which halve in 10 days, against 12, on the one day that leaves time to prepare.

    A week later they are 12 beyond it (missed with a chance of 3e-6, as are the steps that follow), and an attack after
    that day is answered too late: over all that is asserted here, false alarms of 0.1%, were the seed not fixed.
    """
    scenario = written(ALONE + QUIET, "quiet", folder)
    for run in range(5):
        found = {kind.kind: kind for kind in tippings(replay(make_job(scenario, "default"), run))}
        titles = [scenario.actors.militias[name].title for name in militias_in_order(scenario)]
        for title in titles:
            kind = found[f"attack by {title} that kills 3"]
            days = [tip.day for tip in kind.tips]
            assert set(range(ATTACK_DAY - 7, ATTACK_DAY + 1)) <= set(days)
            assert max(days) == ATTACK_DAY
            assert set(kind.spirals) == {STRIKE_DAY}
            assert kind.tried == scenario.days
        for level, place in ((1, "Syria"), (2, "Iraq"), (3, "Syria"), (3, "Iraq")):
            assert found[f"US strike of level {level} in {place}"].tips == ()
        assert len(found) == 4 + 2 * len(titles) + 1
        assert not any("level 4" in kind or "answer" in kind for kind in found)


def test_what_is_a_spiral_by_definition_is_not_added():
    scenario = load_scenario("october-2023", ["spirals.direct.rung=3", "end=2023-10-25"])
    kinds = {kind.kind for kind in tippings(replay(make_job(scenario), 0))}
    assert kinds == {"US strike of level 1 in Syria", "one of Baghdad's pressings taken out"}


def test_tips_are_what_living_the_whole_run_gives(baseline):
    tipped = 0
    outcomes = np.asarray(simulate(baseline, np.arange(60, dtype=np.uint64)))["outcome"]
    for run in np.flatnonzero(outcomes["direct_day"] < 0)[:6].tolist():
        played = replay(baseline, run)
        found = tippings(played)
        smallest, every = smallest_tip(found), [(t.size, -t.day) for kind in found for t in kind.tips]
        assert ((smallest.size, -smallest.day) if smallest else None) == min(every, default=None)
        for kind in found:
            for tip, day in list(zip(kind.tips, kind.spirals, strict=True))[:2]:
                assert spiral_day(lived(played, *tip.changes)[-1]["outcome"], baseline.scenario) == day >= 0
                tipped += 1
    assert tipped > 5


def test_strikes_are_added_only_where_none_as_hard_is(baseline):
    played = replay(baseline, 0)
    levels = played.evenings["us"]["level"]
    assert levels.max() > 0
    for kind in tippings(played):
        if kind.kind.startswith("US strike of level"):
            assert kind.tried == (levels < int(kind.kind.split()[4])).sum()


def test_an_attack_more_kills_beside_those_whom_the_others_killed(spirals):
    """On a day on which the militia killed already, one attack more and so many killed more."""
    played, deed = next(
        (each, deed)
        for each in spirals
        for deed in deeds_of(cut_after(each, int(each.outcome["direct_day"])))
        if deed.kind == "lethal attack"
    )
    sums = {(deed.day, deed.militia): deed.killed}
    added = module._attack(played, sums, deed.militia, 3, "attack", deed.day)
    world = lived(played, *added.changes)[deed.day + 1]
    was = played.mornings[deed.day + 1]
    assert world["militias"]["attacks"][deed.militia] == was["militias"]["attacks"][deed.militia] + 1
    others = [
        d for d in deeds_of(cut_after(played, deed.day)) if d.day == deed.day and d.militia == deed.militia
    ]
    assert [d.killed for d in others] == [deed.killed]
    assert world["outcome"]["killed"] == was["outcome"]["killed"] + 3
