"""One server and one browser for all tests of the page, which each open it anew."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.desk import Desk
from sim.pipeline.request import Request
from tests.browser.chromium import FLAGS, chromium
from tests.browser.reader import BROKEN, OTHER, OWN, Page
from tests.browser.serving import served


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server works, and a scenario whose texts would be active on a careless page."""
    made = tmp_path_factory.mktemp("served")
    (made / "own.yaml").write_text(OWN)
    (made / "scenarios").mkdir()
    for name, text in (("broken", BROKEN), ("other", OTHER)):
        (made / "scenarios" / f"{name}.yaml").write_text(text)
    return made


@pytest.fixture(scope="package")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api")
    where = chromium()
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=where, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def address(folder: Path, browser: object) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with served("own.yaml", folder=folder, port=port) as (where, _):
        yield where


@pytest.fixture(scope="package")
def desk(folder: Path) -> Iterator[Desk]:
    """The same here, to compare with."""
    made = Desk(Catalogue(Request((str(folder / "own.yaml"),))), threads=2)
    yield made
    made.close()


@pytest.fixture(scope="package")
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
