"""Nothing damaged goes unseen: whatever is edited in a result is told in one line, and never shown."""

import json
import shlex
import shutil
from pathlib import Path

import pytest

from sim import ask, open_result
from sim.errors import InputError
from sim.pipeline.answers import load_answer
from sim.report.figures import draw_answer
from sim.store import MANIFEST, StoreError
from sim.store.drawn import note_drawn
from sim.store.manifest import DRAWN, FIGURES, LOCK
from sim.store.standing import look_at
from tests.cli.commands import one_error
from tests.store.jobs import reseal, whole_of

HEADLINE = {"definition": "direct", "probability": 0.25, "chance": [0.2, 0.3]}
SHORT = {"settings": ["end=2023-11-01"], "threads": 1}
KINDS = {
    "run": {"scenario": "october-2023", "runs": 50, "prevented": 0},
    "sweep": {"scenario": "october-2023", "vary": {"us.readiness": [-1, 1]}, "runs": 25},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A result of each of two kinds, with a figure each that stands for all."""
    home = tmp_path_factory.mktemp("made")
    for kind, asked in KINDS.items():
        options = {name: value for name, value in asked.items() if name != "scenario"}
        ask(kind, asked["scenario"], out=home / kind, **options, **SHORT)
        (home / kind / FIGURES).mkdir()
        for end in ("png", "svg", "csv"):
            (home / kind / FIGURES / f"risk.{end}").write_bytes(b"drawn")
        note_drawn(home / kind, FIGURES, sorted((home / kind / FIGURES).iterdir()))
    return home


@pytest.fixture
def results(made: Path, here: Path) -> Path:
    return Path(shutil.copytree(made, here / "results"))


def flip(file: Path) -> None:
    """Change a bit; where it stands in a number or word it stays one, and the size is the same."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


# Every file of a result


@pytest.mark.parametrize("kind", KINDS)
def test_a_byte_that_is_changed_anywhere_is_told_and_never_shown(spiral, results, kind):
    folder = results / kind
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != LOCK]
    assert {file.suffix for file in files} >= {".csv", ".json", ".parquet", ".yaml", ".png", ".svg"}
    assert look_at(folder, every_bit=True).state == "whole"
    for file in files:
        before = file.read_bytes()
        flip(file)
        found = look_at(folder, every_bit=True)
        assert found.state == "damaged", file
        assert all("\n" not in fault for fault in found.faults)
        drawn = file.parent.name == FIGURES or file.name == DRAWN
        assert drawn or look_at(folder).state == "damaged" or file.suffix == ".parquet", file
        if not drawn:
            with pytest.raises(InputError, match=r"^\S+: is damaged: [^\n]+$"):
                open_result(folder)
        file.write_bytes(before)
    assert look_at(folder, every_bit=True).state == "whole"


@pytest.mark.parametrize(
    ("kind", "name"),
    [("run", "incidence.csv"), ("run", "daily.csv"), ("sweep", "sweep.csv"), ("sweep", "estimates.json")],
)
def test_what_was_edited_is_neither_drawn_nor_reported_nor_listed(spiral, results, kind, name):
    shutil.rmtree(results / kind / FIGURES)
    flip(results / kind / name)
    for command in ("plot", "report"):
        code, out, err = spiral(command, kind)
        assert (code, out) == (2, "")
        assert f"results/{kind}: is damaged: {name} does not hold what was written" in one_error(err)
    assert not (results / kind / FIGURES).exists()
    assert not list(results.rglob("report.html"))
    listed = {one["folder"]: one for one in json.loads(spiral("results", "--json")[1])}
    assert (listed[f"results/{kind}"]["state"], listed[f"results/{kind}"]["answer"]) == ("damaged", "")
    assert [one["state"] for folder, one in listed.items() if folder != f"results/{kind}"] == ["whole"]


