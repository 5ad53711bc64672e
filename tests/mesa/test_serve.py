"""The viewer's server answers its own pages alone, and says in one line what it cannot do."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("solara")

from sim.errors import BAD_INPUT, FAILED
from sim.mesa.serve import main, own_pages_only

PORT = 8765


def answer(kind: str, **headers: str) -> list[str]:
    """What is sent to a request, or that the application behind got it."""
    sent = []

    async def behind(scope, receive, send):
        sent.append("passed")

    async def send(message):
        sent.append(f"{message['type']} {message.get('status', message.get('code', ''))}".strip())

    async def receive():
        return {"type": f"{kind}.connect"}

    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": "/", "scheme": kind, "method": "GET", "headers": given}
    with ThreadPoolExecutor(1) as apart:  # a browser of another test may have a loop running in this thread
        apart.submit(asyncio.run, own_pages_only(behind, PORT)(scope, receive, send)).result()
    return sent


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_own_pages_pass(host):
    assert answer("http", host=f"{host}:{PORT}") == ["passed"]
    assert answer("websocket", host=f"{host}:{PORT}", origin=f"http://{host}:{PORT}") == ["passed"]


@pytest.mark.parametrize(
    "origin", ["http://example.org", "http://127.0.0.1:8766", "https://127.0.0.1:8765", "null"]
)
def test_pages_of_other_origins_do_not(origin):
    assert answer("websocket", host=f"127.0.0.1:{PORT}", origin=origin) == ["websocket.close 1008"]
    assert answer("websocket", host=f"127.0.0.1:{PORT}") == ["websocket.close 1008"]


def test_other_names_of_the_machine_do_not():
    assert answer("http", host="example.org")[0] == "http.response.start 400"


def test_a_port_that_is_taken_is_said_in_one_line(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit) as ended:
        main(["--port", str(taken.getsockname()[1])])
    assert ended.value.code == FAILED
    said = capsys.readouterr().err
    assert said.startswith("spiral: --port ")
    assert said.count("\n") == 1


def test_a_scenario_that_is_none_is_said_in_one_line(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["octobre-2023", "--port", "0"])
    assert ended.value.code == BAD_INPUT
    assert "did you mean 'october-2023'" in capsys.readouterr().err
