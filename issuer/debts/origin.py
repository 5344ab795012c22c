"""Where a delivery comes from: a file that was handed over, or a running system at an address."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vckit.errors import ConfigurationError
from vckit.network import Fetcher


def _no_secret() -> str:
    return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Either `path`, or `address` (a URL without a password in it) with the secret that opens it.

    `secret` reads the file that holds it, and gives "" where none is named; it is called only
    when it is needed and its answer is never kept. `fetcher` is how http is spoken.
    """

    path: Path | None = None
    address: str | None = None
    secret: Callable[[], str] = _no_secret
    fetcher: Fetcher | None = None

    def required_path(self) -> Path:
        """The file; ConfigurationError when there is none."""
        if self.path is None:
            raise ConfigurationError("the source is a file that is handed over: name the file")
        return self.path

    def required_address(self) -> str:
        """The address; ConfigurationError when the configuration names none."""
        if self.address is None:
            raise ConfigurationError("the source is asked at an address: set its address")
        return self.address

    def required_fetcher(self) -> Fetcher:
        """How http is spoken; ConfigurationError where nobody handed it in."""
        if self.fetcher is None:
            raise ConfigurationError("the source is asked by http, which is not possible here")
        return self.fetcher