@pytest.mark.parametrize(
    "dropped", [("sha256",), ("files",), ("job", "sha256"), ("job", "files", "sha256"), ("version",)]
)
def test_a_result_that_does_not_vouch_for_itself_is_not_shown(results, dropped):
    manifest = json.loads((results / "run" / MANIFEST).read_bytes())
    left = {name: value for name, value in manifest.items() if name not in dropped}
    (results / "run" / MANIFEST).write_text(json.dumps(left))
    with pytest.raises(InputError, match=r"^\S+: (is damaged|was made by an earlier version)[^\n]+$"):
        open_result(results / "run")
    assert look_at(results / "run").headline is None


def test_a_table_that_nobody_vouches_for_is_not_read(results):
    manifest = json.loads((results / "run" / MANIFEST).read_bytes())
    files = {name: entry for name, entry in manifest["files"].items() if name != "daily.csv"}
    reseal(results / "run", files=files)
    with pytest.raises(InputError, match=r"is damaged: manifest.json does not vouch for daily.csv$"):
        open_result(results / "run")


# Figures, and the report


def test_a_figure_is_held_against_what_was_drawn_and_drawn_again(spiral, results):
    spiral("plot", "sweep")
    names = sorted(file.name for file in (results / "sweep" / FIGURES).glob("sweep.*"))
    assert names == ["sweep.csv", "sweep.png", "sweep.svg"]
    flip(results / "sweep" / FIGURES / "sweep.png")
    code, out, err = spiral("results", "verify", "sweep")
    assert (code, err) == (1, "spiral: 1 of 1 results is not as written\n")
    assert "  results/sweep/figures/sweep.png: does not hold what was drawn" in out
    cut = results / "sweep" / FIGURES / "sweep.svg"
    cut.write_bytes(cut.read_bytes()[:-1])
    assert (
        "sweep.svg: does not hold what was drawn; `spiral plot results/sweep` mends it"
        in spiral("results")[1]
    )
    assert spiral("plot", "sweep")[0] == 0
    code, out, _ = spiral("results", "verify", "sweep")
    assert code == 0
    assert out.endswith(
        "files are as written; nobody vouches for 3 figures\n"
    )  # those that the fixture put there


def test_a_figure_without_a_list_is_told(spiral, results):
    (results / "run" / DRAWN).unlink()
    flip(results / "run" / FIGURES / "risk.png")
    assert "files are as written; nobody vouches for 3 figures" in spiral("results", "verify", "run")[1]


def test_a_report_is_held_against_what_was_written(spiral, results):
    assert spiral("report", "sweep")[0] == 0
    assert look_at(results / "sweep", every_bit=True).state == "whole"
    flip(results / "sweep" / "report.html")
    found = look_at(results / "sweep", every_bit=True)
    assert found.faults == (f"{results / 'sweep' / 'report.html'}: does not hold what was drawn",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"files": 5}',
        '{"files": {"../../x": {"bytes": 1, "sha256": "a"}}}',
        '{"files": {"figures/a": 5}}',
    ],
)
def test_a_damaged_list_of_figures_is_told_and_made_anew(results, text):
    (results / "run" / DRAWN).write_text(text)
    assert look_at(results / "run").faults == (f"{results / 'run' / DRAWN}: does not hold what was written",)
    figures = sorted((results / "run" / FIGURES).iterdir())
    note_drawn(results / "run", FIGURES, figures)
    assert look_at(results / "run", every_bit=True).state == "whole"


def test_figures_that_were_cut_short_while_drawn_are_not_vouched_for(results, monkeypatch):
    answer = open_result(results / "sweep")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.report.figures.save", killed)
    with pytest.raises(KeyboardInterrupt):
        draw_answer(answer, results / "sweep" / FIGURES)
    found = look_at(results / "sweep", every_bit=True)
    assert (found.state, found.unlisted) == ("whole", 3)


# Manifests that were made up, or half written

