"""Claims of Tehran's rules."""

import math

from sim.core.rules import tehran
from tests.core.claims.claim import SHARE, STANCE, Claim, Real, of

CLAIMS = [
    Claim(
        tehran.stance_goal,
        {
            "restraint": of("iran.restraint"),
            "gaza_weight": of("iran.stance_gaza"),
            "gaza": SHARE,
            "fear_weight": of("iran.stance_war_fear"),
            "war_fear": SHARE,
            "grievance_weight": of("iran.stance_grievance"),
            "grievance": SHARE,
            "mediation_weight": of("iran.stance_mediation"),
            "bargain": SHARE,
            "posture_weight": of("iran.posture_fear"),
            "posture": Real(0.0, 3.0),
        },
        [
            # 2 - 3 (1) + 2 (.5) - 1 (.5) + 1 (.25) + .5 (.5) = 0
            ((2.0, 3.0, 1.0, 2.0, 0.5, 1.0, 0.5, 1.0, 0.25, 0.5, 0.5), 0.0),
            ((math.log(3.0), 3.0, 0.0, 2.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.5, 0.0), 0.5),
        ],
        -1.0,
        1.0,
        rises="restraint fear_weight war_fear mediation_weight bargain posture_weight posture",
        falls="gaza_weight gaza grievance_weight grievance",
    ),
    Claim(
        tehran.word_to,
        {"autonomy": SHARE, "dilution": SHARE, "stance": STANCE},
        [((0.5, 0.8, -0.5), -0.3), ((0.0, 1.0, 0.7), 0.7), ((1.0, 1.0, 0.7), 0.0)],
        -1.0,
        1.0,
        rises="stance",
        free="autonomy dilution",  # towards zero: a test of its own
    ),
    Claim(
        tehran.stock_after_supply,
        {
            "stock": Real(0.0, 5000.0),
            "size": Real(0.0, 5000.0),
            "supply": of("iran.supply"),
            "share": SHARE,
            "stance": STANCE,
        },
        [
            ((10.0, 40.0, 2.0, 0.4, -0.5), 11.2),
            ((10.0, 40.0, 2.0, 0.5, -1.0), 12.0),
            ((10.0, 40.0, 2.0, 0.5, 0.0), 11.0),
            ((10.0, 40.0, 2.0, 0.5, 1.0), 10.0),
            ((39.9, 40.0, 2.0, 0.5, -1.0), 40.0),
        ],
        0.0,
        5000.0,
        rises="stock size supply share",
        falls="stance",
        step={"size": -29.9},
    ),
    Claim(
        tehran.autonomy_after_brake,
        {
            "autonomy": SHARE,
            "start": SHARE,
            "splinter": of("iran.splinter"),
            "stance": STANCE,
            "keep": SHARE,
        },
        [
            ((0.5, 0.4, 0.1, 0.5, 0.9), 0.5125),
            ((0.5, 0.5, 0.1, -0.5, 0.9), 0.5),
            ((0.6, 0.5, 0.1, -1.0, 0.9), 0.59),
        ],
        0.0,
        1.0,
        rises="autonomy start splinter stance",
        free="keep",
    ),
    Claim(
        tehran.chance_to_answer,
        {
            "answer": of("iran.answer"),
            "direct_weight": of("iran.answer_direct"),
            "direct": SHARE,
            "grievance_weight": of("iran.answer_grievance"),
            "grievance": SHARE,
            "fear_weight": of("iran.answer_fear"),
            "war_fear": SHARE,
        },
        [
            # -4 + 4 (.75) + 2 (.5) - 2 (.5) = -1
            ((-4.0, 4.0, 0.75, 2.0, 0.5, 2.0, 0.5), 1.0 / (1.0 + math.exp(1.0))),
            ((-4.0, 4.0, 1.0, 1.5, 0.0, 1.5, 0.0), 0.5),
            ((-30.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0), 1.0 / (1.0 + math.exp(30.0))),
        ],
        0.0,
        1.0,
        rises="answer direct_weight direct grievance_weight grievance",
        falls="fear_weight war_fear",
    ),
    Claim(
        tehran.rate_of_word,
        {"order": of("iran.pause"), "stance": STANCE},
        [((0.04, 0.5), 0.02), ((0.04, -0.5), 0.0), ((0.04, 0.0), 0.0)],
        0.0,
        0.5,
        rises="order stance",
    ),
]
