"""A model as a notebook shows it: the day that was lived, as text that is never active."""

import html.parser

import pytest

from sim.mesa.model import EscalationModel
from sim.mesa.shown import DAYS
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
