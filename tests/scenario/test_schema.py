"""What a scenario may say: each refusal names file, line, column, path and value, and what would do."""
# ruff: noqa: E501 (tables of cases, one a line)

import datetime
import re
from itertools import pairwise
from pathlib import Path

import pytest

from sim.parameters import REGISTRY
from sim.paths import data_folder
from sim.scenario import Scenario, ScenarioError, actors, load_scenario, militia_id

SHIPPED = sorted(path.stem for path in data_folder("scenarios").glob("*.yaml"))
RANGE_OF_DAYS = "must be a date from 2000-01-01 to 2100-12-31"
NO_DATE = "must be a date such as 2023-10-17, without quotes"
NAME = "must be a name in lower-case words joined by hyphens, such as tower-22"
SHARE = "must be a number from 0 to 1"
RUNS = "must be a whole number from 1 to 1000000000"
SEED = "must be a whole number from 0 to 9223372036854775807"
DEFINITIONS = "severe, direct, reciprocal"
ACTORS = "us, iraq, iran, kataib-hizbollah, harakat-al-nujaba, asaib-ahl-al-haq, badr"
SITES = "al-asad, other-iraq, al-tanf, north-east-syria, tower-22"
FACT = "must be the id of a fact in seeds/facts.yaml"
TWICE = "must be dated in one way: date, or from and to"
DAY = "must be a day of the scenario, from 2023-10-17 to 2024-07-31"
KNOT = "timeline: {gaza: {knots: [{date: 2023-10-17, level: 0.5, basis: assumed"
ACTION = "interventions: [{date: 2023-10-18, actor:"
HISTORY = "history: {release: 2023-11-01, actions: [{date: 2023-10-18, actor:"
MILITIA = "{title: X, share: 0, autonomy: 0, stake: 0, reach: 0, capacity: 1, basis: assumed}"
SITE = "{title: X, country: iraq, weight: 1, troops: 1, defence: 0, basis: assumed}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load_changed(change: str) -> Scenario:
    """Load the baseline with what is written from line 2 on."""
    Path("mine.yaml").write_text(f"extends: october-2023\n{change}\n", encoding="utf-8")
    return load_scenario("mine.yaml")


