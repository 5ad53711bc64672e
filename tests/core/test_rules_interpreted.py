"""Rules and days give the same bytes compiled and as plain Python.

Run in both ways: with NUMBA_DISABLE_JIT=1 the rules here are plain Python and the subprocess is compiled; without it,
the other way round.
"""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

import sim
from tests.core import claims
from tests.core.claims.claim import points

pytestmark = pytest.mark.interpreted

INTERPRETED = bool(numba.config.DISABLE_JIT)
DAYS, RUNS = 30, (0, 26, 51, 2**40)
SCRIPT = """
import datetime, hashlib, sys
import numpy as np
from sim.simulate import make_job, simulate
from sim.scenario import Action, load_scenario

def order(day, actor, action, **more):
    date = datetime.date(2023, 10, 17) + datetime.timedelta(days=day)
    return Action.model_validate({"date": date, "actor": actor, "action": action, **more})

def worlds(name, days, runs):
    scenario = load_scenario(name)
    orders = ()
    if name == "october-2023":
        scenario = scenario.model_copy(update={"end": scenario.start + datetime.timedelta(days=days - 1)})
        orders = (
            order(3, "iraq", "press"), order(5, "badr", "attack", attacks=3, killed=2),
            order(6, "us", "strike", level=3, place="iraq"), order(8, "iran", "answer"),
        )
    elif scenario.past:
        past = scenario.past.model_copy(update={"end": scenario.start - datetime.timedelta(days=1)})
        end = scenario.start + datetime.timedelta(days=days - 1)
        scenario = scenario.model_copy(update={"end": end, "past": past})
    scenario = scenario.model_copy(update={"interventions": (*scenario.interventions, *orders)})
    with np.errstate(over="ignore"):
        return np.asarray(simulate(make_job(scenario), np.array(runs, np.uint64)))

if __name__ == "__main__":
    sys.stdout.write(worlds(sys.argv[1], int(sys.argv[2]), [int(r) for r in sys.argv[3:]]).tobytes().hex())
"""


def bits(value: object) -> bytes:
    return np.float64(value).tobytes()


@pytest.mark.parametrize("claim", claims.ALL, ids=lambda claim: claim.name)
def test_a_rule_is_the_same_to_the_last_bit_compiled_and_interpreted(claim):
    assert inspect.isfunction(claim.rule)
    compiled = numba.njit(error_model="numpy")(claim.rule) if not INTERPRETED else None

    for point in points(200, *claim.given.values()):
        value = claim.rule(*point)
        assert type(value) in (float, int, bool, np.float64)  # nothing wider or narrower on the way
        if compiled is not None:
            assert bits(compiled(*point)) == bits(value), point


def in_subprocess(*arguments: object, interpreted: bool) -> bytes:
    place = {**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1])}
    place.pop("NUMBA_DISABLE_JIT", None)
    if interpreted:
        place["NUMBA_DISABLE_JIT"] = "1"
    command = [sys.executable, "-c", SCRIPT, *map(str, arguments)]
    done = subprocess.run(command, env=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return bytes.fromhex(done.stdout)


@pytest.mark.parametrize("name", ["october-2023", "tower-22"])
def test_a_run_is_the_same_to_the_last_byte_compiled_and_interpreted(name):
    from sim.core.state import WORLD

    script: dict = {"__name__": "script"}
    exec(SCRIPT, script)
    here = script["worlds"](name, DAYS, RUNS)
    there = np.frombuffer(in_subprocess(name, DAYS, *RUNS, interpreted=not INTERPRETED), WORLD)
    assert len(here) == len(RUNS)
    assert here["day"].min() >= DAYS
    assert (here["outcome"]["attacks_iraq"] + here["outcome"]["attacks_syria"]).sum() > 0
    for field in WORLD.names:
        assert here[field].tobytes() == np.ascontiguousarray(there[field]).tobytes(), field
    assert here.tobytes() == there.tobytes()
