"""The answer of a run under rival explanations, over the last step, and beside earlier episodes."""

from __future__ import annotations

from sim.experiments.run.finding import RunFinding
from sim.parameters import PACKS
from sim.report.html.page import Block, Cell, Prose, Table, points, words
from sim.wording import percent, probability_text


def under_rivals(of: RunFinding) -> list[Block]:
    """The answer under each explanation and over the last step; apart from it, how well each explains the record."""
    whole = of.headline.same_runs
    blocks: list[Block] = []
    if of.mechanisms:
        rows: list[tuple[Cell, ...]] = [
            (words("All mechanisms together"), Cell(percent(whole), value=whole), Cell("", value=0.0))
        ]
        rows += [_rival(name, p, whole) for name, p in of.mechanisms.items()]
        blocks.append(
            Table(
                "The probability in all, were only these mechanisms at work",
                ("explanation", "probability in all", "difference from all together"),
                tuple(rows),
                "The same runs of each, with the same luck. A run keeps no interval of these differences: "
                "`spiral compare` "
                "of the scenarios of the same names gives them one.",
            )
        )
    blocks.append(_steps(of))
    if of.averaged is not None:
        blocks += _weights(of)
    return blocks


def _rival(name: str, p: float, whole: float) -> tuple[Cell, ...]:
    keeps = ", ".join(PACKS[name]) if name in PACKS else ""
    return (
        words(f"{name[:1].upper()}{name[1:]}", *([f"keeps {keeps}"] if keeps else [])),
        Cell(percent(p), value=p),
        points(p - whole),
    )


def _steps(of: RunFinding) -> Prose:
    lines = []
    if of.last_step:
        low, high = sorted(of.last_step.values())
        lines.append(
            "Over the prior of the last step, from a severe exchange (rung 4) to a direct one (rung 5), "
            "which no article "
            f"informs, the probability in all goes from {percent(low)} to {percent(high)}."
        )
    if (off := of.headline.couplings_off) is not None:
        lines.append(
            "Were there no reactions at all (Washington still answers attacks, and no answer changes what "
            "others do next), "
            f"it would be {probability_text(off.model_dump())}."
        )
    if (later := of.last_article) is not None:
        lines.append(
            "With parameters that know all that the last article tells, it is "
            f"{probability_text(later.model_dump())}."
        )
    return Prose(tuple(lines), listed=True)


def _weights(of: RunFinding) -> list[Block]:
    assert of.averaged is not None
    rows = [
        (words(f"{n[:1].upper()}{n[1:]}"), Cell(f"{w:.2f}", value=w)) for n, w in of.averaged.weights.items()
    ]
    return [
        Table(
            "How well each explains the record so far: weights, which add up to 1 and are no risks",
            ("explanation", "weight"),
            tuple(rows),
            "The record hardly tells them apart: equal weights would be "
            f"{1 / max(1, len(rows)):.2f} each. Averaged with these weights, the probability in all is "
            f"{percent(of.averaged.probability)}.",
        )
    ]


def beside_episodes(of: RunFinding) -> list[Block]:
    """What earlier episodes of the reference class came to; nothing where the scenario takes no class."""
    if not of.reference:
        return []
    return [
        Prose(
            (
                f"{of.reference[:1].upper()}{of.reference[1:]}.",
                "This is a count of what happened in earlier episodes, and not of runs. It speaks of the "
                "step from US dead to a "
                "strike on Iran, and not of whether somebody is killed.",
            )
        )
    ]
