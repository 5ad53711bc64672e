"""Claims of the rules of the ladder."""

from sim.core.rules import ladder
from tests.core.claims.claim import FLAG, Claim

CLAIMS = [
    Claim(
        ladder.rung_of,
        {"attacked": FLAG, "struck": FLAG, "border": FLAG, "severe": FLAG, "direct": FLAG, "avowed": FLAG},
        [
            ((False, False, False, False, False, False), 0),
            ((True, False, False, False, False, False), 1),
            ((True, True, False, False, False, False), 2),
            ((False, True, False, False, False, False), 2),
            ((True, False, True, False, False, False), 3),
            ((True, True, True, False, False, False), 3),
            ((True, True, True, True, False, False), 4),
            ((True, True, True, True, True, False), 5),
            ((True, True, False, False, False, True), 5),
            ((False, False, False, False, True, True), 6),
        ],
        0,
        6,
        rises="attacked struck border severe direct avowed",
        step=dict.fromkeys(("attacked", "struck", "border", "severe", "direct", "avowed"), True),
    ),
]
