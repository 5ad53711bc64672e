"""The command `spiral calibrate`: what it prints, refuses, draws and keeps, and that it survives being killed."""

import json
import math
import os
import re
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from sim.cli.main import cli
from sim.experiments import calibrate as calibration
from sim.experiments import open_answer
from sim.experiments.calibrate import information, scores
from sim.parameters import REGISTRY, blind_priors
from sim.report.figures import drawings
from sim.report.figures.style import style
from sim.report.terminal.calibrate import missing_line, score_lines
from sim.simulate.posterior import load_posterior
from sim.store.standing import look_at
from tests.forked import Forked
from tests.report.heads import check_heads

SPIRAL = str(Path(sys.executable).with_name("spiral"))
EARLY = ("calibrate", "october-2023", "--until", "2023-10-24", "--set", "end=2023-10-31", "--rows", "100")
ISLANDS, PARTICLES = 8, 150
QUICK = (*EARLY, "--islands", str(ISLANDS), "--particles", str(PARTICLES), "--threads", "1")
TABLES = ("parameters", "pairs", "draws", "targets", "scores", "information")
PATIENCE = 120  # seconds, far more than needed
COORDINATES = 1 + sum(p.prior is not None for p in REGISTRY.values())  # with the lag of reports


@pytest.fixture(scope="module")
def quick():
    """Few moves, runs and draws: what is tested here hangs on none of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "MOVES", 2)
        patch.setattr(calibration, "PREDICTIVE", 500)
        patch.setattr(scores, "DRAWS", 500)
        patch.setattr(scores, "REPEATS", 2)
        patch.setattr(information, "RESAMPLES", 20)
        yield


@pytest.fixture(scope="module")
def fitted(tmp_path_factory, quick):
    """A whole calibration, never disturbed."""
    folder = tmp_path_factory.mktemp("fit") / "whole"
    assert cli.main([*QUICK, "--out", str(folder), "--no-figures"], prog_name="spiral") == 0
    return folder


def words(text: str) -> str:
    return " ".join(re.sub("[│┃]", " ", text).split())


def test_it_prints_what_the_record_tells(spiral, fitted, quick):
    code, out, _ = spiral(*QUICK, "--out", str(fitted), "--no-figures", "--full")
    said = words(out)
    assert code == 0
    assert re.search(
        rf"up to 24 Oct 2023: [\d,]+ effective draws of {ISLANDS * PARTICLES:,}; 100 rows are kept", said
    )
    assert re.search(
        rf"Of {COORDINATES} parameters it informs \d+; \d+ cannot be told from their priors, and \d+ cannot act",
        said,
    )
    assert "attacks in Iraq 2023-10-24 10" in said
    assert "militia.tempo 0.6 to 4.3" in said
    assert "log probability" in said
    assert "would narrow the risk" in said


def test_the_posterior_in_the_folder_can_be_shipped(fitted):
    posterior = load_posterior(fitted)
    told = json.loads((fitted / "posterior.json").read_text())
    assert (posterior.rows, posterior.name) == (100, "october-2023")
    assert str(posterior.as_of) == told["as_of"] == "2023-10-24"
    assert told["effective"] > 300
    assert told["islands"] * told["particles"] == ISLANDS * PARTICLES
    assert {"log_evidence", "log_evidence_error", "priors", "record", "version", "made_by"} <= told.keys()
    assert len(told["priors"]) == COORDINATES
    assert {report["last"] for report in told["record"]["reports"]} <= {"2023-10-21", "2023-10-24"}


def test_json_and_figures_have_all_tables(spiral, fitted, quick):
    code, out, _ = spiral(*QUICK, "--out", str(fitted), "--no-figures", "--json")
    told = json.loads(out)
    assert code == 0
    assert set(told["tables"]) == set(TABLES)
    assert len(told["tables"]["parameters"]) == COORDINATES
    assert sum(told["verdicts"].values()) == COORDINATES
    answer = open_answer(fitted)
    with style():
        made = drawings(answer)
    check_heads(made)
    drawn = {drawing.stem: drawing.title for drawing in made}
    assert set(drawn) >= {"parameters", "targets", "information"}
    assert "24 Oct 2023" in drawn["parameters"]


def test_killed_it_goes_on_and_comes_to_the_same(fitted, quick, tmp_path):
    """Killed after some islands; what is there is not made again, and in the end no byte differs."""
    folder = tmp_path / "cut"
    script = (
        "import time\n"
        "from sim.experiments import calibrate as calibration\n"
        "from sim.inference.islands import carry_out_island\n"
        "from sim.pipeline import fitting\n"
        "def slow(island):\n    time.sleep(0.5 * (island.number > 3))\n    return carry_out_island(island)\n"
        "calibration.MOVES, fitting.carry_out_island = 2, slow\n"
        "from sim.cli.main import main\nmain()\n"
    )
    child = Forked([*QUICK, "--out", str(folder), "--no-figures"], folder.parent, script)
    patience = time.monotonic() + PATIENCE
    while len(parts(folder)) < 5:
        assert child.poll() is None
        assert time.monotonic() < patience
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert look_at(folder).state == "unfinished"
    there = parts(folder)
    assert 5 <= len(there) < ISLANDS
    assert cli.main([*QUICK, "--out", str(folder), "--no-figures"], prog_name="spiral") == 0
    noted = {name: when for name, when in parts(folder).items() if name in there}
    assert sum(noted[name] != there[name] for name in there) <= 1  # one may have been written, and not noted
    for name in (
        *(f"{table}.csv" for table in TABLES),
        "posterior.parquet",
        "posterior.json",
        "estimates.json",
    ):
        assert (folder / name).read_bytes() == (fitted / name).read_bytes(), name
    assert look_at(folder, every_bit=True).state == "whole"


def parts(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("part-*.parquet")}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["october-2023", "--until", "2023-10-16"], "2023-10-16 is not from 2023-10-17 to 2024-07-31"),
        (["october-2023", "--until", "2024-08-01"], "2024-08-01 is not from 2023-10-17"),
        (["october-2023", "--until", "november"], "--until: november is no date; write it as"),
        (["tower-22"], "tower-22 starts from the worlds of another scenario"),
        (["october-2023", "--islands", "1"], "--islands: 1 must be a whole number from 2"),
        (["october-2023", "--particles", "99"], "--particles: 99 must be a whole number from 100"),
        (["october-2023", "--rows", "1e9"], "--rows: 1e9 must be a whole number from 100"),
        (["october-2023", "--record", "nowhere.yaml"], "nowhere.yaml"),
        (["october-2023", "--parameters", "prior"], "--parameters"),
        (["octobre-2023"], "octobre-2023"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_nothing_is_written(spiral, here, args, said):
    code, out, err = spiral("calibrate", *args)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert not list(here.iterdir())


def test_a_long_fit_shows_its_plan_and_is_not_started_unasked(spiral, here):
    code, out, err = spiral("calibrate", "october-2023", "--islands", "10000")
    _, question, _, refusal = err.splitlines()
    assert (code, out) == (2, "")
    assert question == "10,000 islands: 12,000,000 runs in 12,000 tasks"
    assert refusal == "spiral: 12,000,000 runs are not started unasked; --yes starts them"
    assert not list(here.iterdir())


def test_a_record_of_nothing_is_refused(spiral, here):
    (here / "late.yaml").write_text(
        "name: late\nstart: 2023-10-17\nattacks:\n  - {date: 2023-12-01, iraq: 40, syria: 40}\n"
    )
    code, out, err = spiral("calibrate", "october-2023", "--record", "late.yaml")
    assert (code, out) == (2, "")
    assert "the record late reports nothing up to 2023-11-17" in err
    assert len(err.splitlines()) == 1


def test_a_collapse_is_one_line_that_says_what_to_do(spiral, here, quick):
    code, _, err = spiral(*EARLY, "--islands", "2", "--particles", "100", "--no-figures")
    assert code == 2
    last = err.strip().splitlines()[-1]
    assert re.search(
        r"rests on \d+ effective draws, and needs 300; ask for more --islands or --particles", last
    )
    assert "Traceback" not in err


def test_scores_say_plainly_who_is_ahead():
    def table(evidence, error=0.05):
        return pd.DataFrame(
            {
                "model": ["as it stands", "couplings off"], "evidence": [-34.0, evidence],
                "evidence_error": error, "fitted": [-30.0, -29.2], "fitted_error": 0.01,
            }
        )  # fmt: skip

    assert "speaks for the model with its couplings off" in score_lines(table(-33.1))[0]
    assert "speaks for the model as it stands" in score_lines(table(-35.0))[0]
    assert "does not tell the two apart" in score_lines(table(-33.9))[0]
    assert "difference -0.90" in score_lines(table(-33.1))[0]
    assert score_lines(table(-33.1).head(1)) == []


def test_only_what_is_told_is_named_as_missing():
    table = pd.DataFrame(
        {
            "known": ["us.pressure_killed", "us.pressure"], "kind": ["parameter", "state"], "meaning": ["", "pressure"],
            "share": [0.28, 0.02], "low": [0.25, -0.01], "high": [0.31, 0.05], "told": [True, False],
        }
    )  # fmt: skip
    assert "us.pressure_killed 28.0% [25.0, 31.0]." in missing_line(table)
    assert "pressure 2" not in missing_line(table)
    assert "so few rows" in missing_line(table.assign(told=False))


LATER = (
    "calibrate", "october-2023", "--as-of", "last-article", "--islands", "3", "--particles", "100",
    "--rows", "100",
)  # fmt: skip


@pytest.fixture(scope="module")
def later(tmp_path_factory, quick):
    """A calibration as of the last article, so small that it would be refused."""
    folder = tmp_path_factory.mktemp("later") / "whole"
    on = partial(calibration.through_last_article, groups=4, each=3_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "check_effective", lambda fit, least=0.0: None)
        patch.setattr(calibration, "through_last_article", on)
        words = [*LATER, "--threads", "1", "--out", str(folder), "--no-figures"]
        assert cli.main(words, prog_name="spiral") == 0
    return folder


@pytest.mark.verification
def test_as_of_the_last_article_the_folder_holds_a_posterior_whose_past_goes_on(later):
    posterior, told = load_posterior(later), json.loads((later / "posterior.json").read_text())
    assert (posterior.rows, str(posterior.as_of), str(posterior.stem)) == (100, "2024-07-28", "2023-11-17")
    steps = told["last_article"]
    assert [step["last"] for step in steps] == sorted(step["last"] for step in steps)
    assert all(0.0 < step["probability"] <= 1.0 for step in steps)
    together = sum(math.log(step["probability"]) for step in steps)
    finding = open_answer(later).finding
    assert finding.log_evidence == told["log_evidence"] < finding.scores["evidence"].iloc[0]
    error = told["log_evidence_error"] + 0.05  # and what groups of unlike weight make of the product
    assert abs(finding.log_evidence - finding.scores["evidence"].iloc[0] - together) < 4 * error
    blind = {name: str(prior) for name, prior in blind_priors().items()}
    assert {name: told["priors"][name] for name in blind if name in told["priors"]}.items() <= blind.items()


@pytest.mark.verification
def test_it_prints_what_weighed(spiral, later, quick):
    code, out, _ = spiral(*LATER, "--out", str(later), "--no-figures", "--full")
    said = words(out)
    assert code == 0
    assert "What the last article tells" in said
    assert "attacks again from 16 July on" in said
    assert "that three would be killed does not" in said
    assert "informed up to 28 Jul 2024" in said


@pytest.mark.parametrize("extra", [("--until", "2023-10-30"), ("--record", "mine.yaml")])
def test_it_goes_on_from_the_articles_own_record_alone(spiral, here, extra):
    record = "name: mine\nstart: 2023-10-17\nattacks: [{date: 2023-11-17, total: 60}]\n"
    (here / "mine.yaml").write_text(record)
    code, _, err = spiral(*LATER, *extra)
    assert code == 2
    assert "leave out --record and --until" in err
