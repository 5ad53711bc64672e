"""The site of the documentation: built without a warning, of all pages and rules, to be read without a network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.core import rules

ROOT = Path(__file__).resolve().parents[1]
FROM_ELSEWHERE = re.compile(
    r"<(?:script|img|iframe|link(?=[^>]*stylesheet))[^>]*(?:src|href)=\"(?:https?:)?//"
)

pytestmark = pytest.mark.verification


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    words = ["-q", "-W", "--keep-going", "-b", "html", "-c", "docs/site", ".", str(out)]
    made = subprocess.run([sys.executable, "-m", "sphinx", *words], cwd=ROOT, capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")
    return out


def test_every_page_of_docs_is_there_and_asks_for_nothing_from_elsewhere(site: Path) -> None:
    pages = {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")}
    written = {path.relative_to(ROOT).with_suffix("").as_posix() for path in ROOT.glob("docs/**/*.md")}
    assert written - pages == set()
    asking = [path.name for path in site.rglob("*.html") if FROM_ELSEWHERE.search(path.read_text())]
    assert asking == []


def test_every_rule_is_told_and_found(site: Path) -> None:
    told = (site / "docs" / "site" / "rules.html").read_text()
    sources = sorted(Path(rules.__path__[0]).glob("*.py"))
    names = [
        name for path in sources for name in re.findall(r"^@rule\ndef (\w+)", path.read_text(), re.MULTILINE)
    ]
    assert len(names) > 40
    assert [name for name in names if f'<span class="pre">{name}</span>' not in told] == []
    assert "docs/site/rules" in (site / "searchindex.js").read_text()
