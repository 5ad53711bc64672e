"""Records and timelines as files: what is read, and one line for whatever is wrong."""

import datetime
import re
from pathlib import Path

import pytest

from sim.evidence import load_evidence
from sim.inference.observation import SERIES, Report, Strike, increments, until
from sim.inference.observation.reading import later_record, load_record, load_timeline, shipped_record
from sim.scenario import ScenarioError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "record-format.md"
START = "start: 2023-10-17\n"
DAY = datetime.date(2023, 10, 17)


@pytest.fixture
def read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def of(text, load=load_record):
        (tmp_path / "mine.yaml").write_text(text)
        return load("mine.yaml")

    return of


def test_the_shipped_record_is_that_of_the_facts():
    record, facts = shipped_record(), load_evidence().facts
    assert record.start == DAY
    assert record.strikes_until == record.end == datetime.date(2023, 11, 17)
    totals = {}
    for report in record.reports:
        if report.series.startswith("attacks"):
            assert report.value == facts[report.facts[0]].value
            totals[report.last] = totals.get(report.last, 0) + report.value
    assert list(totals.values()) == [13, 23, 61]
    struck = [
        fact.date
        for name, fact in facts.items()
        if name in ("strike-27-oct", "strike-8-nov", "strike-12-nov")
    ]
    assert [(s.date, s.level, s.country) for s in record.strikes] == [(d, 1, "syria") for d in sorted(struck)]
    wounded = {
        r.last: (r.value, r.bound) for r in record.reports if r.series == "wounded" and not r.in_retrospect
    }
    assert list(wounded.values()) == [(21, "exact"), (60, "about")]


def test_increments_of_the_shipped_record():
    found = [
        (r.series, r.value) for r in increments(shipped_record().reports) if r.series.startswith("attacks")
    ]
    assert found == [
        ("attacks_iraq", 10), ("attacks_syria", 3), ("attacks_iraq", 4), ("attacks_syria", 6),
        ("attacks_iraq", 15), ("attacks_syria", 23),
    ]  # fmt: skip


def test_what_was_told_later_is_not_known_before():
    """That many were hurt in the first days was told on 17 November."""
    early = until(shipped_record(), datetime.date(2023, 10, 30))
    assert [r for r in early.reports if r.in_retrospect] == []
    assert early.strikes_until == datetime.date(2023, 10, 30)
    assert len(early.strikes) == 1
    assert any(r.in_retrospect and r.series == "wounded" for r in shipped_record().reports)


def test_nothing_is_fitted_to_what_came_later():
    assert all(report.last > shipped_record().end for report in later_record().reports)


def test_every_part_may_be_missing(read):
    record = read(START + "killed:\n  - {date: 2023-10-20, count: 0}\n")
    assert record.reports == (Report("killed", DAY, datetime.date(2023, 10, 20), 0.0),)
    assert (record.name, record.strikes, record.strikes_until) == ("mine", (), None)
    record = read(START + "strikes: {complete_until: 2023-10-20}\n")
    assert (record.reports, record.strikes_until) == ((), datetime.date(2023, 10, 20))
    record = read(START + "strikes: {listed: [{date: 2023-10-20, level: 3}]}\n")
    assert record.strikes == (Strike(datetime.date(2023, 10, 20), 3),)


OWN = "sources: {my-paper: {title: A, where: B, date: 2023-11-01}}\n"


def test_an_entry_and_a_knot_may_cite_a_source_of_the_files_own(read):
    record = read(
        START + OWN + "killed:\n  - {date: 2023-10-20, count: 0, evidence: [my-paper, wounded-30-oct]}\n"
    )
    assert record.reports[0].facts == ("my-paper", "wounded-30-oct")
    knot = "{date: 2023-11-24, level: 1, basis: reported, evidence: [my-paper]}"
    found = read(f"{OWN}gaza: {{knots: [{knot}]}}\n", load_timeline)
    assert found["gaza"].knots[0].evidence == ("my-paper",)


