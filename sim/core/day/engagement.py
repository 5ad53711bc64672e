"""Attacks meet defences: site, intent, stopped or through, wounded, killed; and false alarms."""

from sim.core.chance import ENVIRONMENT, PURPOSES, happens, negative_binomial, pareto_count, uniform
from sim.core.day.steps import each, phase, when
from sim.core.jit import rule
from sim.core.rules.common import either, logistic
from sim.core.rules.engagement import exposure, gets_through, hardening, lethality, stopping
from sim.core.rules.militia import intent_to_kill, reach_to_syria, share_moved
from sim.core.rules.washington import pressure_of_harm
from sim.core.state import MAX_SITES

SITE, INTENT, THROUGH = PURPOSES["site"], PURPOSES["intent"], PURPOSES["through"]
WOUNDED, KILLED, FALSE_ALARM = PURPOSES["wounded"], PURPOSES["killed"], PURPOSES["false alarm"]


@rule
def defences_stand(world, setting, p):
    """How far attacks have moved to Syria, and how well today's defences stop them."""
    world.moved = share_moved(world.day, p.militia.syria_drift_time)
    world.us.stopping = stopping_today(world, setting, p)


@rule
def attacks_are_on_their_way(world, setting, p, i):
    """Where the attacks of militia `i` go today; they have hurt nobody yet."""
    militia = world.militias[i]
    militia.syria = logistic(
        reach_to_syria(
            p.militia.syria_reach, setting.militias[i].reach, p.militia.syria_drift, world.moved,
            p.militia.displacement, militia.restraint,
        )
    )  # fmt: skip
    militia.deadly = 0
    militia.wounding = 0


@rule
def attacks(world, i):
    """Whether militia `i` has launched attacks today."""
    return world.militias[i].attacks > 0


@rule
def attacks_are_fought_out(world, today, setting, p, random_seed, i):
    """The attacks that militia `i` has launched are fought out one by one; a spared one stays in its stocks."""
    militia, events = world.militias[i], world.today
    wounded = 0
    killed = 0
    spared = 0
    for item in range(militia.attacks):
        if (today.orders[i].spared >> item) & 1:
            spared += 1
            continue
        site, hurt, dead, meant = attack_of(world, today, setting, p, random_seed, i, item)
        wounded += hurt
        killed += dead
        if hurt > 0:
            militia.wounding |= 1 << item
        if dead > 0:
            militia.deadly |= 1 << item
        if dead > 0 and events.killer == 0:
            events.meant = 1 if meant else 0
            events.killer = militia.actor_id
        _count_attack(world, setting.sites[site].country)
    militia.attacks -= spared
    militia.arsenal += spared
    events.wounded += wounded
    events.killed += killed
    militia.guilt += pressure_of_harm(
        p.us.pressure_attack, militia.attacks, p.us.pressure_wounded, wounded, p.us.pressure_killed, killed
    )


@rule
def reach_of(world, setting, p, i):
    """Log odds that an attack of militia `i` goes to Syria or Jordan today."""
    return reach_to_syria(
        p.militia.syria_reach, setting.militias[i].reach, p.militia.syria_drift,
        share_moved(world.day, p.militia.syria_drift_time), p.militia.displacement, world.militias[i].restraint,
    )  # fmt: skip


@rule
def intent_of(world, setting, p, i):
    """Chance that an attack of militia `i` is meant to kill today."""
    militia = world.militias[i]
    return intent_to_kill(
        p.militia.kill_intent, p.militia.intent_anger, militia.anger, p.militia.intent_doubt,
        p.us.credibility_start - world.us.credibility, p.militia.intent_autonomy,
        militia.autonomy - setting.militias[i].autonomy,
    )  # fmt: skip


@rule
def attack_of(world, today, setting, p, random_seed, i, item):
    """Attack `item` of militia `i` today, with what is ordered of it: site, wounded, killed, and whether meant."""
    order, actor_id, syria = today.orders[i], world.militias[i].actor_id, world.militias[i].syria
    site, through = engage(world, setting, p, random_seed, actor_id, item, syria, order.site)
    wounded = 0
    killed = 0
    meant = False
    if through:
        lethal = intent_of(world, setting, p, i)
        wounded, killed, meant = harm_of(world, today, setting, p, random_seed, actor_id, item, lethal)
    if order.killed >= 0:
        killed = order.killed if item == 0 else 0
        meant = killed > 0
    if order.wounded >= 0:
        wounded = order.wounded if item == 0 else 0
    return site, wounded, killed, meant


