"""Arithmetic that the rules of several actors share."""

from sim.core.functions import LOG_TWO, exp, log
from sim.core.jit import rule


@rule
def either(condition, yes, no):
    """`yes` where the condition holds, else `no`; both have been worked out by then."""
    return yes if condition else no


@rule
def logistic(log_odds):
    """Probability with these log odds: 1 / (1 + exp(-x)), in [0, 1]."""
    return 1.0 / (1.0 + exp(-min(max(log_odds, -700.0), 700.0)))


@rule
def effect(weight, level, reference):
    """A reason's log rate ratio: weight times how far its level is from that of 17 October 2023."""
    return weight * (level - reference)


@rule
def gain_at_level(gain, growth, level):
    """Share of what is left to add that a strike adds: 1 - exp(-gain * growth^(level - 1)), in [0, 1]."""
    for _ in range(1, level):
        gain = gain * growth
    return 1.0 - exp(-gain)


@rule
def grown(memory, share):
    """A memory in [0, 1] after an event that adds a share of what is left: x + (1 - x) share."""
    return memory + (1.0 - memory) * share


@rule
def drawn_towards(value, goal, keep):
    """A value a day later, of whose distance to its goal a share `keep` is left."""
    return goal + (value - goal) * keep


@rule
def log2_of_one_more(count):
    """log2(1 + count): 0 for none, 1 for one, 2 for three."""
    return log(1.0 + count) / LOG_TWO
