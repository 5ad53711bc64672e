"""What an attack does: whether it gets through, whom it wounds, whether it kills."""

from sim.core.functions import exp
from sim.core.jit import rule


@rule
def gets_through(usual, site, today):
    """An attack gets through the less, the better a site is defended, and the better all are today.

    usual / (usual + (1 - usual) * site * today): the odds of being stopped, times what the site's defence and the day's
    multiply them by. Facts: attacks-largely-ineffective, injuries-clustered-17-21-oct.
    """
    return usual / (usual + (1.0 - usual) * site * today)


@rule
def stopping(posture_defence, posture, hardened):
    """More is stopped, the more air defence has come and the more was learnt.

    exp(posture_defence * posture + hardened), times the odds of being stopped; posture relative to 17 October 2023.
    Facts: air-defence-deployed, injuries-clustered-17-21-oct.
    """
    return exp(posture_defence * posture + hardened)


@rule
def hardening(most, met, half):
    """Defenders learn from the attacks they meet, and less from each further one.

    most * met / (met + half), in log odds; half of it after `half` attacks. Facts: injuries-clustered-17-21-oct,
    no-injuries-most-attacks.
    """
    return most * met / (met + half)


@rule
def exposure(troops, reference):
    """Fewer troops, fewer in harm's way: troops present over those of October 2023, at most 1.

    min(1, troops / reference), in [0, 1]. Facts: presence-causes-attacks, withdrawal-leaves-advisers.
    """
    return min(1.0, troops / reference) if reference > 0.0 else 0.0


@rule
def lethality(meant_to_kill, intended, harassment, exposed):
    """Chance that an attack which gets through kills: larger when it is meant to.

    Facts: attacks-not-designed-to-kill, tower-22-killed, no-deaths-by-fire-17-nov.
    """
    return exposed * (intended if meant_to_kill else harassment)
