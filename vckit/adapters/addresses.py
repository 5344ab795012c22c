"""Which URLs may be asked, judged before any look-up of a name (security.md W01, W04, W07)."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from vckit.errors import FetchError

MAX_URL: Final = 2_048
MAX_HOST: Final = 253  # RFC 1035 2.3.4
MAX_PORT: Final = 65_535

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_ENDS_IN_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_URL: Final = re.compile(r"[\x21-\x7e]+")
_FORBIDDEN: Final = re.compile(r'[\\<>"^`{|}#]')


def require_allowed(url: str, insecure_origins: Collection[str]) -> str:
    """Give the origin of a URL that may be fetched: https, or exactly an excepted origin.

    Raises FetchError for user information, an address in the place of a name, another scheme.
    """
    if len(url) > MAX_URL or not _URL.fullmatch(url) or _FORBIDDEN.search(url):
        raise FetchError("the address is not a URL")
    scheme, authority = _split(url)
    origin = f"{scheme}://{authority}"
    if origin in insecure_origins:
        return origin
    if scheme != "https":
        raise FetchError("the address is not https")
    host, colon, port = authority.partition(":")
    _require_name(host)
    if colon and not (_PORT.fullmatch(port) and int(port) <= MAX_PORT):
        raise FetchError("the address has no valid port")
    return origin


def require_safe_step(url: str, target: str) -> None:
    """A redirect leads to https, or stays at its own excepted origin."""
    if _split(target)[0] != "https" and _split(url) != _split(target):
        raise FetchError("the redirect leads to an insecure address")


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise FetchError("the address is not a URL") from None
    if "@" in parts.netloc:
        raise FetchError("the address names a user")
    return parts.scheme, parts.netloc


def _require_name(host: str) -> None:
    """A name of at least two labels in lower case; no address in any notation (WHATWG URL 3.5)."""
    if len(host) > MAX_HOST or not _HOST.fullmatch(host):
        raise FetchError("the address has no plain host name")
    if _ENDS_IN_NUMBER.fullmatch(host.rpartition(".")[2]):
        raise FetchError("the address is a number, not a name")
