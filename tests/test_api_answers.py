"""Questions from Python whose answers show themselves: as text, as HTML that is never active, and as figures."""

import dataclasses
import html.parser
import json
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim import ask, load_scenario, open_result
from sim.api.answers import LONGEST_CELL, MOST_ROWS, Drawings, Shown
from sim.pipeline.experiment import Finding
from sim.report.figures import Drawing

SCENARIO = load_scenario("october-2023", ["end=2023-11-10"])
SWEPT = {"vary": {"us.readiness": [-1, 1]}, "runs": 50}
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "\udcff", "\x1b[31m", "a & b",
    "x" * 10_000, '"><svg onload=alert(1)>', "$\\frac{1}{$", "]]>", "{{7*7}}",
]  # fmt: skip


class Page(html.parser.HTMLParser):
    """The tags, the attributes and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def swept() -> Shown:
    return ask("sweep", SCENARIO, **SWEPT)


@pytest.fixture(scope="module")
def ran() -> Shown:
    return ask("run", SCENARIO, runs=100, prevented=0, parameters="prior", threads=1)


def test_an_answer_is_that_of_the_command(spiral, here, swept):
    words = ("--set", "end=2023-11-10", "--vary", "us.readiness=-1,1", "--runs", "50", "--no-figures")
    code, out, _ = spiral("sweep", "october-2023", *words, "--json")
    assert code == 0
    told = json.loads(out)
    kept = open_result(here / "results" / "october-2023-sweep")
    pd.testing.assert_frame_equal(swept.tables["sweep"], kept.tables["sweep"])
    assert swept.finding.estimates == kept.finding.estimates
    assert told["definition"] == swept.finding.definition
    assert swept.manifest["basis"] == told["basis"]
    assert swept.text.splitlines()[0] in kept.text


def test_a_run_is_asked_with_seed_and_runs_of_its_own(ran):
    assert (ran.manifest["runs"], ran.scenario.runs, ran.kind) == (100, 100, "run")
    assert ran.finding.headline.runs == 100
    assert "direct exchange by 10 Nov 2023" in " ".join(ran.text.split())
    other = ask("run", SCENARIO, runs=100, random_seed=5, prevented=0, parameters="prior")
    assert other.scenario.random_seed == 5
    assert other.finding.outcomes != ran.finding.outcomes


@pytest.mark.parametrize(
    ("kind", "options", "told"),
    [
        ("sensitivity", {"samples": 3}, "samples: 3 must be from 16"),
        ("sensitivity", {"outcome": "us kiled"}, "outcome: question 'us kiled'"),
        ("dilemma", {"points": 4}, "points: 4 must be odd"),
        ("run", {"settings": ["actors.us.readines=1"]}, "settings:1:"),
    ],
)
def test_what_is_refused_is_named_as_in_python(kind, options, told):
    with pytest.raises(ValueError, match="^" + told) as refused:
        ask(kind, "october-2023", **options)
    assert "--" not in str(refused.value)


def test_nothing_is_kept_unless_a_folder_is_named(here):
    found = ask("sweep", SCENARIO, **SWEPT)
    assert list(here.iterdir()) == []
    assert found.folder == Path()
    assert "Result: " not in found.text
    assert "--full" not in found.text
    kept = ask("sweep", SCENARIO, **SWEPT, out="mine")
    assert kept.folder == Path("mine")
    assert open_result("mine").finding.estimates == found.finding.estimates


def test_scenarios_are_compared_whether_named_or_there():
    other = load_scenario("decisive-doctrine", ["end=2023-11-10"])
    found = ask("compare", SCENARIO, other, runs=50, parameters="prior")
    named = ask(
        "compare",
        "october-2023",
        "decisive-doctrine",
        settings=["end=2023-11-10"],
        runs=50,
        parameters="prior",
    )
    pd.testing.assert_frame_equal(found.tables["outcomes"], named.tables["outcomes"])
    twins = [SCENARIO, load_scenario("october-2023", ["end=2023-11-10", "us.readiness=1"])]
    assert len(ask("compare", *twins, runs=50, parameters="prior").finding.others) == 1


# What a notebook shows


def test_a_notebook_shows_the_text_and_every_table(swept):
    page = Page(swept._repr_html_())
    assert page.tags == {
        "pre",
        "details",
        "summary",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "br",
        "small",
    }
    assert swept.text in page.text
    assert "us.readiness" in page.text
    assert page.text.count("sweep: 2 rows") == 1
    assert str(swept) == swept.text


class Made(Finding):
    """A finding of nothing."""

    said: str
    made: pd.DataFrame


def hostile() -> Shown:
    table = pd.DataFrame({name: HOSTILE for name in ("<b>name</b>", "other")}, dtype=object)
    table.attrs["units"] = {"other": "<i>unit</i>"}
    scenario = SCENARIO.model_copy(update={"question": f"{HOSTILE[0]} & {HOSTILE[3]}?"})
    manifest = {
        "changes": ["<u>change</u>"],
        "runs": 5,
        "random_seed": 1,
        "seconds": 0.1,
        "parameters": "prior",
    }
    return Shown(Path(), "made-up", scenario, manifest, Made(said=HOSTILE[1], made=table))


def test_hostile_text_is_text(capsys):
    shown = hostile()
    code = shown._repr_html_()
    page = Page(code)
    assert not page.tags & {"script", "img", "svg", "b", "i", "u"}
    assert {name for name, _ in page.attributes} <= {"style"}
    assert "\x1b" not in code
    code.encode("utf-8")
    for text in (
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "a & b",
        "\\x1b[31m",
        "\\udcff",
        "<b>name</b>",
    ):
        assert text in page.text
    assert "x" * LONGEST_CELL not in page.text
    assert capsys.readouterr().out == ""


def test_a_long_table_is_cut_and_says_so():
    shown = dataclasses.replace(
        hostile(), finding=Made(said="", made=pd.DataFrame({"n": range(MOST_ROWS + 7)}))
    )
    page = Page(shown._repr_html_())
    assert "and 7 more rows" in page.text
    assert f"made: {MOST_ROWS + 7} rows" in page.text


# Figures


def test_an_answer_draws_the_figures_of_its_question(spiral, here, ran):
    drawn = ran.plot()
    assert len(drawn) == len(drawn.names) >= 4
    assert all(isinstance(figure, Figure) for figure in drawn)
    assert drawn[drawn.names[1]] is drawn[1]
    with pytest.raises(KeyError, match="no such figure; there are "):
        _ = drawn["mine"]
    assert list(here.iterdir()) == []


def test_figures_are_shown_within_the_page_with_their_title_as_text():
    figure = Figure(figsize=(1, 1))
    drawn = Drawings([Drawing("one", 'A "title" <b>bold</b> \udcff', figure, pd.DataFrame())])
    page = Page(drawn._repr_html_())
    assert page.tags == {"img"}
    found = dict(page.attributes)
    assert found["alt"] == 'A "title" <b>bold</b> \\udcff'
    assert found["src"].startswith("data:image/png;base64,")
    assert Drawings([])._repr_html_() == "<p>No figure.</p>"


# Bad input


@pytest.mark.parametrize(
    ("kind", "given", "options", "said"),
    [
        ("swep", (SCENARIO,), {}, "no such question; they are ask, calibrate, compare"),
        ("why", (SCENARIO,), {}, "is no question over many runs"),
        ("run", (SCENARIO,), {"run": 5}, "run has no such option; it has runs, .* did you mean 'runs'?"),
        ("run", (SCENARIO, "tower-22"), {}, "run takes one scenario; compare takes several"),
        ("run", (SCENARIO,), {"runs": 0}, "runs = 0: must be a whole number from 1 to"),
        ("run", (SCENARIO,), {"runs": "many"}, "runs = many: must be a whole number"),
        ("run", (SCENARIO,), {"keep": "all"}, "keep = 'all': 'all' is not one of"),
        ("run", (SCENARIO,), {"parameters": "mine"}, "parameters = 'mine': must be one of posterior"),
        ("run", (SCENARIO,), {"settings": ["us.readiness=1"]}, "give them to load_scenario"),
        ("sweep", (SCENARIO,), {"vary": {"us.redness": [1]}}, "did you mean 'readiness'?"),
        ("sweep", (SCENARIO,), {"runs": "many"}, "runs = 'many': many must be a whole number"),
        ("dilemma", (SCENARIO,), {"day": "soon"}, "day = 'soon': soon is no date"),
        ("run", ("octobre-2023",), {}, "did you mean 'october-2023'?"),
    ],
)
def test_bad_input_is_refused_in_one_line(here, kind, given, options, said):
    with pytest.raises(ValueError, match=said) as caught:
        ask(kind, *given, **options)
    assert len(str(caught.value).splitlines()) == 1
    assert list(here.iterdir()) == []


def test_a_folder_that_holds_no_result_is_refused(here):
    with pytest.raises(ValueError, match="nowhere: "):
        open_result("nowhere")
