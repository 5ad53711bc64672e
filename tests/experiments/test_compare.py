"""Comparisons: the same runs with the same luck, what is tipped, and which scenarios can be held against each other."""

import datetime
import pickle
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim import compare
from sim.errors import QuestionError
from sim.estimates.by_row import bounded_difference, difference, of_point
from sim.experiments import open_answer
from sim.experiments.compare import Compare
from sim.experiments.compare.paired import (
    ESTIMATE,
    LUCK,
    SIGN,
    SIGN_RUNS,
    by_stage,
    paired,
    paired_tasks,
)
from sim.experiments.compare.signs import LEVEL, by_sign, signs_of
from sim.experiments.compare.tables import averted_table, change_of, outcome_table, tip_table
from sim.outcomes import COMPARED, SPIRALS
from sim.pipeline.answers import carry_out, in_memory
from sim.pipeline.runner import Execution
from sim.scenario import Scenario, load_scenario
from sim.scenario.past import counted_from
from sim.simulate.job import Parameters, make_job, simulate
from sim.simulate.parameter_draws import prior_rows
from sim.simulate.prevented import prevented
from sim.simulate.responses import RESPONSE, responses
from sim.store.standing import look_at

SHORT = ["end=2023-11-10"]
BASE = load_scenario("october-2023", SHORT)
DECISIVE = load_scenario("decisive-doctrine", SHORT)
RUNS = 510  # the last row is cut short
LABELS = ("october-2023", "decisive-doctrine")


def asked(*scenarios: Scenario, runs: int = 20_000, parameters: Parameters = "prior") -> Compare:
    return Compare(scenarios[0], parameters, runs, scenarios[1:])


@pytest.fixture(scope="module")
def found() -> np.ndarray:
    tasks = paired_tasks([BASE, DECISIVE], RUNS, 3, "prior")
    return np.concatenate([paired(task) for task in tasks])


def simulated(scenario: Scenario, runs: int = RUNS) -> np.ndarray:
    return simulate(make_job(scenario), np.arange(runs, dtype=np.uint64))


# What reactions make of it


LONG = ["end=2024-01-10"]
LONGER = tuple(load_scenario(name, LONG) for name in ("october-2023", "decisive-doctrine"))


@pytest.fixture(scope="module")
def longer() -> np.ndarray:
    return np.concatenate([paired(task) for task in paired_tasks(LONGER, RUNS, 0, "prior")])


def test_both_are_asked_what_reactions_made_and_restraint_averted(longer):
    rows, numbers = by_stage(longer, ESTIMATE), np.arange(RUNS, dtype=np.uint64)
    for point, scenario in enumerate(LONGER):
        mine, job = of_point(rows, point), make_job(scenario)
        alone = np.asarray(simulate(job, numbers))["outcome"]
        assert mine["spiral"].sum() == (alone["spiral_day"] >= 0).sum() > 0
        assert (mine["spiral"] + mine["anyway"]).tolist() == mine["direct"].tolist()
        counted = prevented(job, numbers)
        assert mine["averted"].tolist() == counted["all"].tolist()
        assert mine["averted"].sum() > 10


def test_what_is_averted_is_told_beside_the_first(longer):
    rows = by_stage(longer, ESTIMATE)
    first, second = (of_point(rows, point) for point in (0, 1))
    (told,) = averted_table(LABELS, longer, True).to_dict("records")
    assert (told["scenario"], told["against"]) == LABELS[::-1]
    assert told["first"] == first["averted"].sum() / RUNS
    assert told["value"] == second["averted"].sum() / RUNS
    change = difference(second, first, "averted")
    assert (told["difference"], told["difference_low"]) == (change.value, change.low)
    assert told["difference_low"] < told["difference"] < told["difference_high"]


def test_all_are_asked_for_the_headline_of_the_first():
    other = LONGER[1].model_copy(update={"headline": "reciprocal"})
    rows = np.concatenate([paired(task) for task in paired_tasks([LONGER[0], other], RUNS, 0, "prior")])
    mine = of_point(by_stage(rows, ESTIMATE), 1)
    assert (mine["spiral"] + mine["anyway"]).tolist() == mine["direct"].tolist()
    assert mine["direct"].tolist() != mine["reciprocal"].tolist()


