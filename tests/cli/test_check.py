"""What `spiral check` tells of a scenario's inheritance."""

import pytest

from tests.cli.commands import one_error

LOST = """
extends: tower-22
question: What if Baghdad presses too?
interventions:
  - {date: 2024-02-01, actor: iraq, action: press}
"""


def lines(out: str) -> list[str]:
    return [line.strip() for line in out.splitlines()]


def test_check_lists_every_difference_with_unit_and_basis(spiral):
    code, out, err = spiral("check", "decisive-doctrine")
    assert (code, err) == (0, "")
    assert "2 differences from october-2023:" in lines(out)
    before = "before: prior N(0, 0.5), 90% from -0.822 to 0.822"
    assert f"us.readiness: 2 logits (set here); {before}" in lines(out)
    assert f"us.ceiling: 1 logits (set here); {before}" in lines(out)
    out = spiral("check", "withdrawal")[1]
    assert "5 differences from july-2024:" in lines(out)
    assert (
        "timeline.troops.2025-01-12: 0.13 (assumed: withdrawal-leaves-advisers, withdrawal-negotiations)"
        in lines(out)
    )


def test_check_of_a_scenario_that_inherits_nothing_tells_of_no_difference(spiral):
    out = spiral("check", "october-2023")[1]
    assert "difference" not in out
    assert "REPLACED" not in out


def test_check_says_what_a_list_replaces(spiral, here):
    (here / "lost.yaml").write_text(LOST)
    out = lines(spiral("check", "lost.yaml")[1])
    assert "interventions.2024-01-28 kataib-hizbollah: gone; before: attack (site tower-22, killed 3)" in out
    assert any(
        line.startswith("REPLACED: interventions, now 1, was 1 entry: a list takes the place") for line in out
    )
    assert (
        "NOT IMPOSED, unlike in tower-22: 28 Jan 2024: kataib-hizbollah attack (site tower-22, killed 3)"
        in out
    )
    out = lines(spiral("check", "hizbollah-war")[1])
    assert any(line.startswith("REPLACED: timeline.lebanon.knots") for line in out)
    assert not any(line.startswith("NOT IMPOSED") for line in out)


def test_check_tells_settings_apart_from_the_parent(spiral):
    out = lines(spiral("check", "tower-22", "--set", "end=2024-03-31", "--set", "us.readiness=1")[1])
    place = out.index("2 differences from tower-22 as it stands:")
    assert out[place + 1 : place + 3] == [
        "end: 2024-03-31 (set here); before: 2024-07-31",
        "us.readiness: 1 logits (set here); before: prior N(0, 0.5), 90% from -0.822 to 0.822",
    ]
    assert "10 differences from october-2023:" in out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reference_class: {class: all}", "us.level_4_base: prior N(-1.95, 0.899)"),
        ("ladder: {war_days: 10}", "ladder.war_days: 10 days (set here); before: 30"),
        ("headline: reciprocal", "headline: reciprocal (set here); before: direct"),
        ("random_seed: 5", "random_seed: 5 (set here); before: 20231017"),
    ],
)
def test_check_tells_differences_of_every_kind(spiral, here, text, expected):
    (here / "mine.yaml").write_text(f"extends: october-2023\nquestion: What if?\n{text}\n")
    out = spiral("check", "mine.yaml")[1]
    assert expected in out
    assert "own range" not in out


def test_check_refuses_a_scenario_whose_parent_is_wrong(spiral, here):
    (here / "mine.yaml").write_text("extends: other\n")
    (here / "other.yaml").write_text("extends: october-2023\nruns: none\n")
    code, out, err = spiral("check", "mine.yaml")
    assert (code, out) == (2, "")
    assert "other.yaml:2:7: runs = 'none'" in one_error(err)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("actors: {us: {title: Rome}}", "actors.us.title: Rome (set here)"),
        (
            "countries: {iraq: {title: Mesopotamia}}",
            "countries.iraq.title: Mesopotamia (set here); before: Iraq",
        ),
        ("drivers: {gaza: {short: the war}}", "drivers.gaza.short: the war (set here); before: Gaza war"),
        ("caution: Made up.", "caution: Made up. (set here); before: A game."),
        ("caution: null", "caution: gone; before: A game."),
    ],
)
def test_check_lists_what_is_said_otherwise_to_people(spiral, here, text, told):
    (here / "game.yaml").write_text("extends: october-2023\nquestion: Is this a game?\ncaution: A game.\n")
    (here / "other.yaml").write_text(f"extends: game\nquestion: Is it told?\n{text}\n")
    out = lines(spiral("check", "other.yaml")[1])
    assert out[out.index("1 difference from game:") + 1] == told


def test_check_lists_a_caution_that_is_set(spiral):
    out = lines(spiral("check", "october-2023", "--set", "caution=A game")[1])
    assert out[out.index("1 difference from october-2023 as it stands:") + 1] == "caution: A game (set here)"


def test_check_names_a_neighbour_without_a_site(spiral):
    moved = ("--set", "sites.tower-22.country=syria")
    assert "NO SITE: jordan, a neighbour; no attack can fall there" in lines(
        spiral("check", "october-2023", *moved)[1]
    )
    assert "NO SITE" not in spiral("check", "october-2023")[1]
