"""The answer in numbers: headline, spirals, chain, path, endings, outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.estimates.intervals import ignorance_share, ratio
from sim.estimates.tables import QUANTILES, estimate_event, histogram_quantiles
from sim.outcomes import CAUSES, EVENTS, OUTCOMES, RUNGS, SERIES, SPIRALS, WITHDRAWAL, rung_key, spirals_of
from sim.parameters import REGISTRY
from sim.simulate import Tallies
from sim.simulate.outcome_table import mover_names

if TYPE_CHECKING:
    from sim.scenario import Scenario

OFF, LIKELY, UNLIKELY = "couplings off", "last step likely", "last step unlikely"
SHIPPED = "shipped priors"
LAST_ARTICLE = "as of the last article"


def summarise(
    scenario: Scenario, by_row: bool, tallies: Tallies, few: Tallies, others: Mapping[str, Tallies]
) -> dict[str, Any]:
    """Everything that a result says in numbers, as plain values for JSON.

    Parameters
    ----------
    scenario : Scenario
    by_row : bool
        Whether parameters are drawn, a row for every few runs.
    tallies : Tallies
        Of the scenario itself.
    few : Tallies
        Of its first runs, which the altered worlds share.
    others : mapping
        Tallies of those first runs in altered worlds: `couplings off`, `last step likely` and `unlikely`, and
        the mechanism packs by name; where the scenario has priors of its own, `shipped priors` too; where it takes
        what was known earlier, `as of the last article` too.
    """
    others = dict(others)
    later = others.pop(LAST_ARTICLE, None)
    spirals = _spirals(scenario.headline, (tallies, few, others.get(OFF)), by_row)
    headline = scenario.headline
    altered = {name: _event(t, headline, by_row, False)["probability"] for name, t in others.items()}
    moved = {"own_priors": _own_priors(scenario, altered, spirals[headline])} if SHIPPED in others else {}
    of_rungs = [rung_key(rung) for rung in range(1, RUNGS)]
    return {
        "headline": {
            "definition": headline,
            **spirals[headline],
            "ignorance_share": ignorance_share(tallies.rows[EVENTS.index(headline), -1]) if by_row else None,
        },
        "spirals": spirals,
        "rungs": _events(tallies, of_rungs, by_row),
        **_events(tallies, [name for name in EVENTS if name not in (*SPIRALS, *of_rungs)], by_row),
        "chain": _chain(tallies, by_row),
        "last_step": {k: altered[k] for k in (UNLIKELY, LIKELY) if k in altered},
        "mechanisms": {k: v for k, v in altered.items() if k not in (OFF, LIKELY, UNLIKELY, SHIPPED)},
        "path": _path(scenario, tallies),
        "endings": _endings(tallies),
        "outcomes": _outcomes(tallies),
        **moved,
        **({} if later is None else {"last_article": _event(later, headline, by_row)}),
    }


def _spirals(
    headline: str, counted: tuple[Tallies, Tallies, Tallies | None], by_row: bool
) -> dict[str, dict[str, Any]]:
    """Every kind of spiral, beside the same in the first runs, and in these with the couplings off.

    `counted` are all runs, the first ones, and these with the couplings off.
    """
    tallies, few, off = counted
    return {
        name: {
            **_event(tallies, name, by_row),
            "couplings_off": None if off is None else _event(off, name, by_row, False),
            "same_runs": _event(few, name, by_row, False)["probability"],
        }
        for name in spirals_of(headline)
    }


def _events(tallies: Tallies, names: Iterable[str], by_row: bool) -> dict[str, dict[str, Any]]:
    """Probability of events, by the name that they are told under."""
    return {OUTCOMES[name].told: _event(tallies, name, by_row) for name in names}


def _own_priors(
    scenario: Scenario, altered: Mapping[str, float], headline: Mapping[str, Any]
) -> dict[str, Any]:
    """What priors in place of the shipped ones move: the headline in the same runs, and the ranges themselves."""
    given = {
        f"{group}.{key}": o.range for group, by_key in scenario.priors.items() for key, o in by_key.items()
    }
    of_class = {
        name: REGISTRY[name].interval(prior=prior)
        for name, prior in scenario.reference_class.priors.items()
        if name not in given
    }
    told: dict[str, Any] = {
        "with_shipped": altered[SHIPPED],
        "with_own": headline["same_runs"],
        "ranges": _ranges(given),
    }
    if of_class:
        told |= {"reference_class": scenario.reference_class.class_, "of_class": _ranges(of_class)}
    return told


def _ranges(ends: Mapping[str, tuple[float, float]]) -> dict[str, dict[str, dict[str, float]]]:
    """Central 90% of parameters as they are given, beside the shipped ones."""
    sides = ("low", "high")
    return {
        name: {
            "shipped": dict(zip(sides, REGISTRY[name].interval(), strict=True)),
            "own": dict(zip(sides, own, strict=True)),
        }
        for name, own in ends.items()
    }


def _event(tallies: Tallies, name: str, by_row: bool, with_ignorance: bool = True) -> dict[str, Any]:
    return estimate_event(tallies, EVENTS.index(name), -1, by_row, by_row and with_ignorance).as_dict()


def _chain(tallies: Tallies, by_row: bool) -> dict[str, Any]:
    given = ratio(tallies.pairs, tallies.short_pair, by_row, tallies.most_rows)
    return {
        "rung 4": _event(tallies, rung_key(4), by_row),
        "rung 5 given rung 4": None if given is None else given.as_dict(),
    }


def _path(scenario: Scenario, tallies: Tallies) -> dict[str, Any]:
    names = mover_names(scenario)
    spiral_days = tallies.first_days[EVENTS.index(scenario.headline)]
    return {
        "first_severe_event": dict(zip(CAUSES, _shares(tallies.causes, tallies.runs), strict=True)),
        "first_mover": {
            names[int(i)]: float(tallies.movers[i] / tallies.runs) for i in np.flatnonzero(tallies.movers)
        },
        "median_days_between_rungs": {
            f"{r} to {r + 1}": _median(tallies.gaps[r]) for r in range(1, RUNGS - 1)
        },
        "median_day_of_spiral": _median(spiral_days),
    }


def _shares(counts: np.ndarray, total: int) -> list[float]:
    return [float(c / total) for c in counts]


def _median(counts: np.ndarray) -> int | None:
    return int(histogram_quantiles(counts, [0.5])[0]) if counts.sum() else None


def _endings(tallies: Tallies) -> dict[str, float]:
    spiralled = tallies.endings[1].sum(axis=0)
    quiet, conflict = tallies.endings[0][0], tallies.endings[0][1:].sum(axis=0)
    shares = {}
    for kind, by_status in (
        ("spiralled", spiralled),
        ("low conflict, no spiral", conflict),
        ("quiet, no spiral", quiet),
    ):
        shares[f"{kind}, troops present"] = float(by_status[:2].sum() / tallies.runs)
        shares[f"{kind}, troops ordered out"] = float(by_status[2] / tallies.runs)
    return shares


def _outcomes(tallies: Tallies) -> dict[str, Any]:
    last = tallies.histograms[:, -1]
    quantiles = histogram_quantiles(last, list(QUANTILES.values()))
    outcomes: dict[str, Any] = {
        name: {"mean": float(tallies.sums[i, -1] / tallies.runs)}
        | {q: int(v) for q, v in zip(QUANTILES, quantiles[:, i], strict=True)}
        for i, name in enumerate(SERIES)
    }
    outcomes["strikes_by_level"] = {
        f"level {level}": float(count / tallies.runs) for level, count in enumerate(tallies.strikes) if level
    }
    totals = dict(tallies.totals)
    outcomes["days_at_capacity"] = totals.pop("capacity_days") / max(1, totals.pop("campaign_days"))
    status = tallies.endings.sum(axis=(0, 1))
    outcomes["withdrawal"] = dict(zip(WITHDRAWAL, _shares(status, tallies.runs), strict=True))
    return outcomes | {name: total / tallies.runs for name, total in totals.items()}
