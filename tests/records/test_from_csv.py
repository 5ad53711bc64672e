"""A list of events becomes a record: counts that are made by hand, in every layout, and what validate makes of it."""

import datetime
import random

import pytest

from sim import record_from_csv
from sim.experiments.validate import Validate
from sim.inference.observation.reading import load_record
from sim.scenario import load_scenario
from tests.records.lists import ACTORS, DAY, MAPS, MILITIA, US, events, write_list


def day(number):
    return DAY + datetime.timedelta(days=number)


@pytest.fixture
def made(tmp_path):
    """Makes a record of a list that is given as text."""

    def of(text, *maps, **options):
        file = tmp_path / "mine.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return record_from_csv(file, maps, **options)

    return of


@pytest.mark.parametrize("layout", MAPS)
def test_two_hundred_events_become_what_is_counted_by_hand(layout, tmp_path):
    made = record_from_csv(write_list(layout, tmp_path), MAPS[layout], start=DAY)
    own = [(date, country.lower()) for date, kind, country, _ in events() if kind == "drone"]
    counted = {(r.series, r.last): r.value for r in made.record.reports if r.series.startswith("attacks")}
    ends = [day(6), day(13), day(20), day(27), day(31)]
    assert counted == {
        (f"attacks_{place}", end): sum(date <= end and where == place for date, where in own)
        for end in ends
        for place in ("iraq", "syria")
    }
    deaths = [(r.first, r.last, r.value) for r in made.record.reports if r.series == "killed"]
    assert deaths == [(DAY, day(19), 0), (day(20), day(20), 2), (day(21), day(31), 0)]
    assert [(s.date, s.level, s.country, s.also) for s in made.record.strikes] == [
        (day(10), 1, "syria", ()), (day(22), 2, "iraq", ("syria",)),
    ]  # fmt: skip
    assert (len(made.events), len(made.dropped)) == (64, 136)
    assert made.record.strikes_until is None


@pytest.mark.parametrize("layout", MAPS)
def test_validate_takes_it(layout, tmp_path):
    made = record_from_csv(write_list(layout, tmp_path), MAPS[layout], start=DAY)
    (tmp_path / "mine.yaml").write_text(made.text, encoding="utf-8")
    record = load_record(tmp_path / "mine.yaml")
    assert record == made.record
    asked = Validate(load_scenario("october-2023"), None, record=record, as_of=datetime.date(2023, 10, 30))
    assert sorted({report.last for report in asked.splits[0].attacks}) == [day(20), day(27), day(31)]


def test_the_order_of_rows_does_not_matter(tmp_path):
    file = write_list("ucdp", tmp_path)
    first = record_from_csv(file, MAPS["ucdp"]).record
    header, *rows = file.read_text().splitlines()
    random.Random(1).shuffle(rows)
    file.write_text("\n".join([header, *rows]))
    assert record_from_csv(file, MAPS["ucdp"]).record == first


PLAIN = "date,country,killed,kind\n"


def test_a_plain_list_of_the_words_of_a_record_needs_no_map(made):
    found = made(
        PLAIN + "2023-10-17,Iraq,0,attack\n2023-10-19,Iraq,1,Attack\n2023-10-20,Iraq,9,strike\n", every=1
    )
    assert [(r.series, r.last, r.value) for r in found.record.reports if r.series != "killed"] == [
        ("attacks_iraq", day(n), value) for n, value in enumerate((1, 1, 2, 2))
    ]
    assert [(s.level, s.country) for s in found.record.strikes] == [(2, "iraq")]
    assert (
        sum(r.value for r in found.record.reports if r.series == "killed") == 1
    )  # a strike's dead are not counted


def test_blank_deaths_are_not_taken_for_none(made):
    found = made(
        PLAIN
        + "2023-10-17,Iraq,0,attack\n2023-10-19,Iraq,1,attack\n2023-10-19,Iraq,,attack\n2023-10-21,Iraq,,attack"
    )
    killed = [(r.first, r.last, r.value, r.bound) for r in found.record.reports if r.series == "killed"]
    assert killed == [(DAY, day(1), 0, "exact"), (day(2), day(2), 1, "at_least")]
    assert "not told of 2 attacks" in found.summary


