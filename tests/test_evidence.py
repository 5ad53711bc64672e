"""The evidence ledger: it loads, holds the figures that calibration rests on, and refuses broken entries."""

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim import evidence, paths
from sim.evidence import Evidence, EvidenceError, Fact, load_evidence
from sim.reference import episodes

ROOT = Path(__file__).resolve().parents[1]
FIRST = dt.date(2023, 10, 17)
BY_24_OCT, BY_30_OCT, BY_17_NOV = dt.date(2023, 10, 24), dt.date(2023, 10, 30), dt.date(2023, 11, 17)

SOURCES = """\
'000':
  file: 000.txt
  title: Some title
  publisher: unknown
  published: 2023-10-27
  published_inferred: false
  note: Some note.
'001':
  file: 001.txt
  title: Other title
  publisher: AP
  published: 2024-07-29
  published_inferred: true
  note: Worked out.
"""
FACTS = """\
x:
  claim: Ten attacks.
  kind: count
  value: 10
  unit: attacks
  bound: exact
  from: 2023-10-17
  to: 2023-10-24
  actor: militias
  place: iraq
  source: '000'
  confidence: high
"""


@pytest.fixture(scope="module")
def ledger() -> Evidence:
    return load_evidence()


def written(tmp_path: Path, facts: str = FACTS, sources: str = SOURCES) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    (folder / "sources.yaml").write_text(sources, encoding="utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(EvidenceError) as caught:
        load_evidence(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_ledger_is_large_enough_and_cites_known_sources(ledger: Evidence) -> None:
    assert len(ledger.facts) >= 80
    assert {fact.source for fact in ledger.facts.values()} == set(ledger.sources)
    assert sorted(ledger.sources) == ["000", "001", "002", "003", "004"]


def test_every_kind_of_fact_occurs(ledger: Evidence) -> None:
    assert {fact.kind for fact in ledger.facts.values()} == set(evidence.KINDS)


@pytest.mark.parametrize(
    ("id", "value", "bound", "last", "place"),
    [
        ("attacks-iraq-24-oct", 10, "exact", BY_24_OCT, "iraq"),
        ("attacks-syria-24-oct", 3, "exact", BY_24_OCT, "syria"),
        ("attacks-iraq-30-oct", 14, "exact", BY_30_OCT, "iraq"),
        ("attacks-syria-30-oct", 9, "exact", BY_30_OCT, "syria"),
        ("wounded-30-oct", 21, "exact", BY_30_OCT, "iraq-and-syria"),
        ("attacks-iraq-17-nov", 29, "exact", BY_17_NOV, "iraq"),
        ("attacks-syria-17-nov", 32, "exact", BY_17_NOV, "syria"),
        ("attacks-total-17-nov", 61, "exact", BY_17_NOV, "iraq-and-syria"),
        ("wounded-17-nov", 60, "at_least", BY_17_NOV, "iraq-and-syria"),
        ("no-deaths-by-fire-17-nov", 0, "exact", BY_17_NOV, "iraq-and-syria"),
        ("us-struck-back-three-times", 3, "exact", BY_17_NOV, "syria"),
        ("strikes-none-in-iraq", 0, "exact", BY_17_NOV, "iraq"),
    ],
)
def test_running_counts(ledger: Evidence, id: str, value: int, bound: str, last: dt.date, place: str) -> None:
    fact = ledger.facts[id]
    assert (fact.value, fact.bound, fact.start, fact.end, fact.place) == (value, bound, FIRST, last, place)


@pytest.mark.parametrize(
    ("id", "day", "place", "value"),
    [
        ("strike-27-oct", "2023-10-27", "syria", 2),
        ("strike-8-nov", "2023-11-08", "syria", 1),
        ("strike-12-nov", "2023-11-12", "syria", 2),
        ("tower-22-killed", "2024-01-28", "jordan", 3),
        ("commander-killed-7-feb", "2024-02-07", None, 1),
        ("attack-16-july", "2024-07-16", "iraq", 2),
        ("attack-25-july", "2024-07-25", "iraq-and-syria", 1),
        ("attack-26-july", "2024-07-26", "iraq-and-syria", 1),
    ],
)
def test_dated_actions(ledger: Evidence, id: str, day: str, place: str | None, value: int) -> None:
    fact = ledger.facts[id]
    assert (fact.date, fact.place, fact.value) == (dt.date.fromisoformat(day), place, value)


def test_the_only_dated_us_strikes_of_2023_are_the_three_in_syria(ledger: Evidence) -> None:
    days = [f.date for f in ledger.facts.values() if f.kind == "strike" and f.date and f.date.year == 2023]
    assert days == [dt.date(2023, 10, 27), dt.date(2023, 11, 8), dt.date(2023, 11, 12)]


def test_counts_by_country_add_up_to_the_total(ledger: Evidence) -> None:
    iraq, syria, total = (ledger.facts[f"attacks-{part}-17-nov"].value for part in ("iraq", "syria", "total"))
    assert iraq is not None
    assert syria is not None
    assert iraq + syria == total


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("troops-iraq-2500", "troops-iraq-2000"),
        ("israel-deaths-1400", "israel-deaths-1200"),
        ("wounded-30-oct", "wounded-dozens-1-nov"),
    ],
)
def test_disagreeing_facts_list_each_others_value(ledger: Evidence, one: str, other: str) -> None:
    def others(fact: Fact) -> list[float | None]:
        return [alternative.value for alternative in fact.alternatives]

    first, second = ledger.facts[one], ledger.facts[other]
    assert second.value in others(first)
    assert first.value in others(second)


