"""Every outcome of a run, each declared once, in the order of the outcome table's columns.

A new outcome is one entry here. Where it is no function of what the record of outcomes holds already, the entry names
a new field, and `sim.core.day.record` writes it; where it is counted day by day, `sim.core.counting` counts it. What no
one life can tell is `lived_again`, and `sim.simulate.second_lives` writes it.
"""

from __future__ import annotations

import numpy as np

from sim.outcomes.outcome import Array, Outcome, Use, category, count, event, level

LEVELS = 5  # Washington's response: 0 hold, 1 to 4
RUNGS = 7  # the escalation ladder: 0 quiet to 6 reciprocal direct
SPIRALS = ("direct", "reciprocal")
HEADLINES = ("severe", *SPIRALS)
"""What a scenario may ask about, each the key of an event."""
CAUSES = ("none", "accident", "intent", "strike in Iraq", "strike", "Tehran")
WITHDRAWAL = ("none", "talks", "ordered")
ENDINGS = ("quiet", "low conflict", "spiralled")


def _attacks(outcomes: Array) -> Array:
    return np.asarray(outcomes["attacks_iraq"] + _elsewhere(outcomes))


def _elsewhere(outcomes: Array) -> Array:
    return np.asarray(outcomes["attacks_syria"] + outcomes["attacks_jordan"])


def _strikes(outcomes: Array) -> Array:
    return np.asarray(outcomes["strikes"][..., 1:].sum(axis=-1))


def rung_key(rung: int) -> str:
    """Key of the event that a rung of the ladder is reached, from 1 on."""
    return "severe" if rung == 4 else f"rung_{rung}"


def _rung(rung: int) -> Outcome:
    severe = rung == 4
    return event(
        rung_key(rung),
        "severe exchange" if severe else f"rung {rung}",
        f"rung {rung} of the ladder or a higher one",
        ("column", "first_day", "row", "compared") if severe else ("column", "first_day"),
        field="rung_day",
        size=RUNGS,
        index=rung,
        column=f"rung_{rung}_day",
        told=f"rung {rung}",
    )


def _strikes_of_level(number: int) -> Outcome:
    key, label = f"strikes_level_{number}", f"US strikes of level {number}"
    return count(key, label, "strikes", label, field="strikes", size=LEVELS, index=number)


SPIRAL: tuple[Use, ...] = ("column", "flag", "first_day", "row", "compared")