# The same runs


def test_each_scenario_comes_to_what_it_comes_to_alone(found):
    rows = by_stage(found, ESTIMATE)
    for point, scenario in enumerate((BASE, DECISIVE)):
        alone = responses(simulated(scenario), point=point)
        assert (of_point(rows, point)[[*RESPONSE.names]] == alone).all()


def test_tipped_runs_are_those_that_spiral_in_one_of_the_two_only(found):
    mine = of_point(by_stage(found, ESTIMATE), 1)
    before, after = (simulated(s)["outcome"] for s in (BASE, DECISIVE))
    rows = np.arange(RUNS) // 25
    for name in SPIRALS:
        was, is_ = (outcome[f"{name}_day"] >= 0 for outcome in (before, after))
        assert mine[f"{name}_into"].tolist() == np.bincount(rows, is_ & ~was).tolist()
        assert mine[f"{name}_out"].tolist() == np.bincount(rows, was & ~is_).tolist()
    assert mine["reciprocal_into"].sum() > 0
    first = of_point(by_stage(found, ESTIMATE), 0)
    assert all(first[f"{name}_{way}"].sum() == 0 for name in SPIRALS for way in ("into", "out"))


def test_how_it_is_cut_into_tasks_changes_nothing(found):
    rows = by_stage(found, ESTIMATE)
    (whole,) = paired_tasks([BASE, DECISIVE], 25, 0, "prior")
    assert [span.runs for span in whole.spans] == [25, 25]
    tasks = [pickle.loads(pickle.dumps(t)) for t in paired_tasks([BASE, DECISIVE], RUNS, 0, "prior")]
    assert sum(task.runs for task in tasks) == 2 * RUNS
    again = by_stage(np.concatenate([paired(task) for task in reversed(tasks)]), ESTIMATE)
    for point in (0, 1):
        assert (np.sort(of_point(again, point), order="row") == of_point(rows, point)).all()


def test_signs_are_told_by_other_luck_in_the_same_rows(found):
    sign = by_stage(found, SIGN)
    assert of_point(sign, 1)["row"].tolist() == [0, 1, 2]
    assert of_point(sign, 1)["runs"].tolist() == [SIGN_RUNS] * 3
    held = {}
    table = prior_rows(np.array([1]), DECISIVE.random_seed, {})
    for group in ("militia", "engagement", "us", "iraq", "iran"):
        held |= {
            f"{group}.{key}": float(table[group][key][0])
            for key in table[group].dtype.names
            if not key.endswith("_keep")
        }
    held |= {"us.readiness": 2.0, "us.ceiling": 1.0}
    runs = np.arange(LUCK + SIGN_RUNS, LUCK + 2 * SIGN_RUNS, dtype=np.uint64)
    alone = responses(simulate(make_job(DECISIVE, "default", held), runs), np.ones(SIGN_RUNS, np.int64), 1)
    assert (of_point(sign, 1)[[*RESPONSE.names]][1] == alone[0]).all()


# Signs


def test_the_sign_test_is_the_binomial_one():
    more, fewer = np.array([0, 1, 6, 7, 20, 0, 30]), np.array([0, 0, 0, 0, 6, 9, 15])
    by_hand = [stats.binomtest(int(a), int(a + b), 0.5, "greater").pvalue <= LEVEL if a + b else False
               for a, b in zip(more, fewer, strict=True)]  # fmt: skip
    assert by_sign(more, fewer).tolist() == by_hand == [False, False, False, True, True, False, False]


def test_where_nothing_moves_hardly_a_row_is_said_to_move():
    """At most 1% of 20,000 rows each way: 200 are expected at most, sd 14; the bound of 260 fails 1 time in 10^5."""
    draw = np.random.default_rng(3)
    into, out, _ = draw.multinomial(250, (0.04, 0.04, 0.92), 20_000).T
    assert 20 < by_sign(into, out).sum() < 260
    assert 20 < by_sign(out, into).sum() < 260


