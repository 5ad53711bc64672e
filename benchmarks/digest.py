"""Records of twelve dates over 104 days, with wounded, killed and strikes of several levels, are digested.

Each is fitted by so many islands; what comes out is the effective number of draws, and the seconds of two processors.

    python -m benchmarks.digest [--seeds N] [--islands N] [--particles N]
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from benchmarks.long_records import live, problem_of, record_of, shaped
from benchmarks.measure import Claim, Options, Report
from sim.inference.fitting import LEAST_EFFECTIVE, Fit, fit_of
from sim.inference.islands import carry_out_island, islands_of
from sim.simulate.pools import on_threads

SEEDS, ISLANDS, PARTICLES, MOVES, CORES = 8, 8, 2_000, 60, 2
MOST_MINUTES = 15.0


@dataclass(frozen=True)
class Digested:
    """A fit, and the minutes of `CORES` processors that it took."""

    fit: Fit
    minutes: float

    @property
    def done(self) -> bool:
        """Whether it rests on enough draws, in time."""
        return self.fit.effective >= LEAST_EFFECTIVE and self.minutes <= MOST_MINUTES


def digested(seed: int, islands: int = ISLANDS, particles: int = PARTICLES) -> Digested:
    """Fit the record of the first world of the right shape that this seed gives."""
    lived = live()
    fitting = shaped(lived)
    problem = problem_of(record_of(lived, int(fitting[seed]), seed), seed + 1)
    began = time.process_time()
    rows = list(on_threads(carry_out_island, islands_of(problem, islands, particles, MOVES), CORES))
    minutes = (time.process_time() - began) / 60.0 / CORES
    return Digested(fit_of(problem, np.concatenate(rows)), minutes)


def measure(options: Options) -> Report:
    return report_of([digested(seed) for seed in range(options.pairs or SEEDS)])


def report_of(found: list[Digested]) -> Report:
    report = Report("digest")
    report.add("effective draws", "draws", [one.fit.effective for one in found])
    report.add(f"time of {CORES} processors", "minutes", [one.minutes for one in found])
    report.add("error of the log evidence", "nats", [one.fit.log_evidence_error for one in found])
    done = sum(one.done for one in found)
    claim = f"{LEAST_EFFECTIVE:.0f} effective draws in {MOST_MINUTES:.0f} minutes"
    report.claims.append(Claim(claim, f"{done} of {len(found)} records", done == len(found)))
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--islands", type=int, default=ISLANDS)
    parser.add_argument("--particles", type=int, default=PARTICLES)
    chosen = parser.parse_args()
    found = []
    for seed in range(chosen.first, chosen.first + chosen.seeds):
        found.append(digested(seed, chosen.islands, chosen.particles))
        one = found[-1]
        print(
            f"seed {seed}: {one.fit.effective:.0f} effective draws, {one.minutes:.1f} minutes, log evidence "
            f"{one.fit.log_evidence:.2f} +- {one.fit.log_evidence_error:.2f}",
            flush=True,
        )
    print(report_of(found).text(), flush=True)


if __name__ == "__main__":
    main()
