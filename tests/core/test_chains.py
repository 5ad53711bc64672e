"""Chains of acts against worlds in which they are known, and against a slow search by their definition."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.core.acts import ACTS, DAY, KIND
from sim.core.chains import BEFORE, LENGTH
from sim.core.state import IRAQ_PLACE
from sim.experiments.why.chains import acts_of_run, chain_to, chains
from sim.parameters import REGISTRY, couplings
from sim.replay.replay import Change, Replay, impose, replay
from sim.replay.stages import attacks_of
from sim.scenario import Scenario, load_scenario
from sim.simulate.job import Job, make_job, simulate

NO_WITHDRAWAL = {"iraq.talks_threshold": 1e9}
AMPLE = {"militia.arsenal": 1e9}  # an attack that is not launched leaves nothing that could be missing
BASELINE = load_scenario("october-2023")

Act = tuple[int, str, int, int, int]
"""Day, actor, item, grade, and the rung that it can complete."""


def written(folder: Path, text: str) -> Scenario:
    file = folder / "made.yaml"
    file.write_text(f"extends: october-2023\nquestion: Does it go on?\n{text}", encoding="utf-8")
    return load_scenario(file)


def acts_on(day: int, evening: np.ndarray) -> list[Act]:
    """The acts of a day as the page on chains defines them, read off the world after it."""
    found: list[Act] = []
    for i, militia in enumerate(evening["militias"]):
        for item in range(int(militia["deadly"] | militia["wounding"]).bit_length()):
            if int(militia["deadly"]) >> item & 1:
                found.append((day, f"militia {i}", item, 3, 3))
            elif int(militia["wounding"]) >> item & 1:
                found.append((day, f"militia {i}", item, 1, 1))
    level, inside = int(evening["us"]["level"]), evening["us"]["place"] == IRAQ_PLACE
    if level:
        grade = {4: 4, 3: 3}.get(level, 2 if inside else 1)
        found.append((day, "us", 0, grade, level + 1 if level >= 3 else 3 if inside else 2))
    if evening["today"]["avowed"]:
        found.append((day, "iran", 0, 4, 5))
    return found


def without(act: Act, played: Replay) -> Change:
    day, actor, item, _, _ = act
    if actor in ("us", "iran"):
        return Change(day, "called_off", 1) if actor == "us" else Change(day, "answer", 0)
    militia = int(actor.split()[1])
    spared = int(played.timeline["orders"]["spared"][day, militia])
    return Change(day, "spared", spared | 1 << item, militia)


def life_without(act: Act, played: Replay, last: int) -> dict[tuple[int, str, int], int]:
    """Grade by identity of all that is done from the act's day to the last, when the act is taken out."""
    days = played.timeline.copy()
    impose(days, without(act, played))
    world, grades = played.mornings[act[0] : act[0] + 1].copy(), {}
    for day in range(act[0], last + 1):
        played.live(world, day, day + 1, days)
        grades |= {each[:3]: each[3] for each in acts_on(day, world[0])}
    return grades


def slow_lengths(played: Replay, last: int) -> tuple[list[Act], list[int]]:
    acts = [act for day in range(last + 1) for act in acts_on(day, played.evenings[day])]
    lengths = [0] * len(acts)
    for i, act in enumerate(acts):
        otherwise = life_without(act, played, last)
        for j in range(i + 1, len(acts)):
            _, actor, _, grade, _ = acts[j]
            hung = otherwise.get(acts[j][:3], 0) < grade
            if hung and (actor == "us") != (act[1] == "us") and grade >= act[3]:
                lengths[j] = max(lengths[j], lengths[i] + 1)
    return acts, lengths


# As defined


@pytest.mark.parametrize("parameters", ["posterior", "prior"])
def test_chains_are_what_a_slow_search_finds(parameters):
    job = make_job(BASELINE, parameters)
    outcomes = np.asarray(simulate(job, np.arange(400, dtype=np.uint64)))["outcome"]
    longest = 0
    for run in np.flatnonzero(outcomes["direct_day"] >= 0)[:4].tolist():
        last = int(outcomes["direct_day"][run])
        played = replay(job, run)
        acts, lengths = slow_lengths(played, last)
        found = acts_of_run(job, run, last)
        assert [(int(d), int(i)) for d, i in found[:, (DAY, 3)]] == [(a[0], a[2]) for a in acts]
        assert found[:, LENGTH].tolist() == lengths
        end = next(k for k, act in enumerate(acts) if act[0] == last and act[4] >= 5)
        assert len(chain_to(found, last, 5)) - 1 == lengths[end]
        longest = max(longest, *lengths)
    assert longest >= 2  # or there was little to find


