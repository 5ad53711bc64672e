"""The headline split: what is drawn is what its table says, spiral and anyway add up, restraint stands apart."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from sim.report.figures import Drawing
from sim.report.figures.style import ANYWAY, SPIRAL
from sim.scenario import Scenario
from tests.report.made_tables import Tables, artists, drawn_of, read, tables, words


@pytest.fixture(scope="module")
def split(result: Tables) -> Drawing:
    return drawn_of(result)[0]


def heights(split: Drawing, gid: str) -> np.ndarray:
    """How thick an area is on each of its days."""
    (area,) = artists(split, gid)
    x, y = area.get_paths()[0].vertices.T
    return np.array([np.ptp(y[x == day]) for day in np.unique(x)])


@pytest.mark.parametrize("part", ["spiral", "anyway"])
def test_areas_are_as_thick_as_their_table_says(folder: Path, split: Drawing, part: str) -> None:
    table = read(folder, "spiral-and-anyway")
    assert heights(split, part) == pytest.approx(table.loc[table["part"] == part, "probability"], abs=1e-12)


def test_spiral_and_anyway_add_up_to_the_headline(folder: Path) -> None:
    by_part = read(folder, "spiral-and-anyway").pivot(index="date", columns="part", values="probability")
    np.testing.assert_allclose(by_part["spiral"] + by_part["anyway"], by_part["direct"], atol=1e-12)


@pytest.mark.parametrize("part", ["spiral", "anyway", "direct", "averted"])
def test_each_part_has_its_estimate_and_both_intervals(result: Tables, split: Drawing, part: str) -> None:
    of = result.estimates
    one = of["prevented"]["in_all"] if part == "averted" else of["headline" if part == "direct" else part]
    (dot,), (chance,), (unknown,) = (
        artists(split, f"{part}-{what}") for what in ("estimate", "chance", "unknown")
    )
    assert list(dot.get_xdata()) == [one["probability"]]
    assert list(chance.get_xdata()) == list(one["chance"])
    assert list(unknown.get_xdata()) == list(one["ignorance"])


def test_what_restraint_averted_is_no_part_of_the_headline(split: Drawing) -> None:
    data = split.data
    assert (data["part"] == "averted").sum() == 1
    assert not artists(split, "averted")
    places = {part: artists(split, f"{part}-estimate")[0].get_ydata()[0] for part in ("direct", "averted")}
    assert places["averted"] - places["direct"] > 1.0  # further below than one row


def test_without_a_sample_of_restraint_nothing_is_said_of_it(october: Scenario) -> None:
    made = tables(october)
    bare = Tables(**{**vars(made), "estimates": {**made.estimates, "prevented": None}})
    drawing = drawn_of(bare)[0]
    assert "verted" not in words(drawing)
    assert set(drawing.data["part"]) == {"spiral", "anyway", "direct"}


def test_title_and_subtitle_hold_the_parts(split: Drawing) -> None:
    last = split.data.groupby("part").last()["probability"]
    assert f"{100 * last['spiral']:.0f}" in split.title
    assert f"{100 * last['anyway']:.0f}" in split.title
    assert split.subtitle.startswith("By 31 Jul 2024: spiral [")
    assert "restraint averted another 25.0% [20.0, 30.0]" in split.subtitle


def test_the_parts_are_told_apart_in_grey() -> None:
    grey = [np.dot(to_rgb(colour), (0.299, 0.587, 0.114)) for colour in (SPIRAL, ANYWAY)]
    assert grey[1] - grey[0] > 0.35


def test_the_table_of_the_last_day_holds_the_estimates(result: Tables, folder: Path) -> None:
    table = read(folder, "spiral-and-anyway")
    last = table[table["date"] == "2024-07-31"].set_index("part")
    assert pd.notna(last["unknown_low"]).all()
    assert last.loc["averted", "probability"] == result.estimates["prevented"]["in_all"]["probability"]
    assert table.loc[table["date"] < "2024-07-31", "unknown_low"].isna().all()
