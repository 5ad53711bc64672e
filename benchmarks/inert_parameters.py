"""Which parameters move nothing: total effect of each, with luck held fixed.

For each parameter its draw is exchanged in half of the pairs for an independent one, everything else, luck included,
staying as it was; half the mean square of the change over the variance of the outcome is the total effect (Jansen
1999). Addressed luck makes the change zero wherever the parameter did not matter.

    python -m benchmarks.inert_parameters [--draws N] [--write]
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from sim.core import advance
from sim.core.state import new_worlds
from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.scenario.given import fixed_by
from sim.simulate.job import NOTHING
from sim.simulate.parameter_draws import prior_rows
from sim.simulate.setting import setting_of
from sim.simulate.timeline import timeline_of

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "inert-parameters.md"
LIMIT = 0.003


def outcomes_of(worlds: np.ndarray) -> dict[str, np.ndarray]:
    """What a run is judged by: every outcome that some article's claim is about."""
    o = np.asarray(worlds)["outcome"]
    attacks = o["attacks_iraq"] + o["attacks_syria"] + o["attacks_jordan"]
    return {
        "direct": o["direct_day"] >= 0,
        "reciprocal": o["reciprocal_day"] >= 0,
        "rung 4": o["peak_rung"] >= 4,
        "attacks": np.log1p(attacks),
        "share outside Iraq": 1.0 - o["attacks_iraq"] / np.maximum(attacks, 1),
        "wounded": np.log1p(o["wounded"]),
        "killed": o["killed"] > 0,
        "strikes": np.log1p(o["strikes"].sum(axis=1)),
        "strikes in Iraq": np.log1p(o["strikes_in_iraq"]),
        "bargains": np.log1p(o["bargains"]),
        "withdrawal": o["status"],
        "longest quiet": o["longest_quiet"],
        "avowed": o["avowed"] > 0,
        "alarm deaths": np.log1p(o["alarm_deaths"]),
        "troops": np.asarray(worlds)["us"]["troops"],
        "killed in all": np.log1p(o["killed"]),
    }


def total_effects(draws: int) -> dict[str, dict[str, float]]:
    """Total effect of every uncertain parameter on every outcome, in [0, 1]."""
    scenario = load_scenario("october-2023")
    setting, timeline, fixed = setting_of(scenario), timeline_of(scenario), fixed_by(scenario)
    seed, rows = np.uint64(scenario.random_seed), np.arange(draws)
    base, other = (prior_rows(rows + shift, scenario.random_seed, fixed) for shift in (0, 10_000_000))

    def run(table: np.ndarray) -> dict[str, np.ndarray]:
        worlds = new_worlds(rows.astype(np.uint64))
        advance.start(worlds, table, rows, setting)
        advance.advance(worlds, table, rows, timeline, setting, seed, 0, len(timeline), *NOTHING)
        return {name: values.astype(float) for name, values in outcomes_of(worlds).items()}

    before = run(base)

    def effect(name: str) -> dict[str, float]:
        table = base.copy()
        group, key = name.split(".")
        for field in {key, key.replace("_half_life", "_keep")}:
            np.asarray(table)[group][field] = np.asarray(other)[group][field]
        after = run(table)
        return {k: float(np.mean((after[k] - v) ** 2) / 2 / max(v.var(), 1e-12)) for k, v in before.items()}

    names = [name for name, p in REGISTRY.items() if p.prior is not None and name not in fixed]
    with ThreadPoolExecutor() as pool:
        return dict(zip(names, pool.map(effect, names), strict=True))


def page(effects: dict[str, dict[str, float]], draws: int) -> str:
    """The page of the documentation: parameters under the limit, and the largest effect of each of the others."""
    largest = {name: max(e.items(), key=lambda item: item[1]) for name, e in effects.items()}
    order = sorted(largest, key=lambda name: -largest[name][1])
    inert = [name for name in order if largest[name][1] < LIMIT]
    lines = [
        "# Parameters that move nothing",
        "",
        f"Total effect of each parameter on each of {len(next(iter(effects.values())))} outcomes of a run of the "
        f"baseline, over the prior, with luck held fixed: {draws:,} draws, written by "
        "`python -m benchmarks.inert_parameters --write`. A first-order effect is never larger than the total one.",
        "Much of a small effect is interaction with luck: one attack more sends a run along another path. Near the",
        "limit the standard error is about a third of the effect.",
        "",
        f"Under {LIMIT:.1%} everywhere, and so a candidate for removal: "
        + (", ".join(f"`{n}`" for n in inert) if inert else "none")
        + ".",
        "",
        "Constants, which have no prior, are not judged here: "
        + ", ".join(f"`{name}`" for name, p in REGISTRY.items() if p.prior is None)
        + ".",
        "",
        "| parameter | largest total effect | on | on the direct exchange |",
        "|---|---:|---|---:|",
        *(
            f"| `{n}` | {100 * largest[n][1]:.2g}% | {largest[n][0]} | {100 * effects[n]['direct']:.2g}% |"
            for n in order
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=4000)
    parser.add_argument("--write", action="store_true", help="write the page of the documentation")
    chosen = parser.parse_args()
    text = page(total_effects(chosen.draws), chosen.draws)
    if chosen.write:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
