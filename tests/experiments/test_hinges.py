"""What a spiral hung on: deeds taken out, smallest changes, added actions, and the ranking over runs."""

import datetime
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.estimates.intervals import clustered, independent
from sim.experiments.why import changes as hinge_changes
from sim.experiments.why import tipping as hinge_tipping
from sim.experiments.why.changes import attacks_at, launched_by, smallest_stops, strike_at
from sim.experiments.why.deeds import (
    Hinge,
    cut_after,
    day_with,
    day_without,
    hinges_of,
    is_last_step,
    makes_spiral,
    spiral_day,
)
from sim.experiments.why.ranking import kind_text, ranking, share_of_spirals
from sim.experiments.why.snippet import snippet
from sim.experiments.why.tipping import smallest_tip, tippings
from sim.replay.deeds import Deed, deeds_of, without
from sim.replay.replay import Change, Replay, branch, impose, replay
from sim.scenario import Action, Scenario, load_scenario
from sim.simulate.job import Job, make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.setting import militias_in_order

ATTACK_DAY = 24
FIRST, EVE, DAY, MORROW, LAST = "2023-10-17", "2023-11-09", "2023-11-10", "2023-11-11", "2023-12-31"
HELD = f"""
  - {{from: {FIRST}, to: {LAST}, actor: harakat-al-nujaba, action: hold}}
  - {{from: {FIRST}, to: {LAST}, actor: asaib-ahl-al-haq, action: hold}}
  - {{from: {FIRST}, to: {LAST}, actor: badr, action: hold}}
  - {{from: {FIRST}, to: {LAST}, actor: iraq, action: keep-quiet}}
  - {{from: {FIRST}, to: {LAST}, actor: iran, action: no-answer}}
  - {{from: {FIRST}, to: {EVE}, actor: us, action: hold}}
  - {{from: {MORROW}, to: {LAST}, actor: us, action: hold}}"""
ALONE = f"""extends: october-2023
question: Does the one attack that is let through lead to direct conflict?
end: {LAST}
actors:
  us: {{threshold_first: 12, gap_third: 0, gap_fourth: 0.5, pressure_killed: 20}}
interventions:{HELD}
"""
ATTACK = f"""  - {{from: {FIRST}, to: {EVE}, actor: kataib-hizbollah, action: hold}}
  - {{date: {DAY}, actor: kataib-hizbollah, action: attack, site: tower-22, killed: 3, wounded: 0}}
  - {{from: {MORROW}, to: {LAST}, actor: kataib-hizbollah, action: hold}}
"""
QUIET = f"  - {{from: {FIRST}, to: {LAST}, actor: kataib-hizbollah, action: hold}}\n"
AFTERWARDS = "  - {from: 2023-12-01, to: 2023-12-03, actor: kataib-hizbollah, action: attack, killed: 2}\n"


def written(text: str, name: str, folder: Path) -> Scenario:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("hinges")


@pytest.fixture(scope="module")
def alone(folder: Path) -> Scenario:
    """One attack kills three, and Washington, free on that day only, strikes Iran for it (chance 1 - 1e-11).

    Without it the chance is 1e-6: the noise would have to pass a threshold of 13.5 logits.
    """
    return written(ALONE + ATTACK, "alone", folder)


@pytest.fixture(scope="module")
def baseline() -> Job:
    return make_job(load_scenario("october-2023"))


@pytest.fixture(scope="module")
def spirals(baseline: Job) -> list[Replay]:
    """The runs among the first 300 that came to a direct spiral."""
    outcomes = np.asarray(simulate(baseline, np.arange(300, dtype=np.uint64)))["outcome"]
    found = [replay(baseline, int(run)) for run in np.flatnonzero(outcomes["direct_day"] >= 0)]
    assert len(found) > 20
    return found


def lived(played: Replay, *changes: Change) -> np.ndarray:
    """The whole run from its first day on a changed timeline, by the ordinary way to simulate; mornings and the end."""
    segment = played.job.segments[-1]
    days = np.asarray(segment.timeline).copy()
    for change in changes:
        impose(days, change)
    job = replace(played.job, segments=(*played.job.segments[:-1], replace(segment, timeline=days)))
    return replay(job, played.run).mornings


def bits(records: np.ndarray) -> bytes:
    """The bytes of all fields, without what pads a record between them."""
    if records.dtype.names is None:
        return records.tobytes()
    return b"".join(bits(records[name]) for name in records.dtype.names)


# Taking out


def test_a_spiral_by_hand_hangs_on_the_attack_and_on_the_strike_that_it_is(alone):
    for run in range(40):
        played = replay(make_job(alone, "default"), run)
        attack, strike = hinges_of(played)
        assert (attack.deed.kind, attack.deed.killed, attack.deed.day) == ("lethal attack", 3, ATTACK_DAY)
        assert (strike.deed.kind, strike.deed.level, strike.deed.place) == ("strike", 4, "iran")
        assert attack.necessary
        assert strike.necessary
        assert (attack.last_step, strike.last_step) == (False, True)
        assert (attack.day, attack.lead, attack.delay) == (ATTACK_DAY, 0, 0)


