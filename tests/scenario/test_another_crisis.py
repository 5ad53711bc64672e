"""A scenario's own countries and drivers: the same numbers by other names, and what weights of their own do."""

import re
from pathlib import Path

import numpy as np
import pytest

from sim.core.state import OTHERS
from sim.errors import InputError
from sim.pipeline.questions import chosen
from sim.scenario import Scenario, dump_resolved, load_scenario
from sim.scenario.countries import by_role, number_of
from sim.simulate.asked import Asked
from sim.simulate.basis import basis_of
from sim.simulate.job import NoPosterior, make_job, simulate
from tests.scenario.files import BASELINE, complaint_about, write
from tests.scenario.upland import upland_text, write_upland

pytestmark = pytest.mark.usefixtures("here")
RUNS = np.arange(200, dtype=np.uint64)
PROTESTS = (
    "protests: {title: protests, will: 0.4, press: 0.7, stance: -0.2, basis: assumed, rests_on: a guess}"
)
LEVELS = """reference: {protests: 0.25}
timeline: {protests: {knots: [{date: 2023-10-17, level: 0.75, basis: assumed}]}}
"""
OWN = f"{BASELINE}drivers: {{{PROTESTS}}}\n{LEVELS}"


def lived(scenario: Scenario) -> np.ndarray:
    return np.asarray(simulate(make_job(scenario), RUNS))


def upland(*overrides: str) -> Scenario:
    return load_scenario(write_upland(), overrides)


def test_the_same_positions_by_other_names_live_the_same_to_the_last_bit() -> None:
    assert lived(upland()).tobytes() == lived(load_scenario("october-2023")).tobytes()


def test_questions_take_the_names_of_the_scenarios_countries() -> None:
    asked = (
        "strikes of",
        "at least 9 attacks in {} in all",
        "us strikes in {} of level 4",
        "{} attacks openly",
    )
    shipped = [
        asked[1].format("syria"),
        asked[2].format("iran"),
        asked[3].format("iran"),
        "us strike on iranian soil",
    ]
    own = [
        asked[1].format("freedonia"),
        asked[2].format("sylvania"),
        asked[3].format("sylvania"),
        "us strike on sylvanian soil",
    ]
    there, here = load_scenario("october-2023"), upland()
    events = [
        [q.event for q in Asked.of(s, chosen(s, w, None)).questions]
        for s, w in ((there, shipped), (here, own))
    ]
    assert events[0] == events[1]


def test_acts_fall_where_a_scenario_says() -> None:
    act = "interventions=[{date: 2023-11-20, actor: us, action: strike, level: 2, place: %s}]"
    there, here = load_scenario("october-2023", [act % "iraq"]), upland(act % "ruritania")
    days = [make_job(one).segments[0].timeline for one in (there, here)]
    assert days[0].tobytes() == days[1].tobytes()


def test_a_scenario_with_names_of_its_own_is_written_and_read_again() -> None:
    first = upland()
    Path("upland-crisis.yaml").write_text(dump_resolved(first))
    again = load_scenario("upland-crisis.yaml")
    assert again == first
    assert again.actors.titles["us"] == {"title": "Grand Fenwick", "adjective": "Fenwickian"}


def test_countries_of_the_shipped_crisis_need_not_be_written() -> None:
    shipped = load_scenario("october-2023")
    assert (shipped.countries, shipped.drivers) == (None, None)
    assert not {"countries", "drivers", "caution"} & shipped.model_dump().keys()
    assert by_role(None) == {name: name for name in ("iraq", "syria", "jordan", "iran")}
    assert [number_of(None, name) for name in by_role(None)] == [0, 1, 2, 3]


# What is fitted


@pytest.mark.parametrize(
    ("overrides", "fitted"),
    [
        (["countries.iraq.title=Mesopotamia", "actors.us.title=Rome", "drivers.gaza.title=a war"], True),
        (
            ["drivers.gaza=null", "reference.gaza=null", "timeline.gaza=null"],
            False,
        ),
    ],
)
def test_titles_change_no_fit_and_drivers_do(overrides: list[str], fitted: bool) -> None:
    scenario = load_scenario("october-2023", overrides)
    if fitted:
        assert make_job(scenario, "posterior").past_is_led
        assert basis_of(scenario, "posterior")["told"] == []
    else:
        with pytest.raises(NoPosterior):
            make_job(scenario, "posterior")
        (told,) = basis_of(scenario, "prior")["told"]
        assert told.startswith("Not what was fitted, by its reference day and its outside drivers: ")


