"""Scenarios that are too large or too deep are refused before they cost."""

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load_scenario
from sim.scenario.composing import MOST_EVENTS
from sim.scenario.errors import Place
from sim.scenario.reading import LARGEST, read_text

DEEP = ".".join("a" * 2_000)


@pytest.mark.parametrize(
    "path", [DEEP, f"us.{DEEP}", "history.actions." + "0." * 1_500 + "a", ".".join("a" * 50)]
)
@pytest.mark.parametrize("mapping", [True, False])
def test_overrides_are_as_deep_as_files_may_be(path, mapping):
    with pytest.raises(ScenarioError, match=r"^--set:1:1: \S+ is nested more than 50 deep$"):
        load_scenario("october-2023", {path: 1} if mapping else [f"{path}=1"])


def test_a_long_path_is_cut_short():
    with pytest.raises(ScenarioError) as caught:
        load_scenario("october-2023", [".".join(["x" * 60] * 49) + "=1"])
    assert len(str(caught.value)) < 600


MANY = {
    "keys": "".join(f"k{i}: 1\n" for i in range(70_000)),
    "items": "a:\n" + "- 1\n" * 95_000,
    "empty lists": "a: [" + "[]," * 130_000 + "]",
    "actions": "interventions:\n" + "- {date: 2023-11-20, actor: us, action: strike}\n" * 8_000,
}


class Parsed:
    """How many events of the parser were taken."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from sim.scenario import reading

        self.events, straight = 0, reading._events

        def counted(text: str):
            for event in straight(text):
                self.events += 1
                yield event

        monkeypatch.setattr(reading, "_events", counted)


@pytest.mark.parametrize("what", MANY)
def test_a_file_of_many_values_is_refused_before_it_is_read_on(monkeypatch, what):
    parsed = Parsed(monkeypatch)
    assert MOST_EVENTS <= 20_000  # half a second of the parser
    with pytest.raises(ScenarioError, match="is too large; a scenario has at most 20,000 values"):
        read_text(MANY[what], Place("x"))
    assert parsed.events <= MOST_EVENTS + 2


def test_a_large_file_is_not_read_at_all(monkeypatch, tmp_path):
    parsed = Parsed(monkeypatch)
    file = tmp_path / "large.yaml"
    with file.open("wb") as handle:
        handle.truncate(10**12)  # of which nothing is on the disk
    with pytest.raises(ScenarioError, match="it has 1,000,000,000,000 bytes; a scenario has at most 400,000"):
        load_scenario(file)
    file.write_bytes(b"\n" * (LARGEST + 1))
    with pytest.raises(ScenarioError, match="a scenario has at most 400,000"):
        load_scenario(Path(file))
    assert parsed.events == 0
