"""What a page says of the pinned setting, and of what the present one changes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.dashboard.told import change_text

if TYPE_CHECKING:
    from sim.dashboard.course import Course
    from sim.dashboard.setting import Setting


def called(setting: Setting) -> str:
    """What a pinned setting is called: its scenario, and what was set in it."""
    return ", ".join((setting.scenario, *setting.changes))


def pin_items(pinned: Setting | None) -> list[dict[str, Any]]:
    """What can be done about pinning: first to pin, then to go back, then, where one is pinned, to let it go."""
    if pinned is None:
        back = {"text": "Undo all that is set", "label": "Reset", "choices": []}
        return [{"text": "Hold what follows against this setting", "label": "Pin", "choices": []}, back]
    return [
        {"text": "Hold what follows against this setting instead", "label": "Pin", "choices": []},
        {"text": f"Pinned: {called(pinned)}", "label": "Go back", "choices": []},
        {"text": "Hold it against nothing", "label": "Unpin", "choices": []},
    ]


def change_against(pinned: Course | None, course: Course) -> str:
    """What a setting changes of the pinned one, with the same runs and the same luck; nothing where none is."""
    if pinned is None or pinned is course or pinned.told is None:
        return ""
    if course.scenario.headline != pinned.scenario.headline or course.parameters != pinned.parameters:
        return "it asks another question, or its parameters come from elsewhere"
    if (course.scenario.start, course.scenario.end) != (pinned.scenario.start, pinned.scenario.end):
        return "it is of other days, so that the two are not held against each other"
    drawn = course.parameters != "default"
    return change_text(course.rows(), pinned.rows(), course.scenario.headline, drawn)