def test_names_that_differ_are_no_fit() -> None:
    with pytest.raises(NoPosterior):
        make_job(upland(), "posterior")
    assert basis_of(upland(), "prior")["differs"] == ["countries", "drivers"]


# Drivers with weights of their own


def test_weights_of_a_scenarios_own_are_summed_by_day() -> None:
    """Worked out by hand: 0.4 * (0.75 - 0.25), 0.7 * 0.75 and -0.2 * 0.75; on the reference day -0.2 * 0.25."""
    segment = make_job(load_scenario(write("own", OWN))).segments[0]
    for name, value in zip(OTHERS, (0.2, 0.525, -0.15), strict=True):
        assert np.allclose(segment.timeline[name], value, rtol=1e-12)
    assert segment.setting["others_stance"][0] == pytest.approx(-0.05)
    shipped = make_job(load_scenario("october-2023")).segments[0]
    assert all((shipped.timeline[name] == 0).all() for name in OTHERS)


def test_a_driver_without_weight_changes_nothing() -> None:
    idle = OWN.replace("0.4", "0").replace("0.7,", "0,").replace("-0.2", "0")
    assert (
        lived(load_scenario(write("idle", idle))).tobytes() == lived(load_scenario("october-2023")).tobytes()
    )


def test_a_fixed_weight_does_what_a_parameter_of_the_same_value_does() -> None:
    """The same sums in another order: the last bits may differ, and with them at most a count in a thousand."""
    fixed = ["militia.gaza=0.8", "iraq.press_gaza=0.5", "iran.stance_gaza=0.7"]
    parent = load_scenario("october-2023", fixed)
    text = dump_resolved(parent).replace("\n  gaza:", "\n  war:").replace("name: october-2023", "name: war")
    own = "drivers:\n  lebanon: {title: front, will: militia.lebanon, basis: assumed, rests_on: x}\n"
    own += "  war: {title: war, will: 0.8, press: 0.5, stance: 0.7, basis: assumed, rests_on: x}\n"
    other = lived(load_scenario(write("war", text + own)))["outcome"]
    mine = lived(parent)["outcome"]
    alike = np.mean([mine[n] == other[n] for n in ("attacks_iraq", "attacks_syria", "bargains", "wounded")])
    assert alike > 0.999
    assert mine["bargains"].any()


@pytest.mark.parametrize(
    ("key", "field"), [("will", "attacks"), ("press", "bargains"), ("stance", "brake_days")]
)
def test_each_weight_moves_what_it_weighs_on(key: str, field: str) -> None:
    """All runs under the same chance, so that totals differ by the weight alone."""
    totals = []
    for weight in (-1.0, 1.0):
        values = {"will": 0, "press": 0, "stance": 0} | {key: weight}
        text = OWN.replace(
            "will: 0.4, press: 0.7, stance: -0.2", ", ".join(f"{k}: {v}" for k, v in values.items())
        )
        outcome = lived(load_scenario(write("moved", text)))["outcome"]
        fields = ("attacks_iraq", "attacks_syria", "attacks_jordan") if field == "attacks" else (field,)
        totals.append(sum(int(outcome[name].sum()) for name in fields))
    assert (totals[0] < totals[1]) == (key == "will")


def test_weights_are_set_and_varied_like_any_number() -> None:
    scenario = load_scenario(write("own", OWN), ["drivers.protests.will=1.5"])
    assert scenario.drivers is not None
    assert scenario.drivers["protests"].will == 1.5
    from sim.scenario import Variations

    varied = Variations(scenario).at({"drivers.protests.will": -1.0})
    assert varied.drivers is not None
    assert varied.drivers["protests"].will == -1.0


# Mistakes