@rule
def _count_attack(world, country):
    events, outcome = world.today, world.outcome
    in_iraq = either(country == 0, 1, 0)
    in_syria = either(country == 1, 1, 0)
    events.attacks += 1
    events.attacks_iraq += in_iraq
    outcome.attacks_iraq += in_iraq
    outcome.attacks_syria += in_syria
    outcome.attacks_jordan += 1 - in_iraq - in_syria


@rule
def engage(world, setting, p, random_seed, actor_id, item, syria, ordered_site):
    """One munition, bound for Syria or Jordan with chance `syria`: its site, and whether it gets through."""
    run, date = world.luck, world.date
    site = ordered_site
    if site < 0:
        site = choose_site(setting, syria, uniform(random_seed, run, date, actor_id, SITE, item))
    chance = gets_through(p.engagement.gets_through, setting.stops[site], world.us.stopping)
    return site, uniform(random_seed, run, date, actor_id, THROUGH, item) < chance


@rule
def harm_of(world, today, setting, p, random_seed, actor_id, item, lethal):
    """What a munition does that got through, meant to kill with chance `lethal`: wounded, killed, whether meant."""
    run, date = world.luck, world.date
    exposed = exposure(world.us.troops, setting.reference.troops)
    wounded = _wounded(
        p, uniform(random_seed, run, date, actor_id, WOUNDED, item), p.engagement.wounding * exposed
    )
    meant = uniform(random_seed, run, date, actor_id, INTENT, item) < lethal
    deadly = lethality(meant, p.engagement.lethal_intended, p.engagement.lethal_harassment, exposed)
    u = uniform(random_seed, run, date, actor_id, KILLED, item) if today.deaths else 1.0
    killed = 0
    if u < deadly:
        killed = pareto_count(u / deadly, p.engagement.killed_tail, p.engagement.killed_cap)
    return wounded, killed, meant


@rule
def _wounded(p, u, chance):
    """Wounded by a munition that has got through: nobody but with this chance, else one and more."""
    if u >= chance:
        return 0
    more = max(0.0, p.engagement.wounded_mean - 1.0)
    if more == 0.0:
        return 1
    return 1 + negative_binomial(
        u / chance, more, p.engagement.wounded_dispersion, p.engagement.wounded_cap - 1.0
    )


@rule
def chance_to_get_through(world, setting, p, site):
    """Chance that a munition aimed at this site gets through today."""
    return gets_through(p.engagement.gets_through, setting.stops[site], stopping_today(world, setting, p))


@rule
def stopping_today(world, setting, p):
    """By how much the posture, and what defenders have learnt, multiply the odds of being stopped today."""
    hardened = hardening(p.engagement.hardening, world.us.met, p.engagement.hardening_attacks)
    return stopping(p.engagement.posture_defence, world.us.posture - setting.reference.posture, hardened)


@rule
def choose_site(setting, syria, u):
    """Index of the site that an attack goes to, in Syria or Jordan with chance `syria`: how many `u` has passed."""
    chosen = 0
    for s in range(MAX_SITES):
        up_to = (1.0 - syria) * setting.host_up_to[s] + syria * setting.others_up_to[s]
        chosen += either(u >= up_to, 1, 0)
    return chosen


ATTACKS_SET_OUT = phase(
    "attacks_set_out",
    "Where today's attacks go, and what defences they will meet.",
    defences_stand,
    each(attacks_are_on_their_way),
)

ATTACKS_OF_MILITIA = each(when(attacks, attacks_are_fought_out))
"""Attacks are fought out one by one, and their harm is laid at their author's door."""

ATTACKS_MEET_DEFENCE = phase(
    "attacks_meet_defence",
    "Every attack of the day is fought out, militia by militia, and its harm is laid at its author's door.",
    ATTACKS_OF_MILITIA,
)


@rule
def alarm_may_kill(world, p, random_seed):
    """On a day with attacks an alarm can cost a life although nothing comes."""
    events = world.today
    u = uniform(random_seed, world.luck, world.date, ENVIRONMENT, FALSE_ALARM, 0)
    kills = (events.attacks > 0) & happens(u, p.engagement.false_alarm_death)
    events.alarm_deaths = either(kills, 1, 0)


FALSE_ALARM_KILLS = phase(
    "false_alarm", "On a day with attacks an alarm can cost a life although nothing comes.", alarm_may_kill
)
