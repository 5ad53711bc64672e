"""The figures of an answer, drawn once, and put into a report where they belong."""

from __future__ import annotations

from typing import Any

from sim.pipeline.answers import Answer
from sim.report.figures import drawings
from sim.report.figures.style import style
from sim.report.html.page import Picture
from sim.report.html.svg import picture_of


class Drawn:
    """Figures of an answer by their stem; each is taken once."""

    def __init__(self, answer: Answer[Any]) -> None:
        with style():
            made = drawings(answer)
            self._left = {one.stem: picture_of(one, f"figure-{n}") for n, one in enumerate(made, start=1)}
        self.titles = tuple(picture.title for picture in self._left.values())

    def take(self, stem: str) -> tuple[Picture, ...]:
        """The figure of this stem, if there is one."""
        return (self._left.pop(stem),) if stem in self._left else ()

    def rest(self) -> tuple[Picture, ...]:
        """All that were not taken."""
        left = tuple(self._left.values())
        self._left.clear()
        return left
