"""Whatever is put into a scenario file either loads or is refused in one line."""

import datetime
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.parameters import REGISTRY
from sim.paths import data_folder
from sim.scenario import Scenario, ScenarioError, dump_resolved, load_scenario

SHIPPED = {path.stem: path.read_bytes() for path in sorted(data_folder("scenarios").glob("*.yaml"))}
TOKENS = [
    *("[", "]", "{", "}", ":", ": ", "- ", "? ", "&a ", "*a", "!!str ", "!x ", "<<: ", "|", ">-", "\n", "  ", "\t"),
    *("---\n", "...\n", "%YAML 1.1\n", "#", "'", '"', '"\\ud800"', "\\x00", "\x00", "\ufeff", "\u2028", "é", "😀"),
    *("null", "~", "no", "true", ".inf", "1e999", "1e12", "0123", "-1", "9" * 500, "2023-02-30", "2203-01-01"),
    *("2023-10-17", "extends: october-2023\n", "past: ", "name: x\n", "interventions: [{}]\n", "history: {}\n"),
]  # fmt: skip
QUICK = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(QUICK, max_examples=30)  # where each is loaded several times


def loaded_or_refused(
    content: bytes, overrides: list[str] | dict[str, object] | None = None
) -> Scenario | None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mine.yaml"
        file.write_bytes(content)
        try:
            return load_scenario(file, overrides or [])
        except ScenarioError as error:
            told = str(error)
            assert told
            assert told.isprintable()
            assert len(told.splitlines()) == 1
            assert len(told) < 1500
            return None


def loads_again(scenario: Scenario) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{scenario.name}.yaml"
        file.write_text(dump_resolved(scenario), encoding="utf-8")
        assert load_scenario(file) == scenario


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    loaded_or_refused(content)


@QUICK
@given(st.text(st.sampled_from("abc:- \n\t[]{}#&*!|>'\"%@`,?0123.eE+~<=\\x"), max_size=60))
def test_any_text_of_yaml_characters(text: str) -> None:
    loaded_or_refused(b"extends: october-2023\n" + text.encode())


@QUICK
@given(st.lists(st.sampled_from(TOKENS), max_size=12))
def test_any_row_of_traps(tokens: list[str]) -> None:
    loaded_or_refused("".join(tokens).encode())


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A shipped scenario with some stretches replaced by traps or by stretches of its own."""
    content = draw(st.sampled_from(sorted(SHIPPED.values())))
    for _ in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, len(content)))
        last = first + draw(st.sampled_from([0, 0, 1, 5, 30, 200]))
        start = draw(st.integers(0, len(content)))
        own = content[start : start + draw(st.integers(1, 80))]
        piece = draw(st.one_of(st.sampled_from(TOKENS).map(str.encode), st.just(own), st.binary(max_size=4)))
        content = content[:first] + piece + content[last:]
    return content


@QUICK
@given(mutated())
def test_any_mutated_scenario(content: bytes) -> None:
    scenario = loaded_or_refused(content.replace(b"\nname:", b"\n#"))
    if scenario:
        loads_again(scenario)


PATHS = [
    *(
        "runs",
        "start",
        "end",
        "us.readiness",
        "militia.tempo",
        "timeline.gaza.knots.0.level",
        "timeline.gaza",
    ),
    *("actors.militias.badr", "history", "interventions", "past", "sites", "headline", "", ".", "a.b", "0"),
]


@FEW
@given(
    st.lists(
        st.tuples(st.sampled_from(PATHS), st.one_of(st.sampled_from(TOKENS), st.text(max_size=8))), max_size=3
    )
)
def test_any_overrides(overrides: list[tuple[str, str]]) -> None:
    for name in ("october-2023", "tower-22"):
        content = f"extends: {name}\n".encode()
        scenario = loaded_or_refused(content, [f"{path}={value}" for path, value in overrides])
        if scenario:
            loads_again(scenario)


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.dates(), st.binary()
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@QUICK
@given(st.dictionaries(st.sampled_from(PATHS), VALUES, max_size=3))
def test_any_python_values_for_overrides(overrides: dict[str, object]) -> None:
    loaded_or_refused(b"extends: october-2023\n", overrides)


TEXTS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]), min_size=1, max_size=40)
BEGINS = datetime.date(2023, 10, 17)
DATES = st.dates(datetime.date(2023, 10, 18), datetime.date(2024, 7, 30))


@st.composite
def settings_of_a_scenario(draw: st.DrawFn) -> dict[str, object]:
    values: dict[str, object] = {"actors.militias.badr.title": draw(TEXTS), "question": draw(TEXTS) + "?"}
    for name in draw(st.lists(st.sampled_from(sorted(REGISTRY)), unique=True, max_size=5)):
        values[name] = draw(st.floats(REGISTRY[name].low, REGISTRY[name].high))
    days = sorted(draw(st.sets(DATES, min_size=1, max_size=5)))
    levels = st.floats(0, 1)
    values["timeline.gaza.knots"] = [
        {"date": day, "level": draw(levels), "basis": "assumed", "note": draw(TEXTS)} for day in days
    ]
    values["interventions"] = [
        {"date": day, "actor": "badr", "action": "attack", "attacks": draw(st.integers(1, 30))}
        for day in days
    ]
    values["random_seed"] = draw(st.integers(0, 2**63 - 1))
    return values


@FEW
@given(settings_of_a_scenario(), st.sampled_from([None, *sorted(SHIPPED)]), st.booleans())
def test_what_is_written_out_loads_again_equal(
    values: dict[str, object], name: str | None, later: bool
) -> None:
    shipped = load_scenario(name or "october-2023")
    other_days = shipped.start != BEGINS  # the settings' dates lie outside of it
    scenario = shipped if other_days else load_scenario(shipped.name, values)
    loads_again(scenario)
    if later and not other_days:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "parent.yaml").write_text(
                dump_resolved(scenario.model_copy(update={"name": "parent"})), encoding="utf-8"
            )
            (Path(folder) / "child.yaml").write_text("extends: parent\nstart: 2024-01-01\n", encoding="utf-8")
            child = load_scenario(Path(folder) / "child.yaml")
        assert child.past is not None
        loads_again(child)


@pytest.mark.parametrize("name", SHIPPED)
def test_any_line_left_out_of_a_shipped_scenario(name: str) -> None:
    lines = SHIPPED[name].splitlines(keepends=True)
    for index in range(0, len(lines), 3):
        loaded_or_refused(b"".join(lines[:index] + lines[index + 1 :]).replace(b"\nname:", b"\n#"))
