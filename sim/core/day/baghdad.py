"""Baghdad's part of the day: the bargain, what it costs, what ends it; and whether US troops stay."""

from sim.core.chance import IRAQ, PURPOSES, uniform
from sim.core.day.pause import revoke
from sim.core.day.tehran import threat_of
from sim.core.jit import rule
from sim.core.rules.baghdad import (
    capital_after_pressing,
    chance_to_press,
    restraint_on,
    troops_present,
    withdrawal_status,
)
from sim.core.state import BAGHDAD, IRAQ_PLACE, ORDERED, TALKS

PRESS = PURPOSES["press"]
BREACH_ATTACK, BREACH_STRIKE = PURPOSES["breach by attack"], PURPOSES["breach by strike"]


@rule
def troops_stay_or_leave(world, today, p):
    """Withdrawal talks open and troops leave as strain, the timeline and an earlier order have it."""
    iraq = world.iraq
    before = iraq.status
    iraq.status = withdrawal_status(
        before, iraq.strain, p.iraq.talks_threshold, p.iraq.order_threshold,
        world.day - iraq.talks_day, p.iraq.order_delay,
    )  # fmt: skip
    if before < TALKS <= iraq.status:
        iraq.talks_day = world.day
    if before < ORDERED <= iraq.status:
        iraq.order_day = world.day
    iraq.talks = max(today.talks, 1.0 if iraq.status >= TALKS else 0.0)
    leaving = world.day - iraq.order_day if iraq.status == ORDERED else 0
    world.us.troops = troops_present(today.troops, leaving, p.iraq.withdrawal_time, p.iraq.advisers)


@rule
def baghdad_presses(world, today, setting, p, random_seed):
    """Baghdad opens (or renews) a bargain, or keeps quiet; what stands of it restrains the militias."""
    iraq = world.iraq
    pressed = today.press == 1
    if today.press < 0:
        u = uniform(random_seed, world.luck, world.date, IRAQ, PRESS, 0)
        pressed = u < chance_of_pressing(world, today, p)
    if pressed:
        iraq.bargain = 1.0
        world.outcome.bargains += 1
    iraq.capital = capital_after_pressing(iraq.capital, p.iraq.capital_spend, iraq.bargain)
    for i in range(setting.militia_count):
        world.militias[i].restraint = restraint_on(
            iraq.bargain, p.iraq.effectiveness, setting.militias[i].stake
        )


@rule
def chance_of_pressing(world, today, p):
    """Chance that Baghdad presses today."""
    iraq = world.iraq
    return chance_to_press(
        p.iraq.pressing - today.others_press, p.iraq.press_diplomacy, max(today.diplomacy, threat_of(world)),
        p.iraq.press_strain, iraq.strain, p.iraq.press_capital, 1.0 - iraq.capital, p.iraq.press_gaza, today.gaza,
    )  # fmt: skip


@rule
def bargain_is_tested(world, today, setting, p, random_seed):
    """A breach ends the bargain and its pause: attacks in Iraq may, strikes elsewhere may, strikes inside Iraq do."""
    iraq, us = world.iraq, world.us
    if iraq.bargain <= 0.0:
        return
    held = 1.0
    for _ in range(world.today.attacks_iraq):
        held = held * (1.0 - p.iraq.breach_attack)
    broken = us.level > 0 and us.place == IRAQ_PLACE
    if held < 1.0 and not broken:
        broken = uniform(random_seed, world.luck, world.date, IRAQ, BREACH_ATTACK, 0) >= held
    if us.level > 0 and not broken:
        broken = uniform(random_seed, world.luck, world.date, IRAQ, BREACH_STRIKE, 0) < p.iraq.breach_strike
    if broken:
        iraq.bargain = 0.0
        if world.pause.by == BAGHDAD:
            revoke(world, setting)
