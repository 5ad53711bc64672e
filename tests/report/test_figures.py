"""Figures show what the tables hold, say it in their titles, and survive odd names and empty results."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.dates import date2num
from matplotlib.text import Text
from PIL import Image

from sim.evidence import load_evidence
from sim.report.figures import Drawing, draw_all, drawings
from sim.report.figures.bins import bins_of
from sim.report.figures.result import quantile
from sim.report.figures.style import COUNTRIES, RUNGS, SPIRALS, style, text_width, wrap
from sim.scenario import Scenario, load_scenario
from sim.wording import number_text, percent, spiral_sentence

STEMS = ["risk-over-time", "attacks-by-country", "rungs-by-day", "outcomes", "first-spiral-day"]
RUNS = 400
COUNTS = ("attacks_iraq", "attacks_syria_jordan", "attacks", "wounded", "killed", "strikes")
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


@dataclass(frozen=True)
class Tables:
    scenario: Scenario
    manifest: Mapping[str, Any]
    estimates: Mapping[str, Any]
    daily: pd.DataFrame
    rungs: pd.DataFrame
    incidence: pd.DataFrame
    distributions: pd.DataFrame


def tables(scenario: Scenario, spiralled: bool = True, prior: bool = True) -> Tables:
    rng = np.random.default_rng(7)
    days, dates = scenario.days, pd.date_range(scenario.start, periods=scenario.days)
    counts = cumulative_counts(rng, days)
    firsts = first_days(rng, days, spiralled)
    incidence = pd.concat([incidence_of(name, first, dates, prior) for name, first in firsts.items()])
    spirals = {name: estimate_of(name, first, incidence, prior) for name, first in firsts.items()}
    ends = {**{name: count[:, -1] for name, count in counts.items()}, "first_spiral_day": firsts["direct"]}
    manifest = {
        "runs": RUNS, "random_seed": scenario.random_seed, "parameters": "prior" if prior else "default",
        "rows": 50 if prior else 0, "version": "0.1.0",
    }  # fmt: skip
    return Tables(
        scenario, manifest, {"headline": spirals[scenario.headline], "spirals": spirals},
        pd.concat([daily_of(name, count, dates) for name, count in counts.items()], ignore_index=True),
        rungs_of(rng, dates), incidence.reset_index(drop=True),
        pd.concat([distribution_of(name, values) for name, values in ends.items()], ignore_index=True),
    )  # fmt: skip


def cumulative_counts(rng: np.random.Generator, days: int) -> dict[str, np.ndarray]:
    rate = np.broadcast_to(rng.lognormal(0, 0.4, (RUNS, 1)), (RUNS, days))
    a_day = {
        "attacks_iraq": rng.poisson(rate), "attacks_syria_jordan": rng.poisson(rate),
        "wounded": rng.poisson(0.5 * rate), "strikes": rng.poisson(0.05 * rate),
        "killed": rng.poisson(0.001, (RUNS, days)) * (1 + rng.pareto(1.0, (RUNS, days))).astype(int),
    }  # fmt: skip
    a_day["attacks"] = a_day["attacks_iraq"] + a_day["attacks_syria_jordan"]
    return {name: a_day[name].cumsum(axis=1) for name in COUNTS}


def first_days(rng: np.random.Generator, days: int, spiralled: bool) -> dict[str, np.ndarray]:
    direct = np.where(rng.random(RUNS) < (0.3 if spiralled else 0), rng.integers(0, days, RUNS), -1)
    reciprocal = np.where(rng.random(RUNS) < 0.3, direct, -1)
    return {"direct": direct, "reciprocal": reciprocal, "runaway": np.where(direct >= 0, direct // 2, -1)}


def incidence_of(name: str, first: np.ndarray, dates: pd.DatetimeIndex, prior: bool) -> pd.DataFrame:
    p = np.array([np.mean((first >= 0) & (first <= day)) for day in range(len(dates))])
    unknown = p if prior else np.full(len(dates), np.nan)
    return pd.DataFrame({
        "event": name, "date": dates, "probability": p, "low": 0.9 * p, "high": 1.1 * p + 0.009,
        "unknown_low": 0.2 * unknown, "unknown_high": 2 * unknown,
    })  # fmt: skip


def estimate_of(name: str, first: np.ndarray, incidence: pd.DataFrame, prior: bool) -> dict[str, Any]:
    last = incidence[incidence["event"] == name].iloc[-1]
    ignorance = [last["unknown_low"], last["unknown_high"]] if prior else None
    return {
        "definition": name, "probability": last["probability"], "chance": [last["low"], last["high"]],
        "ignorance": ignorance, "seen": int((first >= 0).sum()), "runs": RUNS,
        "couplings_off": {"probability": 0.01, "chance": [0.004, 0.02]},
    }  # fmt: skip


def daily_of(name: str, count: np.ndarray, dates: pd.DatetimeIndex) -> pd.DataFrame:
    columns = {label: np.quantile(count, q, axis=0) for label, q in QUANTILES.items()}
    return pd.DataFrame({"series": name, "date": dates, "mean": count.mean(axis=0), **columns})


def rungs_of(rng: np.random.Generator, dates: pd.DatetimeIndex) -> pd.DataFrame:
    shares = rng.dirichlet((8, 20, 10, 4, 2, 1, 1), len(dates))
    index = pd.MultiIndex.from_product([dates, range(7)], names=["date", "rung"])
    return pd.Series(shares.ravel(), index, name="share").reset_index()


def distribution_of(name: str, values: np.ndarray) -> pd.DataFrame:
    value, runs = np.unique(values[values >= 0], return_counts=True)
    return pd.DataFrame({"quantity": name, "value": value, "runs": runs})


@pytest.fixture(scope="module")
def october() -> Scenario:
    return load_scenario("october-2023")


@pytest.fixture(scope="module")
def result(october: Scenario) -> Tables:
    return tables(october)


@pytest.fixture(scope="module")
def drawn(result: Tables) -> dict[str, Drawing]:
    return {drawing.stem: drawing for drawing in drawings(result)}


@pytest.fixture(scope="module")
def folder(result: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures") / "new" / "folder"
    draw_all(result, folder)
    return folder


def artists(drawing: Drawing, gid: str) -> list[Any]:
    return drawing.figure.findobj(lambda artist: artist.get_gid() == gid)


def words(drawing: Drawing) -> str:
    return "\n".join(text.get_text() for text in drawing.figure.findobj(Text))


def band(collection: Any) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper edge of a fill_between, read back from its outline."""
    x, y = collection.get_paths()[0].vertices.T
    days = np.unique(x)
    low = np.array([y[x == day].min() for day in days])
    return low, np.array([y[x == day].max() for day in days])


