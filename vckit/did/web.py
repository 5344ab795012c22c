"""The method did:web: where the document of a host lies, judged before any look-up of the name.

Every spelling but one is refused (security.md W01, W05, W07), so that DIDs are compared with the
scheme octet for octet.
"""

import re
from collections.abc import Collection
from typing import Final

from vckit.did import url
from vckit.errors import ConfigurationError, InvalidVerificationMethodUrlError

METHOD: Final = "web"
PREFIX: Final = f"did:{METHOD}:"
MAX_HOST: Final = 253  # RFC 1035 2.3.4
MAX_PORT: Final = 65_535

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
# WHATWG URL 3.5: a name whose last label is a number is an IPv4 address, in whatever notation.
_ADDRESS: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9._-]+")
_DOTS: Final = frozenset({".", ".."})
_BASE: Final = re.compile(r"https?://([^/:]+)(?::([0-9]+))?((?:/[^/]+)*)/?")


def of(base_url: str) -> str:
    """Give the DID of a service, e.g. "https://a.example/b" → "did:web:a.example:b".

    A URL that no did:web can stand for raises ConfigurationError.
    """
    found = _BASE.fullmatch(base_url)
    if found is None:
        raise ConfigurationError("A did:web is made of a base URL only.")
    host, port, path = found.groups()
    did = PREFIX + host + (f"%3A{port}" if port else "") + path.replace("/", ":")
    try:
        _locate(did)
    except InvalidVerificationMethodUrlError:
        raise ConfigurationError("The base URL has no form as did:web.") from None
    return did


def document_url(did: str, insecure_origins: Collection[str] = ()) -> str:
    """Give the URL of the document: https, or under exactly one of the excepted origins.

    Raises InvalidVerificationMethodUrlError for an address in the place of a name, for any
    escape but that of the port's colon, for upper case and for path steps.
    """
    host, authority, path = _locate(did)
    for origin in (f"https://{authority}", f"http://{authority}"):
        if origin in insecure_origins:
            return origin + path
    if "." not in host:
        raise InvalidVerificationMethodUrlError("The did:web names no public host.")
    return f"https://{authority}{path}"


def _locate(did: str) -> tuple[str, str, str]:
    """Give host, authority and path (did:web 2.5.2)."""
    if url.method(did) != METHOD:
        raise InvalidVerificationMethodUrlError("This is no did:web.")
    first, *segments = did.removeprefix(PREFIX).split(":")
    host, escaped, port = first.partition("%3A")
    _check_host(host)
    if escaped and not (_PORT.fullmatch(port) and int(port) <= MAX_PORT):
        raise InvalidVerificationMethodUrlError("The did:web has no valid port.")
    if not all(_SEGMENT.fullmatch(one) and one not in _DOTS for one in segments):
        raise InvalidVerificationMethodUrlError("The path of the did:web is not plain.")
    folder = "/".join(segments or [".well-known"])
    return host, f"{host}:{port}" if port else host, f"/{folder}/did.json"


def _check_host(host: str) -> None:
    """did:web 2.1: a domain name, never an IP address."""
    if len(host) > MAX_HOST or not _HOST.fullmatch(host):
        raise InvalidVerificationMethodUrlError("The did:web has no plain host name.")
    if _ADDRESS.fullmatch(host):
        raise InvalidVerificationMethodUrlError("The did:web names an address.")
