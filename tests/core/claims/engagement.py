"""Claims of the rules of engagement."""

import math

from sim.core.rules import engagement
from tests.core.claims.claim import FLAG, SHARE, Claim, Real, of

CLAIMS = [
    Claim(
        engagement.gets_through,
        {
            "usual": of("engagement.gets_through"),
            "site": Real(math.exp(-3.0), math.exp(3.0)),
            "today": Real(math.exp(-2.0), math.exp(10.0)),
        },
        [
            ((0.75, 2.0, 1.5), 0.5),
            ((0.75, 1.0, 1.0), 0.75),
            ((0.5, 4.0, 1.0), 0.2),
            ((0.5, 1.0, 4.0), 0.2),
            ((0.5, 0.25, 1.0), 0.8),
        ],
        0.0,
        1.0,
        rises="usual",
        falls="site today",
    ),
    Claim(
        engagement.stopping,
        {
            "posture_defence": of("engagement.posture_defence"),
            "posture": Real(0.0, 3.0),
            "hardened": Real(0.0, 4.0),
        },
        [
            ((0.5, 1.0, 0.25), math.exp(0.75)),
            ((2.0, 0.0, 0.0), 1.0),
            ((0.35, 0.0, math.log(4.0)), 4.0),
            ((0.5, -0.4, 0.0), math.exp(-0.2)),
        ],
        1.0,
        rises="posture_defence posture hardened",
    ),
    Claim(
        engagement.hardening,
        {
            "most": of("engagement.hardening"),
            "met": Real(0.0, 5000.0),
            "half": of("engagement.hardening_attacks"),
        },
        [((0.8, 25.0, 25.0), 0.4), ((0.8, 0.0, 25.0), 0.0), ((1.0, 75.0, 25.0), 0.75)],
        0.0,
        4.0,
        rises="most met",
        falls="half",
    ),
    Claim(
        engagement.exposure,
        {"troops": Real(0.0, 2.0), "reference": Real(0.0, 2.0)},
        [((0.5, 1.0), 0.5), ((0.3, 0.6), 0.5), ((2.0, 1.0), 1.0), ((1.0, 0.0), 0.0), ((0.0, 1.0), 0.0)],
        0.0,
        1.0,
        rises="troops",
        free="reference",  # falls with it, but that nobody was there to begin with
    ),
    Claim(
        engagement.lethality,
        {"meant_to_kill": FLAG, "intended": SHARE, "harassment": SHARE, "exposed": SHARE},
        [((True, 0.2, 0.003, 0.5), 0.1), ((False, 0.2, 0.003, 1.0), 0.003), ((True, 0.2, 0.003, 0.0), 0.0)],
        0.0,
        1.0,
        rises="exposed intended",
        free="meant_to_kill harassment",
    ),
]