def test_signs_where_a_quarter_rises_and_a_tenth_falls():
    """By 10 points, which 250 runs can tell: of 200 rows 50 and 20, and at most about 1% more by luck."""
    sample = np.zeros(200, [("runs", np.int64), ("direct_into", np.int64), ("direct_out", np.int64)])
    sample["runs"] = 250
    draw = np.random.default_rng(4)
    shares = np.full((200, 3), (0.02, 0.02, 0.96))
    shares[:50], shares[50:70] = (0.12, 0.02, 0.86), (0.02, 0.12, 0.86)
    for place, share in enumerate(shares):
        sample["direct_into"][place], sample["direct_out"][place], _ = draw.multinomial(250, share)
    signs = signs_of(sample, "direct")
    assert 0.24 <= signs.rises.value <= 0.29
    assert 0.09 <= signs.falls.value <= 0.14
    assert signs.rises.low < 0.25 < signs.rises.high
    assert signs_of(sample[:0], "direct") is None


# Tables


PUBLISHED = (
    "direct", "reciprocal", "severe", "any_killed", "attacks", "wounded", "killed", "strikes",
    "strikes_in_iraq", "credibility",
)  # fmt: skip


def test_the_tables_hold_both_values_and_their_paired_difference(found):
    table = outcome_table(LABELS, found, True).set_index("outcome")
    parts = [of_point(by_stage(found, ESTIMATE), point) for point in (0, 1)]
    assert list(table.index) == list(COMPARED)
    assert set(PUBLISHED) <= set(table.index)
    for name in COMPARED:
        row, paired = table.loc[name], difference(parts[1], parts[0], name)
        assert row["difference"] == pytest.approx(row["value"] - row["first"], abs=1e-12)
        assert (row["difference_low"], row["difference_high"]) == (paired.low, paired.high)
        assert row["change"] == pytest.approx(row["value"] / row["first"] - 1)
        assert row["first_low"] <= row["first"] <= row["first_high"]
    assert table["saved"].loc["attacks"] > 2
    assert table.loc["attacks", "change_high"] - table.loc["attacks", "change_low"] < 0.5


def test_where_nothing_moved_so_many_rows_leave_something_open():
    rows = np.zeros(40, RESPONSE)
    rows["runs"], rows["row"], rows["direct"] = 25, np.arange(40), 3
    found = bounded_difference(rows, rows, "direct", True)
    assert (found.value, found.low, found.high) == pytest.approx(
        (0.0, 0.025 ** (1 / 40) - 1, 1 - 0.025 ** (1 / 40))
    )
    assert bounded_difference(rows, rows, "direct", False).high == pytest.approx(1 - 0.025 ** (1 / 1000))
    assert bounded_difference(rows, rows, "attacks", True).high == 0.0


def test_where_two_rows_moved_alike_a_third_may_move_otherwise():
    rows = np.zeros(2, RESPONSE)
    rows["runs"], rows["row"], bound = 25, np.arange(2), 1 - 0.025 ** (1 / 2)
    moved = rows.copy()
    moved["direct"] = 1
    found = bounded_difference(moved, rows, "direct", True)
    assert (found.value, found.low, found.high) == pytest.approx(
        (0.04, 0.04 - bound * 1.04, 0.04 + bound * 0.96)
    )
    moved["direct"] = 1, 2
    assert bounded_difference(moved, rows, "direct", True) == difference(moved, rows, "direct")


def test_the_interval_of_a_change_is_that_of_a_ratio():
    """Against 200 resamplings of rows: widths agree to a fifth, three times the error of a quantile from so few."""
    draw = np.random.default_rng(5)
    first = np.zeros(400, RESPONSE)
    first["runs"], first["attacks"] = 25, draw.gamma(2.0, 100.0, 400)
    part = first.copy()
    part["attacks"] = first["attacks"] * draw.uniform(1.0, 2.0, 400)
    ratios = []
    for _ in range(200):
        chosen = draw.integers(0, 400, 400)
        ratios.append(part["attacks"][chosen].sum() / first["attacks"][chosen].sum() - 1)
    mine = change_of(part, first, "attacks")
    assert mine.value == pytest.approx(np.mean(ratios), abs=0.01)
    assert mine.high - mine.low == pytest.approx(3.92 * np.std(ratios), rel=0.2)


