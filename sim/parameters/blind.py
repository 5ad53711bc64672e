"""Priors blind to the last article: what would be believed of a parameter had that article not been read.

The article, source 001, tells of 2024: the deaths at Tower 22, the answer, the lull, the return. A prior whose number
was chosen with that in view foresees it too well to be scored on it. `BLIND` gives a second form for each such
parameter; `RESTS_ELSEWHERE` says of those that cite the article why their number does not come from it. A blind prior
keeps no number that the article suggests: where its centre came from there it moves to where nothing is asserted (the
campaign's own facts of 2023, or a ratio near 1), and its spread is that of a guess. All are assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sim.parameters.parameter import Parameter, Prior, beta, lognormal, normal

LAST_ARTICLE = "001"
"""The source, in seeds/sources.yaml, of all that is known of after 17 November 2023."""


@dataclass(frozen=True)
class Blind:
    """A prior that does not rest on the last article, and what it rests on instead."""

    prior: Prior
    reason: str


BLIND: Mapping[str, Blind] = MappingProxyType(
    {
        "militia.lebanon": Blind(
            lognormal(0.7, 1.0),
            "the groups threaten for the sake of both fronts; that a wider one adds is not known",
        ),
        "militia.presence": Blind(
            lognormal(1.0, 0.9),
            "presence is a grievance of old; that attacks last as long as it is not foretold",
        ),
        "militia.deterrence": Blind(
            lognormal(0.8, 1.1),
            "three small strikes were followed by more attacks; a wave had not been tried",
        ),
        "militia.fear_half_life": Blind(
            lognormal(30.0, 1.2), "no lull had been seen: from a week to half a year"
        ),
        "militia.fear_growth": Blind(
            lognormal(2.0, 0.5), "each level as much again; none above the first was tried"
        ),
        "militia.kill_intent": Blind(
            beta(1.0, 18.0),
            "attacks not designed to kill, of which none in the first month had killed by fire",
        ),
        "militia.stand_down": Blind(
            lognormal(0.004, 1.5), "one earlier understanding that had ended attacks"
        ),
        "militia.resume": Blind(lognormal(0.005, 1.5), "one return, of October 2023, after an understanding"),
        "militia.settling": Blind(
            lognormal(30.0, 1.0), "from days to months; no pause had been seen to settle"
        ),
        "militia.trigger": Blind(
            lognormal(0.8, 0.9), "strikes were answered; what ends a pause was not known"
        ),
        "militia.leak": Blind(beta(1.0, 9.0), "groups may act on their own; no calm had been seen"),
        "militia.contagion": Blind(lognormal(0.8, 0.8), "that the groups act at the same time, alone"),
        "militia.destruction_growth": Blind(
            lognormal(1.7, 0.5), "larger strikes destroy more; how much is a guess"
        ),
        "engagement.lethal_intended": Blind(
            beta(1.5, 4.0), "no attack is known that was meant to kill; a drone that gets through often would"
        ),
        "us.lag_hard": Blind(
            lognormal(4.0, 0.8), "no hard strike had been prepared: from a day to three weeks"
        ),
        "us.iraq_killed": Blind(lognormal(1.3, 0.8), "it struck inside Iraq after deaths in 2019 and 2020"),
        "us.commander": Blind(
            beta(2.0, 3.0), "a commander was killed in 2020, and waves were struck before it"
        ),
        "us.pressure_killed": Blind(
            lognormal(4.0, 0.9), "deaths are said to escalate; the answer to none was known"
        ),
        "us.attribution": Blind(
            beta(2.0, 2.0), "a shared name hides the author; whom Washington would name is open"
        ),
        "iraq.order_delay": Blind(lognormal(45.0, 1.0), "no talks had opened"),
        "iraq.advisers": Blind(beta(1.2, 4.0), "what would stay had not been spoken of"),
        "iran.deaths_fear": Blind(
            lognormal(0.7, 1.0), "deaths are said to escalate; what Tehran makes of them is open"
        ),
        "iran.pause": Blind(
            lognormal(0.04, 1.2), "an understanding with Tehran had ended attacks once; how soon is open"
        ),
        "iran.answer": Blind(normal(-3.5, 1.3), "done once, after 2020; that none came in 2024 is not known"),
        "iran.strike_fear_growth": Blind(
            lognormal(2.2, 0.5), "each level as much again; none above the first was tried"
        ),
        "iran.strike_grievance_growth": Blind(
            lognormal(2.2, 0.5), "each level as much again; none above the first was tried"
        ),
        "iran.war_fear_half_life": Blind(lognormal(60.0, 1.0), "no calm had been seen: from weeks to a year"),
    }
)
"""By registry name."""

RESTS_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "militia.hurry": "its centre is zero, of either sign; the article names the motive and no number",
        "militia.return_floor": "rests on attacks foretold for as long as troops stay, which others say too",
        "us.provocation_days": "a constant, twice the days within which the strikes of 2023 came",
        "us.level_3_killed": "rests on the reference class, whose weak base was stated before it",
        "us.level_4_base": "rests on the reference class, all of it before October 2023",
        "us.level_4_killed": "rests on the reference class, all of it before October 2023",
        "militia.stand_down_will": "follows from what the will to fight means; the lull is an instance, no number",
        "militia.resume_will": "follows from what the will to fight means; the return is an instance, no number",
        "engagement.killed_tail": "a constant, the usual order of such tails; three deaths do not tell it",
        "us.ceiling": "zero is the doctrine by construction, and the spread is between administrations",
        "us.credibility_gain": "the number rests on three strikes of 2023 that restored little",
        "iraq.order_threshold": "the number rests on 2020, when a killing brought demands and no order",
        "iraq.withdrawal_time": "no article gives a schedule",
    }
)
"""Parameters that cite the article and whose number does not come from it: why, by registry name."""


def blind_text(parameter: Parameter) -> str | None:
    """What is said of a parameter's blind form, or of why it has none; None where it does not cite the article."""
    if (other := BLIND.get(parameter.name)) is not None:
        return f"{other.prior}: {other.reason}"
    reason = RESTS_ELSEWHERE.get(parameter.name)
    return None if reason is None else f"none: {reason}"


def with_blind(parameter: Parameter) -> Parameter:
    """A parameter that knows its blind prior, if it has one."""
    other = BLIND.get(parameter.name)
    return parameter if other is None else replace(parameter, blind=other.prior)
