"""Claims of the arithmetic in common."""

import math

from sim.core.rules import common
from tests.core.claims.claim import FLAG, LEVEL, SHARE, STANCE, Claim, Real, Whole, of

CLAIMS = [
    Claim(
        common.either,
        {"condition": FLAG, "yes": STANCE, "no": STANCE},
        [
            ((True, 0.25, 0.75), 0.25),
            ((False, 0.25, 0.75), 0.75),
            ((True, 0.0, 1.0), 0.0),
            ((False, 0.0, 1.0), 1.0),
        ],
        -1.0,
        1.0,
        rises="yes",
        free="condition no",  # as `yes`, but only where the condition does not hold
    ),
    Claim(
        common.logistic,
        {"log_odds": Real(-1e4, 1e4)},
        [
            ((0.0,), 0.5),
            ((math.log(3.0),), 0.75),
            ((-math.log(4.0),), 0.2),
            ((-1e4,), math.exp(-700.0)),
            ((1e4,), 1.0),
        ],
        0.0,
        1.0,
        rises="log_odds",
    ),
    Claim(
        common.effect,
        {"weight": Real(0.0, 8.0), "level": SHARE, "reference": SHARE},
        [((2.0, 0.9, 0.4), 1.0), ((2.0, 0.4, 0.4), 0.0), ((0.5, 0.0, 1.0), -0.5)],
        -8.0,
        8.0,
        rises="level",
        falls="reference",
        free="weight",
    ),
    Claim(
        common.gain_at_level,
        {"gain": of("militia.anger_gain"), "growth": of("militia.anger_growth"), "level": LEVEL},
        [
            ((0.2, 2.0, 2), 1.0 - math.exp(-0.4)),
            ((0.2, 2.0, 1), 1.0 - math.exp(-0.2)),
            ((0.1, 3.0, 4), 1.0 - math.exp(-2.7)),
            ((0.0, 3.0, 4), 0.0),
        ],
        0.0,
        1.0,
        rises="gain growth level",
    ),
    Claim(
        common.grown,
        {"memory": SHARE, "share": SHARE},
        [((0.2, 0.5), 0.6), ((0.0, 0.3), 0.3), ((1.0, 0.3), 1.0), ((0.4, 0.0), 0.4)],
        0.0,
        1.0,
        rises="memory share",
    ),
    Claim(
        common.drawn_towards,
        {"value": STANCE, "goal": STANCE, "keep": SHARE},
        [((0.2, 1.0, 0.75), 0.4), ((0.2, 1.0, 1.0), 0.2), ((0.2, 1.0, 0.0), 1.0)],
        -1.0,
        1.0,
        rises="value goal",
        free="keep",
    ),
    Claim(
        common.log2_of_one_more,
        {"count": Whole(0, 1000)},
        [((1,), 1.0), ((0,), 0.0), ((3,), 2.0), ((7,), 3.0)],
        0.0,
        10.0,
        rises="count",
    ),
]
