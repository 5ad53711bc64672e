"""The command record from-csv: what it writes and says, and that it leaves nothing where it refuses."""

import json

import pytest

from sim.inference.observation.reading import load_record
from tests.cli.commands import one_error, tree, unwaited
from tests.records.lists import ACTORS, DAY, MAPS, write_list

FROM_CSV = ("record", "from-csv")
LIST = "date,country,killed,kind\n2023-10-17,Iraq,0,attack\n2023-10-30,Syria,0,attack\n2023-10-30,Nowhere,0,attack\n"


def settings(layout):
    """The map of a layout as options."""
    found = MAPS[layout]
    one = {"actors": "actor", "kinds": "kind"}
    pairs = [f"{one[part]}.{name}={means}" for part in one for name, means in found.get(part, {}).items()]
    return [
        word for pair in [*pairs, *(["acts=first"] if "acts" in found else [])] for word in ("--map", pair)
    ]


@pytest.mark.parametrize("layout", MAPS)
def test_a_list_becomes_a_record_that_validate_can_plan(spiral, here, layout):
    write_list(layout, here)
    code, out, err = spiral(*FROM_CSV, f"{layout}.csv", *settings(layout), "--start", str(DAY))
    assert (code, unwaited(err)) == (0, "")
    assert tree(here) == {f"{layout}.csv", f"{layout}-record.yaml", f"{layout}-record-dropped.csv"}
    assert len(out.splitlines()) <= 12
    assert out.startswith(f"{layout}-record.yaml: 200 rows of {layout}.csv")
    assert f"Dropped: 136 rows for one reason; each stands in {layout}-record-dropped.csv." in out
    assert len((here / f"{layout}-record-dropped.csv").read_text().splitlines()) == 1 + 136
    asked = ("validate", "october-2023", "--record", f"{layout}-record.yaml", "--as-of", "2023-10-30")
    assert spiral("plan", *asked)[0] == 0


def test_json_says_what_was_counted_and_dropped(spiral, here):
    (here / "mine.csv").write_text(LIST)
    code, out, _ = spiral(
        *FROM_CSV, "mine.csv", "--json", "--out", "other.yml", "--complete-until", "2023-10-29"
    )
    told = json.loads(out)
    assert code == 0
    assert (told["rows"], told["attacks_by_country"], told["killed"]) == (3, {"iraq": 1, "syria": 1}, 0)
    assert told["dropped"] == [{"reason": "in another country", "rows": 1, "words": {"Nowhere": 1}}]
    assert (told["file"], told["dropped_file"]) == ("other.yml", "other-dropped.csv")
    assert str(load_record(here / "other.yml").strikes_until) == "2023-10-29"


REFUSED = {
    "no file": ("nowhere.csv",),
    "no yaml": ("mine.csv", "--out", "mine.csv"),
    "no folder": ("mine.csv", "--out", "nowhere/mine.yaml"),
    "bad map": ("mine.csv", "--map", "kind.x=y"),
    "bad day": ("mine.csv", "--start", "soon"),
    "start after the end": ("mine.csv", "--start", "2023-10-25", "--until", "2023-10-20"),
    "every": ("mine.csv", "--every", "0"),
    "separator": ("mine.csv", "--separator", "x"),
    "complete before the start": ("mine.csv", "--complete-until", "2023-10-01"),
    "encoding": ("mine.csv", "--encoding", "utf-99"),
}


@pytest.mark.parametrize("args", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_one_line_and_leaves_nothing(spiral, here, args):
    (here / "mine.csv").write_text(LIST)
    code, out, err = spiral(*FROM_CSV, *args)
    assert (code, out) == (2, "")
    assert one_error(err)
    assert tree(here) == {"mine.csv"}


def test_nothing_is_replaced_unless_forced_and_never_the_list_itself(spiral, here):
    (here / "mine.csv").write_text(LIST)
    (here / "mine-record-dropped.csv").write_text("mine")
    code, _, err = spiral(*FROM_CSV, "mine.csv")
    assert (code, one_error(err)) == (2, one_error(err))
    assert "mine-record-dropped.csv: is there already" in err
    assert (here / "mine-record-dropped.csv").read_text() == "mine"
    assert spiral(*FROM_CSV, "mine.csv", "--force")[0] == 0
    (here / "x-dropped.csv").write_text(LIST)
    code, _, err = spiral(*FROM_CSV, "x-dropped.csv", "--out", "x.yaml", "--force")
    assert code == 2
    assert "x-dropped.csv: is the list itself" in one_error(err)
    assert (here / "x-dropped.csv").read_text() == LIST


def test_the_lists_actors_are_told_apart_by_the_map(spiral, here):
    write_list("acled", here)
    code, _, err = spiral(
        *FROM_CSV, "acled.csv", *[w for n, m in ACTORS.items() for w in ("--map", f"actor.{n}={m}")]
    )
    assert code == 2
    assert "which of them acted is not said" in one_error(err)
