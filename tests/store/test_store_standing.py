"""How result folders stand, and the commands that say so."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from sim.store import MANIFEST, PARTS, open_work
from sim.store.naming import counts_name, part_name
from sim.store.standing import look_at, standings

HEADLINE = {"definition": "direct", "probability": 0.27245, "chance": [0.26298, 0.28213]}
TEXT = "name: crisis\n"
JOB = {"scenario": hashlib.sha256(TEXT.encode()).hexdigest()}
TOLD = {"command": "spiral run crisis", "runs": 100_000, "blocks": 3}
BLOCKS = 2


def unfinished(place: Path) -> Path:
    """Two blocks of three."""
    with open_work(place, JOB, ("crisis", TEXT), TOLD) as work:
        for number in range(BLOCKS):
            work.keep(part_name(500 * number), b"outcomes" * 100)
            work.keep(counts_name(work.hidden, number), b"counts" * 100)
    return place


def whole(place: Path) -> Path:
    with open_work(unfinished(place), JOB, ("crisis", TEXT), TOLD) as work:
        work.keep("counts.parquet", b"counts" * 300)
        work.keep("estimates.json", json.dumps({"headline": HEADLINE}).encode())
        work.finish({"finished": "2026-11-20T16:44:57+00:00"})
    return place


def older(place: Path) -> Path:
    place.mkdir(parents=True)
    (place / MANIFEST).write_text('{"name": "crisis", "runs": 5000, "finished": "2023-01-01T00:00:00+00:00"}')
    (place / "estimates.json").write_text(json.dumps({"headline": HEADLINE}))
    (place / PARTS).write_text("as it was then")
    return place


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def edit(file: Path) -> None:
    manifest = json.loads(file.read_bytes())
    file.write_text(json.dumps(manifest | {"runs": manifest.get("runs", 0) + 1}))


def add_part(folder: Path) -> None:
    shutil.copy(folder / part_name(0), folder / part_name(77))


DAMAGES = {
    "cut": (lambda f: cut(f / part_name(0)), part_name(0), "holds 799 bytes, not the 800 that were written"),
    "missing": (lambda f: (f / "counts.parquet").unlink(), "counts.parquet", "is missing"),
    "folder": (
        lambda f: ((f / "counts.parquet").unlink(), (f / "counts.parquet").mkdir()),
        "counts.parquet",
        "is missing",
    ),
    "extra": (add_part, part_name(77), "is not part of the result, and would be read with it"),
    "edited manifest": (lambda f: edit(f / MANIFEST), MANIFEST, "does not hold what was written"),
    "one bit": (lambda f: flip(f / part_name(500)), part_name(500), "does not hold what was written"),
}


# How a folder stands


def test_a_whole_result_says_what_it_holds(tmp_path):
    found = look_at(whole(tmp_path / "r"), every_bit=True)
    assert (found.state, found.name, found.runs, found.blocks, found.counted) == (
        "whole",
        "crisis",
        100_000,
        3,
        3,
    )
    assert (found.made, found.headline, found.command) == (
        "2026-11-20T16:44:57+00:00", HEADLINE, "spiral run crisis",
    )  # fmt: skip
    assert (found.faults, found.checked) == ((), 5)
    files = [f for f in (tmp_path / "r").rglob("*") if f.is_file() and f.name not in (MANIFEST, ".lock")]
    assert found.bytes == sum(f.stat().st_size for f in files)


def test_an_unfinished_result_says_how_far_it_is(tmp_path):
    found = look_at(unfinished(tmp_path / "r"), every_bit=True)
    assert (found.state, found.blocks, found.counted, found.headline) == ("unfinished", 3, 2, None)
    assert (found.runs, found.command, found.faults) == (100_000, "spiral run crisis", ())
    assert found.made


@pytest.mark.parametrize("begin", [whole, unfinished])
def test_a_result_that_is_worked_on_is_at_work(tmp_path, begin):
    with open_work(begin(tmp_path / "r"), JOB, ("crisis", TEXT), TOLD):
        assert look_at(tmp_path / "r").state == "at work"
    assert look_at(tmp_path / "r").state == begin.__name__


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_is_told_with_its_file(tmp_path, kind):
    spoil, name, said = DAMAGES[kind]
    spoil(whole(tmp_path / "r"))
    found = look_at(tmp_path / "r", every_bit=True)
    assert (found.state, found.faults) == ("damaged", (f"{tmp_path / 'r' / name}: {said}",))
    assert look_at(tmp_path / "r").state == ("whole" if kind == "one bit" else "damaged")  # sizes alone


@pytest.mark.parametrize("spoil", [cut, flip])
def test_an_unfinished_result_can_be_damaged_too(tmp_path, spoil):
    spoil(unfinished(tmp_path / "r") / part_name(0))
    found = look_at(tmp_path / "r", every_bit=True)
    assert found.state == "damaged"
    assert len(found.faults) == 1


def test_what_an_unfinished_job_needs_no_more_is_no_damage(tmp_path):
    with open_work(tmp_path / "r", JOB, ("crisis", TEXT), TOLD) as work:
        work.keep("fold", b"1")
        work.drop(["fold"])
    assert look_at(tmp_path / "r", every_bit=True).state == "unfinished"


def test_an_older_result_says_what_it_can(tmp_path):
    found = look_at(older(tmp_path / "r"), every_bit=True)
    assert (found.state, found.runs, found.headline, found.faults) == ("older", 5000, None, ())


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "holds no manifest.json"),
        ("{", "is damaged: manifest.json is no JSON"),
        ("[]", "is damaged: manifest.json holds no 'name'"),
        ('{"name": "x", "files": 5}', "is damaged: manifest.json makes no sense"),
        ('{"name": "x", "runs": "many"}', "is damaged: manifest.json makes no sense"),
        ('{"name": "x", "blocks": null}', "is damaged: manifest.json makes no sense"),
    ],
)
def test_a_damaged_manifest_is_damage(tmp_path, manifest, said):
    place = whole(tmp_path / "r")
    (place / MANIFEST).unlink()
    if manifest is not None:
        (place / MANIFEST).write_text(manifest)
    assert look_at(place).state == "damaged"
    assert look_at(place).faults == (f"{place}: {said}",)


def test_a_manifest_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    place = whole(tmp_path / "r")

    def refused(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("sim.store.manifest.read_at_most", refused)
    assert look_at(place).state == "unreadable"
    assert look_at(place).faults == (f"{place}: cannot be read: Permission denied",)


ODD = [
    "", "[]", "{}", '{"headline": 5}', '{"headline": {"definition": "direct", "probability": 0.5}}',
    json.dumps({"headline": HEADLINE | {"chance": [0.1]}}), json.dumps({"headline": HEADLINE | {"chance": 5}}),
    json.dumps({"headline": HEADLINE | {"probability": "half"}}),
    json.dumps({"headline": HEADLINE | {"probability": 7}}),
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_a_headline_that_makes_no_sense_is_none(spiral, here, text):
    (older(here / "results" / "r") / "estimates.json").write_text(text)
    assert look_at(here / "results" / "r").headline is None
    code, out, err = spiral("results")
    assert (code, err) == (0, "")
    assert "older" in out


def test_looking_changes_nothing(tmp_path):
    for make in (whole, unfinished, older):
        make(tmp_path / make.__name__)
    before = {f: (f.stat().st_mtime_ns, f.is_file() and f.read_bytes()) for f in tmp_path.rglob("*")}
    standings(tmp_path)
    for folder in tmp_path.iterdir():
        look_at(folder, every_bit=True)
    assert {f: (f.stat().st_mtime_ns, f.is_file() and f.read_bytes()) for f in tmp_path.rglob("*")} == before


def test_only_what_may_be_a_result_is_listed(tmp_path):
    whole(tmp_path / "b")
    unfinished(tmp_path / "a")
    (tmp_path / "lost" / PARTS).mkdir(parents=True)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "README.md").write_text("mine")
    whole(tmp_path / ".hidden")
    assert [one.folder.name for one in standings(tmp_path)] == ["a", "b", "lost"]
    assert [one.folder.name for one in standings(tmp_path / "b")] == ["b"]
    assert [one.state for one in standings(tmp_path / "lost")] == ["damaged"]


# The command that lists them


def all_kinds(home: Path) -> None:
    whole(home / "october-2023")
    unfinished(home / "november")
    older(home / "long-ago")
    spoil, *_ = DAMAGES["cut"]
    spoil(whole(home / "spoilt"))
    (home / "odd").mkdir()
    (home / "odd" / MANIFEST).write_text("[]")


def test_results_are_listed_in_a_table_of_80_columns(spiral, here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    all_kinds(here / "results")
    with open_work(whole(here / "results" / "now"), JOB, ("crisis", TEXT), TOLD):
        code, out, err = spiral("results")
    assert (code, err) == (0, "")
    table, _, end = out.rpartition("\n" + " " * 40)
    hints = end.strip().splitlines()
    lines = [line for line in table.splitlines() if line.strip()]
    rows = {line.split()[0]: line.split()[1:] for line in lines}
    assert rows["in"] == ["results", "state", "runs", "answer", "size", "made"]
    assert rows["october-2023"][:5] == ["whole", "100,000", "run:", "direct", "exchange"]
    assert rows["october-2023"][-3:] == ["3.5", "kB", "2026-11-20"]
    assert rows["november"][:3] == ["unfinished", "100,000", "run"]
    assert rows["long-ago"][:3] == ["older", "5,000", "run"]
    assert rows["spoilt"][0] == "damaged"
    assert rows["now"][:2] == ["at", "work"]
    assert rows["odd"][0] == "damaged"
    assert all(len(line) <= 80 for line in lines)
    assert " ".join(table.split()).count("27.2%") == 1  # of what is whole, and of nothing else
    assert hints == [
        "results/long-ago: was made by an earlier version, and holds no checksums",
        "results/november: 2 of 3 blocks are kept; `spiral run crisis --out results/november` goes on with it",
        "results/now: 3 of 3 blocks are kept; a process is at work there",
        "results/odd: is damaged: manifest.json holds no 'name'",
        f"results/spoilt/{part_name(0)}: holds 799 bytes, not the 800 that were written; "
        "`spiral run crisis --out results/spoilt` mends it",
    ]


def test_an_estimate_takes_one_line_where_there_is_room(spiral, here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    whole(here / "results" / "r")
    assert "run: direct exchange 27.2% [26.3, 28.2]" in spiral("results")[1]


def test_results_as_json_say_the_same(spiral, here):
    all_kinds(here / "results")
    code, out, err = spiral("results", "--json")
    assert (code, err) == (0, "")
    found = {one["folder"]: one for one in json.loads(out)}
    assert {folder: one["state"] for folder, one in found.items()} == {
        "results/october-2023": "whole", "results/november": "unfinished", "results/long-ago": "older",
        "results/spoilt": "damaged", "results/odd": "damaged",
    }  # fmt: skip
    assert found["results/october-2023"]["headline"] == HEADLINE
    assert (found["results/november"]["counted"], found["results/november"]["blocks"]) == (2, 3)


@pytest.mark.parametrize("make", [None, "results", "results/thesis"])
def test_where_there_are_no_results_that_is_said(spiral, here, make):
    if make:
        (here / make).mkdir(parents=True)
    said = "results: holds no results; `spiral run` makes one.\n"
    assert spiral("results") == (0, said, "")
    assert spiral("results", "verify") == (0, said, "")
    assert spiral("results", "--json") == (0, "[]\n", "")
    assert spiral("results", "verify", "--json") == (0, "[]\n", "")


def test_results_elsewhere_are_listed_too(spiral, here):
    whole(here / "else" / "where" / "r")
    assert "in else/where" in spiral("results", "--under", "else/where")[1]
    assert "in else/where" in spiral("results", "--under", "else/where/r")[1]


@pytest.mark.parametrize("args", [("results", "--under"), ("results", "verify")])
@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_no_such_folder_is_bad_input(spiral, here, args, name):
    (here / "file").write_text("mine")
    code, out, err = spiral(*args, name)
    assert (code, out) == (2, "")
    assert (
        err
        == f"spiral: {name}: no such folder; results are under results/ unless --out named another place\n"
    )


# The command that holds them against their checksums


def test_whole_results_are_verified(spiral, here):
    for name in ("a", "b"):
        whole(here / "results" / name)
    unfinished(here / "results" / "c")
    older(here / "results" / "d")
    assert spiral("results", "verify") == (
        0,
        "results/a: whole; all 5 files are as written\n"
        "results/b: whole; all 5 files are as written\n"
        "results/c: unfinished; 2 of 3 blocks are kept; all 5 files are as written\n"
        "results/d: was made by an earlier version, and holds no checksums\n",
        "",
    )


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_result_fails_verification(spiral, here, kind):
    spoil, name, said = DAMAGES[kind]
    spoil(whole(here / "results" / "a"))
    whole(here / "results" / "b")
    code, out, err = spiral("results", "verify")
    assert code == 1
    assert out.splitlines() == [
        "results/a: damaged; 1 fault in 5 files",
        f"  results/a/{name}: {said}",
        "results/b: whole; all 5 files are as written",
    ]
    assert err == "spiral: 1 of 2 results is not as written\n"
    code, out, _ = spiral("results", "verify", "--json")
    assert code == 1
    assert [one["state"] for one in json.loads(out)] == ["damaged", "whole"]


def test_a_result_is_verified_by_its_bare_name_and_by_its_path(spiral, here):
    whole(here / "results" / "a")
    flip(whole(here / "results" / "b") / part_name(0))
    for name in ("a", "results/a", "results/a/", str(here / "results" / "a")):
        code, out, _ = spiral("results", "verify", name)
        assert code == 0
        assert "whole; all 5 files" in out
    assert spiral("results", "verify", "a", "results/a")[1].count("whole") == 1
    assert spiral("results", "verify", "a", "b")[0] == 1


def test_a_result_that_lost_its_manifest_fails_verification(spiral, here):
    (whole(here / "results" / "a") / MANIFEST).unlink()
    assert spiral("results", "verify", "a") == (
        1,
        "results/a: damaged\n  results/a: holds no manifest.json\n",
        "spiral: 1 of 1 results is not as written\n",
    )


def test_a_folder_that_is_no_result_is_not_verified(spiral, here):
    (here / "thesis").mkdir()
    assert spiral("results", "verify", "thesis") == (2, "", "spiral: thesis: holds no results\n")
