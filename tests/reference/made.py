"""Episodes made up for tests."""

import datetime as dt

from sim.reference import Citation, Episode


def episode(
    killed: int = 1,
    answer: int = 0,
    days: int | None = None,
    avowed: bool = False,
    author: str = "partner",
    year: int = 2020,
) -> Episode:
    """Give an episode that says what is asked, and nothing else of note."""
    kinds = {0: (), 3: ("wave",), 4: ("iranian-unit",)}.get(answer, ("strike",))
    came = [avowed or (answer == 4 and days is not None and days <= n) for n in (14, 60)]
    return Episode(
        id=f"made-{year}", what="Made up.", date=dt.date(year, 1, 1), place="iraq", author=author, killed=killed,
        avowed=avowed, answer=answer, kinds=kinds, days=days, direct_14=came[0], direct_60=came[1], counted=True,
        uncertain="All.", sources=(Citation("None", "Nobody", "2020"),),
    )  # fmt: skip
