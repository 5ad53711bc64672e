"""Every number of the documentation is what the jobs left, and the jobs' results are of this model."""

import json
import re
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from ruamel.yaml import YAML

from docs.numbers import jobs, words
from docs.numbers.jobs import HERE, JOBS, RESULTS, ROOT, Job, inputs, sha, stale
from docs.numbers.marks import MARK, PAGES, filled

RUN = "run: make numbers"
QUOTED: dict[str, dict[str, str]] = YAML(typ="safe").load((HERE / "quoted.yaml").read_text(encoding="utf-8"))
LEVELS = {"0", "1", "5", "50", "90", "95", "99", "100"}  # of intervals and tests, in percent
RESULT = re.compile(
    r"(?P<percent>\d[\d.,]*)%|[+-]?\d[\d.]* \[[+-]?\d|give or take \d|± ?\d|\d percentage points|\d points"
)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=shown)


@every_page
def test_every_mark_shows_what_the_jobs_left(page: Path):
    text = page.read_text(encoding="utf-8")
    made, faults = filled(text, shown(page))
    assert faults == [], RUN
    assert made == text, RUN


@pytest.mark.parametrize("job", JOBS.values(), ids=lambda job: job.name)
def test_results_are_of_this_model_and_of_what_the_job_reads(job: Job):
    assert stale(job) is None, f"{job.name}: {stale(job)}; {RUN}"


@pytest.mark.parametrize("job", [job for job in JOBS.values() if job.written], ids=lambda job: job.name)
def test_figures_and_pages_are_as_their_job_wrote_them(job: Job):
    made = json.loads((job.folder / "made.json").read_bytes())
    assert {name: sha((ROOT / name).read_bytes()) for name in job.written} == made["written"], RUN


def unmarked(text: str) -> list[str]:
    """Numbers that look like results outside of marks, inline code and blocks of YAML, Python and commands."""
    text = MARK.sub("", text)
    text = re.sub(r"^```(yaml|python|sh)\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]+`", "", text)
    return [m[0] for m in RESULT.finditer(text) if m["percent"] not in LEVELS]


@every_page
def test_no_result_stands_on_a_page_unmarked(page: Path):
    quoted = {text for pattern, told in QUOTED.items() if fnmatch(shown(page), pattern) for text in told}
    text = page.read_text(encoding="utf-8")
    assert "*" in quoted or all(allowed in text for allowed in quoted)
    for allowed in quoted - {"*"}:
        text = text.replace(allowed, "")
    assert "*" in quoted or unmarked(text) == [], "mark it, or name it in docs/numbers/quoted.yaml"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a risk of 20.3% by then", ["20.3%"]),
        ("64% of runs, with a 95% interval", ["64%"]),
        ("it changes by -1.9 [-2.3, -1.5]", ["-1.9 [-2"]),
        ("0.5 points less, give or take 0.3", ["5 points", "give or take 0"]),
        ("a risk of <!-- number: baseline.risk() -->20.3% [19, 21]<!-- /number --> and `20.3%`", []),
        ("```yaml\na: 20.3%\n```\n", []),
        ("```text\nDirect: 20.3%\n```\n", ["20.3%"]),
    ],
)
def test_results_are_told_from_other_numbers(text: str, found: list[str]):
    assert unmarked(text) == found


@every_page
def test_no_mark_of_a_number_begins_a_line(page: Path):
    """Markdown would take the line for HTML, and end the paragraph."""
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^[ \t>*-]*<!-- number: .*", text, re.MULTILINE) == []


def test_every_job_is_shown_somewhere():
    told = " ".join(m[2] for page in PAGES for m in MARK.finditer(page.read_text(encoding="utf-8")))
    groups = {job.name.partition("/")[0] for job in JOBS.values() if not job.writes}
    assert {name for name in groups if not re.search(rf"\b{name.replace('-', '_')}\b", told)} == set()
    assert {made.parent.relative_to(RESULTS).as_posix() for made in RESULTS.rglob("made.json")} <= set(JOBS)


# Stale


