"""A program that somebody else's libraries drive, spoken to line by line in JSON."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYTHON = ROOT / ".venv" / "interop" / "bin" / "python"
MODULES = HERE / "node_modules" / ".installed"
INSTALL = "tests/interop/install makes what the strangers are built from"


class RefusedError(Exception):
    """The peer refused; the text is what its libraries told."""


class Peer:
    """One running program; `call` waits for its answer."""

    def __init__(
        self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            command,
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, **(environment or {})},
        )

    @classmethod
    def start(cls, name: str, log: Path, environment: Mapping[str, str]) -> Self:
        """Start peers/NAME.mjs, or peers/NAME.py in the strangers' own environment."""
        assert MODULES.is_file(), INSTALL
        assert PYTHON.is_file(), INSTALL
        if (HERE / "peers" / f"{name}.mjs").is_file():
            return cls(["node", f"peers/{name}.mjs"], log, environment)
        return cls([str(PYTHON), "-I", f"peers/{name}.py"], log, environment)

    def call(self, name: str, **given: Any) -> Any:
        """Give the peer's result; RefusedError when its libraries refused."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = json.dumps({"call": name, **given})
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()
        answered = self._process.stdout.readline()
        assert answered, f"the peer ended; see {self._log.name}"
        answer = json.loads(answered)
        if "refused" in answer:
            raise RefusedError(answer["refused"])
        return answer["result"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process.stdout.close()
        self._log.close()
