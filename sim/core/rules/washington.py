"""How Washington decides: pressure to act, the response ladder, where it strikes, how it is believed."""

import math

from sim.core.jit import rule
from sim.core.rules.common import log2_of_one_more


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
def drive_to_respond(pressure, anticipation, anger, lobby, bargain, noise):
    """Washington is driven by pressure, and held by fear of bringing on worse and by Baghdad's pleading.

    pressure - anticipation * anger - lobby * bargain + logistic noise of scale 1, in logits.
    Facts: substantial-retaliation-escalates, sudani-lobbies-washington.
    """
    return pressure - anticipation * anger - lobby * bargain + noise


@rule
def threshold(level, first, second, third, fourth, readiness, ceiling):
    """Each level of the ladder has a threshold; readiness lowers the first two, ceiling the red lines 3 and 4.

    t1 = first - readiness; t2 = t1 + second; t3 = first + second + third - ceiling; t4 = t3 + fourth, in logits; a
    red line below t2 is raised to t2. Facts: us-restrained-response, irgc-commanders-avoided.
    """
    low = first - readiness + (second if level > 1 else 0.0)
    high = first + second + third - ceiling + (fourth if level > 3 else 0.0)
    return low if level < 3 else max(low, high)


@rule
def strikes_inside_iraq(drive, level_threshold, sensitivity):
    """Washington strikes inside Iraq only when driven past an extra threshold.

    drive > level_threshold + sensitivity, in logits. Facts: strikes-none-in-iraq, avoid-alienating-baghdad.
    """
    return drive > level_threshold + sensitivity


@rule
def pressure_after_strike(pressure, relief, level_threshold):
    """A strike relieves a share of its own threshold, so that a token strike does not wipe out a death.

    max(0, pressure - relief * max(0, level_threshold)), in logits. Facts: strike-8-nov, strike-12-nov.
    """
    return max(0.0, pressure - relief * max(0.0, level_threshold))


@rule
def credibility_after_silence(credibility, loss, attacks, lobby_doubt, bargain):
    """Each attack left unanswered costs credibility, more so when Baghdad was seen to plead.

    credibility * exp(-loss * attacks * (1 + lobby_doubt * bargain)), in [0, 1]. Facts: restraint-breeds-doubt.
    """
    return credibility * math.exp(-loss * attacks * (1.0 + lobby_doubt * bargain))


@rule
def credibility_after_strike(credibility, gain, level):
    """A strike restores a share of lost credibility, each level once more.

    1 - (1 - c) (1 - gain)^level, in [0, 1]. Facts: response-failed-to-deter, lull-after-strikes.
    """
    lost = 1.0 - credibility
    for _ in range(level):
        lost = lost * (1.0 - gain)
    return 1.0 - lost
