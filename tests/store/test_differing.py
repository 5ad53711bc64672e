"""How one job differs from another, in words."""

import hashlib
import json
from pathlib import Path

import pytest

from sim.store.differing import UNTOLD, differences


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# How one job differs from another

OLD = "name: crisis\nrandom_seed: 20231017\nruns: 100000\nend: 2024-07-31\nus: {readiness: 0.5}\norders: []\n"


def told(folder: Path, new: str = OLD, old: dict | None = None, **changes: object) -> str:
    """Write an older job into a folder, and say how another one differs."""
    made_by = {"sources": "a", "numpy": "2.0", "arithmetic": "c"}
    job = {"scenario": sha(OLD), "parameters": "prior", "precision": None, "made_by": made_by}
    (folder / "crisis.yaml").write_text(OLD)
    asked = json.loads(json.dumps(job)) | {"scenario": sha(new)}
    asked["made_by"] |= {k: v for k, v in changes.items() if k in made_by}
    asked |= {k: v for k, v in changes.items() if k not in made_by}
    return differences(folder, {"name": "crisis", "job": job} if old is None else old, asked, new)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("20231017", "7", "random_seed is 20231017 there and 7 here"),
        ("100000", "2000", "runs is 100,000 there and 2,000 here"),
        ("2024-07-31", "2024-03-10", "end is 2024-07-31 there and 2024-03-10 here"),
        ("0.5", "1", "us.readiness is 0.5 there and 1 here"),
        ("[]", "[{level: 2}]", "orders.0.level is not set there and 2 here"),
    ],
)
def test_a_field_of_the_scenario_is_told_with_both_values(tmp_path, old, new, said):
    assert told(tmp_path, OLD.replace(old, new)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"parameters": "default"}, "parameters is prior there and default here"),
        ({"precision": 0.01}, "precision is not set there and 0.01 here"),
        ({"sources": "b"}, "it was made by other sources of Spiral"),
        ({"numpy": "2.4"}, "numpy is 2.0 there and 2.4 here"),
        (
            {"arithmetic": "d"},
            "the same runs came out otherwise there: arithmetic that is not IEEE's, or another october-2023",
        ),
    ],
)
def test_what_else_differs_is_told(tmp_path, changes, said):
    assert told(tmp_path, **changes) == said


def test_what_is_told_of_a_scenario_is_not_told_again_of_its_past(tmp_path):
    old, new = (f"runs: {n}\npast: {{runs: {n}, end: {n}}}\n" for n in (1, 2))
    (tmp_path / "crisis.yaml").write_text(old)
    made = {"name": "crisis", "job": {"scenario": sha(old)}}
    assert differences(tmp_path, made, {"scenario": sha(new)}, new) == (
        "past.end is 1 there and 2 here; runs is 1 there and 2 here"
    )


def test_a_scenario_and_more_may_differ_but_not_what_follows_from_it(tmp_path):
    said = told(tmp_path, OLD.replace("100000", "2000"), parameters="default", block_size=500)
    assert said == "parameters is prior there and default here; runs is 100,000 there and 2,000 here"


def test_no_more_than_three_differences_are_listed(tmp_path):
    new = "name: crisis\nrandom_seed: 1\nruns: 2\nend: 2024-01-01\nus: {readiness: 0}\n"
    assert told(tmp_path, new).endswith("; and 1 more")
    assert told(tmp_path, new).count(" there and ") == 3


def test_a_long_value_is_shortened_to_one_line(tmp_path):
    line = told(tmp_path, OLD + "question: |\n" + "  much to ask\n" * 50)
    assert "\n" not in line
    assert line.endswith("... here")
    assert len(line) < 120


@pytest.mark.parametrize(
    "text", [None, b"", b"name: crisis\nend: 2024-99-99\n", b"{", b"\xff\xfe", b"just words"]
)
def test_a_scenario_that_is_not_as_it_was_is_not_compared(tmp_path, text):
    made = {"name": "crisis", "job": {"scenario": sha(OLD), "parameters": "prior"}}
    if text is not None:
        (tmp_path / "crisis.yaml").write_bytes(text)
    assert differences(tmp_path, made, {"scenario": "other", "parameters": "prior"}, OLD) == UNTOLD


def test_a_scenario_that_differs_in_no_value_is_not_told_as_nothing(tmp_path):
    assert told(tmp_path, OLD + "# a remark\n") == UNTOLD


def test_an_older_manifest_says_too_little(tmp_path):
    assert told(tmp_path, old={"name": "crisis"}) == "its manifest says too little to tell which"
