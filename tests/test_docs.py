"""The documentation says what is so: its generated page, its links, its commands, its examples.

A YAML example that opens with `# scenarios/NAME.yaml` is put there, so that the commands shown can name it; Python
examples are run, in order, where `results/` holds small results of the baseline and of another scenario.
"""

import importlib.util
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sim.cli.main import cli
from sim.scenario import Scenario, load_scenario
from tests.jobs import run_in

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        ROOT / "results" / "README.md",
        ROOT / "scenarios" / "README.md",
        *ROOT.glob("docs/**/*.md"),
    ]
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
OWN_WORDS = re.compile(r"^(# scenarios/)(?P<name>[a-z0-9-]+)\.yaml\n")
RUNS = 210  # the last draw of the parameters is cut short
SMALLER = {"rows=10, generations=5, judged=100": "rows=2, generations=2, judged=8"}
"""What an example asks for that takes long, and what it asks for here."""


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=shown)


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def fenced(page: Path, *kinds: str) -> list[str]:
    return [body for kind, body in FENCE.findall(page.read_text(encoding="utf-8")) if kind in kinds]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# Generated pages


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_what_the_registry_says():
    made = generator()
    for name, page in made.PAGES.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == page(), "run: python -m docs.generate"


# Links


@every_page
def test_every_relative_link_leads_somewhere(page: Path):
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{target}: there is no {path}"
        assert file.is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(file), f"{target}: no such heading"


def test_every_page_of_the_documentation_can_be_reached_from_the_readme():
    found, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in found or page.suffix != ".md":
            continue
        found.add(page)
        targets = (target.partition("#")[0] for target in LINK.findall(prose(page)))
        waiting += [(page.parent / t).resolve() for t in targets if t and not re.match(r"[a-z]+:", t)]
    assert {shown(page) for page in PAGES} <= {shown(page) for page in found}


# Commands


def commands(page: Path) -> Iterator[list[str]]:
    """Every `spiral` command of a page, in fences and in running text, without what follows a pipe or a comment."""
    lines = [line for body in fenced(page, "", "sh", "bash", "console") for line in body.splitlines()]
    lines += re.findall(r"`([^`]+)`", " ".join(prose(page).split("\n")))
    for line in lines:
        words = re.sub(r"^(\$ )?(\.venv/bin/)?", "", re.sub(r"\s+", " ", line.strip()))
        if re.match(r"spiral( |$)", words) and not words.startswith("spiral:"):
            yield shlex.split(words.split(" | ")[0].split(" > ")[0], comments=True)[1:]


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A working folder that holds the scenarios shown in the documentation, and small results of two."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "scenarios").mkdir()
    for page in PAGES:
        for body in fenced(page, "yaml"):
            if named := OWN_WORDS.match(body):
                (folder / "scenarios" / f"{named['name']}.yaml").write_text(body, encoding="utf-8")
    for name in ("mine.yaml", "FILE.yaml"):  # what pages call a record of one's own
        shutil.copy(ROOT / "seeds" / "record.yaml", folder / name)
    simulate(load_scenario("october-2023", [f"runs={RUNS}"]), folder)
    simulate(load_scenario(folder / "scenarios" / "november-strike.yaml", [f"runs={RUNS}"]), folder)
    return folder


def simulate(scenario: Scenario, folder: Path) -> None:
    run_in(folder / "results" / scenario.name, scenario)


def named(name: str) -> click.Command | None:
    """A command of the program by its name."""
    return cli.get_command(click.Context(cli), name)


def understood(words: list[str]) -> click.Context:
    """Read a command line, and that of a command below it, without carrying it out; of the one that is carried out."""
    command = named(words[0])
    assert command is not None, words
    context = command.make_context(words[0], words[1:])
    if isinstance(context.command, click.Group):
        _, rest, _ = context.command.make_parser(context).parse_args(words[1:])
        if rest:
            name, below, left = context.command.resolve_command(context, rest)
            assert below is not None, words
            return below.make_context(name, left, parent=context)
    return context


def asked_about(context: click.Context) -> tuple[str, ...]:
    """Scenarios that a command line names, by whatever its command calls them."""
    given = context.params.get("scenario") or context.params.get("names") or ()
    return (given,) if isinstance(given, str) else given