def test_the_wounded_are_counted_by_span_in_retrospect(made):
    rows = "2023-10-17,Iraq,3,attack\n2023-10-20,Iraq,2,attack\n2023-10-24,Iraq,,attack\n"
    found = made("date,country,wounded,kind\n" + rows)
    wounded = [
        (r.first, r.value, r.bound, r.in_retrospect) for r in found.record.reports if r.series == "wounded"
    ]
    assert wounded == [(DAY, 5, "exact", True)]


def test_dead_of_the_us_side_alone_where_a_list_tells_them_apart(made):
    header = "date_start,date_end,country,side_a,side_b,best,low,high,deaths_a,deaths_b\n"
    row = f"2023-10-17,2023-10-17,Iraq,{US},{MILITIA},5,5,5,1,4\n"
    assert sum(e.killed for e in made(header + row, {"actors": ACTORS, "acts": "second"}).attacks) == 1


@pytest.mark.parametrize(("first", "precision"), [("2023-10-16", "1"), ("2023-10-17", "2")])
def test_a_strike_whose_day_is_not_known_is_dropped(made, first, precision):
    header = "date_start,date_end,date_prec,country,side_a,side_b,best\n"
    rows = [
        f"{day},2023-10-17,{prec},Iraq,{US},{MILITIA},1"
        for day, prec in ((first, precision), ("2023-10-17", "1.0"))
    ]
    found = made(header + "\n".join(rows), {"actors": ACTORS, "acts": "first"})
    assert found.dropped[["line", "reason"]].to_numpy().tolist() == [[2, "a strike whose day is not known"]]


def test_a_range_of_deaths_is_about(made):
    header = "date_start,date_end,country,side_a,side_b,best,low,high\n"
    row = f"2023-10-16,2023-10-17,Iraq,{MILITIA},{US},1,0,2\n"
    found = made(header + row, {"actors": ACTORS, "acts": "first"})
    assert [(r.value, r.bound) for r in found.record.reports if r.series == "killed"] == [(1, "about")]
    assert "dated to a span of days" in found.summary


DROPS = {
    "of a kind that the map does not name": "2023-10-18,Iraq,0,clash",
    "in another country": "2023-10-18,Lebanon,0,attack",
    "in a country that the list does not name": "2023-10-18,,0,attack",
    "an attack in Iran": "2023-10-18,Iran,0,attack",
    "a strike of a level that does not fall in that country": "2023-10-18,Jordan,0,strike",
    "a strike of level 1 beside one of level 4 on its day": "2023-10-19,Syria,0,strike",
    "an empty row": ",,,",
    "after 2023-11-01": "2023-11-02,Iraq,0,attack",
    "before 2023-10-17": "2023-10-16,Iraq,0,attack",
    "of a kind that the map drops": "2023-10-18,Iraq,0,drill",
}


@pytest.mark.parametrize("reason", DROPS)
def test_what_a_record_cannot_hold_is_dropped_with_its_reason(made, reason):
    rows = "2023-10-17,Iraq,0,attack\n2023-10-19,Iran,0,strike\n"
    span = {"start": DAY, "until": datetime.date(2023, 11, 1)}
    found = made(PLAIN + rows + DROPS[reason] + "\n", "kind.drill=drop", **span)
    assert found.dropped[["line", "reason"]].to_numpy().tolist() == [[4, reason]]
    assert reason in found.summary
    assert (len(found.attacks), len(found.record.strikes)) == (1, 1)


ACTED = {
    "Explosions/Remote violence": "attack",
    "Battles": "attack",
    "Strategic developments": "of a kind that is no act of force",
}


@pytest.mark.parametrize("sort", ACTED)
def test_what_is_no_act_of_force_is_no_attack(made, sort):
    header = "event_date,event_type,sub_event_type,actor1,actor2,country,fatalities\n"
    rows = f"2023-10-17,Battles,x,{MILITIA},{US},Iraq,0\n2023-10-18,{sort},y,{MILITIA},{US},Iraq,0\n"
    found = made(header + rows, {"actors": ACTORS, "acts": "first"})
    assert (["attack"] * 2 if ACTED[sort] == "attack" else [ACTED[sort]]) == (
        [e.act for e in found.events] if len(found.events) == 2 else list(found.dropped["reason"])
    )
    assert len(made(header + rows, {"actors": ACTORS, "acts": "first", "kinds": {"y": "attack"}}).events) == 2


