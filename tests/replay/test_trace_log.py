"""The log of a run holds what happened, no more and no less; its story and its figure say nothing else."""

import datetime as dt
import json
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from sim.outcomes import LEVELS, SPIRALS
from sim.replay.agents import replay_with_agents
from sim.replay.deeds import deeds_of
from sim.replay.events import KINDS, PHASES, Event, event_json
from sim.replay.log import log_of
from sim.replay.outcome import attacks_in, footnotes, harm_of, of_kind, outcome_json, summary_lines
from sim.replay.replay import Replay, replay
from sim.replay.story import story_of
from sim.replay.telling import told_by_day
from sim.replay.words import counted, factor_text, listed, span_text, times
from sim.report.figures.style import style
from sim.report.figures.trace.bands import CROWD, crowds
from sim.report.figures.trace.drivers import spread_apart
from sim.report.figures.trace.marks import MARKS
from sim.report.figures.trace.timeline import draw, draw_timeline
from sim.report.figures.trace.title import title_of
from sim.scenario import Scenario, load_scenario
from sim.simulate.job import make_job
from sim.simulate.setting import militias_in_order
from sim.wording import MONTHS, percent

ONE_DAY = """
extends: october-2023
question: Does anything happen on one day?
end: 2023-10-17
"""
ONE_MILITIA = """
extends: october-2023
question: What would a single militia do?
end: 2024-03-31
actors:
  militias:
    kataib-hizbollah: null
    harakat-al-nujaba: null
    asaib-ahl-al-haq: null
    badr: {title: A militia whose name is a good deal longer than any lane is wide, share: 1.0, capacity: 30}
"""
IMPOSED = """
extends: october-2023
question: What if much of it is imposed?
end: 2024-01-31
history:
  release: 2023-11-18
  actions:
    - {date: 2023-10-27, actor: us, action: strike, level: 1, place: syria}
    - {date: 2023-11-05, actor: iraq, action: press}
interventions:
  - {from: 2023-10-17, to: 2023-11-30, actor: us, action: strike, level: 4, forbid: true}
  - {date: 2023-12-01, actor: us, action: strike, level: 3, place: iraq}
  - {date: 2023-12-02, actor: iran, action: answer}
  - {date: 2023-12-03, actor: badr, action: attack, attacks: 3, site: tower-22, killed: 2, wounded: 5}
  - {from: 2023-12-05, to: 2023-12-20, actor: kataib-hizbollah, action: hold}
"""
FORBIDDEN = """
extends: october-2023
question: What if Washington never strikes?
end: 2024-01-31
interventions:
  - {from: 2023-10-17, to: 2024-01-31, actor: us, action: strike, level: 1, forbid: true}
"""
SHIPPED = [
    ("october-2023", 41), ("october-2023", 483), ("october-2023", 683), ("tower-22", 25), ("decisive-doctrine", 3),
    ("restraint-doctrine", 3),
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    texts = {"one-day": ONE_DAY, "one-militia": ONE_MILITIA, "imposed": IMPOSED, "forbidden": FORBIDDEN}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def played_run(name: str, run: int, desk: Path) -> Replay:
    own = desk / f"{name}.yaml"
    return replay(make_job(load_scenario(own if own.exists() else name)), run)


ODD = [("one-day", 0), ("one-militia", 3), ("imposed", 3)]


@pytest.fixture(scope="module", params=[*SHIPPED, *ODD], ids=str)
def run(request, desk) -> tuple[Replay, list[Event]]:
    played = played_run(*request.param, desk)
    return played, log_of(played)


# The log


def test_the_log_is_in_order_and_every_kind_is_known(run):
    _, log = run
    assert [(e.day, e.phase) for e in log] == sorted((e.day, e.phase) for e in log)
    assert {e.kind for e in log} <= set(KINDS)
    assert set(KINDS.values()) == set(PHASES)


def test_counts_of_the_log_are_those_of_the_outcome(run):
    played, log = run
    outcome = played.outcome
    assert attacks_in(log) == {c: int(outcome[f"attacks_{c}"]) for c in ("iraq", "syria", "jordan")}
    for harm, field in (("wounded", "wounded"), ("killed", "killed"), ("alarm", "alarm_deaths")):
        assert harm_of(log, harm) == outcome[field]
    strikes = Counter(e.about["level"] for e in of_kind(log, "strike"))
    assert [strikes[level] for level in range(LEVELS)] == list(outcome["strikes"])
    assert sum(e.about["place"] == "iraq" for e in of_kind(log, "strike")) == outcome["strikes_in_iraq"]
    assert len(of_kind(log, "answer")) == outcome["avowed"]
    assert len(of_kind(log, "pressing")) == outcome["bargains"]
    for name in SPIRALS:
        found = [e.day for e in of_kind(log, "spiral") if e.about["spiral"] == name]
        assert found == ([int(outcome[f"{name}_day"])] if outcome[f"{name}_day"] >= 0 else [])


def test_attacks_of_a_day_are_the_sum_of_single_attacks(run):
    _, log = run
    for event in of_kind(log, "attacks"):
        mine = [e for e in of_kind(log, "attack") if (e.day, e.actor) == (event.day, event.actor)]
        assert len(mine) == event.about["count"] == sum(event.about["sites"].values())
        for harm in ("wounded", "killed"):
            assert sum(e.about[harm] for e in mine) == event.about[harm]
        assert sum(e.about["result"] == "through" for e in mine) == event.about["through"]
        for attack in mine:
            harmed = attack.about["wounded"] + attack.about["killed"] > 0
            assert (attack.about["intended"] == "unknown") == (attack.about["result"] == "stopped")
            assert not (harmed and attack.about["result"] == "stopped")


def test_attacks_get_through_as_often_as_their_odds_say():
    """Of several hundred attacks; the test raises a false alarm in one of 15,000 versions of the chance."""
    expected = variance = found = 0.0
    for number in (0, 41, 483, 683, 739):
        for attack in of_kind(log_of(replay(make_job(load_scenario("october-2023")), number)), "attack"):
            chance = attack.decisions[0].chance
            expected, variance = expected + chance, variance + chance * (1 - chance)
            found += attack.about["result"] == "through"
    assert abs(found - expected) < 4 * math.sqrt(variance)


def test_severe_deeds_are_in_the_log(run):
    played, log = run
    kinds = {"lethal attack": "attacks", "strike": "strike", "answer": "answer", "pressing": "pressing"}
    for deed in deeds_of(played):
        assert any((e.day, e.actor, e.kind) == (deed.day, deed.actor, kinds[deed.kind]) for e in log), deed


def test_militias_stand_down_and_resume_in_turn(run):
    played, log = run
    for i, name in enumerate(militias_in_order(played.job.scenario)):
        paused = np.asarray(played.mornings["militias"]["standing_down"])[:, i]
        turns = {e.day: e.kind for e in of_kind(log, "stand-down", "resumption") if e.actor == name}
        assert turns == {
            int(day): "stand-down" if paused[day + 1] else "resumption"
            for day in np.flatnonzero(np.diff(paused))
        }


def test_rungs_and_stance_follow_the_mornings(run):
    played, log = run
    rungs = np.asarray(played.mornings["ladder"]["rung"])
    changes = {int(day): (int(rungs[day]), int(rungs[day + 1])) for day in np.flatnonzero(np.diff(rungs))}
    assert {e.day: (e.about["from"], e.about["to"]) for e in of_kind(log, "rung")} == changes
    restrains = np.asarray(played.mornings["iran"]["stance"]) > 0
    turned = {int(d): "brake" if restrains[d + 1] else "release" for d in np.flatnonzero(np.diff(restrains))}
    assert {e.day: e.kind for e in of_kind(log, "brake", "release")} == turned


def test_supply_is_told_for_every_day_once(run):
    played, log = run
    spans = [(e.about["since"], e.day) for e in of_kind(log, "supply")]
    assert [day for first, last in spans for day in range(first, last + 1)] == list(range(played.days))
    assert all(e.about["delivered"] >= 0 for e in of_kind(log, "supply"))


def test_washington_holds_on_every_day_with_harm_and_no_strike(run):
    played, log = run
    evenings, harmed = played.evenings, Counter()
    for attack in of_kind(log, "attack"):
        harmed[attack.day] += attack.about["wounded"] + attack.about["killed"]
    quiet = {day for day in +harmed if evenings["us"]["level"][day] == 0}
    assert {e.day for e in of_kind(log, "hold")} == quiet


def test_only_what_was_decided_has_reasons(run):
    _, log = run
    for event in log:
        if event.kind in ("strike", "pressing", "answer", "attacks", "hold", "stand-down", "brake"):
            assert bool(event.decisions) == (not event.imposed), event


def test_what_is_imposed_is_marked(desk):
    log = log_of(played_run("imposed", 0, desk))
    marks = {(e.kind, e.day): e.imposed for e in log if e.imposed}
    assert marks[("strike", 10)] == marks[("pressing", 19)] == "as recorded"
    assert marks[("strike", 45)] == marks[("answer", 46)] == marks[("attacks", 47)] == "imposed"
    assert [(e.actor, e.day) for e in of_kind(log, "ordered to hold")] == [("kataib-hizbollah", 49)]
    assert {e.imposed for e in log if e.kind == "hold" and e.day < 32} <= {"as recorded"}
    assert not [e for e in log if e.imposed and 32 <= e.day < 45]
    attacks = [e for e in of_kind(log, "attack") if e.day == 47 and e.actor == "badr"]
    assert [e.about["killed"] for e in attacks] == [2, 0, 0]
    assert {e.about["site"] for e in attacks} == {"tower-22"}
    tower = log_of(replay(make_job(load_scenario("tower-22")), 0))
    assert next(e.imposed for e in tower if e.kind == "attacks" and e.about["killed"] == 3) == "as recorded"


def test_a_forbidden_strike_is_told(desk):
    """Washington is forbidden all strikes: where it would have struck, its hold says so, and elsewhere it does not."""
    told = Counter()
    for number in range(6):
        for event in of_kind(log_of(played_run("forbidden", number, desk)), "hold"):
            decision = event.decisions[0]
            assert event.about["forbidden"] == (decision.value * decision.luck > 1)
            told[event.about["forbidden"]] += 1
    assert min(told[True], told[False]) > 0


def test_the_log_is_plain_json(run):
    played, log = run
    start = played.job.scenario.start
    entries = json.loads(json.dumps([event_json(event, start) for event in log], allow_nan=False))
    for event, entry in zip(log, entries, strict=True):
        assert entry["date"] == (start + dt.timedelta(days=event.day)).isoformat()
        assert len(entry.get("decisions", [])) == len(event.decisions)
    assert not re.search(r"\b0\.0*[1-9]\d{6,}|[1-9]\d*\.\d{6,}", json.dumps(entries))
    json.dumps(outcome_json(played), allow_nan=False)


def test_an_outcome_names_its_days():
    played = replay(make_job(load_scenario("october-2023")), 41)
    entry = outcome_json(played)
    assert (
        entry["direct"]
        == (dt.date(2023, 10, 17) + dt.timedelta(int(played.outcome["direct_day"]))).isoformat()
    )
    assert entry["reciprocal"] is None
    assert entry["peak_rung"] == max(int(rung) for rung, day in entry["rungs"].items() if day)


@pytest.mark.parametrize(
    ("name", "number"), [("october-2023", 41), ("tower-22", 25), ("imposed", 3), ("one-day", 0)]
)
def test_the_agents_live_the_same_run(name: str, number: int, desk):
    compiled = played_run(name, number, desk)
    lived = replay_with_agents(compiled.job, number)
    assert np.array_equal(lived.mornings, compiled.mornings)
    assert repr(log_of(lived)) == repr(log_of(compiled))


def test_will_is_named_only_where_it_pushed_that_way(run):
    _, log = run
    for event in of_kind(log, "stand-down", "resumption"):
        will = next(r.factor for r in event.decisions[0].reasons if r.name.endswith("will to fight"))
        assert "limit of the will" not in event.about["because"]
        assert will > 1 or not event.about["because"]


# Words


def test_every_event_is_told(run):
    played, log = run
    days = told_by_day(log, played.job.scenario)
    assert [day for day, _ in days] == sorted({e.day for e in log})
    entries = [entry for _, pairs in days for entry, _ in pairs]
    assert len(entries) == sum(e.kind != "attack" for e in log)
    for entry in entries:
        text = " ".join([entry.text, *entry.reasons])
        assert not re.search(r"\b0\.0*[1-9]\d{2,}|[1-9]\d*\.\d{2,}|nan|inf\b|None", text), text
        assert "  " not in text


def rounding(number: float) -> float:
    """How far, as a share, a number that is shown with two digits may be off; twice that where it ends in a zero."""
    return 0.5 * 10.0 ** (math.floor(math.log10(number)) - 1) / number


def test_displayed_factors_multiply_to_what_is_displayed(run):
    """To within the rounding of each, and the 5% that the rest may be off before it is shown."""
    played, log = run
    for _, pairs in told_by_day(log, played.job.scenario):
        for entry, event in pairs:
            if event.kind == "attacks" and event.decisions:
                line = entry.reasons[0].replace("\u00a0", " ")
                if "over 1,000" in line or "under 0.001" in line:
                    continue
                value, terms = line.split(" a day: base ")
                shown = [float(term.split()[-1].replace(",", "")) for term in f"x {terms}".split(" x ")]
                off = math.log(math.prod(shown) / float(value))
                allowed = 1.1 * sum(map(rounding, [*shown, float(value)])) + 0.0513
                assert abs(off) <= allowed, line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (counted(1, "attack"), "1 attack"),
        (counted(2, "attack"), "2 attacks"),
        (counted(1200, "attack"), "1,200 attacks"),
        (times(1), "once"),
        (times(2), "twice"),
        (times(3), "3 times"),
        (listed(["a"]), "a"),
        (listed(["a", "b", "c"]), "a, b and c"),
        (factor_text(1.0), "1"),
        (factor_text(0.0823), "0.082"),
        (factor_text(22_026.5), "over 1,000"),
        (factor_text(1_004.0), "1,000"),
        (factor_text(0.00099), "under 0.001"),
        (factor_text(0.0), "0"),
        (factor_text(3.4e-7), "under 0.001"),
    ],
)
def test_small_words(text: str, expected: str):
    assert text == expected


