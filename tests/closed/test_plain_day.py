"""One day told again from docs/explanation/model.md is the engine's day, and errors in either are seen."""

import types
from pathlib import Path

import numpy as np
import pytest

from tests.closed import plain_answers as answers
from tests.closed import plain_day as day
from tests.closed import plain_militias as militias
from tests.closed import plain_words as words
from tests.closed.plain_state import lived_twice
from tests.mutated import Copy
from tests.sizes import small_and_full

HAPPENED = {
    "attacks": 600, "wounded": 200, "killed": 50, "alarm_deaths": 8, "avowed": 60, "avowed_harm": 20,
    "iraqis_killed": 15,
}  # fmt: skip
PLAIN_ERRORS = {
    "a day off": (militias, "s.day - s.pause_day", "s.day - s.pause_day + 1"),
    "a window a day too long": (answers, "s.day - s.hard_day >= s.window", "s.day - s.hard_day > s.window"),
    "a sign": (militias, '- p["militia.deterrence"]', '+ p["militia.deterrence"]'),
    "a channel reused": (answers, 'luck("us", "kind", 0)', 'luck("us", "level", 0)'),
    "a coefficient 1% off": (words, 'p["us.pressure_wounded"] *', '1.01 * p["us.pressure_wounded"] *'),
    "a missing wounded": (militias, "return 1 + negative", "return negative"),
    "a stance that follows backwards": (day, "goal + (s.stance - goal)", "s.stance + (goal - s.stance)"),
}
ENGINE_ERRORS = {
    "a day off": ("day/pause.py", "world.day - pause.day", "world.day - pause.day + 1"),
    "a sign": ("day/militias.py", "effect(-p.militia.deterrence,", "effect(p.militia.deterrence,"),
    "a channel reused": ("day/washington.py", 'PURPOSES["kind"]', 'PURPOSES["level"]'),
    "a coefficient 1% off": (
        "day/washington.py",
        "p.us.pressure_wounded, events",
        "1.01 * p.us.pressure_wounded, events",
    ),
    "a missing wounded": ("day/engagement.py", "return 1 + negative_binomial(", "return negative_binomial("),
    "stance and goal swapped": (
        "day/tehran.py",
        "drawn_towards(iran.stance, goal_of_stance(world, today, setting, p), p",
        "drawn_towards(goal_of_stance(world, today, setting, p), iran.stance, p",
    ),
}
COUNT = "from tests.closed.plain_state import lived_twice; print(sum(map(bool, lived_twice(1, 150)[1])))"


@pytest.mark.parametrize("count", small_and_full(300, 4_000))
def test_a_plain_day_is_the_engines_day(count):
    """Exact but for the last bits: no false alarm."""
    after, found = lived_twice(20231017, count)
    wrong = {n: differences for n, differences in enumerate(found) if differences}
    assert not wrong, dict(list(wrong.items())[:3])
    # and much did happen: of 1,000 states about twice as many as asked for
    for name, least in HAPPENED.items():
        assert (after["today"][name] > 0).sum() > least * count / 2000, name
    assert (np.bincount(after["us"]["level"], minlength=5)[1:] > count / 500).all()
    assert all(after["outcome"][name].sum() > count / 200 for name in ("pauses", "returns", "called_off"))


@pytest.mark.parametrize("error", PLAIN_ERRORS)
def test_an_error_in_the_plain_day_is_seen(error, monkeypatch):
    module, old, new = PLAIN_ERRORS[error]
    source = Path(module.__file__).read_text()
    assert source.count(old) == 1
    broken = types.ModuleType("broken")
    exec(compile(source.replace(old, new), "broken", "exec"), vars(broken))
    for teller in (day, militias):
        for name in set(vars(broken)) & set(vars(teller)):
            if not name.startswith("__"):
                monkeypatch.setattr(teller, name, getattr(broken, name))
    assert any(lived_twice(1, 250, day.plain_day)[1])


@pytest.mark.verification
def test_an_error_in_the_engine_is_seen(tmp_path):
    """The day interpreted, in a copy of the model in which one thing at a time is wrong."""
    copy = Copy(tmp_path)
    assert int(copy.run("-c", COUNT, timeout=300, NUMBA_DISABLE_JIT="1").stdout) == 0
    for error, (file, old, new) in ENGINE_ERRORS.items():
        copy.replace(f"sim/core/{file}", old, new)
        done = copy.run("-c", COUNT, timeout=300, NUMBA_DISABLE_JIT="1")
        assert done.returncode == 0, (error, done.stderr[-2000:])
        assert int(done.stdout) > 0, error
        copy.restore(f"sim/core/{file}")
