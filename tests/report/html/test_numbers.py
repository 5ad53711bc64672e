"""Every number of a report is the finding's."""

import dataclasses

import numpy as np
import pytest

from sim.replay.picking import pick_run
from sim.report.html import run
from sim.report.html.page import points
from sim.simulate.job import make_job
from sim.store.manifest import PARTS
from sim.wording import change_with_chance, number_text, percent, percent_with_chance, probability_text


def test_a_run_is_told_in_three_sentences(made, page):
    of = made("run").finding
    first, second, third = page("run").said
    assert probability_text(of.spiral.model_dump()) in first
    assert first.startswith("With parameters fitted to what was reported up to 17 Nov 2023, ")
    assert probability_text(of.anyway.model_dump()) in second
    assert probability_text(of.headline.model_dump()) in second
    assert probability_text(of.prevented.in_all.model_dump()) in third


def test_without_a_record_it_is_said_that_there_is_none(made):
    answer = made("run")
    for parameters, told in (
        ("default", "With every parameter at its default, "),
        ("prior", "With parameters drawn from their priors, which no record has informed, "),
    ):
        basis = [{**one, "known_until": None} for one in answer.manifest["basis"]]
        manifest = {**answer.manifest, "parameters": parameters, "basis": basis}
        first, *_ = run.said(dataclasses.replace(answer, manifest=manifest), None)
        assert first.startswith(told)


def test_the_parts_and_the_averted_are_those_of_the_finding(made, page):
    of = made("run").finding
    rows = {row[0]: row[1] for row in page("run").table("Risk by 31 Jan 2024")}
    assert rows["Spiral"] == seen(of.spiral)
    assert rows["Anyway"] == seen(of.anyway)
    assert rows["In all: a direct exchange"] == seen(of.headline)
    averted = {row[0]: row[1] for row in page("run").table("Averted")}
    assert averted["all of it together"] == seen(of.prevented.in_all)
    assert averted["Tehran's fear of war (tehran)"] == seen(of.prevented.by_mechanism["tehran"])
    assert len(averted) == 1 + len(of.prevented.by_mechanism)


def seen(part):
    if part.seen == 0:
        return f"none seen, below {percent(part.chance[1])}"
    return percent_with_chance(part.probability, *part.chance)


def test_the_risk_by_day_is_that_of_the_incidence(made, page):
    table = made("run").finding.incidence
    rows = page("run").table("By the end of")
    assert [row[0] for row in rows] == ["31 Oct 2023", "30 Nov 2023", "31 Dec 2023", "31 Jan 2024"]
    last = table[(table["event"] == "direct")].iloc[-1]
    assert last["probability"] > 0
    assert rows[-1][3] == percent_with_chance(last["probability"], last["low"], last["high"])
    assert rows[0][3] == f"none seen, below {percent(table[table['event'] == 'direct'].iloc[0]['high'])}"


def test_rivals_have_their_answer_and_the_difference_from_the_whole(made, page):
    of = made("run").finding
    whole, rows = of.headline.same_runs, page("run").table("The probability in all, were")
    told = {row[0].lower(): row[1:] for row in rows}
    assert told["all mechanisms together"][0] == percent(whole)
    for name, p in of.mechanisms.items():
        assert told[name.lower()] == [percent(p), points(p - whole).text]


def test_a_weight_never_looks_like_a_risk(made, page):
    of = made("run").finding
    rows = page("run").table("How well each explains the record so far")
    assert {row[0].lower(): row[1] for row in rows} == {
        name.lower(): f"{weight:.2f}" for name, weight in of.averaged.weights.items()
    }
    assert "%" not in "".join(cell for row in rows for cell in row)
    assert all("%" in row[1] for row in page("run").table("The probability in all, were"))