def test_spans():
    scenario = load_scenario("october-2023")
    assert span_text(0, 0, scenario) == "17 Oct 2023"
    assert span_text(0, 3, scenario) == "17-20 Oct 2023"
    assert span_text(10, 20, scenario) == "27 Oct - 6 Nov 2023"
    assert span_text(70, 80, scenario) == "26 Dec 2023 - 5 Jan 2024"


def test_the_summary_counts(run):
    played, log = run
    lines = summary_lines(log, played.job.scenario)
    attacks = sum(int(played.outcome[f"attacks_{c}"]) for c in ("iraq", "syria", "jordan"))
    assert f"Attacks: {attacks:,} (" in lines[1]
    assert f"US strikes: {played.outcome['strikes'].sum():,}" in lines[2]
    dates = [day_of(date, played.job.scenario) for date in re.findall(DATE, lines[3])]
    assert dates == sorted(dates)


# The story

DATE = r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
TIMES = r"(once|twice|[\d,]+ times)"


def day_of(text: str, scenario: Scenario) -> int:
    day, month, year = text.split()
    return (dt.date(int(year), MONTHS.index(month) + 1, int(day)) - scenario.start).days


def number(text: str) -> int:
    named = {"once": 1, "twice": 2, "none": 0, "no": 0}
    return named.get(text) if text in named else int(text.replace(" times", "").replace(",", ""))