def test_tips_add_up_to_the_difference(found):
    table = outcome_table(LABELS, found, True).set_index("outcome")
    for row in tip_table(LABELS, found, True).to_dict("records"):
        net = (row["into"] - row["out"]) / RUNS
        assert net == pytest.approx(table["difference"][row["definition"]], abs=1e-12)
        assert row["rows"] == 21
        assert row["rows_more"] + row["rows_fewer"] <= 21
        assert row["sign_rows"] == 3
    fixed = tip_table(LABELS, by_stage(found, ESTIMATE), False)
    assert (fixed["rows"] == 0).all()
    assert fixed["rises"].isna().all()


def test_in_memory_is_what_the_folder_holds(tmp_path):
    question = asked(BASE, DECISIVE, runs=100)
    kept = carry_out(question, tmp_path / "kept", Execution(threads=1)).finding
    memory = in_memory(question, Execution(threads=1))
    assert memory.estimates == kept.estimates
    for name, table in memory.tables.items():
        assert table.to_csv(index=False) == (tmp_path / "kept" / f"{name}.csv").read_text(), name
    table = compare(BASE, DECISIVE, runs=100, parameters="prior", threads=1)
    assert table.equals(memory.outcomes)
    assert table.attrs["units"]["saved"] == "times"
    assert [row["path"] for row in table.attrs["assumptions"]] == ["us.readiness", "us.ceiling"]
    assert table.attrs["notes"] == []
    fitted = in_memory(asked(BASE, DECISIVE, runs=100, parameters="posterior"), Execution(threads=1)).outcomes
    assert not fitted.equals(table)
    assert compare(BASE, DECISIVE, runs=100, threads=1).equals(fitted)  # as it is by default


# A job like any other


def test_it_goes_on_where_it_was_cut_short(tmp_path):
    question = asked(BASE, DECISIVE, runs=200)
    whole = carry_out(question, tmp_path / "whole", Execution(threads=1))

    class Cut(Exception):
        pass

    def cut(done: int, _planned: int, _old: int, _under_way: int) -> None:
        if done >= 200:
            raise Cut

    with pytest.raises(Cut):
        carry_out(question, tmp_path / "cut", Execution(threads=1, progress=cut))
    told = []
    execution = Execution(threads=1, progress=lambda *t: told.append(t))
    again = carry_out(question, tmp_path / "cut", execution)
    assert told[-1][2] >= 200  # done before
    assert told[-1][:2] == (question.total, question.total)
    for name, table in whole.finding.tables.items():
        assert table.equals(again.finding.tables[name])
    assert look_at(tmp_path / "cut", every_bit=True).state == "whole"
    assert open_answer(tmp_path / "cut").kind == "compare"
    other = tmp_path / "cut" / "compared-1" / "decisive-doctrine.yaml"
    assert load_scenario(other) == DECISIVE


# Which can be held against each other


def refused(*scenarios: Scenario) -> str:
    with pytest.raises(QuestionError) as error:
        asked(*scenarios)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_what_cannot_be_compared_is_one_line():
    assert "nothing to be held against" in refused(BASE)
    assert (
        refused(BASE, DECISIVE, BASE)
        == "october-2023 and october-2023 (2) differ in nothing that is simulated"
    )
    renamed = BASE.model_copy(update={"name": "other", "question": "Another?", "runs": 7})
    assert refused(BASE, renamed) == "october-2023 and other differ in nothing that is simulated"
    seeded = DECISIVE.model_copy(update={"random_seed": 5})
    assert refused(BASE, seeded).startswith("october-2023 has random_seed 20231017 and decisive-doctrine 5:")
    longer = load_scenario("decisive-doctrine", ["end=2023-11-20"])
    assert "--set end=2023-11-20" in refused(BASE, longer)


