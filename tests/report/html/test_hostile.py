"""Whatever a name, a question or a lever is called, it is text in a report, and never active."""

import dataclasses
import json

import pytest

from sim.report.html import page_of, report_of
from sim.report.html.page import Explorer
from sim.report.html.render import render
from sim.report.html.sweep import explorer_data
from sim.store.form import offered
from tests.report.html.reading import read

HOSTILE = (
    "<script>alert(1)</script>",
    "</title></style></script><svg onload=alert(1)>",
    "<!-- --><img src=//example.org/x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %} ${7 * 7}",
    "$\\frac{$ ]]> & \"quoted\" 'single' `tick`",
    "=HYPERLINK(\"x\")",
    "W" * 10_000,
    "戦争 Ñandú пауза",
)  # fmt: skip
UNPRINTABLE = "\ud800 \x00 \x1b[31m red \u202e turned"


def renamed(answer, text):
    scenario = answer.scenario.model_copy(update={"name": text, "question": f"{text}?"})
    made = {**answer.manifest, "command": f"spiral sweep {text}", "changes": [text]}
    return dataclasses.replace(answer, scenario=scenario, manifest=made)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_shown_as_it_is(made, page, text):
    plain = page("sweep").root
    found = read(report_of(renamed(made("sweep"), text))).root
    assert found.one("h1").text == f"{text}?"
    assert found.one("section", id="again").all("pre")[0].text == offered(f"spiral sweep {text}", "sweep")
    for tag in ("script", "img", "style", "iframe", "title"):
        assert len(found.all(tag)) == len(plain.all(tag))
    for element in found.all():
        assert not [name for name in element.attributes if name.startswith("on")]


def test_what_no_file_can_hold_is_replaced(made):
    source = report_of(renamed(made("sweep"), UNPRINTABLE))
    source.encode()
    for character in "\ud800\x00\x1b\u202e":
        assert character not in source
    assert read(source).root.one("h1").text == "\ufffd \ufffd \ufffd[31m red \ufffd turned?"


@pytest.mark.parametrize("text", HOSTILE[:4], ids=range(4))
def test_data_in_the_page_cannot_end_its_element(made, text):
    answer = made("sweep")
    levers = [one.model_copy(update={"unit": text}) for one in answer.finding.levers]
    answer = dataclasses.replace(answer, finding=answer.finding.model_copy(update={"levers": levers}))
    held = read(report_of(answer))
    assert json.loads(json.dumps(held.points)) == json.loads(
        json.dumps(explorer_data(answer, answer.finding.sweep))
    )
    assert held.points["levers"][0]["texts"][0].endswith(text)
    assert len(held.root.all("script")) == 3


def test_data_in_the_page_is_written_without_angle_brackets(made):
    page = page_of(made("sweep"))
    (block,) = [b for section in page.sections for b in section.blocks if isinstance(b, Explorer)]
    hostile = dataclasses.replace(block, data={**block.data, "heading": "</script><script>alert(1)</script>"})
    section = dataclasses.replace(page.sections[0], blocks=(hostile,))
    source = render(dataclasses.replace(page, sections=(section, *page.sections[1:])))
    island = source.split('id="explorer-points">')[1].split("</script>")[0]
    assert not set("<>&'") & set(island)
    assert json.loads(island)["heading"].startswith("</script>")
