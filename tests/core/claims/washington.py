"""Claims of Washington's rules."""

import math

from sim.core.rules import washington
from tests.core.claims.claim import LEVEL, LOGITS, SHARE, Claim, Real, Whole, of

CLAIMS = [
    Claim(
        washington.pressure_of_harm,
        {
            "per_attack": of("us.pressure_attack"),
            "attacks": Whole(0, 240),
            "per_wounded": of("us.pressure_wounded"),
            "wounded": Whole(0, 6000),
            "per_killed": of("us.pressure_killed"),
            "killed": Whole(0, 1200),
        },
        [
            ((0.05, 4, 0.25, 9, 5.0, 3), 10.95),
            ((0.05, 0, 0.25, 0, 5.0, 0), 0.0),
            ((0.0, 9, 1.0, 16, 5.0, 0), 4.0),
            ((0.1, 2, 1.0, 0, 2.0, 7), 6.2),
        ],
        0.0,
        rises="per_attack attacks per_wounded wounded per_killed killed",
        step={"attacks": 1, "wounded": 1, "killed": 1},
    ),
    Claim(
        washington.defied,
        {"harm": Real(0.0, 300.0), "commitment": of("us.commitment"), "memory": SHARE},
        [((2.0, 0.5, 0.5), 2.5), ((2.0, 0.5, 0.0), 2.0), ((2.0, 0.0, 1.0), 2.0)],
        0.0,
        rises="harm commitment memory",
    ),
    Claim(
        washington.drive_to_respond,
        {
            "pressure": Real(0.0, 300.0),
            "anticipation": of("us.anticipation"),
            "anger": SHARE,
            "lobby": Real(0.0, 3.0),  # a lobby that backfires, below 0, turns the sign of the bargain
            "bargain": SHARE,
            "noise": Real(-37.0, 37.0),
        },
        [((5.0, 2.0, 0.5, 0.4, 0.5, -0.3), 3.5), ((5.0, 2.0, 0.0, 1.0, 0.0, 0.0), 5.0)],
        rises="pressure noise",
        falls="anticipation anger lobby bargain",
    ),
    Claim(
        washington.threshold,
        {
            "level": LEVEL,
            "first": of("us.threshold_first"),
            "second": of("us.gap_second"),
            "third": of("us.gap_third"),
            "fourth": of("us.gap_fourth"),
            "readiness": of("us.readiness"),
            "ceiling": of("us.ceiling"),
        },
        [
            ((4, 4.0, 1.0, 2.0, 7.0, 0.5, 0.25), 13.75),
            ((2, 4.0, 1.0, 2.0, 7.0, 0.5, 0.25), 4.5),
            ((3, 4.0, 1.0, 2.0, 7.0, 0.5, 0.25), 6.75),
            ((1, 4.0, 1.0, 2.0, 7.0, 0.5, 0.25), 3.5),
            ((2, 4.0, 1.0, 0.1, 7.0, -4.0, 0.0), 9.0),
            ((3, 4.0, 1.0, 0.1, 7.0, -4.0, 0.0), 9.0),  # 5.1, but that is below level 2
            ((4, 4.0, 1.0, 0.1, 7.0, -4.0, 0.0), 12.1),
            ((4, 4.0, 1.0, 0.1, 0.5, -4.0, 6.0), 9.0),  # -0.4, but that is below level 2
        ],
        -6.0,
        52.0,
        rises="first second third fourth",
        falls="ceiling",
        free="level readiness",  # by the level: tests of their own
    ),
    Claim(
        washington.strikes_inside_iraq,
        {"drive": LOGITS, "level_threshold": LOGITS, "sensitivity": of("us.iraq_sensitivity")},
        [((6.5, 5.0, 1.5), False), ((6.6, 5.0, 1.5), True), ((4.0, 5.0, 0.0), False)],
        False,
        True,
        rises="drive",
        falls="level_threshold sensitivity",
    ),
    Claim(
        washington.pressure_after_strike,
        {"pressure": Real(0.0, 300.0), "relief": of("us.relief"), "level_threshold": LOGITS},
        [((10.0, 0.5, 4.0), 8.0), ((1.0, 0.5, 4.0), 0.0), ((3.0, 0.5, -2.0), 3.0), ((3.0, 0.0, 4.0), 3.0)],
        0.0,
        300.0,
        rises="pressure",
        falls="relief level_threshold",
    ),
    Claim(
        washington.credibility_after_silence,
        {
            "credibility": SHARE,
            "loss": of("us.credibility_loss"),
            "attacks": Whole(0, 240),
            "lobby_doubt": of("iraq.lobby_doubt"),
            "bargain": SHARE,
        },
        [
            ((0.5, 0.02, 3, 1.0, 0.5), 0.5 * math.exp(-0.09)),
            ((0.5, 0.02, 0, 1.0, 0.5), 0.5),
            ((0.5, 0.1, 2, 6.0, 0.0), 0.5 * math.exp(-0.2)),
        ],
        0.0,
        1.0,
        rises="credibility",
        falls="loss attacks lobby_doubt bargain",
    ),
    Claim(
        washington.credibility_after_strike,
        {"credibility": SHARE, "gain": of("us.credibility_gain"), "level": LEVEL},
        [((0.5, 0.2, 2), 0.68), ((0.5, 0.2, 1), 0.6), ((0.2, 0.5, 3), 0.9), ((0.5, 0.0, 4), 0.5)],
        0.0,
        1.0,
        rises="credibility gain level",
    ),
]