def test_deeds_after_the_spiral_are_not_listed(alone, folder, spirals):
    more = ALONE + ATTACK.replace(f"from: {MORROW}", "from: 2023-12-04") + AFTERWARDS
    played = replay(make_job(written(more, "more", folder), "default"), 0)
    assert max(deed.day for deed in deeds_of(played)) > ATTACK_DAY
    assert [hinge.deed.day for hinge in hinges_of(played)] == [ATTACK_DAY, ATTACK_DAY]
    for each in spirals:
        day = int(each.outcome["direct_day"])
        assert [h.deed for h in hinges_of(each)] == [deed for deed in deeds_of(each) if deed.day <= day]


def test_a_run_cut_after_a_day_has_the_deeds_up_to_it(spirals):
    for played in spirals[:5]:
        for day in (0, 10, int(played.outcome["direct_day"]), played.days - 1):
            assert deeds_of(cut_after(played, day)) == [deed for deed in deeds_of(played) if deed.day <= day]


def test_a_run_without_a_spiral_hung_on_nothing(alone, folder):
    assert hinges_of(replay(make_job(written(ALONE + QUIET, "quiet", folder), "default"), 0)) == []


def test_taking_out_nothing_changes_no_byte(spirals):
    for played in spirals[:10]:
        for day in (0, int(played.outcome["direct_day"]), played.days - 1):
            for change in (Change(day, "called_off", 0), Change(day, "spared", 0, 1)):
                assert bits(branch(played, [change])) == bits(played.mornings[-1:])


def test_what_is_taken_out_leaves_the_luck_before_and_elsewhere(spirals):
    """Lived from the first day, the days before the change are the same bytes, and the end is the branch's."""
    for played in spirals[:10]:
        for hinge in hinges_of(played):
            change = without(hinge.deed, played)
            mornings = lived(played, change)
            assert bits(mornings[: change.day + 1]) == bits(played.mornings[: change.day + 1])
            assert bits(mornings[-1:]) == bits(branch(played, [change]))
            assert bits(mornings[-1:]) != bits(played.mornings[-1:])
            assert spiral_day(mornings[-1]["outcome"], played.job.scenario) == hinge.otherwise


def test_later_and_sooner_are_told_apart_from_never():
    deed = Deed(3, "us", "strike", level=1, place="syria")
    never, later, sooner = (Hinge(deed, 10, otherwise, False) for otherwise in (-1, 15, 8))
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
        ("runaway", {"runaway": {"level": 3}}, {LEVEL_4, ("strike", 3, "iraq"), ("strike", 3, "syria")}),
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


# The smallest change


def test_the_smallest_change_by_hand(alone):
    """Three killed press by 40 logits, one by 20, each far beyond 13.5; only none, or a lower strike, will do."""
    stops = smallest_stops(replay(make_job(alone, "default"), 0))
    assert [(s.size, s.day, s.last_step) for s in stops] == [(3, ATTACK_DAY, False), (1, ATTACK_DAY, True)]
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
            *_, left_out = hinge_changes._other_attacks(played, deed, deeds, False)
            whole, spared = lived(played, *left_out.changes), lived(played, without(deed, played))
            for part in ("today", "us", "iraq", "iran"):
                assert bits(whole[deed.day + 1 :][part][:1]) == bits(spared[deed.day + 1 :][part][:1])
            is_last = deed.item == launched_by(played, deed.day, deed.militia) - 1
            assert (left_out.action is not None) == is_last
            assert left_out.size == deed.killed + 1
            kinds.add(is_last)
    assert kinds == {True, False}


# As interventions


def pasted(text: str, below: str, number: int, folder: Path) -> Scenario:
    return written(f"extends: {below}\nquestion: What then?\n{text}\n", f"pasted-{number}", folder)


def test_snippets_do_what_they_say(spirals, folder):
    tried = []
    for number, played in enumerate(spirals):
        for stop in smallest_stops(played)[:2]:
            text = snippet(stop.action, played.job.scenario)
            if text is None:
                continue
            other = replay(make_job(pasted(text, "october-2023", number, folder)), played.run)
            assert spiral_day(other.outcome, other.job.scenario) == -1
            whole = lived(played, *stop.changes)[-1]
            for part in ("us", "iraq", "iran", "ladder"):
                assert bits(other.mornings[-1:][part]) == bits(whole.reshape(1)[part])
            tried.append(stop.action.action)
    assert {"strike", "press", "hold", "attack"} <= set(tried)