def test_a_story_has_three_to_seven_paragraphs_and_is_dated(run):
    played, log = run
    story = story_of(log, played.job.scenario, played.run)
    assert 3 <= len(story) <= 7
    assert re.search(DATE, story[0])
    assert story == story_of(log, played.job.scenario, played.run)
    assert "one simulated history out of many, and not a forecast" in story[-1]


def test_every_number_of_a_stretch_is_what_happened_in_it(run):
    """Counted again from the mornings, not from the log."""
    played, log = run
    scenario, text = played.job.scenario, " ".join(story_of(log, played.job.scenario, played.run))
    outcome = np.asarray(played.mornings["outcome"])
    pattern = (
        rf"(?:From ({DATE}) to|On) ({DATE}) the militias launched ([\d,]+|no) attacks?"
        rf"(?:, which (?:wounded ([\d,]+|none) and killed ([\d,]+|none)|(harmed nobody)))?; "
        rf"Washington (?:struck {TIMES}(?: \(([^)]*)\))?|did not strike)"
        rf"(?:; Tehran answered openly {TIMES}, which "
        rf"(?:wounded ([\d,]+|none) and killed ([\d,]+|none)|(harmed nobody)))?\."
    )
    found = list(re.finditer(pattern, text))
    assert len(found) == text.count(" launched ") - len(
        re.findall(rf"{DATE} [^.]* launched [\d,]+ attacks?\. ", text)
    )
    for match in found:
        first, last, attacks, *harm, _, strikes, details, answers, more, dead, _ = match.groups()
        end = day_of(last, scenario)
        start = day_of(first, scenario) if first else end
        change = {name: outcome[name][end + 1] - outcome[name][start] for name in outcome.dtype.names}
        assert number(attacks) == sum(change[f"attacks_{c}"] for c in ("iraq", "syria", "jordan"))
        assert number(strikes or "none") == change["strikes"].sum()
        assert number(answers or "none") == change["avowed"]
        wounded, killed = (number(text or "none") for text in harm)
        assert wounded + number(more or "none") == change["wounded"]
        assert killed + number(dead or "none") == change["killed"]
        inside = re.search(r"([\d,]+) in Iraq", details or "")
        hard = re.search(r"([\d,]+) at level 3", details or "")
        assert number(inside.group(1) if inside else "none") == change["strikes_in_iraq"]
        assert number(hard.group(1) if hard else "none") == change["strikes"][3:].sum()


