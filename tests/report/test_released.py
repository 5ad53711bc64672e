"""The day on which the record ends is found, drawn and named in the captions of what it makes jump."""

import datetime as dt
from dataclasses import replace

import pytest
from matplotlib.dates import date2num

from sim.report.figures import Drawing
from sim.report.figures.released import released_on
from sim.scenario import load_scenario
from tests.report.made_tables import Tables, artists, drawn_of, words

FITTED = {"parameters": "posterior", "basis": [{"past": True}]}
MARKED = ("risk-over-time", "attacks-by-country", "rungs-by-day", "first-spiral-day", "spiral-and-anyway")


def test_a_fitted_past_ends_on_the_day_up_to_which_it_was_fitted(october):
    assert released_on(october, FITTED) == dt.date(2023, 11, 18)


def test_parameters_from_the_prior_are_free_from_the_first_day_on(october):
    assert released_on(october, {"parameters": "prior", "basis": [{"past": False}]}) is None
    assert released_on(october, {"parameters": "prior"}) is None


def test_a_history_ends_where_the_scenario_releases_it():
    made = load_scenario("tower-22")
    assert released_on(made, {"parameters": "prior"}) is None  # on its first day
    assert made.history is not None
    later = made.history.model_copy(update={"release": dt.date(2024, 2, 5)})
    assert released_on(made.model_copy(update={"history": later}), {"parameters": "prior"}) == dt.date(
        2024, 2, 5
    )


def test_a_fit_that_cannot_be_had_here_marks_nothing(october):
    alone = {"badr": october.actors.militias["badr"]}
    other = october.model_copy(update={"actors": october.actors.model_copy(update={"militias": alone})})
    assert released_on(other, FITTED) is None


@pytest.fixture(scope="module")
def free(result: Tables) -> dict[str, Drawing]:
    return {drawing.stem: drawing for drawing in drawn_of(result)}


def flat(drawing: Drawing) -> str:
    """Its words, the lines of a caption from the last to the first as they are set."""
    return " ".join(reversed(words(drawing).split("\n")))


def test_the_day_is_drawn_and_its_artefacts_are_named(result: Tables):
    fitted = replace(result, manifest={**result.manifest, **FITTED})
    by_stem = {drawing.stem: drawing for drawing in drawn_of(fitted)}
    for stem in MARKED:
        lines = artists(by_stem[stem], "release")
        assert lines, stem
        assert {line.get_xdata()[0] for line in lines} == {date2num(dt.date(2023, 11, 18)) - 0.5}, stem
        assert "Dotted: 18 Nov 2023" in words(by_stem[stem]), stem
    assert "because the record ends" in flat(by_stem["first-spiral-day"])
    assert "record's last acts leaving the window" in flat(by_stem["rungs-by-day"])
    assert not artists(by_stem["outcomes"], "release")


@pytest.mark.parametrize("stem", MARKED)
def test_without_a_record_nothing_is_marked(free: dict[str, Drawing], stem: str):
    assert not artists(free[stem], "release")
    assert "Dotted" not in words(free[stem])
