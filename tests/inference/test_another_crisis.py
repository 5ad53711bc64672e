"""Another crisis is fitted to a record of its own alone, and every question that fits says so in a line."""

import pytest

from tests.cli.commands import one_error
from tests.scenario.upland import upland_text

FITTED = "is of another crisis, from 2031-10-17 to 2032-07-31: fitting it takes a record of that crisis"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("calibrate", FITTED),
        ("forecast", FITTED),
        ("validate", FITTED),
        ("rivals", "is of another crisis: rivals are weighed by the articles' record"),
    ],
)
def test_the_articles_record_is_not_for_another_crisis(spiral, here, command, told):
    text = upland_text()
    for year, later in ((2024, 2032), (2023, 2031)):
        text = text.replace(f"{year}-", f"{later}-")
    (here / "upland-crisis.yaml").write_text(text)
    assert told in one_error(spiral(command, "upland-crisis.yaml")[2])
    assert not (here / "results").exists()
