"""Later starts, which continue their parents' worlds."""

from pathlib import Path

import pytest

from sim.scenario import dump_resolved, load_scenario
from tests.scenario.files import BASELINE, DAY, complaint_about, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Later starts


def test_a_later_start_continues_the_parents_worlds() -> None:
    baseline, child = load_scenario("october-2023"), load_scenario("tower-22")
    past = child.past
    assert past is not None
    assert (past.name, past.start, past.end) == ("october-2023", DAY(2023, 10, 17), DAY(2024, 1, 27))
    assert (child.origin, child.days) == (DAY(2023, 10, 17), 186)
    assert past.timeline == baseline.timeline
    assert past.history == child.history
    assert child.history is not None
    assert [action.span[0] for action in child.history.actions if action.actor == "us"] == [
        DAY(2023, 10, 27),
        DAY(2023, 11, 8),
        DAY(2023, 11, 12),
    ]
    (attack,) = child.interventions
    assert (attack.actor, attack.site, attack.killed, attack.span[0]) == (
        "kataib-hizbollah",
        "tower-22",
        3,
        child.start,
    )


def test_an_equal_start_shares_the_parents_past_and_an_earlier_one_has_none() -> None:
    parent = load_scenario("tower-22")
    variant = load_scenario(write("variant", "extends: tower-22\nactors: {us: {ceiling: 1}}"))
    assert variant.past == parent.past
    assert variant.interventions == parent.interventions
    assert load_scenario(write("same", BASELINE)).past is None
    early = load_scenario(write("early", "extends: tower-22\nstart: 2023-12-01\nhistory: null"))
    assert (early.past, early.origin) == (None, DAY(2023, 12, 1))


def test_pasts_nest_and_what_came_before_the_start_stays_in_them() -> None:
    write("february", "extends: tower-22\nstart: 2024-02-07")
    child = load_scenario("february.yaml")
    assert child.interventions == ()
    assert child.past is not None
    assert (child.past.name, child.past.start, child.past.end) == (
        "tower-22",
        DAY(2024, 1, 28),
        DAY(2024, 2, 6),
    )
    assert len(child.past.interventions) == 1
    assert child.past.past is not None
    assert child.past.past.end == DAY(2024, 1, 27)
    assert child.origin == DAY(2023, 10, 17)


def test_inherited_spans_begin_with_the_start_and_end_with_the_past() -> None:
    write(
        "hold", BASELINE + "interventions:\n  - {from: 2023-12-01, to: 2024-01-31, actor: us, action: hold}"
    )
    child = load_scenario(write("child", "extends: hold\nstart: 2024-01-10"))
    assert [action.span for action in child.interventions] == [(DAY(2024, 1, 10), DAY(2024, 1, 31))]
    assert child.past is not None
    assert [action.span for action in child.past.interventions] == [(DAY(2023, 12, 1), DAY(2024, 1, 9))]
    own = "start: 2024-01-10\ninterventions: [{date: 2023-12-01, actor: us, action: hold}]"
    told = complaint_about(write("child", f"extends: hold\n{own}"))
    assert told.startswith(
        "child.yaml:3:24: interventions.0.date = 2023-12-01: must be a day of the scenario"
    )


def test_a_past_holds_nothing_of_later_than_its_end() -> None:
    holds = ", ".join(f"{{date: {day}, actor: us, action: hold}}" for day in ("2024-01-05", "2024-01-25"))
    write("hold", f"{BASELINE}interventions: [{holds}]\nhistory: {{release: 2024-01-01}}")
    child = load_scenario(write("child", "extends: hold\nstart: 2024-01-20"))
    assert child.past is not None
    assert [action.date for action in child.past.interventions] == [DAY(2024, 1, 5)]
    assert [action.date for action in child.interventions] == [DAY(2024, 1, 25)]
    write("child", f"{BASELINE}start: 2024-01-20\nhistory: {{release: 2024-02-01, actions: [{holds}]}}")
    past = load_scenario("child.yaml").past
    assert past is not None
    assert past.history is not None
    assert past.history.release == DAY(2024, 1, 20)
    assert [action.date for action in past.history.actions] == [DAY(2024, 1, 5)]


