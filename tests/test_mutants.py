"""Mutants are what they say, and the tests of their part kill those that matter."""

import ast

import pytest

from tests import mutants
from tests.mutated import ROOT


@pytest.mark.parametrize(
    "file", ["sim/core/rules/washington.py", "sim/core/day/pause.py", "sim/outcomes/outcome.py"]
)
def test_a_mutant_is_its_file_with_one_thing_changed(file):
    original = ast.unparse(ast.parse((ROOT / file).read_text()))
    made = mutants.mutants_of(file)
    assert len(made) > 10
    for mutant in made:
        assert mutant.source != original, (mutant.line, mutant.before)
        compile(mutant.source, file, "exec")
        changed = set(mutant.source.splitlines()) ^ set(original.splitlines())
        assert 1 <= len(changed) <= 4, (mutant.line, mutant.before)


def test_every_file_of_the_model_has_tests_that_are_to_kill_its_mutants():
    for group, stages in mutants.TESTS.items():
        assert (ROOT / group).exists()
        for _, tests in stages:
            assert all((ROOT / test).exists() for test in tests.split())


def test_the_page_lists_survivors():
    mutant = mutants.Mutant("sim/core/chance.py", 7, "a | b", "a & b", "")
    told = mutants.page([mutants.Fate(mutant, "survived"), mutants.Fate(mutant, "killed")], 5)
    assert "| `sim/core/chance.py` | 2 | 1 | 0 | 1 |" in told
    assert "| `sim/core/chance.py`, line 7 | `a \\| b` | `a & b` |" in told