DEEP = "[" * 200 + "]" * 200
CRAFTED = {
    "a number as text": '{"name": "crisis", "runs": "100"}',
    "an infinity": '{"name": "crisis", "runs": Infinity}',
    "a number beyond all": '{"name": "crisis", "seconds": 1e999}',
    "no number": '{"name": "crisis", "blocks": NaN}',
    "a number of 5,000 digits": f'{{"name": "crisis", "runs": {"9" * 5_000}}}',
    "a number below none": '{"name": "crisis", "blocks": -1}',
    "a truth": '{"name": "crisis", "runs": true}',
    "quotes that do not end": json.dumps({"name": "crisis", "command": "spiral run 'x"}),
    "a list as command": '{"name": "crisis", "command": ["spiral"]}',
    "a zero character": json.dumps({"name": "crisis", "command": "spiral run\0x"}),
    "half a character": '{"name": "crisis", "command": "spiral \\ud800"}',
    "markup": '{"name": "[red]crisis[/red]"}',
    "an escape code": json.dumps({"name": "crisis\x1b[2J"}),
    "a path": '{"name": "a/b"}',
    "a long name": json.dumps({"name": "x" * 5_000}),
    "nested": f'{{"name": "crisis", "job": {{"a": {DEEP}}}}}',
    "nested too deep to be read": "[" * 100_000,
    "cut short": '{"name": "crisis", "fini',
    "a date that is none": '{"name": "crisis", "finished": "yesterday"}',
    "a kind that is a list": '{"name": "crisis", "kind": ["run"]}',
    "a size as text": '{"name": "crisis", "files": {"a.csv": {"bytes": "1", "sha256": "a"}}}',
    "a size below none": '{"name": "crisis", "files": {"a.csv": {"bytes": -1, "sha256": "a"}}}',
    "an escape code in a file": json.dumps({"name": "crisis", "files": {"\x1b[2J": {"bytes": 1, "sha256": "a"}}}),
    "no job": '{"name": "crisis", "job": null}',
    "made by nothing": '{"name": "crisis", "job": {"made_by": 5}}',
    "two encodings": b'{"name": "crisis\xff"}',
    "many small parts": '{"name": "crisis", "x": [' + "[]," * 300_000 + "0]}",
    "huge": '{"name": "crisis", "command": "' + "x" * 100_000 + '"}',
}  # fmt: skip


@pytest.mark.parametrize("what", CRAFTED)
def test_a_crafted_manifest_is_damage_in_one_line_and_hides_no_other(spiral, here, what):
    whole_of(here / "results" / "good", {"headline": HEADLINE}, runs=7)
    (here / "results" / "bad").mkdir()
    text = CRAFTED[what]
    (here / "results" / "bad" / MANIFEST).write_bytes(text if isinstance(text, bytes) else text.encode())
    code, out, err = spiral("results")
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    (hint,) = [line for line in out.splitlines() if line.startswith("results/bad:")]
    assert "is damaged: manifest.json" in hint
    listed = {one["folder"]: one["state"] for one in json.loads(spiral("results", "--json")[1])}
    assert listed == {"results/bad": "damaged", "results/good": "whole"}
    for command in ("plot", "report"):
        code, out, err = spiral(command, "bad")
        assert (code, out) == (2, "")
        assert "is damaged" in one_error(err)