def test_inferred_july_days_keep_the_week_before(ledger: Evidence) -> None:
    other = [ledger.facts[f"attack-{day}-july"].alternatives[0].date for day in (25, 26)]
    assert other == [dt.date(2024, 7, 18), dt.date(2024, 7, 19)]


def test_facts_named_in_notes_and_in_the_codebook_exist(ledger: Evidence) -> None:
    notes = " ".join(fact.note or "" for fact in ledger.facts.values())
    codebook = (paths.data_folder("seeds") / "codebook.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", notes + codebook)
    assert len(named) > 50
    assert set(named) - set(ledger.facts) <= {"iraq-and-syria", *episodes.PLACES, *episodes.KINDS}


def test_the_codebook_explains_every_field_and_kind() -> None:
    codebook = (paths.data_folder("seeds") / "codebook.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([a-z_-]+)`", codebook))
    fields = {
        *("claim", "kind", "value", "unit", "bound", "date", "from", "to", "as_of", "date_inferred", "actor"),
        *("place", "source", "also", "confidence", "alternatives", "note", "published_inferred"),
    }
    words = {*evidence.KINDS, *evidence.BOUNDS, *evidence.ACTORS, *evidence.PLACES, *evidence.CONFIDENCES}
    assert fields | words <= explained


def test_a_small_ledger_is_read_field_by_field(tmp_path: Path) -> None:
    more = """\
  also: ['001']
  alternatives:
    - value: 11
      source: '001'
      note: Counted again.
    - date: 2023-10-25
      source: '000'
      note: The day after.
  date_inferred: true
  note: By hand.
"""
    fact = load_evidence(written(tmp_path, FACTS + more)).facts["x"]
    assert (fact.claim, fact.value, fact.unit, fact.bound) == ("Ten attacks.", 10, "attacks", "exact")
    assert (fact.start, fact.end, fact.date, fact.as_of) == (FIRST, BY_24_OCT, None, None)
    assert (fact.also, fact.date_inferred, fact.note) == (("001",), True, "By hand.")
    assert [(a.value, a.date) for a in fact.alternatives] == [(11, None), (None, dt.date(2023, 10, 25))]


REFUSED = [
    ("  kind: count", "  kind: rumour", "kind = 'rumour': must be one of count, casualty"),
    ("  kind: count\n", "", "kind = (missing): must be one of count"),
    ("  claim: Ten attacks.\n", "", "claim = (missing): must be a text"),
    ("  claim: Ten attacks.", "  claim: ' '", "claim = ' ': must be a text"),
    ("  confidence: high", "  confidence: sure", "confidence = 'sure': must be one of high, medium, low"),
    ("  confidence: high", "  weight: 3\n  confidence: high", "weight = 3: unknown field, must be one of"),
    ("  source: '000'", "  source: '007'", "source = '007': must be one of 000, 001"),
    ("  source: '000'", "  source: 000", "source = 0: must be one of 000, 001"),
    ("  source: '000'\n", "", "source = (missing): must be one of 000, 001"),
    ("  source: '000'", "  source: '000'\n  also: ['000']", "also = ['000']: must name other sources"),
    ("  source: '000'", "  source: '000'\n  also: '001'", "also = '001': must be a list"),
    ("  actor: militias", "  actor: martians", "actor = 'martians': must be one of militias"),
    ("  place: iraq", "  place: atlantis", "place = 'atlantis': must be one of iraq"),
    ("  unit: attacks\n", "", "unit = (missing): must be a text"),
    ("  bound: exact\n", "", "bound = (missing): must be one of exact, at_least, about"),
    ("  value: 10\n", "", "unit = 'attacks': must not be given without a value"),
    ("  value: 10\n  unit: attacks\n", "", "bound = 'exact': must not be given without a value"),
    ("  value: 10", "  value: '10'", "value = '10': must be a number, 0 or more"),
    ("  value: 10", "  value: -1", "value = -1: must be a number, 0 or more"),
    ("  value: 10", "  value: .nan", "value = nan: must be a number, 0 or more"),
    ("  value: 10", "  value: true", "value = True: must be a number, 0 or more"),
    ("  to: 2023-10-24", "  to: 2023-02-30", "to = '2023-02-30': must be a day of the calendar"),
    ("  to: 2023-10-24", "  to: 24 Oct", "to = '24 Oct': must be a day of the calendar"),
    ("  to: 2023-10-24", "  to: 20231024", "to = 20231024: must be a day of the calendar"),
    ("  to: 2023-10-24", "  to: 2023-10-16", "from = '2023-10-17': must not be after to, 2023-10-16"),
    ("  to: 2023-10-24", "  to: 2023-10-28", "to = '2023-10-28': must not be after its source was published"),
    ("  to: 2023-10-24\n", "", "from = '2023-10-17': must be dated in one way"),
    ("  to: 2023-10-24", "  to: 2023-10-24\n  as_of: 2023-10-24", "must be dated in one way"),
    ("  from: 2023-10-17\n  to: 2023-10-24\n", "", "date = (missing): must be dated in one way"),
    ("  place: iraq", "  date_inferred: true", "note = (missing): must be a text"),
    ("  place: iraq", "  date_inferred: 1", "date_inferred = 1: must be true or false"),
    ("  place: iraq", "  kind: strike", "kind = given again on line 10: must be given once"),
]


