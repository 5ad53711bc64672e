"""Figures of a result show what the tables hold, and say it in their titles."""

import datetime as dt
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.dates import date2num
from matplotlib.text import Text
from PIL import Image

from sim.evidence import load_evidence
from sim.report.figures import Drawing, draw_answer
from sim.report.figures.bins import bins_of
from sim.report.figures.result import quantile
from sim.report.figures.style import RUNGS, SPIRALS
from sim.scenario import Scenario
from sim.wording import number_text, percent, percent_interval, percent_with_chance
from tests.report.heads import check_heads
from tests.report.made_tables import RUNS, Tables, artists, drawn_of, read, tables, words

STEMS = [
    "spiral-and-anyway", "risk-over-time", "attacks-by-country", "rungs-by-day", "outcomes",
    "first-spiral-day",
]  # fmt: skip


@pytest.fixture(scope="module")
def drawn(result: Tables) -> dict[str, Drawing]:
    return {drawing.stem: drawing for drawing in drawn_of(result)}


def test_every_figure_is_well_headed(drawn: dict[str, Drawing]) -> None:
    check_heads(drawn.values())


def band(collection: Any) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper edge of a fill_between, read back from its outline."""
    x, y = collection.get_paths()[0].vertices.T
    days = np.unique(x)
    low = np.array([y[x == day].min() for day in days])
    return low, np.array([y[x == day].max() for day in days])


def test_files_hang_on_the_result_alone(result: Tables, folder: Path, tmp_path: Path) -> None:
    """Each figure is written thrice, with the same bytes each time, whatever the user's settings, which stay."""
    with matplotlib.rc_context({"font.size": 33.0, "text.parse_math": True, "savefig.dpi": 31}):
        before = dict(matplotlib.rcParams)
        written = draw_answer(result.answer, tmp_path)
        assert dict(matplotlib.rcParams) == before
    assert written == [tmp_path / f"{stem}.{kind}" for stem in STEMS for kind in ("png", "svg", "csv")]
    assert sorted(tmp_path.iterdir()) == sorted(written)
    for path in written:
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


