"""What the headline rests on: `python -m benchmarks.what_it_rests_on` writes `results/what-it-rests-on.csv`.

The same runs (same luck, same draws but for what is changed) with another reference class or weight, another lag, other
numbers of the last step, and each amplifying mechanism by itself taken out. A class changes priors, so that it is asked
from the prior; the others on the posterior. Intervals of changes are 95%, by draw.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.simulate.job import Parameters, make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.wording import change_with_chance, percent

RUNS = 8_000
Change = tuple[str, str, Parameters, tuple[str, ...], Mapping[str, float]]


def changes() -> Iterator[Change]:
    """Group, what is changed, parameters, settings of the scenario, and values held."""
    yield "from the prior", "as it stands", "prior", (), {}
    for weight in (0.0, 0.25, 0.5, 1.0):
        yield "weight of the class", f"{weight:g}", "prior", (f"reference_class.weight={weight}",), {}
    for name in ("all", "2007-2023", "2019-2023", "none"):
        yield "class", name, "prior", (f"reference_class.class={name}",), {}
    yield "fitted", "as it stands", "posterior", (), {}
    for name in ("us.lag", "us.lag_hard", "us.level_4_base", "us.level_4_killed"):
        low, high = REGISTRY[name].interval()
        for value in (low, high):
            yield f"`{name}`", f"{value:.2g} {REGISTRY[name].unit}", "posterior", (), {name: value}
    mechanisms = dict.fromkeys(p.mechanism for p in REGISTRY.values() if p.direction == "amplifying")
    for mechanism in mechanisms:
        held = {
            p.name: float(p.off)
            for p in REGISTRY.values()
            if p.mechanism == mechanism and p.direction == "amplifying" and p.off is not None
        }
        yield "amplifying reactions out", str(mechanism), "posterior", (), held


def came(parameters: Parameters, settings: tuple[str, ...], held: Mapping[str, float]) -> np.ndarray:
    """Whether each run came to the headline, and by reactions; by draw, shape (draws, runs a draw, 2)."""
    job = make_job(load_scenario("october-2023", list(settings)), parameters, dict(held))
    outcome = np.asarray(simulate(job, np.arange(RUNS, dtype=np.uint64)))["outcome"]
    both = np.stack([outcome["direct_day"] >= 0, outcome["spiral_day"] >= 0], axis=1)
    return both.reshape(-1, RUNS_PER_ROW, 2)


def table() -> pd.DataFrame:
    """Risk and spiral under every change, and their paired change."""
    rows, base = [], np.zeros(0)
    for group, label, parameters, settings, held in changes():
        found = came(parameters, settings, held)
        if label == "as it stands":
            base = found
        moved = (found.astype(float) - base).mean(1)
        error = 1.96 * moved.std(0, ddof=1) / np.sqrt(len(moved))
        row = {"what": group, "value": label, "from": parameters}
        for place, name in enumerate(("direct", "spiral")):
            mean = moved[:, place].mean()
            row |= {
                name: found[..., place].mean(),
                f"{name}_change": mean,
                f"{name}_change_low": mean - error[place],
                f"{name}_change_high": mean + error[place],
            }
        rows.append(row)
    return pd.DataFrame(rows)


def main(place: str = "results/what-it-rests-on.csv") -> None:
    """Print the table and write it."""
    found = table()
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    found.to_csv(place, index=False, float_format="%.5g")
    heads = ("what", "value", "from", "direct exchange", "change", "of it spirals", "change")
    print(f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}", sep="\n")
    for _, row in found.iterrows():
        told = [
            text
            for name in ("direct", "spiral")
            for text in (
                percent(row[name]),
                change_with_chance(*(row[f"{name}_change{end}"] for end in ("", "_low", "_high"))),
            )
        ]
        print(f"| {' | '.join((row['what'], row['value'], row['from'], *told))} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