def test_a_snippet_takes_the_place_of_what_is_imposed_on_its_day(alone, folder):
    """The scenario holds all on spans of days, and imposes the attack itself."""
    played = replay(make_job(alone, "default"), 0)
    for number, stop in enumerate(smallest_stops(played)):
        text = snippet(stop.action, alone)
        assert text is not None
        assert ("site: tower-22, killed: 0, wounded: 0" in text) == ("kill nobody" in stop.text)
        path = folder / "alone.yaml"
        assert path.exists()
        other = pasted(text, "alone", 100 + number, folder)
        assert replay(make_job(other, "default"), 0).outcome["direct_day"] == -1
    pressed = Action.model_validate({"date": datetime.date(2023, 10, 20), "actor": "iraq", "action": "press"})
    text = snippet(pressed, alone) or ""
    assert f"{{from: {FIRST}, to: 2023-10-19, actor: iraq, action: keep-quiet}}" in text
    assert f"{{from: 2023-10-21, to: {LAST}, actor: iraq, action: keep-quiet}}" in text
    assert replay(make_job(pasted(text, "alone", 200, folder), "default"), 0).outcome["bargains"] == 1


def test_no_intervention_contradicts_the_record(baseline):
    past = load_scenario("tower-22").past
    assert past is not None
    hold = Action.model_validate({"date": datetime.date(2023, 10, 27), "actor": "us", "action": "hold"})
    free = Action.model_validate({"date": datetime.date(2023, 10, 26), "actor": "us", "action": "hold"})
    assert snippet(hold, past) is None
    assert snippet(free, past) is not None
    assert snippet(None, past) is None


def test_snippets_keep_what_tower_22_imposes(folder):
    scenario = load_scenario("tower-22")
    job, tried = make_job(scenario), 0
    for run in range(0, 500, 25):
        played = replay(job, run)
        if spiral_day(played.outcome, scenario) == -1:
            tip = smallest_tip(tippings(played))
            text = None if tip is None else snippet(tip.action, scenario)
        else:
            stops = smallest_stops(played)
            text = snippet(stops[0].action, scenario) if stops else None
        if text is not None:
            other = replay(make_job(pasted(text, "tower-22", 300 + run, folder)), run)
            spiralled = spiral_day(other.outcome, scenario) >= 0
            assert spiralled != (spiral_day(played.outcome, scenario) >= 0)
            tried += 1
    assert tried >= 5


# What would have tipped it