def test_a_chain_is_read_from_its_root_to_the_act_that_makes_the_rung():
    kind = {name: ACTS.index(name) for name in ACTS}
    acts = np.array([
        (1, kind["attack that wounds"], 0, 0, -1, 0),
        (2, kind["strike of level 1"], -1, 0, 0, 1),
        (5, kind["lethal attack"], 1, 0, 1, 2),
        (5, kind["strike of level 4"], -1, 0, 2, 3),
        (5, kind["open answer"], -1, 0, 3, 4),
    ])  # fmt: skip
    assert [(link.day, link.kind) for link in chain_to(acts, 5, 5)] == [
        (1, "attack that wounds"), (2, "strike of level 1"), (5, "lethal attack"), (5, "strike of level 4"),
    ]  # fmt: skip
    assert len(chain_to(acts, 5, 6)) == 5  # rung 6 takes both
    assert [link.kind for link in chain_to(acts, 2, 2)] == ["attack that wounds", "strike of level 1"]
    assert chain_to(acts, 2, 5) == ()


def test_every_attack_that_wounds_or_kills_has_its_bit():
    job, seen = make_job(BASELINE, "prior"), 0
    for run in range(6):
        played = replay(job, run)
        for day in range(played.days):
            attacks = attacks_of(played, day)
            for i, militia in enumerate(played.evenings["militias"][day]):
                mine = [attack for attack in attacks if attack.militia == i]
                assert militia["wounding"] == sum(1 << attack.item for attack in mine if attack.wounded)
                assert militia["deadly"] == sum(1 << attack.item for attack in mine if attack.killed)
                seen += any(attack.wounded and attack.item for attack in mine)
    assert seen > 5  # attacks that are not the first of their day


# By hand

FIRST, EVE, DAY_OF, MORROW, LAST = "2023-10-17", "2023-11-09", "2023-11-10", "2023-11-11", "2023-11-20"
STRUCK, AFTER = "2023-11-14", "2023-11-15"
MILITIAS = ("kataib-hizbollah", "harakat-al-nujaba", "asaib-ahl-al-haq", "badr")
KNOWN = f"""end: {LAST}
headline: reciprocal
interventions:
  - {{from: {FIRST}, to: {EVE}, actor: us, action: hold}}
  - {{from: {DAY_OF}, to: {STRUCK}, actor: us, action: strike, level: 4, forbid: true}}
  - {{from: {AFTER}, to: {LAST}, actor: iran, action: no-answer}}
  - {{date: {DAY_OF}, actor: kataib-hizbollah, action: attack, site: tower-22, killed: 3, wounded: 0}}
"""
WILLING = {
    "us.threshold_first": 30.0, "us.readiness": 0.0, "us.ceiling": 0.0, "us.anticipation": 0.0, "us.lag": 2.0,
    "us.lag_hard": 2.0, "us.level_3_base": 30.0, "us.level_4_base": 30.0, "us.provocation_days": 30.0,
    "us.pressure_killed": 50.0, "us.pressure_avowed": 100.0, "us.pressure_attack": 0.0, "us.pressure_wounded": 0.0,
    "us.relief": 1.0, "us.call_off": 0.0, "iran.answer": 30.0, "iran.answer_lethal": 0.0, "iraq.lobby": 0.0,
    "engagement.wounding": 0.0,
}  # fmt: skip
"""Washington acts without delay on what is done to it, and on nothing else; Tehran answers, and hurts nobody.

A decision takes one step a day, so that a hard strike comes four days after it.
"""


def known(folder: Path) -> Scenario:
    """An attack kills; Washington strikes at level 3; Tehran answers openly; Washington strikes Iran."""
    held = "".join(
        f"  - {{from: {a}, to: {b}, actor: {name}, action: hold}}\n"
        for name in MILITIAS
        for a, b in ((FIRST, EVE), (MORROW, LAST))
    )
    others = "".join(f"  - {{date: {DAY_OF}, actor: {name}, action: hold}}\n" for name in MILITIAS[1:])
    return written(folder, KNOWN + held + others)


def test_a_known_chain_is_found(tmp_path):
    job = make_job(known(tmp_path), "default", NO_WITHDRAWAL | WILLING)
    found = chains(job, 20)
    assert (found.reached, found.searched, found.lengths) == (20, 20, (0, 0, 0, 20))
    assert found.example is not None
    assert [(link.day, link.kind) for link in found.example[1]] == [
        (24, "lethal attack"), (28, "strike of level 3"), (28, "open answer"), (33, "strike of level 4"),
    ]  # fmt: skip
    assert found.chain.probability == found.given.probability == 1.0


# No chain


@pytest.mark.parametrize("name", ["october-2023", "tower-22"])
@pytest.mark.parametrize("parameters", ["prior", "default"])
def test_with_the_couplings_off_there_is_no_chain(name, parameters):
    """Washington still answers attacks, which is one act after the root; whatever it does brings on nothing."""
    found = chains(make_job(load_scenario(name), parameters, couplings()), 300, sample=60)
    assert found.searched > 5
    assert len(found.lengths) <= 2
    assert found.chain.probability == 0.0
    assert found.example is None


