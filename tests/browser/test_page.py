"""The live page as its reader has it: in a real browser, by mouse and keyboard, with nothing from elsewhere."""

import asyncio
import datetime as dt
import io
import json
import re
import socket
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sim.dashboard.desk import Desk
from sim.dashboard.exports import export_name
from sim.dashboard.setting import Setting
from sim.scenario import load_scenario
from tests.browser.reader import BAD, Page
from tests.dashboard.waiting import told_until

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser


def test_a_run_is_opened_and_lived_without_one_of_its_acts(page: Page) -> None:
    page.page.wait_for_selector(".answer:has-text('estraint averted')")
    page.page.get_by_label("Or among runs 0 to 999").select_option(label="the first with the headline")
    page.button("Find it").click()
    page.page.wait_for_selector(".life img")
    assert "Spirals: direct on" in page.page.locator(".life").inner_text()
    acts = page.page.locator(".acts:has-text('take one out') li")
    last = acts.last
    if last.locator("select").count():
        last.locator("select").select_option("0")
    last.get_by_role("button").click()
    lead = page.page.locator(".lives .lead")
    lead.wait_for()
    assert re.match(r"The run (came|comes) to a direct exchange on ", lead.inner_text())
    chosen = acts.nth(acts.count() - 2)
    words = chosen.locator("select option").all_inner_texts()
    says = ("Washington holds", "Baghdad keeps", "Tehran does")
    at = next((n for n, text in enumerate(words) if text.startswith(says)), 0)
    if words:
        chosen.locator("select").select_option(str(at))
    chosen.get_by_role("button").click()
    page.button("Impose it").click()
    page.page.wait_for_selector(".acts:has-text('Imposed in every run')")
    page.page.wait_for_selector(".change")
    page.page.wait_for_function("location.search.includes('acts=')")
    acts_given = json.loads(parse_qs(urlsplit(page.page.url).query)["acts"][0])
    assert len(acts_given) == 1
    assert dt.date.fromisoformat(acts_given[0]["date"]) >= dt.date(2023, 10, 17)
    page.button("lift:").click()
    page.wait_for(Setting("own"))


@pytest.mark.verification
def test_a_dot_of_the_cloud_opens_its_run(page: Page) -> None:
    page.page.wait_for_selector(".answer:has-text('estraint averted')")
    cloud = page.page.locator("#run canvas").first
    cloud.scroll_into_view_if_needed()
    page.page.wait_for_timeout(500)
    box = cloud.bounding_box()
    for across in range(20, 80, 2):  # the cloud is dense in its middle
        page.page.mouse.click(box["x"] + box["width"] * across / 100, box["y"] + box["height"] * 0.62)
        if page.page.locator("#run").get_by_text("Opening run").count() or page.page.locator(".life").count():
            break
    page.page.wait_for_selector(".life")


@pytest.mark.verification
def test_what_is_taken_along_is_what_is_shown(page: Page, desk: Desk, tmp_path: Path) -> None:
    setting = Setting("own").with_values({"iran.supply": 0.5})
    number = page.page.locator('[data-name="iran.supply"] input[type=number]')
    number.fill("0.5")
    page.page.keyboard.press("Tab")
    page.wait_for(setting, rest=True)

    def taken(label: str) -> tuple[str, bytes]:
        with page.page.expect_download() as coming:
            page.button(label).click()
        return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()

    name, content = taken("Scenario (YAML)")
    file = tmp_path / name
    file.write_bytes(content)
    told = load_scenario(file)
    named = {"name": export_name(setting), "question": told.question}
    assert told == desk.catalogue.scenario(setting).model_copy(update=named)
    answer = told_until(desk.course(setting))[-1]
    with zipfile.ZipFile(io.BytesIO(taken("Tables (CSV)")[1])) as tables:
        kept = json.loads(tables.read("estimates.json"))
        assert kept["spiral"] == answer.finding.estimates["spiral"]
        assert tables.read("daily.csv").startswith(b"series,date,mean")
    assert taken("Figure (PNG)")[1].startswith(b"\x89PNG")
    drawn = taken("Figure (SVG)")[1].decode()
    assert "<svg" in drawn
    assert "<script" not in drawn


