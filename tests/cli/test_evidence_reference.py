"""`spiral evidence --reference`, and an episode by its name."""

import json

import pytest

from sim.reference import CLASSES, load_episodes
from tests.cli.commands import one_error


def test_every_episode_is_listed_with_rates_and_priors(spiral, here):
    code, out, err = spiral("evidence", "--reference")
    assert (code, err) == (0, "")
    for episode in load_episodes():
        assert sum(line.startswith(f"{episode.id} ") for line in out.splitlines()) == 1
    assert "603*" in out
    assert "by class: all" in " ".join(out.split())
    assert sum("(default)" in line for line in out.splitlines()) == 1


def test_as_json_it_has_episodes_rates_and_priors(spiral, here):
    code, out, _ = spiral("evidence", "--reference", "--json")
    told = json.loads(out)
    assert code == 0
    assert [e["id"] for e in told["episodes"]] == [e.id for e in load_episodes()]
    assert all(e["basis"] == "reference" for e in told["episodes"])
    assert list(told["rates"]) == list(CLASSES)
    assert {row["weight"] for row in told["priors"]} == {0.0, 0.25, 0.5, 1.0}


@pytest.mark.parametrize("as_json", [False, True])
def test_one_episode_is_shown_down_to_its_sources(spiral, here, as_json):
    code, out, err = spiral("evidence", "k1-2019", *(["--json"] if as_json else []))
    assert (code, err) == (0, "")
    assert "US Department of Defense, 2020-01-02" in out
    assert "reference" in out
    if as_json:
        assert json.loads(out)["killed"] == 1


def test_a_name_and_the_whole_class_are_not_asked_for_at_once(spiral, here):
    code, out, err = spiral("evidence", "k1-2019", "--reference")
    assert (code, out) == (2, "")
    assert "takes no name" in err


def test_a_misspelt_episode_is_hinted_at(spiral, here):
    assert "did you mean 'khobar-towers-1996'?" in one_error(spiral("evidence", "khobar-tower-1996")[2])
