"""`spiral play` as a person meets it: lines in, screens out, and every mistake told in one line."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.cli.main import cli
from sim.play import load_game
from sim.scenario import load_scenario

SPIRAL = str(Path(sys.executable).with_name("spiral"))
SHORT = ("--set", "end=2023-11-12")
PATIENCE = 120  # seconds, far more than needed

Play = Callable[..., tuple[int, str, str]]


class Typed(io.StringIO):
    """Lines that are typed, and then Ctrl-C where `breaks` is set."""

    breaks = False

    def readline(self, *args: int) -> str:  # type: ignore[override]
        line = super().readline(*args)
        if not line and self.breaks:
            raise KeyboardInterrupt
        return line


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Play:
    """Play in an empty working folder, with lines typed in: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str, lines: str = "", breaks: bool = False) -> tuple[int, str, str]:
        typed = Typed("".join(f"{line}\n" for line in lines.split("|") if line or "|" in lines))
        typed.breaks = breaks
        monkeypatch.setattr("sys.stdin", typed)
        capfd.readouterr()
        code = cli.main(["play", *args], prog_name="spiral")
        out, err = capfd.readouterr()
        return code, out, err

    return run


def one_line(err: str) -> str:
    assert err.count("\n") == 1, err
    assert err.startswith("spiral: ")
    return err


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
        ("us", "strike 3 mars", "must be 'iraq', 'syria' or 'iran'"),
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
    assert out.count("Consequences of today: direct spiral by 12 Nov 2023") == 2
    for told in ("2,000 branches", "chance [95%]", "nobody in your seat could know", "let the model decide"):
        assert told in out
    assert "export FILE" in out
    assert out.splitlines()[-10:] == quiet.splitlines()[-10:]


def test_next_goes_to_the_next_decision_and_says_who_decided(play):
    code, out, _ = play("october-2023", "--as", "us", "--run", "7", lines="next|next hold|quit")
    assert code == 0
    assert "(7 days): the model decides for us." in out
    assert "hold, ordered for us." in out
    assert out.count("To decide: Americans were hurt today.") == 2


def test_a_game_played_to_its_end_is_compared_with_the_models(play):
    _, out, _ = play(
        "october-2023", "--as", "us", *SHORT, lines="strike 4|next hold|next hold|next hold|next hold"
    )
    end = " ".join(out[out.index("With your orders on") :].split())
    assert "run 0 comes to a direct spiral on 17 Oct 2023." in end
    assert "throughout, it comes to no direct spiral." in end
    assert "with this the direct spiral has come" in " ".join(out.split())


def test_days_that_the_scenario_fixes_are_not_asked_about(play):
    _, out, _ = play("tower-22", "--as", "kataib-hizbollah", lines="quit")
    assert "28 Jan 2024: the scenario itself fixes what kataib-hizbollah does." in out
    assert "kataib-hizbollah, 29 Jan 2024> quit" in out
    assert "Tower 22 (3 killed)" in out


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

    page = (Path(__file__).parents[2] / "docs" / "explanation" / "model.md").read_text()
    for level, meaning in LEVEL_MEANINGS.items():
        assert f"| {level} | {meaning} |" in page


@pytest.mark.parametrize("columns", [60, 72, 80, 90, 100, 140])
@pytest.mark.parametrize("actor", ["us", "iran", "badr"])
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


# Saving


def test_orders_given_are_counted(play):
    play("october-2023", "--as", "us", *SHORT, "--save", "game.yaml", lines="model")
    assert "where it was left, no order given so far." in play("--resume", "game.yaml")[1]
    play("--resume", "game.yaml", lines="hold")
    assert "where it was left, after 1 order." in play("--resume", "game.yaml")[1]


def test_a_save_of_another_version_says_so_when_it_goes_on(play, tmp_path):
    play(*GOOD, lines="hold|hold")
    file = tmp_path / "game.yaml"
    same = play("--resume", "game.yaml")[1]
    file.write_text(file.read_text().replace(f'version: "{sim.__version__}"', 'version: "0.0.9"'))
    code, out, err = play("--resume", "game.yaml")
    assert (code, err) == (0, "")
    assert f"It was saved by version 0.0.9, and this is {sim.__version__}" in out
    assert "saved by version" not in same
    text = (
        file.read_text()
        .replace(f'version: "{sim.__version__}"', 'version: "0.0.9"')
        .replace("run: 0", "run: 1")
    )
    file.write_text(text)
    assert f"it was saved by version 0.0.9, this is {sim.__version__}" in one_line(
        play("--resume", "game.yaml")[2]
    )


