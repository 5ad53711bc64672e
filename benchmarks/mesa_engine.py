"""A day of our Mesa model takes at most 3 times as long as a day of an ordinary Mesa model.

The ordinary one has as many agents (the scenario's militias and three governments), each with plain Python attributes
and one `step`, called by `agents.do`. In a day it draws as many random numbers as ours, from `model.random`, spread
over its agents, and for each does one piece of arithmetic; then its DataCollector collects as many reporters of the
model and of the agents. Shown too, to see where the time goes, are both without collecting, and an ordinary model whose
day has as many phases as ours, each a method called by `do`. Parameters are at their defaults; the time is processor
time; making a model is not part of it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

from benchmarks.measure import SCENARIO, Claim, Options, Report, interleave, ratios
from benchmarks.uniforms import count_uniforms, describe, processor_time
from sim.mesa.agents import READINGS, mesa
from sim.mesa.model import COLLECTED, EscalationModel
from sim.scenario import load_scenario
from sim.simulate.job import make_job

RUNS, PAIRS, COUNTED = 10, 15, 20
MOST = 3.0
PHASES = 5  # of a militia, the most that an agent of ours has
BARE = ", not collecting"


class Plain(mesa.Agent):
    """An agent with attributes, that draws its share of the day's numbers."""

    def __init__(self, model: PlainModel, draws: int) -> None:
        super().__init__(model)
        self.draws = draws
        self.name = f"agent {self.unique_id}"
        for field in READINGS:
            setattr(self, field, 0.5)

    def step(self) -> None:
        for _ in range(self.draws):
            self.anger += 0.1 * (self.random.random() - self.anger)

    def rest(self) -> None:
        self.fear *= 0.9


class PlainModel(mesa.Model):
    """Plain agents, and as many numbers of its own as are collected of ours."""

    def __init__(self, agents: int, draws: int, phases: int, collect: bool) -> None:
        super().__init__(seed=1)
        for agent in range(agents):
            Plain(self, (agent + 1) * draws // agents - agent * draws // agents)
        self.collect, self.phases = collect, phases
        names = ["date", *(f"{group}_{name}" for group, names in COLLECTED.items() for name in names)]
        for name in names:
            setattr(self, name, 0.5)
        self.datacollector = mesa.DataCollector(
            model_reporters={name: name for name in names},
            agent_reporters={name: name for name in ("name", *READINGS)},
        )

    def step(self) -> None:
        self.agents.do("step")
        for _ in range(self.phases - 1):
            self.agents.do("rest")
        if self.collect:
            self.datacollector.collect(self)


def measure(options: Options) -> Report:
    report = Report("mesa_engine")
    runs, pairs = options.runs or RUNS, options.pairs or PAIRS
    job = make_job(load_scenario(SCENARIO), "default")
    counted = count_uniforms(COUNTED)
    draws = round(counted["drawn"]["mean"] / job.days)
    agents = len(EscalationModel(job).agents)
    numbers = iter(range(10**9))

    def ours(collect: bool) -> Callable[[], mesa.Model]:
        return lambda: EscalationModel(job, next(numbers) % 1000, collect=collect)

    def plain(phases: int, collect: bool) -> Callable[[], mesa.Model]:
        return lambda: PlainModel(agents, draws, phases, collect)

    made = {
        "ours": ours(True),
        "ordinary": plain(1, True),
        f"ordinary, {PHASES} phases": plain(PHASES, True),
        f"ours{BARE}": ours(False),
        f"ordinary{BARE}": plain(1, False),
        f"ordinary, {PHASES} phases{BARE}": plain(PHASES, False),
    }
    clocks = {name: lambda make=make: live(make, runs, job.days) for name, make in made.items()}
    for clock in clocks.values():
        clock()
    taken = interleave(pairs, clocks)
    report.notes += [
        f"{agents} agents, {draws} draws a day ({describe(counted)}), {runs} runs of {job.days} days a measure"
    ]
    for name, values in taken.items():
        report.add(f"a day, {name}", "µs", [s / runs / job.days * 1e6 for s in values])
    for name in [*taken][1:3]:
        report.add(f"ours to {name}", "ratio", ratios(taken["ours"], taken[name]))
        bare = ratios(taken[f"ours{BARE}"], taken[f"{name}{BARE}"])
        report.add(f"ours to {name}{BARE}", "ratio", bare)
    middle = statistics.median(ratios(taken["ours"], taken["ordinary"]))
    claim = f"a day at most {MOST:g} times that of an ordinary Mesa model"
    report.claims.append(Claim(claim, f"median {middle:.2f}", middle <= MOST))
    return report


def live(make: Callable[[], mesa.Model], runs: int, days: int) -> float:
    """Processor time of some runs, one after the other."""
    seconds = 0.0
    for _ in range(runs):
        model = make()
        seconds += processor_time(lambda model=model: [model.step() for _ in range(days)])
    return seconds


if __name__ == "__main__":
    print(measure(Options()).text())
