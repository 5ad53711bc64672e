"""A real browser for tests: the distribution's Chromium, where there is one.

Where there is none tests are skipped, with how to get one; with SPIRAL_BROWSER=required, as in `.ci/run`, they fail.
"""

import os
import shutil

import pytest

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium here: `make browser` installs the distribution's"


def chromium() -> str:
    """Where the browser is; the test is skipped, or fails, where there is none."""
    found = os.environ.get("SPIRAL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("SPIRAL_BROWSER") == "required":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return found