@pytest.mark.verification
def test_rival_explanations_are_counted_when_asked_for(page: Page) -> None:
    page.button("Count them").click()
    page.page.wait_for_selector("#rivals td")
    rows = page.page.locator("#rivals tbody tr").all_inner_texts()
    assert rows[0].startswith("all together")
    assert any(row.startswith("Tehran decides") for row in rows)


@pytest.mark.parametrize(
    "query",
    [
        "?set=%3Cscript%3Ealert(1)%3C/script%3E",
        pytest.param("?acts=%5B%22%ed%a0%80%22%5D&set=us.readiness:1e999", marks=pytest.mark.verification),
    ],
)
def test_a_hostile_address_is_text(browser: object, address: str, query: str) -> None:
    made = Page(browser, address, query)
    made.wait_for(Setting("own"))
    made.page.get_by_text("The address could not be read: ").wait_for()
    assert BAD in made.page.locator(".question").inner_text()
    assert made.page.locator("img[src=x], script:has-text('alert')").count() == 0
    made.close()


def test_every_control_has_a_name_and_is_reached_by_keyboard(page: Page) -> None:
    page.page.wait_for_selector(".answer:has-text('estraint averted')")
    nameless = page.page.evaluate(
        """() => {
          const all = (root) => [...root.querySelectorAll('*')].flatMap(
            (e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])])
          return all(document).filter((e) => e.matches('button, input, select, a[href], summary')
            && e.offsetParent !== null).filter((e) => !(
              e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length || e.title
            )).map((e) => e.outerHTML.slice(0, 120))
        }"""
    )
    assert nameless == []
    reached = []
    for _ in range(30):
        page.page.keyboard.press("Tab")
        reached.append(
            page.page.evaluate(
                """() => { let e = document.activeElement
                  while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement
                  return e.getAttribute('aria-label') || e.textContent.trim().slice(0, 40) }"""
            )
        )
    assert any(name.startswith("How near Washington's red lines are") for name in reached)
    assert "Skip to the answer" in reached


@pytest.mark.parametrize("width", [360, pytest.param(800, marks=pytest.mark.verification)])
def test_a_narrow_window_shows_all_without_scrolling_sideways(
    browser: object, address: str, width: int
) -> None:
    made = Page(browser, address, width=width)
    made.wait_for(Setting("own"), rest=True)
    assert made.page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert made.page.locator(".mini").is_visible()
    made.close()


@pytest.mark.verification
def test_readers_do_not_see_one_another(browser: object, address: str) -> None:
    one, two = (Page(browser, address) for _ in range(2))
    one.slider("us.readiness").focus()
    page_key = two.key
    one.page.keyboard.press("ArrowRight")
    one.page.wait_for_function("location.search.includes('us.readiness')")
    assert two.key == page_key == Setting("own").key
    assert "us.readiness" not in two.page.url
    one.close()
    two.close()


def test_pages_from_elsewhere_may_not_talk_to_it(address: str) -> None:
    from tornado.httpclient import HTTPClientError, HTTPRequest
    from tornado.websocket import websocket_connect

    async def status(origin: str) -> int:
        where = address.replace("http", "ws") + "ws"
        try:
            made = await websocket_connect(HTTPRequest(where, headers={"Origin": origin}))
        except HTTPClientError as refused:
            return int(refused.code)
        made.close()
        return 101

    with ThreadPoolExecutor(1) as apart:  # this thread has a loop of the browser's
        found = [
            apart.submit(asyncio.run, status(origin)).result()
            for origin in ("http://evil.example", address.removesuffix("/"))
        ]
    assert found[0] == 403
    assert found[1] != 403


def test_it_listens_on_this_machine_alone(address: str) -> None:
    port = urlsplit(address).port
    others = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for host in others - {"127.0.0.1", "127.0.1.1"}:
        with socket.socket() as knocking:
            knocking.settimeout(5)
            assert knocking.connect_ex((host, port)) != 0
