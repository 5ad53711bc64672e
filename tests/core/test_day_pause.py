"""Pauses: who declares them, who heeds them, what ends them; harm that is rare and learnt from; wars that end."""

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import BAGHDAD, GROUPS, NOBODY, TEHRAN
from sim.scenario import load_scenario
from sim.simulate.job import NOTHING, make_job, prepare
from tests.core.stories import KATAIB, NUJABA, attack, order, story, strike

FREE = {"held": False, "militia__shock_sd": 0.0}
QUIET = {"militia__stand_down": 0.0, "iran__pause": 0.0, "iraq__pause": 0.0}
LOYAL = {"iran__dilution": 0.0, "militia__leak": 0.0}
KEPT = {"militia__return_floor": 0.0, "militia__resume": 0.0}
EAGER = {"militia__stand_down": 0.5, "militia__stand_down_will": 0.0}


def test_a_pause_that_everybody_heeds_stops_all_attacks_and_its_end_starts_them_again():
    given = QUIET | EAGER | LOYAL | {"militia__stand_down": 0.2, "militia__tempo": 20.0}
    seen = story(days=90, **FREE, **given, militia__return_floor=0.1, militia__resume=0.0)
    paused = seen.pause.by == GROUPS
    assert 0.2 < paused.mean() < 0.95
    assert (seen.today.attacks[paused] == 0).all()
    assert (seen.militias["standing_down"][:, :4] == paused[:, None]).all()
    assert (seen.today.attacks[~paused] > 0).mean() > 0.8
    last = seen[-1].outcome
    assert last.campaign_days == 4 * (~paused).sum()
    assert last.held_days == 4 * paused.sum()
    begun = np.flatnonzero(np.diff(paused.astype(int), prepend=0) == 1)
    ended = np.flatnonzero(np.diff(paused.astype(int)) == -1) + 1
    assert (last.pauses, last.returns) == (len(begun), len(ended))
    lengths = [end - start for start, end in zip(begun, [*ended, 90], strict=False)]
    assert last.longest_pause == max(lengths)


@pytest.mark.parametrize(
    ("given", "by"),
    [
        (EAGER, GROUPS),
        ({"iran__pause": 0.5, "iran__restraint": 8.0}, TEHRAN),
        ({"iraq__pause": 2.0, "iraq__effectiveness": 1.0, "iraq__bargain_half_life": 200.0}, BAGHDAD),
    ],
)
def test_who_has_a_pause_declared_is_told(given, by):
    press = [order(0, "iraq", "press")] if by == BAGHDAD else []
    more = {"iraq__breach_attack": 0.0, "iraq__breach_strike": 0.0}
    seen = story(*press, **FREE, **QUIET | given | KEPT | more)
    assert set(seen.pause.by.tolist()) == {NOBODY, by}


def test_nobody_declares_a_pause_without_a_reason():
    seen = story(**FREE, **QUIET | {"iran__pause": 0.5, "iran__restraint": -6.0}, iraq__pressing=-9.0)
    assert (seen.pause.by == NOBODY).all()


def test_a_pause_is_heeded_less_by_the_autonomous():
    given = QUIET | EAGER | KEPT | {"militia__contagion": 0.0, "iran__dilution": 1.0}
    last = [story(days=20, run=r, **FREE, **given)[-1] for r in range(200)]
    heeded = np.mean([world.militias["standing_down"][:4] for world in last if world.pause.by], axis=0)
    free = 1.0 - story(days=1, **FREE).militias["autonomy"][0][:4]
    # Standard errors at most 0.036, and autonomy moves by less than 0.05: one in 4,000 fails.
    assert np.all(np.abs(heeded - free) < 4 * np.sqrt(free * (1 - free) / 200) + 0.05)


@pytest.mark.parametrize(("leak", "some"), [(1.0, True), (0.0, False)])
def test_a_pause_leaks(leak, some):
    given = QUIET | EAGER | KEPT | {"iran__dilution": 0.0, "militia__tempo": 10.0, "militia__leak": leak}
    seen = story(days=60, **FREE, **given)
    down = seen.militias["standing_down"][:, :4] == 1
    assert down.sum() > 100
    assert (seen.militias["attacks"][:, :4][down].sum() > 0) == some


