"""Sensitivity: the designs are SALib's, and known functions get the shares that they have.

Stochastic tests hold an estimate within 4 of its own standard errors. Were those exact and normal, one number would be
outside by chance in 16,000; every test has fixed seeds, so that it either holds or does not.
"""

import numpy as np
import pytest
from scipy import special

from sim.experiments.sensitivity.cells import together
from sim.experiments.sensitivity.design import INNER, Morris, Sobol, problem_of
from sim.experiments.sensitivity.elementary import effects_of, elementary_effects
from sim.experiments.sensitivity.factors import FIRST_RUN, LUCK, columns_of, factors_of, runs_of_luck
from sim.experiments.sensitivity.indices import QUANTILE, with_luck, without_luck
from sim.experiments.sensitivity.responding import carry_out, slices_of, spread
from sim.experiments.sensitivity.tenths import alone, of_one_run
from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.scenario.given import fixed_by, own_priors
from sim.simulate.parameter_draws import prior_rows, rows_of_columns

SCENARIO = load_scenario("october-2023", ["end=2023-11-10"])
ERRORS = 4.0


def near(told: np.ndarray, truth: list[float]) -> bool:
    """Whether every estimate lies within so many standard errors of the truth."""
    value, half = np.asarray(told)[:, 0], np.asarray(told)[:, 1]
    return bool((np.abs(value - truth) <= ERRORS * half / QUANTILE).all())