def complaint_about(change: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_changed(change)
    return str(caught.value)


def test_tells_place_path_value_and_near_name_of_a_misspelt_key(folder: Path) -> None:
    told = complaint_about("actors:\n  us:\n    readines: 0.4")
    assert told == "mine.yaml:4:5: actors.us.readines = 0.4: unknown key; did you mean 'readiness'?"


REFUSED = {
    "strat: 2023-10-17": "2:1: strat = 2023-10-17: unknown key; did you mean 'start'?",
    "actor: {}": "2:1: actor = {}: unknown key; did you mean 'actors'?",
    "zzz: 1": "2:1: zzz = 1: unknown key",
    "name: other": "2:7: name = 'other': must be the file's name, mine",
    "question: Why not.": "2:11: question = 'Why not.': must be one sentence ending in a question mark",
    'question: "a\\nb?"': "2:11: question = 'a\\nb?': must be a text on one line of 1 to 500 characters",
    "question: 7": "2:11: question = 7: must be one sentence ending in a question mark",
    "start: 2203-10-17": f"2:8: start = 2203-10-17: {RANGE_OF_DAYS}",
    "start: 1999-12-31": f"2:8: start = 1999-12-31: {RANGE_OF_DAYS}",
    "end: 2203-10-17": f"2:6: end = 2203-10-17: {RANGE_OF_DAYS}",
    "end: '2024-01-01'": f"2:6: end = '2024-01-01': {NO_DATE}",
    "end: 2024": f"2:6: end = 2024: {NO_DATE}",
    "end: 2023-10-16": "2:6: end = 2023-10-16: must not be before start, 2023-10-17",
    "end: 2026-10-21": "2:6: end = 2026-10-21: must be at most 1100 days from start, so 2026-10-20 or before",
    "start: 2024-08-02": "2:8: start = 2024-08-02: must be 2024-08-01 or before, since october-2023, which it continues",
    "random_seed: -1": f"2:14: random_seed = -1: {SEED}",
    "random_seed: 9223372036854775808": f"2:14: random_seed = 9223372036854775808: {SEED}",
    "random_seed: true": f"2:14: random_seed = true: {SEED}",
    "runs: 1e12": f"2:7: runs = 1e+12: {RUNS}",
    "runs: 0": f"2:7: runs = 0: {RUNS}",
    "runs: 1.5": f"2:7: runs = 1.5: {RUNS}",
    "runs: '100'": f"2:7: runs = '100': {RUNS}",
    "runs: 0x10": f"2:7: runs = '0x10': {RUNS}",
    "headline: dirct": f"2:11: headline = 'dirct': must be one of {DEFINITIONS}; did you mean 'direct'?",
    "headline: no": f"2:11: headline = 'no': must be one of {DEFINITIONS}",
    "actors: 7": "2:9: actors = 7: must be a mapping of keys to values",
    "actors: {militias: [a]}": "2:20: actors.militias = ['a']: must be a mapping of militias by name",
    "actors: {militias: {badr: {share: 7}}}": f"2:35: actors.militias.badr.share = 7: {SHARE}",
    "actors: {militias: {badr: {share: 0.5}}}": "2:10: actors.militias: has shares that sum to 1.45; the shares of all",
    "actors: {militias: {badr: {stake: high}}}": f"2:35: actors.militias.badr.stake = 'high': {SHARE}",
    "actors: {militias: {badr: {autonomy: -0.1}}}": f"2:38: actors.militias.badr.autonomy = -0.1: {SHARE}",
    "actors: {militias: {badr: {reach: 5}}}": "badr.reach = 5: must be a number from -4 to 4 (log odds)",
    "actors: {militias: {badr: {capacity: 2.5}}}": "= 2.5: must be a whole number from 1 to 30 (attacks/day)",
    "actors: {militias: {badr: {capacty: 2}}}": "badr.capacty = 2: unknown key; did you mean 'capacity'?",
    "actors: {militias: {badr: {capacity: null}}}": "2:21: actors.militias.badr.capacity: is missing",
    "actors: {militias: {badr: {basis: guessed}}}": "must be one of reported, derived, assumed",
    "actors: {militias: {badr: {title: 7}}}": "= 7: must be a text on one line of 1 to 500 characters",
    f"actors: {{militias: {{Badr: {MILITIA}}}}}": f"2:21: actors.militias.Badr: {NAME}",
    f"actors: {{militias: {{us: {MILITIA}}}}}": "2:21: actors.militias.us: is the name of a government",
    "actors: {us: {readiness: 7}}": "2:26: actors.us.readiness = 7: must be a number from -6 to 6 (logits)",
    "actors: {us: {readiness: high}}": "actors.us.readiness = 'high': must be a number from -6 to 6 (logits)",
    "actors: {us: {tempo: 1}}": "2:15: actors.us.tempo = 1: unknown key; write it under parameters.militia",
    "actors: {us: [1]}": "2:14: actors.us = [1]: must be a mapping of the parameters of us by key",
    "actors: {uss: {readiness: 1}}": "2:10: actors.uss = {readiness: 1}: unknown key; did you mean 'us'?",
    "parameters: {us: {readiness: 1}}": "2:14: parameters.us = {readiness: 1}: unknown key; write it under actors.us",
    "parameters: {militia: {readiness: 1}}": "parameters.militia.readiness = 1: unknown key; write it under actors.us",
    "parameters: {militia: {temp: 1}}": "2:24: parameters.militia.temp = 1: unknown key; did you mean 'tempo'?",
    "parameters: {militia: {tempo: 21}}": "= 21: must be a number from 0.05 to 20 (attacks/day)",
    "us: {readiness: 1}": "2:1: us = {readiness: 1}: unknown key; write it under actors.us",
    "sites: {al-asad: {country: irak}}": "'irak': must be one of iraq, syria, jordan; did you mean 'iraq'?",
    "sites: {al-asad: {weight: 0}}": "= 0: must be a number above 0 and at most 10",
    "sites: {al-asad: {troops: 11}}": "= 11: must be a number above 0 and at most 10 (thousands)",
    "sites: {al-asad: {troops: 0}}": "sites.al-asad.troops = 0: must be a number above 0 and at most 10 (thousands)",
    "sites: {al-asad: {troops: -1}}": "= -1: must be a number above 0 and at most 10 (thousands)",
    "sites: {al-asad: {defence: 4}}": "= 4: must be a number from -3 to 3 (log odds)",
    "sites: {al-asad: null, other-iraq: null}": "2:1: sites: must hold at least one site in iraq and one in syria",
    "sites: {al-tanf: null, north-east-syria: null, tower-22: null}": "2:1: sites: must hold at least one site in",
    "reference: {gaza: 1.1}": f"2:19: reference.gaza = 1.1: {SHARE}",
    "reference: {troops: 5e-324}": "2:21: reference.troops = 4.94065645841e-324: must be 0, or from 0.001 to 2 (of those present",
    "reference: {troops: 2.1}": "2:21: reference.troops = 2.1: must be a number from 0 to 2 (of those present",
    "timeline: {gaza: null}": "2:1: timeline.gaza: is missing",
    "timeline: {gaza: {knots: []}}": "2:26: timeline.gaza.knots = []: must hold at least one knot",
    f"{KNOT.replace('gaza', 'gazza')}}}]}}}}": "2:12: timeline.gazza = {knots: [{date: …, level: …, basis: 'assumed'}]}"
    ": unknown key; did you mean 'gaza'?",
    f"{KNOT.replace('0.5', '1.5')}}}]}}}}": f"2:53: timeline.gaza.knots.0.level = 1.5: {SHARE}",
    f"{KNOT}, evidence: [war-begins-7-octt]}}]}}}}": f"2:85: timeline.gaza.knots.0.evidence.0 = 'war-begins-7-octt': "
    f"{FACT}; did you mean 'war-begins-7-oct'?",
    f"{KNOT}, evidence: tower-22-killed}}]}}}}": "= 'tower-22-killed': must be a list of fact ids",
    f"{KNOT}, evidence: [7]}}]}}}}": f"timeline.gaza.knots.0.evidence.0 = 7: {FACT}",
    f"{KNOT.replace('assumed', 'reported')}}}]}}}}": "evidence: must name at least one fact, since the basis is reported",
    f"{KNOT.replace('assumed', 'derived')}}}]}}}}": "evidence: must name at least one fact, since the basis is derived",
    f"{KNOT}}}, {{date: 2023-10-17, level: 1, basis: assumed}}]}}}}": "2:82: timeline.gaza.knots.1.date = 2023-10-17: "
    "must be after the date of the knot before it, 2023-10-17",
    f"{KNOT}}}], shocks: [{{date: 2023-10-18, size: 2, half_life: 1, basis: assumed}}]}}}}": "2:110: "
    "timeline.gaza.shocks.0.size = 2: must be a number from -1 to 1",
    f"{KNOT}}}], shocks: [{{date: 2023-10-18, size: 1, half_life: 0, basis: assumed}}]}}}}": "shocks.0.half_life = 0: "
    "must be a number above 0 and at most 3650 (days)",
    f"{ACTION} kataib-hizbolah, action: hold}}]": f"2:43: interventions.0.actor = 'kataib-hizbolah': must be one of "
    f"{ACTORS}; did you mean 'kataib-hizbollah'?",
    f"{ACTION} us, action: strik, level: 1}}]": "2:55: interventions.0.action = 'strik': must be one of strike, press, "
    "answer, attack, hold, keep-quiet, no-answer; did you mean 'strike'?",
    f"{ACTION} us, action: attack}}]": "2:55: interventions.0.action = 'attack': must be one of strike, hold",
    f"{ACTION} iraq, action: hold}}]": "= 'hold': must be one of press, keep-quiet",
    f"{ACTION} iran, action: press}}]": "= 'press': must be one of answer, no-answer",
    f"{ACTION} badr, action: strike, level: 1}}]": "= 'strike': must be one of attack, hold",
    f"{ACTION} us, action: strike}}]": "2:17: interventions.0.level: is missing; a strike has a level from 1 to 4",
    f"{ACTION} us, action: strike, level: 5}}]": "interventions.0.level = 5: must be a whole number from 1 to 4",
    f"{ACTION} us, action: strike, level: 1, place: jordan}}]": "= 'jordan': must be one of iraq, syria, iran",
    f"{ACTION} us, action: strike, level: 3, place: iran}}]": "= 'iran': is a place for strikes of level 4 only",
    f"{ACTION} us, action: strike, level: 3, place: syria, forbid: true}}]": "= 'syria': must be iraq, or left out to",
    f"{ACTION} us, action: strike, level: 1, site: al-asad}}]": "2:73: interventions.0.site = 'al-asad': does not belong "
    "to strike, to which belongs level, place, forbid",
    f"{ACTION} us, action: hold, level: 1}}]": "2:61: interventions.0.level = 1: does not belong to hold, to which belongs",
    f"{ACTION} us, action: hold, attacks: 1}}]": "interventions.0.attacks = 1: does not belong to hold",
    f"{ACTION} us, action: hold, forbid: true}}]": "interventions.0.forbid = true: does not belong to hold",
    f"{ACTION} iraq, action: press, level: 2}}]": "= 2: does not belong to press, to which belongs forbid",
    f"{ACTION} badr, action: attack, forbid: true, killed: 1}}]": "= 1: does not belong to attack with forbid, to which",
    f"{ACTION} badr, action: attack, site: al-asda}}]": f"2:71: interventions.0.site = 'al-asda': must be one of {SITES}; "
    "did you mean 'al-asad'?",
    f"{ACTION} badr, action: attack, attacks: 31}}]": "= 31: must be a whole number from 1 to 30",
    f"{ACTION} badr, action: attack, killed: 41}}]": "= 41: must be a whole number from 0 to 40 (persons)",
    f"{ACTION} badr, action: attack, wounded: 201}}]": "= 201: must be a whole number from 0 to 200 (persons)",
    f"{ACTION} badr, action: attack, forbid: 1}}]": "= 1: must be true or false",
    f"{ACTION} badr, action: attack, basis: reported}}]": "evidence: must name at least one fact",
    f"{ACTION} badr, action: attack, colour: red}}]": "interventions.0.colour = 'red': unknown key",
    f"{ACTION} badr, action: attack, to: 2023-10-19}}]": f"2:17: interventions.0: {TWICE}",
    "interventions: [{from: 2023-10-18, actor: us, action: hold}]": f"2:17: interventions.0: {TWICE}",
    "interventions: [{actor: us, action: hold}]": f"2:17: interventions.0: {TWICE}",
    "interventions: [{from: 2023-10-18, to: 2023-10-17, actor: us, action: hold}]": "2:40: interventions.0.to = 2023-10-17: "
    "must not be before from, 2023-10-18",
    "interventions: [{date: 2023-10-16, actor: us, action: hold}]": f"2:24: interventions.0.date = 2023-10-16: {DAY}",
    "interventions: [{from: 2024-07-31, to: 2024-08-01, actor: us, action: hold}]": f"interventions.0.to = 2024-08-01: {DAY}",
    "interventions: [{from: 2024-08-01, to: 2024-08-01, actor: us, action: hold}]": f"interventions.0.from = 2024-08-01: {DAY}",
    "interventions: 7": "2:16: interventions = 7: must be a list",
    "interventions: [null]": "2:17: interventions.0 = null: removes an inherited key, but nothing of this name is inherited",
    "history: {release: 2023-10-17}": "2:20: history.release = 2023-10-17: must be a date from 2023-10-18 to 2024-08-01",
    "history: {release: 2024-08-02}": "2:20: history.release = 2024-08-02: must be a date from 2023-10-18 to 2024-08-01",
    "history: {release: 2023-11-01, complete_until: 2023-11-01}": "2:48: history.complete_until = 2023-11-01: must be before "
    "the release, a date from 2023-10-17 to 2023-10-31",
    "history: {release: 2023-11-01, complete_until: 2023-10-16}": "2:48: history.complete_until = 2023-10-16: must be before",
    "history: {actions: []}": "2:1: history.release: is missing",
    f"{HISTORY} us, action: strike, level: 1, forbid: true}}]}}": "history.actions.0.forbid = true: must be left out of a",
    f"{HISTORY.replace('10-18', '11-01')} us, action: hold}}]}}": "2:49: history.actions.0.date = 2023-11-01: must be before "
    "the release, from 2023-10-17 to 2023-10-31",
    f"{HISTORY.replace('10-18', '10-16')} us, action: hold}}]}}": "2:49: history.actions.0.date = 2023-10-16: must be before",
    "ladder: {window: 366}": "2:18: ladder.window = 366: must be a whole number from 1 to 365 (days)",
    "spirals: {direct: {rung: 2}}": "2:26: spirals.direct.rung = 2: must be a whole number from 3 to 6",
    "spirals: {indirect: {rung: 5}}": "spirals.indirect = {rung: 5}: unknown key; did you mean 'direct'?",
    "past: {}": "2:1: past: must be left out of a scenario that extends another: the past follows from its start",
}  # fmt: skip


@pytest.mark.parametrize("change", REFUSED)
def test_refuses(change: str, folder: Path) -> None:
    told = complaint_about(change)
    assert re.match(r"mine\.yaml:\d+:\d+: ", told)
    assert REFUSED[change] in told


def test_refuses_more_militias_sites_or_entries_than_there_is_room_for(folder: Path) -> None:
    militias = ", ".join(f"m{i}: {MILITIA}" for i in range(5))
    assert "actors.militias: must hold 1 to 8 militias" in re.sub(
        r" = \{.*…", "", complaint_about(f"actors: {{militias: {{{militias}}}}}")
    )
    sites = ", ".join(f"s{i}: {SITE}" for i in range(8))
    assert ": must hold 1 to 12 sites" in complaint_about(f"sites: {{{sites}}}")
    holds = ", ".join(["{date: 2023-10-18, actor: us, action: hold}"] * 501)
    assert ": must hold at most 500 actions" in complaint_about(f"interventions: [{holds}]")


def test_refuses_militias_whose_numbers_collide(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actors, "militia_id", lambda name: 77)
    told = complaint_about("ladder: {window: 7}")
    assert "actors.militias.harakat-al-nujaba: has the same number, 77, as 'kataib-hizbollah'" in told


def test_militia_numbers_are_the_folded_fnv_1a_hash() -> None:
    def reference(name: str) -> int:
        number = 2166136261
        for byte in name.encode():
            number = (number ^ byte) * 16777619 & 0xFFFFFFFF
        return (number >> 16) ^ (number & 0xFFFF)

    # The published 32-bit FNV-1a value of "foobar" is bf9cf968.
    assert militia_id("foobar") == 0xBF9C ^ 0xF968
    numbers = {name: militia_id(name) for name in (f"militia-{i}" for i in range(20_000))}
    assert all(16 <= number <= 65535 for number in numbers.values())
    assert all(number == reference(name) for name, number in numbers.items() if reference(name) >= 16)


def test_tells_the_first_problem_by_position_and_missing_keys_last(folder: Path) -> None:
    told = complaint_about(
        "runs: 0\nactors:\n  us: {readines: 1}\nsites: {al-asad: {weight: 99, country: null}}"
    )
    assert told.startswith("mine.yaml:2:7: runs = 0: ")
    told = complaint_about("sites: {al-asad: {country: null, wait: 3}}")
    assert told.startswith("mine.yaml:2:34: sites.al-asad.wait = 3: unknown key; did you mean 'weight'?")


CONTRADICTIONS = {
    ("actor: us, action: strike, level: 1", "actor: us, action: hold"): True,
    ("actor: us, action: strike, level: 1", "actor: us, action: strike, level: 2"): True,
    ("actor: us, action: strike, level: 3", "actor: us, action: strike, level: 3, forbid: true"): True,
    ("actor: us, action: strike, level: 2", "actor: us, action: strike, level: 3, forbid: true"): False,
    ("actor: us, action: strike, level: 3, place: iraq", "actor: us, action: strike, level: 2, place: iraq, forbid: true"): True,
    ("actor: us, action: strike, level: 3, place: syria", "actor: us, action: strike, level: 2, place: iraq, forbid: true"): False,
    ("actor: us, action: strike, level: 3, forbid: true", "actor: us, action: strike, level: 2, place: iraq, forbid: true"): False,
    ("actor: us, action: hold", "actor: us, action: hold"): False,
    ("actor: us, action: hold", "actor: us, action: strike, level: 2, forbid: true"): False,
    ("actor: iraq, action: press", "actor: iraq, action: keep-quiet"): True,
    ("actor: iraq, action: press, forbid: true", "actor: iraq, action: keep-quiet"): False,
    ("actor: iran, action: answer", "actor: iran, action: answer, forbid: true"): True,
    ("actor: badr, action: attack", "actor: badr, action: hold"): True,
    ("actor: badr, action: attack, site: al-asad", "actor: badr, action: attack, site: al-tanf"): True,
    ("actor: badr, action: attack", "actor: kataib-hizbollah, action: hold"): False,
    ("actor: badr, action: attack, forbid: true", "actor: badr, action: hold"): False,
}  # fmt: skip


@pytest.mark.parametrize("pair", CONTRADICTIONS)
@pytest.mark.parametrize("turned", [False, True])
def test_refuses_actions_that_contradict_on_one_day(
    pair: tuple[str, str], turned: bool, folder: Path
) -> None:
    one, other = reversed(pair) if turned else pair
    listed = (
        f"interventions:\n  - {{date: 2023-10-20, {one}}}\n  - {{from: 2023-10-18, to: 2023-10-20, {other}}}"
    )
    if CONTRADICTIONS[pair]:
        told = complaint_about(listed)
        assert told.startswith("mine.yaml:4:5: interventions.1 = {from: 2023-10-18, to: 2023-10-20, actor: ")
        assert told.endswith("…: contradicts interventions.0, of the same actor on the same day")
    else:
        load_changed(listed)
    load_changed(listed.replace("to: 2023-10-20", "to: 2023-10-19"))


def test_interventions_may_not_contradict_the_history(folder: Path) -> None:
    history = (
        "history: {release: 2023-11-01, actions: [{date: 2023-10-27, actor: us, action: strike, level: 1}]}\n"
    )
    told = complaint_about(f"{history}interventions: [{{date: 2023-10-27, actor: us, action: hold}}]")
    assert ": contradicts history.actions.0, of the same actor on the same day" in told


def test_accepts_what_lies_on_the_borders(folder: Path) -> None:
    scenario = load_changed("end: 2026-10-20\nruns: 1e9\nrandom_seed: 0\nactors: {us: {readiness: 6}}")
    assert (scenario.days, scenario.runs, scenario.random_seed) == (1100, 10**9, 0)
    assert scenario.actors.us == {"readiness": 6.0}
    assert isinstance(scenario.runs, int)
    assert load_changed("end: 2023-10-17\nruns: 1e5").days == 1
    assert load_changed("runs: 0123").runs == 123
    assert (
        load_changed(f"{KNOT.replace('gaza', 'troops').replace('0.5', '2')}}}]}}}}")
        .timeline["troops"]
        .knots[0]
        .level
        == 2
    )
    actors = "actors: {militias: {badr: {share: 0.0509}}}"
    assert load_changed(actors).actors.militias["badr"].share == 0.0509


def test_every_parameter_can_be_set_in_one_place(folder: Path) -> None:
    for name, parameter in REGISTRY.items():
        group, key = name.split(".")
        home = "actors" if group in ("us", "iraq", "iran") else "parameters"
        scenario = load_changed(f"{home}: {{{group}: {{{key}: {parameter.high!r}}}}}")
        assert getattr(getattr(scenario, home), group) == {key: parameter.high}


def test_an_action_knows_its_span(folder: Path) -> None:
    listed = (
        f"{ACTION} us, action: hold}}, {{from: 2023-10-20, to: 2023-10-22, actor: badr, action: attack}}]"
    )
    first, second = load_changed(listed).interventions
    day = datetime.date
    assert first.span == (day(2023, 10, 18), day(2023, 10, 18))
    assert second.span == (day(2023, 10, 20), day(2023, 10, 22))
    assert (second.attacks, second.killed, second.site) == (1, None, None)


def test_scenarios_are_frozen() -> None:
    scenario = load_scenario("october-2023")
    with pytest.raises(ValueError, match="frozen"):
        scenario.runs = 7  # type: ignore[misc]


# The shipped scenarios


def test_the_baselines_reference_is_its_timeline_on_17_october_2023() -> None:
    scenario = load_scenario("october-2023")
    day = datetime.date(2023, 10, 17)
    for name, driver in scenario.timeline.items():
        assert driver.knots[0].date == day
        level = driver.knots[0].level + sum(shock.size for shock in driver.shocks if shock.date == day)
        assert getattr(scenario.reference, name) == pytest.approx(level, abs=1e-12)
        assert all(one.date < other.date for one, other in pairwise(driver.knots))


def test_what_the_baseline_says_of_later_than_17_november_is_assumed() -> None:
    for driver in load_scenario("october-2023").timeline.values():
        assert all(
            knot.basis == "assumed" for knot in driver.knots if knot.date > datetime.date(2023, 11, 17)
        )


def test_the_baseline_is_the_one_the_model_document_describes() -> None:
    scenario = load_scenario("october-2023")
    assert (scenario.days, scenario.runs, scenario.random_seed) == (289, 100_000, 20231017)
    militias = scenario.actors.militias
    assert {name: (m.autonomy, m.stake) for name, m in militias.items()} == {
        "kataib-hizbollah": (0.5, 0.35),
        "harakat-al-nujaba": (0.7, 0.2),
        "asaib-ahl-al-haq": (0.45, 0.6),
        "badr": (0.2, 0.9),
    }
    assert sum(m.share * m.reach for m in militias.values()) == pytest.approx(0.0, abs=1e-12)
    spirals = scenario.spirals
    assert (spirals.direct.rung, spirals.reciprocal.rung) == (5, 6)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_begin_with_their_schema_and_load(name: str) -> None:
    text = (data_folder("scenarios") / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    assert load_scenario(data_folder("scenarios") / f"{name}.yaml").name == name