def read(folder: Path, stem: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{stem}.csv")


def test_every_figure_is_written_thrice_and_nothing_else(result: Tables, tmp_path: Path) -> None:
    written = draw_all(result, tmp_path)
    assert written == [tmp_path / f"{stem}.{kind}" for stem in STEMS for kind in ("png", "svg", "csv")]
    assert sorted(tmp_path.iterdir()) == sorted(written)


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


def test_the_same_result_gives_the_same_bytes(result: Tables, folder: Path, tmp_path: Path) -> None:
    for path in draw_all(result, tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_no_date_of_drawing_is_written(folder: Path) -> None:
    for path in folder.glob("*.svg"):
        assert "dc:date" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("definition", ["direct", "reciprocal", "runaway"])
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
    assert list(last["couplings_off"]) == [0.01] * 3
    marks = [artist for artist in artists(drawing, "direct-couplings-off") if hasattr(artist, "get_ydata")]
    assert next(list(mark.get_ydata()) for mark in marks) == [0.01]


def test_risk_title_is_the_sentence_and_the_bands_are_named(
    result: Tables, drawn: dict[str, Drawing]
) -> None:
    drawing = drawn["risk-over-time"]
    assert drawing.title == spiral_sentence(result.estimates["headline"], result.scenario)
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
    expected = f"{last['q50']:.0f} in Iraq [{last['q05']:.0f} to {last['q95']:.0f}]"
    assert f"{expected}, " in drawn["attacks-by-country"].title


def test_only_the_counts_within_a_short_scenario_are_marked(october: Scenario) -> None:
    short = tables(october.model_copy(update={"end": dt.date(2023, 11, 16)}))
    drawing = drawings(short)[1]
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
    drawing = drawings(Tables(**{**vars(result), "rungs": fewer}))[2]
    assert "no run is ever on rung 5 or 6" in drawing.title
    assert set(drawing.data["rung"]) == set(range(7))
    assert "6 reciprocal direct: none" in words(drawing)


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
    assert drawing.title.startswith(f"{percent(1 - seen / RUNS)} of 400 runs have no direct spiral")


def test_nobody_spiralled(october: Scenario, tmp_path: Path) -> None:
    result = tables(october, spiralled=False)
    by_stem = {drawing.stem: drawing for drawing in drawings(result)}
    bound = percent(result.estimates["headline"]["chance"][1])
    title = by_stem["first-spiral-day"].title
    assert title == f"No run of 400 spiralled: at most {bound} [95%] (direct spiral by 31 Jul 2024)"
    assert by_stem["risk-over-time"].title.endswith(f"none seen in 400 runs: below {bound}")
    assert len(draw_all(result, tmp_path)) == 15
    assert list(read(tmp_path, "first-spiral-day").columns)[:3] == ["from", "to", "runs"]
    assert read(tmp_path, "first-spiral-day").empty


def test_few_spirals_are_told_one_by_one(october: Scenario) -> None:
    result = tables(october)
    other = result.distributions[result.distributions["quantity"] != "first_spiral_day"]
    first = pd.DataFrame({"quantity": "first_spiral_day", "value": [-1, 3, 20], "runs": [397, 1, 2]})
    few = Tables(**{**vars(result), "distributions": pd.concat([other, first])})
    drawing = drawings(few)[4]
    assert drawing.title.endswith("in 3 runs, from 20 Oct 2023 to 6 Nov 2023")
    assert not artists(drawing, "median")


def test_default_parameters_show_no_range_of_the_unknown(october: Scenario) -> None:
    drawing, *others = drawings(tables(october, prior=False))
    assert not artists(drawing, "direct-unknown")
    assert "with the parameters unknown" not in words(drawing)
    assert "What is unknown of the parameters is not shown" in words(drawing)
    for each in (drawing, *others):
        assert "parameters at their defaults" in words(each)


def test_a_single_day(october: Scenario, tmp_path: Path) -> None:
    result = tables(october.model_copy(update={"end": october.start}))
    assert len(draw_all(result, tmp_path)) == 15
    risk, attacks, rungs, *_ = drawings(result)
    (line,) = artists(risk, "direct-probability")
    assert set(line.get_ydata()) == {result.estimates["headline"]["probability"]}
    assert np.ptp(date2num(line.get_xdata())) == 1  # a line a day wide, not a point
    assert attacks.data["counted"].isna().all()
    assert len(rungs.data) == 7


def test_a_later_start_has_no_counts_of_the_articles() -> None:
    drawing = drawings(tables(load_scenario("tower-22")))[1]
    assert drawing.data["counted"].isna().all()
    assert not any(len(line.get_xdata()) for line in artists(drawing, "attacks_iraq-counted"))
    assert "counted in the articles" not in words(drawing)
    assert len(drawing.figure.axes) == 2


@pytest.mark.parametrize("text", ["$\\frac{$", "<b>bold</b> & ]]>", "\ud800 \x00 \x1b", "W" * 300, "戦争"])
def test_odd_texts_are_shown_as_they_are(october: Scenario, tmp_path: Path, text: str) -> None:
    scenario = october.model_copy(
        update={"name": text, "question": f"{text} ?", "end": october.start + dt.timedelta(days=20)}
    )
    result = tables(scenario)
    for path in draw_all(result, tmp_path):
        if path.suffix == ".svg":
            ElementTree.parse(path)
    if text.isprintable() and len(text) < 40:
        assert f"Scenario {text}, " in words(drawings(result)[0])


@pytest.mark.parametrize("days", [1, 2, 15, 43, 100, 289, 700])
def test_nothing_overlaps_or_is_cut_off(october: Scenario, days: int) -> None:
    result = tables(october.model_copy(update={"end": october.start + dt.timedelta(days=days - 1)}))
    for drawing in drawings(result):
        with style():
            drawing.figure.draw_without_rendering()
        page = drawing.figure.bbox
        for text in visible_texts(drawing):
            box = text.get_window_extent()
            assert box.x0 >= page.x0 - 1, (drawing.stem, text)
            assert box.x1 <= page.x1 + 1, (drawing.stem, text)
            assert box.y0 >= page.y0 - 1, (drawing.stem, text)
            assert box.y1 <= page.y1 + 1, (drawing.stem, text)
        for axes in drawing.figure.axes:
            assert not overlaps(axes.get_xticklabels()), drawing.stem
            assert not overlaps(axes.get_yticklabels()), drawing.stem
        assert not overlaps([*drawing.figure.texts, *panel_titles(drawing)]), drawing.stem


def visible_texts(drawing: Drawing) -> list[Text]:
    ticks = {tick for axes in drawing.figure.axes for tick in unseen_ticks(axes)}
    return [
        text for text in drawing.figure.findobj(Text)
        if text.get_visible() and text.get_text() and text not in ticks
    ]  # fmt: skip


def unseen_ticks(axes: Axes) -> list[Text]:
    """Labels outside the axes' limits, which matplotlib keeps but does not draw."""
    low, high = sorted(axes.get_ylim())
    ticks = [tick for tick in axes.yaxis.get_major_ticks() if not low <= tick.get_loc() <= high]
    return [label for tick in ticks for label in (tick.label1, tick.label2)]


def panel_titles(drawing: Drawing) -> list[Text]:
    return [axes.title for axes in drawing.figure.axes] + [
        text for axes in drawing.figure.axes if (text := axes._left_title).get_text()
    ]


def overlaps(texts: list[Text]) -> list[tuple[str, str]]:
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts if t.get_text() and t.get_visible()]
    return [
        (a, b) for n, (a, box) in enumerate(boxes) for b, other in boxes[:n]
        if box.x0 < other.x1 - 1 and other.x0 < box.x1 - 1 and box.y0 < other.y1 - 1 and other.y0 < box.y1 - 1
    ]  # fmt: skip


def test_lines_are_broken_to_their_width() -> None:
    lines = wrap("Attacks by 31 Jul 2024, in 90% of runs [1,230 to 4,560], and " + "x" * 90, 200, 11)
    assert all(text_width(line, 11) <= 200 for line in lines)
    assert any("31 Jul 2024," in line for line in lines)
    assert any("[1,230 to 4,560]," in line for line in lines)
    assert wrap("one two three four five six", 60, 11, most=2)[-1].endswith("…")


def test_rungs_darken_upwards_and_no_colour_means_two_things() -> None:
    luminance = [np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)) for colour in RUNGS[1:]]
    assert all(np.diff(luminance) < -0.05)
    assert SPIRALS["direct"] == RUNGS[5]
    assert SPIRALS["reciprocal"] == RUNGS[6]
    colours = [*RUNGS, *COUNTRIES.values(), SPIRALS["runaway"]]
    assert len(set(colours)) == len(colours)


