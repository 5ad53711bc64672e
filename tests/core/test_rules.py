"""Every rule against values worked out by hand, its stated range and its stated signs.

A rule's `Claim` says all three, and what each of its arguments does: a new rule, or a new argument of a rule,
without a claim fails.
"""

import importlib
import inspect
import math
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import sim.core.rules
from sim.core.rules import baghdad, common, engagement, ladder, militia, tehran, washington
from sim.parameters import REGISTRY

SHARE = st.floats(0.0, 1.0)
STANCE = st.floats(-1.0, 1.0)
LOG_RATIO = st.floats(-6.0, 6.0)  # a reason: weight times level
RELATIVE = st.floats(-1.0, 1.0)  # a level against that of 17 October 2023
LOGITS = st.floats(-60.0, 60.0)
LEVEL = st.integers(1, 4)
FLAG = st.booleans()
REST = 1e-9  # rounding


def of(name: str) -> st.SearchStrategy[float]:
    """Any value in the range of a parameter."""
    return st.floats(REGISTRY[name].low, REGISTRY[name].high)


@dataclass
class Claim:
    """What is claimed of a rule.

    `given`: the values that each argument takes. `hand`: arguments and the value worked out by hand; the first one is
    also the point at which each signed argument, moved up by `step`, must move the result. `rises`, `falls`: the
    arguments with which the result rises or falls. `free`: those of no one sign.
    """

    rule: Callable
    given: dict[str, st.SearchStrategy]
    hand: list[tuple[tuple, float]]
    low: float = -math.inf
    high: float = math.inf
    rises: str = ""
    falls: str = ""
    free: str = ""
    step: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.rule.__module__.rpartition('.')[2]}.{self.rule.__name__}"


REASONS = [
    "gaza",
    "lebanon",
    "presence",
    "hurry",
    "revenge",
    "fear",
    "doubt",
    "bargain",
    "tehran",
    "posture",
    "backlash",
]