@pytest.mark.parametrize(("line", "instead", "message"), REFUSED)
def test_a_broken_fact_is_refused_by_name(tmp_path: Path, line: str, instead: str, message: str) -> None:
    assert line in FACTS
    said = refusal(written(tmp_path, FACTS.replace(line, instead)))
    assert said.startswith("seeds/facts.yaml: fact 'x': ")
    assert message in said


def test_a_fact_given_twice_is_refused(tmp_path: Path) -> None:
    said = refusal(written(tmp_path, FACTS + FACTS))
    assert said == "seeds/facts.yaml: fact 'x': id = given again on line 13: must be given once"


@pytest.mark.parametrize(
    ("alternative", "message"),
    [
        ("{value: 11, note: n, source: '009'}", "source = '009': must be one of 000, 001"),
        ("{value: 11, source: '001'}", "note = (missing): must be a text"),
        ("{note: n, source: '001'}", "value = (missing): must be given, or else a date"),
        ("{value: 1, date: 2023-10-24, note: n, source: '001'}", "value = 1: must be given, or else a date"),
        ("{date: 2023-13-01, note: n, source: '001'}", "date = '2023-13-01': must be a day of the calendar"),
        ("{value: 11, note: n, source: '001', why: x}", "why = 'x': unknown field"),
        ("eleven", "entry = 'eleven': must be a mapping of fields"),
    ],
)
def test_a_broken_alternative_is_refused(tmp_path: Path, alternative: str, message: str) -> None:
    said = refusal(written(tmp_path, f"{FACTS}  alternatives:\n    - {alternative}\n"))
    assert said.startswith("seeds/facts.yaml: fact 'x': alternative 1: ")
    assert message in said


@pytest.mark.parametrize(
    ("line", "instead", "message"),
    [
        ("  published: 2023-10-27", "  published: 2023-10-32", "published = '2023-10-32': must be a day"),
        ("  published_inferred: false\n", "", "published_inferred = (missing): must be true or false"),
        ("  file: 000.txt", "  file: texts/000.txt", "file = 'texts/000.txt': must be a file name without"),
        ("  publisher: unknown", "  publisher:", "publisher = None: must be a text, not empty"),
        ("  note: Some note.", "  url: x", "url = 'x': unknown field"),
    ],
)
def test_a_broken_source_is_refused(tmp_path: Path, line: str, instead: str, message: str) -> None:
    assert line in SOURCES
    said = refusal(written(tmp_path, sources=SOURCES.replace(line, instead, 1)))
    assert said.startswith("seeds/sources.yaml: source '000': ")
    assert message in said


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("", "file = None: must map each fact's id to its fields"),
        ("- x\n", "file = ['x']: must map each fact's id"),
        ("Bad_Id: {}\n", "fact 'Bad_Id': id = 'Bad_Id': must be a text of lower-case words"),
        ("12: {}\n", "fact 12: id = 12: must be a text of lower-case words"),
        ("x: ten\n", "fact 'x': entry = 'ten': must be a mapping of fields"),
        ("x: [1\n", "file = unreadable: must be YAML in UTF-8"),
        ("x: !!python/object:os.system {}\n", "file = unreadable: must be YAML in UTF-8"),
        ("[" * 5000, "file = unreadable: must be YAML in UTF-8"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, facts: str, message: str) -> None:
    said = refusal(written(tmp_path, facts))
    assert said.startswith("seeds/facts.yaml: ")
    assert message in said


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "seeds").startswith("seeds/sources.yaml: file = unreadable")


def test_a_ledger_is_read_once() -> None:
    assert load_evidence() is load_evidence(str(paths.data_folder("seeds")))


def test_importing_the_module_does_not_load_the_parser() -> None:
    code = "import sys, sim.evidence; sys.exit(any(name.startswith('ruamel') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_data_inside_the_package_go_before_those_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "sim" / "paths.py"))
    assert paths.data_folder("seeds") == tmp_path / "seeds"
    (tmp_path / "sim" / "_data" / "seeds").mkdir(parents=True)
    assert paths.data_folder("seeds") == tmp_path / "sim" / "_data" / "seeds"


def test_fact_ids_are_those_of_the_whole_ledger():
    from sim.evidence import fact_ids

    assert fact_ids() == set(load_evidence().facts)
