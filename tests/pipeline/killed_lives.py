"""A job that is killed again and again, and gone on with, until it has been killed as often as asked.

    python killed_lives.py FOLDER KILLS SEED

Each life is a process of its own, forked before anything is simulated, and killed by SIGKILL at a random moment. After
each death every file that the journal notes must hold what was written; each result that is finished must equal, byte
for byte, the one of a life that nobody disturbed. Prints one JSON object.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import filelock
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import scipy.special

from sim.experiments.run import Run
from sim.pipeline.answers import carry_out
from sim.pipeline.runner import Execution
from sim.scenario import load_scenario
from sim.simulate.fingerprint import fingerprint
from sim.store.standing import look_at

SCENARIO = load_scenario("october-2023", ["runs=625", "end=2023-11-30"])
LOADED = (filelock, np, pd, pq, scipy.special)  # so that no life need load them
JOB = Run(SCENARIO, "prior", block_size=25)
"""25 blocks of the scenario, and as many of each of seven altered worlds: 200."""

VARIES = ("began", "finished", "seconds", "sha256")


def contents(folder: Path) -> dict[str, object]:
    """Every file of a result, by name; of the manifest what does not hang on the clock."""
    found: dict[str, object] = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in (".lock", "manifest.json")
    }
    manifest = json.loads((folder / "manifest.json").read_bytes())
    return found | {"manifest.json": {k: v for k, v in manifest.items() if k not in VARIES}}


def life(folder: Path, seconds: float | None) -> bool:
    """Work on the job in a process of its own, killed after so many seconds; whether it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            carry_out(JOB, folder, Execution())
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        sys.exit("a life ended with an error")
    return os.WIFEXITED(status)


def main(home: Path, kills: int, seed: int) -> None:
    # Whoever forks must have no threads: Arrow starts its own when it first writes, so nothing is written here.
    fingerprint()
    life(home / "first", None)
    began = time.perf_counter()
    life(home / "undisturbed", None)
    span = time.perf_counter() - began
    whole, chance = contents(home / "undisturbed"), random.Random(seed)
    told = {"kills": 0, "within": 0, "results": 0, "blocks": look_at(home / "undisturbed").blocks}
    place = home / "killed"
    while told["kills"] < kills:
        ended = life(place, chance.uniform(0.0, 0.6 * span))
        told["kills"] += not ended
        at = look_at(place, every_bit=True) if (place / "manifest.json").exists() else None
        if at is not None and at.faults:
            sys.exit(f"not as written: {at.faults}")
        told["within"] += at is not None and not ended and 0 < at.counted < at.blocks
        if ended or told["kills"] == kills:
            if not ended:
                life(place, None)
            for name, found in contents(place).items():
                if found != whole.get(name):
                    sys.exit(f"result {told['results']} differs in {name}")
            if contents(place).keys() != whole.keys():
                sys.exit("a result lacks files")
            told["results"] += 1
            place = home / f"killed-{told['results']}"
    print(json.dumps(told | {"seconds": round(span, 2)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
