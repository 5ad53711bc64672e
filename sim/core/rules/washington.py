"""How Washington decides: whether it strikes, how far, when; and how it is believed."""

import math

from sim.core.functions import exp
from sim.core.jit import rule
from sim.core.rules.common import log2_of_one_more, logistic


@rule
def pressure_of_harm(per_attack, attacks, per_wounded, wounded, per_killed, killed):
    """Pressure to act grows with attacks, less than in proportion with wounded, and most of all with killed.

    per_attack * attacks + per_wounded * sqrt(wounded) + per_killed * log2(1 + killed), in logits.
    Facts: us-struck-back-three-times, death-would-escalate, strikes-after-tower-22.
    """
    return per_attack * attacks + per_wounded * math.sqrt(wounded) + per_killed * log2_of_one_more(killed)


@rule
def defied(harm, commitment, memory):
    """Harm presses the more when it defies recent strikes of Washington's own: its response is on trial.

    harm * (1 + commitment * memory), in logits; memory in [0, 1].
    Facts: response-failed-to-deter, critics-response-too-small, caught-in-spiral.
    """
    return harm * (1.0 + commitment * memory)


@rule
def caution(anticipation, anger, lobby, bargain):
    """Washington is held by fear of bringing on worse and by Baghdad's pleading, at every step of its decision.

    anticipation * anger + lobby * bargain, in logits. Facts: substantial-retaliation-escalates,
    sudani-lobbies-washington.
    """
    return anticipation * anger + lobby * bargain


@rule
def chance_to_decide(pressure, held, first, readiness):
    """Provoked, Washington decides on a strike the sooner the more it is pressed, the less held and the readier it is.

    logistic(pressure - held - (first - readiness)), a day; `first` is the pressure at which it is as likely as not.
    Facts: us-restrained-response, us-struck-back-three-times.
    """
    return logistic(pressure - held - (first - readiness))


@rule
def still_provoked(provoked, days_since, most_days):
    """A strike answers a provocation: an attack since the last strike, and no longer ago than a stated time.

    Without one nothing is decided, and what was being prepared lapses. Facts: strike-27-oct, strike-8-nov.
    """
    return provoked > 0 and days_since <= most_days


@rule
def chance_of_step(lag):
    """Each of the two steps of a preparation is done on a day with chance min(1, 2 / lag), at most one a day.

    `lag` is in days: the steps take a negative binomial number of days with this mean, the discrete form of a gamma
    distribution of shape 2. Facts: strike-27-oct, strikes-after-tower-22, commander-killed-7-feb.
    """
    return min(1.0, 2.0 / lag)


@rule
def chance_of_level_3(base, ceiling, weight, killed, held):
    """A strike is a hard one (level 3 or more) the likelier, the more killed are unanswered, up to the red lines.

    logistic(base + ceiling + weight * log2(1 + killed) - held), given a strike; the killed not yet answered.
    Facts: strikes-after-tower-22, death-would-escalate, us-restrained-response.
    """
    return logistic(base + ceiling + weight * log2_of_one_more(killed) - held)


@rule
def chance_of_level_4(
    base, ceiling, weight, killed, undeterred_weight, undeterred, avowed_weight, avowed, held
):
    """A hard strike hits Iran the likelier, the more were killed, after one that stopped nothing, and if Iran avows.

    logistic(base + ceiling + weight * log2(1 + killed) + uw * undeterred + aw * avowed - held), given level 3 or more;
    undeterred: a level-3 strike within the window did not stop the killing. Facts: irgc-commanders-avoided,
    soleimani-strike-2020, war-with-iran-risk.
    """
    return logistic(
        base
        + ceiling
        + weight * log2_of_one_more(killed)
        + undeterred_weight * undeterred
        + avowed_weight * avowed
        - held
    )


@rule
def chance_in_iraq(sensitivity, weight, killed):
    """Washington strikes inside Iraq, not in Syria, the more readily the more killed are unanswered.

    logistic(weight * log2(1 + killed) - sensitivity). Facts: strikes-none-in-iraq, avoid-alienating-baghdad,
    strikes-after-tower-22.
    """
    return logistic(weight * log2_of_one_more(killed) - sensitivity)


@rule
def left_after_strike(amount, relief, level):
    """A strike relieves a share of pressure and answers a share of the killed, each level once more.

    amount * (1 - relief)^level. Facts: strike-8-nov, strike-12-nov.
    """
    for _ in range(level):
        amount = amount * (1.0 - relief)
    return amount


@rule
def posture_after_harm(ordered, reaction, pressure, first):
    """Reinforcement answers harm besides what the timeline orders: the more, the more Washington is pressed.

    min(3, ordered + reaction * (1 - exp(-pressure / first))). Facts: air-defence-deployed, posture-overly-muscular.
    """
    return min(3.0, ordered + reaction * (1.0 - exp(-pressure / first)))


@rule
def credibility_after_silence(credibility, loss, attacks, lobby_doubt, bargain):
    """Each attack left unanswered costs credibility, more so when Baghdad was seen to plead.

    credibility * exp(-loss * attacks * (1 + lobby_doubt * bargain)), in [0, 1]. Facts: restraint-breeds-doubt.
    """
    return credibility * exp(-loss * attacks * (1.0 + lobby_doubt * bargain))


@rule
def credibility_after_strike(credibility, gain, level):
    """A strike restores a share of lost credibility, each level once more.

    1 - (1 - c) (1 - gain)^level, in [0, 1]. Facts: response-failed-to-deter, lull-after-strikes.
    """
    lost = 1.0 - credibility
    for _ in range(level):
        lost = lost * (1.0 - gain)
    return 1.0 - lost
