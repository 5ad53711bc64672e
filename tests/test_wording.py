"""Findings in words: few digits, no false zero, no false certainty."""

import datetime as dt
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import Scenario, load_scenario
from sim.wording import (
    RUNG_NAMES,
    day_text,
    definition_text,
    duration_text,
    exchange_sentence,
    number_text,
    percent,
    percent_interval,
    percent_with_chance,
    points_text,
    probability_text,
    share_text,
    size_text,
)

PROBABILITIES = st.floats(0, 1)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("october-2023")


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.1734, "17%"), (0.0313, "3.1%"), (0.00375, "0.38%"), (0.000371, "0.037%"), (0.0999, "10%"),
        (0.5, "50%"), (0.95, "95%"), (0.9973, "99.7%"), (0.99993, ">99.9%"), (0.0, "0%"), (1.0, "100%"),
        (1e-12, "<0.0001%"), (1e-6, "0.0001%"), (math.nan, "unknown"), (None, "unknown"),
    ],
)  # fmt: skip
def test_percent(p: float | None, text: str) -> None:
    assert percent(p) == text


@given(PROBABILITIES)
def test_percent_is_short_near_and_never_falsely_certain(p: float) -> None:
    text = percent(p)
    assert len(re.sub(r"\D", "", text).lstrip("0")) <= 3
    assert (text == "0%") == (p == 0)
    assert (text == "100%") == (p == 1)
    if text[0] not in "<>":
        assert abs(float(text[:-1]) - 100 * p) <= 0.5


@pytest.mark.parametrize(
    ("lo", "hi", "text"),
    [
        (0.165, 0.179, "[16.5, 17.9]"), (0.0131, 0.7219, "[1, 72]"), (0.0281, 0.0344, "[2.8, 3.4]"),
        (0.009, 0.062, "[0.9, 6.2]"), (0.0, 0.0037, "[0, 0.37]"), (0.0005, 0.3, "[0.05, 30]"),
        (0.3, 0.9998, "[30, >99.9]"), (0.1726, 0.1742, "[17.3, 17.4]"), (0.0, 1.0, "[0, 100]"),
        (0.0, 0.0, "[0, 0]"), (0.25, 0.25, "[25.0, 25.0]"),
    ],
)  # fmt: skip
def test_interval(lo: float, hi: float, text: str) -> None:
    assert percent_interval(lo, hi) == text


@given(PROBABILITIES, PROBABILITIES)
def test_an_end_of_an_interval_reads_0_or_100_only_if_it_is(a: float, b: float) -> None:
    ends = sorted((a, b))
    for end, text in zip(ends, percent_interval(*ends)[1:-1].split(", "), strict=True):
        assert (text == "0") == (end == 0)
        assert (text == "100") == (end == 1)
        assert len(re.sub(r"\D", "", text).lstrip("0")) <= 4


@pytest.mark.parametrize(
    ("p", "lo", "hi", "text"),
    [
        (0.0312, 0.0281, 0.0344, "3.1% [2.8, 3.4]"),
        (0.1734, 0.1726, 0.1742, "17.3% [17.3, 17.4]"),  # "17%" would lie outside its interval
        (0.015, 0.002, 0.12, "1.5% [0.2, 12]"),
        (0.5, 0.38, 0.62, "50% [38, 62]"),
    ],
)
def test_estimate_and_interval_are_equally_fine(p: float, lo: float, hi: float, text: str) -> None:
    assert percent_with_chance(p, lo, hi) == text


def estimate(seen: int, chance: list[float], ignorance: list[float] | None = None) -> dict:
    probability = seen / 1000
    return {
        "definition": "direct", "probability": probability, "chance": chance, "ignorance": ignorance,
        "seen": seen, "runs": 1000,
    }  # fmt: skip


def test_a_probability_with_both_intervals() -> None:
    text = probability_text(estimate(31, [0.028, 0.0341], [0.0091, 0.0624]))
    assert text == "3.1% [2.8, 3.4] by chance, [0.9, 6.2] with the parameters unknown"


def test_without_ignorance_only_chance_is_told() -> None:
    assert probability_text(estimate(31, [0.028, 0.0341])) == "3.1% [2.8, 3.4] by chance"


def test_none_seen_is_no_zero() -> None:
    assert probability_text(estimate(0, [0.0, 0.00368])) == "none seen in 1,000 runs: below 0.37%"
    assert "parameters" not in probability_text(estimate(0, [0.0, 0.00368], [0.0, 0.0]))
    with_range = probability_text(estimate(0, [0.0, 0.00368], [0.0, 0.002]))
    assert with_range == "none seen in 1,000 runs: below 0.37%, [0, 0.20] with the parameters unknown"


def test_all_seen_is_no_certainty() -> None:
    assert probability_text(estimate(1000, [0.9963, 1.0])) == "seen in all of 1,000 runs: above 99.6%"


def test_sentence_names_spiral_and_day(scenario: Scenario) -> None:
    sentence = exchange_sentence(estimate(31, [0.028, 0.0341]), scenario)
    assert sentence == "Direct exchange by 31 Jul 2024: 3.1% [2.8, 3.4] by chance"
    unnamed = {k: v for k, v in estimate(31, [0.028, 0.0341]).items() if k != "definition"}
    assert exchange_sentence(unnamed, scenario.model_copy(update={"headline": "reciprocal"})).startswith(
        "Reciprocal "
    )


def test_definitions_hold_the_settings_of_the_scenario() -> None:
    scenario = load_scenario("october-2023", ["spirals.direct.rung=4"])
    assert "rung 4 or more of the ladder: US killed" in definition_text("direct", scenario)
    assert "rung 6 of the ladder" in definition_text("reciprocal", scenario)


def test_rungs_have_seven_names() -> None:
    assert len(set(RUNG_NAMES)) == 7
    assert RUNG_NAMES[0] == "quiet"
    assert RUNG_NAMES[6] == "reciprocal direct"


def test_days_and_numbers() -> None:
    assert day_text(dt.date(2024, 7, 1)) == "1 Jul 2024"
    values = (0, 4, 12.34, 1234.5, 0.01234, 99.96, 123456, math.nan)
    texts = ["0", "4", "12.3", "1,230", "0.0123", "100", "123,000", "unknown"]
    assert [number_text(value) for value in values] == texts


def test_shares_of_none_and_all_are_words() -> None:
    assert [share_text(k, 1000) for k in (0, 1, 450, 1000)] == ["none", "0.10%", "45%", "all"]


def test_differences_durations_and_sizes_have_two_digits() -> None:
    assert [points_text(x) for x in (0.001, 0.01, 0.02, 0.00954, 0.0001234, 0.5)] == [
        "0.1 percentage points", "1 percentage point", "2 percentage points", "0.95 percentage points",
        "0.012 percentage points", "50 percentage points",
    ]  # fmt: skip
    seconds = (0.3, 1.24, 45.2, 89.9, 91, 1_140, 5_399, 5_401, 9_000, 172_801, 1e6, 1e8)
    assert [duration_text(s) for s in seconds] == [
        "less than 1 s", "1.2 s", "45 s", "90 s", "1.5 min", "19 min", "90 min", "1.5 h", "2.5 h", "2 days", "12 days",
        "1,200 days",
    ]  # fmt: skip
    sizes = (0, 999, 1_234, 409_600_000, 999_900_000, 78e9, 3.21e15)
    assert [size_text(s) for s in sizes] == [
        "0 bytes", "1 kB", "1.2 kB", "410 MB", "1 GB", "78 GB", "3,200 TB",
    ]  # fmt: skip