def test_what_must_not_be_said_names_both_numbers(made, page):
    of = made("run").finding
    text = page("run").root.one("aside").text
    assert f"That {seen(of.spiral).split()[0]} is the probability of a direct exchange" in text
    assert f"That is {seen(of.headline).split()[0]};" in text
    for kind in ("sweep", "compare", "forecast"):
        assert len(page(kind).root.one("aside").all("li")) >= 4


@pytest.mark.parametrize("kind", ["sweep", "scattered"])
def test_the_points_of_a_sweep_are_all_there_in_numbers_and_in_words(made, page, kind):
    of, held = made(kind).finding, page(kind).points
    assert len(held["points"]) == len(of.sweep)
    for point, row in zip(held["points"], of.sweep.to_dict("records"), strict=True):
        for lever, place in zip(held["levers"], point["at"], strict=True):
            assert lever["values"][place] == row[lever["name"]]
            assert lever["texts"][place].startswith(number_text(row[lever["name"]]))
        told = [row[f"direct{end}"] for end in ("", "_low", "_high", "_unknown_low", "_unknown_high")]
        assert np.allclose(np.array(point["risk"], float), np.array(told, float), rtol=1e-4, equal_nan=True)
        if row["direct"] > 0:
            assert percent_with_chance(*told[:3]) in point["said"][0]


def test_a_change_is_paired_with_the_first_point_of_a_grid_alone(made, page):
    rows = made("sweep").finding.sweep.to_dict("records")
    held = page("sweep").points
    for point, row in list(zip(held["points"], rows, strict=True))[1:]:
        ends = [row[f"direct_change{end}"] for end in ("", "_low", "_high")]
        text = change_with_chance(*ends) if ends[0] or ends[1] != -ends[2] else "no run moved"
        assert text in point["said"][2]
    assert held["points"][0]["said"][2] == "This is the first point."
    assert not held["scattered"]
    assert all(len(point["said"]) == 2 for point in page("scattered").points["points"])
    assert page("scattered").points["scattered"]


def test_a_comparison_tells_differences_and_assumptions(made, page):
    of = made("compare").finding
    row = of.outcomes[of.outcomes["outcome"] == "direct"].iloc[0]
    change = change_with_chance(*(row[f"difference{end}"] for end in ("", "_low", "_high")))
    assert change in page("compare").said[1]
    outcomes = {line[0]: line for line in page("compare").table("What differs in their outcomes")}
    assert outcomes["direct exchange"][4] == change
    assert [line[0] for line in page("compare").table("What differs in their assumptions")] == list(
        of.assumptions["path"]
    )


def test_a_forecast_tells_its_record(made, page):
    of = made("forecast").finding
    assert probability_text(of.headline.model_dump()) in page("forecast").said[0]
    assert "fitted here to the record autumn-2023 up to 24 Oct 2023" in page("forecast").said[0]
    assert len(page("forecast").table("Attacks on record")) == len(of.reports)
    assert len(page("forecast").table("After 24 Oct 2023")) == len(of.ahead)


def test_the_runs_that_are_opened_are_those_that_were_counted(made, page):
    import pandas as pd

    answer = made("run")
    kept = pd.read_parquet(answer.folder / PARTS)
    job = make_job(answer.scenario, "posterior")
    for how, article in zip(("median", "worst"), page("run").root.all("article"), strict=True):
        number = pick_run(job, how, 250)
        row = kept[kept["run"] == number].iloc[0]
        assert f"Picked run {number:,} of runs 0 to 249: the {how}" in article.text
        assert f"Highest: {row['peak_rung']} (" in article.text or "Rungs: no change" in article.text
        assert (
            f"Attacks: {row['attacks_iraq'] + row['attacks_syria'] + row['attacks_jordan']:,} ("
            in article.text
        )
    assert kept["peak_rung"].max() == row["peak_rung"]


def test_how_to_make_it_again_is_what_was_typed(made, page):
    made_by = made("sweep").manifest
    again = page("sweep").root.one("section", id="again").text
    assert made_by["command"] in again
    assert str(made_by["random_seed"]) in again
    assert made_by["job"]["scenario"] in again
