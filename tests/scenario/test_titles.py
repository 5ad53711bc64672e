"""The words of a scenario in place of the shipped ones."""

import pytest

from sim.scenario import Scenario, ScenarioError, load_scenario
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


AS_IT_IS = "<svg><text>Iraq</text></svg><script>Iraq</script><pre>Iraq</pre>"


def test_a_page_keeps_its_markup_and_escapes_what_is_put_in() -> None:
    words = Words({"Iraq": "A & <b>"}, own=("Q & Iraq",))
    page = '<p title="Iraq">in Iraq, Q &amp; Iraq</p>' + AS_IT_IS
    assert words.put_html(page) == ('<p title="Iraq">in A &amp; &lt;b&gt;, Q &amp; Iraq</p>' + AS_IT_IS)


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


def test_a_driver_more_leaves_what_the_others_are_called() -> None:
    red_sea = "{title: war in the Red Sea, will: 0.5, basis: assumed, rests_on: a guess}"
    levels = "reference: {red-sea: 0}\ntimeline: {red-sea: {knots: [{date: 2023-10-17, level: 0, basis: assumed}]}}"
    words = words_of(load_scenario(write("mine", f"{BASELINE}drivers: {{red-sea: {red_sea}}}\n{levels}\n")))
    text = "Gaza war 0.3, the Gaza war, Gaza, the war in Lebanon"
    assert words.another
    assert words.put(text) == text


def test_a_driver_is_called_as_it_is_where_a_sentence_calls_it_so_already() -> None:
    gaza = "title: the war, short: the Gaza war, will: militia.gaza, press: iraq.press_gaza, stance: iran.stance_gaza"
    words = words_of(
        load_scenario(
            write("mine", f"{BASELINE}drivers: {{gaza: {{{gaza}, basis: assumed, rests_on: it}}}}\n")
        )
    )
    assert words.put("the Gaza war, Gaza war, Gaza") == "the Gaza war, the Gaza war, the Gaza war"


def test_words_that_stay_the_same_hold_within_those_that_do_not() -> None:
    words = Words({"Gaza": "Gaza war", "Gaza war": "Gaza war"})
    assert words.put("Gaza, Gaza war, a Gaza war") == "Gaza war, Gaza war, a Gaza war"


COLLISIONS = {
    "sites.al-asad.title=Baghdad": ("actors.iraq.title=Strelsau", "Strelsau"),
    "sites.al-asad.title=US": ("actors.us.adjective=Fenwickian", "Fenwickian"),
    "actors.militias.kataib-hizbollah.title=Iran": ("countries.iran.title=Sylvania", "Sylvania"),
}


@pytest.mark.parametrize("title", COLLISIONS)
def test_a_title_that_no_sentence_could_tell_from_a_shipped_word_is_refused(title: str) -> None:
    other, said = COLLISIONS[title]
    with pytest.raises(ScenarioError, match=f"{title.partition('=')[0]} .*for which '{said}' is said here"):
        load_scenario("october-2023", [title, other])
    load_scenario("october-2023", [title])  # where the word is said for itself, it is one word for both


@pytest.mark.parametrize(
    ("instead", "text", "expected"),
    [
        ("Sylvanian", "an Iranian commander, An Iranian", "a Sylvanian commander, A Sylvanian"),
        ("American", "a Iranian strike, A\n  Iranian strike", "an American strike, An\n  American strike"),
        ("USSR", "an Iranian, the Iranian, Iranian", "a USSR, the USSR, USSR"),
        ("another neighbour", "an Iranian, An Iranian", "another neighbour, Another neighbour"),
        ("Iranian", "a Iranian", "a Iranian"),
    ],
)
def test_the_article_is_that_of_the_word_that_is_put_in(instead: str, text: str, expected: str) -> None:
    assert Words({"Iranian": instead}, own=("an Iranian tale",)).put(text) == expected
    assert Words({"Iranian": instead}, own=("an Iranian tale",)).put("an Iranian tale") == "an Iranian tale"


def test_a_title_alone_is_of_the_same_crisis() -> None:
    words = words_of(load_scenario(write("mine", f"{BASELINE}actors: {{us: {{title: the White House}}}}\n")))
    assert not words.another
    assert words.put("Washington, October 2023") == "the White House, October 2023"