@pytest.mark.parametrize("stem", STEMS)
def test_files_are_valid(folder: Path, stem: str) -> None:
    with Image.open(folder / f"{stem}.png") as image:
        image.load()
        assert image.format == "PNG"
        assert image.width == 1500
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    root = ElementTree.parse(folder / f"{stem}.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not read(folder, stem).empty


def test_no_date_of_drawing_is_written(folder: Path) -> None:
    for path in folder.glob("*.svg"):
        assert "dc:date" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("definition", ["direct", "reciprocal"])
def test_risk_is_drawn_as_its_table_says(folder: Path, drawn: dict[str, Drawing], definition: str) -> None:
    table = read(folder, "risk-over-time")
    rows, drawing = table[table["event"] == definition], drawn["risk-over-time"]
    (line,) = artists(drawing, f"{definition}-probability")
    assert list(line.get_ydata()) == list(rows["probability"])
    assert list(pd.to_datetime(line.get_xdata())) == list(pd.to_datetime(rows["date"]))
    assert to_rgb(line.get_color()) == to_rgb(SPIRALS[definition])
    for kind, low, high in (("chance", "low", "high"), ("unknown", "unknown_low", "unknown_high")):
        (collection,) = artists(drawing, f"{definition}-{kind}")
        lower, upper = band(collection)
        np.testing.assert_array_equal(lower, rows[low])
        np.testing.assert_array_equal(upper, rows[high])


def test_risk_panels_share_a_scale_and_mark_the_uncoupled_world(drawn: dict[str, Drawing]) -> None:
    drawing = drawn["risk-over-time"]
    limits = {axes.get_ylim() for axes in drawing.figure.axes}
    assert len(limits) == 1
    assert limits.pop()[0] == 0
    last = drawing.data.groupby("event").last()
    assert list(last["couplings_off"]) == [0.01] * 2
    marks = [artist for artist in artists(drawing, "direct-couplings-off") if hasattr(artist, "get_ydata")]
    assert next(list(mark.get_ydata()) for mark in marks) == [0.01]


def test_risk_title_is_a_finding_and_the_bands_are_named(result: Tables, drawn: dict[str, Drawing]) -> None:
    drawing = drawn["risk-over-time"]
    headline = result.estimates["headline"]
    level, _, ends = percent_with_chance(headline["probability"], *headline["chance"]).partition(" ")
    assert drawing.title == f"A direct exchange comes by 31 Jul 2024 in {level} of runs"
    assert drawing.subtitle.startswith(
        f"Direct {ends} by chance (95%), {percent_interval(*headline['ignorance'])} with"
    )
    text = words(drawing)
    assert "95% by chance" in text
    assert "90% with the parameters unknown" in text
    assert "Dark band: 95% interval by chance" in text


@pytest.mark.parametrize("stem", STEMS)
def test_title_is_shown_whole_and_every_figure_says_where_it_comes_from(
    drawn: dict[str, Drawing], stem: str
) -> None:
    shown = " ".join(words(drawn[stem]).split())
    assert drawn[stem].title in shown
    assert drawn[stem].subtitle in shown
    assert any(character.isdigit() for character in drawn[stem].title)
    for note in (
        "Scenario october-2023, 400 runs, seed 20231017",
        "drawn from their priors (50 rows)",
        "Spiral 0.1.0",
        "conditional on the model; parameters mostly assumed",
        "5 news articles of Oct 2023 to Jul 2024, see seeds/",
    ):
        assert note in shown


@pytest.mark.parametrize("series", ["attacks_iraq", "attacks_syria_jordan"])
def test_attacks_are_drawn_as_their_table_says(folder: Path, drawn: dict[str, Drawing], series: str) -> None:
    table = read(folder, "attacks-by-country")
    rows, drawing = table[table["series"] == series], drawn["attacks-by-country"]
    for column in ("q50", "mean"):
        whole, close_up = artists(drawing, f"{series}-{column}")
        assert list(whole.get_ydata()) == list(rows[column])
        assert list(close_up.get_ydata()) == list(rows[column])[:36]
    for low, high in (("q05", "q95"), ("q25", "q75")):
        lower, upper = band(artists(drawing, f"{series}-{high}")[0])
        np.testing.assert_array_equal(lower, rows[low])
        np.testing.assert_array_equal(upper, rows[high])


@pytest.mark.parametrize(("series", "place"), [("attacks_iraq", "iraq"), ("attacks_syria_jordan", "syria")])
def test_articles_counts_are_marked_where_the_ledger_has_them(
    drawn: dict[str, Drawing], series: str, place: str
) -> None:
    facts = [load_evidence().facts[f"attacks-{place}-{day}"] for day in ("24-oct", "30-oct", "17-nov")]
    for line in artists(drawn["attacks-by-country"], f"{series}-counted"):
        assert list(date2num(line.get_xdata())) == [date2num(fact.end) for fact in facts]
        assert list(line.get_ydata()) == [fact.value for fact in facts]
    data = drawn["attacks-by-country"].data
    assert list(data[data["series"] == series]["fact"].dropna()) == [fact.id for fact in facts]
    shown = {text.get_text() for text in drawn["attacks-by-country"].figure.findobj(Text)}
    assert {f"{fact.value:.0f}" for fact in facts} <= shown


def test_attacks_title_holds_the_last_day(result: Tables, drawn: dict[str, Drawing]) -> None:
    last = result.daily[result.daily["series"] == "attacks_iraq"].iloc[-1]
    drawing = drawn["attacks-by-country"]
    assert f"{last['q50']:.0f} in Iraq, " in drawing.title
    assert f"{last['q05']:.0f} to {last['q95']:.0f} in Iraq, " in drawing.subtitle


def test_only_the_counts_within_a_short_scenario_are_marked(october: Scenario) -> None:
    short = tables(october.model_copy(update={"end": dt.date(2023, 11, 16)}))
    drawing = drawn_of(short)[2]
    assert list(drawing.data["counted"].dropna()) == [10, 14, 3, 9]
    assert len(drawing.figure.axes) == 2


def test_rungs_are_stacked_gravest_first(folder: Path, drawn: dict[str, Drawing]) -> None:
    table, drawing = read(folder, "rungs-by-day"), drawn["rungs-by-day"]
    for rung in range(7):
        rows = table[table["rung"] == rung]
        (collection,) = artists(drawing, f"rung-{rung}")
        heights = [step_top(collection, date2num(day)) for day in pd.to_datetime(rows["date"])]
        np.testing.assert_allclose(heights, rows["share_at_least"], atol=1e-12)
        assert tuple(collection.get_facecolor()[0][:3]) == to_rgb(RUNGS[rung])
    totals = table.groupby("date")["share"].sum()
    np.testing.assert_allclose(totals, 1)


def step_top(collection: Any, at: float) -> float:
    """Height of the outline's upper edge at a moment: the highest of its level parts above it."""
    x, y = collection.get_paths()[0].vertices.T
    spans = zip(x[:-1], x[1:], y[:-1], y[1:], strict=True)
    return max(y0 for x0, x1, y0, y1 in spans if min(x0, x1) < at < max(x0, x1) and y0 == y1)


def test_rungs_title_holds_the_commonest_rung(result: Tables, drawn: dict[str, Drawing]) -> None:
    last = result.rungs[result.rungs["date"] == result.rungs["date"].max()].set_index("rung")["share"]
    assert percent(last.max()) in drawn["rungs-by-day"].title


def test_a_rung_missing_from_the_table_counts_as_none(result: Tables) -> None:
    fewer = result.rungs[result.rungs["rung"] <= 4].copy()
    fewer["share"] /= fewer.groupby("date")["share"].transform("sum")
    drawing = drawn_of(Tables(**{**vars(result), "rungs": fewer}))[3]
    assert drawing.subtitle == "No run is ever in a direct exchange."
    assert set(drawing.data["rung"]) == set(range(7))
    assert "Reciprocal exchange (6): none" in words(drawing)


@pytest.mark.parametrize("quantity", ["attacks", "wounded", "killed", "strikes"])
def test_outcomes_bars_hold_all_runs(
    result: Tables, folder: Path, drawn: dict[str, Drawing], quantity: str
) -> None:
    table = read(folder, "outcomes")
    rows = table[table["quantity"] == quantity]
    assert rows["runs"].sum() == RUNS
    assert rows["share"].sum() == pytest.approx(1)
    bars = [artist.get_height() for artist in artists(drawn["outcomes"], quantity)]
    assert bars == list(rows.loc[rows["shown"], "share"])
    values = result.distributions[result.distributions["quantity"] == quantity]
    for row in rows.itertuples():
        top = row.to if row.shown else np.inf
        inside = values["value"].between(row[2], top)
        assert values.loc[inside, "runs"].sum() == row.runs


def test_outcomes_name_median_range_and_what_is_left_out(result: Tables, drawn: dict[str, Drawing]) -> None:
    drawing = drawn["outcomes"]
    values = result.distributions[result.distributions["quantity"] == "attacks"].reset_index(drop=True)
    low, middle, high = (quantile(values, q) for q in (0.05, 0.5, 0.95))
    text = " ".join(words(drawing).split())
    assert f"median {middle}, 90% of runs {low} to {number_text(high)}" in text
    beyond = drawing.data[~drawing.data["shown"].astype(bool)].set_index("quantity")["share"]
    assert f"not shown: {percent(beyond['attacks'])} of runs" in text
    killed = result.distributions[result.distributions["quantity"] == "killed"]
    assert f"US killed in {percent(killed.loc[killed['value'] > 0, 'runs'].sum() / RUNS)}" in drawing.title


def test_a_spike_at_none_stands_apart_from_a_long_tail() -> None:
    values = pd.DataFrame({"value": [0, 1, 2, 7, 30, 612], "runs": [900, 40, 20, 20, 15, 5]})
    bins = bins_of(values)
    assert bins.widening
    assert (bins.low[0], bins.high[0], bins.runs[0]) == (0, 0, 900)
    assert bins.beyond == 0
    assert bins.runs.sum() == 1000
    assert bins.high[-1] >= 612
    assert bins.position(0) == 0


@pytest.mark.parametrize("value", [0, 5, 3000])
def test_runs_that_all_end_alike_are_one_bar(value: int) -> None:
    bins = bins_of(pd.DataFrame({"value": [value], "runs": [10]}))
    assert bins.runs.max() == bins.runs.sum() == 10
    where = int(bins.runs.argmax())
    assert bins.low[where] <= value <= bins.high[where]


def test_first_days_are_drawn_as_their_table_says(
    result: Tables, folder: Path, drawn: dict[str, Drawing]
) -> None:
    table, drawing = read(folder, "first-spiral-day"), drawn["first-spiral-day"]
    bars = artists(drawing, "first-spiral")
    assert [bar.get_height() for bar in bars] == list(table["share_per_bar"])
    seen = result.estimates["headline"]["seen"]
    assert table["runs"].sum() == seen
    area = sum(bar.get_height() * bar.get_width() for bar in bars)
    assert area == pytest.approx(7)  # days: the shares add up to 1 a week
    assert table["from"].iloc[0] == "2023-10-17"
    assert table["to"].iloc[-1] == "2024-07-31"
    assert drawing.title.startswith("Where a direct exchange comes, half of the runs have come to it by ")
    assert f"{percent(1 - seen / RUNS)} of 400 runs come to none by 31 Jul 2024" in drawing.subtitle
