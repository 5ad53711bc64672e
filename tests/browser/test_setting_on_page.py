"""What a reader sets on the live page, by mouse and keyboard in a real browser, and what it then says.

What the page says is compared with what the same runs give here, to the last letter: nothing is left to chance, and no
test raises a false alarm.
"""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from sim.dashboard.desk import Desk
from sim.dashboard.setting import Setting
from sim.scenario import Action
from tests.browser.reader import RUNS, Page
from tests.dashboard.waiting import told_until

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser


def said(desk: Desk, setting: Setting) -> tuple[str, ...]:
    """The answer at rest in words, from the same runs."""
    return told_until(desk.course(setting))[-1].lines


def test_a_slider_moves_the_answer_to_that_of_spiral_run(page: Page, desk: Desk) -> None:
    first, slider = page.wait_for(Setting("own")), page.slider("us.ceiling")
    slider.focus()
    for _ in range(5):
        page.page.keyboard.press("ArrowRight")
    value = float(slider.input_value())
    moved = Setting("own").with_values({"us.ceiling": value})
    shown = page.wait_for(moved, rest=True)
    for line in said(desk, moved):
        assert line in shown
    assert f"With us.ceiling={value:.12g}:" in shown
    assert f"{RUNS:,} runs; seed 20231017" in shown
    assert shown != first


@pytest.mark.verification
def test_a_pinned_setting_is_compared_with_and_the_address_brings_all_back(
    page: Page, browser: object, address: str
) -> None:
    page.button("Pin: Hold").click()
    page.button("Unpin").wait_for()
    page.page.locator('[data-name="us.ceiling"] input[type=number]').fill("1")
    page.page.keyboard.press("Enter")
    moved = Setting("own").with_values({"us.ceiling": 1.0})
    page.wait_for(moved, rest=True)
    page.page.wait_for_selector(f".change:has-text('the same {RUNS:,} runs and the same luck')")
    change = page.page.locator(".change").inner_text()
    assert re.search(r"in all \+\d+\.\d \[\+", change)
    page.page.wait_for_function("location.search.includes('pin_scenario=own')")
    query = urlsplit(page.page.url).query
    assert parse_qs(query) == {"scenario": ["own"], "set": ["us.ceiling:1.0"], "pin_scenario": ["own"]}
    again = Page(browser, address, f"?{query}")
    shown = again.wait_for(moved, rest=True)
    again.page.wait_for_selector(f".change:has-text('the same {RUNS:,} runs and the same luck')")
    assert again.page.locator(".change").inner_text() == change
    assert shown.splitlines()[0] == "With us.ceiling=1:"
    assert again.slider("us.ceiling").input_value() == "1"
    again.close()
    page.button("Go back").click()
    page.wait_for(Setting("own"))
    page.button("Unpin").click()
    page.page.wait_for_selector(".change", state="detached")


def test_any_parameter_is_found_by_words_and_refuses_what_it_cannot_be(page: Page) -> None:
    page.page.get_by_label("Find another parameter").fill("revenge anger")
    page.page.locator('.take[data-name="militia.revenge"]').click()
    box = page.page.locator('fieldset[data-name="militia.revenge"]')
    assert "source" in box.locator("dl").text_content()
    number = box.locator("input[type=number]")
    number.fill("99")
    page.page.keyboard.press("Tab")
    assert number.get_attribute("aria-invalid") == "true"
    assert "99: must be a number from 0 to 6" in box.inner_text()
    assert page.key == Setting("own").key  # and nothing was set
    number.fill("0")
    page.page.keyboard.press("Tab")
    page.wait_for(Setting("own").with_values({"militia.revenge": 0.0}))
    assert number.get_attribute("aria-invalid") == "false"
    box.get_by_role("button", name="leave militia.revenge").click()
    page.wait_for(Setting("own"))


