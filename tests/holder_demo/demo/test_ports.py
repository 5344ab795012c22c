"""The ports of the demo."""

import socket

import pytest

from holder_demo.demo import ports


@pytest.fixture
def taken():
    """A port on which somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_with_a_listener_is_not_free(taken):
    assert not ports.is_free(taken)


def test_the_usual_ports_are_taken_when_they_are_free(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda _port: True)
    assert ports.usual_or_next() == ports.USUAL


def test_a_taken_port_is_replaced_by_the_next_that_nobody_has(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda port: port not in {8101, 8103})
    chosen = ports.usual_or_next()
    assert chosen["boxtel"] == 8104
    assert {name: port for name, port in chosen.items() if name != "boxtel"} == {
        name: port for name, port in ports.USUAL.items() if name != "boxtel"
    }


def test_when_no_port_is_free_it_is_told(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda _port: False)
    with pytest.raises(OSError, match="no port is free"):
        ports.usual_or_next()


def test_any_free_ports_are_free_and_different():
    chosen = ports.any_free()
    assert set(chosen) == set(ports.SERVICES)
    assert len(set(chosen.values())) == len(chosen)
    assert all(ports.is_free(port) for port in chosen.values())