def test_only_the_day_on_which_washington_is_free_can_tip_a_quiet_run(folder):
    """Three killed press by 40 logits, which halve in 10 days, against a threshold of 13.5 and logistic noise.

    A week later they are 11 beyond it (missed with a chance of 2e-5), five weeks later 10 short (met with 5e-5): over
    all that is asserted here, false alarms of 1%, were the seed not fixed.
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
            assert set(kind.spirals) == {ATTACK_DAY}
            assert kind.tried == scenario.days
        for level, place in ((1, "Syria"), (2, "Iraq"), (3, "Syria"), (3, "Iraq")):
            assert found[f"US strike of level {level} in {place}"].tips == ()
        assert len(found) == 4 + 2 * len(titles) + 1
        assert not any("level 4" in kind or "answer" in kind for kind in found)


def test_what_is_a_spiral_by_definition_is_not_added():
    scenario = load_scenario("october-2023", ["spirals.direct.rung=3", "end=2023-10-25"])
    kinds = {kind.kind for kind in tippings(replay(make_job(scenario), 0))}
    assert kinds == {"US strike of level 1 in Syria", "one of Baghdad's pressings taken out"}
    rounds = load_scenario("october-2023", ["headline=runaway", "end=2023-10-25"])
    assert len(tippings(replay(make_job(rounds), 0))) == 4 + 2 * 4 + 1


def test_tips_are_what_living_the_whole_run_gives(baseline):
    tipped = 0
    outcomes = np.asarray(simulate(baseline, np.arange(60, dtype=np.uint64)))["outcome"]
    for run in np.flatnonzero(outcomes["direct_day"] < 0)[:12].tolist():
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
    added = hinge_tipping._attack(played, sums, deed.militia, 3, "attack", deed.day)
    world = lived(played, *added.changes)[deed.day + 1]
    was = played.mornings[deed.day + 1]
    assert world["militias"]["attacks"][deed.militia] == was["militias"]["attacks"][deed.militia] + 1
    others = [
        d for d in deeds_of(cut_after(played, deed.day)) if d.day == deed.day and d.militia == deed.militia
    ]
    assert [d.killed for d in others] == [deed.killed]
    assert world["outcome"]["killed"] == was["outcome"]["killed"] + 3


# The ranking


@pytest.mark.parametrize("parameters", ["prior", "default"])
def test_shares_are_those_counted_by_hand(parameters):
    job, runs = make_job(load_scenario("october-2023"), parameters), 90
    found = ranking(job, runs, threads=2)
    outcomes = np.asarray(simulate(job, np.arange(runs, dtype=np.uint64)))["outcome"]
    spiralled = np.flatnonzero(outcomes["direct_day"] >= 0).tolist()
    deeds, hung, delays, leads, on_any, before = (defaultdict(list) for _ in range(6))
    for run in spiralled:
        played = replay(job, run)
        last_day = int(played.outcome["direct_day"])
        for deed in deeds_of(played):
            if deed.day > last_day:
                continue
            last = deed.day == last_day and (deed.kind == "answer" or deed.level == 4)
            key = kind_text(deed, job.scenario), last
            day = int(lived(played, without(deed, played))[-1]["outcome"]["direct_day"])
            deeds[key].append(run)
            if day < 0:
                hung[key].append(run)
                leads[key].append(last_day - deed.day)
                on_any["all"].append(run)
                before["all"] += [] if last else [run]
            elif day > last_day:
                delays[key].append(run)
    assert (found.runs, found.spirals) == (runs, len(spiralled))
    assert {(rank.kind, rank.last_step) for rank in found.ranks} == set(deeds)
    for rank in found.ranks:
        key = rank.kind, rank.last_step
        assert (rank.deeds, rank.hinges, rank.delays) == (len(deeds[key]), len(hung[key]), len(delays[key]))
        assert rank.share.probability == pytest.approx(len(set(hung[key])) / len(spiralled), abs=1e-12)
        assert rank.lead == (np.median(leads[key]) if leads[key] else None)
    assert found.nothing is not None
    assert found.nothing_before is not None
    assert found.nothing.seen == len(spiralled) - len(set(on_any["all"]))
    assert found.nothing_before.seen == len(spiralled) - len(set(before["all"]))
    assert [r.last_step for r in found.ranks] == sorted(r.last_step for r in found.ranks)


def test_threads_change_no_number(baseline):
    assert ranking(baseline, 130, threads=1) == ranking(baseline, 130, threads=3)


def test_no_spiral_is_nothing_to_rank(folder):
    found = ranking(make_job(written(ALONE + QUIET, "quiet", folder), "default"), 30)
    assert (found.spirals, found.ranks, found.nothing, found.nothing_before) == (0, (), None, None)


def test_progress_is_told(baseline):
    told: list[tuple[str, int, int]] = []
    found = ranking(baseline, 100, progress=lambda *each: told.append(each))
    assert ("simulating", 100, 100) in told
    assert told[-1] == ("taking deeds out", found.spirals, found.spirals)


def test_intervals_count_rows_where_parameters_are_drawn():
    """Where all runs spiral, the share of spirals is the share of runs, and its interval that of runs in rows."""
    runs = 10 * RUNS_PER_ROW + 7
    every = np.arange(runs)
    of = [run for run in range(runs) if run // RUNS_PER_ROW in (0, 3, 4) and run % RUNS_PER_ROW < 20]
    rows = np.zeros(RUNS_PER_ROW + 1, np.int64)
    rows[0], rows[20] = 7, 3
    by_row = share_of_spirals(every, of, runs, by_row=True)
    assert by_row is not None
    assert by_row.chance == pytest.approx(clustered(rows, 0, 7).chance)
    plain = share_of_spirals(every, of, runs, by_row=False)
    assert plain is not None
    assert plain.chance == pytest.approx(independent(len(of), runs).chance)
    assert by_row.half_width > 2 * plain.half_width
    assert share_of_spirals(every[:0], [], runs, by_row=True) is None


def test_deeds_taken_out_at_once_are_those_of_a_timeline_that_lacks_them_all():
    """Two lethal attacks of one militia on one day share a field: neither hides the other."""
    deadly = {"engagement.lethal_harassment": 0.2, "engagement.gets_through": 0.8}
    job = make_job(load_scenario("october-2023"), override=deadly)
    shared = False
    for run in range(60):
        played = replay(job, run)
        if spiral_day(played.outcome, job.scenario) < 0:
            continue
        deeds = [hinge.deed for hinge in hinges_of(played)]
        days = played.timeline.copy()
        for deed in deeds:
            change = without(deed, replace(played, timeline=days))
            impose(days, change)
        attacks = [(deed.day, deed.militia) for deed in deeds if deed.kind == "lethal attack"]
        shared |= len(set(attacks)) < len(attacks)
        world = replay_on(played, days)
        assert day_without(played, deeds) == spiral_day(world["outcome"], job.scenario)
        assert day_without(played, deeds[:1]) == hinges_of(played)[0].otherwise
    assert shared


def replay_on(played: Replay, days: np.ndarray) -> np.ndarray:
    """The world at the end of a run that is lived on other days from the first."""
    return branch(replace(played, timeline=days), [Change(0, "level", int(days["level"][0]))])[0]