def test_stretches_leave_no_attack_out(run):
    """With those of the day of a first severe event and of the spiral, stretches cover the run."""
    played, log = run
    scenario, text = played.job.scenario, " ".join(story_of(log, played.job.scenario, played.run))
    told = set()
    for first, last in re.findall(rf"From ({DATE}) to ({DATE})", text):
        told |= set(range(day_of(first, scenario), day_of(last, scenario) + 1))
    told |= {day_of(day, scenario) for day in re.findall(rf"({DATE})", text)}
    assert {e.day for e in of_kind(log, "attacks")} <= told


def test_every_dated_deed_of_a_story_is_in_the_log(run):
    played, log = run
    scenario = played.job.scenario
    paragraphs = story_of(log, scenario, played.run)
    for paragraph in paragraphs:
        for day, place, level in re.findall(
            rf"({DATE})[:,]? Washington struck in (\w+) at level (\d)", paragraph
        ):
            strikes = [e for e in of_kind(log, "strike") if e.day == day_of(day, scenario)]
            assert [(e.about["place"].capitalize(), e.about["level"]) for e in strikes] == [
                (place, int(level))
            ]
    text = " ".join(paragraphs)
    for shown in re.findall(r"had a chance of ([^ ]+) on the day", text):
        chances = [percent(e.decisions[0].chance) for e in of_kind(log, "strike", "answer") if e.decisions]
        assert shown in chances
    for count, name, killed in re.findall(r"(\d+) attacks? by ([^.]+?) killed ([\d,]+) US", text):
        assert any(
            (e.about["count"], scenario.actors.militias[e.actor].title, e.about["killed"])
            == (int(count), name, number(killed))
            for e in of_kind(log, "attacks")
        )
    for often, event in ((r"pressed the militias ", "pressing"), (r"a bargain was broken ", "breach")):
        shown = re.findall(rf"{often}for the (?:first of ([\d,]+ times)|only time)", text)
        count = len(of_kind(log, event))
        assert [number(times or "once") for times in shown] == [count] * bool(count)
    for day, kind in re.findall(rf"On ({DATE}) the run came to a (\w+) spiral", text):
        assert played.outcome[f"{kind}_day"] == day_of(day, scenario)
    for last in re.findall(r"the ladder stood at rung (\d)", text):
        assert played.outcome["last_rung"] == int(last)
    for top in re.findall(r"its highest was (\d)", text):
        assert int(top) == max(np.asarray(played.mornings["ladder"]["rung"]))


