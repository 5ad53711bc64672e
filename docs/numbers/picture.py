"""Take the picture of the live page that the README shows: `python -m docs.numbers.picture FILE`."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import FLAGS, NAMES
from tests.browser.serving import served

RUNS, PORT = 20_000, 5016
SETTING = "?set=us.ceiling:0.5"
WIDE, HIGH = 1280, 900
PATIENCE = 300_000  # milliseconds


def main(file: Path) -> None:
    """Serve the page, wait for its answer at rest, and keep what is seen of it."""
    where = next(filter(None, map(shutil.which, NAMES)))
    with (
        tempfile.TemporaryDirectory() as folder,
        served("october-2023", "--runs", str(RUNS), folder=Path(folder), port=PORT) as (address, _),
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=where, args=list(FLAGS))
        page = browser.new_page(viewport={"width": WIDE, "height": HIGH})
        page.goto(address + SETTING)
        page.get_by_text(f"{RUNS:,} runs").first.wait_for(timeout=PATIENCE)
        page.wait_for_timeout(3_000)
        page.screenshot(path=file)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