def test_who_did_not_heed_joins_the_sooner_the_more_contagious_a_pause_is():
    given = QUIET | EAGER | KEPT
    joined = [
        np.mean(
            [
                story(days=30, run=r, **FREE, **given, militia__contagion=pull)[-1].militias["standing_down"][
                    :4
                ]
                for r in range(30)
            ]
        )
        for pull in (0.0, 5.0)
    ]
    assert joined[1] > 0.95 > joined[0]


def share_over(days=40, **given):
    """Share of 300 runs whose first pause is over after so many days."""
    fixed = {name.replace("__", "."): value for name, value in (QUIET | EAGER | given).items()}
    job = make_job(load_scenario("october-2023"), "default", fixed)
    worlds, table, rows, segment = prepare(job, np.arange(300, dtype=np.uint64))
    advance.advance(worlds, table, rows, segment.timeline, segment.setting, np.uint64(7), 0, days, *NOTHING)
    return np.mean(worlds["outcome"]["returns"] > 0)


def test_a_pause_ends_by_its_floor_and_sooner_when_it_has_settled_with_the_groups_willing():
    """Shares of 300 runs, standard error at most 0.029: 0.1 apart is over 2.4 errors of a difference, one in 30,
    so the seeds are fixed."""
    eager = {"militia__return_floor": 0.02, "militia__resume": 0.02, "militia__resume_will": 1.0}
    assert share_over(**KEPT) == 0.0
    floor = share_over(militia__return_floor=0.02, militia__resume=0.0)
    assert 0.4 < floor < 0.68  # 1 - exp(-0.02 x 38) = 0.53
    willing = share_over(**eager, militia__settling=5.0)
    unsettled = share_over(**eager, militia__settling=365.0)
    assert willing > floor + 0.1
    assert unsettled < willing - 0.1


def test_a_strike_brings_a_pause_nearer_its_end():
    given = QUIET | EAGER | KEPT | {"militia__settling": 1.0, "militia__resume": 0.01}
    given |= {"militia__resume_will": 0.0, "militia__trigger": 6.0}  # 403 times on the day after
    held = order((0, 40), "us", "hold")
    first = next(n for n, by in enumerate(story(held, days=15, **FREE, **given).pause.by) if by)
    day = first + 3
    calm = story(held, days=day + 2, **FREE, **given)
    struck = story(order((0, day - 1), "us", "hold"), strike(day, 1), days=day + 2, **FREE, **given)
    assert calm[day + 1].pause.by == struck[day].pause.by == GROUPS
    assert struck[day + 1].pause.by == NOBODY


def test_a_bargains_pause_lapses_with_the_bargain():
    given = QUIET | KEPT | {"iraq__pause": 2.0, "iraq__effectiveness": 1.0, "iraq__breach_attack": 0.0}
    orders = (order(0, "iraq", "press"), order((1, 59), "iraq", "keep-quiet"), order((0, 59), "us", "hold"))

    def length(half_life):
        given["iraq__bargain_half_life"] = half_life
        seen = [story(*orders, days=60, run=r, **FREE, **given) for r in range(20)]
        return np.mean([(s.pause.by == BAGHDAD).sum() for s in seen])

    assert length(2.0) < 12 < 20 < length(40.0)


def test_a_bargains_pause_ends_with_the_bargain_when_that_is_broken():
    given = QUIET | KEPT | {"iraq__pause": 2.0, "iraq__effectiveness": 1.0, "iraq__breach_attack": 0.0}
    given |= {"iraq__bargain_half_life": 200.0}
    orders = (order(0, "iraq", "press"), order((1, 59), "iraq", "keep-quiet"))
    kept = story(*orders, order((0, 29), "us", "hold"), **FREE, **given)
    assert (kept.pause.by[12:] == BAGHDAD).all()
    broken = story(
        *orders, order((0, 11), "us", "hold"), strike(12, 2), order((13, 29), "us", "hold"), **FREE, **given
    )
    assert broken.pause.by[11] == BAGHDAD
    assert (broken.pause.by[12:] == NOBODY).all()


# Harm


