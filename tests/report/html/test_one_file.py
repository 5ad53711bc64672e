"""A report asks nobody for anything, runs nothing but its own scripts, and is well formed."""

import base64
import hashlib
import re
import shutil
import subprocess

import pytest

from sim.report.html.render import _source

KINDS = ("run", "sweep", "scattered", "compare", "forecast")
ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9]", re.IGNORECASE)
RUNS_CODE = re.compile(r"^on")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_it_leads_elsewhere(page, kind):
    for element in page(kind).elements:
        for name, value in element.attributes.items():
            assert value.startswith("data:image/png;base64,") or not ADDRESS.search(value), (name, value)
            assert not RUNS_CODE.match(name)
            assert name != "style"
            if name in ("href", "src"):
                assert value.startswith(("#", "data:"))
    assert not page(kind).root.all("link")
    assert not page(kind).root.all("iframe")


@pytest.mark.parametrize("kind", KINDS)
def test_only_its_own_scripts_and_styles_are_allowed(page, kind):
    found = page(kind).root
    policy = found.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    scripts = [s for s in found.all("script") if s.attributes.get("type") != "application/json"]
    own = ["tables.js", "explorer.js"] if kind in ("sweep", "scattered") else ["tables.js"]
    assert [script.text for script in scripts] == [_source(name) for name in own]
    for element in (*scripts, found.one("style")):
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_has_one_target(page, kind):
    elements = page(kind).elements
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(set(ids)) == len(ids)
    referred = set()
    for element in elements:
        for name, value in element.attributes.items():
            referred.update(re.findall(r"url\(#([^)]+)\)", value))
            if name == "href" and value.startswith("#"):
                referred.add(value[1:])
            if name == "aria-labelledby":
                referred.update(value.split())
    assert referred <= set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_has_a_text_alternative(page, kind):
    pictures = [svg for svg in page(kind).root.all("svg") if svg.attributes.get("class") != "bar"]
    assert len(pictures) >= 1
    for svg in pictures:
        assert svg.attributes["role"] == "img"
        assert svg.all("title")[0].text.strip()
        assert len(svg.all("desc")[0].text) > 40
    assert all(svg.attributes["aria-hidden"] == "true" for svg in page(kind).root.all("svg", class_="bar"))


def test_it_is_small(page):
    assert all(len(page(kind).source.encode()) < 3_000_000 for kind in KINDS)


def test_letters_stand_out_from_the_paper():
    style = _source("report.css")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", style))
    for name in ("ink", "faint", "link"):
        assert contrast(colours[name], "#ffffff") >= 4.5
    assert contrast(colours["ink"], "#fff6e0") >= 4.5
    assert contrast("#505050", "#ffffff") >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 has it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.verification
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser is installed")
def test_a_browser_lets_its_scripts_run_and_nothing_else(page, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(page("sweep").source, encoding="utf-8")
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", f"file://{file}",
    ]  # fmt: skip
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert shown.count('type="range"') == 2
    assert 'id="chart-title"' in shown
    assert '<button type="button">' in shown