@pytest.mark.parametrize("kind", ["missing", "empty", "fifo"])
def test_where_there_is_no_place_none_is_named(play, tmp_path, kind):
    if kind == "fifo":
        os.mkfifo(tmp_path / "game.yaml")
    elif kind == "empty":
        (tmp_path / "game.yaml").touch()
    code, _, err = play("--resume", "game.yaml")
    assert code == 2
    assert one_line(err).startswith("spiral: game.yaml: ")


def test_a_game_that_is_left_and_resumed_is_the_game_that_was_not(play, tmp_path):
    start = ("october-2023", "--as", "us", "--run", "5", "--save")
    first, rest = "strike 1|next|next hold|strike 2 iraq", "next|hold|?|next hold|quit"
    assert play(*start, "whole.yaml", lines=f"{first}|{rest}")[0] == 0
    whole = play("--resume", "whole.yaml", lines="quit")[1]
    assert play(*start, "parts.yaml", lines=first)[0] == 0
    code, out, err = play("--resume", "parts.yaml", lines=rest)
    assert (code, err) == (0, "")
    assert "goes on where it was left" in out
    assert (tmp_path / "whole.yaml").read_bytes() == (tmp_path / "parts.yaml").read_bytes()
    assert whole.splitlines()[-20:-2] == play("--resume", "parts.yaml", lines="quit")[1].splitlines()[-20:-2]


@pytest.mark.parametrize(("breaks", "code"), [(False, 0), (True, 130)])
@pytest.mark.parametrize("lines", ["", "hold", "hold|hold|quit"])
def test_the_end_of_input_and_ctrl_c_leave_the_game_saved(play, tmp_path, breaks, code, lines):
    found, out, err = play("october-2023", "--as", "us", "--save", "game.yaml", lines=lines, breaks=breaks)
    assert (found, err) == (code, "")
    assert "The game is saved: spiral play --resume game.yaml" in out
    assert load_game(tmp_path / "game.yaml").day == lines.count("hold")


def test_without_a_place_a_game_that_is_left_says_that_it_was_not_saved(play, tmp_path):
    code, out, _ = play("october-2023", "--as", "us", lines="hold", breaks=True)
    assert code == 130
    assert "The game was not saved." in out
    assert list(tmp_path.iterdir()) == []


def test_save_in_the_dialogue_saves_from_then_on(play, tmp_path):
    play("october-2023", "--as", "us", lines="hold|save a game.yaml|hold|hold")
    assert load_game(tmp_path / "a game.yaml").day == 3
    assert "--resume 'a game.yaml'" in play("--resume", "a game.yaml", lines="hold")[1]
    assert load_game(tmp_path / "a game.yaml").day == 4


