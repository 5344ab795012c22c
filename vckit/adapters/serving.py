"""Running a service for the world: its process becomes gunicorn."""

import os
import sys
from pathlib import Path
from typing import Final, NoReturn

from vckit.adapters.settings import Service

# Slow senders and endless headers end here; a proxy in front keeps its own limits.
LIMITS: Final = (
    ("--timeout", "30"),
    ("--graceful-timeout", "30"),
    ("--keep-alive", "5"),
    ("--limit-request-line", "4094"),
    ("--limit-request-fields", "50"),
    ("--limit-request-field_size", "8190"),
    ("--log-level", "warning"),
)


def serve(application: str, service: Service, *, variable: str, path: Path) -> NoReturn:
    """Become gunicorn, which calls `application` ("package:function()") in each worker.

    The environment's `variable` tells the workers the file of the settings: `path`.
    """
    os.environ[variable] = str(path)
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket"]
    command += ["--bind", service.address, "--workers", str(service.workers)]
    command += [word for limit in LIMITS for word in limit]
    os.execv(sys.executable, [*command, application])  # noqa: S606  our own interpreter