DATED = "{knots: [{date: 2023-10-17, level: 0.5, basis: assumed}]}"
MISTAKES = {
    "countries: {iraq: {role: hosst}}": "must be one of host, neighbour, sponsor; did you mean 'host'",
    "countries: {iraq: {role: neighbour}}": "countries: must hold one country whose role is host; none is",
    "countries: {iraq: {role: sponsor}}": "countries: must hold one country whose role is host; none is",
    "countries: {syria: {role: host}}": "must hold one country whose role is host; these are: iraq, syria",
    "countries: {syria: null, jordan: null}": "must hold 1 to 2 countries whose role is neighbour, not 0",
    "countries: {Kuwait: {title: Kuwait, role: neighbour}}": "must be a name in lower-case words",
    "countries: {kuwait: {title: K, role: neighbour}}": "must hold 1 to 2 countries whose role is neighbour, not 3",
    "countries: {iraq: {title: Syria}}": "countries.iraq.title = 'Syria': is what syria is called too",
    "countries: {iraq: {title: SYRIA}}": "countries.iraq.title = 'SYRIA': is what syria is called too",
    "actors: {iraq: {title: Tehran}}": "actors.iraq.title = 'Tehran': is what iran is called too",
    "actors: {militias: {harakat-al-nujaba: {title: x}, kataib-hizbollah: {title: x}}}": (
        "is what kataib-hizbollah is called too"
    ),
    "countries: {iraq: {titel: Iraq}}": "unknown key; it must be one of title, adjective, role; did you mean 'title'",
    "countries: {iraq: {adj: Iraqi}}": "it must be one of title, adjective, role; did you mean 'adjective'",
    "countries: {iraq: {colour: red}}": "colour = 'red': unknown key; it must be one of title, adjective, role",
    "actors: {iraq: {adjective: x}}": "adjective is of us alone: besides parameters it must be title",
    "countries: {jordan: null}": "sites.tower-22.country = 'jordan': must be one of iraq, syria",
    "sites: {al-asad: {country: iraqq}}": "must be one of iraq, syria, jordan; did you mean 'iraq'",
    "actors: {us: {titel: Rome}}": "actors.us.titel = 'Rome': unknown key; did you mean 'title'",
    "actors: {us: {title: 7}}": "actors.us.title = 7: must be a text on one line of 1 to 500 characters",
    "caution: ''": "must be a text on one line",
    "drivers: {gaza: {will: militia.gazza}}": "or militia.lebanon; did you mean 'militia.gaza'",
    "drivers: {gaza: {press: 0.5}}": "drivers.gaza.press = 0.5: must be iraq.press_gaza, which goes with militia.gaza",
    "drivers: {lebanon: {will: militia.gaza}}": "drivers.lebanon.press: must be iraq.press_gaza",
    "drivers: {lebanon: {stance: 0.5}}": "must be left out beside militia.lebanon",
    "drivers: {gaza: {will: 9}}": "drivers.gaza.will = 9: must be a number from -5 to 5, or the parameter",
    "drivers: {troops: {title: x, will: 1, basis: assumed, rests_on: y}}": "is a driver of the model itself",
    "drivers: {x: {title: x, will: 1, basis: assumed}}": "drivers.x.rests_on: is missing; an assumed weight says",
    "drivers: {x: {title: x, will: 1, basis: assumed, rests_on: y}}": "reference.x: is missing",
    "drivers: {lebanon: null}": "mistaken.yaml:2:11: drivers.lebanon = null: takes the driver out, but not its levels",
    "drivers: {gaza: null}\ntimeline: {gaza: null}": "levels: reference.gaza must be null too (inherited from ",
    "drivers: {gaza: {will: 1, press: 0, stance: 0}}": "is the model's name for the driver that militia.gaza weighs",
    "reference: {gazza: 0.5}": "reference.gazza = 0.5: unknown key; did you mean 'gaza'",
    f"timeline: {{gazza: {DATED}}}": "unknown key; did you mean 'gaza'",
    "interventions: [{date: 2023-11-20, actor: us, action: strike, level: 2, place: irak}]": (
        "place = 'irak': must be one of iraq, syria, iran; did you mean 'iraq'"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_in_countries_or_drivers_is_told_in_one_line(text: str) -> None:
    told = complaint_about(write("mistaken", f"{BASELINE}{text}\n"))
    assert re.match(r"(mistaken|\S*/october-2023)\.yaml:\d+:\d+: ", told)
    assert MISTAKES[text] in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "country: freedonia",
            "country: fredonia",
            "ruritania, freedonia, borduria; did you mean 'freedonia'",
        ),
        (
            "country: freedonia",
            "country: syria",
            "country = 'syria': must be one of ruritania, freedonia, borduria",
        ),
        ("will: militia.lebanon", "will: militia.gaza", "press"),
    ],
)
def test_a_mistake_names_the_countries_that_there_are(old: str, new: str, told: str) -> None:
    write("upland-crisis", upland_text().replace(old, new))
    assert told in complaint_about("upland-crisis.yaml")


