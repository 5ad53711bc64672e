"""What is given on the command line is refused in a short line, however long or deep it is."""

import pytest

from tests.cli.commands import OCTOBER, one_error

DIGITS, WORD, STEPS = "9" * 5_000, "x" * 9_000, ".".join("a" * 2_000)
LONG = {
    "steps": (*OCTOBER, "--set", f"{STEPS}=1"),
    "steps of an actor": (*OCTOBER, "--set", f"us.{STEPS}=1"),
    "steps of a list": (*OCTOBER, "--set", f"history.actions.{'0.' * 1_500}a=1"),
    "steps that are varied": ("sweep", "october-2023", "--vary", f"{STEPS}=0:1:3"),
    "long steps": (*OCTOBER, "--set", ".".join(["x" * 200] * 45) + "=1"),
    "digits": (*OCTOBER, "--set", f"us.readiness={DIGITS}"),
    "digits of a fraction": (*OCTOBER, "--set", f"us.readiness=0.{DIGITS}"),
    "an exponent": (*OCTOBER, "--set", f"us.readiness=1e{DIGITS}"),
    **{f"digits of {n}": (*OCTOBER, f"--{n}", DIGITS) for n in ("runs", "random-seed", "threads", "block-size")},
    "digits of a run": ("trace", "october-2023", "--run", DIGITS),
    "digits of a game": ("play", "october-2023", "--as", "us", "--run", DIGITS),
    "digits of points": ("sweep", "october-2023", "--vary", f"us.readiness=0:1:{DIGITS}"),
    "many values": ("sweep", "october-2023", "--vary", "us.readiness=" + ",".join("1" * 3_000)),
    "digits of a day": ("forecast", "october-2023", "--as-of", DIGITS),
    "a word": (*OCTOBER, "--set", f"us.readiness={WORD}"),
    "an option": (*OCTOBER, f"--{WORD}"),
    "a command": (WORD,),
    "a choice": (*OCTOBER, "--keep", WORD),
    "a parameter": ("evidence", WORD),
    "a scenario": ("run", WORD),
    "a cluster": (*OCTOBER, "--runs", "10", "--cluster", WORD),
}  # fmt: skip


@pytest.mark.parametrize("what", LONG)
def test_what_is_long_or_deep_is_refused_in_a_short_line(spiral, what):
    code, out, err = spiral(*LONG[what])
    assert (code, out) == (2, "")
    assert len(one_error(err)) < 2_100
