"""Compiled code kept on disk is never older than its sources: an edited rule changes the answer."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).parent
COMPILED_FROM = sorted(path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "core").rglob("*.py"))
ASK = """
import json
import numpy as np
import sim.core.jit
from sim.core import advance
from sim.simulate.parameter_draws import default_rows
from sim.scenario import load_scenario
from sim.simulate.timeline import timeline_of
from sim.core.state import new_worlds
from sim.simulate.setting import setting_of

scenario = load_scenario("october-2023")
worlds, rows, zeros = new_worlds(np.arange(20, dtype=np.uint64)), np.zeros(20, np.int64), np.zeros
advance.start(worlds, default_rows({}), rows, setting_of(scenario))
advance.advance(
    worlds, default_rows({}), rows, timeline_of(scenario), setting_of(scenario), np.uint64(1), 0, 20,
    zeros((0, 0, 0), np.int32), zeros((0, 0), np.int64), zeros((0, 0), np.int64),
)
print(json.dumps({
    "attacks": int((worlds.outcome.attacks_iraq + worlds.outcome.attacks_syria + worlds.outcome.attacks_jordan).sum()),
    "loaded": sum(advance.advance.stats.cache_hits.values()),
    "compiled": sum(advance.advance.stats.cache_misses.values()),
    "folder": sim.core.jit.cache_folder().name, "package": sim.__file__,
}))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, with the data beside it."""
    for name in ("scenarios", "seeds"):
        shutil.copytree(PACKAGE.parent / name, tmp_path / "copy" / name)
    shutil.copytree(PACKAGE, tmp_path / "copy" / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "copy"


def ask(copy: Path) -> dict:
    """Run a small simulation in a fresh process."""
    place = {**os.environ, "PYTHONPATH": str(copy), "SPIRAL_CACHE_DIR": str(copy.parent / "cache")}
    place.pop("NUMBA_DISABLE_JIT", None)
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=copy, env=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout)
    assert answer["package"] == str(copy / "sim" / "__init__.py")
    return answer


def edit(copy: Path, name: str, old: str, new: str) -> None:
    path = copy / "sim" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{name} no longer says {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.verification
def test_an_edited_rule_changes_the_answer_of_a_fresh_process(copy):
    first = ask(copy)
    assert (first["loaded"], first["compiled"]) == (0, 1)
    again = ask(copy)
    assert (again["loaded"], again["compiled"]) == (1, 0)  # kept on disk
    assert (again["attacks"], again["folder"]) == (first["attacks"], first["folder"])
    edit(
        copy,
        "core/rules/militia.py",
        "return tempo * share * exp(will) * shock",
        "return 3.0 * tempo * share * shock",
    )
    edited = ask(copy)
    assert edited["compiled"] == 1
    assert edited["folder"] != first["folder"]
    assert edited["attacks"] > 1.3 * first["attacks"] > 0


def folder_of(copy: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The cache folder that the copy would use, without compiling."""
    monkeypatch.setenv("SPIRAL_CACHE_DIR", str(cache))
    spec = importlib.util.spec_from_file_location("copied_jit", copy / "sim" / "core" / "jit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.cache_folder().name


def test_any_edit_of_what_compiled_code_is_made_from_changes_the_folder(copy, monkeypatch):
    folders = {folder_of(copy, copy.parent / "cache", monkeypatch)}
    for name in COMPILED_FROM:
        with (copy / "sim" / name).open("a", encoding="utf-8") as file:
            file.write("\n# edited\n")
        folder = folder_of(copy, copy.parent / "cache", monkeypatch)
        assert folder not in folders, name
        folders.add(folder)
    assert {"core/day/militias.py", "core/rules/militia.py", "core/advance.py"} <= set(COMPILED_FROM)


def test_compiled_code_lies_in_its_own_folder_alone():
    """Elsewhere it would not count in the name of the cache folder."""
    compiled = re.compile(r"^from sim\.core\.jit import .*\b(rule|entry)\b|njit", re.MULTILINE)
    holders = [p for p in PACKAGE.rglob("*.py") if compiled.search(p.read_text(encoding="utf-8"))]
    assert len(holders) > 15
    assert [p for p in holders if PACKAGE / "core" not in p.parents] == []


def test_a_constant_of_chance_and_a_new_file_change_the_folder(copy, monkeypatch):
    cache = copy.parent / "cache"
    folders = [folder_of(copy, cache, monkeypatch)]
    edit(copy, "core/chance.py", '"press": 3,', '"press": 33,')
    folders.append(folder_of(copy, cache, monkeypatch))
    (copy / "sim" / "core" / "rules" / "new.py").write_text("NEW = 1\n")
    folders.append(folder_of(copy, cache, monkeypatch))
    assert len(set(folders)) == 3


def test_what_is_never_compiled_keeps_the_folder(copy, monkeypatch):
    cache = copy.parent / "cache"
    before = folder_of(copy, cache, monkeypatch)
    for name in ("evidence.py", "parameters/engagement.py", "report/figures/style.py", "scenario/errors.py"):
        with (copy / "sim" / name).open("a", encoding="utf-8") as file:
            file.write("\n# edited\n")
    assert folder_of(copy, cache, monkeypatch) == before
