"""The state of a world on its first day."""

from sim.core.jit import rule
from sim.core.rules.tehran import stance_goal


@rule
def begin(world, setting, p):
    """Give a blank world its state on the first day.

    Memories are empty, stocks full, no bargain stands; Tehran's stance is what its reasons of 17 October 2023 make
    it, and later terms are relative to that.
    """
    world.us.credibility = p.us.credibility_start
    world.us.troops = setting.reference.troops
    world.us.culprit = 0
    world.iraq.capital = 1.0
    world.iran.stance = stance_of_reference(setting, p)
    world.iran.stance_start = world.iran.stance
    begin_militias(world, setting, p)


@rule
def stance_of_reference(setting, p):
    """Tehran's stance on 17 October 2023, without fear, grievance or bargain, in [-1, 1]."""
    return stance_goal(
        p.iran.restraint - setting.others_stance, p.iran.stance_gaza, setting.reference.gaza,
        p.iran.stance_war_fear, 0.0,
        p.iran.stance_grievance, 0.0, p.iran.stance_mediation, 0.0, p.iran.posture_fear, 0.0,
    )  # fmt: skip


@rule
def begin_militias(world, setting, p):
    """Give militias without an identifier theirs, with full stocks and no memories."""
    for i in range(setting.militia_count):
        militia, fixed = world.militias[i], setting.militias[i]
        if militia.actor_id == 0:
            militia.actor_id = fixed.actor_id
            militia.arsenal = p.militia.arsenal * fixed.share
            militia.autonomy = fixed.autonomy
