"""The value of information: which fact, were it known, would narrow the headline most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.outcomes import OUTCOMES
from sim.scenario import Scenario
from sim.simulate.job import Job, make_job, prepare, simulate, with_posterior
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.pools import on_threads
from sim.simulate.posterior import Posterior

if TYPE_CHECKING:
    import pandas as pd

BINS = 20
AMONG_ALL = 1.8
"""Half-widths of a 95% interval that the share of one in some 130 may lie above 0 by chance (5% in all)."""

RESAMPLES = 200

STATES: Mapping[str, str] = {
    "us.pressure": "the pressure on Washington to act",
    "us.credibility": "Washington's credibility in the militias' eyes",
    "us.commitment": "Washington's memory of its own strikes",
    "iraq.bargain": "what stands of Baghdad's bargain",
    "iraq.capital": "Baghdad's political capital",
    "iraq.strain": "Baghdad's sovereignty strain",
    "iran.stance": "Tehran's stance",
    "iran.war_fear": "Tehran's fear of war",
    "iran.grievance": "Tehran's grievance",
    "militias.anger": "the militias' anger",
    "militias.fear": "the militias' fear",
    "militias.arsenal": "the militias' stocks",
    "outcome.wounded": "how many were truly wounded so far",
    "outcome.bargains": "how many bargains Baghdad struck so far",
}
"""What could be known of the world at the as-of date, besides its parameters."""

Floats = npt.NDArray[np.float64]


def information_table(scenario: Scenario, posterior: Posterior, threads: int) -> pd.DataFrame:
    """Expected share of the variance of the risk that would go, if one thing were known.

    The risk is that of the scenario's headline spiral in the world of each row, 25 runs of it; the luck within is taken
    out. What would be known is cut into `BINS` bins of equal weight: the variance of their mean risks, less what
    luck and the finite number of rows make of it, is the variance that knowing it would take away.

    Parameters
    ----------
    scenario : Scenario
    posterior : Posterior
    threads : int

    Returns
    -------
    DataFrame
        One row a quantity, by `share` (of the variance between worlds, 0 to 1) with its 95% interval `low`, `high` over
        rows, and `told`, whether it is told from 0 as one of so many; `kind` ('parameter' or 'state'), `meaning`, and
        `sd_left`, the standard deviation of the risk that would remain, of `sd_now`.
    """
    import pandas as pd

    job = with_posterior(make_job(scenario, "prior"), posterior)
    risk = _risks(job, posterior.rows, threads)
    generator = np.random.Generator(np.random.Philox(scenario.random_seed))
    # of rows with the same parameters one: in a bin together they would look as if what is known told their risk
    once = np.unique(np.stack([*posterior.columns.values()]), axis=1, return_index=True)[1]
    once = generator.permutation(once)  # neighbours are alike, and ties are cut into bins in this order
    known = {name: ("parameter", x) for name, x in posterior.columns.items()} | _states(job, posterior)
    known, risk = {name: (kind, x[once]) for name, (kind, x) in known.items()}, risk[once]
    variance = max(between_rows(risk), 0.0)
    picks = generator.integers(0, len(once), (RESAMPLES, len(once)))
    rows = []
    for name, (kind, x) in known.items():
        share, low, high = _share_with_ends(x, risk, picks)
        told = share > AMONG_ALL * (share - low)
        left = float(np.sqrt(variance * (1.0 - min(max(share, 0.0), 1.0))))
        rows.append(
            (name, kind, STATES.get(name, ""), share, low, high, told, left, float(np.sqrt(variance)))
        )
    names = ["known", "kind", "meaning", "share", "low", "high", "told", "sd_left", "sd_now"]
    return pd.DataFrame(rows, columns=names).sort_values("share", ascending=False, ignore_index=True)


def _share_with_ends(x: Floats, risk: Floats, picks: npt.NDArray[np.int64]) -> tuple[float, float, float]:
    """Share of the variance with its 95% interval over resampled rows, moved so that it has no more bias."""
    share = share_known(x, risk)
    again = [share_known(x[pick], risk[pick]) for pick in picks]
    low, high = np.quantile(again, [0.025, 0.975]) - (np.mean(again) - share)
    return share, float(low), float(high)


def between_rows(risk: Floats) -> float:
    """Variance of the risk between rows, without the luck of the runs within each."""
    within = risk * (1.0 - risk) / (RUNS_PER_ROW - 1)
    return float(risk.var(ddof=1) - within.mean())


def share_known(x: Floats, risk: Floats) -> float:
    """Share of the variance of the risk between rows that goes when `x` is known; may fall below 0 by chance.

    Between bins of `x` the variance of the mean risk, less what means of so few rows scatter by themselves, estimated
    from the rows within bins.
    """
    if x.min() == x.max():
        return 0.0
    order = np.argsort(x, kind="stable")
    bins = np.array_split(risk[order], BINS)
    sizes = np.array([len(b) for b in bins])
    means = np.array([b.mean() for b in bins])
    inside = sum(((b - m) ** 2).sum() for b, m in zip(bins, means, strict=True)) / (sizes.sum() - BINS)
    among = float((sizes * (means - risk.mean()) ** 2).sum() / (BINS - 1))
    variance = between_rows(risk)
    # the bins are all there are, not a sample of bins: their variance is over BINS, not BINS - 1
    known = (among - inside) / sizes.mean() * (BINS - 1) / BINS
    return float(known / variance) if variance > 0 else 0.0


def _risks(job: Job, rows: int, threads: int) -> Floats:
    """Risk of the headline spiral in every row of the posterior."""
    size = 5_000
    starts = range(0, rows * RUNS_PER_ROW, size)
    came_of = OUTCOMES[job.scenario.headline].of_worlds

    def of(start: int) -> npt.NDArray[np.bool_]:
        runs = np.arange(start, min(start + size, rows * RUNS_PER_ROW), dtype=np.uint64)
        return came_of(np.asarray(simulate(job, runs)))

    came = np.concatenate([*on_threads(of, list(starts), threads)])
    return np.asarray(came.reshape(rows, RUNS_PER_ROW).mean(1))


def _states(job: Job, posterior: Posterior) -> dict[str, tuple[str, Floats]]:
    """State of the world of every row at the end of the as-of date."""
    from sim.core import advance
    from sim.simulate.job import NOTHING

    runs = np.arange(posterior.rows, dtype=np.uint64) * np.uint64(RUNS_PER_ROW)
    worlds, table, rows, segment = prepare(job, runs)
    seed = np.uint64(job.random_seed)
    advance.advance(worlds, table, rows, segment.timeline, segment.setting, seed, 0, posterior.days, *NOTHING)
    plain, shares = np.asarray(worlds), np.asarray(segment.setting)[0]["militias"]["share"]
    found = {}
    for name in STATES:
        group, key = name.split(".")
        if group == "militias":
            value = plain["militias"][key].sum(1) if key == "arsenal" else plain["militias"][key] @ shares
        else:
            value = plain[group][key]
        found[name] = ("state", np.asarray(value, np.float64))
    return found