def test_three_times_the_tempo_without_reactions_makes_no_chain_though_more_spirals():
    tempo = REGISTRY["militia.tempo"].default
    slow, fast = (
        chains(
            make_job(BASELINE, "default", couplings() | {"militia.tempo": times * tempo}), 1_000, sample=60
        )
        for times in (1.0, 3.0)
    )
    assert fast.reached > slow.reached + 3 * math.sqrt(fast.reached + slow.reached)
    assert (slow.chain.probability, fast.chain.probability) == (0.0, 0.0)


STRIKES = ("2023-10-26", "2023-11-05", "2023-11-15", "2023-11-25")


def test_there_is_none_when_washington_does_not_react(tmp_path):
    """It strikes on given days, whatever is done to it, and at last at level 4; the others react as they do."""
    days = [FIRST, *STRIKES, "2023-12-05"]
    orders = "interventions:\n"
    for day, following in zip(days, [*days[1:], None], strict=True):
        level = {FIRST: 0, "2023-12-05": 4}.get(day, 3)
        if level:
            orders += f"  - {{date: {day}, actor: us, action: strike, level: {level}}}\n"
        if following is not None:
            after = np.datetime64(day) + (1 if level else 0)
            orders += f"  - {{from: {after}, to: {np.datetime64(following) - 1}, actor: us, action: hold}}\n"
    job = make_job(written(tmp_path, f"end: 2023-12-05\n{orders}"), "prior")
    found = chains(job, 200, sample=100)
    assert found.reached == 200
    assert len(found.lengths) <= 2
    assert found.chain.probability == 0.0


def test_there_is_none_when_the_other_side_does_not_react(tmp_path):
    """Militias attack on given days, and Tehran gives no answer; Washington reacts as it does."""
    orders = "interventions:\n  - {from: 2023-10-17, to: 2023-12-05, actor: iran, action: no-answer}\n"
    attack = "actor: kataib-hizbollah, action: attack, site: tower-22, wounded: 4"
    for day in STRIKES:
        orders += f"  - {{date: {day}, {attack}, killed: 6}}\n"
    for name in MILITIAS:
        for first, last in zip(("2023-10-16", *STRIKES), (*STRIKES, "2023-12-06"), strict=True):
            span = f"from: {np.datetime64(first) + 1}, to: {np.datetime64(last) - 1}"
            orders += f"  - {{{span}, actor: {name}, action: hold}}\n"
    for name in MILITIAS[1:]:
        orders += "".join(f"  - {{date: {day}, actor: {name}, action: hold}}\n" for day in STRIKES)
    job = make_job(written(tmp_path, f"end: 2023-12-05\n{orders}"), "prior")
    found = chains(job, 200, sample=100)
    assert found.reached > 20
    assert len(found.lengths) == 2
    assert found.chain.probability == 0.0


# Removals


def calm(name: str) -> Job:
    return make_job(load_scenario(name), "prior", {**couplings(), **NO_WITHDRAWAL, **AMPLE})


def test_taking_out_what_nothing_depends_on_changes_no_other_act():
    """With the couplings off nothing depends on a strike, and each is gone alone."""
    job, taken_out = calm("october-2023"), 0
    for run in range(6):
        played = replay(job, run)
        acts = [act for day in range(played.days) for act in acts_on(day, played.evenings[day])]
        strikes = [act for act in acts if act[1] == "us"]
        for strike in strikes[:5]:
            rest = {a[:3]: a[3] for a in acts if a[0] >= strike[0] and a != strike}
            kept = life_without(strike, played, played.days - 1)
            assert kept == {k: v for k, v in rest.items() if k in kept or k[0] > strike[0]}
            assert strike[:3] not in kept
            taken_out += 1
        found = acts_of_run(job, run, played.days - 1)
        parents = set(found[found[:, BEFORE] >= 0, BEFORE].tolist())
        assert all(ACTS[found[parent, KIND]] in ("attack that wounds", "lethal attack") for parent in parents)
    assert taken_out > 10


def test_a_cascade_is_what_two_lives_of_a_run_differ_by():
    job = make_job(BASELINE, "prior")
    table = chains(job, 24, sample=1).by_run
    checked = 0
    for run in range(24):
        played = replay(job, run)
        severe = [a for d in range(played.days) for a in acts_on(d, played.evenings[d]) if _severe(a)]
        row = table.loc[run]
        assert row["first_day"] == (severe[0][0] if severe else -1)
        if not severe:
            assert row["with"] == row["without"] == 0
            continue
        first = severe[0]
        days = played.timeline.copy()
        impose(days, without(first, played))
        world, count = played.mornings[first[0] : first[0] + 1].copy(), 0
        for day in range(first[0], played.days):
            played.live(world, day, day + 1, days)
            count += sum(map(_severe, acts_on(day, world[0])))
        assert (row["with"], row["without"]) == (len(severe) - 1, count)
        checked += 1
    assert checked > 10


def _severe(act: Act) -> bool:
    return act[3] >= 2
