"""Washington's part of the day: pressure to act, its decision step by step, whom it holds responsible."""

from sim.core.chance import PURPOSES, US, uniform
from sim.core.day.steps import each, phase, when
from sim.core.functions import exp
from sim.core.jit import rule
from sim.core.rules.common import either, grown
from sim.core.rules.washington import (
    caution,
    chance_in_iraq,
    chance_of_level_3,
    chance_of_level_4,
    chance_of_step,
    chance_to_decide,
    credibility_after_silence,
    credibility_after_strike,
    defied,
    left_after_strike,
    pressure_of_harm,
    still_provoked,
)
from sim.core.state import HARD_ONE_PREPARED, IDLE, IRAN_PLACE, IRAQ_PLACE, PREPARED, SYRIA_PLACE

RESPONSE, ATTRIBUTION = PURPOSES["response"], PURPOSES["attribution"]
LEVEL, PLACE, KIND = PURPOSES["level"], PURPOSES["place"], PURPOSES["kind"]
IRGC_LOSSES = PURPOSES["irgc losses"]


@rule
def harm_presses(world, setting, p):
    """The day's harm provokes, adds to the pressure on Washington to act, and to the killed not yet answered."""
    us, events = world.us, world.today
    lately = world.day - us.hard_day < setting.window
    answered_lately = either(lately, us.undeterred, 0)
    us.undeterred = either(lately & (events.killed > 0), 1, answered_lately)
    us.unanswered = either(provoked_today(world, p), us.unanswered, 0.0) + events.killed
    harm = pressure_of_harm(
        p.us.pressure_attack, events.attacks, p.us.pressure_wounded, events.wounded,
        p.us.pressure_killed, events.killed,
    )  # fmt: skip
    us.pressure += defied(harm, p.us.commitment, us.commitment)
    us.provoked = either(events.attacks > 0, 1, us.provoked)
    us.provoked_day = either(events.attacks > 0, world.day, us.provoked_day)
    us.anger = 0.0


@rule
def anger_is_seen(world, setting, i):
    """Washington sees the anger of the militias, by their share of the campaign: that of militia `i`."""
    world.us.anger += setting.militias[i].share * world.militias[i].anger


@rule
def provokes(world):
    """From today on there is something for a strike to answer."""
    world.us.provoked = 1
    world.us.provoked_day = world.day


@rule
def order_is_heard(world, today):
    """The day's strike is the one that is ordered, or so far none."""
    us = world.us
    us.level = max(today.level, 0)
    us.place = _usual_place(max(today.level, 0))
    us.kind = 0
    us.irgc = 0


@rule
def decision_is_drawn(world, p, random_seed):
    """The chance that Washington takes the next step of its decision today, and the luck that decides on it."""
    us = world.us
    us.chance = chance_of_next_step(world, p, us.step)
    us.luck = uniform(random_seed, world.luck, world.date, US, RESPONSE, 0)


@rule
def decision_goes_on(world, today, p):
    """A day of the decision, if none is ordered. Steps: 0 none, 1 and 2 a strike is prepared, 3 and 4 a hard one."""
    us = world.us
    step = us.step
    free = (today.level < 0) & provoked_today(world, p)
    goes_on = free & (us.luck < us.chance)
    held = free & (step == IDLE) & (us.chance >= 0.5) & (not goes_on)
    us.done = either(goes_on, step, IDLE)
    us.step = either(free, step + either(goes_on, 1, 0), IDLE)
    world.outcome.us_held += either(held, 1, 0)


@rule
def strike_comes(world):
    """Whether a strike has been prepared, or is ordered."""
    us = world.us
    return (us.done == PREPARED) | (us.done == HARD_ONE_PREPARED) | (us.level > 0)


@rule
def strike_is_chosen(world, today, setting, p, random_seed):
    """What strike it is, and where; one that is called off spends its impulse too."""
    us = world.us
    if us.done == PREPARED:
        _choose_how_far(world, today, setting, p, random_seed)
    elif us.done == HARD_ONE_PREPARED:
        _choose_hard_strike(world, today, setting, p, random_seed)
    if us.level > 0 and today.place >= 0:
        us.place = today.place
    if us.level > 0:
        _strike_answers(world, p)
    if today.called_off:
        us.level = 0
        us.place = _usual_place(0)
    if us.level > 0:
        _strike_is_made(world, setting, p, random_seed)


@rule
def silence_costs(world, p):
    """Attacks that are not answered cost credibility."""
    us = world.us
    silent = credibility_after_silence(
        us.credibility, p.us.credibility_loss, world.today.attacks, p.iraq.lobby_doubt, world.iraq.bargain
    )
    us.credibility = either(us.level > 0, us.credibility, silent)


@rule
def provoked_today(world, p):
    """Whether there is anything that a strike of today could answer."""
    us = world.us
    return still_provoked(us.provoked, world.day - us.provoked_day, p.us.provocation_days)