WRONG = {
    "wounded:\n  - {date: 2023-10-30, count: 3}\n  - {date: 2023-10-24, count: 3}":
        "4:12: wounded.1.date = 2023-10-24: must be after the date of the entry before it, 2023-10-30",
    "wounded:\n  - {date: 2023-10-24, count: 3}\n  - {date: 2023-10-24, count: 3}":
        "4:12: wounded.1.date = 2023-10-24: must be after the date of the entry before it, 2023-10-24",
    "attacks:\n  - {date: 2023-10-24, iraq: 5}\n  - {date: 2023-10-30, iraq: 3}":
        "4:30: attacks.1.iraq = 3: must be at least 5, the count of 2023-10-24: counts are cumulative",
    "attacks:\n  - {date: 2023-10-24, jordon: 5}": "3:24: attacks.0.jordon = 5: unknown key; did you mean 'jordan'?",
    "attacks:\n  - {date: 2023-10-24}":
        "3:5: attacks.0 = {date: 2023-10-24}: counts nothing; it needs at least one of iraq, syria, jordan, total",
    "killed:\n  - {date: 2023-10-24, count: -1}": "3:31: killed.0.count = -1: must be a whole number from 0 to 1000000",
    "killed:\n  - {date: 2023-10-24, count: 1.5}":
        "3:31: killed.0.count = 1.5: must be a whole number from 0 to 1000000",
    "killed:\n  - {date: 2023-10-24, count: 2000000}":
        "3:31: killed.0.count = 2000000: must be a whole number from 0 to 1000000",
    "killed:\n  - {date: 2023-10-01, count: 1}":
        "3:12: killed.0.date = 2023-10-01: must be 2023-10-17, the record's start, or later",
    "killed:\n  - {date: 1999-10-01, count: 1}":
        "3:12: killed.0.date = 1999-10-01: must be a date from 2000-01-01 to 2100-12-31",
    "killed:\n  - {from: 2023-10-28, date: 2023-10-24, count: 1}":
        "3:12: killed.0.from = 2023-10-28: must be from 2023-10-17, the record's start, to 2023-10-24, the entry's "
        "date",
    "killed:\n  - {from: 2023-10-16, date: 2023-10-24, count: 1}":
        "3:12: killed.0.from = 2023-10-16: must be from 2023-10-17, the record's start, to 2023-10-24, the entry's "
        "date",
    "killed:\n  - {date: 2023-10-24, told: 2023-10-20, count: 1}":
        "3:30: killed.0.told = 2023-10-20: must be 2023-10-24, the entry's date, or later",
    "wounded:\n  - {date: 2023-10-30, count: {fact: wounded-30-oc}}":
        "3:38: wounded.0.count.fact = 'wounded-30-oc': must be the id of a fact in seeds/facts.yaml; "
        "did you mean 'wounded-30-oct'?",
    "wounded:\n  - {date: 2023-10-24, count: {fact: wounded-30-oct}}":
        "3:38: wounded.0.count.fact = 'wounded-30-oct': counts to 2023-10-30, and not to 2023-10-24",
    "wounded:\n  - {date: 2023-11-17, count: {fact: sudani-tightrope}}":
        "3:38: wounded.0.count.fact = 'sudani-tightrope': has no number in seeds/facts.yaml",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 2, country: syria}":
        "4:45: strikes.listed.0.country = 'syria': must be iraq for a strike of level 2, or be left out",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 5}":
        "4:33: strikes.listed.0.level = 5: must be a whole number from 1 to 4",
    "strikes:\n  complete_until: 2023-10-01":
        "3:19: strikes.complete_until = 2023-10-01: must be 2023-10-17, the record's start, or later",
    "bargains:\n  - {date: 2023-10-24, count: 1}":
        "3:5: bargains.0.bound: must be at_least: a bargain is a secret, of which some may be told",
    "killed:\n  - {date: 2023-10-24, count: 1, note: two, or one}":
        "3:40: killed.0.note = 'two': ends at a comma; a text with one stands in quotes, note: 'two, or one'",
    "attacks:\n  - {date: 2023-10-24, total: 1, note: Iraq's share, syria, more, bound: about}":
        "3:40: attacks.0.note = 'Iraq's share': ends at a comma; a text with one stands in quotes, "
        "note: 'Iraq''s share, syria, more'",
    "killed:\n  - {date: 2023-10-24, count: 1, note: two, or: }": "3:45: killed.0.or = null: unknown key",
    "killed:\n  - {date: 2023-10-24, count: 1, bound}":
        "3:39: killed.0.bound = null: must have a value, or be left out",
    "sources: {}": "2:10: sources = {}: must list at least one source, or be left out",
    "sources: [a]": "2:10: sources = ['a']: must be a mapping of sources by name",
    "sources: {wounded-30-oct: {title: A, where: B, date: 2023-11-01}}":
        "2:11: sources.wounded-30-oct: must not be the id of a fact in seeds/facts.yaml; choose another",
    "sources: {my-paper: {title: A, where: B}}": "2:11: sources.my-paper.date: is missing",
    "sources: {my-paper: {title: A, where: B, date: 2023-11-01, url: C}}":
        "2:60: sources.my-paper.url = 'C': unknown key",
    "sources: {my-paper: {title: A, where: B, date: 2023-11-01}}\nkilled:\n"
    "  - {date: 2023-10-24, count: 1, evidence: [my-papr]}":
        "4:45: killed.0.evidence.0 = 'my-papr': must be the id of a fact in seeds/facts.yaml, or of a source of this "
        "file; did you mean 'my-paper'?",
    "strike: {listed: []}": "2:1: strike = {listed: []}: unknown key; did you mean 'strikes'?",
    "attacks: 3": "2:10: attacks = 3: must be a list",
    "wounded:\n  - {date: 2023-10-24, count: 3, bound: atleast}":
        "3:41: wounded.0.bound = 'atleast': must be one of exact, about, at_least; did you mean 'at_least'?",
    "attacks:\n  - {date: 2023-10-24, iraq: {fct: attacks-iraq-24-oct}}":
        "3:31: attacks.0.iraq.fct = 'attacks-iraq-24-oct': unknown key; did you mean 'fact'?",
    "attacks:\n  - {date: 2023-10-24, iraq: {}}": "3:24: attacks.0.iraq.fact: is missing",
    "attacks:\n  - {date: 2023-10-24, iraq: {fact: [1]}}":
        "3:37: attacks.0.iraq.fact = [1]: must be the id of a fact in seeds/facts.yaml",
    "attacks:\n  - {date: 2023-10-24, iraq: five}":
        "3:30: attacks.0.iraq = 'five': must be a whole number from 0 to 1000000",
    "attacks:\n  - {date: 2023-10-24, iraq: null, syria: 3}":
        "3:30: attacks.0.iraq = null: must have a value, or be left out",
    "attacks:\n  - {from_: 2023-10-20, date: 2023-10-24, iraq: 3}":
        "3:6: attacks.0.from_ = 2023-10-20: unknown key; did you mean 'from'?",
    "attacks:\n  - {from: null, date: 2023-10-24, iraq: 3}":
        "3:12: attacks.0.from = null: must have a value, or be left out",
    "attacks:\n  - {date: 2023-10-24, iraq: 10, syria: 3, total: 12}":
        "3:51: attacks.0.total = 12: must be at least 13, the sum of the entry's countries",
    "attacks:\n  - {from: 2023-10-20, date: 2023-10-24, iraq: 3}\n  - {from: 2023-10-20, date: 2023-10-24, iraq: 3}":
        "4:12: attacks.1.from = 2023-10-20: must not count 2023-10-20 to 2023-10-24 again: an entry before it does",
    "attacks:\n  - {date: 2023-10-31, iraq: {fact: attacks-31-oct}}":
        "3:37: attacks.0.iraq.fact = 'attacks-31-oct': counts from 2023-10-31, and not from 2023-10-17",
    "attacks:\n  - {date: 2023-10-24, syria: {fact: attacks-iraq-24-oct}}":
        "3:38: attacks.0.syria.fact = 'attacks-iraq-24-oct': is of place iraq, and not of syria",
    "attacks:\n  - {date: 2023-11-17, iraq: {fact: attacks-total-17-nov}}":
        "3:37: attacks.0.iraq.fact = 'attacks-total-17-nov': is of place iraq-and-syria, and not of iraq",
    "killed:\n  - {date: 2023-10-24, count: {fact: attacks-iraq-24-oct}}":
        "3:38: killed.0.count.fact = 'attacks-iraq-24-oct': counts attacks, and not people killed",
    "killed:\n  - {date: 2023-10-24, count: {fact: false-alarm-death}}":
        "3:38: killed.0.count.fact = 'false-alarm-death': is of actor us, and not of the militias",
    "killed:\n  - {date: 2023-10-24, count: 2}\n  - {from: 2023-10-18, date: 2023-10-24, count: 3}":
        "4:49: killed.1.count = 3: must be at most 2, the count from 2023-10-17 to 2023-10-24",
    "killed:\n  - {date: 2023-10-24, count: true}":
        "3:31: killed.0.count = true: must be a whole number from 0 to 1000000",
    "killed:\n  - {date: 2023-10-24, count: null}":
        "3:31: killed.0.count = null: must be a whole number from 0 to 1000000",
    "killed:\n  - {date: 2023-10-24}": "3:5: killed.0.count: is missing",
    "killed:\n  - {count: 1}": "3:5: killed.0.date: is missing",
    "killed:\n  - {date: '2023-10-24', count: 1}":
        "3:12: killed.0.date = '2023-10-24': must be a date such as 2023-10-17, without quotes",
    "killed:\n  - {date: 2023-02-30, count: 1}":
        "3:12: killed.0.date = 2023-02-30: is no day of the calendar; a date is written as YYYY-MM-DD",
    "killed:\n  - {date: 2101-01-01, count: 1}":
        "3:12: killed.0.date = 2101-01-01: must be a date from 2000-01-01 to 2100-12-31",
    "killed:\n  - {date: 2023-10-24, count: 1, evidence: [wounded-30-oc]}":
        "3:45: killed.0.evidence.0 = 'wounded-30-oc': must be the id of a fact in seeds/facts.yaml; "
        "did you mean 'wounded-30-oct'?",
    "killed:\n  - {date: 2023-10-24, count: 1, basis: guess}":
        "3:41: killed.0.basis = 'guess': must be one of reported, derived, assumed",
    "killed:\n  - 3": "3:5: killed.0 = 3: must be a mapping of keys to values",
    "name: ''": "2:7: name = '': must be a text on one line of 1 to 500 characters",
    "start: 2023-10-18": "2:1: start: is given twice, first on line 1",
    "strikes:\n  - {date: 2023-10-24, level: 1}":
        "3:3: strikes = [{date: 2023-10-24, level: 1}]: must be a mapping of keys to values",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 1}\n    - {date: 2023-10-24, level: 3}":
        "5:14: strikes.listed.1.date = 2023-10-24: must be after the date of the entry before it, 2023-10-24",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 1}\n    - {date: 2023-10-20, level: 3}":
        "5:14: strikes.listed.1.date = 2023-10-20: must be after the date of the entry before it, 2023-10-24",
    "strikes:\n  listed:\n    - {date: 2023-10-16, level: 1}":
        "4:14: strikes.listed.0.date = 2023-10-16: must be 2023-10-17, the record's start, or later",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 1, countries: [iraq, syria]}":
        "4:47: strikes.listed.0.countries = ['iraq', 'syria']: must be left out for a strike of level 1 or 4, which "
        "falls in one country",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 3, countries: [iraq]}":
        "4:47: strikes.listed.0.countries = ['iraq']: must be [iraq, syria]; one country goes under country",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 3, country: iraq, countries: [iraq, syria]}":
        "4:62: strikes.listed.0.countries = ['iraq', 'syria']: must be left out where country is given",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 3, country: irak}":
        "4:45: strikes.listed.0.country = 'irak': must be one of iraq, syria, iran; did you mean 'iraq'?",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 3, country: iran}":
        "4:45: strikes.listed.0.country = 'iran': must be iraq or syria for a strike of level 3; one on Iran is of "
        "level 4",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 4, country: iraq}":
        "4:45: strikes.listed.0.country = 'iraq': must be iran for a strike of level 4, or be left out",
    "strikes:\n  listed:\n    - {date: 2023-10-24, level: 1, country: iraq}":
        "4:45: strikes.listed.0.country = 'iraq': must be syria for a strike of level 1, or be left out",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_one_line_that_says_where(read, text):
    with pytest.raises(ScenarioError) as caught:
        read(START + text + "\n")
    assert str(caught.value) == f"mine.yaml:{WRONG[text]}"


