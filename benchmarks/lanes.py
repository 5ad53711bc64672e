"""What living worlds side by side gains, and how near the loops over lanes come to C.

Worlds lived sixteen at a time, as `advance.advance` does, and one after the other, each day whole, by the same text of
the day, compiled alike: processor time on one core, wall time on two threads, with the counting into the daily tables.
The days without what happens seldom, and a few steps of them beside lanes.c at -O3: Tehran's stance, the militias' will
and rates, and a uniform each, in the same pack; what stands in it afterwards must be the same to the last bit. A run
against the project's own Mesa engine, which collects its data, and against its own uniforms, as benchmarks/uniforms.py
counts them. Parameters are at their defaults, but drawn from their priors for lives on two threads.
"""

from __future__ import annotations

import ctypes
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FunctionType
from typing import Any

import numba
import numpy as np

from benchmarks.measure import ROOT, SCENARIO, Claim, Options, Report, interleave, ratios
from benchmarks.uniforms import COUNTED, count_uniforms, describe, draw_for_many, processor_time, simulate
from sim.core import advance, boarding, packs
from sim.core.chance import PURPOSES
from sim.core.day.loops import in_lanes
from sim.core.day.militias import attack_or_none, militia_weighs, rate_of_the_day
from sim.core.day.order import PHASES_OF_THE_DAY
from sim.core.day.steps import Each, Phase, Step, each, phase
from sim.core.day.tehran import stance_moves
from sim.core.jit import entry, rule
from sim.core.lanes import LANES
from sim.core.state import DAY, SETTING, WORLD
from sim.mesa.model import EscalationModel
from sim.scenario import load_scenario
from sim.simulate.job import Job, make_job, prepare
from sim.simulate.parameter_draws import PARAMETERS
from sim.simulate.tallies import new_tallies

RUNS, PAIRS, IN_MESA = 20_000, 5, 5
MOST_OF_UNIFORMS, LEAST_OF_MESA, MOST_OF_C = 3.5, 250.0, 1.2
LANED, IN_TURN = "a run in lanes", "a run one after the other"
ON_TWO = ", two threads"
DENSE, STEPS, C = (
    "a run without what is seldom",
    "four steps of a day and lane",
    "four steps of a day and lane in C,",
)
BY_MESA, BARE, UNIFORMS = "a run by the Mesa engine", ", not collecting", "the uniforms of a run"
BLOCKED = "a run as the command has it, its second life too"


# The same days with other loops


def rebuilt(function: Callable[..., Any], **others: Any) -> Callable[..., Any]:
    """A function of sim.core.advance compiled anew, in which some of what it calls is another."""
    return numba.njit(error_model="numpy", nogil=True)(
        FunctionType(function.__code__, {**vars(advance), **others})
    )


one_by_one = entry(advance.one_by_one)


def always(phases: tuple[Phase, ...]) -> Iterator[Phase]:
    """Phases without the steps that are taken where a condition holds."""
    for made in phases:
        kept: list[Step | Each] = []
        for step in made.steps:
            if isinstance(step, Each):
                inner = tuple(s for s in step.steps if s.condition is None)
                kept += [Each(inner)] if inner else []
            elif step.condition is None:
                kept.append(step)
        if kept:
            yield Phase(made.name, made.says, tuple(kept))


@rule
def next_day(world):  # type: ignore[no-untyped-def]
    """The next date."""
    world.date += 1


FOUR = phase("four", "", stance_moves, each(militia_weighs), each(rate_of_the_day, attack_or_none), next_day)
live_four = in_lanes([FOUR], advance.IN_A_PACK)


