"""How Tehran decides: its stance from urging (-1) to restraining (+1), its supply, and its open answer."""

from sim.core.jit import rule
from sim.core.rules.common import logistic


@rule
def stance_goal(
    restraint, gaza_weight, gaza, fear_weight, war_fear, grievance_weight, grievance, mediation_weight, bargain,
    posture_weight, posture,
):  # fmt: skip
    """Tehran restrains for fear of war and when asked, and urges over Gaza and its own grievance.

    2 logistic(restraint - gw * gaza + fw * war_fear - vw * grievance + mw * bargain + pw * posture) - 1, in
    [-1, 1]; posture relative to 17 October 2023. Facts: informal-agreement, pressure-iran-to-stop,
    sudani-tehran-visit, iran-facilitates-attacks.
    """
    log_odds = (
        restraint
        - gaza_weight * gaza
        + fear_weight * war_fear
        - grievance_weight * grievance
        + mediation_weight * bargain
        + posture_weight * posture
    )
    return 2.0 * logistic(log_odds) - 1.0


@rule
def word_to(autonomy, dilution, stance):
    """Tehran's word reaches a militia diluted by its autonomy.

    (1 - dilution * autonomy) * stance, in [-1, 1]. Facts: irgc-supports-groups, groups-may-act-on-their-own.
    """
    return (1.0 - dilution * autonomy) * stance


@rule
def stock_after_supply(stock, size, supply, share, stance):
    """Tehran refills stocks, twice as fast when it urges and not at all when it restrains.

    min(size, stock + supply * share * (1 - stance)), in attacks. Facts: iran-arms-groups, weapons-across-border.
    """
    return min(size, stock + supply * share * (1.0 - stance))


@rule
def autonomy_after_brake(autonomy, start, splinter, stance, keep):
    """Partners held back splinter off, and come back slowly. Facts: groups-may-act-on-their-own.

    s + keep * (a - s), after a grew by (1 - a) * splinter * max(0, stance); in [0, 1].
    """
    shed = autonomy + (1.0 - autonomy) * splinter * max(0.0, stance)
    return start + (shed - start) * keep


@rule
def rate_of_word(order, stance):
    """Tehran has its partners pause the sooner the more it restrains.

    order * max(0, stance), a day. Facts: informal-agreement, iran-facilitates-attacks.
    """
    return order * max(0.0, stance)


@rule
def chance_to_answer(answer, direct_weight, direct, grievance_weight, grievance, fear_weight, war_fear):
    """After a level-3 or level-4 strike Tehran may answer openly, from grievance and in spite of fear.

    logistic(answer + direct_weight * (level is 4) + gw * grievance - fw * war_fear), for that strike.
    Facts: escalation-by-iran-itself, us-avoids-regional-war.
    """
    return logistic(answer + direct_weight * direct + grievance_weight * grievance - fear_weight * war_fear)
