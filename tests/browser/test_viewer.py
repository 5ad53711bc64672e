"""Mesa's viewer of one run in a real browser: it steps and draws, and neither page nor server asks anything outside.

What the page says is compared with what the same run gives here, to the last letter: nothing is left to chance.
"""

import importlib.util
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.chromium import chromium
from tests.browser.serving import started

pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.verification,
    pytest.mark.skipif(importlib.util.find_spec("solara") is None, reason="needs the extra 'viewer'"),
]

RUN = 27
READY = re.compile(r"The viewer is at (http://\S+?)/? ")
WAIT = 60_000  # milliseconds, far more than needed
WATCHED = """
import sys
def watch(event, words):
    if event == "socket.connect":
        host = words[1][0] if isinstance(words[1], tuple) else "127.0.0.1"
    elif event == "socket.getaddrinfo":
        host = words[0]
    else:
        return
    if str(host) not in ("127.0.0.1", "localhost", "None"):
        open("outside.txt", "a").write(f"{event} {host}\\n")
        raise OSError("nothing outside is asked")
sys.addaudithook(watch)
from sim.mesa.serve import main
main()
"""
"""The server, which leaves word of every host outside that it asks for."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("viewed")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    chromium()  # skipped before anything is served
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOLARA_HOME", str(folder / "solara"))
        words = ("october-2023", "--run", str(RUN), "--parameters", "default", "--port", "0")
        with started(WATCHED, *words, folder=folder, ready=READY) as (where, _):
            yield where


@pytest.fixture(scope="module")
def page(address: str, browser: object) -> Iterator[object]:
    made = browser.new_context(viewport={"width": 1400, "height": 1100}).new_page()
    made.set_default_timeout(WAIT)
    made.asked, made.errors = [], []
    made.on("request", lambda request: made.asked.append(request.url))
    made.on("websocket", lambda ws: made.asked.append(ws.url))
    made.on("pageerror", lambda error: made.errors.append(str(error)))
    made.on("console", lambda said: made.errors.append(said.text) if said.type == "error" else None)
    made.route(
        lambda url: urlsplit(url).scheme in ("http", "https") and not url.startswith(address),
        lambda route: route.abort(),
    )
    made.goto(address)
    made.get_by_text("Not begun: ").wait_for()
    yield made
    made.context.close()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def pictures(page) -> list[str]:
    """Addresses of the figures that are drawn, once all three are."""
    page.wait_for_function("[...document.images].filter(one => one.naturalWidth > 300).length == 3")
    return page.evaluate("[...document.images].map(one => one.src)")


def test_steps_are_told_and_drawn(page):
    from sim.mesa.shown import acts_of, day_of
    from sim.mesa.viewer import ViewedModel  # which takes seconds to load: by whoever runs it alone

    model = ViewedModel("october-2023", RUN, "default")
    for _ in range(2):
        before = pictures(page)
        button(page, "Step").click()
        model.step()
        page.get_by_text(day_of(model), exact=True).wait_for()
        for act in acts_of(model):
            assert page.get_by_text(act, exact=True).is_visible()
        page.wait_for_function(
            "seen => [...document.images].every(one => !seen.includes(one.src))", arg=before
        )
        pictures(page)


def test_what_is_set_holds_from_reset_on(page):
    from sim.mesa.shown import day_of
    from sim.mesa.viewer import ViewedModel, beginnings

    page.locator(".v-input__slider", has_text="us.readiness").get_by_role("slider").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)  # Mesa shows nowhere that it has a slider's value
    button(page, "Reset").click()
    page.get_by_text("Not begun: ").wait_for()
    begin = beginnings("october-2023")
    command = page.get_by_text("spiral trace ").inner_text()
    assert command.startswith(
        f"spiral trace october-2023 --run {RUN} --parameters default --story --set us.readiness="
    )
    moved = ViewedModel(
        "october-2023", RUN, "default", **{**begin, "us.readiness": float(command.rpartition("=")[2])}
    )
    assert moved.command == command
    assert float(command.rpartition("=")[2]) > begin["us.readiness"]
    for _ in range(3):
        button(page, "Step").click()
        moved.step()
        page.get_by_text(day_of(moved), exact=True).wait_for()


def test_another_reader_begins_anew(page, address):
    other = page.context.new_page()
    other.goto(address)
    other.get_by_text("Not begun: ").wait_for()
    assert page.get_by_text("Not begun: ").count() == 0
    other.close()


def test_pages_of_other_origins_cannot_listen_in(address):
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port)) as line:
        line.sendall(
            f"GET /jupyter/api/kernels/any/channels HTTP/1.1\r\nHost: {where.netloc}\r\nOrigin: http://example.org\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert line.recv(100).startswith(b"HTTP/1.1 403 ")


def test_nothing_outside_was_asked(page, address, folder):
    own = urlsplit(address).netloc
    outside = [url for url in page.asked if urlsplit(url).scheme not in ("blob", "data")]
    assert outside
    assert {urlsplit(url).netloc for url in outside} == {own}
    assert page.errors == []
    assert not (folder / "outside.txt").exists()
