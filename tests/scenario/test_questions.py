"""The language of questions: what can be written, what it means, and one clear error for what cannot."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, dump_resolved, load_scenario
from sim.scenario.questions import KINDS, Both, Either, Event, Opposite, TextError, read_text, said, tree_said
from sim.scenario.questions.kinds import WRITTEN

START, END = datetime.date(2023, 10, 17), datetime.date(2024, 7, 31)
NOV_21, DEC_31 = datetime.date(2023, 11, 21), datetime.date(2023, 12, 31)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


WINDOWS = {
    "from 2023-11-21 to 2023-12-31": (NOV_21, DEC_31),
    "between 2023-11-21 and 2023-12-31": (NOV_21, DEC_31),
    "after 2023-11-20 before 2024-01-01": (NOV_21, DEC_31),
    "by 2023-12-31": (None, DEC_31),
    "since 2023-11-21": (NOV_21, None),
    "on 2023-11-21": (NOV_21, NOV_21),
    "within 10 days of 2023-11-21": (NOV_21, day("2023-12-01")),
    "within 2 weeks of 2023-11-21": (NOV_21, day("2023-12-05")),
    "within 6 months of 2024-01-06": (day("2024-01-06"), day("2024-07-06")),
    "within 1 month of 2024-01-31": (day("2024-01-31"), day("2024-02-29")),
    "": (None, None),
}


@pytest.mark.parametrize(("text", "window"), WINDOWS.items())
def test_dates_are_read_as_they_are_written(text, window):
    event = read_text(f"us killed {text}").event
    assert event == Event("killed", first=window[0], last=window[1])


EVENTS = {
    "US killed": Event("killed"),
    "at least 3 US killed in a day": Event("killed", least=3, daily=True),
    "150 attacks": Event("attacks", least=150),
    "at least 20 attacks in Syria in all": Event("attacks", least=20, place="syria"),
    "a US strike in Iran": Event("strikes", place="iran"),
    "a US strike on Iranian soil": Event("strikes", place="iran"),
    "a US strike on an Iranian commander": Event("strikes", commander="iranian"),
    "2 US strikes on commanders in Iraq": Event("strikes", least=2, commander="any", place="iraq"),
    "US strike of level 3 or more": Event("strikes", levels=(3, 4)),
    "US strike of level 2": Event("strikes", levels=(2, 2)),
    "Iran attacks openly": Event("avowed"),
    "3 avowed attacks": Event("avowed", least=3),
    "a pause of 60 days": Event("pause", days=60),
    "quiet of 2 weeks": Event("quiet", days=14),
    "attacks again within 30 days of a pause of 60 days": Event("again", within=30, of="pause", days=60),
    "withdrawal ordered": Event("withdrawal"),
    "rung 4": Event("rung", rung=4),
    "spiral": Event("spiral"),
}


@pytest.mark.parametrize(("text", "event"), EVENTS.items())
def test_events_are_read_as_they_are_written(text, event):
    assert read_text(text).event == event


def test_every_kind_is_written_in_some_example():
    assert {event.kind for event in EVENTS.values()} >= KINDS.keys() - {
        "wounded", "severe", "direct", "reciprocal", "anyway",
    }  # fmt: skip
    for names, kind in WRITTEN.items():
        extra = {"length": " of 9 days", "again": " within 9 days of a pause of 9 days", "rung": " 3"}
        text = " ".join(names) + "".join(more for takes, more in extra.items() if takes in kind.takes)
        assert read_text(text).event.kind == kind.key


def test_and_binds_closer_than_or_and_dates_at_the_end_hold_for_all():
    killed, strike, avowed = (Event(k, last=DEC_31) for k in ("killed", "strikes", "avowed"))
    found = read_text("us killed or us strike and not avowed attack by 2023-12-31").event
    assert found == Either((killed, Both((strike, Opposite(avowed)))))
    found = read_text("(us killed or us strike) and avowed attack by 2023-12-31").event
    assert found == Both((Either((killed, strike)), avowed))
    own = read_text("us killed by 2023-11-21 or us strike by 2023-12-31").event
    assert own == Either((replace(killed, last=NOV_21), strike))


def test_none_before_is_the_same_event_up_to_the_day_before():
    found = read_text("us killed from 2023-11-21 to 2023-12-31 given none before")
    assert found.given == Opposite(Event("killed", last=day("2023-11-20")))
    told = said(found, START, END)
    assert told == "US killed from 21 Nov to 31 Dec 2023, given no US killed by 20 Nov 2023"


def test_a_condition_without_dates_takes_those_of_its_question():
    found = read_text("us strike in iran by 2023-12-31 given us killed")
    assert found.given == Event("killed", last=DEC_31)


WRONG = {
    "us kiled by 2023-12-31": "column 1: 'us kiled' is no event; events are us killed, .*did you mean 'us killed'",
    "us strike in irann": "column 14: 'irann' must be iraq or syria or iran; did you mean 'iran'",
    "us killed by 2023-13-01": "column 14: '2023-13-01' must be a date, written as 2023-11-21",
    "us killed by 31/12/2023": "must be a date",
    "us killed byy 2023-12-31": "column 11: 'byy' does not go on .*did you mean 'by'",
    "us killed in iraq": "'iraq' is a place, and us killed takes none",
    "us strikes in a day": "us strikes does not take; it is written",
    "at least many attacks": "column 10: 'many' must be a whole number from 1 to 1,000,000",
    "0 attacks": "must be a whole number",
    "rung 7": "column 6: '7' must be a whole number from 1 to 6",
    "pause": "the end must say how long: pause of N days",
    "attacks again": "must say how long",
    "2 pause of 3 days": "pause takes none",
    "us killed from 2024-02-01 to 2024-01-01": "end, 2024-01-01, before they begin, 2024-02-01",
    "us killed given none before": "needs a date from which",
    "none before": "can only stand after given",
    "us killed and": "the end is no event",
    "(us killed": r"the end must be \)",
    "us killed given us strike given avowed attack": "does not go on",
    "": "the end is no event",
    "us killed\x00": "must be text on one line",
    "us killed " * 200: "is longer than 1,000 characters",
    "(" * 50 + "us killed" + ")" * 50: "nested deeper than 20",
    "not " * 50 + "us killed": "nested deeper than 20",
}


@pytest.mark.parametrize(("text", "told"), WRONG.items(), ids=[text[:30] for text in WRONG])
def test_what_cannot_be_read_is_told_in_one_line(text, told):
    with pytest.raises(TextError, match=told) as error:
        read_text(text)
    assert "\n" not in str(error.value)


# In files

FILE = """extends: october-2023
question: What of questions?
questions:
  killed: us killed from 2023-11-21 to 2023-12-31
  strike:
    title: Will US forces strike inside Iran?
    resolves: Yes if
      a US official says so.
    event: us strike in iran
    from: 2023-12-01
    given: not killed