MAPPING = "a record is a mapping of keys to values"
NO_RECORD = {
    b"": f"1:1: is empty; {MAPPING}",
    b"# nothing but a remark\n": f"1:1: is empty; {MAPPING}",
    b"{}": "1:1: is empty",
    b"null": f"1:1: holds null; {MAPPING}",
    b"- a\n": f"1:1: holds ['a']; {MAPPING}",
    START.encode(): "1:1: reports nothing; it needs at least one of attacks, wounded, killed, bargains, strikes",
    START.encode() + b"attacks: []\nstrikes: {}\n":
        "1:1: reports nothing; it needs at least one of attacks, wounded, killed, bargains, strikes",
    b"killed: [{date: 2023-10-24, count: 1}]\n": "1:1: start: is missing",
    b"start: soon\n": "1:8: start = 'soon': must be a date such as 2023-10-17, without quotes",
    b"a: &b 3\n": "1:4: a: uses an anchor or alias (& or *); write the value out",
    b"a: [\n":
        "2:1: is not readable as YAML: expected the node content, but found '<stream end>'",
    b"\xff\x00\xfe": "1:1: is not text in UTF-8 (byte 0xff)",
    b"\x00ab": r"1:1: holds the character '\x00', which is not text: is it a binary file?",
}  # fmt: skip