def wounded_by_five(before, **given):
    """Wounded by five attacks, after so many others on the day before: of 400 runs."""
    earlier = [order(0, KATAIB, "attack", attacks=before)] if before else []
    last = order(1, NUJABA, "attack", attacks=5)
    return np.array([story(*earlier, last, days=2, run=r, **given)[-1].today.wounded for r in range(400)])


def test_wounding_is_rare_and_then_of_at_least_one():
    sure = {
        "engagement__gets_through": 0.98,
        "engagement__hardening": 0.0,
        "engagement__posture_defence": 0.0,
    }
    assert wounded_by_five(0, **sure, engagement__wounding=0.0).max() == 0
    one = wounded_by_five(0, **sure, engagement__wounding=0.2, engagement__wounded_mean=1.0)
    # Five that get through with about 0.98, each wounding one with 0.2: 0.98; standard error 0.044, one in 16,000.
    assert abs(one.mean() - 0.98) < 4 * 0.044 + 0.05
    many = wounded_by_five(0, **sure, engagement__wounding=0.2, engagement__wounded_mean=9.0)
    assert 6.0 < many.mean() / one.mean() < 12.0


def test_defenders_learn_from_the_attacks_they_meet():
    given = {"engagement__gets_through": 0.5, "engagement__wounding": 1.0, "engagement__wounded_mean": 1.0}
    given |= {"engagement__hardening": 2.0, "engagement__hardening_attacks": 10.0}
    fresh, seasoned = (wounded_by_five(before, **given).mean() for before in (0, 30))
    # Log odds fall by 2 x 30 / 40 = 1.5, so a good half fewer; standard errors 0.06.
    assert fresh > 1.5
    assert seasoned < 0.6 * fresh


# A war ends the story


def test_a_war_is_followed_for_so_many_days_and_then_nothing_is_lived_or_counted():
    scenario = load_scenario("october-2023")
    short = scenario.model_copy(update={"ladder": scenario.ladder.model_copy(update={"war_days": 6})})
    war = [strike(5, 4), order(5, "iran", "answer"), *(attack(d, wounded=1) for d in range(6, 20))]
    seen, longer = story(*war, scenario=short, us__call_off=0.0), story(*war, us__call_off=0.0)
    assert seen[-1].outcome.reciprocal_day == 5
    assert seen[-1].outcome.censored_day == 12
    assert seen[11].outcome.wounded == seen[-1].outcome.wounded >= 6
    assert (seen.today.attacks[12:] == 0).all()
    assert (seen.ladder.rung[5:] == 6).all()
    assert longer[-1].outcome.wounded > seen[-1].outcome.wounded
    assert longer[-1].outcome.censored_day == -1  # 30 days by default


def test_no_run_holds_a_war_longer_than_is_followed():
    fierce = {
        "us.level_3_base": 0.0,
        "us.level_4_base": 2.0,
        "iran.answer": 2.0,
        "us.call_off": 0.0,
        "militia.tempo": 4.0,
    }
    job = make_job(load_scenario("october-2023"), "default", fierce)
    worlds, table, rows, segment = prepare(job, np.arange(400, dtype=np.uint64))
    days = len(segment.timeline)
    advance.advance(worlds, table, rows, segment.timeline, segment.setting, np.uint64(7), 0, days, *NOTHING)
    began, ended = worlds["outcome"]["reciprocal_day"], worlds["outcome"]["censored_day"]
    assert np.mean(began >= 0) > 0.3
    followed = (began >= 0) & (began < days - 31)
    assert np.array_equal(ended[followed], began[followed] + 31)
    assert np.all(ended[began < 0] == -1)


@pytest.mark.parametrize(("chance", "censored"), [(1.0, -1), (0.0, 12)])
def test_an_exchange_that_is_called_off_is_no_war(chance, censored):
    scenario = load_scenario("october-2023")
    short = scenario.model_copy(update={"ladder": scenario.ladder.model_copy(update={"war_days": 6})})
    spared = {
        "engagement__lethal_harassment": 0.0,
        "engagement__lethal_intended": 0.0,
        "us__call_off": chance,
    }
    seen = story(strike(5, 4), order(5, "iran", "answer"), scenario=short, **spared)
    assert seen[5].ladder.rung == 6
    assert seen[-1].outcome.censored_day == censored
