"""Compile all that tests call, and keep it on disk, before the workers of a test run start: python -m tests.warm."""

import numpy as np

from sim.experiments.calibrate import AS_OF
from sim.experiments.why.chains import chains
from sim.experiments.why.offspring import offspring_table
from sim.inference.islands import Problem, carry_out_island, islands_of
from sim.inference.observation.reading import shipped_record
from sim.mesa.watched import watch
from sim.replay.log import log_of
from sim.replay.replay import replay
from sim.scenario import load_scenario
from sim.scenario.questions import read_text
from sim.simulate.asked import Asked
from sim.simulate.blocks import simulate_block
from sim.simulate.fingerprint import fingerprint
from sim.simulate.job import make_job


def main() -> None:
    baseline, later = load_scenario("october-2023"), make_job(load_scenario("tower-22"))
    for job in (make_job(baseline, "posterior"), later):
        simulate_block(job, 0, 25)
    fingerprint()
    asked = Asked.of(baseline, [read_text("us killed")])
    asked.live(make_job(baseline), np.arange(2, dtype=np.uint64))
    carry_out_island(islands_of(Problem(baseline, shipped_record(), AS_OF), 1, 100, 1)[0])
    offspring_table(later, np.arange(2, dtype=np.uint64))
    chains(make_job(baseline), 100, sample=1, threads=1)
    for job, run in ((later, 25), (make_job(baseline), 41)):
        log_of(replay(job, run))
    simulate_block(make_job(load_scenario("october-2023", ["end=2023-10-27"])), 0, 1, live=watch)


if __name__ == "__main__":
    main()