def test_a_past_knows_its_strikes_no_longer_than_it_lasts() -> None:
    history = "history: {release: 2024-02-01, complete_until: 2024-01-25}"
    child = load_scenario(write("child", f"{BASELINE}start: 2024-01-20\n{history}"))
    assert child.history is not None
    assert child.past is not None
    assert child.past.history is not None
    assert child.history.known_until == DAY(2024, 1, 25)
    assert child.past.history.known_until == DAY(2024, 1, 19)
    write("child", dump_resolved(child))
    assert load_scenario("child.yaml") == child


def test_without_a_day_strikes_are_known_up_to_the_release() -> None:
    child = load_scenario(write("child", f"{BASELINE}history: {{release: 2024-02-01}}"))
    assert child.history is not None
    assert child.history.known_until == DAY(2024, 1, 31)


def test_a_written_past_is_handed_on_like_any_other() -> None:
    parent = load_scenario("tower-22")
    write("tower-22", dump_resolved(parent))
    assert load_scenario(write("variant", "extends: tower-22\nrandom_seed: 20231017")).past == parent.past
    later = load_scenario(write("later", "extends: tower-22\nstart: 2024-02-07")).past
    assert later is not None
    assert later.past == parent.past


def test_a_history_is_laid_over_all_pasts_before_their_own_interventions() -> None:
    write(
        "hold", BASELINE + "interventions:\n  - {from: 2023-12-01, to: 2024-01-31, actor: us, action: hold}"
    )
    strike = "{from: 2023-12-24, to: 2024-01-05, actor: us, action: strike, level: 1}"
    write("one", "extends: hold\nstart: 2024-01-01")
    write("two", f"extends: one\nstart: 2024-01-20\nhistory: {{release: 2024-01-10, actions: [{strike}]}}\n")
    child = load_scenario("two.yaml")
    near, far = child.past, child.past.past if child.past else None
    assert near is not None
    assert far is not None
    assert child.history is not None
    assert near.history is not None
    assert far.history is not None
    assert (child.history.release, near.history.release) == (DAY(2024, 1, 10), DAY(2024, 1, 10))
    assert far.history.release == DAY(2024, 1, 1)
    assert far.history.actions[0].span == (DAY(2023, 12, 24), DAY(2023, 12, 31))
    assert near.history.actions[0].span == (DAY(2023, 12, 24), DAY(2024, 1, 5))
    assert far.interventions == ()
    assert [action.span for action in near.interventions] == [(DAY(2024, 1, 10), DAY(2024, 1, 19))]


def test_the_past_takes_seed_and_runs_but_no_other_override() -> None:
    child = load_scenario("tower-22", ["random_seed=7", "runs=11", "us.readiness=1"])
    assert child.past is not None
    assert (child.past.random_seed, child.past.runs, child.past.actors.us) == (7, 11, {})


def test_a_history_names_only_whom_the_past_knows() -> None:
    militia = "{title: X, share: 0.05, autonomy: 0, stake: 0, reach: 0, capacity: 1, basis: assumed}"
    text = f"""{BASELINE}start: 2024-01-28
actors: {{militias: {{newcomer: {militia}, badr: {{share: 0}}}}}}
history:
  release: 2024-01-28
  actions:
    - {{date: 2023-12-01, actor: newcomer, action: attack}}
"""
    told = complaint_about(write("mine", text))
    assert told.startswith(
        "mine.yaml:7:33: history.actions.0.actor = 'newcomer': must be one of us, iraq, iran, "
    )
    assert told.endswith("badr (those of the past)")


def test_a_written_past_must_end_where_the_start_begins() -> None:
    text = dump_resolved(load_scenario(write("later", BASELINE + "start: 2024-01-28")))
    assert "\n  end: 2024-01-27\n" in text
    told = complaint_about(write("later", text.replace("\n  end: 2024-01-27\n", "\n  end: 2024-01-26\n")))
    assert told.endswith(": past.end = 2024-01-26: must be the day before start, 2024-01-27")
