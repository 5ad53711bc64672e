"""Cells and files that could be read wrongly are refused in one line that says where, or read rightly."""

import codecs
import csv
import datetime
import io

import pytest

from sim import record_from_csv
from sim.errors import InputError
from sim.records.cells import count_of
from tests.records.lists import DAY

HEADER = "date,country,killed,kind\n"
ROW = "2023-10-17,Iraq,0,attack\n"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Makes a record of a list that is given as text or bytes."""
    monkeypatch.chdir(tmp_path)

    def of(text, *maps, **options):
        (tmp_path / "mine.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return record_from_csv("mine.csv", maps, **options)

    return of


WRITTEN = "must be a date such as 2023-10-17 or 17 October 2023"
NUMBER = "must be a whole number from 0 to 1000000, or blank"
ASKED = "say whether the day or the month is first: --dates day-first or --dates month-first"
BAD_CELLS = {
    "03/04/2023,Iraq,0,attack": f"3: date = '03/04/2023': {ASKED}",
    "17/10/2023,Iraq,0,attack": f"3: date = '17/10/2023': {ASKED} (17/10/2023 on line 3 can only be day first)",
    "10-18-2023,Iraq,0,attack": f"3: date = '10-18-2023': {ASKED} (10-18-2023 on line 3 can only be month first)",
    "18 October 2023,Iraq,0,attack":
        "3: date = '18 October 2023': is written otherwise than 2023-10-17 on line 2; dates of one list are written in "
        "one way",
    "2023-02-30,Iraq,0,attack": "3: date = '2023-02-30': is no day of the calendar",
    "45216,Iraq,0,attack": "3: date = '45216': is the day number of a spreadsheet; have it written as a date",
    "17/10/23,Iraq,0,attack": "3: date = '17/10/23': has a year of two digits; write all four",
    "=TODAY(),Iraq,0,attack": "3: date = '=TODAY()': is a formula; have its value written",
    "soon,Iraq,0,attack": f"3: date = 'soon': {WRITTEN}",
    ",Iraq,0,attack": f"3: date = '': is blank; {WRITTEN}",
    "1999-10-17,Iraq,0,attack": "3: date = '1999-10-17': must be a date from 2000-01-01 to 2100-12-31",
    "٢٠٢٣-١٠-١٧,Iraq,0,attack": f"3: date = '٢٠٢٣-١٠-١٧': {WRITTEN}",
    '2023-10-18,Iraq,"1,5",attack': f"3: killed = '1,5': {NUMBER}; where a comma is a decimal one, say --decimal-comma",
    '2023-10-18,Iraq,"1,000",attack': f"3: killed = '1,000': {NUMBER}",
    "2023-10-18,Iraq,1.000,attack": f"3: killed = '1.000': {NUMBER}",
    "2023-10-18,Iraq,1.5,attack": f"3: killed = '1.5': {NUMBER}",
    "2023-10-18,Iraq,-1,attack": f"3: killed = '-1': {NUMBER}",
    "2023-10-18,Iraq,1e3,attack": f"3: killed = '1e3': {NUMBER}",
    "2023-10-18,Iraq,nan,attack": f"3: killed = 'nan': {NUMBER}",
    "2023-10-18,Iraq,2000000,attack": f"3: killed = '2000000': {NUMBER}",
    "2023-10-18,Iraq,٣,attack": f"3: killed = '٣': {NUMBER}",
    "2023-10-18,Iraq,=1+1,attack": "3: killed = '=1+1': is a formula; have its value written",
    "2023-10-18,Iraq,0": "3: has 3 cells, and the header 4: is a separator or a quotation mark missing?",
    "2023-10-18,Iraq,0,attack,more": "3: has 5 cells, and the header 4: is a separator or a quotation mark missing?",
    '2023-10-18,Iraq,0,"attack': "3: is not readable as CSV: unexpected end of data",
    '2023-10-18,Iraq,"0"1,attack': "3: is not readable as CSV: ',' expected after '\"'",
    "2023-10-18,Iraq,0,att\0ack":
        "3: holds NUL, which is no text: is it a binary file, or of another --encoding?",
    f"2023-10-18,Iraq,{'9' * 10_000},attack": f"3: killed = '{'9' * 59}…': {NUMBER}",
}  # fmt: skip


@pytest.mark.parametrize("row", BAD_CELLS, ids=range(len(BAD_CELLS)))
def test_a_cell_that_cannot_be_read_is_one_line(made, row):
    first = "" if "Can only" in BAD_CELLS[row] or "--dates" in BAD_CELLS[row] else ROW
    text = HEADER + (first or "\n") + row + "\n"
    with pytest.raises(InputError) as caught:
        made(text)
    assert str(caught.value) == f"mine.csv:{BAD_CELLS[row]}"


BAD_FILES = {
    b"": "mine.csv: is empty; its first line names the columns",
    HEADER.encode(): "mine.csv: holds a header and no event",
    b"date,Country,country,kind\n" + b"2023-10-17,Iraq,Iraq,attack\n":
        "mine.csv:1: has 2 columns called 'country'; rename all but one",
    (HEADER + "2023-10-17,Irak é,0,attack\n").encode("latin-1"):
        "mine.csv:2: is not text in utf-8; say its encoding, such as --encoding cp1252",
    b"PK\x03\x04" + bytes(30): "mine.csv: is a workbook or an archive; export the list from it as CSV",
    (HEADER + ROW).encode("utf-16-le"):
        "mine.csv:1: holds NUL, which is no text: is it a binary file, or of another --encoding?",
    b"when,what\n1,2\n":
        "mine.csv:1: its columns are those of no layout that is known (acled, ucdp, plain); name them, such as --map "
        "column.date=NAME; what can be named: date, first, country, kind, type, actor, target, killed, wounded, level, "
        "id, precision, low, high; there are when, what",
    b"date,country\n2023-10-17,Iraq\n":
        "mine.csv:1: no column says what an event was; name one, --map column.kind=NAME, or two of who did it to whom, "
        "column.actor and column.target; there are date, country",
    b"date,killed,deaths,kind\n2023-10-17,1,2,attack\n":
        "mine.csv:1: killed could be any of killed, deaths: say --map column.killed=killed",
    (HEADER + "2023-10-17,Iraq,0," + "x" * 200_000 + "\n").encode():
        "mine.csv:2: is not readable as CSV: field larger than field limit (131072)",
}  # fmt: skip


@pytest.mark.parametrize("content", BAD_FILES, ids=range(len(BAD_FILES)))
def test_a_file_that_is_no_list_is_one_line(made, content):
    with pytest.raises(InputError) as caught:
        made(content)
    assert str(caught.value) == BAD_FILES[content]


def test_what_cannot_be_opened_is_one_line(tmp_path):
    for place, text in (
        (tmp_path, "is a folder, not a file"),
        (tmp_path / "no", "cannot be read: No such file or directory"),
    ):
        with pytest.raises(InputError) as caught:
            record_from_csv(place)
        assert str(caught.value) == f"{place}: {text}"


GOOD_FILES = {
    "byte order mark": codecs.BOM_UTF8 + (HEADER + ROW).encode(),
    "utf-16": (HEADER + ROW).encode("utf-16"),
    "carriage returns": (HEADER + ROW).replace("\n", "\r\n").encode(),
    "old line ends": (HEADER + ROW).replace("\n", "\r").encode(),
    "semicolons": (HEADER + ROW).replace(",", ";").encode(),
    "tabs": (HEADER + ROW).replace(",", "\t").encode(),
    "blanks around": b" date , country,killed ,kind\n 2023-10-17 ,\xc2\xa0Iraq , 0, attack\n",
    "a column without a name": ("," + HEADER + "0," + ROW).encode(),
    "all quoted": b'"date","country","killed","kind"\n"2023-10-17","Iraq","0","attack"\n',
    "numbers of a table with gaps": b"date,country,killed,kind\n2023-10-17,Iraq,0.0,attack\n",
    "a time of day": (HEADER + ROW).replace("-17,", "-17T23:59:00+03:00,").encode(),
    "a month by name": (HEADER + ROW).replace("2023-10-17", "17-Oct-2023").encode(),
    "American words": (HEADER + ROW).replace("2023-10-17", '"October 17, 2023"').encode(),
    "slashes, year first": (HEADER + ROW).replace("2023-10-17", "2023/10/17").encode(),
    "text beyond count": ("notes," + HEADER + '"=cmd|x\n\n' + "y" * 10_000 + '\u202e",' + ROW).encode(),
}


@pytest.mark.parametrize("name", GOOD_FILES)
def test_what_is_only_odd_is_read_rightly(made, name):
    found = made(GOOD_FILES[name])
    assert [(r.series, r.first, r.last, r.value) for r in found.record.reports] == [
        ("attacks_iraq", DAY, DAY, 1), ("killed", DAY, DAY, 0),
    ]  # fmt: skip


def test_other_encodings_are_read_when_they_are_said(made):
    text = (HEADER + "2023-10-17,Iraq,0,düse\n").encode("cp1252")
    assert len(made(text, "kind.düse=attack", encoding="cp1252").attacks) == 1
    for wrong, said in (
        ("utf-99", "no such encoding of text; did you mean 'utf-8'?"),
        ("base64", "no such encoding of text"),
    ):
        with pytest.raises(InputError, match="^--encoding: " + wrong) as caught:
            made(text, encoding=wrong)
        assert said in str(caught.value)


@pytest.mark.parametrize(("order", "month"), [("day-first", 4), ("month-first", 3)])
def test_numbers_are_dates_in_the_order_that_is_said(made, order, month):
    text, day = HEADER + ROW.replace("2023-10-17", "03/04/2023"), 7 - month
    found = made(text, dates=order)
    assert found.record.start == datetime.date(2023, month, day)
    assert f"dates {order}" in found.summary


def test_mixed_orders_are_refused(made):
    text = HEADER + "".join(f"{date},Iraq,0,attack\n" for date in ("03/04/2023", "17/10/2023", "10/18/2023"))
    with pytest.raises(InputError) as caught:
        made(text, dates="day-first")
    assert (
        str(caught.value)
        == "mine.csv:4: date = '10/18/2023': is no day of the calendar where dates are day-first"
    )


def test_lines_are_told_as_an_editor_counts_them(made):
    with pytest.raises(InputError, match=r"^mine\.csv:5: killed = 'x'"):
        made("notes," + HEADER + '"two\nlines",' + ROW + "\n,2023-10-18,Iraq,x,attack\n")


def test_a_decimal_comma_by_its_option():
    assert [count_of(text, True) for text in ("2,0", "2", "")] == [2, 2, None]
    assert count_of("2.0") == 2
    for text, comma in (("2,0", False), ("2.0", True), ("2,5", True), ("2,00", True)):
        with pytest.raises(ValueError, match="whole number"):
            count_of(text, comma)


def test_unreadable_rows_are_dropped_on_request(made):
    found = made(HEADER + ROW + "soon,Iraq,0,attack\n2023-10-18,Iraq,x,attack\n", drop_unreadable=True)
    assert len(found.attacks) == 1
    assert found.dropped[["line", "word"]].to_numpy().tolist() == [[3, "date: soon"], [4, "killed: x"]]


def test_the_file_of_what_was_dropped_carries_nothing_out_and_has_a_line_a_row(made):
    text = HEADER + ROW + '2023-10-18,Iraq,0,"=HYPERLINK(""x"")\nmore"\n2023-10-18,@x,-1,attack\n'
    rows = list(csv.reader(io.StringIO(made(text).dropped_csv.decode())))
    assert rows[0] == ["line", "reason", "word", "list: date", "list: country", "list: killed", "list: kind"]
    assert rows[1] == [
        "3", "of a kind that the map does not name", "'=HYPERLINK(\"x\")\\nmore", "2023-10-18", "Iraq", "0",
        "'=HYPERLINK(\"x\")\\nmore",
    ]  # fmt: skip
    assert rows[2] == ["5", "in another country", "'@x", "2023-10-18", "'@x", "'-1", "attack"]


WRONG_MAPS = {
    "actor.A=usa": "--map: actor.A=usa: must be one of us, militia, iran, other; did you mean 'us'?",
    "kind.A=atack":
        "--map: kind.A=atack: must be one of attack, strike, strike-1, strike-2, strike-3, strike-4, force, drop; did "
        "you mean 'attack'?",
    "actr.A=us":
        "--map: actr.A=us: write it as actor.NAME=us, kind.NAME=attack, country.NAME=iraq, column.date=NAME or "
        "acts=first; did you mean 'actor'?",
    "column.datum=x":
        "--map: column.datum=x: 'datum' is nothing that a column can hold; it can be date, first, country, kind, type, "
        "actor, target, killed, wounded, level, id, precision, low, high; did you mean 'date'?",
    "column.date=Dat":
        "mine.csv:1: column.date = 'Dat': there is no such column; there are date, country, killed, kind; "
        "did you mean 'date'?",
    "nowhere.yaml": "nowhere.yaml:1:1: cannot be read: No such file or directory",
    "map.yaml": "map.yaml:2:6: actors.A = 'uss': must be one of us, militia, iran, other; did you mean 'us'?",
    "map.csv": "map.csv:2: means = 'uss': must be one of us, militia, iran, other; did you mean 'us'?",
    "list.yaml": "list.yaml:1:1: holds ['a']; a map is a mapping of keys to values",
    "keys.yaml":
        "keys.yaml:1:1: actor: unknown key; it must be one of actors, kinds, countries, columns, acts, layout; "
        "did you mean 'actors'?",
}  # fmt: skip


@pytest.mark.parametrize("given", WRONG_MAPS)
def test_a_wrong_map_is_one_line(made, tmp_path, given):
    for name, text in {
        "map.yaml": "actors:\n  A: uss\n", "map.csv": "what,name,means\nactor,A,uss\n", "list.yaml": "- a\n",
        "keys.yaml": "actor: {}\n",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as caught:
        made(HEADER + ROW, given)
    assert str(caught.value) == WRONG_MAPS[given]


def test_maps_of_all_forms_say_the_same_and_later_ones_go_first(made, tmp_path):
    (tmp_path / "map.yaml").write_text("kinds:\n  rocket: drop\n  raid: strike\nacts: first\n")
    (tmp_path / "map.csv").write_text("what,name,means\nkind,rocket,attack\nacts,,second\n")
    text = HEADER + "2023-10-17,Iraq,0,Rocket\n2023-10-17,Syria,0,raid\n"
    assert [e.act for e in made(text, "map.yaml", "map.csv").events] == ["attack", "strike"]
    assert [e.act for e in made(text, "map.csv", "map.yaml").events] == ["strike"]
    assert [e.act for e in made(text, {"kinds": {"r*": "attack", "ra*": "strike"}}).events] == [
        "attack",
        "strike",
    ]


def test_who_acted_is_asked_for(made):
    text = "date,country,actor,target\n2023-10-17,Iraq,A,B\n"
    maps = ("actor.A=us", "actor.B=militia")
    with pytest.raises(InputError) as caught:
        made(text, *maps)
    assert str(caught.value) == (
        "mine.csv:2: actor and target = 'A' and 'B': which of them acted is not said, and their order does not tell; "
        "say --map acts=first or acts=second, or what each kind is, such as --map kind.NAME=attack"
    )
    assert made(text, *maps, "acts=second").attacks


def test_a_list_of_which_nothing_counts_is_refused_with_what_it_holds(made):
    with pytest.raises(InputError) as caught:
        made(HEADER + "2023-10-17,Iraq,0,rocket\n")
    assert str(caught.value) == (
        "mine.csv: none of its 1 rows counts: 1 of a kind that the map does not name ('rocket'); say what they are by "
        "--map, such as --map actor.NAME=us or kind.NAME=attack"
    )
