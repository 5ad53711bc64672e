"""A model as a notebook shows it: the day that was lived, as text that is never active."""

import html.parser

import pytest

from sim.mesa.model import EscalationModel
from sim.mesa.shown import DAYS, acts_of, day_of
from sim.scenario import load_scenario

SHORT = ["end=2023-10-27"]


class Page(html.parser.HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        assert attrs == []
        self.tags.append(tag)

    def handle_data(self, data):
        self.cells.append(data)


def test_each_step_shows_its_day_and_changes_nothing():
    model = EscalationModel(load_scenario("october-2023", SHORT), run=3)
    other = EscalationModel(load_scenario("october-2023", SHORT), run=3)
    assert "not begun; " in model._repr_html_()
    for day in range(1, model.days + 1):
        model.step()
        other.step()
        page = Page(model._repr_html_())
        told = "".join(page.cells[:3])
        assert told.startswith(f"october-2023, run 3: {16 + day} Oct 2023, day {day} of 11")
        assert ("the last" in told) == (day == model.days)
        assert page.tags.count("table") == 3
        assert page.tags.count("tr") == (1 + min(day, DAYS)) + (1 + len(model.militias)) + (1 + 3)
        row = page.cells[page.cells.index(str(model.date)) :]
        assert row[2] == str(int(model.world["today"]["attacks"][0]))
    assert model.world.tobytes() == other.world.tobytes()


def test_a_model_that_collects_nothing_is_shown_without_its_days():
    model = EscalationModel(load_scenario("october-2023", SHORT), collect=False)
    model.step()
    assert Page(model._repr_html_()).tags.count("table") == 2


def test_names_are_text():
    scenario = load_scenario(
        "october-2023", [*SHORT, "actors.militias.badr.title=<script>alert(1)</script> & co"]
    )
    model = EscalationModel(scenario)
    model.step()
    page = Page(model._repr_html_())
    assert "script" not in page.tags
    assert "<script>alert(1)</script> & co" in page.cells


@pytest.mark.parametrize("steps", [1, 11])
def test_every_actor_is_shown(steps):
    model = EscalationModel(load_scenario("october-2023", SHORT))
    model.run_for(steps)
    cells = Page(model._repr_html_()).cells
    assert {"us", "iraq", "iran", *(militia.title for militia in model.militias)} <= set(cells)


def test_the_acts_of_a_day_are_told_as_they_were_ordered():
    model = EscalationModel(load_scenario("october-2023", SHORT), run=3)
    assert acts_of(model) == []
    assert day_of(model) == "Not begun: the first day is 17 Oct 2023"
    first, *others = model.militias
    first.order(attacks=1, site="al-asad", wounded=4, killed=2)
    for other in others:
        other.order(attacks=0)
    model.us.order(level=2, place="iraq")
    model.step()
    assert acts_of(model) == [
        f"{first.title}: 1 attack",
        "US forces: 4 wounded, 2 killed",
        "Washington strikes in Iraq, level 2: militias inside Iraq",
    ]
    assert day_of(model).startswith("17 Oct 2023, day 1 of 11: rung 3, border crossed")
    for militia in model.militias:
        militia.order(attacks=0)
    model.us.order(level=0)
    model.iran.order(answer=True)
    model.step()
    assert acts_of(model)[-1] == "Tehran attacks, and avows it"


def test_a_quiet_day_is_said_to_be_one():
    model = EscalationModel(load_scenario("october-2023", SHORT), run=3)
    for militia in model.militias:
        militia.order(attacks=0)
    model.us.order(level=0)
    model.iran.order(answer=False)
    model.step()
    assert acts_of(model) == ["Nobody attacks or strikes"]
