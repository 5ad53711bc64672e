"""`spiral play` as a person meets it: lines in, screens out, and every mistake told in one line."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli.main import cli
from sim.play import load_game
from sim.scenario import load_scenario
from tests.cli.commands import unwaited
from tests.cli.play.typed import SHORT, one_line
from tests.forked import Forked

SPIRAL = str(Path(sys.executable).with_name("spiral"))
PATIENCE = 120  # seconds, far more than needed


# Opening


def test_a_seat_is_taken_and_left(play, tmp_path):
    code, out, err = play("october-2023", "--as", "us", "--run", "7", lines="hold|quit|quit")
    assert (code, err) == (0, "")
    assert "october-2023, run 7: you are Washington (us)." in out
    assert "17 Oct 2023: hold." in out
    assert "18 Oct 2023, day 2 of 289" in out
    assert "the model throughout" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "name a SCENARIO"),
        (("october-2023",), "--as: is missing"),
        (("october-2023", "--as", "usa"), "did you mean 'us'?"),
        (("october-2023", "--as", "Tehran"), "did you mean 'iran'?"),
        (("october-2023", "--as", "katib-hizbolah"), "did you mean 'kataib-hizbollah'?"),
        (("october-2023", "--as", ""), "must be one of us, iraq, iran, kataib-hizbollah"),
        (("october-2023", "--as", "us", "--run", "-1"), "whole number from 0"),
        (("october-2023", "--as", "us", "--run", "x"), "whole number from 0"),
        (("october-2033", "--as", "us"), "no scenario has this name"),
        (("october-2023", "--as", "us", "--set", "nonsense"), "must be path=value"),
        (("october-2023", "--as", "us", "--save", "no/such/game.yaml"), "there is no folder"),
        (("october-2023", "--as", "us", "--save", "."), "is a folder"),
        (("--resume", "none.yaml"), "spiral: none.yaml: cannot be read: No such file"),
        (("--resume", "."), "spiral: .: cannot be read: it is a folder"),
        (("october-2023", "--resume", "none.yaml"), "SCENARIO: cannot go with --resume"),
        (("--as", "us", "--resume", "none.yaml"), "--as: cannot go with --resume"),
        (("--random-seed", "1", "--resume", "none.yaml"), "--random-seed: cannot go with --resume"),
    ],
)
def test_what_cannot_be_played_is_told_in_one_line(play, tmp_path, args, said):
    code, out, err = play(*args)
    assert (code, out) == (2, "")
    assert said in one_line(err)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_stands_is_not_replaced_by_a_new_game(play, tmp_path):
    (tmp_path / "mine.yaml").write_text("mine")
    code, _, err = play("october-2023", "--as", "us", "--save", "mine.yaml")
    assert code == 2
    assert "is there already" in one_line(err)
    assert (tmp_path / "mine.yaml").read_text() == "mine"


# Playing


@pytest.mark.parametrize(
    ("actor", "line", "said"),
    [
        ("us", "", "nothing was typed"),
        ("us", "stirke 2", "did you mean 'strike'?"),
        ("us", "strike", "a strike needs its level"),
        ("us", "strike two", "'two' is no number from 1 up"),
        ("us", "strike 0", "'0' is no number from 1 up"),
        ("us", "strike 5", "must be a whole number from 1 to 4"),
        ("us", "strike 3 iran", "is a place for strikes of level 4 only"),
        ("us", "strike 3 mars", "must be one of iraq, syria, iran"),
        ("us", "strike 3 syria now please", "takes two words at most"),
        ("us", "hold fire", "says too much"),
        ("us", "press", "is nothing you can do"),
        ("us", "next year", "does not go with next"),
        ("us", "save", "needs the name of a file"),
        ("us", "save .", "is a folder"),
        ("us", f"save {'x' * 300}", "cannot be written: File name too long"),
        ("us", f"export {'x' * 300}/a.yaml", "cannot be written: File name too long"),
        ("us", "save a\0b", "a\\x00b: cannot be written"),
        ("us", "export Game.yaml", "must be named as a scenario is"),
        ("us", "? strike 9", "must be a whole number from 1 to 4"),
        ("us", "\x1b[31m", "\\x1b[31m"),
        ("us", "x" * 5000, "is nothing you can do"),
        ("iran", "strike 1", "you can answer, or no answer"),
        ("iraq", "hold", "you can press, or quiet"),
        ("badr", "attack 4", "capacity and stocks allow 3 attacks"),
        ("badr", "attack 1 moon", "must be one of"),
    ],
)
def test_what_is_not_understood_is_told_in_one_line_and_asked_again(play, actor, line, said):
    _, before, _ = play("october-2023", "--as", actor, *SHORT, lines="|".join(["model", "quit"]))
    code, out, err = play("october-2023", "--as", actor, *SHORT, lines="|".join([line, "model", "quit"]))
    assert (code, err) == (0, "")
    refusals = [text for text in out.splitlines() if text.startswith("  No: ")]
    assert len(refusals) == 1
    assert said in refusals[0]
    assert "\x1b" not in out
    assert out.splitlines()[-10:] == before.splitlines()[-10:]  # and nothing was done


@pytest.mark.parametrize("actor", ["us", "iraq", "iran", "kataib-hizbollah"])
def test_consequences_and_help_are_shown_and_change_nothing(play, actor):
    quiet = play("october-2023", "--as", actor, *SHORT, lines="model|quit")[1]
    code, out, _ = play("october-2023", "--as", actor, *SHORT, lines="?|consequences|help|look|model|quit")
    assert code == 0
    assert out.count("Consequences of today: direct exchange by 12 Nov 2023") == 2
    for told in ("2,000 branches", "chance [95%]", "nobody in your seat could know", "let the model decide"):
        assert told in out
    assert "export FILE" in out
    assert out.splitlines()[-10:] == quiet.splitlines()[-10:]


def test_next_goes_to_the_next_decision_and_says_who_decided(play):
    code, out, _ = play("october-2023", "--as", "us", "--run", "7", lines="next|next hold|quit")
    assert code == 0
    assert re.search(r"\(\d+ days\): the model decides for us\.", out)
    assert "hold, ordered for us." in out
    assert out.count("To decide: Americans were hurt today.") == 2


def test_a_game_played_to_its_end_is_compared_with_the_models(play):
    _, out, _ = play(
        "october-2023", "--as", "us", *SHORT, lines="strike 4|next hold|next hold|next hold|next hold"
    )
    end = " ".join(out[out.index("With your orders on") :].split())
    assert "run 0 comes to a direct exchange on 17 Oct 2023." in end
    assert "throughout, it comes to no direct exchange." in end
    assert "with this the direct exchange has come" in " ".join(out.split())


def test_days_that_the_scenario_fixes_are_not_asked_about(play):
    _, out, _ = play("tower-22", "--as", "kataib-hizbollah", lines="quit")
    assert "28 Jan 2024: the scenario itself fixes what kataib-hizbollah does." in out
    assert "kataib-hizbollah, 29 Jan 2024> quit" in out
    assert re.search(r"Tower 22 \((\d+ wounded, )?3 killed\)", out)


@pytest.mark.parametrize(
    ("actor", "told", "not_told"),
    [
        ("us", "level 2      militias inside Iraq", "Sites:"),
        ("us", "level 4      a declared strike on Iran", "Sites:"),
        ("badr", "Sites: al-asad (Iraq), other-iraq (Iraq), al-tanf (Syria)", "level 2"),
    ],
)
def test_help_says_what_the_words_of_an_order_mean(play, actor, told, not_told):
    text = play("october-2023", "--as", actor, *SHORT, lines="help|quit")[1]
    text = text[text.index("> help") : text.index("> quit")]
    assert told in text
    assert not_told not in text


def test_the_levels_of_a_strike_are_those_of_the_model():
    from sim.wording import LEVEL_MEANINGS

    page = (Path(__file__).parents[3] / "docs" / "explanation" / "model.md").read_text()
    for level, meaning in LEVEL_MEANINGS.items():
        assert f"| {level} | {meaning} |" in page


@pytest.mark.parametrize(
    ("actor", "columns"),
    [
        *(("us", n) for n in (60, 72, 80, 90, 100, 140)),
        ("iran", 60),
        ("iran", 100),
        ("badr", 60),
        ("badr", 100),
    ],
)
def test_screens_are_no_wider_than_the_terminal(play, monkeypatch, columns, actor):
    from sim.cli.play import layout

    monkeypatch.setattr(layout, "width", lambda: min(columns, 100))
    monkeypatch.setattr("sim.cli.play.weighing.width", lambda: min(columns, 100))
    monkeypatch.setattr("sim.cli.play.seat.width", lambda: min(columns, 100))
    out = play("october-2023", "--as", actor, "--set", "end=2023-12-15", lines="?|help|model|look")[1]
    assert "chance [95%]" in out
    if columns >= 80:
        assert "attacks by" in out or "Counts: means." in out
    if columns >= 100:
        assert out.count("attacks by") == 2
        assert "90% of branches" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= min(columns, 100)


@pytest.mark.parametrize(
    ("value", "low", "high", "long", "short"),
    [
        (-0.477, -0.498, -0.455, "-47.7 [-49.8, -45.5]", "-48 [-50, -46]"),
        (0.0, -0.0022, 0.0022, "+0.00 [-0.22, +0.22]", "+0.0 [-0.2, +0.2]"),
        (-0.001, -0.006, 0.004, "-0.1 [-0.6, +0.4]", "-0.1 [-0.6, +0.4]"),
        (0.9995, 0.997, 1.0, "+100.0 [+99.7, +100.0]", "+100.0 [+99.7, +100.0]"),
        (0.2, 0.1, 0.3, "+20 [+10, +30]", "+20 [+10, +30]"),
    ],
)
def test_a_difference_is_shortened_only_where_its_ends_stay_apart(value, low, high, long, short):
    from sim.cli.play.weighing import points
    from sim.play.consequences import Difference

    difference = Difference(value, low, high)
    assert (points(difference), points(difference, short=True)) == (long, short)


@pytest.mark.parametrize("columns", [80, 100])
def test_the_width_is_the_terminals(monkeypatch, columns):
    from sim.cli.play.layout import width

    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert width() == columns
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    assert width() == 100


@pytest.mark.parametrize("lines", ["hold|quit|quit", "hold|quit", "hold"])
def test_a_game_that_is_left_without_a_save_says_so(play, lines):
    assert play("october-2023", "--as", "us", *SHORT, lines=lines)[1].endswith("\nThe game was not saved.\n")


def test_a_finished_game_is_resumed_without_news_of_nothing(play):
    play("october-2023", "--as", "iran", *SHORT, "--save", "game.yaml", lines="next hold")
    out = play("--resume", "game.yaml", lines="next|quit")[1]
    assert "nothing happened" not in out
    assert "  No: the game is done; it is save FILE, export FILE or quit.\n" in out


# Exporting


def test_an_exported_game_is_run_as_a_scenario(play, tmp_path, capfd):
    _, out, _ = play(
        "october-2023", "--as", "us", "--run", "2", lines="strike 2|next|next hold|export my-game.yaml|quit"
    )
    assert "It extends october-2023, your orders as interventions; its run 2 is this game." in out
    assert "spiral run my-game.yaml" in out
    assert load_scenario(tmp_path / "my-game.yaml").interventions[0].level == 2
    assert cli.main(["run", "my-game.yaml", "--runs", "25", "--no-figures"], prog_name="spiral") == 0
    assert cli.main(["check", "my-game.yaml"], prog_name="spiral") == 0


def test_export_is_offered_at_the_end_too(play, tmp_path):
    code, out, _ = play(
        "october-2023", "--as", "iran", *SHORT, lines="answer|quit|exprot x|export my-game.yaml|quit"
    )
    assert code == 0
    assert "did you mean 'export'?" in out
    assert "It extends october-2023" in out
    scenario = load_scenario(tmp_path / "my-game.yaml")
    assert (scenario.interventions[0].action, scenario.end.isoformat()) == ("answer", "2023-11-12")


# A process of its own


def test_in_a_pipe_the_transcript_shows_what_was_typed(tmp_path):
    done = subprocess.run(
        [SPIRAL, "play", "october-2023", "--as", "us"], input=b"hold\n\xff\xfe\nquit\n", cwd=tmp_path,
        capture_output=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (done.returncode, unwaited(done.stderr.decode())) == (0, "")
    assert b"us, 17 Oct 2023> hold\n" in done.stdout
    assert done.stdout.count(b"  No: ") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_leaves_the_game_saved(tmp_path, number):
    (orders, to_game), (from_game, told) = os.pipe(), os.pipe()
    args = ["play", "october-2023", "--as", "us", "--save", "game.yaml"]
    game = Forked(args, tmp_path, stdin=orders, stdout=told)
    os.close(orders)
    os.close(told)
    with open(to_game, "wb") as typed, open(from_game, "rb") as screen:
        typed.write(b"hold\n")
        typed.flush()
        shown = b""
        while not shown.endswith(b"us, 18 Oct 2023> "):  # it waits to be told
            shown += screen.read(1)
        time.sleep(0.5)  # Python looks at no signal between the prompt and the read that waits for an answer
        game.send_signal(number)
        out = screen.read()
    assert game.wait(PATIENCE) == 130
    assert unwaited(game.communicate()[1]) == ""
    assert b"The game is saved" in out
    assert load_game(tmp_path / "game.yaml").day == 1