@pytest.fixture
def made(tmp_path: Path, monkeypatch) -> Path:
    """The file that says what a job was made from, all of it as it is now."""
    job = JOBS["compared/prior"]
    monkeypatch.setattr(jobs, "RESULTS", tmp_path)
    job.folder.mkdir(parents=True)
    (job.folder / "made.json").write_text(json.dumps(inputs(job)), encoding="utf-8")
    return job.folder / "made.json"


def test_a_job_is_stale_when_its_command_the_model_or_what_it_reads_is_another(made: Path):
    job, now = JOBS["compared/prior"], json.loads(made.read_bytes())
    assert stale(job) is None
    assert stale(job, quick=True) == jobs.IN_WORDS["command"]
    for name in ("command", "arithmetic", "reads"):
        made.write_text(json.dumps({**now, name: "another"}), encoding="utf-8")
        assert stale(job) == jobs.IN_WORDS[name]
    made.write_text(json.dumps({**now, "arithmetic": "another", "machine": "another"}), encoding="utf-8")
    assert stale(job) is None
    made.unlink()
    assert stale(job) == "not made yet"


@pytest.mark.parametrize("name", ["compared/november-strike", "own-ranges", "scenarios/withdrawal", "fit"])
def test_a_job_reads_the_scenarios_ranges_fits_and_records_that_it_names(name: str, monkeypatch):
    """Without what is read from anywhere but the command, its hash is another."""
    before = inputs(JOBS[name])["reads"]
    jobs._named.cache_clear()
    monkeypatch.setattr(jobs, "desk_files", dict)
    monkeypatch.setattr(
        jobs, "load_scenario", lambda path: SimpleNamespace(model_dump_json=lambda exclude: "")
    )
    after = inputs(JOBS[name])["reads"]
    jobs._named.cache_clear()
    assert before != after


# The words


@pytest.fixture
def found(tmp_path: Path, monkeypatch) -> words.Found:
    printed = (
        "\nDirect: 20% [19, 21] by chance, and\n    so on\n\nSpirals\n"
        "┏━━━━━━┳━━━━━━┓\n┃      ┃ how  ┃\n┃ kind ┃ risk ┃\n"
        "┡━━━━━━╇━━━━━━┩\n│ a.b  │  20% │\n│ c    │   3% │\n└──────┴──────┘\n1,250 runs in all.\n"
    )
    monkeypatch.setattr(words, "RESULTS", tmp_path)
    (tmp_path / "job").mkdir()
    (tmp_path / "job" / "printed.txt").write_text(printed, encoding="utf-8")
    return words.Found(Job("job"))


def test_what_was_printed_is_read_back(found: words.Found):
    assert found.said("Direct") == "Direct: 20% [19, 21] by chance, and so on"
    assert found.answer_lines == [found.said("Direct")]
    assert found.answer(30) == "```text\nDirect: 20% [19, 21] by\n    chance, and so on\n```"
    assert found.table("kind") == "| kind | how risk |\n| --- | --- |\n| `a.b` | 20% |\n| c | 3% |"
    assert found.cell("c", "how risk") == "3%"
    assert found.runs == "1,250"


@pytest.mark.parametrize(
    ("difference", "low", "high", "told"),
    [
        (0.021, 0.004, 0.038, "2.1 points more [+0.4, +3.8]"),
        (-0.021, -0.038, -0.004, "2.1 points less [-3.8, -0.4]"),
        (0.001, -0.01, 0.012, "no change that can be told from none (+0.1 [-1.0, +1.2] points)"),
    ],
)
def test_a_change_is_told_by_its_sign(difference: float, low: float, high: float, told: str):
    row = pd.Series({"difference": difference, "difference_low": low, "difference_high": high})
    assert words.moved(row) == told


def test_a_mark_that_says_something_else_is_filled_anew_and_one_that_fails_is_told():
    text = "is <!-- number: 1 + 1 -->3<!-- /number --> and <!-- number: nothing -->4<!-- /number -->"
    made, faults = filled(text, "page.md")
    assert made == text.replace("-->3<", "-->2<")
    assert len(faults) == 1
    assert faults[0].startswith("page.md:1: nothing: NameError")
