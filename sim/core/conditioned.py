"""The engine, steered: worlds are led through what is on record, and weighed by how probable the model held it.

On a steered day Washington does what the timeline orders of it, and nobody dies by fire. The log probability that the
model gives to that, from the world as it stands that day, is added to the world's log weight; everything else is left
to the model. That is sequential importance sampling: worlds so weighed stand for those that the model would have
brought there by itself.
"""

import math

import numpy as np

from sim.core.boarding import IN_A_PACK, board, day_comes, leave
from sim.core.chance import IRAN, PURPOSES, uniform
from sim.core.day.engagement import choose_site, intent_of
from sim.core.day.loops import in_lanes
from sim.core.day.order import PHASES_OF_THE_DAY, RESPONSE, live_on, live_to_response, washington_chooses
from sim.core.day.record import war_goes_on, war_is_over
from sim.core.day.washington import (
    chance_inside_iraq,
    chance_of_hard_strike,
    chance_of_next_step,
    chance_of_strike_on_iran,
    provoked_today,
)
from sim.core.functions import log
from sim.core.jit import entry, is_plain, rule
from sim.core.lanes import LANES
from sim.core.packs import new_pack, world_of
from sim.core.rules.common import logistic
from sim.core.rules.engagement import exposure, gets_through, lethality
from sim.core.state import IDLE, IRAN_PLACE, IRAQ_PLACE

lanes_to_response = in_lanes(PHASES_OF_THE_DAY[:RESPONSE], IN_A_PACK)
lanes_on = in_lanes(PHASES_OF_THE_DAY[RESPONSE:], IN_A_PACK)

SITE, THROUGH = PURPOSES["site"], PURPOSES["through"]
NOTHING, LEVEL, LEVEL_AND_PLACE = 0, 1, 2
"""What of Washington's deed on a day is weighed."""

LEAST = 1e-300  # keeps a logarithm finite


def steered_one_by_one(
    worlds, parameters, rows, timeline, setting, random_seed, first, last,
    weigh, keep, unseen, log_weights, counts, at,
):  # fmt: skip
    """`advance_steered`, one world after the other: what it is without the compiler."""
    for w in range(len(worlds)):
        world, p = worlds[w], parameters[rows[w]]
        for d in range(first, last):
            if war_is_over(world, setting[0]):
                war_goes_on(world, timeline[d])
                if at[d] >= 0:
                    _count(world, unseen[w], counts[w, at[d]])
                continue
            live_to_response(world, timeline[d], setting[0], p, random_seed)
            _weigh(world, timeline[d], setting[0], p, random_seed, weigh[d], log_weights[w])
            washington_chooses(world, timeline[d], setting[0], p, random_seed)
            live_on(world, timeline[d], setting[0], p, random_seed)
            _weigh_answer(world, setting[0], p, random_seed, weigh[d], log_weights[w])
            unseen[w] = unseen[w] * keep[rows[w]] + world.today.wounded
            if at[d] >= 0:
                _count(world, unseen[w], counts[w, at[d]])