@pytest.mark.parametrize("content", NO_RECORD)
def test_what_is_no_record_is_one_line(tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_record("mine.yaml")
    assert str(caught.value) == f"mine.yaml:{NO_RECORD[content]}"


@pytest.mark.parametrize("load", [load_record, load_timeline])
def test_what_cannot_be_read_is_one_line(tmp_path, load):
    said = {tmp_path: "it is a folder, not a file", tmp_path / "none.yaml": "No such file or directory"}
    for path, reason in said.items():
        with pytest.raises(ScenarioError) as caught:
            load(path)
        assert str(caught.value) == f"{path}:1:1: cannot be read: {reason}"


MAY_BE = {
    "attacks:\n  - {date: 2023-10-24, iraq: 10, syria: 3, total: 12, bound: about}":
        "attacks_iraq 10, attacks_syria 3, attacks 12",
    "attacks:\n  - {date: 2023-10-24, iraq: 10, syria: 3, total: 13}": "attacks_iraq 10, attacks_syria 3, attacks 13",
    "attacks:\n  - {from: 2023-10-20, date: 2023-10-28, total: 5}\n  - {date: 2023-10-24, syria: 7}\n"
    "  - {from: 2023-10-20, date: 2023-10-28, iraq: 2}\n  - {from: 2023-10-22, date: 2023-10-28, iraq: 1}\n"
    "  - {from: 2023-10-22, date: 2023-10-29, iraq: 4}":
        "attacks_syria 7, attacks_iraq 2, attacks_iraq 1, attacks 5, attacks_iraq 4",
    "attacks:\n  - {date: 2023-11-17, total: {fact: attacks-total-17-nov}}": "attacks 61",
    "wounded:\n  - {from: 2023-10-18, date: 2023-10-20, count: 3}\n  - {date: 2023-10-24, count: 2}":
        "wounded 3, wounded 2",
    "killed:\n  - {from: 2023-10-18, date: 2023-10-20, count: 3, bound: about}\n  - {date: 2023-10-24, count: 2}":
        "killed 3, killed 2",
    "killed:\n  - {from: 2023-10-18, date: 2023-10-20, count: 3}\n"
    "  - {date: 2023-10-24, count: 2, bound: at_least}": "killed 3, killed 2",
    "killed:\n  - {date: 2023-10-17, count: 0}\n  - {from: 2023-10-18, date: 2023-10-20, count: 3}\n"
    "  - {date: 2023-10-24, count: 3}": "killed 0, killed 3, killed 3",
    "killed:\n  - {from: 2023-10-22, date: 2023-10-23, count: 1}\n"
    "  - {from: 2023-10-18, date: 2023-10-20, count: 3}": "killed 3, killed 1",
    "killed:\n  - {from: 2024-01-28, date: 2024-01-28, count: {fact: tower-22-killed}}": "killed 3",
    "strikes: {complete_until: 2023-10-20, listed: [{date: 2023-10-24, level: 4, basis: assumed}]}": "",
}  # fmt: skip
"""Sums that are rounded, spans that stand where they like, deaths roughly told, a strike after all are known."""


@pytest.mark.parametrize("text", MAY_BE)
def test_what_may_be_told_though_it_looks_odd(read, text):
    assert ", ".join(f"{r.series} {r.value:g}" for r in read(START + text + "\n").reports) == MAY_BE[text]


def test_a_fact_gives_its_number_and_its_bound(read):
    """The entry's own bound goes first, and its other facts come after."""
    other = ", evidence: [strike-8-nov], bound: about"
    for own, bound, facts in (("", "at_least", ()), (other, "about", ("strike-8-nov",))):
        record = read(START + f"wounded:\n  - {{date: 2023-11-17, count: {{fact: wounded-17-nov}}{own}}}\n")
        reports = (
            Report("wounded", DAY, datetime.date(2023, 11, 17), 60, bound, ("wounded-17-nov", *facts)),
        )
        assert record.reports == reports


def test_the_documented_examples_are_read(read):
    record_text, timeline_text = re.findall(
        r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL
    )
    record = read(record_text)
    assert (record.name, record.start, record.end) == ("an-example", DAY, datetime.date(2023, 11, 17))
    assert {r.series for r in record.reports} == set(SERIES) - {"attacks_jordan"}
    assert len(record.reports) == 10
    struck = [(s.level, s.country, s.also) for s in record.strikes]
    assert struck == [(1, "syria", ()), (1, None, ()), (3, "iraq", ("syria",))]
    assert [knot.level for knot in read(timeline_text, load_timeline)["gaza"].knots] == [1.0, 0.3, 0.3, 0.9]


def test_a_timeline_is_some_of_a_scenarios_drivers(read):
    found = read(
        "gaza:\n  knots:\n    - {date: 2023-11-24, level: 0.3, basis: assumed, note: a truce}\n",
        load_timeline,
    )
    assert list(found) == ["gaza"]
    assert found["gaza"].knots[0].level == 0.3


def test_a_timeline_is_what_a_scenario_has(read):
    """Shocks and more troops than in October among them; in the order of a scenario, whatever the file's."""
    knot, shock = (
        "{date: 2023-11-24, level: %s, basis: assumed}",
        "{date: 2023-12-01, size: -0.5, half_life: 3",
    )
    text = f"troops: {{knots: [{knot % 2}]}}\ngaza: {{knots: [{knot % 1}], shocks: [{shock}, basis: assumed}}]}}\n"
    found = read(text, load_timeline)
    assert list(found) == ["gaza", "troops"]
    assert found["troops"].knots[0].level == 2.0
    assert [(s.size, s.half_life) for s in found["gaza"].shocks] == [(-0.5, 3.0)]


KNOT = "{date: 2023-11-24, level: 1, basis: assumed}"
WRONG_TIMELINES = {
    "gazza: {knots: []}": "1:1: gazza = {knots: []}: unknown key; did you mean 'gaza'?",
    "gaza: {knots: [{date: 2023-11-24, level: 1.5, basis: assumed}]}":
        "1:42: gaza.knots.0.level = 1.5: must be a number from 0 to 1",
    "troops: {knots: [{date: 2023-11-24, level: 2.5, basis: assumed}]}":
        "1:44: troops.knots.0.level = 2.5: must be a number from 0 to 2",
    "{}": "1:1: is empty",
    "": "1:1: is empty; a timeline is a mapping of keys to values",
    "gaza: null": "1:7: gaza = null: must have a value, or be left out",
    f"gaza: [{KNOT}]":
        "1:7: gaza = [{date: 2023-11-24, level: 1, basis: 'assumed'}]: must be a mapping of keys to values",
    "gaza: {knots: []}": "1:15: gaza.knots = []: must hold at least one knot",
    f"gaza: {{knots: [{KNOT}], shock: []}}": "1:63: gaza.shock = []: unknown key; did you mean 'shocks'?",
    f"gaza:\n  knots:\n    - {KNOT}\n    - {{date: 2023-11-20, level: 1, basis: assumed}}":
        "4:14: gaza.knots.1.date = 2023-11-20: must be after the date of the knot before it, 2023-11-24",
    "gaza: {knots: [{date: 2023-11-24, level: 1}]}": "1:16: gaza.knots.0.basis: is missing",
    "gaza: {knots: [{date: 2023-11-24, level: 1, basis: reported}]}":
        "1:16: gaza.knots.0.evidence: must name at least one fact, since the basis is reported",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG_TIMELINES)
def test_a_wrong_timeline_is_one_line(read, text):
    with pytest.raises(ScenarioError) as caught:
        read(text + "\n", load_timeline)
    assert str(caught.value) == f"mine.yaml:{WRONG_TIMELINES[text]}"


def test_a_total_follows_the_countries_of_an_earlier_day(read):
    """Counted by country to 30 October and in all to 17 November: the 23 are not counted twice."""
    record = read(
        START + "attacks:\n  - {date: 2023-10-24, iraq: 10, syria: 3, total: 13}\n"
        "  - {date: 2023-10-30, iraq: 14, syria: 9}\n"
        "  - {date: 2023-11-17, total: 61}\n  - {date: 2023-12-01, total: 70}\n"
    )
    found = [(r.series, r.first.isoformat(), r.value) for r in increments(record.reports)]
    assert found == [
        ("attacks_iraq", "2023-10-17", 10), ("attacks_syria", "2023-10-17", 3),
        ("attacks_iraq", "2023-10-25", 4), ("attacks_syria", "2023-10-25", 6),
        ("attacks", "2023-10-31", 38), ("attacks", "2023-11-18", 9),
    ]  # fmt: skip


def test_exact_deaths_are_taken_for_what_they_add_and_the_wounded_are_not(read):
    """Three killed between the second and the third date, none after; one told as about is left alone."""
    record = read(
        START + "killed:\n  - {date: 2023-10-24, count: 0}\n  - {date: 2023-10-30, count: 0}\n"
        "  - {date: 2023-11-17, count: 3}\n  - {date: 2023-11-20, count: 3, bound: about}\n"
        "  - {date: 2023-12-01, count: 3}\n"
        "wounded:\n  - {date: 2023-10-24, count: 5}\n  - {date: 2023-10-30, count: 21}\n"
    )
    found = [(r.series, r.first.isoformat(), r.value) for r in increments(record.reports)]
    assert found == [
        ("wounded", "2023-10-17", 5), ("killed", "2023-10-17", 0),
        ("wounded", "2023-10-17", 21), ("killed", "2023-10-25", 0),
        ("killed", "2023-10-31", 3), ("killed", "2023-10-17", 3), ("killed", "2023-11-18", 0),
    ]  # fmt: skip
