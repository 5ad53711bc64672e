"""Fits kept beside results: used again where nothing that they hang on has changed, and only there."""

import datetime
from dataclasses import replace

import numpy as np
import pytest

from sim.inference.islands import Island
from sim.inference.observation import Report, Strike
from sim.inference.observation.reading import shipped_record
from sim.inference.problem import Problem
from sim.parameters import couplings
from sim.pipeline.fits import FOLDER, MOST, Reusing, digest_of_fit
from sim.scenario import load_scenario
from sim.scenario.varying import with_parameters

AS_OF = datetime.date(2023, 10, 30)
BASE, RECORD = load_scenario("october-2023"), shipped_record()
LATER = datetime.date(2023, 11, 20)
PLAIN = Island(0, Problem(BASE, RECORD, AS_OF), 100)


def of(scenario=BASE, record=RECORD, as_of=AS_OF, **more) -> str:
    return digest_of_fit(replace(PLAIN, problem=Problem(scenario, record, as_of), **more))


@pytest.mark.parametrize(
    "other",
    [
        lambda: of(load_scenario("october-2023", ["end=2023-12-31"])),
        lambda: of(
            record=replace(RECORD, reports=(*RECORD.reports, Report("attacks", BASE.start, LATER, 70)))
        ),
        lambda: of(
            record=replace(RECORD, strikes=(*RECORD.strikes, Strike(LATER, 1, "syria")), strikes_until=LATER)
        ),
        lambda: of(record=replace(RECORD, name="another name")),
        lambda: of(number=7),
    ],
    ids=["a later end", "a later count", "a later strike", "a name", "another island of it"],
)
def test_what_comes_after_the_date_is_no_part_of_a_fit(other):
    assert other() == of()


@pytest.mark.parametrize(
    "other",
    [
        lambda: of(as_of=AS_OF - datetime.timedelta(days=1)),
        lambda: of(record=replace(RECORD, reports=RECORD.reports[2:])),
        lambda: of(record=replace(RECORD, strikes=())),
        lambda: of(load_scenario("october-2023", ["random_seed=1"])),
        lambda: of(load_scenario("october-2023", ["us.readiness=1"])),
        lambda: of(load_scenario("october-2023", ["actors.militias.badr.capacity=5"])),
        lambda: of(with_parameters(BASE, couplings())),
        lambda: of(particles=200),
        lambda: of(moves=3),
    ],
    ids=["date", "count", "strikes", "seed", "parameter", "actor", "couplings", "particles", "moves"],
)
def test_what_it_hangs_on_is(other):
    assert other() != of()


def test_pressures_before_the_date_are_a_part_of_it_and_those_after_are_not():
    def with_gaza(*knots):
        written = ", ".join(f"{{date: {date}, level: {level}, basis: assumed}}" for date, level in knots)
        return of(load_scenario("october-2023", [f"timeline.gaza.knots=[{written}]"]))

    start, quiet = ("2023-10-17", 0.9), ("2023-11-01", 0.9)
    later = with_gaza(start, quiet, ("2023-12-01", 0.2))
    assert with_gaza(start, quiet, ("2024-02-01", 0.2)) == later
    assert with_gaza(start, ("2023-10-20", 0.2)) != later
    assert with_gaza(start, ("2023-12-01", 0.2)) != later  # the level moves on from the first knot


def test_an_island_is_carried_out_once(tmp_path):
    done = []

    def carry_out(island):
        done.append(island.number)
        return np.array([(island.number, 0.5)], [("island", int), ("x", float)])

    work = Reusing(tmp_path, carry_out)
    first, again, other = (work(replace(PLAIN, number=number)) for number in (3, 3, 4))
    assert done == [3, 4]
    assert np.array_equal(first, again)
    assert first.dtype == again.dtype
    assert other["island"] == 4


def test_a_damaged_file_counts_for_nothing(tmp_path):
    done = []
    work = Reusing(tmp_path, lambda island: done.append(1) or np.zeros(2, [("x", float)]))
    work(PLAIN)
    (file,) = (tmp_path / FOLDER).rglob("*.npy")
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert np.array_equal(work(PLAIN), np.zeros(2, [("x", float)]))
    assert len(done) == 2
    assert len([*(tmp_path / FOLDER).rglob("*.npy")]) == 1


def test_the_oldest_fits_go(tmp_path):
    work = Reusing(tmp_path, lambda island: np.zeros(1, [("x", float)]))
    for particles in range(100, 103 + MOST):
        work(replace(PLAIN, particles=particles))
    assert len([*(tmp_path / FOLDER).iterdir()]) == MOST


def test_where_nothing_can_be_written_it_is_carried_out_all_the_same(tmp_path):
    (tmp_path / FOLDER).write_text("a file in the way")
    assert len(Reusing(tmp_path, lambda island: np.zeros(1, [("x", float)]))(PLAIN)) == 1