def test_a_story_is_in_order_of_date(run):
    played, log = run
    scenario = played.job.scenario
    text = " ".join(story_of(log, scenario, played.run))
    dates = [re.search(DATE, sentence) for sentence in re.split(r"(?<=\.) (?=[A-Z])", text)]
    days = [day_of(date.group(), scenario) for date in dates if date]
    assert days == sorted(days)


def test_a_story_tells_of_spirals_deaths_turns_and_totals(run):
    played, log = run
    scenario, outcome = played.job.scenario, played.outcome
    text = " ".join(story_of(log, scenario, played.run))
    told = re.findall(r"the run came to a (\w+) spiral", text)
    assert sorted(told) == sorted(name for name in SPIRALS if outcome[f"{name}_day"] >= 0)
    turned = {e.actor: e.kind for e in of_kind(log, "stand-down", "resumption")}
    stood = [name for name, kind in turned.items() if kind == "stand-down"]
    assert text.count("stood down until the end") == len(stood)
    for name in stood:
        assert f"{scenario.actors.militias[name].title} stood down until the end" in text
    assert text.count("died in a false alarm") == (outcome["alarm_deaths"] > 0)
    assert f"{outcome['wounded']:,} US wounded" in text
    assert f"{outcome['killed']:,} killed by fire" in text
    assert (f" {outcome['alarm_deaths']:,} dead in" in text) == (outcome["alarm_deaths"] > 0)