CLAIMS = [
    # Arithmetic in common
    Claim(
        common.logistic,
        {"log_odds": st.floats(-1e4, 1e4)},
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
        {"weight": st.floats(0.0, 8.0), "level": SHARE, "reference": SHARE},
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
        {"count": st.integers(0, 1000)},
        [((1,), 1.0), ((0,), 0.0), ((3,), 2.0), ((7,), 3.0)],
        0.0,
        10.0,
        rises="count",
    ),
    # Militias
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
            "will": st.floats(-30.0, 5.0),
            "shock": st.floats(0.0, 20.0),
        },
        [((2.0, 0.25, math.log(3.0), 0.5), 0.75), ((2.0, 0.4, 0.0, 1.0), 0.8), ((2.0, 0.0, 1.0, 1.0), 0.0)],
        0.0,
        20.0 * math.exp(5.0) * 20.0,
        rises="tempo share will shock",
    ),
    Claim(
        militia.shared_impulse,
        {"z": st.floats(-8.3, 8.3), "log_sd": of("militia.shock_sd")},
        [((1.0, 0.5), math.exp(0.375)), ((0.0, 0.0), 1.0), ((5.0, 0.0), 1.0), ((-2.0, 1.0), math.exp(-2.5))],
        0.0,
        rises="z",
        free="log_sd",
    ),
    Claim(
        militia.reluctance,
        {
            "will_weight": of("militia.stand_down_will"),
            "will": st.floats(-30.0, 5.0),
            "contagion": of("militia.contagion"),
            "others": SHARE,
        },
        [((1.5, 0.5, 2.0, 0.25), -0.25), ((1.5, -0.5, 2.0, 0.5), 1.75), ((1.5, 0.0, 2.0, 0.0), 0.0)],
        -30.0,
        185.0,
        rises="contagion others",
        falls="will",
        free="will_weight",
    ),
    Claim(
        militia.eagerness,
        {
            "will_weight": of("militia.resume_will"),
            "will": st.floats(-30.0, 5.0),
            "contagion": of("militia.contagion"),
            "others": SHARE,
        },
        [((1.5, 0.5, 2.0, 0.25), 0.25), ((1.5, -0.5, 2.0, 0.5), -1.75), ((1.5, 0.0, 2.0, 0.0), 0.0)],
        -185.0,
        30.0,
        rises="will",
        falls="contagion others",
        free="will_weight",
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
        militia.reach_to_syria,
        {
            "start": of("militia.syria_reach"),
            "own": st.floats(-4.0, 4.0),
            "drift": of("militia.syria_drift"),
            "days": st.integers(0, 1100),
            "drift_time": of("militia.syria_drift_time"),
            "displacement": of("militia.displacement"),
            "restraint": SHARE,
        },
        [
            ((-1.2, 0.3, 1.6, 7, 7.0, 1.0, 0.25), -0.65 + 1.6 * (1.0 - math.exp(-1.0))),
            ((-1.2, 0.3, 1.6, 0, 7.0, 1.0, 0.0), -0.9),
            ((-1.2, -0.6, 1.6, 1000, 7.0, 2.0, 0.5), 0.8),
        ],
        -10.0,
        18.0,
        rises="start own drift displacement restraint",
        free="days drift_time",  # by the sign of the drift
    ),
    # Engagement
    Claim(
        engagement.gets_through,
        {
            "usual": of("engagement.gets_through"),
            "site_defence": st.floats(-3.0, 3.0),
            "posture_defence": of("engagement.posture_defence"),
            "posture": st.floats(0.0, 3.0),
        },
        [
            ((0.75, math.log(3.0) - 0.5, 0.5, 1.0), 0.5),
            ((0.75, 0.0, 2.0, 0.0), 0.75),
            ((0.5, math.log(4.0), 0.35, 0.0), 0.2),
            ((0.5, -math.log(4.0), 0.35, 0.0), 0.8),
        ],
        0.0,
        1.0,
        rises="usual",
        falls="site_defence posture_defence posture",
    ),
    Claim(
        engagement.exposure,
        {"troops": st.floats(0.0, 2.0), "reference": st.floats(0.0, 2.0)},
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
    # Washington
    Claim(
        washington.pressure_of_harm,
        {
            "per_attack": of("us.pressure_attack"),
            "attacks": st.integers(0, 240),
            "per_wounded": of("us.pressure_wounded"),
            "wounded": st.integers(0, 6000),
            "per_killed": of("us.pressure_killed"),
            "killed": st.integers(0, 1200),
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
        {"harm": st.floats(0.0, 300.0), "commitment": of("us.commitment"), "memory": SHARE},
        [((2.0, 0.5, 0.5), 2.5), ((2.0, 0.5, 0.0), 2.0), ((2.0, 0.0, 1.0), 2.0)],
        0.0,
        rises="harm commitment memory",
    ),
    Claim(
        washington.drive_to_respond,
        {
            "pressure": st.floats(0.0, 300.0),
            "anticipation": of("us.anticipation"),
            "anger": SHARE,
            "lobby": st.floats(0.0, 3.0),  # a lobby that backfires, below 0, turns the sign of the bargain
            "bargain": SHARE,
            "noise": st.floats(-37.0, 37.0),
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
        {"pressure": st.floats(0.0, 300.0), "relief": of("us.relief"), "level_threshold": LOGITS},
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
            "attacks": st.integers(0, 240),
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
    # Baghdad
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
            "status": st.integers(0, 2),
            "strain": SHARE,
            "talks_threshold": of("iraq.talks_threshold"),
            "order_threshold": of("iraq.order_threshold"),
            "days_of_talks": st.integers(0, 1100),
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
            "troops": st.floats(0.0, 2.0),
            "days_since_order": st.integers(0, 1100),
            "withdrawal_time": of("iraq.withdrawal_time"),
            "advisers": SHARE,
        },
        [((1.0, 50, 100.0, 0.2), 0.6), ((1.5, 0, 100.0, 0.2), 1.5), ((1.0, 400, 100.0, 0.2), 0.2)],
        0.0,
        2.0,
        rises="troops advisers withdrawal_time",
        falls="days_since_order",
    ),
    # Tehran
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
            "posture": st.floats(0.0, 3.0),
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
            "stock": st.floats(0.0, 5000.0),
            "size": st.floats(0.0, 5000.0),
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
    # The ladder
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
    Claim(
        ladder.rounds_after_strike,
        {
            "rounds": st.integers(0, 50),
            "answered": st.booleans(),
            "days_since_answer": st.integers(0, 1_000_500),
            "window": st.integers(1, 90),
        },
        [
            ((1, True, 14, 14), 2),
            ((0, True, 0, 14), 1),
            ((1, True, 15, 14), 0),
            ((3, False, 0, 14), 0),
        ],
        0,
        51,
        rises="rounds answered window",
        falls="days_since_answer",
        step={"answered": False - True, "window": -1},
    ),
]
BY_NAME = {claim.name: claim for claim in CLAIMS}
every_rule = pytest.mark.parametrize("claim", CLAIMS, ids=list(BY_NAME))


def public_rules() -> dict[str, Callable]:
    found = {}
    for info in pkgutil.iter_modules(sim.core.rules.__path__):
        module = importlib.import_module(f"sim.core.rules.{info.name}")
        for name, value in vars(module).items():
            own = inspect.isfunction(value) and value.__module__ == module.__name__
            if own and not name.startswith("_"):
                found[f"{info.name}.{name}"] = value
    return found


def moved(point: tuple, names: list[str], name: str, to: object) -> tuple:
    return tuple(to if n == name else value for n, value in zip(names, point, strict=True))


def test_every_public_rule_is_claimed_here_and_no_other():
    assert set(BY_NAME) == set(public_rules())
    assert len(BY_NAME) == len(CLAIMS)


@pytest.mark.parametrize("name", sorted(public_rules()))
def test_every_rule_says_what_it_does(name):
    text = inspect.getdoc(public_rules()[name])
    assert text
    assert len(text) > 30


@every_rule
def test_every_argument_has_its_values_and_its_sign(claim):
    names = list(inspect.signature(claim.rule).parameters)
    assert list(claim.given) == names
    assert sorted([*claim.rises.split(), *claim.falls.split(), *claim.free.split()]) == sorted(names)


@every_rule
def test_values_worked_out_by_hand(claim):
    for point, value in claim.hand:
        assert claim.rule(*point) == pytest.approx(value, rel=1e-12, abs=1e-12), point


@every_rule
def test_results_stay_within_the_stated_range(claim):
    @settings(max_examples=150, deadline=None)
    @given(st.tuples(*claim.given.values()))
    def check(point):
        value = claim.rule(*point)
        assert not math.isnan(value)
        assert claim.low - REST <= value <= claim.high + REST

    check()


@every_rule
def test_results_move_in_the_stated_direction(claim):
    names = list(claim.given)
    signs = dict.fromkeys(claim.rises.split(), 1) | dict.fromkeys(claim.falls.split(), -1)

    @settings(max_examples=150, deadline=None)
    @given(st.tuples(*claim.given.values()), st.data())
    def check(point, data):
        name = data.draw(st.sampled_from(sorted(signs)))
        other = data.draw(claim.given[name])
        low, high = sorted((point[names.index(name)], other))
        before = float(claim.rule(*moved(point, names, name, low)))
        after = float(claim.rule(*moved(point, names, name, high)))
        assert signs[name] * (after - before) >= -REST * max(1.0, abs(before)), name

    if signs:
        check()


# Rules whose result is a step are moved over the step by hand values instead.
STEPS = {"washington.strikes_inside_iraq", "baghdad.withdrawal_status"}


@every_rule
def test_every_signed_argument_matters(claim):
    names, start = list(claim.given), claim.hand[0][0]
    at_start = float(claim.rule(*start))
    for sign, listed in ((1, claim.rises), (-1, claim.falls)):
        for name in () if claim.name in STEPS else listed.split():
            value = start[names.index(name)]
            step = claim.step.get(name, 1 if isinstance(value, int) else 0.1)
            to = bool(value + step) if isinstance(value, bool) else value + step
            change = float(claim.rule(*moved(start, names, name, to))) - at_start
            assert change * sign * (1 if step > 0 else -1) > 1e-4, name


# Claims that no single argument shows


def test_each_rung_of_the_response_ladder_is_above_the_last_when_both_doctrines_are_equal():
    @settings(deadline=None)
    @given(
        of("us.threshold_first"),
        of("us.gap_second"),
        of("us.gap_third"),
        of("us.gap_fourth"),
        of("us.readiness"),
    )
    def check(first, second, third, fourth, doctrine):
        at = [
            washington.threshold(level, first, second, third, fourth, doctrine, doctrine)
            for level in (1, 2, 3, 4)
        ]
        assert all(high >= low - REST for low, high in pairwise(at))
        assert at[3] > at[2]

    check()


@settings(deadline=None)
@given(
    of("us.threshold_first"),
    of("us.gap_second"),
    of("us.gap_third"),
    of("us.gap_fourth"),
    of("us.readiness"),
    of("us.ceiling"),
)
@example(4.0, 1.0, 0.1, 7.0, -4.0, 0.0)  # restraint at the low levels and a small gap to the red lines
@example(4.0, 1.0, 0.1, 0.5, -4.0, 6.0)  # and a high ceiling, so that both red lines would lie below level 2
def test_each_level_of_the_response_ladder_is_at_least_as_high_as_the_last_whatever_the_doctrine(
    first, second, third, fourth, readiness, ceiling
):
    at = [washington.threshold(n, first, second, third, fourth, readiness, ceiling) for n in (1, 2, 3, 4)]
    assert all(high >= low for low, high in pairwise(at)), at


@settings(deadline=None)
@given(
    LEVEL, of("us.gap_third"), of("us.gap_fourth"), of("us.readiness"), of("us.readiness"), of("us.ceiling")
)
def test_readiness_never_raises_a_threshold(level, third, fourth, one, other, ceiling):
    less, more = (
        washington.threshold(level, 4.0, 1.0, third, fourth, readiness, ceiling)
        for readiness in sorted((one, other))
    )
    assert more <= less


def test_a_red_line_that_would_lie_below_level_2_lies_at_it():
    at = [washington.threshold(level, 4.0, 1.0, 0.1, 7.0, -4.0, 0.0) for level in (1, 2, 3, 4)]
    assert at == pytest.approx([8.0, 9.0, 9.0, 12.1])
    both = [washington.threshold(level, 4.0, 1.0, 0.1, 0.5, -4.0, 6.0) for level in (1, 2, 3, 4)]
    assert both == pytest.approx([8.0, 9.0, 9.0, 9.0])


def test_readiness_moves_the_low_levels_only_and_the_ceiling_the_red_lines_only():
    at = {
        (readiness, ceiling): [
            washington.threshold(n, 4.0, 1.0, 2.0, 7.0, readiness, ceiling) for n in (1, 2, 3, 4)
        ]
        for readiness in (0.0, 1.0)
        for ceiling in (0.0, 1.0)
    }
    assert at[1.0, 0.0] == [3.0, 4.0, 7.0, 14.0]
    assert at[0.0, 1.0] == [4.0, 5.0, 6.0, 13.0]
    assert at[0.0, 0.0] == [4.0, 5.0, 7.0, 14.0]


def test_wounded_press_less_than_in_proportion_and_a_death_more_than_a_wound():
    one, four = (washington.pressure_of_harm(0.05, 0, 0.25, n, 5.0, 0) for n in (1, 4))
    assert four == pytest.approx(2 * one)
    assert washington.pressure_of_harm(0.05, 0, 0.25, 0, 5.0, 1) > 10 * one


@given(SHARE, SHARE, SHARE, STANCE)
def test_autonomy_dilutes_the_word_of_tehran_towards_nothing(low, high, dilution, stance):
    low, high = min(low, high), max(low, high)
    assert abs(tehran.word_to(high, dilution, stance)) <= abs(tehran.word_to(low, dilution, stance)) + REST


@given(of("militia.will_ceiling"), st.lists(st.floats(0, 6), min_size=11, max_size=11))
def test_will_is_bounded_softly_above_zero(ceiling, reasons):
    will = militia.will_to_fight(*reasons, ceiling)
    assert 0.0 <= will <= min(ceiling, sum(reasons)) + REST


@given(st.floats(0, 6))
def test_tehrans_push_leaves_autonomy_alone(stance):
    assert tehran.autonomy_after_brake(0.5, 0.5, 0.2, -stance / 6, 0.9) == pytest.approx(0.5)


def test_the_shared_impulse_has_mean_one():
    # The midpoint rule over the normal density, good to 1e-6 here.
    step = 0.01
    grid = [-10.0 + step * (n + 0.5) for n in range(2000)]
    for log_sd in (0.0, 0.5, 1.0):
        density = [math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) for z in grid]
        mean = sum(militia.shared_impulse(z, log_sd) * d * step for z, d in zip(grid, density, strict=True))
        assert mean == pytest.approx(1.0, abs=1e-6)
