"""Baghdad's part of the day: the bargain, what it costs, what ends it."""

from sim.core.chance import IRAQ, PURPOSES, uniform
from sim.core.day.pause import revoke
from sim.core.day.steps import each, phase, when
from sim.core.day.tehran import threat_of
from sim.core.jit import rule
from sim.core.rules.baghdad import (
    capital_after_pressing,
    chance_to_press,
    restraint_on,
)
from sim.core.rules.common import either
from sim.core.state import BAGHDAD, IRAQ_PLACE

PRESS = PURPOSES["press"]
BREACH_ATTACK, BREACH_STRIKE = PURPOSES["breach by attack"], PURPOSES["breach by strike"]


@rule
def bargain_is_opened(world, today, p, random_seed):
    """Baghdad opens (or renews) a bargain, as it is ordered to or as it decides, and pays for what stands of it."""
    iraq = world.iraq
    u = uniform(random_seed, world.luck, world.date, IRAQ, PRESS, 0)
    pressed = either(today.press < 0, u < chance_of_pressing(world, today, p), today.press == 1)
    iraq.bargain = either(pressed, 1.0, iraq.bargain)
    iraq.capital = capital_after_pressing(iraq.capital, p.iraq.capital_spend, iraq.bargain)
    world.outcome.bargains += either(pressed, 1, 0)


@rule
def bargain_restrains(world, setting, p, i):
    """What stands of a bargain restrains militia `i`."""
    world.militias[i].restraint = restraint_on(
        world.iraq.bargain, p.iraq.effectiveness, setting.militias[i].stake
    )


BAGHDAD_PRESSES = phase(
    "baghdad_presses",
    "Baghdad opens (or renews) a bargain, or keeps quiet; what stands of it restrains the militias.",
    bargain_is_opened,
    each(bargain_restrains),
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
def bargain_may_break(world):
    """Whether a bargain stands on a day with an attack in Iraq or a strike."""
    return (world.iraq.bargain > 0.0) & ((world.today.attacks_iraq > 0) | (world.us.level > 0))


@rule
def bargain_breaks_or_holds(world, setting, p, random_seed):
    """A breach ends the bargain and its pause: attacks in Iraq may, strikes elsewhere may, strikes inside Iraq do."""
    iraq, us = world.iraq, world.us
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


BARGAIN_IS_TESTED = phase(
    "bargain_is_tested",
    "A breach ends the bargain and its pause: attacks in Iraq may, strikes elsewhere may, strikes inside Iraq do.",
    when(bargain_may_break, bargain_breaks_or_holds),
)
