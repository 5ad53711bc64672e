"""Claims of the rules of militias."""

import math

from sim.core.rules import militia
from tests.core.claims.claim import LOG_RATIO, SHARE, Claim, Real, Whole, of

REASONS = [
    "gaza", "lebanon", "presence", "hurry", "revenge", "fear", "doubt", "bargain", "tehran", "posture",
    "backlash",
]  # fmt: skip

CLAIMS = [
    Claim(
        militia.will_to_fight,
        {**dict.fromkeys(REASONS, LOG_RATIO), "ceiling": of("militia.will_ceiling")},
        [
            # 1.5 in all, ceiling 2: 1.5 / sqrt(1 + 0.5625) = 1.2
            ((1.0, 0.5, -0.5, 0.25, 1.0, -0.75, 0.25, -0.5, 0.25, 0.5, -0.5, 2.0), 1.2),
            ((0.0,) * 11 + (2.5,), 0.0),
            ((0.0,) * 5 + (-3.0,) + (0.0,) * 5 + (2.5,), -3.0),  # below zero it is the plain sum
        ],
        high=5.0,
        rises=" ".join(REASONS) + " ceiling",
    ),
    Claim(
        militia.attack_rate,
        {
            "tempo": of("militia.tempo"),
            "share": SHARE,
            "will": Real(-30.0, 5.0),
            "shock": Real(0.0, 20.0),
        },
        [((2.0, 0.25, math.log(3.0), 0.5), 0.75), ((2.0, 0.4, 0.0, 1.0), 0.8), ((2.0, 0.0, 1.0, 1.0), 0.0)],
        0.0,
        20.0 * math.exp(5.0) * 20.0,
        rises="tempo share will shock",
    ),
    Claim(
        militia.shared_impulse,
        {"z": Real(-8.3, 8.3), "log_sd": of("militia.shock_sd")},
        [((1.0, 0.5), math.exp(0.375)), ((0.0, 0.0), 1.0), ((5.0, 0.0), 1.0), ((-2.0, 1.0), math.exp(-2.5))],
        0.0,
        rises="z",
        free="log_sd",
    ),
    Claim(
        militia.rate_of_pause,
        {
            "base": of("militia.stand_down"),
            "will_weight": of("militia.stand_down_will"),
            "will": Real(-6.0, 5.0),
        },
        [
            (
                (
                    0.02,
                    2.0,
                    math.log(2.0),
                ),
                0.005,
            ),
            ((0.02, 2.0, 0.0), 0.02),
            ((0.02, 1.0, -math.log(3.0)), 0.06),
        ],
        0.0,
        rises="base",
        falls="will",
        free="will_weight",
        step={"will": -1.0},
    ),
    Claim(
        militia.rate_of_return,
        {
            "floor": of("militia.return_floor"),
            "presence": Real(0.0, 2.0),
            "base": of("militia.resume"),
            "will_weight": of("militia.resume_will"),
            "will": Real(-6.0, 5.0),
            "triggers": Real(0.0, 18.0),
            "days": Whole(0, 1100),
            "settling": of("militia.settling"),
        },
        [
            (
                (0.1, 0.5, 0.2, 1.0, math.log(2.0), math.log(3.0), 30, 30.0),
                0.05 + 1.2 * (1.0 - math.exp(-1.0)),
            ),
            ((0.01, 1.0, 0.2, 1.0, 1.0, 1.0, 0, 30.0), 0.01),
            ((0.01, 0.0, 0.2, 1.0, 0.0, 0.0, 0, 30.0), 0.0),
        ],
        0.0,
        rises="floor presence base will triggers days",
        falls="settling",
        free="will_weight",
    ),
    Claim(
        militia.triggers_of_return,
        {"weight": of("militia.trigger"), "struck": SHARE, "stalled": SHARE},
        [((2.0, 1.0, 0.25), 2.5), ((2.0, 0.0, 0.0), 0.0)],
        0.0,
        12.0,
        rises="weight struck stalled",
    ),
    Claim(
        militia.rate_of_joining,
        {"base": of("militia.stand_down"), "contagion": of("militia.contagion"), "others": SHARE},
        [((0.1, math.log(4.0), 0.5), 0.1), ((0.1, 2.0, 0.0), 0.0), ((0.1, 0.0, 1.0), 0.0)],
        0.0,
        rises="base contagion others",
    ),
    Claim(
        militia.heed,
        {"autonomy": SHARE, "dilution": of("iran.dilution")},
        [((0.5, 0.4), 0.8), ((0.0, 0.4), 1.0), ((1.0, 1.0), 0.0)],
        0.0,
        1.0,
        falls="autonomy dilution",
    ),
    Claim(
        militia.leaking_rate,
        {"rate": Real(0.0, 50.0), "leak": of("militia.leak"), "autonomy": SHARE},
        [((2.0, 0.5, 0.25), 0.25), ((2.0, 0.0, 1.0), 0.0), ((2.0, 1.0, 0.0), 0.0)],
        0.0,
        50.0,
        rises="rate leak autonomy",
    ),
    Claim(
        militia.intent_to_kill,
        {
            "base": of("militia.kill_intent"),
            "anger_weight": of("militia.intent_anger"),
            "anger": SHARE,
            "doubt_weight": of("militia.intent_doubt"),
            "doubt": SHARE,
            "autonomy_weight": of("militia.intent_autonomy"),
            "autonomy": SHARE,
        },
        [
            ((0.05, 1.0, 0.5, 0.7, 0.2, 1.0, 0.1), 0.05 * math.exp(0.74)),
            ((0.05, 1.0, 0.0, 0.7, 0.0, 1.0, 0.0), 0.05),
            ((0.5, 5.0, 1.0, 5.0, 1.0, 5.0, 1.0), 0.95),
        ],
        0.0,
        0.95,
        rises="base anger_weight anger doubt_weight doubt autonomy_weight autonomy",
    ),
    Claim(
        militia.share_moved,
        {"days": Whole(0, 1100), "drift_time": of("militia.syria_drift_time")},
        [
            ((7, 7.0), 1.0 - math.exp(-1.0)),
            ((0, 7.0), 0.0),
            ((14, 7.0), 1.0 - math.exp(-2.0)),
            ((1000, 7.0), 1.0),
        ],
        0.0,
        1.0,
        rises="days",
        falls="drift_time",
    ),
    Claim(
        militia.reach_to_syria,
        {
            "start": of("militia.syria_reach"),
            "own": Real(-4.0, 4.0),
            "drift": of("militia.syria_drift"),
            "moved": SHARE,
            "displacement": of("militia.displacement"),
            "restraint": SHARE,
        },
        [
            ((-1.2, 0.3, 1.6, 0.75, 1.0, 0.25), 0.55),
            ((-1.2, 0.3, 1.6, 0.0, 1.0, 0.0), -0.9),
            ((-1.2, -0.6, 1.6, 1.0, 2.0, 0.5), 0.8),
        ],
        -10.0,
        18.0,
        rises="start own drift displacement restraint",
        free="moved",  # by the sign of the drift
    ),
]
