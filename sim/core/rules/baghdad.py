"""How Baghdad decides: opening a bargain, what it can do, what it costs, and when it wants the troops gone."""

from sim.core.jit import rule
from sim.core.rules.common import logistic


@rule
def chance_to_press(
    pressing, diplomacy_weight, diplomacy, strain_weight, strain, capital_weight, spent, gaza_weight, gaza
):
    """Baghdad opens a bargain the sooner Washington asks, and the later it is strained, spent or protested against.

    logistic(pressing + dw * diplomacy - sw * strain - cw * (1 - capital) - gw * gaza), a day.
    Facts: sudani-pressed-militias, iraqi-protests, sudani-tightrope.
    """
    return logistic(
        pressing
        + diplomacy_weight * diplomacy
        - strain_weight * strain
        - capital_weight * spent
        - gaza_weight * gaza
    )


@rule
def restraint_on(bargain, effectiveness, stake):
    """A bargain restrains a militia as far as Baghdad is effective and the militia has a stake in the state.

    bargain * effectiveness * stake, in [0, 1]. Facts: few-believe-sudani-can, militias-entrenched-in-state.
    """
    return bargain * effectiveness * stake


@rule
def rate_of_truce(rate, bargain, effectiveness):
    """A standing bargain has the militias declare a pause as far as Baghdad is effective: it holds for a visit.

    rate * bargain * effectiveness, a day. Facts: sudani-pressed-militias, few-believe-sudani-can.
    """
    return rate * bargain * effectiveness


@rule
def capital_after_pressing(capital, spend, bargain):
    """Pressing spends political capital: capital * (1 - spend * bargain). Facts: sudani-tightrope."""
    return capital * (1.0 - spend * bargain)


@rule
def withdrawal_status(status, strain, talks_threshold, order_threshold, days_of_talks, order_delay):
    """Strain past a threshold opens talks on withdrawal, and past another, after a delay, has it ordered.

    Status 0 none, 1 talks, 2 ordered; it never goes back. Facts: soleimani-strike-2020, withdrawal-negotiations.
    """
    opened = max(status, 1 if strain >= talks_threshold else 0)
    ordered = status == 1 and strain >= order_threshold and days_of_talks >= order_delay
    return 2 if ordered else opened


@rule
def troops_present(troops, days_since_order, withdrawal_time, advisers):
    """After an order the troops leave evenly over a stated time, but for advisers. Facts: withdrawal-negotiations."""
    gone = min(1.0, max(0.0, days_since_order / withdrawal_time))
    return troops * (1.0 - gone * (1.0 - advisers))