def test_who_is_who_is_the_maps_alone(made):
    header = "event_id_cnty,event_date,event_type,sub_event_type,actor1,actor2,country,fatalities\n"
    rows = [
        f"1,2023-10-17,Battles,x,{MILITIA},{US},Iraq,0", f"2,2023-10-18,Battles,x,{US},{MILITIA},Iraq,0",
        f"3,2023-10-19,Battles,x,Tehran,{US},Iraq,0", f"4,2023-10-19,Battles,x,{MILITIA},Tehran,Iraq,0",
        f"5,2023-10-19,Battles,x,{US},Tehran,Syria,0", f"1,2023-10-19,Battles,x,{MILITIA},{US},Iraq,0",
        f"7,2023-10-19,Battles,x,{MILITIA},,Iraq,0", f"8,2023-10-19,Battles,x,Nobody,{US},Iraq,0",
    ]  # fmt: skip
    found = made(header + "\n".join(rows), {"actors": {**ACTORS, "Teh*": "iran"}, "acts": "first"})
    assert [(e.act, e.date, e.level) for e in found.events] == [
        ("attack", DAY, 0), ("strike", day(1), 2), ("strike", day(2), 1),
    ]  # fmt: skip
    assert list(found.dropped["reason"]) == [
        "an attack of Iran's own: a record has no place for it",
        "neither an attack by a militia on the US nor a US strike",
        "an event of an id that is on line 2 already",
        "of an actor that the list does not name",
        "of an actor that the map does not name",
    ]


def test_levels_come_from_the_map_and_the_list_before_the_country(made):
    rows = "2023-10-17,Iraq,3,strike\n2023-10-18,Syria,,strike\n2023-10-19,Iraq,,killing\n"
    found = made("date,country,level,kind\n" + rows, "kind.killing=strike-3")
    assert [(s.level, s.country) for s in found.record.strikes] == [(3, "iraq"), (1, "syria"), (3, "iraq")]


def test_what_a_map_names_and_the_list_does_not_is_said(made):
    found = made(PLAIN + "2023-10-17,Irak,0,attack\n2023-10-18,Iraq,0,attack\n", "kind.atack=attack")
    assert "'Irak' (did you mean 'iraq'?) 1" in found.summary
    assert "In the map and not in the list: 'atack'; did you mean 'attack'?" in found.summary


def test_the_summary_is_short_whatever_was_dropped(made):
    rows = [row for row in DROPS.values() if row[0] == "2"]
    rows += [f"2023-10-17,Country {n} {'long ' * 40},0,attack" for n in range(50)]
    rows += ["2023-10-17,Iraq,0,attack", "2023-10-19,Iran,0,strike"]
    text = "wounded," + PLAIN + "".join(f"1,{row}\n" for row in rows)
    found = made(text, "kind.drill=drop", "kind.x=drop", start=DAY, until=datetime.date(2023, 11, 1))
    assert len(set(found.dropped["reason"])) == len(DROPS) - 1  # all but the empty row
    assert len(found.summary.splitlines()) <= 12
    assert max(map(len, found.summary.splitlines())) <= 110


def test_columns_of_any_name_by_the_map(made):
    text = "When,Where,What,Hurt\n2023-10-17,IRQ,rocket,2\n"
    maps = [
        "column.date=when",
        "column.country=Where",
        "column.kind=What",
        "column.wounded=Hurt",
        "country.IRQ=iraq",
    ]
    found = made(text, *maps, "kind.rocket=attack")
    assert {(r.series, r.value) for r in found.record.reports} == {("attacks_iraq", 1), ("wounded", 2)}


def test_a_list_without_countries_gives_totals(made):
    found = made("date,kind\n2023-10-17,attack\n2023-10-18,attack\n")
    assert [(r.series, r.value) for r in found.record.reports] == [("attacks", 2)]
