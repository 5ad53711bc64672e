"""Texts that are not ours are text on the page, whatever they hold."""

import re

import pytest

from sim.dashboard.setting import Setting
from sim.dashboard.views import lives_view, paragraph, question_view, table
from sim.scenario import load_scenario

HOSTILE = (
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'=cmd|' /C calc'!A0",
    "\ud800 half",
    "\x1b[31mred\x07\x00",
    "x" * 10_000,
    "$\\frac{",
)
TAGS = r"<(?!/?(p|div|table|thead|tbody|tr|th|td|caption|span)\b)"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_text(hostile: str) -> None:
    made = [
        paragraph(hostile),
        table((hostile, "b"), [(hostile, hostile)], hostile),
        lives_view(hostile, [(hostile, [hostile], [])], hostile),
        question_view(load_scenario("october-2023").model_copy(update={"question": hostile})),
    ]
    for view in made:
        assert not re.search(TAGS, view), view[:200]
        assert " onload=alert" not in re.sub(r"&lt;[^<]*", "", view)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", view)
        assert len(view) < 8_000
        view.encode()


def test_what_is_set_is_told_as_the_command_line_has_it() -> None:
    setting = Setting("october-2023").with_values({"us.readiness": 1.0, "iran.supply": 0.25})
    assert setting.changes == ["iran.supply=0.25", "us.readiness=1"]
