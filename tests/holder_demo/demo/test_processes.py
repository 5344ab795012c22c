"""Services as processes."""

import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from holder_demo.demo import ports
from holder_demo.demo.processes import Service, ServiceError, console_script, run

SERVER = """
import http.server, sys, signal
print("begin", flush=True)
{extra}
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler)\
.serve_forever()
"""


@pytest.fixture
def make(tmp_path):
    services = []

    def made(extra="", code=SERVER):
        port = ports.any_free()["login"]
        service = Service(
            "proef",
            [sys.executable, "-c", code.format(extra=extra), str(port)],
            f"http://localhost:{port}/",
            tmp_path / "proef.log",
        )
        services.append(service)
        return service

    yield made
    for service in services:
        service.ask_to_stop()
        service.wait_until_stopped(1)


def living(group):
    """The processes of a group that still run; one that waits to be buried does not."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, process_group = path.read_text().rpartition(")")[2].split()[:3]
            if int(process_group) == group and state != "Z":
                found.append(path.parent.name)
    return found


def becomes(condition, seconds=10):
    """Whether something is true within some seconds."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def stop(service, seconds=10):
    service.ask_to_stop()
    service.wait_until_stopped(seconds)


def test_a_service_is_started_answers_and_is_stopped(make):
    service = make()
    assert not service.is_running()
    service.start()
    service.wait_until_healthy()
    assert service.is_running()
    assert "begin" in service.last_lines()
    stop(service)
    assert not service.is_running()


def test_starting_twice_is_one_process_and_stopping_twice_is_no_error(make):
    service = make()
    service.start()
    process = service.process
    service.start()
    assert service.process is process
    stop(service)
    stop(service)
    service.start()
    service.wait_until_healthy()


def test_one_that_ends_at_once_shows_its_log(make):
    service = make('sys.exit("the key is missing")')
    service.start()
    with pytest.raises(ServiceError, match="the key is missing"):
        service.wait_until_healthy()


def test_one_that_never_answers_is_told(make):
    service = make("import time; time.sleep(60)")
    service.start()
    with pytest.raises(ServiceError, match="does not answer"):
        service.wait_until_healthy(0.5)


def test_one_that_does_not_listen_to_the_signal_is_killed_with_its_workers(make):
    service = make(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "import os, time; os.fork() or time.sleep(60)"
    )
    service.start()
    group = service.process.pid
    assert becomes(lambda: len(living(group)) == 2)
    stop(service, 0.5)
    assert becomes(lambda: not living(group))


def test_a_service_without_a_log_says_so(make):
    assert make().last_lines() == "(no log)"


def test_a_command_gives_what_it_prints_or_why_it_failed():
    assert run([sys.executable, "-c", "print('é')"]) == "é\n"
    with pytest.raises(ServiceError, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])


def test_our_own_commands_stand_beside_python():
    assert console_script("blauweknop-holder").endswith("/blauweknop-holder")
    with pytest.raises(ServiceError, match="not installed"):
        console_script("blauweknop-nothing")
