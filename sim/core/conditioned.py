"""The engine, steered: worlds are led through what is on record, and weighed by how probable the model held it.

On a steered day Washington does what the timeline orders of it, and nobody dies by fire. The log probability that the
model gives to that, from the world as it stands that day, is added to the world's log weight; everything else is left
to the model. That is sequential importance sampling: worlds so weighed stand for those that the model would have
brought there by itself.
"""

import math

from sim.core.chance import IRAN, PURPOSES, uniform
from sim.core.day.engagement import chance_to_get_through, choose_site, intent_of, reach_of
from sim.core.day.order import live_on, live_to_response
from sim.core.day.washington import drive_of, harm_presses, threshold_of, washington_chooses
from sim.core.jit import entry, rule
from sim.core.rules.engagement import exposure, lethality
from sim.core.state import IRAQ_PLACE

SITE, THROUGH = PURPOSES["site"], PURPOSES["through"]
NOTHING, LEVEL, LEVEL_AND_PLACE = 0, 1, 2
"""What of Washington's deed on a day is weighed."""

LEAST = 1e-300  # keeps a logarithm finite


@entry
def advance_steered(
    worlds, parameters, rows, timeline, setting, random_seed, first, last,
    weigh, keep, unseen, log_weights, counts, at,
):  # fmt: skip
    """Take worlds through days `first` to `last` (excluded), in place, weighing what is steered.

    Parameters
    ----------
    worlds, parameters, rows, timeline, setting, random_seed, first, last
        As of `sim.core.advance.advance`.
    weigh : ndarray of int64, shape (days, 2)
        By day whether Washington's deed is weighed (`NOTHING`, `LEVEL`, `LEVEL_AND_PLACE`), and whether it is that
        nobody dies (0 or 1).
    keep : ndarray of float64, shape (r,)
        Share of the wounded not yet counted that stay so for another day, by parameter row.
    unseen : ndarray of float64, shape (n,)
        Wounded that have not been counted yet, changed in place.
    log_weights : ndarray of float64, shape (n, 2)
        Log probabilities of Washington's deeds and of no death, added to.
    counts : ndarray of float64, shape (n, k, len(COLUMNS))
        Written: what has happened up to some days, see `sim.inference.observation.model.COLUMNS`.
    at : ndarray of int64, shape (days,)
        Index in `counts` of a day, -1 for days that are not kept.
    """
    for w in range(len(worlds)):
        world, p = worlds[w], parameters[rows[w]]
        for d in range(first, last):
            live_to_response(world, timeline[d], setting[0], p, random_seed)
            harm_presses(world, p)
            _weigh(world, timeline[d], setting[0], p, random_seed, weigh[d], log_weights[w])
            washington_chooses(world, timeline[d], setting[0], p, random_seed)
            live_on(world, timeline[d], setting[0], p, random_seed)
            if weigh[d, 1] > 0 and world.today.avowed:
                log_weights[w, 1] += log_chance_that_answer_spares(world, setting[0], p, random_seed)
            unseen[w] = unseen[w] * keep[rows[w]] + world.today.wounded
            if at[d] >= 0:
                _count(world, unseen[w], counts[w, at[d]])


@rule
def _weigh(world, today, setting, p, random_seed, weigh, log_weight):
    """Add the log probability of what is ordered of today."""
    if weigh[0] != NOTHING:
        drive = drive_of(world, setting, p, 0.0)
        chance = chance_of_response(drive, today.level, today.place, p, weigh[0] == LEVEL_AND_PLACE)
        log_weight[0] += math.log(chance + LEAST)
    if weigh[1] > 0:
        log_weight[1] += log_chance_of_no_death(world, today, setting, p, random_seed)


@rule
def chance_of_response(drive, level, place, p, place_too):
    """Probability that Washington, driven so before its noise, responds at this level, and if `place_too` there.

    The response counts the thresholds that drive and noise exceed; one of level 2 that is not driven past the extra
    threshold of striking inside Iraq becomes one of level 1 in Syria, one of level 3 is made in Syria.
    """
    extra = p.us.iraq_sensitivity
    second, third, fourth = threshold_of(p, 2), threshold_of(p, 3), threshold_of(p, 4)
    low = threshold_of(p, level) if level > 0 else -math.inf
    high = threshold_of(p, 1)
    if level == 1:
        high = min(third, second + extra)
    elif level == 2:
        low, high = second + extra, third
    elif level == 3:
        high = fourth
        if place_too and place == IRAQ_PLACE:
            low = third + extra
        elif place_too:
            high = min(fourth, third + extra)
    elif level == 4:
        high = math.inf
    return max(0.0, _below(high - drive) - _below(low - drive))


@rule
def _below(x):
    """Distribution function of the logistic noise."""
    return 1.0 / (1.0 + math.exp(-x))


@rule
def log_chance_of_no_death(world, today, setting, p, random_seed):
    """Log probability that no attack of today kills, given which of them get through.

    Attacks whose dead are ordered are not among them.
    """
    total = 0.0
    for i in range(setting.militia_count):
        militia, order = world.militias[i], today.orders[i]
        if militia.attacks == 0 or order.killed >= 0:
            continue
        log_odds = reach_of(world, setting, p, i)
        deadly = _deadly(world, setting, p, intent_of(world, setting, p, i))
        for item in range(militia.attacks):
            if _through(world, setting, p, random_seed, militia.actor_id, item, log_odds, order.site):
                total += math.log(max(1.0 - deadly, LEAST))
    return total


@rule
def log_chance_that_answer_spares(world, setting, p, random_seed):
    """Log probability that no munition of the attack that Iran avows today kills, given which of them get through."""
    total, deadly = 0.0, _deadly(world, setting, p, p.iran.answer_lethal)
    for item in range(math.floor(p.iran.answer_size + 0.5)):
        if _through(world, setting, p, random_seed, IRAN, item, p.militia.syria_reach, -1):
            total += math.log(max(1.0 - deadly, LEAST))
    return total


@rule
def _deadly(world, setting, p, meant):
    """Probability that a munition which gets through kills, when it is meant to with probability `meant`."""
    exposed = exposure(world.us.troops, setting.reference.troops)
    on_purpose = lethality(True, p.engagement.lethal_intended, p.engagement.lethal_harassment, exposed)
    by_chance = lethality(False, p.engagement.lethal_intended, p.engagement.lethal_harassment, exposed)
    return meant * on_purpose + (1.0 - meant) * by_chance


@rule
def _through(world, setting, p, random_seed, actor_id, item, syria_log_odds, ordered_site):
    """Whether a munition of today got through, as `sim.core.day.engagement.engage` had it."""
    site = ordered_site
    if site < 0:
        u = uniform(random_seed, world.luck, world.date, actor_id, SITE, item)
        site = choose_site(setting, syria_log_odds, u)
    u = uniform(random_seed, world.luck, world.date, actor_id, THROUGH, item)
    return u < chance_to_get_through(world, setting, p, site)


@rule
def _count(world, unseen, counts):
    outcome = world.outcome
    counts[0] = outcome.attacks_iraq
    counts[1] = outcome.attacks_syria
    counts[2] = outcome.attacks_jordan
    counts[3] = outcome.wounded
    counts[4] = outcome.wounded - unseen
    counts[5] = outcome.killed
    counts[6] = outcome.bargains
