"""The story of a run says nothing but what its log holds."""

import re

import numpy as np

from sim.outcomes import SPIRALS
from sim.replay.log import log_of
from sim.replay.outcome import footnotes, harm_of, of_kind
from sim.replay.replay import replay
from sim.replay.story import story_of
from sim.replay.telling import told_by_day
from sim.replay.washington_told import strike_text
from sim.scenario import load_scenario
from sim.simulate.job import make_job
from sim.wording import percent
from tests.replay.replayed import DATE, LONG_WAR, day_of, in_war, number

TIMES = r"(once|twice|[\d,]+ times)"


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
    """With those of the day of a first escalatory event and of the spiral, stretches cover the run."""
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
            rf"({DATE})[:,]? Washington struck (in \w+|on Iranian soil) at level (\d)", paragraph
        ):
            strikes = [e for e in of_kind(log, "strike") if e.day == day_of(day, scenario)]
            assert [(strike_text(e.about).split(",")[0], e.about["level"]) for e in strikes] == [
                (place, int(level))
            ]
    text = " ".join(paragraphs)
    for shown in re.findall(r"had a chance of ([^ ]+) on the day", text):
        assert shown in [percent(e.decisions[0].chance) for e in of_kind(log, "answer") if e.decisions]
    for day, shown in re.findall(
        rf"had been decided on ({DATE}), with a chance of ([^ ]+) on that day", text
    ):
        decided = [e for e in of_kind(log, "decision") if e.day == day_of(day, scenario)]
        assert [percent(e.decisions[0].chance) for e in decided] == [shown]
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
    for day, kind in re.findall(rf"On ({DATE}) the run came to a (\w+) exchange", text):
        assert played.outcome[f"{kind}_day"] == day_of(day, scenario)
    for last in re.findall(r"the ladder stood at rung (\d)", text):
        assert played.outcome["last_rung"] == int(last)
    for top in re.findall(r"its highest was (\d)", text):
        assert int(top) == max(np.asarray(played.mornings["ladder"]["rung"]))


def test_a_story_is_in_order_of_date(run):
    played, log = run
    scenario = played.job.scenario
    text = " ".join(story_of(log, scenario, played.run))
    sentences = re.split(r"(?<=\.) (?=[A-Z])", text)
    dates = [re.search(DATE, s) for s in sentences if not s.startswith("It had been decided on")]
    days = [day_of(date.group(), scenario) for date in dates if date]
    assert days == sorted(days)


def test_a_story_tells_of_spirals_deaths_turns_and_totals(run):
    played, log = run
    scenario, outcome = played.job.scenario, played.outcome
    text = " ".join(story_of(log, scenario, played.run))
    told = re.findall(r"the run came to a (\w+) exchange", text)
    assert sorted(told) == sorted(name for name in SPIRALS if outcome[f"{name}_day"] >= 0)
    pauses = [
        int(n.replace(",", ""))
        for n in re.findall(r"a pause was declared, the first of ([\d,]+) short", text)
    ]
    single = text.count("a pause was declared; ")
    longer = text.count(" a pause, heeded by ")
    assert sum(pauses) + single + longer == outcome["pauses"]
    assert text.count("counts as at war from there on") == (outcome["censored_day"] >= 0)
    assert text.count("died in a false alarm") == (outcome["alarm_deaths"] > 0)
    assert f"{outcome['wounded']:,} US wounded" in text
    assert f"{outcome['killed']:,} killed by fire" in text
    assert (f" {outcome['alarm_deaths']:,} dead in" in text) == (outcome["alarm_deaths"] > 0)


def test_what_tehrans_answers_did_is_told():
    played = in_war(LONG_WAR)
    log = log_of(played)
    last = [e for e in of_kind(log, "answer") if e.day > played.outcome["direct_day"]]
    text = " ".join(story_of(log, played.job.scenario, played.run))
    wounded, killed = harm_of(last, "wounded"), harm_of(last, "killed")
    assert killed > 0
    assert f"answered openly {len(last)} times, which wounded {wounded:,} and killed {killed:,}." in text


def test_footnotes_explain_what_occurs_and_nothing_else(run):
    played, log = run
    lines = footnotes(log, played.job.scenario)
    spirals = [name for name in SPIRALS if played.outcome[f"{name}_day"] >= 0]
    assert any(line.startswith("Levels of strikes: 1 ") for line in lines) == bool(of_kind(log, "strike"))
    assert {line.split()[0].lower() for line in lines if " exchange: " in line} == set(spirals)


def test_small_print_of_tehran_and_alarms(run):
    played, log = run
    for _, pairs in told_by_day(log, played.job.scenario):
        for entry, event in pairs:
            assert not re.search(r"(?<![\d.])1 attacks' worth|stance [+-]0\.00", entry.text)
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
