"""The shipped scenarios ask what they say that they ask.

The checks of behaviour are held by Student's t over parameter rows, of differences between the same runs of two
scenarios. A check asks for a t beyond 3.5 in the direction that the scenarios' documentation tells. The effects seen in
20,000 runs are worth a t of 7.4 or more with the 2,000 runs used here, so that with another seed one that is there
would be missed, a false alarm, once in 10,000 times or less (noncentral t with 79 degrees of freedom). With no effect
at all a check would pass once in 2,600 times.
"""

import datetime
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.evidence import load_evidence
from sim.parameters import MECHANISMS, PACKS, REGISTRY, only
from sim.paths import data_folder
from sim.scenario import Scenario, available_scenarios, load_scenario
from sim.scenario.given import fixed_by
from sim.simulate import make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW

ROOT = Path(__file__).resolve().parents[2]
FOLDER = data_folder("scenarios")
SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))
DAY = datetime.date
PACK_OF = {
    "deterrence-only": "deterrence only",
    "revenge-only": "revenge only",
    "tehran-decides": "Tehran decides",
    "host-pressure": "host pressure",
}
SETTINGS = {"actors", "parameters"}
SAYS = {  # what each says that its parent does not, beside its name and question
    "tower-22": {"start", "history", "interventions"},
    "decisive-doctrine": {"actors"},
    "restraint-doctrine": {"actors"},
    "july-2024": {"start", "end", "timeline", "history"},
    "lethal-first-week": {"interventions"},
    "strike-in-iraq": {"interventions"},
    "informal-agreement": {"start", "actors"},
    "hizbollah-war": {"timeline"},
    "baghdad-presses": {"actors"},
    "withdrawal": {"timeline"},
    **dict.fromkeys(PACK_OF, SETTINGS),
    "all-together": set(),
}


