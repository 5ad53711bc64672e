"""Washington's part of the day: pressure to act, the response, whom it holds responsible."""

import math

from sim.core.chance import PURPOSES, US, logistic_noise, uniform
from sim.core.jit import rule
from sim.core.rules.common import grown
from sim.core.rules.washington import (
    credibility_after_silence,
    credibility_after_strike,
    defied,
    drive_to_respond,
    pressure_after_strike,
    pressure_of_harm,
    strikes_inside_iraq,
    threshold,
)
from sim.core.state import IRAN_PLACE, IRAQ_PLACE, SYRIA_PLACE

RESPONSE, ATTRIBUTION = PURPOSES["response"], PURPOSES["attribution"]


@rule
def washington_responds(world, today, setting, p, random_seed):
    """Washington weighs the day's harm, and strikes at some level of its ladder or holds."""
    harm_presses(world, p)
    washington_chooses(world, today, setting, p, random_seed)


@rule
def harm_presses(world, p):
    """The day's harm adds to the pressure on Washington to act."""
    us, events = world.us, world.today
    harm = pressure_of_harm(
        p.us.pressure_attack, events.attacks, p.us.pressure_wounded, events.wounded,
        p.us.pressure_killed, events.killed,
    )  # fmt: skip
    us.pressure += defied(harm, p.us.commitment, us.commitment)


@rule
def washington_chooses(world, today, setting, p, random_seed):
    """Washington strikes at some level of its ladder or holds, as it is driven or ordered to; and is believed."""
    us, events = world.us, world.today
    if today.level >= 0:
        us.level = today.level
        us.place = _usual_place(us.level)
    else:
        _choose_level_and_place(world, today, setting, p, random_seed)
    if us.level > 0 and today.place >= 0:
        us.place = today.place
    if us.level > 0:
        us.pressure = pressure_after_strike(us.pressure, p.us.relief, threshold_of(p, us.level))
    if today.called_off:
        us.level = 0
        us.place = _usual_place(0)
    if us.level > 0:
        us.credibility = credibility_after_strike(us.credibility, p.us.credibility_gain, us.level)
        us.commitment = grown(us.commitment, 1.0 - math.exp(-p.us.commitment_gain * us.level))
        us.culprit = _culprit(world, setting, p, random_seed)
    else:
        us.credibility = credibility_after_silence(
            us.credibility, p.us.credibility_loss, events.attacks, p.iraq.lobby_doubt, world.iraq.bargain
        )


@rule
def _usual_place(level):
    return IRAQ_PLACE if level == 2 else (IRAN_PLACE if level == 4 else SYRIA_PLACE)


@rule
def threshold_of(p, level):
    """Drive that a strike of this level asks for, in logits."""
    return threshold(
        level, p.us.threshold_first, p.us.gap_second, p.us.gap_third, p.us.gap_fourth,
        p.us.readiness, p.us.ceiling,
    )  # fmt: skip


@rule
def _choose_level_and_place(world, today, setting, p, random_seed):
    us = world.us
    noise = logistic_noise(uniform(random_seed, world.luck, world.date, US, RESPONSE, 0))
    drive = drive_of(world, setting, p, noise)
    level = 0
    for step in range(1, 5):
        if drive > threshold_of(p, step):
            level += 1
    level = min(level, today.level_limit)
    inside = level in (2, 3) and level <= today.iraq_limit
    if inside:
        inside = strikes_inside_iraq(drive, threshold_of(p, level), p.us.iraq_sensitivity)
    us.level = 1 if level == 2 and not inside else level
    us.place = IRAQ_PLACE if inside else _usual_place(us.level)


@rule
def drive_of(world, setting, p, noise):
    """Washington's drive to respond today, in logits, with this noise."""
    anger = 0.0
    for i in range(setting.militia_count):
        anger += setting.militias[i].share * world.militias[i].anger
    return drive_to_respond(
        world.us.pressure, p.us.anticipation, anger, p.iraq.lobby, world.iraq.bargain, noise
    )


@rule
def _culprit(world, setting, p, random_seed):
    """Index of the militia struck: the author of the worst recent harm (of equals, the one with the larger share of the
    campaign), or one taken by its share for the author.
    """
    author = 0
    for i in range(1, setting.militia_count):
        guilt, most = world.militias[i].guilt, world.militias[author].guilt
        larger = setting.militias[i].share > setting.militias[author].share
        if guilt > most or (guilt == most and larger):
            author = i
    u = uniform(random_seed, world.luck, world.date, US, ATTRIBUTION, 0)
    if u < p.us.attribution:
        return author
    mistaken = (u - p.us.attribution) / (1.0 - p.us.attribution)
    cumulative = 0.0
    for i in range(setting.militia_count - 1):
        cumulative += setting.militias[i].share
        if mistaken < cumulative:
            return i
    return setting.militia_count - 1