def test_what_tehrans_answers_did_is_told():
    played = replay(make_job(load_scenario("october-2023")), 683)
    log = log_of(played)
    last = [e for e in of_kind(log, "answer") if e.day > played.outcome["direct_day"]]
    text = " ".join(story_of(log, played.job.scenario, 683))
    wounded, killed = harm_of(last, "wounded"), harm_of(last, "killed")
    assert killed > 100
    assert f"answered openly {len(last)} times, which wounded {wounded:,} and killed {killed:,}." in text


def test_footnotes_explain_what_occurs_and_nothing_else(run):
    played, log = run
    lines = footnotes(log, played.job.scenario)
    spirals = [name for name in SPIRALS if played.outcome[f"{name}_day"] >= 0]
    assert any(line.startswith("Levels of strikes: 1 ") for line in lines) == bool(of_kind(log, "strike"))
    assert {line.split()[0].lower() for line in lines if " spiral: " in line} == set(spirals)


def test_small_print_of_tehran_and_alarms(run):
    played, log = run
    for _, pairs in told_by_day(log, played.job.scenario):
        for entry, event in pairs:
            assert not re.search(r"\b1 attacks' worth|stance [+-]0\.00", entry.text)
            if event.kind in ("brake", "release"):
                assert "of 100 (it turns at 50)" in entry.reasons[0]
                assert "chance" not in entry.reasons[0]
            if event.kind == "false alarm":
                assert "not counted as killed by fire" in entry.text


def test_no_story_trips_over_one(run):
    played, log = run
    text = " ".join(story_of(log, played.job.scenario, played.run))
    assert not re.search(
        r"\b1 (?:attacks|times|days)\b|\b(?:[2-9]|\d\d+) (?:attack|time|day)\b|\.\.|  | ,", text
    ), text
    assert text.count("(") == text.count(")")


def test_stories_of_other_runs_begin_in_other_words():
    scenario = load_scenario("october-2023")
    job = make_job(scenario)
    openings = {
        re.sub(rf"{DATE}|\d+", "", story_of(log_of(replay(job, k)), scenario, k)[0])[:8] for k in range(3)
    }
    assert len(openings) == 3


# The figure


def test_a_timeline_is_drawn_and_says_what_was_found(run, tmp_path):
    played, log = run
    files = draw_timeline(played, log, tmp_path / "there" / "timeline")
    assert [file.name for file in files] == ["timeline.png", "timeline.svg", "timeline.csv"]
    assert all(file.stat().st_size > 100 for file in files)
    title = title_of(played.run, log, played.job.scenario)
    assert f"Run {played.run:,}: " in title
    spiral = [e for e in of_kind(log, "spiral") if e.about["headline"]]
    assert ("no direct spiral" in title) == (not spiral)
    again = draw_timeline(played, log, tmp_path / "again")
    assert [a.read_bytes() for a in again] == [b.read_bytes() for b in files]


