"""A service under gunicorn: its address, its workers and its limits."""

import os
import sys
from types import SimpleNamespace

from vckit.adapters.serving import LIMITS, serve

SERVICE = SimpleNamespace(address="127.0.0.1:8101", workers=3)


def test_the_process_becomes_gunicorn(monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr("os.execv", lambda *command: started.append(command))
    monkeypatch.setenv("PROEF_CONFIG", "")
    serve("proef:application()", SERVICE, variable="PROEF_CONFIG", path=tmp_path / "proef.toml")
    [(program, command)] = started
    assert program == sys.executable
    assert command[1:3] == ["-m", "gunicorn"]
    assert command[command.index("--bind") + 1] == "127.0.0.1:8101"
    assert command[command.index("--workers") + 1] == "3"
    assert command[-1] == "proef:application()"
    assert all(command[command.index(name) + 1] == value for name, value in LIMITS)
    assert os.environ["PROEF_CONFIG"] == str(tmp_path / "proef.toml")