def test_a_number_beyond_its_slider_is_held_and_an_emptied_box_keeps_what_was(page: Page) -> None:
    box = page.page.locator('fieldset[data-name="us.readiness"]')
    number, state = box.locator("input[type=number]"), box.locator(".state")
    assert "-6 to 6 logits" in box.locator(".line").inner_text()
    number.fill("5")
    page.page.keyboard.press("Enter")
    held = Setting("own").with_values({"us.readiness": 5.0})
    page.wait_for(held)
    assert (number.input_value(), number.get_attribute("aria-invalid")) == ("5", "false")
    assert state.inner_text().startswith("held at 5, beyond the slider's ")
    number.fill("")
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Tab")
    assert (number.input_value(), number.get_attribute("aria-invalid")) == ("5", "false")
    number.fill("-7")
    page.page.keyboard.press("Tab")
    assert (number.input_value(), number.get_attribute("aria-invalid")) == ("-7", "true")
    assert state.inner_text().startswith("-7: must be a number from -6 to 6 logits; still held at 5")
    page.slider("us.ceiling").focus()
    page.page.keyboard.press("ArrowRight")
    value = float(page.slider("us.ceiling").input_value())
    page.wait_for(held.with_values({"us.readiness": 5.0, "us.ceiling": value}))


def test_an_act_of_ones_own_is_imposed_by_keyboard_and_refused_with_its_field(page: Page) -> None:
    press = page.page.keyboard.press
    page.page.locator("summary:has-text('Impose an act of your own')").focus()
    press("Enter")
    form = page.page.get_by_role("form", name="An act of your own, in every run")
    for keys in ("Tab", "b", "Tab", "Tab"):  # the actor whose name begins so is Baghdad
        press(keys)
    first = form.get_by_label("First day")
    assert first.evaluate("(e) => e.getRootNode().activeElement === e")
    assert (first.get_attribute("min"), first.get_attribute("max")) == ("2023-10-17", "2024-01-31")
    page.page.keyboard.type("05062024")
    form.get_by_label("Last day").press("Enter")
    told = form.get_by_role("alert")
    page.page.wait_for_selector(".told.wrong")
    assert (
        told.inner_text()
        == "first day = 2024-05-06: must be a day of the scenario, from 2023-10-17 to 2024-01-31"
    )
    assert first.get_attribute("aria-invalid") == "true"
    assert first.evaluate("(e) => e.getRootNode().activeElement === e")
    assert page.page.locator(".change").count() == 0
    first.fill("2023-12-06")
    press("Enter")
    act = Action(date=dt.date(2023, 12, 6), actor="iraq", action="press")
    page.wait_for(Setting("own").with_acts((act,)), rest=True)
    assert told.inner_text() == "Imposed in every run: 2023-12-06: iraq press"
    assert first.get_attribute("aria-invalid") is None
    page.page.wait_for_selector(f".change:has-text('the same {RUNS:,} runs and the same luck')")
    page.page.wait_for_function(
        "location.search.includes('acts=') && location.search.includes('pin_scenario=own')"
    )
    form.get_by_label("Actor").select_option(label="Washington")
    form.get_by_label("What it does").select_option(label="may not strike this hard or harder")
    form.get_by_label("Level").select_option("3")
    form.get_by_label("Last day").fill("2024-01-31")
    form.get_by_role("button").click()
    page.page.locator(
        ".acts li:has-text('2023-12-06 to 2024-01-31: us may not strike level 3 or more')"
    ).wait_for()


def test_a_scenario_that_cannot_be_read_is_told_and_another_one_turned_to(page: Page) -> None:
    choice = page.page.get_by_label("Scenario", exact=True)
    choice.select_option("broken")
    page.page.wait_for_selector(
        ".refused:has-text('broken.yaml:3:6: end = 2024-99-31: is no day of the calendar')"
    )
    page.wait_for(Setting("own"), rest=True)
    assert page.page.locator(".refused").is_visible()
    assert choice.input_value() == "own"
    choice.select_option("other")
    assert "31 Dec 2023" in page.wait_for(Setting("other"), rest=True)
    assert page.page.locator(".refused").count() == 0
    for canvas in page.page.locator("main canvas").all():  # all that was hidden meanwhile
        canvas.wait_for(state="visible")
    assert page.page.locator("main canvas").count() >= 5