# Designs


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("groups", [("a", "b", "c", "d"), ("a", "b", "a", "c"), ("a", "b", "b", "b"), ("a",)])
def test_slices_of_a_design_are_the_points_of_salib(groups, pairs):
    from SALib.sample import sobol

    design = Sobol(groups, 16, 5, pairs)
    whole = sobol.sample(problem_of(groups), 16, calc_second_order=pairs, seed=5)
    parts = [design.slice(start, start + 3).cube() for start in range(0, 16, 3)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert len(whole) == design.points


def test_points_are_held_against_the_first_of_their_sample():
    part = Sobol(("a", "b", "c"), 8, 1, pairs=True).slice(2, 5)
    cube, reference = part.cube(), part.reference()
    assert reference.tolist() == [0] * 8 + [8] * 8 + [16] * 8
    assert np.array_equal(cube[reference][::8], part.first)


def test_trajectories_are_those_of_salib_within_the_inner_range_and_luck_turns():
    design = Morris(("a", "b", LUCK), 8, 3)
    whole, turned = design.slice(0, 8).cube(), design.slice(3, 5).cube()
    low, high = INNER
    assert np.allclose(whole[:, :2], low + (high - low) * design.grid[:, :2], atol=1e-12)
    assert np.array_equal(turned, whole[3 * 4 : 5 * 4])
    assert len(set(whole[:, 2].round(9))) > 8  # more than the four levels
    moved = np.diff(whole.reshape(8, 4, 3), axis=1) != 0
    assert (moved.sum(axis=2) == 1).all()  # one factor moves at a time, luck too
    reference = design.slice(0, 2).reference()
    assert reference.tolist() == [0, 0, 1, 2, 4, 4, 5, 6]


# Factors


def test_factors_are_the_parameters_that_are_left_to_a_prior(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "extends: october-2023\nquestion: Mine?\nactors: {us: {readiness: 1}}\n"
        "priors: {militia: {will_ceiling: {range: [2, 3]}, tempo: {range: [1, 2]}}}\n",
        encoding="utf-8",
    )
    found = {factor.name: factor for factor in factors_of(load_scenario(file))}
    usual = {factor.name: factor for factor in factors_of(SCENARIO)}
    assert len(usual) == sum(p.prior is not None for p in REGISTRY.values())
    assert found.keys() == usual.keys() - {"us.readiness"} | {"militia.will_ceiling"}
    assert found["militia.tempo"].at([0.05, 0.95]) == pytest.approx([1, 2], rel=1e-3)


def test_what_is_fixed_from_a_later_start_on_still_acts_in_the_past():
    from sim.scenario import Scenario

    later: Scenario = load_scenario("tower-22", ["us.readiness=1"])
    assert later.past is not None
    free_before = "us.readiness" not in fixed_by(later.past)
    assert ("us.readiness" in {factor.name for factor in factors_of(later)}) == free_before


def test_values_are_those_that_rows_of_the_prior_have():
    """From the same uniforms, the engine's own rows and these are the same to the last bit."""
    from sim.simulate.parameter_draws import name_item, uniforms

    factors, rows = factors_of(SCENARIO), np.arange(40)
    cube = np.stack(
        [uniforms(np.uint64(7), rows.astype(np.uint64), name_item(f.name)) for f in factors], axis=1
    )
    mine = columns_of(factors, cube)
    theirs = prior_rows(rows, 7, fixed_by(SCENARIO), own_priors(SCENARIO))
    made = rows_of_columns(mine, 40)
    for factor in factors:
        group, key = factor.name.split(".")
        assert np.array_equal(made[group][key], theirs[group][key])


def test_luck_lies_in_its_own_range_and_is_shared_where_its_factor_is():
    runs = runs_of_luck(np.array([0.0, 0.3, 0.3, 1.0]), 5)
    assert runs.min() == FIRST_RUN
    assert runs.max() < 2**47
    assert np.array_equal(runs[1], runs[2])
    assert len(np.unique(runs)) == 15


# Known functions


def additive(cube: np.ndarray, weights: list[float]) -> np.ndarray:
    return cube @ np.array(weights)


WEIGHTS = [3.0, 2.0, 1.0, 0.0]
SHARES = [9 / 14, 4 / 14, 1 / 14, 0.0]


def test_groups_of_an_additive_function_get_the_sum_of_their_shares():
    design = Sobol(("one", "two", "one", "two"), 512, 9)
    found = with_luck(design, additive(design.slice(0, 512).cube(), WEIGHTS), 1)
    assert found.names == ("one", "two")
    for told in (found.first, found.total):
        assert told[:, 0] == pytest.approx([10 / 14, 4 / 14], abs=0.02)


def test_morris_ranks_a_linear_function_right_and_gives_its_slopes():
    design = Morris(("a", "b", "c", "d", "e"), 10, 2, turned=False)
    slopes = [1.0, -5.0, 0.0, 3.0, 2.0]
    found = elementary_effects(design, additive(design.grid, slopes), 1)
    assert np.argsort(-found.size[:, 0]).tolist() == [1, 3, 4, 0, 2]
    assert found.size[:, 0] == pytest.approx(np.abs(slopes), abs=1e-9)
    assert found.mean[:, 0] == pytest.approx(slopes, abs=1e-9)
    assert found.sigma == pytest.approx(np.zeros((5, 2)), abs=1e-9)


def test_the_interval_of_sigma_is_of_salibs_effects():
    design, rng = Morris(("a", "b", "c"), 12, 2, turned=False), np.random.default_rng(1)
    values = additive(design.grid, [1, 2, 3]) * rng.random(design.points)
    found = elementary_effects(design, values, 1)
    effects = effects_of(design, values)
    assert np.abs(effects).mean(axis=0) == pytest.approx(found.size[:, 0])
    assert effects.std(axis=0, ddof=1) == pytest.approx(found.sigma[:, 0])
    assert (found.sigma[:, 1] > 0).all()


def noise(runs: np.ndarray) -> np.ndarray:
    """A standard normal number for each run number, the same whenever it is asked for (splitmix64)."""
    z = runs + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return special.ndtri((z.astype(np.float64) + 0.5) / 2.0**64)


RUNS, SLOPE, OTHER, LOUD = 4, 3.0, 1.5, 2.0


def lucky(cube: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """3 a + 1.5 b + 2 a z, of which luck z is all that differs between the runs of a point."""
    a, b = cube[:, :1], cube[:, 1:2]
    z = noise(runs_of_luck(cube[:, -1], RUNS))
    return spread(SLOPE * (a - 0.5) + OTHER * (b - 0.5) + LOUD * a * z, reference)


def test_luck_as_a_factor_gets_its_share_and_takes_none_of_the_others():
    """In closed form, W = LOUD^2 / RUNS: V_a = 9/12, V_b = 2.25/12; chance alone W/4, with a W/12 more."""
    design = Sobol(("a", "b", LUCK), 4096, 3)
    part = design.slice(0, 4096)
    values, own, shared = lucky(part.cube(), part.reference())
    v_a, v_b, w = SLOPE**2 / 12, OTHER**2 / 12, LOUD**2 / RUNS
    alone_, both = w / 4, w / 12
    variance = v_a + v_b + alone_ + both
    raw = with_luck(design, values, 1)
    assert near(raw.first, [v_a / variance, v_b / variance, alone_ / variance])
    assert near(raw.total, [(v_a + both) / variance, v_b / variance, (alone_ + both) / variance])
    free = without_luck(design, values, own, shared, 1)
    assert near(free.first[:2], [v_a / (v_a + v_b), v_b / (v_a + v_b)])
    assert near(free.total[:2], [v_a / (v_a + v_b), v_b / (v_a + v_b)])
    assert free.variance == pytest.approx(v_a + v_b, rel=0.04)
    # These are told apart: with luck in, a has more in all than alone.
    assert raw.total[0, 0] - raw.first[0, 0] > 0.03
    assert (free.total[:2, 1] < 0.05).all()


def test_interplay_with_luck_does_not_pass_for_interplay_between_parameters():
    """A parameter that only turns the luck up has nothing to do with the risk itself."""
    design = Sobol(("a", "b", LUCK), 1024, 4)
    part = design.slice(0, 1024)
    cube, reference = part.cube(), part.reference()
    z = noise(runs_of_luck(cube[:, -1], RUNS))
    values, own, shared = spread(2 * cube[:, :1] + 3 * (cube[:, 1:2] - 0.5) * z, reference)
    free, raw = without_luck(design, values, own, shared, 1), with_luck(design, values, 1)
    assert near(free.total[:2], [1.0, 0.0])
    assert raw.total[1, 0] > 0.2


def test_what_never_varies_has_no_indices():
    design = Sobol(("a", "b"), 16, 1, pairs=True)
    same = np.full(design.points, 0.3)
    for found in (with_luck(design, same, 1), without_luck(design, same, 0 * same, 0 * same, 1)):
        assert np.isnan(found.first).all()
        assert found.variance == 0


# What tenths and cells tell


def test_tenths_tell_the_share_and_the_way_of_each_factor():
    rng = np.random.default_rng(5)
    cube = rng.random((8000, 4))
    luck = rng.standard_normal((8000, RUNS))
    values, own, _ = spread(additive(cube, WEIGHTS)[:, None] + luck, np.arange(8000))
    found = alone(cube, values, own)
    within = 1 - 1 / 100  # a tenth holds a hundredth of a line's variance
    assert near(found.share, [within * share for share in SHARES])
    assert near(found.change, [0.9 * weight for weight in WEIGHTS])
    assert near(found.low, [3.0 - 0.45 * weight for weight in WEIGHTS])
    assert (found.share[:, 1] < 0.03).all()


def test_intervals_of_shares_hold_what_they_say():
    """Of 300 intervals of 95%, of a share of 0.1 and of none, fewer than 264 would hold the truth once in 2 million."""
    hits, found = np.zeros(2), np.zeros((300, 3))
    rng = np.random.default_rng(6)
    for number in range(300):
        cube = rng.random((600, 2))
        line = (cube[:, 0] - 0.5) * np.sqrt(12)
        values = np.sqrt(0.1) * line + np.sqrt(0.9) * rng.standard_normal(600)
        share = alone(cube, values, np.zeros(600)).share
        hits += np.abs(share[:, 0] - [0.099, 0.0]) <= share[:, 1]
        found[number] = *share[:, 0], together(cube[:, 0], cube[:, 1], values, np.zeros(600))[0]
    assert (hits >= 264).all()
    assert (hits < 300).any()
    errors = found.std(axis=0, ddof=1) / np.sqrt(300)
    assert (np.abs(found.mean(axis=0) - [0.099, 0.0, 0.0]) <= ERRORS * errors).all()  # without bias


@pytest.mark.parametrize(("product", "truth"), [(0.0, 0.0), (6.0, None)])
def test_cells_tell_what_two_do_together(product, truth):
    rng = np.random.default_rng(7)
    a, b = rng.random((2, 8000)) - 0.5
    values = a + 2 * b + product * a * b
    if truth is None:
        beyond, variance = product**2 / 144, 1 / 12 + 4 / 12 + product**2 / 144
        truth = (1 - 1 / 25) ** 2 * beyond / variance
    told = together(a + 0.5, b + 0.5, values + rng.standard_normal(8000), np.ones(8000))
    assert near(np.array([told]), [truth])
    assert told[1] < 0.1


def test_of_one_run_is_the_share_that_parameters_explain():
    """Probabilities uniform in [0, 1]: of a variance of 1/4, 1/12 is theirs."""
    rng = np.random.default_rng(8)
    p = rng.random(4000)
    values, own, _ = spread((rng.random((4000, 8)) < p[:, None]).astype(float), np.arange(4000))
    told = np.array([of_one_run(values, own, 1)])
    assert near(told, [1 / 3])
    assert told[0, 1] < 0.05


# The simulator


def test_neither_slices_nor_the_state_of_numpy_change_a_number(monkeypatch):
    factors = factors_of(SCENARIO)[:3]

    def answers() -> list[np.ndarray]:
        designs = [Sobol(("a", "b", "c", LUCK), 4, 5), Morris(("a", "b", "c", LUCK), 3, 5)]
        return [carry_out(task) for task in slices_of(SCENARIO, factors, designs, 3, 0)]

    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    whole = answers()
    assert np.array_equal(np.random.get_state()[1], before)  # SALib draws from generators of its own
    np.random.seed(2)
    monkeypatch.setattr("sim.experiments.sensitivity.responding.TASK_RUNS", 20)
    cut = answers()
    assert len(cut) > len(whole)
    assert np.concatenate(whole).tobytes() == np.concatenate(cut).tobytes()


def test_analysis_leaves_the_state_of_numpy_alone_and_hangs_on_its_seed():
    def told(seed: int) -> bytes:
        design, steps = Sobol(("a", "b"), 16, 5), Morris(("a", "b"), 4, 5, turned=False)
        values = additive(design.slice(0, 16).cube(), [1, 2])
        effects = elementary_effects(steps, additive(steps.grid, [1, 2]) ** 2, seed)
        free = without_luck(design, values, 0 * values, 0 * values, seed)
        return b"".join(
            a.tobytes() for a in (with_luck(design, values, seed).first, free.total, effects.size)
        )

    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    first = told(1)
    assert np.array_equal(np.random.get_state()[1], before)
    np.random.seed(2)
    assert told(1) == first != told(2)


def test_a_point_is_its_runs_with_its_values():
    """Against the engine asked by hand for one point of the design."""
    from sim.scenario.varying import with_parameters
    from sim.simulate.job import make_job, simulate

    factors = factors_of(SCENARIO)
    design = Sobol((*(f.name for f in factors), LUCK), 1, 5)
    (task,) = slices_of(SCENARIO, factors, [design], 6, 0)
    found, cube = carry_out(task), task.points.cube()
    for point in (0, 40, design.points - 1):
        values = {name: float(column[point]) for name, column in columns_of(factors, cube).items()}
        alone_ = make_job(with_parameters(SCENARIO, values), "default")
        outcome = simulate(alone_, runs_of_luck(cube[point : point + 1, -1], 6).ravel())["outcome"]
        attacks = outcome["attacks_iraq"] + outcome["attacks_syria"] + outcome["attacks_jordan"]
        assert found["risk"][point] == pytest.approx((outcome["direct_day"] >= 0).mean())
        assert found["attacks"][point] == pytest.approx(np.log1p(attacks).mean())
        assert found["count"][point] == pytest.approx(attacks.mean())
        assert found["spiral"][point] == (outcome["spiral_day"] >= 0).mean()
