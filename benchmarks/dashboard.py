"""A slider of the live page has a new number within half a second; 20 readers move together, to the right numbers.

In a real browser: from the slider's event to the frame in which the answer is another, the median of 20 moves, with
an answer being refined behind each. Then 20 pages, each moved to a setting of its own at once: every first answer must
be that of as many runs counted here, nothing may fail, and the server stays small.
"""

from __future__ import annotations

import socket
import tempfile
import time
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import SCENARIO, Claim, Options, Report
from tests.browser.chromium import FLAGS, chromium
from tests.browser.serving import served

MOVES, READERS, REST = 20, 20, 1.5
MOST_SECONDS, MOST_BYTES = 0.5, 1.5e9
PATIENCE = 120_000  # milliseconds

STEPS = 40
"""Steps of the slider, from -1 to 1; another value it would round to one."""

WALK = """
const all = (root, what) => { for (const e of root.querySelectorAll('*')) {
  if (e.matches(what)) return e
  if (e.shadowRoot) { const found = all(e.shadowRoot, what); if (found) return found } } return null }
"""
MOVE = (
    "(value) => { "
    + WALK
    + """
  const slider = all(document, '[data-name="us.ceiling"] input[type=range]')
  const before = all(document, '.answer').dataset.key
  const began = performance.now()
  slider.value = value
  slider.dispatchEvent(new Event('input', { bubbles: true }))
  window.moved = new Promise((done) => { const look = () => {
    const answer = all(document, '.answer')
    if (answer.dataset.key && answer.dataset.key !== before)
      done({ seconds: (performance.now() - began) / 1000, runs: Number(answer.dataset.runs), text: answer.innerText })
    else requestAnimationFrame(look) }
    look() })
}"""
)


def measure(options: Options) -> Report:
    from playwright.sync_api import sync_playwright

    report, runs = Report("dashboard"), options.runs or 100_000
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        tempfile.TemporaryDirectory() as folder,
        served(SCENARIO, "--runs", str(runs), folder=Path(folder), port=port) as (address, process),
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        seconds = moves(browser, address, options.pairs or MOVES)
        report.add("slider to the first new number", "s", seconds)
        middle = float(np.median(seconds))
        claim = f"the median of {len(seconds)} moves at most {MOST_SECONDS} s"
        report.claims.append(Claim(claim, f"{middle:.2f} s", middle <= MOST_SECONDS))
        wrong, errors, together = readers(browser, address)
        report.add(f"{READERS} readers moving together, to each one's first new number", "s", together)
        most = peak(process)
        report.add("most memory of the server", "GB", [most / 1e9])
        report.claims.append(
            Claim(
                f"{READERS} readers: right numbers, no error, under {MOST_BYTES / 1e9:.1f} GB",
                f"{wrong} wrong, {len(errors)} errors, {most / 1e9:.2f} GB",
                not wrong and not errors and most < MOST_BYTES,
            )
        )
        browser.close()
    report.notes.append(f"{SCENARIO}, refined to {runs:,} runs; a second and a half between moves")
    return report


def opened(browser: Any, address: str, errors: list[str]) -> Any:
    """A page of its own, at its first answer."""
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_selector(".answer[data-runs]")
    return page


def moves(browser: Any, address: str, count: int) -> list[float]:
    """Seconds from a move to the first new number, in the page itself."""
    page, found = opened(browser, address, []), []
    time.sleep(REST)
    for number in range(count):
        page.evaluate(MOVE, at_step(7 * (number + 1) % STEPS))  # here and there, never twice at a place
        found.append(float(page.evaluate("window.moved")["seconds"]))
        time.sleep(REST)
    page.context.close()
    return found


def readers(browser: Any, address: str) -> tuple[int, list[str], list[float]]:
    """How many of many readers were told wrong numbers, what failed, and how long each waited."""
    errors: list[str] = []
    pages = [opened(browser, address, errors) for _ in range(READERS)]
    values = [at_step(2 * number + 1) for number in range(READERS)]
    for page, value in zip(pages, values, strict=True):
        page.evaluate(MOVE, value)
    told = [page.evaluate("window.moved") for page in pages]
    wrong = sum(
        not shows(one["text"], expected(value, int(one["runs"])))
        for one, value in zip(told, values, strict=True)
    )
    return wrong, errors, [float(one["seconds"]) for one in told]


def at_step(number: int) -> float:
    """Value of the slider at a step."""
    return round(-1.0 + 2.0 * number / STEPS, 2)


def shows(text: str, lines: tuple[str, ...]) -> bool:
    """Whether a page says each of these lines; what restraint averted may stand behind them by then."""
    return all(line.rstrip(".") in unescape(text) for line in lines)


def expected(value: float, runs: int) -> tuple[str, ...]:
    """The answer of the same setting from the same runs, without what restraint averted."""
    from sim.dashboard.counting import Total, count_runs
    from sim.dashboard.told import first_told
    from sim.scenario import load_scenario
    from sim.simulate.job import make_job

    job = make_job(load_scenario(SCENARIO, [f"us.ceiling={value}"]), "posterior")
    total = Total(runs)
    total.add(count_runs(job, 0, runs, daily=False))
    return first_told(job, total).lines


def peak(process: int) -> float:
    """Most bytes that a process has held so far."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return 1024.0 * float(line.split()[1])
