"""Records and timelines as files: what is read, and one line for whatever is wrong."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.evidence import load_evidence
from sim.observation import Report, Strike, increments, until
from sim.observation.reading import later_record, load_record, load_timeline, shipped_record
from sim.scenario import ScenarioError

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
    assert list(wounded.values()) == [(21, "exact"), (60, "at_least")]


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
    "strike: {listed: []}": "2:1: strike = {listed: []}: unknown key; did you mean 'strikes'?",
    "attacks: 3": "2:10: attacks = 3: must be a list",
    "wounded:\n  - {date: 2023-10-24, count: 3, bound: atleast}":
        "3:41: wounded.0.bound = 'atleast': must be one of exact, about, at_least; did you mean 'at_least'?",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_one_line_that_says_where(read, text):
    with pytest.raises(ScenarioError) as caught:
        read(START + text + "\n")
    assert str(caught.value) == f"mine.yaml:{WRONG[text]}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.yaml:1:1: is empty"),
        (START, "reports nothing; it needs at least one of attacks, wounded, killed, bargains, strikes"),
        ("killed: [{date: 2023-10-24, count: 1}]\n", "mine.yaml:1:1: start: is missing"),
        ("- a\n", "holds ['a']"),
        ("a: [\n", "mine.yaml:2:1: "),
        ("a: &b 3\n", "mine.yaml:1:4: "),
    ],
)
def test_what_is_no_record_is_one_line(read, text, said):
    with pytest.raises(ScenarioError, match=r"^mine\.yaml:") as caught:
        read(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_read_is_one_line(tmp_path):
    (tmp_path / "binary.yaml").write_bytes(b"\xff\x00\xfe")
    for path in (tmp_path, tmp_path / "none.yaml", tmp_path / "binary.yaml"):
        with pytest.raises(ScenarioError) as caught:
            load_record(path)
        assert "\n" not in str(caught.value)


COUNT = st.lists(st.integers(0, 50), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(iraq=COUNT, syria=COUNT, gap=st.integers(1, 9))
def test_what_is_written_is_what_is_read(tmp_path_factory, iraq, syria, gap):
    lines, totals = [], [0, 0]
    for number, (a, b) in enumerate(zip(iraq, syria, strict=False), start=1):
        totals = [totals[0] + a, totals[1] + b]
        date = DAY + datetime.timedelta(days=number * gap)
        lines.append(f"  - {{date: {date}, iraq: {totals[0]}, syria: {totals[1]}}}")
    file = tmp_path_factory.mktemp("record") / "any.yaml"
    file.write_text(START + "attacks:\n" + "\n".join(lines) + "\n")
    found = increments(load_record(file).reports)
    assert [r.value for r in found if r.series == "attacks_iraq"] == iraq[: len(lines)]
    assert [r.value for r in found if r.series == "attacks_syria"] == syria[: len(lines)]
    assert all((r.last - r.first).days + 1 in (gap, gap + 1) for r in found)


def test_a_timeline_is_some_of_a_scenarios_drivers(read):
    found = read(
        "gaza:\n  knots:\n    - {date: 2023-11-24, level: 0.3, basis: assumed, note: a truce}\n",
        load_timeline,
    )
    assert list(found) == ["gaza"]
    assert found["gaza"].knots[0].level == 0.3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gazza: {knots: []}", "mine.yaml:1:1: gazza = {knots: []}: unknown key; did you mean 'gaza'?"),
        (
            "gaza: {knots: [{date: 2023-11-24, level: 1.5, basis: assumed}]}",
            "mine.yaml:1:42: gaza.knots.0.level = 1.5: must be a number from 0 to 1",
        ),
        ("{}", "is empty"),
        (
            "gaza:\n  knots:\n    - {date: 2023-11-24, level: 1, basis: assumed}\n"
            "    - {date: 2023-11-20, level: 1, basis: assumed}",
            "gaza.knots.1.date = 2023-11-20: must be after the date of the knot before it, 2023-11-24",
        ),
    ],
)
def test_a_wrong_timeline_is_one_line(read, text, said):
    with pytest.raises(ScenarioError) as caught:
        read(text + "\n", load_timeline)
    assert said in str(caught.value)