@numba.njit(error_model="numpy")
def filled_pack(worlds, parameters, rows, timeline, setting):  # type: ignore[no-untyped-def]
    """A pack with the first worlds, on the first day."""
    pack, of_parameters = packs.new_pack(parameters), boarding.doubles_of(parameters)
    packs.put_into_all(pack, packs.SETTING_STARTS, packs.OF_SETTING, setting, 0, -1)
    packs.put_into_all(pack, packs.DAY_STARTS, packs.OF_DAY, timeline, 0, -1)
    for lane in range(LANES):
        packs.put_in(pack, 0, packs.OF_WORLD, worlds, lane, lane)
        packs.put_in(pack, packs.PARAMETERS_START, of_parameters, parameters, rows[lane], lane)
    return pack


@numba.njit(error_model="numpy")
def days_of_four(pack, worlds, parameters, rows, timeline, setting, seed, days):  # type: ignore[no-untyped-def]
    """Some days of four steps."""
    chosen = np.empty(LANES, np.int64)
    for _ in range(days):
        live_four(pack, LANES, worlds, parameters, rows, timeline[:1], setting, seed, chosen)


# C

USED = {
    "world": (
        "us.step us.posture=us_posture us.troops=us_troops us.credibility=credibility iran.war_fear=war_fear "
        "iran.grievance=grievance iran.stance=stance iran.stance_start=stance_start iraq.bargain=bargain "
        "iraq.talks=iraq_talks iraq.capital=capital outcome.brake_days=brake_days shock date luck=run_luck "
        "past.until=past_until past.seed=past_seed us.step=us_step "
        "militias.autonomy militias.anger militias.fear militias.restraint militias.will militias.rate militias.none "
        "militias.luck militias.arsenal militias.standing_down militias.attacks militias.actor_id"
    ),
    "day": (
        "gaza=today_gaza lebanon=today_lebanon others_will=today_others_will others_stance=today_others_stance "
        "orders.attacks=orders_attacks"
    ),
    "setting": (
        "militia_count reference.gaza=then_gaza reference.lebanon=then_lebanon reference.troops=then_troops "
        "reference.talks=then_talks reference.posture=then_posture militias.share militias.capacity "
        "militias.autonomy=then_autonomy"
    ),
    "p": (
        "iran.restraint=p_restraint iran.stance_gaza=p_stance_gaza iran.stance_war_fear=p_stance_war_fear "
        "iran.stance_grievance=p_stance_grievance iran.stance_mediation=p_stance_mediation "
        "iran.posture_fear=p_posture_fear iran.stance_keep=p_stance_keep iran.dilution=p_dilution "
        "militia.gaza=p_gaza militia.lebanon=p_lebanon militia.presence=p_presence militia.hurry=p_hurry "
        "militia.revenge=p_revenge militia.deterrence=p_deterrence militia.doubt=p_doubt militia.bargain=p_bargain "
        "militia.tehran=p_tehran militia.provocation=p_provocation militia.backlash=p_backlash "
        "militia.will_ceiling=p_will_ceiling militia.tempo=p_tempo militia.leak=p_leak "
        "us.credibility_start=p_credibility_start"
    ),
}
"""Fields of a pack that lanes.c reads or writes, and what they are called there if not by their last name."""

STARTS = {
    "world": (WORLD, 0),
    "day": (DAY, packs.DAY_STARTS),
    "setting": (SETTING, packs.SETTING_STARTS),
    "p": (PARAMETERS, packs.PARAMETERS_START),
}


def header() -> str:
    """Where the fields of a pack are, for C."""
    lines = ["#include <stdint.h>", f"#define LANES {LANES}", f"#define ATTACKS {PURPOSES['attacks']}"]
    for record, used in USED.items():
        for word in used.split():
            path, _, name = word.partition("=")
            kind, byte = STARTS[record]
            step = 0
            for part in path.split("."):
                assert kind.fields is not None
                kind, offset = kind.fields[part][:2]
                byte += offset
                if kind.subdtype is not None:
                    kind = kind.subdtype[0]
                    step = kind.itemsize
            number = {"f": "double", "i": f"int{8 * kind.itemsize}_t", "u": "uint64_t"}[kind.kind]
            index = f"({byte} + {step} * (i))" if step else str(byte)
            lines.append(
                f"#define {name or path.split('.')[-1]}({'pack, i' if step else 'pack'}) "
                f"(({number} *)((pack) + {index} * LANES))"
            )
    return "\n".join([*lines, ""])