def test_a_question_names_the_countries_that_there_are() -> None:
    text = f"{upland_text()}questions: {{x: attacks in syria by 2023-12-01}}\n"
    told = complaint_about(write("upland-crisis", text))
    assert "'syria' must be ruritania or freedonia or borduria" in told


def test_others_weigh_in_the_engine_too() -> None:
    """A day's will with and without what others add: the reasons differ by just that, below the limit of the will."""
    from sim.core import phases
    from sim.replay.replay import replay

    played = replay(make_job(load_scenario(write("own", OWN)), "default"), 0)
    today = played.timeline[:1].copy()
    wills = []
    for added in (0.0, -3.0):
        today["others_will"] = added
        wills.append(phases.will_of(played.mornings[:1], today, played.setting, played.row, 0))
    assert wills[0] > wills[1]


# Single words, asked where a shipped file of questions names the countries of the shipped crisis


def test_a_word_that_is_an_event_is_asked_of_any_crisis() -> None:
    (found,) = chosen(upland(), ["spiral"], None)
    assert found.event == chosen(load_scenario("october-2023"), ["spiral"], None)[0].event


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("exchange", "question 'exchange': column 1: 'exchange' is no event; events are "),
        ("pauze", "did you mean 'pause'"),
        ("platform", "question 'platform': its file cannot be asked of this scenario: "),
        ("strike-in-iraq", "question 'strike-in-iraq': its file cannot be asked of this scenario: "),
    ],
)
def test_a_word_that_cannot_be_asked_is_told_by_itself(word: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        chosen(upland(), [word], None)
    assert told in str(caught.value)


# Names that a country cannot have


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *(
            (word, "is a word of the language of questions")
            for word in ("or", "the", "attacks", "by", "us", '"null"')
        ),
        ("iran", "is the identifier of another role in tables; this country's is syria"),
        ("harakat-al-nujaba", "is the name of a militia"),
    ],
)
def test_a_country_is_named_like_nothing_else(name: str, told: str) -> None:
    text = re.sub(r"\bfreedonia\b", name, upland_text())
    line = text[: text.index(f"  {name}: {{title: Freedonia")].count("\n") + 1
    found = complaint_about(write("upland-crisis", text))
    assert found.startswith(f"upland-crisis.yaml:{line}:3: countries.")
    assert told in found


def test_a_setting_that_calls_two_things_the_same_is_blamed_itself() -> None:
    found = complaint_about(write_upland(), ["countries.borduria.title=Ruritania"])
    assert found.startswith(
        "--set:1:26: countries.borduria.title = 'Ruritania': is what ruritania is called too"
    )


@pytest.mark.parametrize(
    "setting", ["drivers.protests=null", "drivers={protests: null}", {"drivers.protests": None}]
)
def test_a_driver_that_a_setting_takes_out_alone_is_told_there(setting: object) -> None:
    write("own", OWN)
    found = complaint_about("own.yaml", [setting] if isinstance(setting, str) else setting)
    assert found.startswith("--set:1:1")
    assert "drivers.protests = null: takes the driver out, but not its levels" in found


def test_a_child_that_takes_out_a_driver_alone_is_told_itself() -> None:
    write("own", OWN)
    write("child", "extends: own\nquestion: Is it gone?\ndrivers: {protests: null}\n")
    found = complaint_about("child.yaml")
    assert found.startswith(
        "child.yaml:3:11: drivers.protests = null: takes the driver out, but not its levels: "
    )
    assert found.endswith(
        "reference.protests and timeline.protests must be null too (inherited from own.yaml:3)"
    )
    write("child", "extends: own\ndrivers: {protests: null}\nreference: {protests: null}\n")
    left = load_scenario("child.yaml", ["timeline.protests=null"])
    assert left.drivers is not None
    assert "protests" not in left.drivers