def test_another_headline_is_noted_and_the_first_one_taken():
    other = DECISIVE.model_copy(update={"headline": "reciprocal"})
    assert asked(BASE, other).notes == [
        "Headlines differ; that of october-2023 is taken, the direct exchange."
    ]
    counted = load_scenario("october-2023", [*SHORT, "ladder.window=7"])
    assert "one of counting" in asked(BASE, counted).notes[0]


# Another start


def test_counting_from_a_later_day_leaves_the_worlds_as_they_are(tmp_path: Path):
    file = tmp_path / "spans.yaml"
    file.write_text(
        "extends: october-2023\nquestion: And then?\nend: 2023-11-30\ninterventions:\n"
        "  - {date: 2023-10-25, actor: us, action: strike, level: 2, place: iraq}\n"
        "  - {from: 2023-11-01, to: 2023-11-12, actor: us, action: strike, level: 3, forbid: true}\n",
        encoding="utf-8",
    )
    scenario = load_scenario(file)
    later = counted_from(scenario, datetime.date(2023, 11, 10))
    whole, cut = (simulate(make_job(s), np.arange(300, dtype=np.uint64)) for s in (scenario, later))
    for field in ("us", "iraq", "iran", "militias", "today"):
        assert whole[field].tobytes() == cut[field].tobytes(), field
    one, other = whole["outcome"], cut["outcome"]
    assert (other["attacks_iraq"] <= one["attacks_iraq"]).all()
    assert 0 < other["attacks_iraq"].sum() < one["attacks_iraq"].sum()
    late = one["direct_day"] >= 24  # 10 November; none before
    assert (other["direct_day"][late] == one["direct_day"][late] - 24).all()
    assert late.any()


def test_a_scenario_that_starts_later_sets_the_day_from_which_all_are_counted():
    base, later = load_scenario("october-2023"), load_scenario("tower-22")
    question = asked(base, later)
    assert question.start == datetime.date(2024, 1, 28)
    assert [world.start for world in question.worlds] == [question.start] * 2
    assert question.worlds[1] == later
    assert question.scenarios[0] == base
    assert question.notes[0].startswith("All are counted from 28 Jan 2024 on; what october-2023 brings")
    assert question.total == 2 * (20_000 + 200 * SIGN_RUNS) == sum(task.runs for task in question.tasks)
    assert asked(base, later, parameters="default").total == 40_000


def test_a_later_start_alone_is_no_difference_but_a_fresh_start_is_one(tmp_path: Path):
    (tmp_path / "parent.yaml").write_text(
        "extends: october-2023\nquestion: Before?\ninterventions:\n"
        "  - {from: 2023-11-01, to: 2024-03-12, actor: us, action: strike, level: 3, forbid: true}\n",
        encoding="utf-8",
    )
    (tmp_path / "child.yaml").write_text(
        "extends: parent\nquestion: After?\nstart: 2024-01-01\n", encoding="utf-8"
    )
    parent, child = (load_scenario(tmp_path / f"{name}.yaml") for name in ("parent", "child"))
    assert refused(parent, child) == "parent and child differ in nothing that is simulated"
    later = load_scenario("october-2023", SHORT).model_copy(update={"start": datetime.date(2023, 11, 1)})
    fresh = asked(BASE, later)
    assert [one.path for one in fresh.assumptions(1)] == ["start"]


def test_a_change_in_proportion_leaves_out_none_just_where_the_difference_does():
    draw = np.random.default_rng(8)
    told = []
    for _ in range(300):
        first = np.zeros(20, RESPONSE)
        first["runs"], first["attacks"] = 25, draw.gamma(0.5, 100.0, 20) + 1
        part = first.copy()
        part["attacks"] = first["attacks"] * draw.uniform(0.85, 1.35, 20)
        ratio, gap = change_of(part, first, "attacks"), bounded_difference(part, first, "attacks", True)
        assert (ratio.low > 0, ratio.high < 0) == (gap.low > 0, gap.high < 0)
        told.append(gap.excludes_zero)
    assert 30 < sum(told) < 270, "both must happen"