def test_the_data_of_a_timeline_are_those_of_the_run(run):
    played, log = run
    with style():
        data = draw(played, log).data
    assert data[data["mark"] == "rung"]["size"].tolist() == list(played.evenings["ladder"]["rung"])
    assert data[data["mark"].isin(["killed", "killed by Tehran"])]["size"].sum() == played.outcome["killed"]
    marked = {
        (e.day, e.actor) for e in log if e.imposed and e.kind in ("attacks", "strike", "answer", "pressing")
    }
    assert (data["mark"] == "imposed").sum() == len(marked)
    strikes = data[data["mark"] == "strike"]
    assert Counter(strikes["size"]) == Counter(e.about["level"] for e in of_kind(log, "strike"))
    assert len(data[data["lane"] == "drivers"]) == 6 * played.days


def test_the_legend_explains_what_is_drawn_and_nothing_else(run):
    played, log = run
    with style():
        drawing = draw(played, log)
    shown = {text.get_text() for text in drawing.figure.legends[0].get_texts()}
    drawn = set(drawing.data["mark"][drawing.data["lane"] != "drivers"])
    assert shown & {mark.label for mark in MARKS.values()} == {
        MARKS[name].label for name in drawn & set(MARKS)
    }
    countries = {f"in {where.capitalize()}" for where in drawing.data["where"].dropna()}
    assert {text for text in shown if text.startswith("in ")} == countries
    assert ("militia stands down" in shown) == ("stands down" in drawn)


def test_nothing_of_a_timeline_is_cut_off(run):
    played, log = run
    with style():
        figure = draw(played, log).figure
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        width, height = figure.get_size_inches() * figure.dpi
        boxes = [
            text.get_window_extent(renderer) for axes in figure.axes for text in axes.texts if text.get_text()
        ]
        boxes += [
            label.get_window_extent(renderer) for axes in figure.axes for label in axes.get_yticklabels()
        ]
        boxes += [legend.get_window_extent(renderer) for legend in figure.legends]
    for box in boxes:
        assert box.x0 >= -1
        assert box.x1 <= width + 1
        assert box.y0 >= -1
        assert box.y1 <= height + 1


def test_a_driver_is_drawn_where_it_presses_though_it_never_moves():
    played = replay(make_job(load_scenario("tower-22")), 25)
    with style():
        axes = draw(played, log_of(played)).figure.axes[0]
    assert np.ptp(played.timeline["diplomacy"]) == 0
    names = [text.get_text() for text in axes.texts]
    assert {"US diplomacy", "talks (outside)"} <= set(names)
    assert "US troops" not in names


def test_no_two_marks_look_alike():
    looks = [(mark.marker, mark.hollow) for mark in MARKS.values()]
    assert len(set(looks)) == len(looks)


def test_a_crowd_of_marks_becomes_a_band_that_counts_them():
    played = replay(make_job(load_scenario("october-2023")), 683)
    with style():
        lanes = draw(played, log_of(played)).figure.axes[1]
    strikes = int(played.outcome["strikes"][4])
    assert any(text.get_text().startswith(f"{strikes} US strikes, level 4") for text in lanes.texts)
    drawn = sum(len(c.get_offsets()) for c in lanes.collections if c.get_gid() == "strike-iran")
    assert drawn == 0


def test_few_marks_are_drawn_one_by_one():
    days = pd.date_range("2024-01-01", periods=CROWD - 1)
    table = pd.DataFrame({"date": days, "where": "iraq"})
    assert list(crowds(table)) == []
    more = pd.concat([table, pd.DataFrame({"date": [days[-1] + pd.Timedelta(days=1)], "where": "iraq"})])
    assert [where for where, _, _ in crowds(more)] == ["iraq"]


def test_labels_are_spread_apart():
    places = spread_apart([0.5, 0.5, 0.5, 0.9], 0.2)
    assert min(np.diff(sorted(places))) >= 0.2 - 1e-6
    assert places[3] == max(places)
