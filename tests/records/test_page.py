"""The guide shows what the command prints of the list and the map that it shows."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "make-a-record-from-events.md"


def test_what_the_guide_shows_is_what_is_printed(tmp_path, monkeypatch, capsys):
    from sim.cli.main import cli

    fences = dict(
        reversed(re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S))
    )
    monkeypatch.chdir(tmp_path)
    Path("events.csv").write_text(fences["csv"])
    Path("map.yaml").write_text(fences["yaml"])
    words = ["record", "from-csv", "events.csv", "--map", "map.yaml", "--start", "2023-10-17"]
    assert cli.main(words, prog_name="spiral") == 0
    assert capsys.readouterr().out == fences["text"]
