"""Draws of one's own: the rows of a file are what runs are lived with; a file that cannot be used is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import ask, load_scenario, run, sweep
from sim.errors import InputError
from sim.experiments import open_answer
from sim.experiments.run import Run
from sim.parameters import LAST_STEP, REGISTRY
from sim.pipeline.answers import carry_out
from sim.pipeline.own_draws import drawn_from, read_draws, with_draws
from sim.pipeline.request import Request
from sim.pipeline.runner import Execution
from sim.report.terminal import as_object, first_lines
from sim.scenario import Scenario
from sim.scenario.draws import kept_draws
from sim.simulate import make_job, simulate
from sim.simulate.job import prepare
from sim.simulate.parameter_draws import prior_rows
from sim.store import RefusedPlace

SHORT = ("end=2023-10-31", "runs=100")
RUNS = np.arange(100, dtype=np.uint64)
ROWS = np.arange(4)
TWO = ("us.readiness", "militia.tempo")


@pytest.fixture(scope="module")
def october():
    return load_scenario("october-2023", SHORT)


@pytest.fixture(scope="module")
def drawn(october):
    """What the first four rows are when they are drawn from their priors, a column for each parameter."""
    rows = np.asarray(prior_rows(ROWS, october.random_seed, {}))
    return pd.DataFrame({name: value(rows, name) for name in REGISTRY})


@pytest.fixture
def two(drawn, tmp_path):
    """A file of two parameters, three draws each, none of them as it would be drawn."""
    table = pd.DataFrame({name: drawn[name][:3] * 0.5 + 0.25 for name in TWO})
    table.to_csv(tmp_path / "two.csv", index=False)
    return tmp_path / "two.csv", table


def value(rows: np.ndarray, name: str) -> np.ndarray:
    group, key = name.split(".")
    return rows[group][key]


def asked(path: Path, *settings: str, **options) -> Run:
    given = options.pop("parameters", None)
    request = Request(("october-2023",), (*SHORT, *settings), given)
    return Run.prepare(request, draws=path, prevented=0, **options)


def outcomes(folder: Path) -> list[bytes]:
    return [part.read_bytes() for part in sorted(folder.glob("runs.parquet/part-*"))]


# What is lived


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_file_of_what_would_be_drawn_gives_the_same_bytes_as_drawing_it(october, drawn, tmp_path, form):
    path = tmp_path / f"mine.{form}"
    drawn.to_csv(path, index=False) if form == "csv" else drawn.to_parquet(path)
    carry_out(asked(path), tmp_path / "mine", Execution(1))
    carry_out(Run(october, "prior", prevented=0), tmp_path / "prior", Execution(1))
    assert outcomes(tmp_path / "mine") == outcomes(tmp_path / "prior") != []
    for name in ("daily.csv", "rungs.csv", "incidence.csv", "distributions.csv", "trajectories.parquet"):
        assert (tmp_path / "mine" / name).read_bytes() == (tmp_path / "prior" / name).read_bytes()


@pytest.mark.parametrize(("others", "expected"), [("prior", None), ("default", 1)])
def test_what_has_no_column_is_drawn_or_at_its_default_and_rows_come_again_whole(
    october, drawn, two, others, expected
):
    path, table = two
    job = make_job(*with_draws(october, path, others))
    _, rows, taken, _ = prepare(job, RUNS)
    found = np.asarray(rows)[taken][::25]
    assert job.most_rows == 3
    for name, parameter in REGISTRY.items():
        usual = np.full(3, parameter.default) if expected else drawn[name][:3]
        whole = table[name] if name in TWO else usual
        np.testing.assert_array_equal(value(found, name), [*whole, whole[0]])


def test_what_a_world_holds_goes_before_the_draws(october, two):
    scenario, kind = with_draws(october, two[0], None)
    _, rows, taken, _ = prepare(make_job(scenario, kind, {"us.readiness": 0.0}), RUNS)
    assert (value(np.asarray(rows)[taken], "us.readiness") == 0.0).all()


def test_the_last_step_is_not_varied_where_the_draws_say_it_all(drawn, tmp_path):
    drawn[list(LAST_STEP)].to_csv(tmp_path / "last.csv", index=False)
    assert not [name for name in asked(tmp_path / "last.csv").spans if name.startswith("last step")]
    drawn[[LAST_STEP[0]]].to_csv(tmp_path / "part.csv", index=False)
    held = [
        span.point.override for name, span in asked(tmp_path / "part.csv").spans.items() if "step" in name
    ]
    assert [set(values) for values in held] == [{LAST_STEP[1]}] * 2


# What is said and kept


def test_the_answer_says_first_whose_draws_it_is_of_and_a_reopened_one_lives_the_same_runs(two, tmp_path):
    answer = carry_out(asked(two[0]), tmp_path / "kept", Execution(1))
    two[0].unlink()
    again = open_answer(tmp_path / "kept")
    unsure = sum(parameter.prior is not None for parameter in REGISTRY.values())
    assert first_lines(again)[0] == (
        "3 draws of two.csv's own, which come again with other chance until 100 runs are made; "
        f"{unsure - 2} others drawn from their priors."
    )
    told = again.manifest["draws"]
    assert (told["file"], told["rows"], told["columns"]) == ("two.csv", 3, list(TWO))
    assert told["sha256"] == again.manifest["job"]["draws"]["sha256"] == answer.scenario.draws.sha256
    assert again.manifest["rows"] == 3
    assert as_object(again)["manifest"]["draws"] == told
    jobs = [make_job(one.scenario, one.manifest["parameters"]) for one in (answer, again)]
    first, second = (np.asarray(simulate(job, RUNS))["outcome"].tobytes() for job in jobs)
    assert first == second


def test_draws_that_come_again_narrow_no_interval(october, two, tmp_path):
    path, table = two
    pd.concat([table, table[:1]]).to_csv(tmp_path / "four.csv", index=False)
    three, four = (run(october, draws=one, parameters="default") for one in (path, tmp_path / "four.csv"))
    assert three["wounded"].tolist() == four["wounded"].tolist()
    wider, narrower = (one.attrs["headline"]["chance"][1] for one in (three, four))
    assert wider > narrower


def test_crafted_draws_are_told_as_damage(two):
    draws = read_draws(two[0], {})
    for columns in ({"us.nothing": ROWS * 1.0}, {"us.readiness": ROWS}, {"us.readiness": ROWS * 9.0}):
        with pytest.raises(ValueError, match="its draws "):
            kept_draws("two.csv", "", replace(draws, columns=columns).as_parquet())


@pytest.mark.parametrize(
    ("runs", "said"), [(50, "The first 2 of 3 draws of"), (75, "3 draws of two.csv's own;")]
)
def test_only_draws_that_are_taken_are_told_of(two, runs, said):
    assert asked(two[0], f"runs={runs}").basis[0]["told"][0].startswith(said)


def test_a_job_with_other_draws_is_another_job(two, tmp_path):
    path, table = two
    carry_out(asked(path), tmp_path / "kept", Execution(1))
    (table + 0.125).to_csv(path, index=False)
    with pytest.raises(RefusedPlace, match=r"draws\.sha256 is \w+\.\.\. there and \w+\.\.\. here"):
        carry_out(asked(path), tmp_path / "kept", Execution(1))


def test_from_python_run_takes_draws_and_no_other_question_takes_a_scenario_with_them(two, october):
    table = run(october, draws=two[0])
    job = make_job(*with_draws(october, two[0], None))
    worlds = np.asarray(simulate(job, RUNS))
    assert table["wounded"].tolist() == worlds["outcome"]["wounded"].tolist()
    with pytest.raises(ValueError, match=r"goes with the draws of two\.csv, which this question cannot take"):
        run(job.scenario)
    with pytest.raises(ValueError, match=r"no draws of your own go with it"):
        make_job(october, "draws")


def test_a_run_is_opened_with_its_draw_and_runs_are_not_counted_over_draws_that_come_again(spiral, two):
    path, table = two
    words = ("october-2023", "--set", "end=2023-10-31", "--draws", str(path))
    code, out, _ = spiral(
        "trace", *words, "--run", "130", "--json"
    )  # of row 5, which is the third draw again
    values = json.loads(out)["parameters"]["values"]
    assert (code, [values[name] for name in TWO]) == (
        0,
        [pytest.approx(table[name][2], rel=1e-5) for name in TWO],
    )
    said = "spiral: --runs: 76 takes more than the 3 draws of two.csv: at most 75\n"
    assert spiral("why", *words, "--runs", "76") == (2, "", said)
    code, _, err = spiral("sweep", *words, "--vary", "us.readiness=0,1")
    assert (code, "No such option '--draws'" in err) == (2, True)


# What is refused

REFUSED = {
    "us.readiness\n0.5\nnan\n": "mine.csv:3: us.readiness = 'nan': must be a number from -6 to 6 (logits)",
    "us.readiness\n0.5\n-inf\n": "mine.csv:3: us.readiness = '-inf': must be a number from -6 to 6",
    "us.readiness\n0.5\n6.1\n": "mine.csv:3: us.readiness = '6.1': must be a number from -6 to 6",
    "us.readiness\nhigh\n1\n": "mine.csv:2: us.readiness = 'high': must be a number",
    "us.readiness\n1_0\n1\n": "mine.csv:2: us.readiness = '1_0': must be a number",
    "us.readiness\n=1+1\n1\n": "a formula is not a number",
    "us.readiness;militia.tempo\n0,5;1\n1;1\n": "write a point, not a comma",
    "us.readiness,militia.tempo\n,1\n1,1\n": "mine.csv:2: us.readiness = '': must be",
    "us.readiness\n" + "9" * 10_000 + "\n1\n": "…': must be",
    'us.readiness\n"1\n2"\n3\n': "mine.csv:2: us.readiness = '1\\n2': must be",
    "us.readiness,us.readiness\n1,1\n2,2\n": "mine.csv:1: has 2 columns called 'us.readiness'",
    "us.redyness\n1\n2\n": "such as us.readiness; did you mean 'us.readiness'?",
    "readiness\n1\n2\n": "did you mean 'us.readiness'",
    "us.ceiling\n1\n2\n": "column 'us.ceiling' is of a parameter that october holds at 1; leave out",
    "us.readiness\n1\0\n2\n": "mine.csv:2: holds NUL",
    "us.readiness\n1,2\n": "mine.csv:2: has 2 cells, and the header 1",
    "us.readiness\n": "mine.csv: holds a header and no draw",
    "us.readiness\n1\n": "mine.csv: holds one draw, which is no sample",
    "": "mine.csv: is empty",
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=range(len(REFUSED)))
def test_a_file_that_cannot_be_used_is_one_line_with_row_column_value_and_what_is_allowed(
    tmp_path, text, said
):
    (tmp_path / "mine.csv").write_text(text)
    with pytest.raises(InputError) as error:
        read_draws(tmp_path / "mine.csv", {"us.ceiling": 1.0}, "october")
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400 + len(str(tmp_path))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"us.readiness": [1.0, np.nan]}, r"row 2: us\.readiness = 'null': must be a number from -6 to 6"),
        ({"us.readiness": [1.0, np.inf]}, r"row 2: us\.readiness = 'inf': must be"),
        ({"us.readiness": [7, 1]}, r"row 1: us\.readiness = '7': must be"),
        (
            {"us.readiness": ["1", "2"]},
            r"row 1: us\.readiness = '1': is .*string; the column must hold numbers",
        ),
        ({"us.readiness": [True, False]}, r"is bool; the column must hold numbers"),
        ({"us.readiness": []}, r"holds 0 draws"),
        ({"us.ceilling": [1.0, 2.0]}, r"'us\.ceilling' is no parameter; .* did you mean 'us\.ceiling'"),
        ({}, r"names no parameter"),
    ],
)
def test_so_is_one_of_parquet(tmp_path, columns, said):
    pd.DataFrame(columns).to_parquet(tmp_path / "mine.parquet")
    with pytest.raises(InputError, match=rf"mine\.parquet: .*{said}|mine\.parquet: {said}"):
        read_draws(tmp_path / "mine.parquet", {})
    (tmp_path / "mine.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match=r"mine\.parquet: is not readable as Parquet"):
        read_draws(tmp_path / "mine.parquet", {})


def test_fitted_parameters_and_a_column_of_what_the_scenario_fixes_are_refused(two):
    with pytest.raises(InputError, match=r"--draws: does not go with --parameters posterior"):
        asked(two[0], parameters="posterior")
    with pytest.raises(
        InputError, match=r"column 'us\.readiness' is of a parameter that october-2023 holds at 1;"
    ):
        asked(two[0], "us.readiness=1")


# Scenario files in results of draws


@pytest.mark.parametrize("others", ["prior", "default"])
def test_the_scenario_of_a_result_of_draws_is_not_asked_without_them_unsaid(two, tmp_path, others):
    """By its own file a run would be lived with other parameters, and nothing would say so."""
    kept = tmp_path / "kept"
    carry_out(asked(two[0], "runs=25", parameters=others), kept, Execution(1))
    file = kept / "october-2023.yaml"
    unsaid = Request((str(file),))
    more = " --parameters default" if others == "default" else ""
    with pytest.raises(InputError) as caught:
        drawn_from(unsaid, None)
    assert str(caught.value) == (
        f"{file}: lies in a result that was made with the draws of two.csv, which the file does not hold: "
        f"--draws {kept / 'own-draws.parquet'}{more} takes them (run, trace and why), "
        "--parameters prior leaves them out"
    )
    with pytest.raises(ValueError, match=r"draws of two.csv"):
        sweep(file, vary={"us.readiness": [0, 1]}, runs=25)
    with pytest.raises(ValueError, match=r"draws of two.csv"):
        ask("run", file)
    (kept / "manifest.json").write_text("{")  # damaged: the draws that are there say it too
    with pytest.raises(InputError, match=r"made with the draws, which"):
        drawn_from(unsaid, None)
    assert drawn_from(replace(unsaid, parameters="prior"), None)[1] == "prior"
    scenario, kind = drawn_from(replace(unsaid, parameters=others), kept / "own-draws.parquet")
    assert scenario.draws is not None
    there, here = (make_job(*one) for one in ((scenario, kind), asked_again(two[0], others)))
    assert np.asarray(simulate(there, RUNS[:25])).tobytes() == np.asarray(simulate(here, RUNS[:25])).tobytes()


def asked_again(path: Path, others: str) -> tuple[Scenario, str]:
    return with_draws(load_scenario("october-2023", (*SHORT, "runs=25")), path, others)


def test_a_scenario_beside_a_result_of_no_draws_is_asked_as_usual(tmp_path):
    carry_out(
        Run(load_scenario("october-2023", SHORT), "prior", prevented=0), tmp_path / "kept", Execution(1)
    )
    assert drawn_from(Request((str(tmp_path / "kept" / "october-2023.yaml"),)), None)[1] == "posterior"


@pytest.mark.parametrize("settings", [("random_seed=1,2,3",), ("runs=100", "random_seed = 1, 2,3")])
def test_several_seeds_are_told_how_they_are_asked_for(settings):
    with pytest.raises(InputError, match=r"are a sweep: spiral sweep october-2023 --vary random_seed=1,2,3$"):
        Request(("october-2023",), settings).scenario  # noqa: B018 - it loads as it is asked for
