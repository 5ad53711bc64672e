"""What a reader does, and what the page then says, without a browser. No number is left to chance here."""

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.desk import Desk
from sim.dashboard.parts import GONE, NEW, OLD
from sim.dashboard.session import Session
from sim.dashboard.setting import Setting
from sim.pipeline.request import Request
from tests.dashboard.waiting import told_until

RUNS = 250
OWN = f"extends: october-2023\nquestion: Is it short?\nend: 2023-12-31\nruns: {RUNS}\n"
BROKEN = "extends: october-2023\nquestion: Is it broken?\nend: 2024-99-31\n"
USUAL = Setting("october-2023")
STRIKE = {"actor": "us", "act": "strike", "level": "2", "place": "iraq", "first": "2023-11-20"}


class Queue:
    """The server's loop: what is to be done later is done when a test says so."""

    def __init__(self) -> None:
        self._left: deque[Callable[[], None]] = deque()

    def __call__(self, do: Callable[[], None]) -> None:
        self._left.append(do)

    def run(self) -> None:
        """Do all there is."""
        while self._left:
            self._left.popleft()()


class At:
    """A page, its loop, and what stands on it."""

    def __init__(self, desk: Desk, query: dict[str, str]) -> None:
        self.desk, self.loop = desk, Queue()
        self.session = Session(desk, query, self.loop)

    def rest(self) -> None:
        """All answers that are asked for have come, and stand on the page."""
        for course in filter(None, (self.session.course, self.session.pinned_course)):
            told_until(course)
        self.loop.run()

    def choose(self, name: str) -> None:
        """Choose in the list of scenarios, and have that one read as a worker does."""
        chosen = self.session.choosing
        chosen.list.value = name
        self.loop.run()

    @property
    def about(self) -> str:
        return str(self.session.about.object)

    @property
    def answer(self) -> str:
        return str(self.session.answer.object)


@pytest.fixture
def desk(here: Path) -> Iterator[Desk]:
    (here / "scenarios").mkdir()
    (here / "scenarios" / "broken.yaml").write_text(BROKEN)
    (here / "scenarios" / "own.yaml").write_text(OWN)
    made = Desk(Catalogue(Request(("october-2023",), ("end=2023-12-31",)), RUNS), threads=2)
    yield made
    made.close()


@pytest.fixture
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario is read as soon as it is chosen."""
    monkeypatch.setattr("sim.dashboard.choosing.Choosing._read", lambda self, name: self._work(name))


@pytest.fixture
def page(desk: Desk) -> Iterator[At]:
    made = At(desk, {})
    made.rest()
    yield made
    made.session.close()


def hidden(session: Session) -> list[bool]:
    parts = session.parts
    return [
        one.styles == GONE
        for one in (parts.risk, parts.campaign, parts.rungs, parts.distributions, session.run_part.cloud)
    ]


@pytest.mark.usefixtures("read_at_once")
def test_a_scenario_that_cannot_be_read_is_told_until_the_reader_does_something_else(page: At) -> None:
    before = page.answer
    page.choose("broken")
    assert 'role="alert"' in page.about
    assert "broken.yaml:3:6: end = 2024-99-31: is no day of the calendar" in page.about
    assert "What stands below is of october-2023." in page.about
    page.session._hear(page.session.course)  # a better answer of what stood there comes
    page.loop.run()
    assert "broken.yaml:3:6" in page.about
    assert (page.answer, page.session.choosing.list.value, page.session.setting) == (
        before,
        USUAL.scenario,
        USUAL,
    )
    page.session.levers.held = {"us.ceiling": 0.5}
    assert page.about == ""


@pytest.mark.usefixtures("read_at_once")
def test_nothing_of_one_scenario_is_shown_as_if_it_were_of_another(page: At) -> None:
    assert not any(hidden(page.session))
    lead = told_until(page.session.course)[-1].lines[0]
    page.choose("own")
    assert page.session.setting == Setting("own")
    assert all(hidden(page.session))
    assert "Simulating the first runs" in page.answer
    assert lead not in page.answer
    page.rest()
    assert not any(hidden(page.session))
    assert f"{RUNS} runs" in page.answer
    page.choose("october-2023")
    page.rest()
    assert not any(hidden(page.session))  # its answer was there before, and is shown again


def test_what_was_greyed_is_shown_again_when_its_setting_comes_back(page: At) -> None:
    page.session.levers.held = {"us.ceiling": 0.75}
    assert page.session.parts.rungs.styles == OLD
    page.session.levers.held = {}
    assert page.session.parts.rungs.styles == NEW


@pytest.mark.usefixtures("read_at_once")
def test_a_setting_that_fails_shows_its_error_and_no_other_answer(
    page: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr("sim.dashboard.course.count_runs", broken)
    page.session.levers.held = {"us.ceiling": 0.25}
    with pytest.raises(AssertionError, match="no such luck"):
        page.rest()
    page.loop.run()
    assert "RuntimeError: no such luck" in page.answer
    assert all(hidden(page.session))
    monkeypatch.undo()
    page.session.levers.held = {}
    page.rest()
    assert not any(hidden(page.session))


def test_of_several_scenarios_chosen_the_last_counts_and_one_is_read_at_a_time(
    page: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[Callable[[], Any]] = []
    monkeypatch.setattr(page.desk.workers, "put", lambda _, work: put.append(work))
    chosen = page.session.choosing
    for name in ("broken", "tower-22", "own"):
        chosen.list.value = name
        assert f"Reading {name}; what stands below is still of october-2023." in page.about
    assert len(put) == 1
    put.pop()()
    page.loop.run()
    assert len(put) == 1
    chosen.list.value = "october-2023"  # after all
    assert page.about == ""
    put.pop()()
    page.loop.run()
    assert (put, page.session.setting) == ([], USUAL)


def test_an_address_that_cannot_be_read_is_told_and_the_first_scenario_shown(desk: Desk) -> None:
    made = At(desk, {"scenario": "broken"})
    assert "The address could not be read: " in made.about
    assert "broken.yaml:3:6" in made.about
    made.rest()
    assert "broken.yaml:3:6" in made.about
    assert made.session.setting == USUAL
    made.session.close()


def test_a_value_that_no_scenario_holds_is_refused_and_the_lever_goes_back(page: At) -> None:
    page.session.levers.held = {"us.readiness": 99.0}
    assert "must be a number from -6 to 6" in page.about
    assert page.session.levers.held == {}
    assert page.session.setting == USUAL


def test_an_act_of_ones_own_is_imposed_against_what_was_before_and_stands_in_the_address(page: At) -> None:
    session = page.session
    session.imposer.wanted = STRIKE
    assert session.imposer.told["good"]
    assert session.imposer.told["text"] == "Imposed in every run: 2023-11-20: us strike level 2 iraq"
    assert session.pinned == USUAL
    assert [item["text"] for item in session.acts.items] == ["2023-11-20: us strike level 2 iraq"]
    assert "acts=" in session.levers.address
    assert "pin_scenario=october-2023" in session.levers.address
    page.rest()
    assert "Against the pinned setting" in page.answer
    session.acts.chosen = [0, 0, 1]
    assert session.setting == USUAL


def test_an_act_that_is_refused_changes_nothing(page: At) -> None:
    session = page.session
    for given, told in (
        ({**STRIKE, "level": "7"}, "level = 7"),
        ({**STRIKE, "first": "2024-01-01"}, "2023-12-31"),
    ):
        session.imposer.wanted = given
        assert told in session.imposer.told["text"]
        assert not session.imposer.told["good"]
    assert (session.setting, session.pinned) == (USUAL, None)
