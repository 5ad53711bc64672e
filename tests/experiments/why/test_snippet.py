"""Changes written as interventions do what they say."""

import datetime
from pathlib import Path

from sim.experiments.why.changes import smallest_stops
from sim.experiments.why.deeds import spiral_day
from sim.experiments.why.snippet import snippet
from sim.experiments.why.tipping import smallest_tip, tippings
from sim.replay.replay import replay
from sim.scenario import Action, Scenario, load_scenario
from sim.simulate.job import make_job
from tests.experiments.why.spirals import FIRST, LAST, bits, lived, written

# As interventions


def pasted(text: str, below: str, number: int, folder: Path) -> Scenario:
    return written(f"extends: {below}\nquestion: What then?\n{text}\n", f"pasted-{number}", folder)


def test_snippets_do_what_they_say(spirals, folder):
    tried = []
    for number, played in enumerate(spirals[:18]):
        for stop in smallest_stops(played)[:2]:
            text = snippet(stop.action, played.job.scenario)
            if text is None:
                continue
            other = replay(make_job(pasted(text, "october-2023", number, folder)), played.run)
            assert spiral_day(other.outcome, other.job.scenario) == -1
            whole = lived(played, *stop.changes)[-1]
            for part in ("us", "iraq", "iran", "ladder"):
                assert bits(other.mornings[-1:][part]) == bits(whole.reshape(1)[part])
            tried.append(stop.action.action)
    assert {"strike", "press", "hold", "attack"} <= set(tried)


def test_a_snippet_takes_the_place_of_what_is_imposed_on_its_day(alone, folder):
    """The scenario holds all on spans of days, and imposes the attack itself."""
    played = replay(make_job(alone, "default"), 0)
    for number, stop in enumerate(smallest_stops(played)):
        text = snippet(stop.action, alone)
        assert text is not None
        assert ("site: tower-22, killed: 0, wounded: 0" in text) == ("kill nobody" in stop.text)
        path = folder / "alone.yaml"
        assert path.exists()
        other = pasted(text, "alone", 100 + number, folder)
        assert replay(make_job(other, "default"), 0).outcome["direct_day"] == -1
    pressed = Action.model_validate({"date": datetime.date(2023, 10, 20), "actor": "iraq", "action": "press"})
    text = snippet(pressed, alone) or ""
    assert f"{{from: {FIRST}, to: 2023-10-19, actor: iraq, action: keep-quiet}}" in text
    assert f"{{from: 2023-10-21, to: {LAST}, actor: iraq, action: keep-quiet}}" in text
    assert replay(make_job(pasted(text, "alone", 200, folder), "default"), 0).outcome["bargains"] == 1


def test_no_intervention_contradicts_the_record(baseline):
    past = load_scenario("tower-22").past
    assert past is not None
    hold = Action.model_validate({"date": datetime.date(2023, 10, 27), "actor": "us", "action": "hold"})
    free = Action.model_validate({"date": datetime.date(2023, 10, 26), "actor": "us", "action": "hold"})
    assert snippet(hold, past) is None
    assert snippet(free, past) is not None
    assert snippet(None, past) is None


def test_snippets_keep_what_tower_22_imposes(folder):
    scenario = load_scenario("tower-22")
    job, tried = make_job(scenario), 0
    for run in range(0, 300, 25):
        played = replay(job, run)
        if spiral_day(played.outcome, scenario) == -1:
            tip = smallest_tip(tippings(played))
            text = None if tip is None else snippet(tip.action, scenario)
        else:
            stops = smallest_stops(played)
            text = snippet(stops[0].action, scenario) if stops else None
        if text is not None:
            other = replay(make_job(pasted(text, "tower-22", 300 + run, folder)), run)
            spiralled = spiral_day(other.outcome, scenario) >= 0
            assert spiralled != (spiral_day(played.outcome, scenario) >= 0)
            tried += 1
    assert tried >= 4