FLAGS = [
    *("-O3", "-march=native", "-std=gnu11", "-shared", "-fPIC"),
    *("-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"),  # as numba has it
]


def in_c(folder: Path) -> dict[str, Callable[[np.ndarray, int, int], None]]:
    """The four steps in C, by every compiler that works."""
    source, built = folder / "lanes.c", {}
    source.write_text(header() + (ROOT / "benchmarks" / "lanes.c").read_text())
    for compiler in filter(shutil.which, ("gcc", "clang")):
        library = folder / f"{compiler}.so"
        command = [compiler, *FLAGS, "-o", str(library), str(source), "-lm"]
        if subprocess.run(command, capture_output=True).returncode:
            continue
        function = ctypes.CDLL(str(library)).live_days
        function.argtypes, function.restype = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_int64], None
        built[f"{C} {compiler} -O3"] = lambda pack, *rest, f=function: f(pack.ctypes.data, *rest)
    return built


# The measures


class Begun:
    """Worlds of a job on their first morning, to be lived again and again."""

    def __init__(self, job: Job, runs: int) -> None:
        self.job = job
        self.worlds, self.table, self.rows, self.segment = prepare(job, np.arange(runs, dtype=np.uint64))

    def live(self, worlds: np.ndarray, rows: np.ndarray, by: Callable[..., Any]) -> None:
        seed, counts = np.uint64(self.job.random_seed), new_tallies(self.job.days).daily
        by(
            worlds,
            self.table,
            rows,
            self.segment.timeline,
            self.segment.setting,
            seed,
            0,
            self.job.days,
            *counts,
        )

    def on_one(self, by: Callable[..., Any]) -> float:
        """Processor time on one thread."""
        worlds = self.worlds.copy()
        return processor_time(lambda: self.live(worlds, self.rows, by))

    def on_two(self, by: Callable[..., Any]) -> float:
        """Wall time on two threads, each with half of the worlds."""
        worlds = self.worlds.copy()
        half = len(worlds) // 2
        parts = [(worlds[:half], self.rows[:half]), (worlds[half:], self.rows[half:])]
        with ThreadPoolExecutor(2) as pool:
            began = time.perf_counter()
            list(pool.map(lambda part: self.live(*part, by), parts))
            return time.perf_counter() - began


class Pack:
    """A pack whose lanes live four steps a day, by us or in C; each from the same beginning."""

    def __init__(self, begun: Begun) -> None:
        days = begun.segment
        self.taken = begun.worlds, begun.table, begun.rows, days.timeline, days.setting
        self.seed = begun.job.random_seed
        self.ends: dict[str, bytes] = {}

    def seconds(self, name: str, live: Callable[[np.ndarray, int, int], None] | None = None) -> float:
        pack = filled_pack(*self.taken)
        if live is None:
            seed = np.uint64(self.seed)
            seconds = processor_time(lambda: days_of_four(pack, *self.taken, seed, DATES))
        else:
            seconds = processor_time(lambda: live(pack, self.seed, DATES))
        self.ends[name] = pack.tobytes()
        return seconds


DATES = 50_000  # a date has 16 bits


def by_mesa(job: Job, numbers: Iterator[int], collect: bool) -> float:
    """Processor time of a run by the Mesa engine, making it included."""

    def live() -> None:
        model = EscalationModel(job, next(numbers) % 1000, collect=collect)
        while model.running:
            model.step()

    return sum(processor_time(live) for _ in range(IN_MESA)) / IN_MESA


