"""Whatever is told of a scenario with words of its own has none of the shipped crisis's."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenario.upland import SHIPPED, upland_text, write_upland

Spiral = Callable[..., tuple[int, str, str]]
RUN = ("run", "upland-crisis.yaml", "--runs", "50", "--out", "out")
STRIKE = """extends: upland-crisis
question: What if Grand Fenwick strikes in Ruritania?
interventions: [{date: 2023-11-20, actor: us, action: strike, level: 2, place: ruritania, basis: assumed}]
"""
COMMANDS = {
    "check": ("check", "strike.yaml"),
    "compare": ("compare", "upland-crisis.yaml", "strike.yaml", "--runs", "200", "--no-figures", "--full"),
    "sweep": ("sweep", "upland-crisis.yaml", "--vary", "us.readiness=0,1", "--runs", "25", "--no-figures", "--full"),
    "ask": ("ask", "upland-crisis.yaml", "us strikes in sylvania", "--runs", "50", "--full", "--no-figures"),
    "trace": ("trace", "upland-crisis.yaml", "--run", "3"),
    "trace as JSON": ("trace", "upland-crisis.yaml", "--run", "3", "--json"),
    "story": ("trace", "upland-crisis.yaml", "--pick", "first-spiral", "--story"),
    "why": ("why", "upland-crisis.yaml", "--pick", "first-spiral"),
    "why of many": ("why", "upland-crisis.yaml", "--runs", "50"),
    "feeding": ("why", "upland-crisis.yaml", "--feeding", "--runs", "50"),
    "new": ("new", "mine", "--from", "upland-crisis"),
}  # fmt: skip


def shipped_words(text: str) -> list[str]:
    return [text[max(0, m.start() - 40) : m.end() + 20] for m in SHIPPED.finditer(text)]


@pytest.mark.parametrize("what", COMMANDS)
def test_a_command_names_nothing_of_the_shipped_crisis(what: str, spiral: Spiral) -> None:
    write_upland()
    Path("strike.yaml").write_text(STRIKE)
    code, out, err = spiral(*COMMANDS[what])
    assert code == 0, err
    assert shipped_words(out) == []
    if what == "new":
        assert shipped_words(Path("mine.yaml").read_text()) == []
    elif what not in ("ask", "sweep"):
        assert re.search("Ruritania|Fenwick|Klopstok|Strelsau|Sylvania", out)


def test_a_run_its_figures_and_its_report_name_nothing_of_the_shipped_crisis(spiral: Spiral) -> None:
    write_upland()
    code, out, err = spiral(*RUN, "--full")
    assert code == 0, err
    assert shipped_words(out) == []
    assert "attacks in Freedonia and Borduria" in " ".join(out.split())
    drawn = "".join(path.read_text() for path in Path("out/figures").glob("*.svg"))
    assert shipped_words(drawn) == []
    assert "Ruritania" in drawn
    assert spiral("report", "out")[0] == 0
    page = html.unescape(Path("out/report.html").read_text())
    assert shipped_words(page) == []
    assert "facts of another crisis" in page


def test_a_seat_names_nothing_of_the_shipped_crisis(spiral: Spiral, monkeypatch: pytest.MonkeyPatch) -> None:
    write_upland()
    lines = ["help", "strike 1", "strike 2 ruritania", "strike 2 iraq", "quit", "quit"]
    monkeypatch.setattr("builtins.input", lambda prompt="": lines.pop(0))
    code, out, err = spiral("play", "upland-crisis.yaml", "--as", "us", "--set", "end=2023-11-12")
    assert code == 0, err
    assert "must be one of ruritania, freedonia, sylvania" in out
    assert shipped_words(out) == []


def test_the_first_run_of_the_shipped_crisis_is_told_as_ever(spiral: Spiral) -> None:
    code, out, _ = spiral("trace", "october-2023", "--run", "3", "--parameters", "prior")
    Path("upland-crisis.yaml").write_text(upland_text())
    other = spiral("trace", "upland-crisis.yaml", "--run", "3")[1]
    assert code == 0
    assert "Washington" in out
    assert out.count("\n") > 100
    assert len(re.findall(r"Rung \d to \d", out)) == len(re.findall(r"Rung \d to \d", other))