"""


def loaded(tmp_path: Path, text: str):
    file = tmp_path / "asking.yaml"
    file.write_text(text)
    return load_scenario(file)


def test_a_scenario_holds_questions_that_name_one_another(tmp_path):
    scenario = loaded(tmp_path, FILE)
    found = {name: entry.question(name, scenario.questions) for name, entry in scenario.questions.items()}
    killed = Event("killed", first=NOV_21, last=DEC_31)
    assert found["killed"].event == killed
    assert found["strike"].event == Event("strikes", place="iran", first=day("2023-12-01"))
    assert found["strike"].given == Opposite(killed)
    assert found["strike"].resolves == "Yes if a US official says so."
    again = loaded(tmp_path, dump_resolved(scenario))
    assert again.questions == scenario.questions
    assert "questions" not in dump_resolved(load_scenario("october-2023"))


IN_FILES = {
    ("us strike in iran", "us strike in irann"): r"asking.yaml:9:12: questions.strike.event = .*column 14: 'irann'",
    ("not killed", "not kiled"): r"asking.yaml:11:12: questions.strike.given = .*did you mean 'us killed'|killed",
    ("not killed", "strike"): r"questions.strike.given = 'strike': column 1",
    ("title:", "titel:"): r"asking.yaml:6:5: questions.strike.titel = .*unknown key; did you mean 'title'",
    ("strike:", "Strike:"): r"asking.yaml:5:3: questions.Strike: must be a name",
    ("from: 2023-12-01", "from: December"): r"asking.yaml:10:11: questions.strike.from = 'December': must be a date",
    ("in iran", "in iran by 2024-01-01"): r"questions.strike.event = .*has dates of its own",
    ("in iran", "in iran given killed"): r"questions.strike.event = .*has a condition of its own",
    ("event: us strike in iran", "event: 3"): r"questions.strike.event = 3: must be text",
    ("    event: us strike in iran\n", ""): r"questions.strike.event: is missing",
}  # fmt: skip


@pytest.mark.parametrize(("change", "told"), IN_FILES.items(), ids=[new[:30] for _, new in IN_FILES])
def test_errors_in_files_say_where(tmp_path, change, told):
    with pytest.raises(ScenarioError, match=told) as error:
        loaded(tmp_path, FILE.replace(*change, 1))
    assert "\n" not in str(error.value)


def test_questions_that_ask_about_each_other_are_refused(tmp_path):
    text = FILE.replace("killed: us killed from 2023-11-21 to 2023-12-31", "killed: not strike").replace(
        "    from: 2023-12-01\n    given: not killed\n", ""
    )
    with pytest.raises(ScenarioError, match="asks about itself"):
        loaded(tmp_path, text.replace("us strike in iran", "killed or us strike in iran"))


def test_one_attack_or_strike_has_its_article_and_is_read_with_it():
    for text in ("an attack in Iraq by 31 Dec 2023", "a US strike in Iraq by 31 Dec 2023"):
        phrase = text.replace("31 Dec 2023", "2023-12-31")
        assert said(read_text(phrase), START, END) == text


def test_what_is_said_of_a_tree_tells_its_parts():
    tree = read_text(
        "(us killed or 2 us strikes in iraq of level 3 or more) and not rung 5 by 2023-12-31"
    ).event
    assert tree_said(tree, START, END) == (
        "(US killed or at least 2 US strikes in Iraq of level 3 or more) and no rung 5 by 31 Dec 2023"
    )