def test_the_users_settings_neither_matter_nor_change(result: Tables, folder: Path, tmp_path: Path) -> None:
    with matplotlib.rc_context({"font.size": 33.0, "text.parse_math": True, "savefig.dpi": 31}):
        before = dict(matplotlib.rcParams)
        draw_all(result, tmp_path)
        assert dict(matplotlib.rcParams) == before
    name = "risk-over-time.png"
    assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_importing_figures_needs_neither_pyplot_nor_a_screen() -> None:
    code = "import sys, sim.report.figures; assert 'matplotlib.pyplot' not in sys.modules"
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "MPLBACKEND")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_a_count_that_is_cut_off_is_said_to_be_so():
    from sim.report.figures.bins import bins_of
    from sim.report.figures.outcomes import _beyond, _highest

    values = pd.DataFrame({"value": [0, 3, 10, 2047], "runs": [50, 30, 10, 10]})
    closed, cut = bins_of(values), bins_of(values.assign(or_more=[False, False, False, True]))
    assert closed.ticks()[1][-1] != "2,000\nor more"
    assert cut.ticks()[1][-1] == "2,000\nor more"
    assert "the most 2,047;" in _beyond(closed, 100, _highest(values))
    assert _beyond(cut, 100, "2,047 or more").startswith("2,047 or more in 10% of runs")
