"""Every memory fades by its half-life, and strikes add what they say: exactly, for there is no chance in it."""

import math

import numpy as np
import pytest

from tests.closed.worlds import days_of, lived, row_of, setting, struck

pytestmark = pytest.mark.verification

DAYS = 11
MILITIAS = setting()[0]["militias"]
FADING = {
    # memory: its group, the parameter of its half-life, where it goes
    "anger": ("militias", "militia.anger_half_life", 0.0),
    "fear": ("militias", "militia.fear_half_life", 0.0),
    "guilt": ("militias", "us.pressure_half_life", 0.0),
    "pressure": ("us", "us.pressure_half_life", 0.0),
    "commitment": ("us", "us.commitment_half_life", 0.0),
    "bargain": ("iraq", "iraq.bargain_half_life", 0.0),
    "strain": ("iraq", "iraq.strain_half_life", 0.0),
    "capital": ("iraq", "iraq.capital_half_life", 1.0),
    "war_fear": ("iran", "iran.war_fear_half_life", 0.0),
    "grievance": ("iran", "iran.grievance_half_life", 0.0),
    "stance": ("iran", "iran.stance_half_life", 2 / (1 + math.exp(-0.7)) - 1),
    "autonomy": ("militias", "iran.autonomy_half_life", float(MILITIAS["autonomy"][0])),
}
STEADY = {
    "iran.restraint": 0.7, "iran.stance_gaza": 0.0, "iran.stance_war_fear": 0.0, "iran.stance_grievance": 0.0,
    "iraq.capital_spend": 0.0,
}  # fmt: skip
"""Nothing but the half-life moves a memory."""


@pytest.mark.parametrize("memory", FADING)
@pytest.mark.parametrize("half_life", [5.0, 33.0])
def test_a_memory_fades_by_its_half_life(table, memory, half_life):
    group, parameter, end = FADING[memory]

    def prepare(worlds: np.ndarray) -> None:
        worlds[group][memory] = 0.2

    def read(worlds: np.ndarray) -> list[np.ndarray]:
        values = worlds[group][memory]
        return [values[:, 0] if values.ndim > 1 else values]

    fixed = {**STEADY, parameter: half_life}
    (left,) = lived(days_of(DAYS, ""), fixed, read, 1, prepare)
    table.exact(
        f"{memory} after {DAYS} days, half-life {half_life:g}",
        end + (0.2 - end) * 2 ** (-DAYS / half_life),
        left[0],
    )


@pytest.mark.parametrize(("level", "place"), [(1, 1), (2, 0), (3, 0), (4, 3)])
def test_a_strike_adds_what_it_says(table, level, place):
    """From empty memories: to the culprit's anger and fear in full, to allies' by solidarity; to Baghdad, to Tehran."""
    fixed = {
        "militia.anger_gain": 0.2, "militia.anger_growth": 2.0, "militia.fear_gain": 0.09, "militia.fear_growth": 2.8,
        "militia.solidarity": 0.4, "militia.destruction": 0.06, "militia.destruction_growth": 2.0,
        "us.irgc_losses": 0.0, "us.attribution": 1.0, "iraq.strain_gain": 0.2, "iraq.strain_growth": 2.0,
        "iraq.iraqis_killed": 0.0,
        "iran.strike_fear": 0.06, "iran.strike_fear_growth": 3.0, "iran.strike_grievance": 0.05,
        "iran.strike_grievance_growth": 2.2, "iran.supply": 0.0, "militia.arsenal": 100.0,
    }  # fmt: skip

    def guilty(worlds: np.ndarray) -> None:
        worlds["militias"]["guilt"][:, 1] = 1.0

    def read(w: np.ndarray) -> list[np.ndarray]:
        m = w["militias"]
        return [m["anger"][:, 1], m["anger"][:, 0], m["fear"][:, 1], m["arsenal"][:, 1],
                w["iraq"]["strain"], w["iran"]["war_fear"], w["iran"]["grievance"]]  # fmt: skip

    found = lived(struck(level, place), fixed, read, 1, guilty)
    anger, ally, fear, stock, strain, war_fear, grievance = (values[0] for values in found)

    def gain(size: float, growth: float, n: int) -> float:
        return -math.expm1(-size * growth ** (n - 1))

    row = row_of(fixed)[0]
    keep = {name: 2 ** (-1 / float(row[group][name])) for group, name in (
        ("militia", "anger_half_life"), ("militia", "fear_half_life"), ("iraq", "strain_half_life"),
        ("iran", "war_fear_half_life"), ("iran", "grievance_half_life"))}  # fmt: skip
    hit = 0.4 if level == 4 else 1.0  # on Iran no militia is hit
    name = f"after a strike of level {level}"
    table.exact(f"anger of the culprit {name}", hit * gain(0.2, 2.0, level) * keep["anger_half_life"], anger)
    table.exact(f"anger of an ally {name}", 0.4 * gain(0.2, 2.0, level) * keep["anger_half_life"], ally)
    table.exact(f"fear of the culprit {name}", hit * gain(0.09, 2.8, level) * keep["fear_half_life"], fear)
    destroyed = 0.0 if level == 4 else gain(0.06, 2.0, level)
    table.exact(f"stock of the culprit {name}", 100 * MILITIAS["share"][1] * (1 - destroyed), stock)
    inside = gain(0.2, 2.0, max(1, level - 1)) if place == 0 else 0.0
    table.exact(f"strain {name}", inside * keep["strain_half_life"], strain)
    felt = 0.0 if level == 2 else 1.0
    table.exact(f"fear of war {name}", felt * gain(0.06, 3.0, level) * keep["war_fear_half_life"], war_fear)
    table.exact(f"grievance {name}", felt * gain(0.05, 2.2, level) * keep["grievance_half_life"], grievance)


@pytest.mark.parametrize("days", [20, 200])
def test_troops_leave_evenly_after_an_order(table, days):
    fixed = {"iraq.withdrawal_time": 150.0, "iraq.advisers": 0.12}

    def ordered(worlds: np.ndarray) -> None:
        worlds["iraq"]["status"] = 2

    (troops,) = lived(days_of(days + 1, ""), fixed, lambda w: [w["us"]["troops"]], 1, ordered)
    table.exact(f"troops {days} days after an order", 1 - min(1, days / 150) * 0.88, troops[0])
