"""Games that are saved by `spiral play`, broken, and gone on with."""

import os

import pytest

import sim
from sim.play import load_game
from tests.cli.play.typed import SHORT, one_line

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
        ("run: 0", "run: 3", "otherwise than when it was saved: the file, or Spiral"),
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
