"""Text reaches the terminal as text, whatever its encoding and width, and nothing of it is cut off."""

import io
import json
import sys

import pytest
from rich.table import Table
from rich.text import Text

from sim.cli.main import cli
from sim.cli.plain import Plain, plain_output, written_out
from sim.report.terminal.screen import Screen
from tests.store.jobs import whole_of

HEADLINE = {"definition": "direct", "probability": 0.25, "chance": [0.2, 0.3]}
ANSWER = "run: direct exchange 25.0% [20.0, 30.0]"


@pytest.fixture
def listed(spiral, here):
    whole_of(here / "results" / "october-2023-restraint-doctrine", {"headline": HEADLINE}, runs=1_234_567)
    return lambda: spiral("results")


# Width


@pytest.mark.parametrize("columns", ["0", "1", "20", "30", "40", "80", "500", "-5", "abc", ""])
def test_a_list_of_results_says_all_at_any_width(listed, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    code, out, err = listed()
    assert (code, err) == (0, "")
    assert "…" not in out
    whole = "".join(out.split())
    for word in ("1,234,567", "whole", "2026-01-01", *ANSWER.split()):
        assert word in whole
    width = {"1": 20, "0": 80}.get(columns) or (int(columns) if columns.isdecimal() else 80)
    assert max(map(len, out.splitlines())) <= width


CELLS = ("attacks in Iraq", "1,234,567", "[-60.2, +60.2]", "conscientiousness", "x" * 70)


def of_cells(**column: object) -> Table:
    table = Table(title="What came out", title_justify="left")
    for place in range(len(CELLS)):
        table.add_column(f"head {place}", **column)
    table.add_row(*map(Text, CELLS))
    return table


@pytest.mark.parametrize("columns", [0, 20, 40, 60, 80, 100, 200])
@pytest.mark.parametrize(
    "column", [{}, {"no_wrap": True}, {"overflow": "fold"}, {"justify": "right", "overflow": "crop"}]
)
def test_no_cell_of_any_table_is_cut_off(monkeypatch, capsys, columns, column):
    monkeypatch.setenv("COLUMNS", str(columns))
    Screen().print(of_cells(**column))
    out = capsys.readouterr().out
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= (columns or 80)
    assert out.count("x") >= 70
    letters = sorted(c for c in out if c.isalnum())
    for cell in CELLS:
        assert all(letters.count(c) >= cell.count(c) for c in cell if c.isalnum())
    if columns == 20:
        assert "  head 1: 1,234,567" in out.splitlines()


def test_a_table_that_fits_stays_a_table(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "120")
    Screen().print(of_cells())
    assert "head 1:" not in capsys.readouterr().out


def test_a_sentence_is_wrapped_to_a_narrow_terminal(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "30")
    Screen().say("A probability is the mean over the posterior, and may lie outside its middle 90%.")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) <= 30


# Markup and escape codes

ODD = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x9b31m",
    "a\rb",
    "\b\b",
    "\u202egnp.exe",
    "\u2066x",
    "\x7f",
    "\u2028",
    "a\0b",
]


@pytest.mark.parametrize("text", ODD)
def test_what_would_steer_a_terminal_is_written_out(capsys, text):
    with plain_output():
        print(text)
        print(text, file=sys.stderr)
        Screen().print(Text(text))
        Screen().say(text)
    out, err = capsys.readouterr()
    for told in (out.rstrip("\n"), err.rstrip("\n")):
        assert all(c.isprintable() or c == "\n" for c in told)
    assert "\\" in err


def test_what_a_folder_is_called_is_text(spiral, here):
    name = "[red]x :smile:\x1b[31m\n\u202e"
    whole_of(here / "results" / name, {"headline": HEADLINE}, runs=7)
    (here / "results" / name / "estimates.json").write_text("{}")
    code, out, _ = spiral("results")
    assert code == 0
    assert "[red]x :smile:\\x1b[31m\\n\\u202e/estimates.json" in out
    assert "[red]x" in "".join(out.split("results/")[0].split())
    code, out, err = spiral("plot", name)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "\x1b" not in err


@pytest.mark.parametrize(
    "markup", ["[bold]x[/bold]", "[/]", "[link=http://x]x[/link]", ":warning:", "[@click=f]x"]
)
def test_markup_is_text_in_a_table_and_out_of_it(capsys, monkeypatch, markup):
    monkeypatch.setenv("COLUMNS", "200")
    table = Table(title=markup)
    table.add_column(markup)
    table.add_row(markup)
    screen = Screen()
    screen.print(table)
    screen.print(markup)
    assert capsys.readouterr().out.count(markup) == 4


def test_tabs_and_letters_of_any_language_are_left(capsys):
    for text in ("a\tb", "戦争", "é", "کتاب‌ها"):
        assert written_out(text) == text


# Encodings


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "koi8-r", "cp437"])
def test_what_an_encoding_lacks_is_replaced(monkeypatch, encoding):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding, errors="strict"))
    text = "0–1 … “x” ± 戦 \ud800"
    with plain_output():
        print(text)
        Screen().print(of_cells())
        sys.stdout.flush()
    told = raw.getvalue().decode(encoding)
    assert told.splitlines()[0].endswith(("戦 \\ud800", "\\u6226 \\ud800"))
    if encoding == "ascii":
        assert told.splitlines()[0] == '0-1 ... "x" +/- \\u6226 \\ud800'
        assert "|" in told
    assert "head 1" in told


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_command_answers_whatever_the_encoding(here, monkeypatch, encoding):
    whole_of(here / "results" / "戦", {"headline": HEADLINE}, runs=7)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding, errors="strict"))
    assert cli.main(["results"], prog_name="spiral") == 0
    sys.stdout.flush()
    assert "\\u6226" in raw.getvalue().decode(encoding)
    assert cli.main(["results", "--json"], prog_name="spiral") == 0
    sys.stdout.flush()
    assert json.loads(raw.getvalue().decode(encoding).splitlines()[-1])[0]["state"] == "whole"


def failing() -> None:
    with plain_output():
        assert isinstance(sys.stdout, Plain)
        raise KeyError


def test_afterwards_all_streams_are_what_they_were(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "ascii", errors="strict"))
    before = sys.stdout, sys.stderr
    with pytest.raises(KeyError):
        failing()
    assert (sys.stdout, sys.stderr) == before
    assert sys.stdout.errors == "strict"
