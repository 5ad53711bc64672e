"""How a militia decides: will to fight, rate of attack, standing down, intent and reach."""

import math

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
    return tempo * share * math.exp(will) * shock


@rule
def shared_impulse(z, log_sd):
    """All groups act at once: a log-normal multiplier of mean 1 that they share on a day.

    exp(log_sd z - log_sd^2 / 2), z standard normal. Facts: groups-act-at-same-time.
    """
    return math.exp(log_sd * z - 0.5 * log_sd * log_sd)


@rule
def reluctance(will_weight, will, contagion, others):
    """A militia stands down the sooner the less willing it is and the more of the others have paused.

    Log ratio of its daily rate of standing down: -will_weight * will + contagion * others; others is their share of
    the campaign, [0, 1]. Facts: lull-after-strikes, six-months-calm, groups-act-at-same-time.
    """
    return contagion * others - will_weight * will


@rule
def eagerness(will_weight, will, contagion, others):
    """A militia that stands down resumes the sooner the more willing it is and the fewer of the others pause.

    Log ratio of its daily rate of resuming: will_weight * will - contagion * others. Facts: attacks-resume-16-july.
    """
    return will_weight * will - contagion * others


@rule
def intent_to_kill(base, anger_weight, anger, doubt_weight, doubt, autonomy_weight, autonomy):
    """Most attacks harass; the angrier, the more doubtful of Washington and the less led, the more are meant to kill.

    min(0.95, base * exp(anger_weight * anger + doubt_weight * doubt + autonomy_weight * autonomy)); doubt and
    autonomy relative to 17 October 2023. Facts: attacks-not-designed-to-kill, groups-may-act-on-their-own.
    """
    pull = anger_weight * anger + doubt_weight * doubt + autonomy_weight * autonomy
    return min(0.95, base * math.exp(pull))


@rule
def reach_to_syria(start, own, drift, days, drift_time, displacement, restraint):
    """Attacks move to Syria over the first weeks, and where Baghdad presses.

    Log odds of Syria or Jordan: start + own + drift (1 - exp(-days / drift_time)) + displacement * restraint.
    Facts: attacks-iraq-24-oct, attacks-syria-17-nov, militias-transnational.
    """
    return start + own + drift * (1.0 - math.exp(-days / drift_time)) + displacement * restraint
