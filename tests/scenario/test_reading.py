"""Strict YAML: what a scenario file may hold, and how each refusal is told."""

import datetime
import os
import pickle
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load_scenario
from sim.scenario.errors import Place, complaint, did_you_mean, show
from sim.scenario.reading import LARGEST, read_bytes, read_file, read_text


def complaint_about(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ScenarioError) as caught:
        read_bytes(raw, "mine.yaml")
    told = str(caught.value)
    assert len(told.splitlines()) == 1
    assert told.isprintable()
    return told


EMPTY = "mine.yaml:1:1: is empty; a scenario is a mapping of keys to values"
ANCHOR = "uses an anchor or alias (& or *); write the value out"
NO_TEXT_KEY = "which is not text; put it in quotes"
NO_PLAIN_KEY = "has a list or mapping for a key; a key is plain text"
NO_DAY = "is no day of the calendar; a date is written as YYYY-MM-DD"
REFUSED = {
    "empty": ("", EMPTY),
    "only a comment": ("# nothing\n", EMPTY),
    "only a mark of byte order": (b"\xef\xbb\xbf", EMPTY),
    "binary": (
        b"PK\x03\x04",
        "mine.yaml:1:3: holds the character '\\x03', which is not text: is it a binary file?",
    ),
    "NUL": (
        b"a: 1\nb: \x00",
        "mine.yaml:2:4: holds the character '\\x00', which is not text: is it a binary file?",
    ),
    "UTF-16": ("a: 1".encode("utf-16"), "mine.yaml:1:1: is not text in UTF-8 (byte 0xff)"),
    "Latin-1": (b"a: 1\nb: caf\xe9", "mine.yaml:2:7: is not text in UTF-8 (byte 0xe9)"),
    "brackets": ("a: " + "[" * 100_000, "mine.yaml:1:53: is nested more than 50 deep"),
    "braces": ("a: " + "{b: " * 90_000, "mine.yaml:1:200: is nested more than 50 deep"),
    "dashes": ("- " * 100_000, "mine.yaml:1:101: is nested more than 50 deep"),
    "values": ("a: [" + "1," * 30_000 + "]", "is too large; a scenario has at most 20,000 values"),
    "repeated key": ("a:\n  b: 1\n  b: 2", "mine.yaml:3:3: a.b: is given twice, first on line 2"),
    "repeated key in braces": ("{a: 1, a: 2}", "mine.yaml:1:8: a: is given twice, first on line 1"),
    "anchor": ("a: &x 1", f"mine.yaml:1:4: a: {ANCHOR}"),
    "anchor of a list": ("a:\n  - b\n  - &x [1]", f"mine.yaml:3:5: a.1: {ANCHOR}"),
    "anchor in lists": ("a:\n  - b\n  - - 1\n    - 2\n    - &x 3", f"mine.yaml:5:7: a.1.2: {ANCHOR}"),
    "alias": ("a: *x", f"mine.yaml:1:4: a: {ANCHOR}"),
    "alias for a key": ("a: 1\n*x : 2", f"mine.yaml:2:1: {ANCHOR}"),
    "merge key": ("a:\n  <<: {b: 1}", "mine.yaml:2:3: a: uses a merge key (<<); write the keys out"),
    "tag": ("a: !!python/object:os.system ls", "mine.yaml:1:4: a: uses a tag, "),
    "own tag": ("a: [!secret 1]", "mine.yaml:1:5: a.0: uses a tag, !secret; leave it out"),
    "standard tag": ("a: !!str 1", "mine.yaml:1:4: a: uses a tag, tag:yaml.org,2002:str; leave it out"),
    "documents": ("a: 1\n---\nb: 2", "mine.yaml:2:1: holds a second document; a scenario is one document"),
    "directive": ("%YAML 1.1\n---\na: no", "mine.yaml:1:1: begins with a YAML directive (%); leave it out"),
    "list on top": ("- 1", "mine.yaml:1:1: holds [1]; a scenario is a mapping of keys to values"),
    "text on top": ("hello", "mine.yaml:1:1: holds 'hello'; a scenario is a mapping of keys to values"),
    "nan": ("a: .nan", "mine.yaml:1:4: a = .nan: is not a finite number"),
    "infinity": ("a: [1, -.inf]", "mine.yaml:1:8: a.1 = -.inf: is not a finite number"),
    "overflow": ("a: 1e999", "mine.yaml:1:4: a = 1e999: is not a finite number"),
    "digits": ("a: " + "9" * 5000, "is a number of more than 400 digits"),
    "number for a key": ("1: a", f"mine.yaml:1:1: has the key 1, {NO_TEXT_KEY}"),
    "truth for a key": ("a: {true: b}", f"mine.yaml:1:5: a: has the key true, {NO_TEXT_KEY}"),
    "null for a key": ("~: b", f"mine.yaml:1:1: has the key ~, {NO_TEXT_KEY}"),
    "nothing for a key": (": b", f"mine.yaml:1:1: has the key null, {NO_TEXT_KEY}"),
    "date for a key": ("2023-10-17: b", f"mine.yaml:1:1: has the key 2023-10-17, {NO_TEXT_KEY}"),
    "no date for a key": ("2023-02-30: b", f"mine.yaml:1:1: has the key 2023-02-30, {NO_TEXT_KEY}"),
    "list for a key": ("a:\n  ? [1]\n  : 2", f"mine.yaml:2:5: a: {NO_PLAIN_KEY}"),
    "mapping for a key": ("{a: b}: 2", f"mine.yaml:1:1: {NO_PLAIN_KEY}"),
    "no day": ("start: 2023-02-30", f"mine.yaml:1:8: start = 2023-02-30: {NO_DAY}"),
    "no month": ("a: [2023-13-01]", f"mine.yaml:1:5: a.0 = 2023-13-01: {NO_DAY}"),
    "year nought": ("a: 0000-01-01", f"mine.yaml:1:4: a = 0000-01-01: {NO_DAY}"),
    "short date": (
        "a: 2023-1-5",
        "mine.yaml:1:4: a = 2023-1-5: is no date as it is written here, YYYY-MM-DD",
    ),
    "time": (
        "a: 2023-10-17T10:00:00Z",
        "a = 2023-10-17T10:00:00Z: has a time of day; a date is written as YYYY",
    ),
    "time after a space": ("a: 2023-10-17 10:00", "mine.yaml:1:4: a = 2023-10-17 10:00: has a time of day"),
    "surrogate": ('a: "\\ud800"', "mine.yaml:1:4: a: holds half of a character (a lone surrogate)"),
    "unclosed": ("a: 1\nb: [1, 2", "is not readable as YAML: expected ',' or ']'"),
    "no heading": (
        "a: 1\n# b:\n    c: 2",
        "mine.yaml:3:5: is not readable as YAML: is indented, but under no key: ",
    ),
    "tab": ("a:\n\t- 1", "mine.yaml:2:1: is not readable as YAML: found character"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses(case: str) -> None:
    text, told = REFUSED[case]
    assert told in complaint_about(text)


MEANT = {
    "no": "no", "yes": "yes", "on": "on", "off": "off", "y": "y", "n": "n",
    "1:30": "1:30", "1_000": "1_000", "0x1F": "0x1F", "0o17": "0o17", "0b1": "0b1", "inf": "inf",
    "nan": "nan",
    "0123": 123, "089": 89, "-7": -7, "+7": 7, "0": 0,
    "1e5": 1e5, "1e12": 1e12, "1.5": 1.5, ".5": 0.5, "1.": 1.0, "-1E-3": -1e-3,
    "true": True, "False": False, "null": None, "~": None, "": None,
    "2023-10-17": datetime.date(2023, 10, 17), "'2023-10-17'": "2023-10-17", '"1"': "1", "''": "",
    "2023-10-17 and after": "2023-10-17 and after", "tower-22": "tower-22", "-": [None], "١٢": "١٢",
}  # fmt: skip


@pytest.mark.parametrize("text", MEANT)
def test_plain_values_mean_what_yaml_1_2_says_in_decimals(text: str) -> None:
    found = read_text(f"a: {text}" if text != "-" else "a:\n -", Place("mine.yaml")).plain()["a"]
    assert found == MEANT[text]
    assert type(found) is type(MEANT[text])


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "y"])
def test_words_stay_text_as_keys(word: str) -> None:
    assert read_text(f"{word}: 1", Place("mine.yaml")).plain() == {word: 1}