def measure(options: Options) -> Report:
    report = Report("lanes")
    runs, pairs = options.runs or RUNS, options.pairs or PAIRS
    job = make_job(load_scenario(SCENARIO), "default")
    begun, drawn = Begun(job, runs), Begun(make_job(load_scenario(SCENARIO), "prior"), runs)
    dense = rebuilt(
        advance.side_by_side, live_lanes=in_lanes(list(always(PHASES_OF_THE_DAY)), advance.IN_A_PACK)
    )
    counted = count_uniforms(COUNTED)
    a_run, first = round(counted["used"]["mean"]), int(job.segments[-1].timeline["date"][0])
    seed, numbers, pack = np.uint64(job.random_seed), iter(range(10**9)), Pack(drawn)
    measures: dict[str, Callable[[], float]] = {
        LANED: lambda: begun.on_one(advance.advance) / runs,
        IN_TURN: lambda: begun.on_one(one_by_one) / runs,
        LANED + ON_TWO: lambda: drawn.on_two(advance.advance) / runs,
        IN_TURN + ON_TWO: lambda: drawn.on_two(one_by_one) / runs,
        DENSE: lambda: begun.on_one(dense) / runs,
        BLOCKED: lambda: processor_time(lambda: simulate(job, runs)) / runs,
        UNIFORMS: lambda: processor_time(lambda: draw_for_many(seed, runs, first, job.days, a_run)) / runs,
        BY_MESA: lambda: by_mesa(job, numbers, True),
        BY_MESA + BARE: lambda: by_mesa(job, numbers, False),
        STEPS: lambda: pack.seconds(STEPS) / DATES / LANES,
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, c in in_c(Path(folder)).items():
            measures[name] = lambda name=name, c=c: pack.seconds(name, c) / DATES / LANES
        for clock in measures.values():
            clock()
        taken = interleave(pairs, measures)
    told(report, taken, job.days)
    report.notes += [describe(counted), f"{runs:,} runs a measure, {job.days} days; {LANES} lanes"]
    claims(report, taken, pack)
    return report


def told(report: Report, taken: dict[str, list[float]], days: int) -> None:
    for name, values in taken.items():
        small = name.startswith(STEPS)
        report.add(name, "ns" if small else "µs", [s * (1e9 if small else 1e6) for s in values])
    report.add("a day and lane without what is seldom", "ns", [s / days * 1e9 for s in taken[DENSE]])
    several = [
        (IN_TURN, LANED),
        (IN_TURN + ON_TWO, LANED + ON_TWO),
        (LANED, DENSE),
        (BLOCKED, UNIFORMS),
        (LANED, UNIFORMS),
    ]
    for above, below in [
        *several,
        (BY_MESA, LANED),
        *((STEPS, name) for name in taken if name.startswith(C)),
    ]:
        report.add(f"{above} to {below}", "ratio", ratios(taken[above], taken[below]))


def claims(report: Report, taken: dict[str, list[float]], pack: Pack) -> None:
    def middle(above: str, below: str) -> float:
        return statistics.median(ratios(taken[above], taken[below]))

    own, mesa = middle(BLOCKED, UNIFORMS), middle(BY_MESA, LANED)
    report.claims += [
        Claim(
            f"a run at most {MOST_OF_UNIFORMS:g} times its uniforms",
            f"median {own:.2f}",
            own <= MOST_OF_UNIFORMS,
        ),
        Claim(
            f"at least {LEAST_OF_MESA:g} times as fast as the Mesa engine, both counting",
            f"median {mesa:.0f}",
            mesa >= LEAST_OF_MESA,
        ),
    ]
    by_c = [name for name in taken if name.startswith(C)]
    claim = f"four steps at most {MOST_OF_C:g} times those in C, by the better compiler"
    if not by_c:
        report.claims.append(Claim(claim, "skipped: no C compiler that works", None))
        return
    if any(pack.ends[STEPS] != pack.ends[name] for name in by_c):
        report.claims.append(Claim(claim, "the packs differ in the end", False))
        return
    least = max(middle(STEPS, name) for name in by_c)
    report.claims.append(Claim(claim, f"median {least:.2f}, same bits", least <= MOST_OF_C))


if __name__ == "__main__":
    print(measure(Options()).text())
