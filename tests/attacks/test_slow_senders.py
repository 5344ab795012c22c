"""Row V29, without the proxy that docs/operating.md asks for: who sends slowly is ended.

A world of its own: gunicorn notes in its log whom it ends, and other attacks read that log.
"""

import shutil
import socket
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from holder_demo.demo.world import World
from tests.attacks.counsellor import Counsellor, respond
from tests.attacks.exchange import send

pytestmark = pytest.mark.services

LIMIT = 30
# Gunicorn looks once a second, and a worker that it ends is made anew.
LATER = 10
OPEN = 400


@pytest.fixture(scope="module")
def world():
    folder = Path(tempfile.mkdtemp(prefix="blauweknop-slow-"))
    with World.create(folder, import_data=False) as made:
        yield made.start("login", "verifier")
    shutil.rmtree(folder)


@pytest.fixture
def asked(world):
    return Counsellor(world).open(world.residents[0]).ask()


class Slow(threading.Thread):
    """Sends a form one byte a second; `seconds` is when the service had enough."""

    def __init__(self, port, path):
        super().__init__(daemon=True)
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=LIMIT)
        self.head = f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 5000\r\n"
        self.head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        self.seconds = None

    def run(self):
        begun = time.monotonic()
        try:
            self.connection.sendall(self.head.encode())
            while time.monotonic() < begun + LIMIT + LATER:
                self.connection.sendall(b"a")
                time.sleep(1)
        except OSError:
            self.seconds = time.monotonic() - begun
        finally:
            self.connection.close()


@contextmanager
def idle(port, many):
    """So many connections on which nobody says a word."""
    with ExitStack() as stack:
        for _ in range(many):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=LIMIT))
        yield


def test_V29_who_sends_a_byte_a_second_is_ended_and_others_are_served(world, asked):
    port, path = world.ports["verifier"], asked.response_uri.partition("/openid4vp")[2]
    slow = Slow(port, f"/openid4vp{path}")
    slow.start()
    time.sleep(1)
    times = []
    while slow.is_alive():
        answer = send("GET", f"{world.url('verifier')}/healthz")
        assert answer.status == 200
        times.append(answer.seconds)
        time.sleep(0.5)
    assert slow.seconds is not None
    assert LIMIT / 2 < slow.seconds < LIMIT + LATER
    assert sorted(times)[len(times) // 2] < 1
    # The question that was answered so slowly was not answered, and may be.
    assert respond(asked, "geen presentatie").status == 400


def test_V29_after_many_idle_connections_the_service_is_there(world):
    with idle(world.ports["verifier"], OPEN):
        time.sleep(1)
    begun = time.monotonic()
    assert send("GET", f"{world.url('verifier')}/healthz").status == 200
    assert time.monotonic() - begun < LIMIT
