"""The live page as its reader has it: in a real browser, by mouse and keyboard, with nothing from elsewhere.

One server and one browser for all tests, which each open a page of their own. What the page says is compared with what
the same runs give here, to the last letter: nothing is left to chance, and no test raises a false alarm.
"""

import asyncio
import datetime as dt
import io
import json
import re
import socket
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.desk import Desk
from sim.dashboard.exports import export_name
from sim.dashboard.setting import Setting
from sim.pipeline.request import Request
from sim.scenario import load_scenario
from tests.browser.chromium import FLAGS, chromium
from tests.browser.serving import served
from tests.dashboard.waiting import told_until

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

RUNS = 1_500
BAD = '<img src=x onerror=alert(1)> "&amp; <script>alert(2)</script>'
OWN = f"""
extends: october-2023
question: 'Is {BAD} only text?'
end: 2024-01-31
runs: {RUNS}
actors: {{militias: {{badr: {{title: '<svg onload=alert(3)>'}}}}}}
"""
WAIT = 60_000  # milliseconds, far more than needed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server works, and a scenario whose texts would be active on a careless page."""
    made = tmp_path_factory.mktemp("served")
    (made / "own.yaml").write_text(OWN)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    where = chromium()
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=where, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(folder: Path, browser: object) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with served("own.yaml", folder=folder, port=port) as (where, _):
        yield where


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Desk]:
    """The same here, to compare with."""
    made = Desk(Catalogue(Request((str(folder / "own.yaml"),))), threads=2)
    yield made
    made.close()


class Page:
    """A page, and what it asked for and complained of."""

    def __init__(self, browser, address: str, query: str = "", width: int = 1400) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 950}, accept_downloads=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda ws: self.requests.append(ws.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.address = address
        self.page.goto(address + query)
        self.page.wait_for_selector(".answer[data-runs]")

    @property
    def key(self) -> str:
        """The setting of the answer that is shown."""
        return str(self.page.locator(".answer").get_attribute("data-key"))

    def slider(self, name: str):
        return self.page.locator(f'[data-name="{name}"] input[type=range]')

    def button(self, name: str, **how):
        return self.page.get_by_role("button", name=name, **how)

    def wait_for(self, setting: Setting, rest: bool = False) -> str:
        """The answer of a setting in words, once it is there."""
        key = setting.key.replace("\\", "\\\\").replace('"', '\\"')
        self.page.wait_for_selector(f'.answer[data-key="{key}"]' + ('[data-rest="1"]' if rest else ""))
        return self.page.locator(".answer").inner_text()

    def reset(self) -> None:
        """As the scenario has it, and held against nothing: opened anew, whatever a test before has done."""
        self.page.goto(self.address)
        self.wait_for(Setting("own"))

    def check(self) -> None:
        """Nothing left the machine, and nothing went wrong."""
        own = urlsplit(self.address)
        for url in self.requests:
            parts = urlsplit(url)
            local = parts.scheme in ("blob", "data") or parts.netloc == own.netloc
            assert local, url
        assert self.errors == []

    def close(self) -> None:
        """The same, and the reader has gone."""
        self.check()
        self.context.close()


@pytest.fixture(scope="module")
def shared(browser: object, address: str) -> Iterator[Page]:
    made = Page(browser, address)
    yield made
    made.close()


@pytest.fixture
def page(shared: Page) -> Iterator[Page]:
    """The page of most tests, as it is when nothing is set."""
    shared.reset()
    yield shared
    shared.check()


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
    assert "must be a number from 0 to 6" in box.inner_text()
    number.fill("0")
    page.page.keyboard.press("Tab")
    page.wait_for(Setting("own").with_values({"militia.revenge": 0.0}))
    box.get_by_role("button", name="leave militia.revenge").click()
    page.wait_for(Setting("own"))


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
        "?scenario=../../etc/passwd",
        "?acts=%5B%22%ed%a0%80%22%5D&set=us.readiness:1e999",
        "?set=" + "us.readiness:1," * 700,
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


@pytest.mark.parametrize("width", [360, 800])
def test_a_narrow_window_shows_all_without_scrolling_sideways(
    browser: object, address: str, width: int
) -> None:
    made = Page(browser, address, width=width)
    made.wait_for(Setting("own"), rest=True)
    assert made.page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert made.page.locator(".mini").is_visible()
    made.close()


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
