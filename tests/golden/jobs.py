"""The jobs, as data: command lines of `spiral`, carried out one after another in a folder of the job's own.

After ` < ` stands what is typed, a line each between bars. `python FUNCTION {...}` calls a function of `sim` with the
baseline and these arguments. The folder holds a copy of `inputs/`. Each job is as small as its command accepts.
"""

SCENARIOS = [
    "all-together", "baghdad-presses", "decisive-doctrine", "deterrence-only", "hizbollah-war",
    "host-pressure", "informal-agreement", "july-2024", "lethal-first-week", "october-2023",
    "restraint-doctrine", "revenge-only", "strike-in-iraq", "tehran-decides", "tower-22", "turn-of-2019",
    "withdrawal",
]  # fmt: skip

RUN, BASE = "run october-2023 --runs 200 --no-figures --out out", "october-2023"
SEAT = "--set end=2023-11-12"
EARLY = "--record record.yaml --as-of 2023-10-24"

JOBS: dict[str, tuple[str, ...]] = {
    **{f"run-{name}": (f"run {name} --runs 300 --no-figures --out out",) for name in SCENARIOS},
    # Ways to run
    "run-figures": (
        "run october-2023 --runs 200 --out out",
        "results verify out",
        "results --under . --json",
    ),
    "run-prior": (f"{RUN} --parameters prior",),
    "run-default": (f"{RUN} --parameters default",),
    "run-own-priors": (f"{RUN} --priors priors.yaml --random-seed 7",),
    "run-set": (f"{RUN} --set us.readiness=1 --set end=2024-03-31",),
    "run-summary": (f"{RUN} --keep summary --json",),
    "run-precision": (f"{RUN} --precision 0.2",),
    "run-blocks": (f"{RUN} --block-size 50 --threads 1",),
    "run-again": (RUN, RUN),
    "run-mesa": ("run october-2023 --runs 25 --engine mesa --no-figures --out out --set end=2023-12-31",),
    "plan": ("plan october-2023 --runs 500 --json",),
    # Many worlds
    "sweep-grid": (
        f"sweep {BASE} --vary us.readiness=-1:1:2 --vary iraq.pressing=-4,-2 --runs 50 --out out",
    ),
    "sweep-line": (f"sweep {BASE} --vary us.readiness=-1:1:3 --runs 50 --parameters default --out out",),
    "sweep-lhs": (
        f"sweep {BASE} --vary us.readiness=-1:1:2 --vary militia.fear_half_life=7,30 --design lhs --points 4 "
        "--runs 50 --out out --no-figures --json",
    ),
    "compare": (f"compare {BASE} restraint-doctrine --runs 200 --out out",),
    "compare-set": (
        f"compare {BASE} --set us.readiness=1 --runs 100 --parameters prior --no-figures --out out",
    ),
    "ask": (
        f"ask {BASE} strike-inside-iran pause-of-60-days us-killed-in-2023 --runs 1000 --against decisive-doctrine "
        "--out out",
        "plot out",
    ),
    "dilemma": (f"dilemma {BASE} --points 3 --runs 50 --out out",),
    "sobol": (f"sensitivity {BASE} --samples 16 --runs 2 --out out --no-figures", "plot out"),
    "morris": (f"sensitivity {BASE} --method morris --samples 4 --runs 2 --out out",),
    "discover": (f"discover {BASE} --rows 100 --out out",),
    "policy": (f"policy {BASE} --rows 2 --generations 1 --judged 8 --out out",),
    "warnings": (f"warnings {BASE} --runs 500 --out out",),
    # One run
    "why": (f"why {BASE} --run 0 --json", f"why {BASE} --pick first-spiral --parameters prior"),
    "why-tip": (f"why {BASE} --run 3 --tip --json {SEAT}", f"why {BASE} --run 3 --tip {SEAT}"),
    "why-ranking": (f"why {BASE} --runs 50 --json", f"why {BASE} --runs 50"),
    "why-feeding": (
        f"why {BASE} --feeding --runs 25 --json",
        f"why {BASE} --feeding --runs 25 --figure --out out",
    ),
    "trace": (f"trace {BASE} --run 3 --json", f"trace {BASE} --run 0", "trace tower-22 --run 1 --json"),
    "trace-story": (
        f"trace {BASE} --run 3 --story --figure --out out",
        f"trace {BASE} --pick worst --story --json",
    ),
    "trace-mesa": (f"trace {BASE} --run 3 --engine mesa --json --set end=2023-12-31",),
    # The record
    "forecast": (
        f"forecast {BASE} {EARLY} --timeline timeline.yaml --islands 2 --particles 200 --runs 100 --out out",
    ),
    "calibrate": (
        f"calibrate {BASE} --record record.yaml --until 2023-10-24 --islands 6 --particles 300 --rows 100 --out out",
    ),
    "validate": (f"validate {BASE} {EARLY} --runs 2000 --out out",),
    "rivals": (f"rivals {BASE} --islands 2 --runs 1000 --out out",),
    # A seat
    "play-us": (
        f"play {BASE} --as us --run 7 {SEAT} < help|?|strike 2|hold|next hold|export my-game.yaml|save game.yaml|quit",
        "play --resume game.yaml < look|next|next|model|quit",
        "run my-game.yaml --runs 50 --no-figures --out out",
    ),
    "play-others": tuple(
        f"play {BASE} --as {actor} {SEAT} --parameters default < ?|{order}|next|next|model|quit"
        for actor, order in (("iraq", "press"), ("iran", "hold"), ("badr", "attack 1"))
    ),
    # What is told without simulating, and what is refused
    "evidence": (
        "evidence",
        "evidence --json",
        "evidence us.readiness",
        "evidence attacks-iraq-24-oct --json",
    ),
    "scenarios": ("scenarios", "--version", *(f"check {name} --resolved" for name in SCENARIOS)),
    "check": tuple(f"check {name}" for name in ("october-2023", "tower-22", "revenge-only")),
    "refused": (
        "run october-2033",
        f"run {BASE} --set us.readines=1",
        f"run {BASE} --set us.readiness=99",
        f"sweep {BASE} --vary us.readiness=a:b:c",
        f"sensitivity {BASE} --samples 8",
        f"why {BASE} --run 3",
        f"forecast {BASE} --record priors.yaml",
    ),
    # From Python
    "api-run": ('python run {"runs": 100}', 'python run {"runs": 100, "parameters": "default"}'),
    "api-sweep": (
        'python sweep {"vary": {"us.readiness": "-1:1:2", "iraq.pressing": [-4, -2]}, "runs": 50}',
        'python sweep {"vary": {"us.readiness": {"from": -1, "to": 1, "points": 2}}, "runs": 50}',
    ),
    "api-compare": ('python compare {"runs": 100}',),
    "api-dilemma": ('python dilemma {"runs": 50, "points": 3}',),
    "api-sensitivity": ('python sensitivity {"method": "morris", "samples": 4, "runs": 2}',),
    "api-discover": ('python discover {"rows": 100}',),
    "api-policy": ('python policy {"rows": 2, "generations": 1, "judged": 8}',),
    "api-warnings": ('python warnings {"runs": 500}',),
}