VALUES = {
    "changes": 5, "basis": [{"scenario": 5}], "tables": {"daily": 5}, "seconds": "long", "random_seed": None,
    "libraries": ["numpy"], "parameters": {}, "rows": "many", "kind": "fortune", "version": "1\x1b[2J",
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_a_crafted_manifest_that_vouches_for_itself_is_damage_too(results, name):
    reseal(results / "run", **{name: VALUES[name]})
    with pytest.raises(InputError, match=r"^\S+: is damaged: [^\n]+$"):
        open_result(results / "run")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "incidence.csv",
            "event,date,probability,low,high,unknown_low,unknown_high\ndirect,2023-10-17,x,y,z,,\n",
        ),
        ("daily.csv", "series,date,mean,q05,q25,q50,q75,q95\n"),
        ("rungs.csv", "date,rung,share\nlong ago,1,0.5\n"),
        ("estimates.json", '{"headline": {"definition": "direct", "probability": 1e999}}'),
    ],
)
def test_tables_that_no_run_writes_are_told_in_one_line(spiral, results, name, text):
    (results / "run" / name).write_text(text)
    reseal(results / "run")
    for command in ("plot", "report"):
        code, out, err = spiral(command, "run")
        assert (code, out) == (2, "")
        assert "is damaged" in one_error(err)


@pytest.mark.parametrize(
    "command",
    [
        "rm -rf ~",
        "sh -c 'spiral run x'",
        "",
        "spiral run x\n",
        "spiral 'run\x1b[2J'",
        "spiral run x; rm -rf ~",
        "spiral dashboard x --address 0.0.0.0",
        "spiral --help",
    ],
)
def test_a_command_out_of_a_folder_is_offered_only_if_it_is_spiral_and_quoted_anew(spiral, here, command):
    folder = here / "results" / "crisis"
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(json.dumps({"name": "crisis", "job": {}, "command": command}))
    code, out, _ = spiral("results")
    told = out.splitlines()[-1]
    assert code == 0
    if command == "spiral run x; rm -rf ~":
        assert "`spiral run 'x;' rm -rf '~'` goes on with it" in told
    elif command == "spiral run x\n":
        assert "`spiral run x` goes on with it" in told
    else:
        assert told.endswith("the command that it keeps is not one of Spiral's")
    with pytest.raises(StoreError, match=r"is not finished; [^\n\x1b]+ goes on with it$"):
        load_answer(folder, type("Finding", (), {}))


def test_a_pipe_in_the_place_of_a_manifest_keeps_nobody_waiting(spiral, here):
    import os

    whole_of(here / "results" / "good", {"headline": HEADLINE}, runs=7)
    for name in ("a", "b"):
        (here / "results" / name).mkdir()
    os.mkfifo(here / "results" / "a" / MANIFEST)
    (here / "results" / "b" / MANIFEST).symlink_to("/dev/zero")
    (here / "results" / "b" / "runs.parquet").mkdir()
    states = {one["folder"]: one["state"] for one in json.loads(spiral("results", "--json")[1])}
    assert states == {"results/b": "unreadable", "results/good": "whole"}


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ("spiral run x --cluster tcp://10.0.0.9:8786", "spiral run x"),
        ("spiral run x --cluster=tls://evil:1 --runs 5", "spiral run x --runs 5"),
        ("spiral run x --runs 5 --cluster 'tcp://a b'", "spiral run x --runs 5"),
        ("spiral run x --cluster", "spiral run x"),
        ("spiral run x --cluster local:4", "spiral run x --cluster local:4"),
        ("spiral run x --cluster local:4@evil", "spiral run x"),
        ("spiral run x --cluster local:2 --cluster tcp://evil:1", "spiral run x --cluster local:2"),
    ],
)
def test_the_address_of_a_cluster_is_not_offered_again(spiral, here, given, offered):
    """Who answers at an address can run code here: it is named, and left out of what can be copied."""
    folder = here / "results" / "x"
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(json.dumps({"name": "x", "job": {}, "command": given}))
    with pytest.raises(StoreError) as caught:
        load_answer(folder, type("Finding", (), {}))
    address = [word.removeprefix("--cluster=") for word in shlex.split(given) if "://" in word or "@" in word]
    for told in (spiral("results")[1].splitlines()[-1], str(caught.value)):
        assert f"`{offered}` goes on with it" in told
        assert ("begun on a cluster" in told) == bool(address)
        if address:
            assert told.endswith(f"at {address[0]}: name that by --cluster only if it is yours")
