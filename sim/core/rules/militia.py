"""How a militia decides: will to fight, rate of attack, standing down, intent and reach."""

import math

from sim.core.functions import exp
from sim.core.jit import rule


@rule
def will_to_fight(
    gaza, lebanon, presence, hurry, revenge, fear, doubt, bargain, tehran, posture, backlash, ceiling
):
    """A militia is the more willing the more reasons it has, up to a limit.

    x = sum of the reasons (log rate ratios, 0 on 17 October 2023); above zero it nears the ceiling M softly,
    as x M / sqrt(M^2 + x^2).
    Facts: attacks-spike-with-gaza, lebanon-front-raises-attacks, presence-causes-attacks,
    force-delays-not-stops, restraint-breeds-doubt, sudani-pressed-militias, informal-agreement.
    """
    x = gaza + lebanon + presence + hurry + revenge + fear + doubt + bargain + tehran + posture + backlash
    above = max(0.0, x)
    return min(0.0, x) + above * ceiling / math.sqrt(ceiling * ceiling + above * above)


@rule
def attack_rate(tempo, share, will, shock):
    """A militia attacks at its share of the campaign's tempo, multiplied by its will and the day's impulse.

    lambda = tempo * share * exp(will) * shock, attacks a day.
    Facts: attacks-iraq-24-oct, attacks-syria-24-oct.
    """
    return tempo * share * exp(will) * shock


@rule
def shared_impulse(z, log_sd):
    """All groups act at once: a log-normal multiplier of mean 1 that they share on a day.

    exp(log_sd z - log_sd^2 / 2), z standard normal. Facts: groups-act-at-same-time.
    """
    return exp(log_sd * z - 0.5 * log_sd * log_sd)


@rule
def rate_of_pause(base, will_weight, will):
    """The groups together declare a pause the sooner the less willing they are on the whole.

    base * exp(-will_weight * will), a day. Facts: lull-after-strikes, six-months-calm, groups-act-at-same-time.
    """
    return base * exp(-will_weight * will)


@rule
def rate_of_return(floor, presence, base, will_weight, will, triggers, days, settling):
    """A pause is an order that can be revoked: as long as troops stay, the sooner the more willing the groups are.

    floor * presence + base * exp(will_weight * will + triggers) * (1 - exp(-days / settling)), a day; presence is that
    of troops relative to October 2023, days are those of the pause. Facts: force-delays-not-stops,
    presence-causes-attacks, informal-agreement, attacks-resume-16-july.
    """
    eager = base * exp(will_weight * will + triggers)
    return floor * presence + eager * (1.0 - exp(-days / settling))


@rule
def triggers_of_return(weight, struck, stalled):
    """A US strike the day before, or talks that have fallen back, bring a pause nearer its end.

    weight * (struck + stalled), as log ratio; struck 0 or 1, stalled in [0, 1]. A wider war in Lebanon does so by the
    will. Facts: force-delays-not-stops, speed-up-withdrawal.
    """
    return weight * (struck + stalled)


@rule
def rate_of_joining(base, contagion, others):
    """A militia that did not heed a pause joins it the sooner the more of the others hold their fire.

    base * (exp(contagion * others) - 1), a day; others is their share of the campaign, [0, 1].
    Facts: groups-act-at-same-time.
    """
    return base * (exp(contagion * others) - 1.0)


@rule
def heed(autonomy, dilution):
    """A militia heeds the word to pause the more surely the less autonomous it is.

    1 - dilution * autonomy, in [0, 1]. Facts: groups-may-act-on-their-own, informal-agreement.
    """
    return 1.0 - dilution * autonomy


@rule
def leaking_rate(rate, leak, autonomy):
    """A pause leaks: splinters of a militia attack on their own, the more the more autonomous it is.

    rate * leak * autonomy, attacks a day. Facts: groups-may-act-on-their-own.
    """
    return rate * leak * autonomy


@rule
def intent_to_kill(base, anger_weight, anger, doubt_weight, doubt, autonomy_weight, autonomy):
    """Most attacks harass; the angrier, the more doubtful of Washington and the less led, the more are meant to kill.

    min(0.95, base * exp(anger_weight * anger + doubt_weight * doubt + autonomy_weight * autonomy)); doubt and
    autonomy relative to 17 October 2023. Facts: attacks-not-designed-to-kill, groups-may-act-on-their-own.
    """
    pull = anger_weight * anger + doubt_weight * doubt + autonomy_weight * autonomy
    return min(0.95, base * exp(pull))


@rule
def share_moved(days, drift_time):
    """Attacks move to Syria over the first weeks: how far they have come, 0 at first and 1 in the end.

    1 - exp(-days / drift_time). Facts: attacks-iraq-24-oct, attacks-syria-17-nov.
    """
    return 1.0 - exp(-days / drift_time)


@rule
def reach_to_syria(start, own, drift, moved, displacement, restraint):
    """Attacks go to Syria the more, the further they have moved there, and where Baghdad presses.

    Log odds of Syria or Jordan: start + own + drift * moved + displacement * restraint.
    Facts: attacks-iraq-24-oct, attacks-syria-17-nov, militias-transnational.
    """
    return start + own + drift * moved + displacement * restraint