ENTRIES: tuple[Outcome, ...] = (
    event("direct", "direct exchange", "a direct exchange, as the scenario defines it", SPIRAL),
    event(
        "reciprocal",
        "reciprocal exchange",
        "a reciprocal exchange, as the scenario defines it",
        SPIRAL,
        short="reciprocal",
    ),
    event(
        "spiral",
        "spiral by reactions",
        "the headline, in a run that does not come to it when it is lived again without the amplifying reactions",
        SPIRAL,
        short="by reactions",
        lived_again=True,
    ),
    event(
        "anyway",
        "headline without reactions",
        "the headline, in a run that comes to it without the amplifying reactions too",
        SPIRAL,
        short="anyway",
        lived_again=True,
    ),
    level("peak_rung", "highest rung", "rung 0 to 6", "highest rung reached"),
    level("last_rung", "last rung", "rung 0 to 6", "rung on the last day", ()),
    *(_rung(rung) for rung in range(1, RUNGS)),
    event(
        "escalatory",
        "escalatory event",
        "an escalatory event: US killed by fire by a militia, a US strike inside Iraq or of level 3 or 4, or an attack "
        "that Iran avows",
        ("column",),
        field="severe_day",
    ),
    category(
        "escalatory_cause",
        "first escalatory event",
        "what the first escalatory event was",
        CAUSES,
        field="severe_cause",
    ),
    category(
        "first_mover",
        "first mover",
        "who brought about the first escalatory event: none (there was none), us, iran, or a militia",
        field="severe_mover",
    ),
    event(
        "any_killed",
        "any US killed",
        "US killed by fire",
        field="first_killed_day",
        column="first_killed_day",
        told="killed",
    ),
    event("level_4_strike", "any level-4 strike", "a US strike of level 4", short="level-4 strike"),
    event("strike_in_iraq", "any US strike in Iraq", "a US strike inside Iraq", short="strike in Iraq"),
    event("avowed_attack", "any attack avowed by Iran", "an attack that Iran avows", short="avowed attack"),
    count(
        "attacks",
        "attacks",
        "attacks",
        "attacks by militias",
        ("distribution", "row", "compared"),
        read=_attacks,
        daily=2,
    ),
    count(
        "attacks_iraq",
        "attacks in Iraq",
        "attacks",
        "attacks by militias in Iraq",
        ("column", "row"),
        daily=0,
    ),
    count("attacks_syria", "attacks in Syria", "attacks", "attacks by militias in Syria"),
    count("attacks_jordan", "attacks in Jordan", "attacks", "attacks by militias in Jordan"),
    count(
        "attacks_syria_jordan",
        "attacks in Syria and Jordan",
        "attacks",
        "attacks by militias in Syria and Jordan",
        (),
        read=_elsewhere,
        daily=1,
    ),
    count(
        "wounded",
        "US wounded",
        "persons",
        "US wounded by fire, by militias and by Iran",
        ("column", "distribution", "row", "compared"),
        daily=3,
    ),
    count(
        "killed",
        "US killed by fire",
        "persons",
        "US killed by fire, by militias and by Iran",
        ("column", "distribution", "row", "compared"),
        short="US killed",
        daily=4,
    ),
    count(
        "alarm_deaths",
        "killed in false alarms",
        "persons",
        "US deaths in shelters by false alarm, not among those killed by fire",
        ("column", "total"),
    ),
    count(
        "strikes",
        "US strikes",
        "strikes",
        "US strikes, at most one a day",
        ("distribution", "row", "compared"),
        short="strikes",
        read=_strikes,
        daily=5,
    ),
    count(
        "strikes_in_iraq",
        "US strikes in Iraq",
        "strikes",
        "US strikes inside Iraq",
        ("column", "total", "row", "compared"),
        short="strikes in Iraq",
    ),
    count(
        "avowed",
        "attacks avowed by Iran",
        "attacks",
        "attacks that Iran avows, not among those by militias",
        ("column", "total", "row"),
    ),
    count(
        "bargains",
        "bargains",
        "bargains",
        "times that Baghdad opened or renewed a bargain with the militias",
        ("column", "total"),
    ),
    level(
        "longest_quiet",
        "longest quiet",
        "days",
        "longest spell without an attack, those that Iran avows included",
        ("column", "distribution"),
    ),
    count(
        "campaign_days",
        "days in campaign",
        "militia-days",
        "days in campaign over all militias, without those on which an attack or a hold is imposed",
        ("column", "total"),
    ),
    count(
        "capacity_days",
        "days at capacity",
        "militia-days",
        "of the days in campaign, those at launch capacity or with no stock for more",
        ("column", "total"),
    ),
    *(_strikes_of_level(number) for number in range(1, LEVELS)),
    count(
        "commanders",
        "strikes on commanders",
        "strikes",
        "US strikes that kill a commander: a militia's at level 3, an Iranian one or unit outside Iran at level 4",
        ("column", "total"),
    ),
    count(
        "strikes_on_soil",
        "strikes on Iranian soil",
        "strikes",
        "US strikes on Iranian soil",
        ("column", "total"),
    ),
    count(
        "us_held",
        "days Washington held",
        "days",
        "days on which Washington held its fire although it was as likely as not, or likelier, to decide on a strike",
        ("column", "total"),
    ),
    count(
        "held_days",
        "days militias held",
        "militia-days",
        "days on which a militia held its fire under a pause that was declared",
        ("column", "total"),
    ),
    count(
        "brake_days",
        "days Tehran braked",
        "days",
        "days on which Tehran restrained its partners rather than urged them",
        ("column", "total"),
    ),
    count(
        "called_off",
        "exchanges called off",
        "exchanges",
        "times that Washington let an answer that Iran avowed, and that killed nobody, be the end of an exchange",
        ("column", "total"),
    ),
    count("pauses", "pauses", "pauses", "pauses that somebody declared", ("column", "total")),
    count("returns", "returns", "returns", "pauses that were revoked", ("column", "total")),
    level(
        "longest_pause",
        "longest pause",
        "days",
        "longest pause that somebody had declared, leaks from it included",
        ("column",),
    ),
    event(
        "censored",
        "end of a war",
        "counts no longer kept, since a reciprocal exchange has been followed to its end",
        ("column",),
    ),
    level(
        "credibility",
        "US credibility",
        "0 to 1",
        "Washington's credibility in the militias' eyes on the last day",
        ("row", "compared"),
        short="credibility",
        state=("us", "credibility"),
    ),
    category(
        "withdrawal",
        "US withdrawal",
        "how far a withdrawal by Baghdad has come on the last day; talks that the timeline brings do not count",
        WITHDRAWAL,
        field="status",
    ),
    event(
        "withdrawal_ordered",
        "withdrawal ordered",
        "Baghdad's order to withdraw (0 where it came before the start)",
        ("column",),
        field="order_day",
    ),
    category(
        "ending",
        "ending",
        "how the run ended: spiralled where the headline spiral came, else quiet where the last day has rung 0",
        ENDINGS,
    ),
)

FIRST: dict[str, tuple[str, ...]] = {
    "total": ("capacity_days", "campaign_days", "alarm_deaths", "avowed", "bargains", "strikes_in_iraq"),
}
"""Where something has another order than the entries: what comes first in it, in its order."""