def test_a_place_that_fails_during_the_game_is_told_and_the_game_goes_on(play, tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    saves = iter(range(3))
    from sim.cli.play import dialogue
    from sim.play import GameError

    def fail(*_: object) -> None:
        raise GameError(f"game.yaml: cannot be written: failure {next(saves)}")

    monkeypatch.setattr(dialogue, "save_game", fail)
    code, out, _ = play("october-2023", "--as", "us", "--save", "game.yaml", lines="hold|hold")
    assert code == 0
    assert [line for line in out.splitlines() if line.startswith("  No: ")] == [
        f"  No: game.yaml: cannot be written: failure {i}." for i in range(3)
    ]
    assert "The game is saved" not in out


GOOD = "october-2023", "--as", "us", *SHORT, "--save", "game.yaml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("spiral_game: 1", "spiral_game: 2", "format 2; this version reads format 1"),
        ("spiral_game: 1", "spiral: 1", "is not a saved game"),
        ("spiral_game: 1", "spiral_game: 1\nother: 1", "unknown key"),
        ("spiral_game: 1", "spiral_game: &a 1", "an anchor or alias"),
        ("spiral_game: 1", "spiral_game: 1\nspiral_game: 1", "is given twice"),
        ('"us"', '"usa"', "usa is no actor of october-2023"),
        ('"us"', "5", "must be a text on one line"),
        ('"us"', "iraq", "it is an order to us, and the seat is that of iraq"),
        ("run: 0", "run: -3", "must be a whole number from 0"),
        ("run: 0", "run: 1", "otherwise than when it was saved: the file, or Spiral"),
        ("run: 0", "run: many", "must be a whole number from 0"),
        ("parameters: prior", "parameters: posterior", "must be one of prior, default"),
        ("day: 2023-10-20", "day: 2023-10-18", "not among the days played"),
        ("day: 2023-10-20", "day: 2025-10-20", "it must be from 2023-10-17 to 2023-11-13"),
        ("day: 2023-10-20", "day: soon", "must be a date"),
        ("day: 2023-10-20", "day: 2023-10-21", "come out otherwise than when it was saved"),
        ("level: 2", "level: 9", "must be a whole number from 1 to 4"),
        ("place: iraq", "place: iran", "is a place for strikes of level 4 only"),
        ("action: hold", "action: rest", "must be one of strike, press"),
        ("  - from: 2023-10-17", "  - from: 2000-10-17", "outside the scenario"),
        ("  - date: 2023-10-19", "  - date: 2023-10-18", "holds two orders for 2023-10-18"),
        ("  gaza:", "  gazza:", "no longer loads (the file, or Spiral"),
        ('name: "october-2023"', 'name: "../october-2023"', "no longer loads"),
        ("scenario: |", "scenario: 5\nold: |", "must be text"),
    ],
)  # fmt: skip
def test_a_broken_save_is_told_in_one_line(play, tmp_path, old, new, said):
    assert play(*GOOD, lines="hold|hold|strike 2 iraq")[0] == 0
    file = tmp_path / "game.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    before = file.read_bytes()
    code, out, err = play("--resume", "game.yaml", lines="hold")
    assert (code, out) == (2, "")
    assert said in one_line(err)
    assert "tmp" not in err
    assert (file.read_bytes(), len(list(tmp_path.iterdir()))) == (before, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"- a\n", b"5", b"{", b"\xff\xfe", b"\x00" * 100, b"a: b: c", b"spiral_game:", b"spiral_game: []",
        b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", b"[" * 10_000, b"x" * 1_100_000,
    ],
)  # fmt: skip
def test_what_is_no_save_is_told_in_one_line(play, tmp_path, content):
    (tmp_path / "game.yaml").write_bytes(content)
    code, out, err = play("--resume", "game.yaml")
    assert (code, out) == (2, "")
    assert "a scenario " not in one_line(err)
    assert (tmp_path / "game.yaml").read_bytes() == content


def test_a_save_cut_short_anywhere_is_told_in_one_line(play, tmp_path):
    play(*GOOD, lines="hold|hold|strike 2 iraq")
    text = (tmp_path / "game.yaml").read_bytes()
    for length in [*range(0, len(text) - 1, 97), *range(len(text) - 30, len(text) - 1)]:
        (tmp_path / "game.yaml").write_bytes(text[:length])
        code, out, err = play("--resume", "game.yaml")
        assert (code, out) == (2, ""), length
        one_line(err)


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
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"us, 17 Oct 2023> hold\n" in done.stdout
    assert done.stdout.count(b"  No: ") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_leaves_the_game_saved(tmp_path, number):
    with subprocess.Popen(
        [SPIRAL, "play", "october-2023", "--as", "us", "--save", "game.yaml"], cwd=tmp_path,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as game:  # fmt: skip
        assert game.stdin is not None
        assert game.stdout is not None
        game.stdin.write(b"hold\n")
        game.stdin.flush()
        shown = b""
        while not shown.endswith(b"us, 18 Oct 2023> "):  # it waits to be told
            shown += game.stdout.read(1)
        os.kill(game.pid, number)
        out, err = game.communicate(timeout=PATIENCE)
    assert (game.returncode, err) == (130, b"")
    assert b"The game is saved" in out
    assert load_game(tmp_path / "game.yaml").day == 1
