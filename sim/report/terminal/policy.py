"""What is printed of a search for policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

from sim.outcomes import OUTCOMES
from sim.parameters import REGISTRY
from sim.wording import change_with_chance, day_text, number_text, percent, percent_with_chance

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.policy.findings import PolicyFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen

MOST_SWITCHES = 12
MOST_FLIPS = 10
WEIGHED_NAMES = {"risk": "risk"} | {name: OUTCOMES[name].short for name in ("killed", "attacks")}


def brief(screen: Screen, answer: Answer[PolicyFinding]) -> None:
    """Print the policy that holds up best, against the one on record, and what its levers do."""
    of = answer.finding
    table = of.tables["policies"].set_index("policy", drop=False)
    robust = of.least_largest_regret["risk"]
    best, record = table.loc[robust.policy].to_dict(), table.loc["on record"].to_dict()
    change = change_with_chance(*(best[f"risk_change{end}"] for end in ("", "_low", "_high")))
    screen.say(
        f"A {of.definition} exchange by {day_text(answer.scenario.end)}: {_risk(best)} under policy {robust.policy}, "
        f"which regrets least over rival explanations, and {_risk(record)} on record: {change} percentage points.",
        "bold",
    )
    settings = _settings(of, robust.policy) if best["found"] else ""
    screen.say(f"{robust.policy}: {best['words']}{f' ({settings})' if settings else ''}")
    for line in (*_ends_line(of), f"{switch_lines(answer)[0].partition('. ')[0].rstrip(':.')}."):
        screen.say(line)
    screen.say(
        f"{of.policies_tried:,} policies were tried on {of.rows_searched:,} draws of the parameters; the numbers are "
        f"of {of.rows_judged:,} fresh ones, with other luck. In brackets: 95% by chance."
    )


def _risk(row: Mapping[Any, Any]) -> str:
    return percent_with_chance(row["risk"], row["risk_low"], row["risk_high"])


def tell(screen: Screen, answer: Answer[PolicyFinding]) -> None:
    """Print the policies, what each regrets, and where they change places."""
    of = answer.finding
    tables = of.tables
    if of.replaced:
        screen.say(f"The scenario's own {', '.join(of.replaced)} gave way to what each policy sets.")
    screen.print(_policies(tables["policies"], of.definition))
    for row in tables["policies"].to_dict("records"):
        if row["found"]:
            screen.say(f"{row['policy']}: {row['words']} ({_settings(of, row['policy'])})")
    for line in (*_curse(tables["policies"]), *_parts(tables["parts"]), *_regret_lines(of)):
        screen.say(line)
    screen.print(_regrets(tables["regret"], of.worlds))
    for line in (*flip_lines(answer), *switch_lines(answer)):
        screen.say(line)


def _settings(of: PolicyFinding, name: str) -> str:
    return next(p.settings for p in of.policies if p.policy == name)


def _policies(table: pd.DataFrame, event: str) -> Table:
    found = Table(title_justify="left")
    found.add_column("policy")
    told = (OUTCOMES[name].short for name in ("killed", "attacks", "strikes"))
    for heading in (f"{event} exchange", "change", OUTCOMES["spiral"].short, *told, "standing"):
        found.add_column(heading, justify="right")
    for row in table.to_dict("records"):
        change = change_with_chance(*(row[f"risk_change{end}"] for end in ("", "_low", "_high")))
        found.add_row(
            row["policy"],
            _risk(row),
            "" if row["policy"] == "on record" else change,
            percent(row["spiral"]),
            *(f"{number_text(row[name])} {_interval(row, name)}" for name in ("killed", "attacks")),
            number_text(row["strikes"]),
            _standing(row),
        )
    return found


def _interval(row: dict[Any, Any], name: str) -> str:
    return f"[{number_text(row[f'{name}_low'])}, {number_text(row[f'{name}_high'])}]"


def _standing(row: dict[Any, Any]) -> str:
    if row["standing"] == "front":
        return "front"
    sure = "beaten by" if row["standing"] == "beaten" else "perhaps beaten by"
    return f"{sure} {row['beaten_by']}"


def _curse(table: pd.DataFrame) -> list[str]:
    found = table[table["found"]]
    if found.empty:
        return []
    best = found.loc[found["risk_change_searched"].idxmin()]
    return [
        "Change: from the policy on record, in percentage points, with the same runs. Front: no other is better in "
        f"risk, killed and attacks at once. In the search {best['policy']} looked "
        f"{_points(best['risk_change_searched'])} from the record; on fresh rows it is "
        f"{change_with_chance(*(best[f'risk_change{end}'] for end in ('', '_low', '_high')))}."
    ]


def _ends_line(of: PolicyFinding) -> list[str]:
    if not of.at_an_end:
        return []
    ends = {lever.name: lever for lever in of.levers}
    at = ", ".join(
        f"{name} at {number_text(getattr(ends[name], side))}" for name, side in of.at_an_end.items()
    )
    return [
        f"Most found policies lie at an end of what is searched: {at}. That is a direction, and no best value."
    ]


def _parts(table: pd.DataFrame) -> list[str]:
    risk = table[(table["quantity"] == "risk") & (table["value"] != table["record"])]
    if risk.empty:
        return []
    said = "; ".join(
        f"{row['lever']} {change_with_chance(row['difference'], row['difference_low'], row['difference_high'])}"
        for row in risk.to_dict("records")
    )
    return [
        f"What each lever does to the risk in {table['policy'].iloc[0]}, against putting it back: {said}."
    ]


def flip_lines(answer: Answer[PolicyFinding]) -> list[str]:
    """Say which policies change places between rival explanations."""
    table = answer.finding.flips
    flips = table[table["flips"].astype(bool)]
    if flips.empty:
        return ["No two policies change places in risk between rival explanations, beyond chance."]
    lines = ["Change places in risk between rival explanations, beyond chance:"]
    for (first, second), part in list(flips.groupby(["first", "second"], sort=False))[:MOST_FLIPS]:
        sides = {
            name: part[part["difference"] < 0 if name == first else part["difference"] > 0]["world"].tolist()
            for name in (first, second)
        }
        lines.append("; ".join(f"{name} has less under {', '.join(at)}" for name, at in sides.items()) + ".")
    return lines


def _points(change: float) -> str:
    return f"{100 * change:+.1f} percentage points"


def _regret_lines(of: PolicyFinding) -> list[str]:
    lines = []
    for quantity, words in WEIGHED_NAMES.items():
        by_largest, by_mean = of.least_largest_regret[quantity], of.least_mean_regret[quantity]
        amount = (
            f"{100 * by_largest.regret:.1f} points" if quantity == "risk" else number_text(by_largest.regret)
        )
        lines.append(
            f"Robust in {words}, over all together and each rival explanation: {by_largest.policy}, whose maximum "
            f"regret is smallest (in {by_largest.where}; as it stands {amount}, a little too high). So in "
            f"{percent(by_largest.often)} of resamples of the rows. By mean regret: {by_mean.policy}, in "
            f"{percent(by_mean.often)}."
        )
    return lines


def _regrets(table: pd.DataFrame, worlds: list[str]) -> Table:
    found = Table(title="Regret in risk, percentage points", title_justify="left")
    found.add_column("policy")
    for world in worlds:
        found.add_column(world, justify="right")
    risk = table[table["quantity"] == "risk"]
    for name in dict.fromkeys(risk["policy"]):
        mine = risk[risk["policy"] == name].set_index("world")
        cells = [
            change_with_chance(*mine.loc[w, ["regret", "regret_low", "regret_high"]].astype(float))
            for w in worlds
        ]
        found.add_row(name, *cells)
    return found


def switch_lines(answer: Answer[PolicyFinding]) -> list[str]:
    """Say which parameters make two policies change places, or that none does."""
    of = answer.finding
    table = of.switch_table
    if answer.manifest["parameters"] != "prior":
        return ["Parameters are not drawn, so that none makes two policies change places."]
    if table.empty:
        return [
            f"No parameter makes two policies change places in risk, as far as {of.rows_judged:,} rows can tell: "
            f"none of {of.switch_tests:,} pairs and parameters, at a 5% chance of any false alarm.{_nearest(of)}"
        ]
    lines = [
        f"Change places in risk, beyond chance ({len(table)} of {of.switch_tests:,} pairs and parameters; a 5% chance "
        "that any is a false alarm):"
    ]
    lines += [_switch(row) for row in table.head(MOST_SWITCHES).to_dict("records")]
    if len(table) > MOST_SWITCHES:
        lines.append(f"{len(table) - MOST_SWITCHES} more are in switches.csv.")
    return lines


def _nearest(of: PolicyFinding) -> str:
    near = of.nearest_switch
    if near is None:
        return ""
    return (
        f" Nearest: {near.first} and {near.second} by {near.parameter}, p = {number_text(near.p, 2)} by "
        f"itself and {number_text(near.p_adjusted, 2)} among so many."
    )


def _switch(row: dict[Any, Any]) -> str:
    unit = REGISTRY[row["parameter"]].unit
    lower = row["first"] if row["below"] < 0 else row["second"]
    higher = row["second"] if row["below"] < 0 else row["first"]
    interval = f"[{number_text(row['value_low'])}, {number_text(row['value_high'])}]"
    beyond = change_with_chance(*(row[f"above{end}"] for end in ("", "_low", "_high")))
    short = change_with_chance(*(row[f"below{end}"] for end in ("", "_low", "_high")))
    return (
        f"{row['parameter']}: below {number_text(row['value'])} {interval} {'' if unit == '1' else unit} "
        f"{lower} has the lower risk, above it {higher}; {percent(row['quantile'])} of the prior lies below. "
        f"{row['first']} less {row['second']}: {short} in the lowest quarter, {beyond} in the highest."
    )
