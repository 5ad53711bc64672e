"""Whether ranks are uniform: simultaneous bands for their distribution (Säilynoja et al. 2022), and a figure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

SAMPLES = 100_000
"""Of ranks that are uniform, by which the test is gauged: its least P value is 1 in so many."""

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def p_value(ranks: Integers, draws: int) -> float:
    """Probability that uniform ranks in 0 to `draws` leave the pointwise bands so far as these do, anywhere."""
    surprise = _surprise(np.bincount(ranks, minlength=draws + 1)[None, :])[0]
    usual = _usual(len(ranks), draws)
    return float((1 + (usual <= surprise).sum()) / (1 + len(usual)))


def holm(p: Mapping[str, float]) -> dict[str, float]:
    """P values adjusted for their number (Holm 1979): one below a level is a finding at that level for all together."""
    adjusted, largest = {}, 0.0
    for k, name in enumerate(sorted(p, key=lambda name: p[name])):
        largest = max(largest, min(1.0, (len(p) - k) * p[name]))
        adjusted[name] = largest
    return {name: adjusted[name] for name in p}


def band(fits: int, draws: int, outside: float) -> tuple[Floats, Floats]:
    """Ends of a band that the share of ranks up to each leaves anywhere with probability `outside`."""
    level = np.quantile(_usual(fits, draws), outside)
    z = np.arange(1, draws + 1) / (draws + 1)
    return stats.binom.ppf(level / 2, fits, z) / fits - z, stats.binom.isf(level / 2, fits, z) / fits - z


@lru_cache(maxsize=4)
def _usual(fits: int, draws: int) -> Floats:
    """How surprising uniform ranks are."""
    rng = np.random.default_rng(2022)
    even = np.full(draws + 1, 1 / (draws + 1))
    return np.concatenate([_surprise(rng.multinomial(fits, even, 10_000)) for _ in range(SAMPLES // 10_000)])


def _surprise(counts: Integers) -> Floats:
    """Least two-sided probability of the numbers of ranks up to each, for samples of shape (samples, draws + 1)."""
    fits, draws = int(counts[0].sum()), counts.shape[1] - 1
    below = counts.cumsum(axis=1)[:, :-1]
    return np.asarray(_two_sided(fits, draws)[np.arange(draws), below].min(axis=1))


@lru_cache(maxsize=4)
def _two_sided(fits: int, draws: int) -> Floats:
    z, seen = np.arange(1, draws + 1)[:, None] / (draws + 1), np.arange(fits + 1)
    p = np.minimum(stats.binom.cdf(seen, fits, z), stats.binom.sf(seen - 1, fits, z))
    return np.asarray(np.minimum(1.0, 2.0 * p))


def draw(ranks: Mapping[str, Integers], draws: int, title: str, subtitle: str, to: Path) -> None:
    """Draw the distribution of ranks of each quantity less the uniform one, a CSV of the ranks beside."""
    import matplotlib.pyplot as plt
    import pandas as pd

    from sim.report.figures.style import BODY, CAPTION, FAINT, LIGHT, QUANTITY, SUBTITLE, TITLE, style

    fits = len(next(iter(ranks.values())))
    z = np.arange(1, draws + 1) / (draws + 1)
    columns, height = 4, -(-len(ranks) // 4)
    with style():
        figure, axes = plt.subplots(
            height, columns, sharex=True, sharey=True, figsize=(10, 1.2 + 2.0 * height), squeeze=False
        )
        for place, panel in zip(ranks, axes.flat, strict=False):
            for outside, dark in ((0.001, LIGHT), (0.05, 2 * LIGHT)):
                panel.fill_between(
                    100 * z, *(100 * x for x in band(fits, draws, outside)), color=QUANTITY, alpha=dark, lw=0
                )
            share = np.bincount(ranks[place], minlength=draws + 1).cumsum()[:-1] / fits
            panel.step(100 * z, 100 * (share - z), where="mid", color="#0072B2", lw=1.6)
            panel.axhline(0, color=FAINT, lw=0.8)
            panel.set_title(place.removeprefix("observation.").replace(", by ", ",\nby "), fontsize=CAPTION)
        for panel in axes.flat[len(ranks) :]:
            panel.set_visible(False)
        figure.supxlabel("share of the fit's draws below the truth, %", fontsize=BODY)
        figure.supylabel("truths ranked so low, less that share; percentage points", fontsize=BODY)
        figure.suptitle(title, x=0.01, ha="left", fontsize=TITLE, weight="bold")
        figure.text(0.01, 1 - 0.62 / figure.get_figheight(), subtitle, fontsize=SUBTITLE, color=FAINT)
        figure.tight_layout(rect=(0, 0, 1, 1 - 0.55 / figure.get_figheight()))
        figure.savefig(to, dpi=110)
        plt.close(figure)
    pd.DataFrame(dict(ranks)).rename_axis("fit").to_csv(to.with_suffix(".csv"), lineterminator="\n")
