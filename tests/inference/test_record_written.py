"""Any record, written out, is the record that is read."""

import datetime
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.inference.observation import BOUNDS, SERIES, Record, Report, Strike
from sim.inference.observation.reading import load_record

DAY = datetime.date(2023, 10, 17)


LISTS = {"attacks": SERIES[:3], "wounded": ("wounded",), "killed": ("killed",), "bargains": ("bargains",)}
DAYS = st.integers(0, 300)
SOME_FACTS = st.lists(st.sampled_from(["wounded-30-oct", "strike-8-nov", "caught-in-spiral"]), max_size=2)
STRIKES = st.sampled_from([(1, "syria"), (2, "iraq"), (3, None), (3, "syria"), (4, "iran")])
IN_TWO = st.sampled_from([(2, "iraq"), (3, "iraq")])


def day(offset):
    return DAY + datetime.timedelta(days=offset)


@st.composite
def reports_of(draw, name):
    """Reports of one list: cumulative ones that grow, and spans. Those of one entry stand side by side."""
    ends = sorted(draw(st.sets(DAYS, max_size=4)))
    spans = sorted(draw(st.sets(st.tuples(DAYS, st.integers(0, 50)), max_size=3)))
    found, so_far = [], dict.fromkeys(SERIES, 0)
    for first, last, alone in [(0, end, False) for end in ends] + [(a, a + more, True) for a, more in spans]:
        bound = "at_least" if name == "bargains" else draw(st.sampled_from(BOUNDS))
        told, facts = draw(st.none() | st.integers(last, 400).map(day)), tuple(draw(SOME_FACTS))
        for series in ("attacks",) if name == "attacks" and draw(st.booleans()) else LISTS[name]:
            value = draw(st.integers(0, 1000)) if not (alone and name == "killed") else 0
            if not alone:
                so_far[series] += value
                value = so_far[series]
            found.append(Report(series, day(first), day(last), float(value), bound, facts, alone, told))
    return found


@st.composite
def records(draw):
    reports = [report for name in LISTS for report in draw(reports_of(name))]
    struck = sorted(draw(st.sets(DAYS, max_size=4)))
    strikes = []
    for offset in struck:
        also = ("syria",) if draw(st.booleans()) else ()
        strikes.append(Strike(day(offset), *draw(IN_TWO if also else STRIKES), tuple(draw(SOME_FACTS)), also))
    complete = DAYS.map(day) if not reports and not strikes else st.none() | DAYS.map(day)
    return Record("any", DAY, tuple(reports), tuple(strikes), draw(complete))


def written(record):
    """A record as a file would have it."""
    lines = [f"name: {record.name}", f"start: {record.start}"]
    for name in LISTS:
        lines.append(f"{name}:" if any(r.series.startswith(name) for r in record.reports) else f"{name}: []")
        mine = [r for r in record.reports if r.series.startswith(name)]
        for (first, last, alone, bound, told, facts), group in groupby(
            mine, lambda r: (r.first, r.last, r.in_retrospect, r.bound, r.told, r.facts)
        ):
            keys = [f"from: {first}"] if alone else []
            keys += [f"date: {last}", f"bound: {bound}", f"evidence: [{', '.join(facts)}]"]
            keys += [f"told: {told}"] if told else []
            for report in group:
                place = report.series.removeprefix("attacks_").replace("attacks", "total")
                keys.append(f"{place if name == 'attacks' else 'count'}: {report.value:.0f}")
            lines.append(f"  - {{{', '.join(keys)}}}")
    listed = [
        f"{{date: {s.date}, level: {s.level}, evidence: [{', '.join(s.facts)}]"
        + (", countries: [syria, iraq]}" if s.also else f", country: {s.country}}}" if s.country else "}")
        for s in record.strikes
    ]
    until_then = f"complete_until: {record.strikes_until}, " if record.strikes_until else ""
    return "\n".join([*lines, f"strikes: {{{until_then}listed: [{', '.join(listed)}]}}"]) + "\n"


@settings(max_examples=80, deadline=None)
@given(record=records())
def test_what_is_written_is_what_is_read(tmp_path_factory, record):
    file = tmp_path_factory.mktemp("record") / "file.yaml"
    file.write_text(written(record))
    found = load_record(file)
    in_order = sorted(record.reports, key=lambda r: (r.last, SERIES.index(r.series)))
    assert found == Record(record.name, DAY, tuple(in_order), record.strikes, record.strikes_until)
