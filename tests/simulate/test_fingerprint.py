"""Fingerprints: equal in equal processes, different where a source, a version or one bit is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.core.jit import source_hash
from sim.core.state import WORLD
from sim.simulate import fingerprint as module
from sim.simulate.fingerprint import difference, fingerprint
from sim.simulate.job import simulate
from sim.simulate.parameter_draws import PARAMETERS

HERE = {"sources": "a1", "python": "3.11", "numpy": "2.4.6", "scipy": "1.17.1", "arithmetic": "b2"}


def test_another_process_in_another_folder_has_the_same(tmp_path):
    (tmp_path / "scenarios").mkdir()  # a scenario of one's own, of the same name as the shipped one
    own = "extends: october-2023\nquestion: What if it ended sooner?\nend: 2023-11-01\n"
    (tmp_path / "scenarios" / "october-2023.yaml").write_text(own, encoding="utf-8")
    ask = "import json; from sim.simulate.fingerprint import fingerprint; print(json.dumps(fingerprint()))"
    place = {**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env=place, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == fingerprint()


def test_it_tells_sources_and_versions():
    told = fingerprint()
    assert told["sources"] == source_hash()
    assert told["numpy"] == np.__version__
    assert set(told) == {"sources", "python", "numpy", "scipy", "pyarrow", "arithmetic"}


@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize("field", ["iran.war_fear", "outcome.wounded", "militias.anger", "ladder.start"])
def test_one_bit_of_any_world_changes_its_arithmetic(monkeypatch, field, place):
    group, name = field.split(".")

    def simulate_otherwise(job, runs):
        worlds = simulate(job, runs)
        values = np.asarray(worlds)[group][name]
        where = (0,) * values.ndim if place == "first" else (-1,) * values.ndim
        values[where] = np.nextafter(values[where], np.inf) if values.dtype.kind == "f" else values[where] ^ 1
        return worlds

    before = module._worked_out()
    monkeypatch.setattr(module, "simulate", simulate_otherwise)
    assert module._worked_out() != before


def test_one_bit_of_a_parameter_changes_its_arithmetic(monkeypatch):
    rows_before = module.prior_rows

    def rows_otherwise(*given):
        rows = rows_before(*given)
        rows["us"]["readiness"][7] = np.nextafter(rows["us"]["readiness"][7], np.inf)
        return rows

    before = module._worked_out()
    monkeypatch.setattr(module, "prior_rows", rows_otherwise)  # the worlds stay as they were
    assert module._worked_out() != before


def test_padding_between_fields_is_not_looked_at(monkeypatch):
    padded = np.dtype([("short", np.int32), ("long", np.float64)], align=True)
    records = np.zeros(3, padded)
    records.view(np.uint8).reshape(3, -1)[:, 4:8] = 255
    assert [(name, field.tolist()) for name, field in module._fields(records)] == [
        ("short", [0, 0, 0]),
        ("long", [0.0, 0.0, 0.0]),
    ]
    before = module._worked_out()

    def simulate_otherwise(job, runs):
        blank = np.full(len(runs) * WORLD.itemsize, 255, np.uint8).view(WORLD)
        worlds = np.asarray(simulate(job, runs))
        for name in WORLD.names or ():
            blank[name] = worlds[name]
        return blank

    monkeypatch.setattr(module, "simulate", simulate_otherwise)
    assert module._worked_out() == before


@pytest.mark.parametrize("dtype", [WORLD, PARAMETERS], ids=["world", "parameters"])
def test_every_field_is_looked_at(dtype):
    def size(kind: np.dtype) -> int:
        base, shape = kind.subdtype or (kind, ())
        named = {name: kind_ for name, kind_ in (base.fields or {}).items() if name != "filled"}
        inner = sum(size(kind_[0]) for kind_ in named.values()) if named else base.itemsize
        return inner * int(np.prod(shape, dtype=int))

    fields = dict(module._fields(np.zeros(1, dtype)))
    assert sum(field.nbytes for field in fields.values()) == size(np.dtype(dtype))


def test_the_runs_it_looks_at_are_no_runs_that_are_counted_and_have_rows_of_their_own():
    from sim.cli.options import MOST_RUNS
    from sim.simulate.parameter_draws import RUNS_PER_ROW

    assert module.FIRST_RUN >= MOST_RUNS
    assert module.FIRST_RUN % RUNS_PER_ROW == 0
    assert module.simulate is simulate


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ({}, None),
        ({"sources": "c3", "numpy": "2.3.0", "arithmetic": "d4"}, "its sources are not these"),
        ({"numpy": "2.3.0", "scipy": "1.15", "arithmetic": "d4"}, "numpy 2.4.6 here, 2.3.0 there"),
        ({"python": "3.13", "arithmetic": "d4"}, "python 3.11 here, 3.13 there"),
        (
            {"arithmetic": "d4"},
            "its arithmetic is not IEEE's, or its october-2023 is another: the same runs differ in some bit",
        ),
        ({"later": "1"}, "later none here, 1 there"),
    ],
)
def test_the_first_difference_is_told_in_words(there, told):
    assert difference(HERE, HERE | there) == told


def test_what_is_missing_there_is_a_difference():
    assert difference(HERE, {}) == "its sources are not these"
    assert difference({"scipy": "1.17.1"}, {}) == "scipy 1.17.1 here, none there"
