"""Count the uniforms that runs draw, and those whose value then mattered: `python -m benchmarks.counting N`.

The rules must be plain Python for it (NUMBA_DISABLE_JIT=1): every module's `uniform` is replaced by one that
notes the address and passes the value on. Two kinds of draw can turn out not to matter, and compiled code is
free to leave them out: whether an attack was meant to kill, once it is stopped; and the shock that militias
share, on a day when none of them draws its attacks.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numba
import numpy as np

from benchmarks.measure import SCENARIO
from sim.core import chance
from sim.core.chance import IRAN, PURPOSES
from sim.scenario import load_scenario
from sim.simulate import make_job, simulate

Address = tuple[int, ...]
RUN, DATE, ACTOR, PURPOSE, ITEM = range(5)


def note_uniforms() -> set[Address]:
    """Replace `uniform` wherever it was imported, and give the set that addresses will be put into."""
    if not numba.config.DISABLE_JIT:
        raise SystemExit("counting needs NUMBA_DISABLE_JIT=1")
    drawn: set[Address] = set()
    original = chance.uniform

    def noted(random_seed: Any, *address: Any) -> float:
        drawn.add(tuple(map(int, address)))
        return original(random_seed, *address)

    for name, module in sys.modules.items():
        if name.startswith("sim.") and getattr(module, "uniform", None) is original:
            module.uniform = noted
    return drawn


def without_effect(drawn: set[Address]) -> set[Address]:
    """Addresses whose value could change nothing in the end."""
    intent, killed = PURPOSES["intent"], PURPOSES["killed"]
    shock, attacks = PURPOSES["shock"], PURPOSES["attacks"]
    deadly = {(a[RUN], a[DATE], a[ACTOR], a[ITEM]) for a in drawn if a[PURPOSE] == killed}
    moved = {(a[RUN], a[DATE]) for a in drawn if a[PURPOSE] == attacks}
    return {
        a
        for a in drawn
        if (a[PURPOSE] == intent and a[ACTOR] != IRAN and (a[RUN], a[DATE], a[ACTOR], a[ITEM]) not in deadly)
        or (a[PURPOSE] == shock and (a[RUN], a[DATE]) not in moved)
    }


def main(runs: int) -> None:
    drawn = note_uniforms()
    job = make_job(load_scenario(SCENARIO), "default")
    numbers = np.arange(runs, dtype=np.uint64)
    simulate(job, numbers)
    used = drawn - without_effect(drawn)
    counts = {
        "drawn": np.bincount([a[RUN] for a in drawn], minlength=runs),
        "used": np.bincount([a[RUN] for a in used], minlength=runs),
    }
    found: dict[str, Any] = {"runs": runs, "days": job.days}
    for name, by_run in counts.items():
        found[name] = {"mean": by_run.mean(), "error": by_run.std(ddof=1) / np.sqrt(runs)}
    names = {number: name for name, number in PURPOSES.items()}
    kinds = np.bincount([a[PURPOSE] for a in drawn], minlength=max(names) + 1) / runs
    found["by purpose"] = {names[n]: kinds[n] for n in sorted(names) if kinds[n] > 0}
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