@every_page
def test_every_command_shown_is_understood(page: Path, desk: Path, monkeypatch):
    monkeypatch.chdir(desk)
    for words in commands(page):
        if not words or words[0].startswith("-"):
            assert words in ([], ["--help"], ["--version"]), words
            continue
        assert named(words[0]) is not None, words
        if len(words) == 1 or "--help" in words:  # the command by its name
            continue
        context = understood(words)
        for scenario in set(asked_about(context)) - {"SCENARIO", "my-question"}:
            load_scenario(scenario, context.params["settings"])


def test_scenarios_are_found_in_commands_of_every_form():
    lines = (
        "run a --runs 50",
        "plan a",
        "plan sweep a --vary us.readiness=0,1",
        "compare a b",
        "trace a --run 1",
    )
    found = [asked_about(understood(line.split())) for line in lines]
    assert found == [("a",), ("a",), ("a",), ("a", "b"), ("a",)]


# What a result hangs on; the other options of `spiral run` lead to the same one.
JOB = (
    "names", "settings", "priors", "runs", "random_seed", "precision", "parameters", "keep", "block_size",
    "engine",
)  # fmt: skip


@every_page
def test_no_two_jobs_of_a_guide_want_the_same_folder(page: Path, desk: Path, monkeypatch):
    """The second would be refused, unless it says --fresh."""
    if "explanation" in page.parts:
        return  # commands there were measured; nobody is told to give them
    monkeypatch.chdir(desk)
    jobs: dict[Path, tuple[object, ...]] = {}
    for words in commands(page):
        if (
            len(words) < 2
            or words[0] != "run"
            or "--help" in words
            or words[1] in ("SCENARIO", "my-question")
        ):
            continue
        options = understood(words).params
        place = options["out"] or Path("results") / load_scenario(options["names"]).name
        job = tuple(options[name] for name in JOB)
        assert options["fresh"] or jobs.setdefault(place, job) == job, words


def test_scenarios_shown_are_found(desk: Path):
    names = sorted(path.stem for path in (desk / "scenarios").glob("*.yaml"))
    assert names
    for name in names:
        load_scenario(desk / "scenarios" / f"{name}.yaml")


def test_every_command_of_spiral_is_in_the_readme():
    used = {words[0] for words in commands(ROOT / "README.md") if words}
    known = cli.list_commands(click.Context(cli))
    assert {"run", "sweep", "why", "plot", "play"} <= set(known) <= used


# Python examples


@pytest.mark.parametrize("page", [page for page in PAGES if fenced(page, "python")], ids=shown)
def test_python_examples_run(page: Path, desk: Path, monkeypatch, capsys):
    monkeypatch.chdir(desk)
    names: dict[str, object] = {}
    for body in fenced(page, "python"):
        for large, small in SMALLER.items():
            body = body.replace(large, small)
        exec(compile(body, shown(page), "exec"), names)
    capsys.readouterr()


def test_what_examples_ask_for_less_of_is_in_one_of_them():
    shown = "".join(body for page in PAGES for body in fenced(page, "python"))
    assert all(large in shown for large in SMALLER)


def keys(value: object) -> Iterator[str]:
    """Keys of a manifest, also of those that lie in it, but for names of files and libraries."""
    for key, part in value.items() if isinstance(value, dict) else ():
        yield key
        yield from () if key in ("files", "libraries") else keys(part)


def test_every_file_column_and_key_of_a_result_is_explained(desk: Path):
    import pandas as pd

    pages = (ROOT / "results" / "README.md", ROOT / "docs" / "reference" / "outcomes.md")
    told = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    folder = desk / "results" / "october-2023"
    names = set(keys(json.loads((folder / "manifest.json").read_bytes())))
    for file in folder.iterdir():
        assert file.name in told.replace("<scenario>", "october-2023"), file.name
        if file.suffix == ".parquet":
            names |= set(pd.read_parquet(file).columns)
        elif file.suffix == ".csv":
            names |= set(pd.read_csv(file, nrows=1).columns)
    counts = pd.read_parquet(folder / "counts.parquet")
    names |= {*counts["array"], *counts["world"]}
    written = set(re.findall(r"`([a-z_0-9. ]+)`", told, re.IGNORECASE))
    assert names - written == set()
