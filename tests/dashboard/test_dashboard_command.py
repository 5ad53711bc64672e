"""The command: lazily loaded, bound to this machine, refusing in one line what it cannot use."""

import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from sim.dashboard.levers import SHOWN, levers_of
from sim.dashboard.server import origins_of
from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.simulate.job import make_job
from tests.cli.commands import one_error

Spiral = Callable[..., tuple[int, str, str]]


def test_without_the_extra_it_says_how_to_install_it(spiral: Spiral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.dashboard.extra.find_spec", lambda _: None)
    code, _, err = spiral("dashboard")
    assert code == 1
    assert one_error(err).endswith("pip install 'spiral-sim[dashboard]'")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("octobr-2023",), "did you mean 'october-2023'?"),
        (("october-2023", "--allow-origin", "*"), "is not of the form HOST:PORT"),
        (("october-2023", "--allow-origin", "http://example.org"), "is not of the form HOST:PORT"),
        (("october-2023", "--set", "us.readines=1"), "did you mean 'readiness'?"),
        (("october-2023", "--runs", "3"), "3 is not in the range"),
        (("october-2023", "--port", "0"), "0 is not in the range"),
    ],
)
def test_bad_input_is_refused_in_one_line(spiral: Spiral, words: tuple[str, ...], told: str) -> None:
    code, out, err = spiral("dashboard", *words)
    assert (code, out) == (2, "")
    assert told in one_error(err)


def test_a_port_that_is_taken_is_told(spiral: Spiral) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = spiral("dashboard", "--port", str(port), "--runs", "25", "--set", "end=2023-10-27")
    assert code == 1
    assert f"--port {port}: cannot be listened on at 127.0.0.1" in one_error(err)


def test_only_pages_of_its_own_may_talk_to_it() -> None:
    assert origins_of("127.0.0.1", 5006) == ["127.0.0.1:5006", "localhost:5006"]
    assert origins_of("10.0.0.7", 80, ("proxy.example:443",)) == ["10.0.0.7:80", "proxy.example:443"]


def test_other_commands_load_nothing_of_it() -> None:
    code = (
        "import sys; from sim.cli.main import cli; cli.main(['check', 'october-2023']);"
        "assert not {'panel', 'bokeh', 'sim.dashboard'} & set(sys.modules), 'loaded'"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_every_parameter_is_a_lever_with_all_that_is_known_of_it() -> None:
    scenario = load_scenario("october-2023", ["us.readiness=5"])
    levers = {one["name"]: one for one in levers_of(scenario, make_job(scenario, "posterior"))}
    assert set(levers) == set(REGISTRY)
    assert [name for name, one in levers.items() if one["shown"]] == [n for n in levers if n in SHOWN]
    for name, one in levers.items():
        assert one["least"] <= one["low"] <= one["usual"] <= one["high"] <= one["greatest"], name
        assert one["sources"], name
        assert one["step"] > 0
    assert levers["us.readiness"]["usual"] == levers["us.readiness"]["high"] == 5.0
    assert levers["us.ceiling"]["stands"].startswith("fitted to the record: 90% from ")
