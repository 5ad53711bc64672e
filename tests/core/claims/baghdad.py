"""Claims of Baghdad's rules."""

import math

from sim.core.rules import baghdad
from tests.core.claims.claim import SHARE, Claim, Real, Whole, of

CLAIMS = [
    Claim(
        baghdad.chance_to_press,
        {
            "pressing": of("iraq.pressing"),
            "diplomacy_weight": of("iraq.press_diplomacy"),
            "diplomacy": SHARE,
            "strain_weight": of("iraq.press_strain"),
            "strain": SHARE,
            "capital_weight": of("iraq.press_capital"),
            "spent": SHARE,
            "gaza_weight": of("iraq.press_gaza"),
            "gaza": SHARE,
        },
        [
            # -1 + 2 (.5) - 1 (.25) - 2 (.125) - .5 (1) = -1
            ((-1.0, 2.0, 0.5, 1.0, 0.25, 2.0, 0.125, 0.5, 1.0), 1.0 / (1.0 + math.exp(1.0))),
            ((0.0, 2.0, 0.0, 1.0, 0.0, 2.0, 0.0, 0.5, 0.0), 0.5),
        ],
        0.0,
        1.0,
        rises="pressing diplomacy_weight diplomacy",
        falls="strain_weight strain capital_weight spent gaza_weight gaza",
    ),
    Claim(
        baghdad.restraint_on,
        {"bargain": SHARE, "effectiveness": SHARE, "stake": SHARE},
        [((0.5, 0.5, 0.6), 0.15), ((0.0, 1.0, 1.0), 0.0), ((1.0, 1.0, 1.0), 1.0)],
        0.0,
        1.0,
        rises="bargain effectiveness stake",
    ),
    Claim(
        baghdad.capital_after_pressing,
        {"capital": SHARE, "spend": of("iraq.capital_spend"), "bargain": SHARE},
        [((0.8, 0.1, 0.5), 0.76), ((0.8, 0.1, 0.0), 0.8)],
        0.0,
        1.0,
        rises="capital",
        falls="spend bargain",
    ),
    Claim(
        baghdad.withdrawal_status,
        {
            "status": Whole(0, 2),
            "strain": SHARE,
            "talks_threshold": of("iraq.talks_threshold"),
            "order_threshold": of("iraq.order_threshold"),
            "days_of_talks": Whole(0, 1100),
            "order_delay": of("iraq.order_delay"),
        },
        [
            ((0, 0.39, 0.4, 0.6, 0, 45.0), 0),
            ((0, 0.4, 0.4, 0.6, 0, 45.0), 1),
            ((0, 0.9, 0.4, 0.6, 99, 45.0), 1),  # talks come first
            ((1, 0.6, 0.4, 0.6, 45, 45.0), 2),
            ((1, 0.6, 0.4, 0.6, 44, 45.0), 1),
            ((1, 0.59, 0.4, 0.6, 99, 45.0), 1),
            ((1, 0.0, 0.4, 0.6, 0, 45.0), 1),  # never back
            ((2, 0.0, 0.4, 0.6, 0, 45.0), 2),
        ],
        0,
        2,
        rises="status strain days_of_talks",
        falls="talks_threshold order_threshold order_delay",
    ),
    Claim(
        baghdad.troops_present,
        {
            "troops": Real(0.0, 2.0),
            "days_since_order": Whole(0, 1100),
            "withdrawal_time": of("iraq.withdrawal_time"),
            "advisers": SHARE,
        },
        [((1.0, 50, 100.0, 0.2), 0.6), ((1.5, 0, 100.0, 0.2), 1.5), ((1.0, 400, 100.0, 0.2), 0.2)],
        0.0,
        2.0,
        rises="troops advisers withdrawal_time",
        falls="days_since_order",
    ),
    Claim(
        baghdad.rate_of_truce,
        {"rate": of("iraq.pause"), "bargain": SHARE, "effectiveness": of("iraq.effectiveness")},
        [((0.4, 0.5, 0.25), 0.05), ((0.4, 0.0, 1.0), 0.0)],
        0.0,
        2.0,
        rises="rate bargain effectiveness",
    ),
]
