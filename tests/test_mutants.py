"""Mutants are what they say, are drawn fairly, and the tests of their part kill those that matter."""

import ast
from pathlib import Path

import pytest

from tests.mutants import fates, page, parts
from tests.mutants.fates import Fate, bench
from tests.mutants.making import apart, mutants_of
from tests.mutated import ROOT

PLANTED = (
    ("sim/core/rules/common.py", "goal + (value - goal) * keep", "value + (goal - value) * keep"),
    ("sim/core/day/tehran.py", "drawn_towards(iran.stance, goal_of_stance(world, today, setting, p), p",
     "drawn_towards(goal_of_stance(world, today, setting, p), iran.stance, p"),
    ("sim/core/day/order.py", "    TEHRAN_MOVES,\n    BAGHDAD_PRESSES,", "    BAGHDAD_PRESSES,\n    TEHRAN_MOVES,"),
    ("sim/core/day/consequences.py", "max(1, world.us.level - 1)", "max(1, world.us.level)"),
    ("sim/core/day/consequences.py", "us.met += world.today.attacks", "us.met += world.today.attacks_iraq"),
    ("sim/core/day/engagement.py", "militia.arsenal += spared", "pass"),
    ("sim/core/chance.py", "term = term * mean / count", "term = term * mean / (count + 1)"),
    ("sim/estimates/by_row.py", "with_ignorance and size > 1", "with_ignorance and size > 2"),
)  # fmt: skip
SAME = ("sim/core/rules/ladder.py", "5 if direct or avowed else middle", "5 if direct != avowed else middle")
ENDLESS = ("sim/core/chance.py", "/ (count + 1.0)\n        count += 1\n", "/ (count + 1.0)\n")


def fate_of(key: str, file: str, kind: str, before: str = "a | b", name: str = "of") -> Fate:
    return Fate(key, file, 7, name, before, "a & b", kind, "", 1.0)


@pytest.mark.parametrize(
    "file", ["sim/core/rules/washington.py", "sim/core/day/pause.py", "sim/outcomes/outcome.py"]
)
def test_a_mutant_is_its_file_with_one_thing_changed(file):
    original = ast.unparse(ast.parse((ROOT / file).read_text()))
    every = mutants_of(file)
    assert len({mutant.key for mutant in every}) == len(every) > 10
    for mutant in every[::6]:
        source, (before, after) = mutant.made(), mutant.told()
        assert source != original, mutant
        assert before != after, mutant
        compile(source, file, "exec")
        changed = set(source.splitlines()) ^ set(original.splitlines())
        assert 1 <= len(changed) <= 4, mutant


def test_what_differs_is_told_of_a_long_line():
    assert apart("if a < b:\n    pass", "if a <= b:\n    pass") == ("if a < b:", "if a <= b:")
    before, after = apart(f"{'x' * 99} + 1 + {'y' * 99}", f"{'x' * 99} - 1 + {'y' * 99}")
    assert before == f"…{'x' * 35} + 1 + {'y' * 31}…"
    assert after == before.replace("+ 1", "- 1")


def test_every_part_has_tests_that_are_to_kill_its_mutants():
    for name, part in parts.PARTS.items():
        assert (ROOT / name).exists()
        for stage in part.stages:
            assert all((ROOT / test.split("::")[0]).exists() for test in stage.tests.split())
    assert parts.part_of("sim/core/chance.py") == "sim/core/chance.py"
    stages = parts.PARTS["sim/estimates"].stages_of("sim/estimates/sampled.py")
    assert [stage.tests for stage in stages] == ["tests/estimates/test_sampled.py"]


def test_as_many_are_drawn_from_each_part_and_no_others_where_a_function_is_added(monkeypatch):
    every = {
        "few": mutants_of("sim/core/rules/ladder.py"),
        "many": mutants_of("sim/core/rules/washington.py"),
    }
    monkeypatch.setattr(parts, "all_of", lambda part: every[part])
    drawn = parts.chosen(60, 1, list(every))
    assert {part: len(mutants) for part, mutants in drawn.items()} == {
        "few": len(every["few"]), "many": 60 - len(every["few"]),
    }  # fmt: skip
    for part, mutants in parts.chosen(20, 1, list(every)).items():
        assert mutants == drawn[part][: len(mutants)]
    every["many"] = [*every["many"], *mutants_of("sim/core/rules/militia.py")]
    again = parts.chosen(60, 1, list(every))["many"]
    assert [m for m in again if m.file.endswith("washington.py")] == [m for m in drawn["many"] if m in again]


