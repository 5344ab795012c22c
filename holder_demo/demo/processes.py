"""Services as processes of our own: started, waited for, watched, and stopped by their id."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests

_OK = 200
_POLL = 0.1
_LOG_LINES = 20


class ServiceError(Exception):
    """A service did not start, died or did not stop; the text shows the end of its log."""


@dataclass
class Service:
    """One service: its command, the address that answers when it is up, and its log file."""

    name: str
    command: Sequence[str]
    health_url: str
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; it writes to the log file only."""
        if self.is_running():
            return
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  our own console scripts
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                # Ctrl-C is for the demo, which then stops its services in order.
                start_new_session=True,
            )

    def is_running(self) -> bool:
        """Tell whether the process was started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def wait_until_healthy(self, seconds: float = 60) -> None:
        """Wait for the health address to answer 200; ServiceError when it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.is_running():
                raise ServiceError(f"{self.name} ended at once:\n{self.last_lines()}")
            if _answers(self.health_url):
                return
            time.sleep(_POLL)
        raise ServiceError(f"{self.name} does not answer:\n{self.last_lines()}")

    def ask_to_stop(self) -> None:
        """Send the signal on which the process ends in good order."""
        if self.process is not None and self.is_running():
            self.process.send_signal(signal.SIGTERM)

    def wait_until_stopped(self, seconds: float = 15) -> None:
        """Wait for a process that was asked to stop; one that stays is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            # Its workers with it: the group was made by start_new_session.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(seconds)
        self.process = None

    def last_lines(self) -> str:
        """Give the end of the log."""
        if not self.log.is_file():
            return "(no log)"
        lines = self.log.read_text("utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-_LOG_LINES:])


def console_script(name: str) -> str:
    """Give the path of one of our own commands: beside the running Python."""
    script = Path(sys.executable).parent / name
    if not script.is_file():
        raise ServiceError(f"the command {name} is not installed beside {sys.executable}")
    return str(script)


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Run one of our commands to its end and give what it prints; ServiceError when it fails."""
    done = subprocess.run(  # noqa: S603  our own console scripts
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **(environment or {})},
        check=False,
    )
    if done.returncode:
        ended = f"{Path(command[0]).name} ended with {done.returncode}"
        raise ServiceError(f"{ended}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _answers(url: str) -> bool:
    session = requests.Session()
    session.trust_env = False
    try:
        answer = session.get(url, timeout=2, allow_redirects=False)
    except requests.RequestException:
        return False
    return answer.status_code == _OK
