"""Tables of an answer that was made up, and how a drawing is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from matplotlib.text import Text

from sim.pipeline.answers import Answer
from sim.pipeline.experiment import Finding
from sim.report.figures import Drawing, drawings
from sim.report.figures.style import style
from sim.scenario import Scenario

RUNS = 400
COUNTS = ("attacks_iraq", "attacks_syria_jordan", "attacks", "wounded", "killed", "strikes")
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


class MadeUp(Finding):
    """What figures read of the finding of a run, and no more."""

    headline: dict[str, Any]
    spiral: dict[str, Any]
    anyway: dict[str, Any]
    prevented: dict[str, Any] | None
    spirals: dict[str, Any]
    daily: pd.DataFrame
    rungs_by_day: Annotated[pd.DataFrame, "rungs"]
    incidence: pd.DataFrame
    distributions: pd.DataFrame


@dataclass(frozen=True)
class Tables:
    scenario: Scenario
    manifest: Mapping[str, Any]
    estimates: Mapping[str, Any]
    daily: pd.DataFrame
    rungs: pd.DataFrame
    incidence: pd.DataFrame
    distributions: pd.DataFrame

    @property
    def answer(self) -> Answer[MadeUp]:
        """The answer that holds them."""
        made = {name: getattr(self, name) for name in ("daily", "incidence", "distributions")}
        finding = MadeUp(**self.estimates, **made, rungs_by_day=self.rungs)
        return Answer(Path("nowhere"), "run", self.scenario, self.manifest, finding)


def tables(scenario: Scenario, spiralled: bool = True, prior: bool = True) -> Tables:
    rng = np.random.default_rng(7)
    days, dates = scenario.days, pd.date_range(scenario.start, periods=scenario.days)
    counts = cumulative_counts(rng, days)
    firsts = first_days(rng, days, spiralled)
    incidence = pd.concat([incidence_of(name, first, dates, prior) for name, first in firsts.items()])
    told = {name: estimate_of(name, first, incidence, prior) for name, first in firsts.items()}
    spirals = {name: told[name] for name in ("direct", "reciprocal")}
    ends = {**{name: count[:, -1] for name, count in counts.items()}, "first_spiral_day": firsts["direct"]}
    manifest = {
        "runs": RUNS, "random_seed": scenario.random_seed, "parameters": "prior" if prior else "default",
        "rows": 50 if prior else 0, "version": "0.1.0",
    }  # fmt: skip
    return Tables(
        scenario, manifest, {
            "headline": spirals[scenario.headline], "spirals": spirals, "spiral": told["spiral"],
            "anyway": told["anyway"], "prevented": {"runs": 100, "in_all": averted(prior), "by_mechanism": {}},
        },
        pd.concat([daily_of(name, count, dates) for name, count in counts.items()], ignore_index=True),
        rungs_of(rng, dates), incidence.reset_index(drop=True),
        pd.concat([distribution_of(name, values) for name, values in ends.items()], ignore_index=True),
    )  # fmt: skip


def cumulative_counts(rng: np.random.Generator, days: int) -> dict[str, np.ndarray]:
    rate = np.broadcast_to(rng.lognormal(0, 0.4, (RUNS, 1)), (RUNS, days))
    a_day = {
        "attacks_iraq": rng.poisson(rate), "attacks_syria_jordan": rng.poisson(rate),
        "wounded": rng.poisson(0.5 * rate), "strikes": rng.poisson(0.05 * rate),
        "killed": rng.poisson(0.001, (RUNS, days)) * (1 + rng.pareto(1.0, (RUNS, days))).astype(int),
    }  # fmt: skip
    a_day["attacks"] = a_day["attacks_iraq"] + a_day["attacks_syria_jordan"]
    return {name: a_day[name].cumsum(axis=1) for name in COUNTS}


def first_days(rng: np.random.Generator, days: int, spiralled: bool) -> dict[str, np.ndarray]:
    direct = np.where(rng.random(RUNS) < (0.3 if spiralled else 0), rng.integers(0, days, RUNS), -1)
    reciprocal = np.where(rng.random(RUNS) < 0.3, direct, -1)
    by_reactions = rng.random(RUNS) < 0.6
    return {
        "direct": direct, "reciprocal": reciprocal,
        "spiral": np.where(by_reactions, direct, -1), "anyway": np.where(by_reactions, -1, direct),
    }  # fmt: skip


def averted(prior: bool) -> dict[str, Any]:
    ignorance = [0.05, 0.5] if prior else None
    return {"probability": 0.25, "chance": [0.2, 0.3], "ignorance": ignorance, "seen": 25, "runs": 100}


def incidence_of(name: str, first: np.ndarray, dates: pd.DatetimeIndex, prior: bool) -> pd.DataFrame:
    p = np.array([np.mean((first >= 0) & (first <= day)) for day in range(len(dates))])
    unknown = p if prior else np.full(len(dates), np.nan)
    return pd.DataFrame({
        "event": name, "date": dates, "probability": p, "low": 0.9 * p, "high": 1.1 * p + 0.009,
        "unknown_low": 0.2 * unknown, "unknown_high": 2 * unknown,
    })  # fmt: skip


def estimate_of(name: str, first: np.ndarray, incidence: pd.DataFrame, prior: bool) -> dict[str, Any]:
    last = incidence[incidence["event"] == name].iloc[-1]
    ignorance = [last["unknown_low"], last["unknown_high"]] if prior else None
    return {
        "definition": name, "probability": last["probability"], "chance": [last["low"], last["high"]],
        "ignorance": ignorance, "seen": int((first >= 0).sum()), "runs": RUNS,
        "couplings_off": {"probability": 0.01, "chance": [0.004, 0.02]},
    }  # fmt: skip


def daily_of(name: str, count: np.ndarray, dates: pd.DatetimeIndex) -> pd.DataFrame:
    columns = {label: np.quantile(count, q, axis=0) for label, q in QUANTILES.items()}
    return pd.DataFrame({"series": name, "date": dates, "mean": count.mean(axis=0), **columns})


def rungs_of(rng: np.random.Generator, dates: pd.DatetimeIndex) -> pd.DataFrame:
    shares = rng.dirichlet((8, 20, 10, 4, 2, 1, 1), len(dates))
    index = pd.MultiIndex.from_product([dates, range(7)], names=["date", "rung"])
    return pd.Series(shares.ravel(), index, name="share").reset_index()


def distribution_of(name: str, values: np.ndarray) -> pd.DataFrame:
    value, runs = np.unique(values[values >= 0], return_counts=True)
    return pd.DataFrame({"quantity": name, "value": value, "runs": runs})


def drawn_of(result: Tables) -> list[Drawing]:
    """Every figure of a result, drawn and not written."""
    with style():
        return drawings(result.answer)


def artists(drawing: Drawing, gid: str) -> list[Any]:
    return drawing.figure.findobj(lambda artist: artist.get_gid() == gid)


def words(drawing: Drawing) -> str:
    return "\n".join(text.get_text() for text in drawing.figure.findobj(Text))


def read(folder: Path, stem: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{stem}.csv")
