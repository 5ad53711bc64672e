"""The reference class: the shipped episodes, what they may say, and how a broken file is refused."""

import dataclasses
import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.ledger import EvidenceError
from sim.paths import data_folder
from sim.reference import CLASSES, Episode, load_episodes
from sim.reference.classes import lethal, members
from sim.reference.episodes import AUTHORS, IRANIAN, KINDS, PLACES

SMALL = """\
one-2020:
  what: A rocket kills a soldier.
  date: 2020-01-02
  place: iraq
  author: partner
  killed: 1
  avowed: false
  answer: 1
  kinds: [strike]
  days: 3
  direct_14: false
  direct_60: false
  uncertain: Little.
  sources:
    - {title: A report, publisher: A paper, date: 2020-01-03}
two-2021:
  what: Iran shoots at a drone.
  date: 2021-01-02
  place: gulf
  author: iran
  killed: 0
  avowed: true
  answer: 0
  kinds: []
  direct_14: true
  direct_60: true
  uncertain: Less.
  sources:
    - {title: Another, publisher: A paper, date: 2021}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "seeds" / "reference-class.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def refusal(file: Path) -> str:
    with pytest.raises(EvidenceError) as raised:
        load_episodes(file)
    said = str(raised.value)
    assert "\n" not in said
    return said


@pytest.fixture(scope="module")
def episodes() -> tuple[Episode, ...]:
    return load_episodes()


def by_id(id: str) -> Episode:
    return next(e for e in load_episodes() if e.id == id)


def test_there_are_enough_of_both_kinds(episodes):
    assert len(lethal(episodes, "all")) >= 12
    assert any(e.answer == 4 for e in episodes)
    assert any(e.answer < 4 for e in episodes)


def test_nothing_lies_after_16_october_2023(episodes):
    last = "2023-10-16"
    assert all(e.date.isoformat() <= last for e in episodes)
    assert all(source.date <= last for e in episodes for source in e.sources)


def test_every_episode_has_a_source_and_says_what_is_uncertain(episodes):
    assert all(e.sources and len(e.uncertain) > 20 for e in episodes)


def test_k1_went_through_strikes_to_the_commander_in_seven_days():
    k1 = by_id("k1-2019")
    assert (k1.date, k1.killed, k1.answer, k1.days) == (dt.date(2019, 12, 27), 1, 4, 7)
    assert k1.kinds == ("strike", "wave", "iranian-commander")
    assert k1.direct_14


@pytest.mark.parametrize(
    ("id", "killed", "answer"),
    [
        ("beirut-barracks-1983", 241, 0),
        ("khobar-towers-1996", 19, 0),
        ("karbala-2007", 5, 0),
        ("camp-victory-2011", 6, 0),
        ("taji-2020", 2, 3),
        ("hasakah-2023", 1, 1),
        ("samuel-b-roberts-1988", 0, 4),
        ("al-asad-2020", 0, 0),
    ],
)
def test_well_known_episodes(id, killed, answer):
    assert (by_id(id).killed, by_id(id).answer) == (killed, answer)


def test_classes_hold_what_their_years_say(episodes):
    for name, first in CLASSES.items():
        held = members(episodes, name)
        assert all(e.counted and first is not None and e.date.year >= first for e in held)
    assert members(episodes, "none") == ()
    assert (
        set(members(episodes, "2019-2023"))
        < set(members(episodes, "2007-2023"))
        < set(members(episodes, "all"))
    )
    assert all(e.killed > 0 for e in lethal(episodes, "all"))
    assert by_id("iraq-campaign-2003") not in members(episodes, "all")


def test_an_unknown_class_is_refused(episodes):
    with pytest.raises(KeyError):
        members(episodes, "1979-2023")


def test_the_codebook_explains_every_field_and_word():
    codebook = (data_folder("seeds") / "codebook.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([a-z0-9_-]+)`", codebook))
    fields = {field.name for field in dataclasses.fields(Episode)} - {"id"}
    assert fields | {*PLACES, *AUTHORS, *KINDS} <= explained


def test_episodes_named_in_notes_exist(episodes):
    named = {name for e in episodes for name in re.findall(r"`([a-z0-9-]+)`", e.uncertain)}
    assert named
    assert named <= {e.id for e in episodes}


def test_no_fact_and_no_parameter_is_called_as_an_episode(episodes):
    from sim.evidence import fact_ids

    assert not {e.id for e in episodes} & fact_ids()


def test_a_small_file_is_read_field_by_field(tmp_path):
    one, two = load_episodes(written(tmp_path, SMALL))
    assert (one.id, one.date, one.killed, one.days) == ("one-2020", dt.date(2020, 1, 2), 1, 3)
    assert (one.kinds, one.counted) == (("strike",), True)
    assert (two.days, two.avowed, two.sources[0].date) == (None, True, "2021")


REFUSED = [
    ("  killed: 1", "  killed: -1", 6, "killed = -1: must be a whole number from 0 to 1000"),
    ("  killed: 1", "  killed: 1.5", 6, "killed = 1.5: must be a whole number"),
    ("  killed: 1", "  killed: true", 6, "killed = True: must be a whole number"),
    ("  killed: 1", "  killed: 0", 6, "killed = 0: must be 1 or more, or else Iran the author"),
    ("  date: 2020-01-02", "  date: 2023-10-17", 3, "date = '2023-10-17': must be from 1983-01-01 to 2023-10-16"),
    ("  date: 2020-01-02", "  date: 1982-12-31", 3, "date = '1982-12-31': must be from 1983-01-01"),
    ("  date: 2020-01-02", "  date: 2020-02-30", 3, "date = '2020-02-30': must be a day of the calendar"),
    ("  place: iraq", "  place: mars", 4, "place = 'mars': must be one of gulf"),
    ("  author: partner", "  author: proxy", 5, "author = 'proxy': must be one of iran, partner"),
    ("  avowed: false", "  avowed: true", 7, "avowed = True: must be false where Iran is not the author"),
    ("  avowed: false", "  avowed: 0", 7, "avowed = 0: must be true or false"),
    ("  answer: 1", "  answer: 5", 8, "answer = 5: must be a whole number from 0 to 4"),
    ("  answer: 1", "  answer: 4", 9, "kinds = ['strike']: must name something Iranian"),
    ("  answer: 1", "  answer: 0", 9, "kinds = ['strike']: must hold a kind of strike"),
    ("  kinds: [strike]", "  kinds: [raid]", 9, "kinds = ['raid']: must hold a kind of strike"),
    ("  kinds: [strike]", "  kinds: [strike, strike]", 9, "must be a list, each once, of raid"),
    ("  kinds: [strike]", "  kinds: [sanctions]", 9, "must be a list, each once, of raid"),
    ("  kinds: [strike]\n", "", 1, "kinds = (missing): must be a list"),
    ("  days: 3", "  days: 61", 10, "days = 61: must be a whole number from 0 to 60"),
    ("  days: 3\n", "", 1, "days = (missing): must be given if and only if there was an answer"),
    ("  direct_14: false", "  direct_14: true", 12, "direct_60 = False: must be true"),
    ("  uncertain: Little.", "  uncertain: ' '", 13, "uncertain = ' ': must be a text, not empty"),
    ("  uncertain: Little.", "  weight: 2\n  uncertain: Little.", 13, "weight = 2: unknown field"),
    ("date: 2020-01-03", "date: 2024-01-03", 14, "dated YYYY, YYYY-MM or YYYY-MM-DD, 2023-10-16 or before"),
    ("date: 2020-01-03", "date: soon", 14, "must each be dated"),
    ("title: A report, ", "", 14, "must each have title, publisher, date"),
    ("  sources:\n    - {title: A report, publisher: A paper, date: 2020-01-03}\n", "", 1, "must name at least one"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "instead", "number", "message"), REFUSED)
def test_a_broken_episode_is_refused_with_line_and_field(tmp_path, line, instead, number, message):
    assert line in SMALL
    said = refusal(written(tmp_path, SMALL.replace(line, instead, 1)))
    assert said.startswith(f"seeds/reference-class.yaml:{number}: episode 'one-2020': ")
    assert message in said


def test_the_line_is_that_of_the_episode_meant(tmp_path):
    said = refusal(written(tmp_path, SMALL.replace("  place: gulf", "  place: sea")))
    assert said.startswith("seeds/reference-class.yaml:19: episode 'two-2021': place = 'sea': ")


def test_what_was_avowed_is_direct(tmp_path):
    said = refusal(written(tmp_path, SMALL.replace("  direct_14: true", "  direct_14: false")))
    assert "direct_14 = False: must be true: it was avowed" in said


def test_episodes_are_in_order_of_date(tmp_path):
    said = refusal(written(tmp_path, SMALL.replace("date: 2021-01-02", "date: 2019-01-02")))
    assert said.startswith(
        "seeds/reference-class.yaml:18: episode 'two-2021': date = '2019-01-02': must not be before"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "file = None: must map each episode's id to its fields"),
        ("- x\n", "file = ['x']: must map each episode's id"),
        (
            "Bad_Id: {}\n",
            "reference-class.yaml:1: episode 'Bad_Id': id = 'Bad_Id': must be a text of lower-case",
        ),
        ("x: ten\n", "reference-class.yaml:1: episode 'x': entry = 'ten': must be a mapping of fields"),
        ("x: [1\n", "file = unreadable: must be YAML in UTF-8"),
        (SMALL + SMALL, "episode 'one-2020': id = given again on line 30"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, text, message):
    assert message in refusal(written(tmp_path, text))


def test_a_missing_file_is_refused(tmp_path):
    assert "file = unreadable" in refusal(tmp_path / "reference-class.yaml")


def test_importing_loads_neither_the_parser_nor_scipy():
    code = "import sys, sim.reference; sys.exit(any(n.startswith(('ruamel', 'scipy', 'numpy')) for n in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_iranian_targets_are_kinds():
    assert set(IRANIAN) < set(KINDS)


def test_what_the_explanation_says_of_the_class_is_so(episodes):
    (struck,) = (e for e in lethal(episodes, "all") if e.answer == 4)
    assert (struck.id, struck.killed) == ("k1-2019", 1)
    own = [e.answer for e in members(episodes, "all") if e.author == "iran" and not e.avowed]
    assert (own.count(4), len(own)) == (3, 4)
    assert {e.answer for e in episodes if e.avowed} == {0}
    assert max(e.killed for e in lethal(episodes, "2007-2023")) == 6
    assert [e.answer == 4 for e in lethal(episodes, "2019-2023")].count(True) == 1
    assert len(lethal(episodes, "2019-2023")) == 5
