"""The words of a scenario in place of the shipped ones."""

import pytest

from sim.scenario import Scenario, load_scenario
from sim.scenario.titles import SHIPPED, Words, spoken, spoken_of, told, told_all, words_of
from tests.scenario.files import BASELINE, write
from tests.scenario.upland import write_upland

pytestmark = pytest.mark.usefixtures("here")

SENTENCES = {
    "Washington strikes in Iraq, and Tehran's partners answer": (
        "Grand Fenwick strikes in Ruritania, and Klopstok's partners answer"
    ),
    "Baghdad presses; Iraqis are killed by a US strike": (
        "Strelsau presses; Ruritanians are killed by a Fenwickian strike"
    ),
    "attacks in Iraq, Syria and Jordan": "attacks in Ruritania, Freedonia and Borduria",
    "the war in Gaza, 0 to 1; Lebanon 0.3": "upland war, 0 to 1; coast front 0.3",
    "a strike on Iran's IRGC": "a strike on Sylvania's Sylvanian Guards",
    "since 17 October 2023": "since 17 October 2023",  # the day that it is measured from is the same
    "iraq.press_gaza and attacks_syria are names": "iraq.press_gaza and attacks_syria are names",
    "USA, Iraqification, Jordanstown": "USA, Iraqification, Jordanstown",
    "": "",
}


def upland() -> Scenario:
    return load_scenario(write_upland())


@pytest.mark.parametrize("text", SENTENCES)
def test_whole_words_are_put_in_place_of_the_shipped_ones(text: str) -> None:
    with spoken_of(upland()):
        assert told(text) == SENTENCES[text]
    assert told(text) == text  # outside of it


@pytest.mark.parametrize("text", SENTENCES)
def test_shipped_words_stay_as_they_are(text: str) -> None:
    words = words_of(load_scenario("october-2023"))
    assert words.same
    assert words.put(text) is text
    assert words.put_html(text) is text
    assert spoken() is SHIPPED


def test_all_are_put_in_place_at_once() -> None:
    """One word may be put where another stood that is itself replaced."""
    changes = ["countries.iraq.title=Iran", "countries.iran.title=Syria", "countries.syria.title=Iraq"]
    words = words_of(load_scenario("october-2023", changes))
    assert words.put("Iraq, Syria, Iran") == "Iran, Iraq, Syria"


def test_texts_of_the_scenario_itself_are_left_alone_however_they_are_wrapped() -> None:
    titles = ["sites.al-asad.title='the old US base in Iraq'", "countries.iraq.title=Ruritania"]
    words = words_of(load_scenario("october-2023", titles))
    assert words.put("an attack in Iraq on the old US base in Iraq") == (
        "an attack in Ruritania on the old US base in Iraq"
    )
    assert words.put("on the old\n    US base in Iraq") == "on the old\n    US base in Iraq"


def test_a_page_keeps_its_markup_and_escapes_what_is_put_in() -> None:
    words = Words({"Iraq": "A & <b>"}, own=("Q & Iraq",))
    page = '<p title="Iraq">in Iraq, Q &amp; Iraq</p><svg><text>Iraq</text></svg><script>Iraq</script>'
    assert words.put_html(page) == (
        '<p title="Iraq">in A &amp; &lt;b&gt;, Q &amp; Iraq</p><svg><text>Iraq</text></svg><script>Iraq</script>'
    )


def test_plain_values_keep_their_form() -> None:
    with spoken_of(upland()):
        assert told_all({"strike in Iraq": [1, None, "Tehran", {"us.x": True}]}) == {
            "strike in Ruritania": [1, None, "Klopstok", {"us.x": True}]
        }


def test_what_a_scenario_has_not_is_not_named() -> None:
    """No second neighbour and no war outside, such as at the turn of 2019."""
    words = words_of(load_scenario("turn-of-2019"))
    assert words.put("in Syria and Jordan, or Syria or Jordan") == "in Syria, or Syria"
    assert words.put("Iraq, Syria or Jordan; Jordan") == "Iraq or Syria; another neighbour"
    assert words.put("the Gaza war's and Lebanon's") == "a first war outside's and a second war outside's"
    assert words.put("on 17 October 2023, in October 2023") == "on 1 November 2019, in November 2019"


def test_a_title_alone_is_of_the_same_crisis() -> None:
    words = words_of(load_scenario(write("mine", f"{BASELINE}actors: {{us: {{title: the White House}}}}\n")))
    assert not words.another
    assert words.put("Washington, October 2023") == "the White House, October 2023"
