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
    "compare": ("compare", "upland-crisis.yaml", "strike.yaml", "--runs", "200", "--full"),
    "sweep": ("sweep", "upland-crisis.yaml", "--vary", "us.readiness=0,1", "--runs", "25", "--no-figures", "--full"),
    "ask": ("ask", "upland-crisis.yaml", "us strikes in sylvania", "--runs", "50", "--full", "--no-figures"),
    "trace": ("trace", "upland-crisis.yaml", "--run", "3", "--figure"),
    "dilemma": ("dilemma", "upland-crisis.yaml", "--runs", "50", "--points", "3", "--set", "end=2023-11-10", "--full"),
    "trace as JSON": ("trace", "upland-crisis.yaml", "--run", "3", "--json"),
    "story": ("trace", "upland-crisis.yaml", "--pick", "first-spiral", "--story"),
    "why": ("why", "upland-crisis.yaml", "--pick", "first-spiral"),
    "why of many": ("why", "upland-crisis.yaml", "--runs", "50"),
    "feeding": ("why", "upland-crisis.yaml", "--feeding", "--runs", "50"),
    "new": ("new", "mine", "--from", "upland-crisis"),
}  # fmt: skip

OWN = "Ruritania|Fenwick|Klopstok|Strelsau|Sylvania"
FIGURES = {"compare": {"compare"}, "trace": {"timeline"}, "dilemma": {"dilemma", "response", "shapes"}}


def written_in(picture: Path) -> str:
    """Title and texts of an SVG, which draws each as paths under a comment; not the names of its parts."""
    return "\n".join(re.findall(r"(?:<!--|<dc:title>)(.*?)(?:-->|<)", picture.read_text(), re.DOTALL))


def shipped_words(text: str) -> list[str]:
    return [text[max(0, m.start() - 40) : m.end() + 20] for m in SHIPPED.finditer(text)]


@pytest.mark.parametrize("what", COMMANDS)
def test_a_command_names_nothing_of_the_shipped_crisis(what: str, spiral: Spiral) -> None:
    write_upland()
    Path("strike.yaml").write_text(STRIKE)
    code, out, err = spiral(*COMMANDS[what])
    assert code == 0, err
    assert shipped_words(out) == []
    drawn = {path.stem: written_in(path) for path in Path().rglob("*.svg")}
    assert {name: found for name, text in drawn.items() if (found := shipped_words(text))} == {}
    assert {*drawn} >= FIGURES.get(what, set())
    assert what not in FIGURES or re.search(OWN, "".join(drawn.values()))
    if what == "new":
        assert shipped_words(Path("mine.yaml").read_text()) == []
    elif what not in ("ask", "sweep"):
        assert re.search(OWN, out)


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


def test_a_question_of_ones_own_is_left_as_it_is_asked_however_it_is_wrapped(spiral: Spiral) -> None:
    asked = "Does what befell Iraq, and the war in Gaza, and all of Syria, come to Ruritania over Syria or Jordan?"
    Path("upland-crisis.yaml").write_text(
        re.sub("^question: .*", f"question: {asked}", upland_text(), flags=re.M)
    )
    code, out, err = spiral("trace", "upland-crisis.yaml", "--run", "3")
    assert code == 0, err
    assert " ".join(out.split()).startswith(asked)


def test_a_comparison_of_two_crises_says_in_whose_words_it_is(spiral: Spiral) -> None:
    write_upland()
    Path("other.yaml").write_text(
        "extends: upland-crisis\nactors: {iran: {title: Zenda}, us: {readiness: 1}}\nquestion: What of Zenda?\n"
    )
    others = ("--set", "us.readiness=1", "--runs", "50", "--no-figures")
    code, out, err = spiral("compare", "upland-crisis.yaml", "other.yaml", "--runs", "50", "--no-figures")
    assert code == 0, err
    out = " ".join(f"{out} {err}".split())
    assert (
        "other calls countries, governments or drivers otherwise; all is told in the words of upland-crisis"
        in out
    )
    code, out, _ = spiral("compare", "upland-crisis.yaml", *others)
    assert code == 0
    assert "in the words of" not in out


def test_a_second_neighbour_that_is_none_is_not_counted(spiral: Spiral) -> None:
    code, out, err = spiral("trace", "turn-of-2019", "--run", "3")
    assert code == 0, err
    assert "another neighbour" not in out
    assert re.search(r"Attacks: \d+ \(\d+ in Iraq, \d+ in Syria\)", out)


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