def text(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def parent_of(name: str) -> str | None:
    found = re.search(r"^extends: (.+)$", text(name), re.MULTILINE)
    return found[1] if found else None


def changed(one: Scenario, other: Scenario) -> set[str]:
    """The fields in which two scenarios differ, but for what they are called and what they continue."""
    fields = set(Scenario.model_fields) - {"name", "question", "past"}
    return {field for field in fields if getattr(one, field) != getattr(other, field)}


@cache
def outcomes(name: str, runs: int = 200, *overrides: str) -> np.ndarray:
    found: np.ndarray = simulate(
        make_job(load_scenario(name, overrides)), np.arange(runs, dtype=np.uint64)
    ).outcome
    return found


# What they say


def test_every_shipped_scenario_is_loaded_by_name_and_asks_a_question_of_its_own() -> None:
    assert {*SAYS, "october-2023"} <= set(SHIPPED)
    found = {s.name: s for s in available_scenarios()}
    scenarios = [load_scenario(name) for name in SHIPPED]
    assert [found[name].question for name in SHIPPED] == [s.question for s in scenarios]
    assert len({scenario.question for scenario in scenarios}) == len(SHIPPED)


@pytest.mark.parametrize("name", SAYS)
def test_a_scenario_differs_from_its_parent_in_what_it_says_and_in_nothing_else(name: str) -> None:
    parent = parent_of(name)
    assert parent is not None
    assert changed(load_scenario(name), load_scenario(parent)) == SAYS[name]


@pytest.mark.parametrize("name", sorted(set(SAYS) - {"all-together"}))
def test_a_scenario_moves_histories(name: str) -> None:
    parent = parent_of(name)
    assert parent is not None
    mine, its = outcomes(name), outcomes(parent)
    moved = [
        field for field in ("attacks_iraq", "attacks_syria", "strikes") if np.any(mine[field] != its[field])
    ]
    assert moved, f"{name} lives as {parent} does"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_scenario_says_why_in_a_header_and_rests_on_facts_that_there_are(name: str) -> None:
    facts = load_evidence().facts
    comments = " ".join(line.strip(" #") for line in text(name).splitlines() if line.strip().startswith("#"))
    cited = [fact for group in re.findall(r"\(([a-z0-9, -]+)\)", comments) for fact in group.split(", ")]
    named = [word for word in cited if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", word)]
    assert set(named) <= set(facts)
    if name in SAYS and name not in ("tower-22", "decisive-doctrine", "restraint-doctrine", "all-together"):
        assert len(named) >= 2, "on which facts does it rest?"
    scenario = load_scenario(name)
    imposed = [*scenario.interventions, *(scenario.history.actions if scenario.history else ())]
    assert all(action.basis for action in imposed)


# Rival explanations


@pytest.mark.parametrize(("name", "pack"), PACK_OF.items())
def test_a_rival_explanation_sets_what_the_registry_sets(name: str, pack: str) -> None:
    assert fixed_by(load_scenario(name)) == only(pack)
    assert load_scenario(name).actors.militias == load_scenario("october-2023").actors.militias


def test_every_rival_explanation_has_its_scenario() -> None:
    assert sorted(PACK_OF.values()) == sorted(PACKS)


def test_all_together_is_the_baseline_by_another_name() -> None:
    baseline, together = load_scenario("october-2023"), load_scenario("all-together")
    names = {"name": together.name, "question": together.question}
    assert together == baseline.model_copy(update=names)
    assert fixed_by(together) == {}
    assert np.array_equal(outcomes("all-together"), outcomes("october-2023"))


def test_the_documented_table_of_couplings_is_the_registrys() -> None:
    page = (ROOT / "docs" / "explanation" / "scenarios.md").read_text(encoding="utf-8")
    columns = list(PACK_OF)
    (head,) = re.findall(r"^\| coupling \|.*$", page, re.MULTILINE)
    assert [cell.strip(" `") for cell in head.split("|")[3:-1]] == columns
    rows = {}
    for line in page[page.index(head) :].splitlines()[2:]:
        if not line.startswith("|"):
            break
        mechanism, weights, *marks = (cell.strip() for cell in line.strip("|").split("|"))
        rows[mechanism] = (set(re.findall(r"`([a-z0-9_.]+)`", weights)), marks)
    assert set(rows) == set(MECHANISMS)
    for mechanism, (weights, marks) in rows.items():
        assert weights == {p.name for p in REGISTRY.values() if p.mechanism == mechanism}
        assert marks == ["kept" if mechanism in PACKS[PACK_OF[name]] else "off" for name in columns]


@pytest.mark.parametrize("name", SAYS)
def test_every_scenario_has_its_place_in_the_documentation(name: str) -> None:
    page = (ROOT / "docs" / "explanation" / "scenarios.md").read_text(encoding="utf-8")
    assert f"`{name}`" in page
    assert f"`{name}`" in (FOLDER / "README.md").read_text(encoding="utf-8")


# The past


def test_the_past_of_july_2024_is_the_baseline_with_the_record_imposed() -> None:
    baseline, july = load_scenario("october-2023"), load_scenario("july-2024")
    assert july.past is not None
    assert july.history is not None
    eve = july.start - datetime.timedelta(days=1)
    assert july.past == baseline.model_copy(update={"end": eve, "history": july.history})
    assert july.history.release == july.start
    for name in ("hizbollah-war", "withdrawal"):
        assert load_scenario(name).past == july.past


def test_the_worlds_of_july_2024_have_lived_through_the_record() -> None:
    past = load_scenario("july-2024").past
    assert past is not None
    runs = np.arange(200, dtype=np.uint64)
    lived = simulate(make_job(past), runs).outcome
    february = simulate(make_job(past.model_copy(update={"end": DAY(2024, 2, 7)})), runs).outcome
    assert (lived.strikes[:, 1] >= 3).all()
    assert (lived.strikes[:, 3] >= 2).all()
    assert (lived.strikes[:, 4] == 0).all()
    assert (lived.killed == 3).all()
    assert (lived.avowed == 0).all()
    assert (lived.bargains >= 1).all()
    assert (lived.longest_quiet >= (DAY(2024, 7, 16) - DAY(2024, 2, 8)).days).all()
    attacks = [each.attacks_iraq + each.attacks_syria + each.attacks_jordan for each in (lived, february)]
    assert (attacks[0] - attacks[1] == 3).all()  # on 16, 25 and 26 July
    assert (lived.wounded == february.wounded).all()


def test_tehran_turns_only_after_the_campaigns_first_day() -> None:
    agreement = load_scenario("informal-agreement")
    assert agreement.past is not None
    assert fixed_by(agreement) == {"iran.stance_gaza": 0.0}
    assert fixed_by(agreement.past) == {}
    assert agreement.past.days == 1


# What they do


def student(differences: np.ndarray) -> float:
    """Student's t of the mean difference over draws of the parameters."""
    rows = differences.astype(np.float64).reshape(-1, RUNS_PER_ROW).mean(1)
    return float(rows.mean() / (rows.std(ddof=1) / len(rows) ** 0.5))


def attacks(outcome: np.ndarray) -> np.ndarray:
    total: np.ndarray = np.log1p(outcome.attacks_iraq + outcome.attacks_syria + outcome.attacks_jordan)
    return total


BEYOND = 3.5
RUNS = 2_000  # 80 rows


def test_a_restored_agreement_means_fewer_attacks_and_fewer_killed() -> None:
    # -1.64 in log(1 + attacks) and -31 points, in 20,000 runs: worth t of -12 and -10 here
    agreed, baseline = outcomes("informal-agreement", RUNS), outcomes("october-2023", RUNS)
    assert student(attacks(agreed) - attacks(baseline)) < -BEYOND
    assert student((agreed.killed > 0) * 1.0 - (baseline.killed > 0)) < -BEYOND


def test_a_full_war_in_lebanon_means_more_attacks_and_a_withdrawal_fewer() -> None:
    # +0.49 and -0.80 in log(1 + attacks), in 20,000 runs: worth t of 9 and -10 here
    july = attacks(outcomes("july-2024", RUNS))
    assert student(attacks(outcomes("hizbollah-war", RUNS)) - july) > BEYOND
    assert student(attacks(outcomes("withdrawal", RUNS)) - july) < -BEYOND


def test_a_baghdad_that_presses_readily_presses_more_often() -> None:
    # +1.52 in log(1 + bargains), in 20,000 runs: worth a t of 27 here
    pressing, baseline = outcomes("baghdad-presses", RUNS), outcomes("october-2023", RUNS)
    assert student(np.log1p(pressing.bargains) - np.log1p(baseline.bargains)) > BEYOND


def test_one_killed_early_is_killed_on_the_third_day_and_three_bring_the_spiral_forward() -> None:
    # with three killed +29 points by 31 October, in 20,000 runs: worth a t of 7.4 or more here
    one, baseline = outcomes("lethal-first-week", RUNS), outcomes("october-2023", RUNS)
    assert (one.killed >= 1).all()
    assert (one.first_killed_day <= 2).all()
    three = outcomes("lethal-first-week", RUNS, "interventions.0.killed=3")
    soon = [(each.direct_day >= 0) & (each.direct_day <= 14) for each in (three, baseline)]
    assert student(soon[0] * 1.0 - soon[1]) > BEYOND


def test_a_strike_in_iraq_is_one_in_every_run() -> None:
    assert (outcomes("strike-in-iraq").strikes_in_iraq >= 1).all()
    assert (outcomes("october-2023").strikes_in_iraq == 0).any()


def test_revenge_alone_is_worse_than_deterrence_alone() -> None:
    # +29 points, in 20,000 runs: worth a t of 8.5 or more here
    revenge, deterrence = (
        outcomes(name, RUNS).direct_day >= 0 for name in ("revenge-only", "deterrence-only")
    )
    assert student(revenge * 1.0 - deterrence) > BEYOND