def test_the_key_of_a_mutant_is_that_of_its_function_alone(monkeypatch, tmp_path):
    def keys(text: str) -> list[str]:
        (tmp_path / "made.py").write_text(text)
        return [mutant.key for mutant in mutants_of("made.py")]

    monkeypatch.setattr("tests.mutants.making.ROOT", tmp_path)
    one, two = "def one(a):\n    return a + 1\n", "def two(a):\n    return a - 2\n"
    assert keys(two + one) == keys(two) + keys(one)
    assert not set(keys(one.replace("1", "3"))) & set(keys(one))


def test_fates_are_kept_as_they_are_known(tmp_path):
    path = tmp_path / "build" / "fates.jsonl"
    assert fates.kept(path) == {}
    first, second = (
        fate_of("a", "sim/core/chance.py", "survived"),
        fate_of("a", "sim/core/chance.py", "killed"),
    )
    other = fate_of("b", "sim/core/chance.py", "killed")
    for fate in (first, other, second):
        fates.keep(path, fate)
    assert fates.kept(path) == {"a": second, "b": other}


def test_the_page_counts_and_lists_who_survived_and_who_means_the_same():
    told = [
        fate_of("a", "sim/core/chance.py", "survived"),
        fate_of("b", "sim/core/chance.py", "killed"),
        fate_of("c", "sim/core/chance.py", "timed out"),
        fate_of("d", "sim/core/chance.py", "survived", "x < y"),
        fate_of("e", "sim/core/chance.py", "killed", "x < y"),
    ]
    known = [page.Judged("sim/core/chance.py", "of", "x < y", "a & b", "x is never y")]
    text = page.page(told, 5, dict.fromkeys(parts.PARTS, 90), known)
    assert "| `sim/core/chance.py` | 90 | 5 | 2 | 1 | 1 | 1 |" in text
    assert "Of those that are not equivalent, 3 of 4 were killed: 75.0%." in text
    equivalent, survivors = text[text.index("## Equivalent") :].split("## Survivors")
    assert "| `sim/core/chance.py`, `of` | `x < y` | `a & b` | x is never y |" in equivalent
    assert "| `sim/core/chance.py`, `of` | `a \\| b` | `a & b` |" in survivors
    assert "## Survivors" not in page.page(told[1:], 5, dict.fromkeys(parts.PARTS, 90), known)


def test_whoever_means_the_same_is_a_mutant_that_there_is():
    known = page.judged()
    there = {
        (mutant.file, mutant.name, *mutant.told())
        for file, name in {(one.file, one.name) for one in known}
        for mutant in mutants_of(file)
        if mutant.name == name
    }
    for one in known:
        assert (one.file, one.name, one.before, one.after) in there
        assert len(one.why) > 20, one


@pytest.mark.verification
def test_planted_mutants_are_killed_and_one_that_means_the_same_is_not(tmp_path: Path):
    """By the tests that run as plain Python, or that call nothing compiled."""

    def fate(here: fates.Bench, file: str, old: str, new: str) -> str:
        text = (ROOT / file).read_text()
        assert text.count(old) == 1, (file, old)
        stages = parts.PARTS[parts.part_of(file)].stages_of(file)
        return here.fate(file, text.replace(old, new), stages)[0]

    for part in ("sim/core/day", "sim/estimates"):
        with bench(part, tmp_path / part.replace("/", "-")) as here:
            for planted in PLANTED:
                if planted[0].startswith("sim/core") == (part != "sim/estimates"):
                    assert fate(here, *planted) == "killed", planted
            if part == "sim/core/day":
                assert fate(here, *SAME) == "survived"
                here.limit = 10
                assert fate(here, *ENDLESS) == "timed out"