def test_keys_and_values_know_their_places() -> None:
    tree = read_text("a:\n  - b\n  - cd: 7\n    e: {f: 8}\n", Place("mine.yaml"))
    assert isinstance(tree.value, dict)
    a = tree.value["a"]
    assert (a.key, a.place) == (Place("mine.yaml", 1, 1), Place("mine.yaml", 2, 3))
    assert isinstance(a.value, list)
    inner = a.value[1].value
    assert isinstance(inner, dict)
    assert (inner["cd"].key, inner["cd"].place) == (Place("mine.yaml", 3, 5), Place("mine.yaml", 3, 9))
    deep = inner["e"].value
    assert isinstance(deep, dict)
    assert (deep["f"].key, deep["f"].place) == (Place("mine.yaml", 4, 9), Place("mine.yaml", 4, 12))


def test_a_mark_of_byte_order_is_no_part_of_the_text() -> None:
    assert read_bytes(b"\xef\xbb\xbfa: 1", "mine.yaml").plain() == {"a": 1}


def test_refuses_a_large_file_before_parsing_it(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"[" * (LARGEST + 1))
    with pytest.raises(
        ScenarioError, match=r"large.yaml:1:1: cannot be read: it has 400,001 bytes; .* 400,000$"
    ):
        read_file(file)
    with pytest.raises(ScenarioError, match=r"^x:1:1: is too large; a scenario has at most 400,000 bytes$"):
        read_bytes(b"#" * (LARGEST + 1), "x")
    file.write_bytes(b"a: 1 #" + b" " * (LARGEST - 6))
    assert read_file(file).plain() == {"a": 1}