def steered_side_by_side(
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
    pack, chosen = new_pack(parameters), np.empty(LANES, np.int64)
    row_of, ended = np.empty(LANES, np.int64), np.empty(LANES, np.bool_)
    for start in range(0, len(worlds), LANES):
        board(pack, worlds, parameters, rows, setting, start, row_of, ended)
        some = min(LANES, len(worlds) - start)
        for d in range(first, last):
            day_comes(pack, worlds, timeline, d, first, setting, start, ended)
            today = timeline[d : d + 1]
            lanes_to_response(pack, LANES, worlds, parameters, row_of, today, setting, random_seed, chosen)
            for lane in range(some):
                if not ended[lane]:
                    w, world, p = start + lane, world_of(worlds, pack, lane), parameters[row_of[lane]]
                    _weigh(world, timeline[d], setting[0], p, random_seed, weigh[d], log_weights[w])
            lanes_on(pack, LANES, worlds, parameters, row_of, today, setting, random_seed, chosen)
            for lane in range(some):
                w, world, p = start + lane, world_of(worlds, pack, lane), parameters[row_of[lane]]
                if not ended[lane]:
                    _weigh_answer(world, setting[0], p, random_seed, weigh[d], log_weights[w])
                    unseen[w] = unseen[w] * keep[row_of[lane]] + world.today.wounded
                if at[d] >= 0 and ended[lane]:
                    _count(worlds[w], unseen[w], counts[w, at[d]])
                elif at[d] >= 0:
                    _count(world, unseen[w], counts[w, at[d]])
        leave(pack, worlds, start, ended)


advance_steered = steered_one_by_one if is_plain() else entry(steered_side_by_side)


@rule
def _weigh(world, today, setting, p, random_seed, weigh, log_weight):
    """Add the log probability of what is ordered of today."""
    if weigh[0] == NOTHING or world.us.step > IDLE:
        decision_is_known(world, world.us.step if weigh[0] != NOTHING else IDLE)
    if weigh[0] != NOTHING:
        chance = chance_of_response(world, setting, p, today.level, today.place, weigh[0] == LEVEL_AND_PLACE)
        log_weight[0] += log(chance + LEAST)
    if weigh[1] > 0:
        log_weight[1] += log_chance_of_no_death(world, today, setting, p, random_seed)


@rule
def _weigh_answer(world, setting, p, random_seed, weigh, log_weight):
    """Add the log probability that an attack which Iran has avowed today killed nobody, where that is weighed."""
    if weigh[1] > 0 and world.today.avowed > 0:
        log_weight[1] += log_chance_that_answer_spares(world, setting, p, random_seed)


@rule
def decision_is_known(world, step):
    """Washington is known to be at this step of its decision: on free days, of which the world's own step tells."""
    us = world.us
    us.first = 1.0 if step == 1 else 0.0
    us.second = 1.0 if step == 2 else 0.0
    us.third = 1.0 if step == 3 else 0.0
    us.fourth = 1.0 if step == 4 else 0.0


@rule
def chance_of_response(world, setting, p, level, place, place_too):
    """Probability that Washington responds today at this level, and if `place_too` there; it decides in secret.

    How far it has come is not on record: the world carries the probability of each step, given that there has been no
    strike since the last, and this moves it a day on (the forward filter of a hidden Markov chain).
    """
    if not provoked_today(world, p):
        decision_is_known(world, IDLE)
        return 1.0 if level == 0 else 0.0
    us = world.us
    idle = 1.0 - us.first - us.second - us.third - us.fourth
    begun = idle * chance_of_next_step(world, p, IDLE)
    prepared = us.first * chance_of_next_step(world, p, 1)
    ready = us.second * chance_of_next_step(world, p, 2)
    prepared_hard = us.third * chance_of_next_step(world, p, 3)
    ready_hard = us.fourth * chance_of_next_step(world, p, 4)
    hard = chance_of_hard_strike(world, p)
    if level > 0:
        decision_is_known(world, IDLE)
        inside = chance_inside_iraq(world, p)
        if level <= 2:
            return ready * (1.0 - hard) * (inside if level == 2 else 1.0 - inside)
        on_iran = chance_of_strike_on_iran(world, p)
        chance = ready_hard * (on_iran if level == 4 else 1.0 - on_iran)
        return chance * chance_of_place(p, level, place, inside) if place_too else chance
    none = 1.0 - ready * (1.0 - hard) - ready_hard
    us.first = (us.first - prepared + begun) / none
    us.second = (us.second - ready + prepared) / none
    us.third = (us.third - prepared_hard + ready * hard) / none
    us.fourth = (us.fourth - ready_hard + prepared_hard) / none
    return none


@rule
def chance_of_place(p, level, place, inside):
    """Probability that a hard strike falls there: inside Iraq, in Syria, or with level 4 on Iranian soil."""
    elsewhere = 1.0 if level == 3 else 1.0 - p.us.soil
    if place == IRAN_PLACE:
        return 1.0 - elsewhere
    return elsewhere * (inside if place == IRAQ_PLACE else 1.0 - inside)


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
        deadly = _deadly(world, setting, p, intent_of(world, setting, p, i))
        for item in range(militia.attacks):
            if _through(world, setting, p, random_seed, militia.actor_id, item, militia.syria, order.site):
                total += log(max(1.0 - deadly, LEAST))
    return total


@rule
def log_chance_that_answer_spares(world, setting, p, random_seed):
    """Log probability that no munition of the attack that Iran avows today kills, given which of them get through."""
    total, deadly = 0.0, _deadly(world, setting, p, p.iran.answer_lethal)
    syria = logistic(p.militia.syria_reach)
    for item in range(math.floor(p.iran.answer_size + 0.5)):
        if _through(world, setting, p, random_seed, IRAN, item, syria, -1):
            total += log(max(1.0 - deadly, LEAST))
    return total


@rule
def _deadly(world, setting, p, meant):
    """Probability that a munition which gets through kills, when it is meant to with probability `meant`."""
    exposed = exposure(world.us.troops, setting.reference.troops)
    on_purpose = lethality(True, p.engagement.lethal_intended, p.engagement.lethal_harassment, exposed)
    by_chance = lethality(False, p.engagement.lethal_intended, p.engagement.lethal_harassment, exposed)
    return meant * on_purpose + (1.0 - meant) * by_chance


@rule
def _through(world, setting, p, random_seed, actor_id, item, syria, ordered_site):
    """Whether a munition of today got through, as `sim.core.day.engagement.engage` had it."""
    site = ordered_site
    if site < 0:
        u = uniform(random_seed, world.luck, world.date, actor_id, SITE, item)
        site = choose_site(setting, syria, u)
    u = uniform(random_seed, world.luck, world.date, actor_id, THROUGH, item)
    return u < gets_through(p.engagement.gets_through, setting.stops[site], world.us.stopping)


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