@rule
def chance_of_next_step(world, p, step):
    """Chance that Washington, which is at this step of its decision, takes the next one today."""
    begins = chance_to_decide(world.us.pressure, held_back(world, p), p.us.threshold_first, p.us.readiness)
    return either(step == IDLE, begins, chance_of_step(either(step <= 2, p.us.lag, p.us.lag_hard)))


@rule
def held_back(world, p):
    """What holds Washington back today, in logits."""
    return caution(p.us.anticipation, world.us.anger, p.iraq.lobby, world.iraq.bargain)


@rule
def chance_of_hard_strike(world, p):
    """Chance that the strike that is ready today is made one of level 3 or more, which takes longer."""
    us = world.us
    return chance_of_level_3(
        p.us.level_3_base, p.us.ceiling, p.us.level_3_killed, us.unanswered, held_back(world, p)
    )


@rule
def chance_of_strike_on_iran(world, p):
    """Chance that the hard strike that is ready today is one of level 4."""
    us = world.us
    return chance_of_level_4(
        p.us.level_4_base, p.us.ceiling, p.us.level_4_killed, us.unanswered, p.us.level_4_undeterred, us.undeterred,
        p.us.level_4_avowed, us.defiance, held_back(world, p),
    )  # fmt: skip


@rule
def chance_inside_iraq(world, p):
    """Chance that a strike of today below one on Iranian soil falls inside Iraq."""
    return chance_in_iraq(p.us.iraq_sensitivity, p.us.iraq_killed, world.us.unanswered)


@rule
def _choose_how_far(world, today, setting, p, random_seed):
    us = world.us
    u = uniform(random_seed, world.luck, world.date, US, LEVEL, 0)
    if today.level_limit >= 3 and u < chance_of_hard_strike(world, p):
        us.step = 3
    else:
        _make_low_strike(world, today, p, random_seed)


@rule
def _make_low_strike(world, today, p, random_seed):
    us = world.us
    us.step = IDLE
    inside = _falls_inside_iraq(world, p, random_seed)
    us.level = min(2 if inside and today.iraq_limit >= 2 else 1, today.level_limit)
    us.place = _usual_place(us.level)


@rule
def _choose_hard_strike(world, today, setting, p, random_seed):
    """A wave or the killing of a commander; on Iranian soil, or on an Iranian commander or unit elsewhere.

    Where a hard strike has been forbidden meanwhile a low one is made.
    """
    us = world.us
    if today.level_limit < 3:
        _make_low_strike(world, today, p, random_seed)
        return
    us.step = IDLE
    u = uniform(random_seed, world.luck, world.date, US, LEVEL, 0)
    us.level = 4 if today.level_limit >= 4 and u < chance_of_strike_on_iran(world, p) else 3
    chance = p.us.commander if us.level == 3 else 1.0 - p.us.soil
    us.kind = 1 if uniform(random_seed, world.luck, world.date, US, KIND, 0) < chance else 0
    us.place = _usual_place(us.level)
    if us.level < 4 or us.kind == 1:
        inside = us.level <= today.iraq_limit and _falls_inside_iraq(world, p, random_seed)
        us.place = IRAQ_PLACE if inside else SYRIA_PLACE


@rule
def _falls_inside_iraq(world, p, random_seed):
    return uniform(random_seed, world.luck, world.date, US, PLACE, 0) < chance_inside_iraq(world, p)


@rule
def _usual_place(level):
    return either(level == 2, IRAQ_PLACE, either(level == 4, IRAN_PLACE, SYRIA_PLACE))


@rule
def _strike_answers(world, p):
    """A strike spends the impulse behind it, and what has been answered provokes no more."""
    us = world.us
    us.pressure = left_after_strike(us.pressure, p.us.relief, us.level)
    us.unanswered = left_after_strike(us.unanswered, p.us.relief, us.level)
    us.provoked = 0
    if us.level >= 3:
        us.undeterred = 0
        us.defiance = 0


@rule
def _strike_is_made(world, setting, p, random_seed):
    us = world.us
    us.credibility = credibility_after_strike(us.credibility, p.us.credibility_gain, us.level)
    us.commitment = grown(us.commitment, 1.0 - exp(-p.us.commitment_gain * us.level))
    us.culprit = _culprit(world, setting, p, random_seed)
    if us.level >= 3:
        us.hard_day = world.day
    if us.level == 1:
        u = uniform(random_seed, world.luck, world.date, US, IRGC_LOSSES, 0)
        us.irgc = 1 if u < p.us.irgc_losses else 0


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


WASHINGTON_WEIGHS = phase(
    "washington_weighs",
    "The day's harm provokes, and presses Washington to act.",
    harm_presses,
    each(anger_is_seen),
)

WASHINGTON_CHOOSES = phase(
    "washington_chooses",
    "Washington goes on with its decision, or does as it is ordered to; and is believed.",
    order_is_heard,
    decision_is_drawn,
    decision_goes_on,
    when(strike_comes, strike_is_chosen),
    silence_costs,
)