def test_refuses_what_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    cases = {folder: "it is a folder, not a file", tmp_path / "none.yaml": "No such file or directory"}
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.yaml")
        cases[tmp_path / "pipe.yaml"] = "it is not a regular file"
    for path, reason in cases.items():
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        assert str(caught.value) == f"{path}:1:1: cannot be read: {reason}"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read anything")
def test_refuses_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "closed.yaml"
    file.write_text("a: 1")
    file.chmod(0)
    with pytest.raises(ScenarioError, match=r"closed.yaml:1:1: cannot be read: Permission denied$"):
        load_scenario(file)


def test_tells_the_systems_reason_for_an_unreadable_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "closed.yaml"
    file.write_text("a: 1")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ScenarioError, match=r"closed.yaml:1:1: cannot be read: Permission denied$"):
        load_scenario(file)


def test_complaints_are_one_short_printable_line() -> None:
    told = str(
        complaint(
            Place("a\nb", 2, 3),
            "is\x1b[31m wrong",
            ("k\ney", 0),
            show("x\t" * 500),
            did_you_mean("no", ["yes"]),
        )
    )
    assert told.startswith("a\\nb:2:3: k\\ney.0 = 'x\\tx\\t")
    assert told.endswith("…: is\\x1b[31m wrong")
    assert len(told) < 150


def test_values_are_shown_near_to_how_they_are_written() -> None:
    values = {
        None: "null",
        True: "true",
        1e5: "100000",
        0.25: "0.25",
        "a": "'a'",
        10**80: "a whole number of more",
    }
    for value, shown in values.items():
        assert show(value).startswith(shown)
    assert show({"a": [1, {"b": {"c": {"d": 1}}}]}) == "{a: [1, {b: …}]}"
    assert show(datetime.date(2023, 10, 17)) == "2023-10-17"


def test_errors_cross_process_borders() -> None:
    error = complaint(Place("mine.yaml", 2, 3), "is wrong", ("a", "b"), "7")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (ScenarioError, "mine.yaml:2:3: a.b = 7: is wrong")


def test_a_text_is_parsed_once_and_every_tree_of_it_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_text("once: [1, 2]", Place("first.yaml"))
    monkeypatch.setattr("ruamel.yaml.YAML", None)
    again = read_text("once: [1, 2]", Place("again.yaml"))
    assert again.plain() == first.plain() == {"once": [1, 2]}
    assert (again is first, again.place.file) == (False, "again.yaml")
