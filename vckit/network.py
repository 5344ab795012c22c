"""What the kit needs of a network. The only implementation is `vckit.adapters.requests`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Response:
    """An answer: HTTP status, body and media type in lower case without parameters."""

    status: int
    body: bytes
    media_type: str


class Fetcher(Protocol):
    """Outgoing requests within the budgets: 2 s to connect, 5 s in all, no redirects."""

    def get(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int,
        redirects: int = 0,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Fetch `url`; anything but 200 within the limits raises FetchError.

        With `headers`, which may hold a secret, no redirect is followed.
        """
        ...

    def post(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 1_048_576,
    ) -> Response:
        """Send a form, JSON, or `content` byte for byte, whose media type stands in `headers`.

        Every HTTP status is an answer; no answer raises FetchError.
        """
        ...
