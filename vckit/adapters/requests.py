"""The only way out: `vckit.network.Fetcher` on requests, guarded by microsoft-antissrf.

Budgets and refusals: security.md rows W01, W02, W04, W08, W11, W19 and "Resource budgets".
Each fetch is a session of its own, so no cookie or connection is carried from one to another.
"""

import io
import json as json_module
import socket
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlencode, urljoin

import requests
from AntiSSRF import AntiSSRFError, AntiSSRFPolicy, PolicyConfigOptions
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from vckit.adapters import addresses
from vckit.errors import FetchError
from vckit.network import Response

CONNECT_SECONDS: Final = 2.0
TOTAL_SECONDS: Final = 5.0
USER_AGENT: Final = "blauwe-knop"
HTTP_OK: Final = 200
MAX_TRANSPORT_BYTES: Final = 262_144
KEPT_HEADERS: Final = ("Accept", "Authorization", "Content-Type")
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# IPv4-compatible addresses (RFC 4291 2.5.5.1, deprecated) are not in the library's ranges.
MORE_DENIED: Final = ["::/96"]


class RequestsFetcher:
    """Fetches https from public addresses only, within the budgets.

    `insecure_origins` are exact origins ("http://localhost:8101") that are excepted from the
    scheme and address rules: for a demo and for tests. `trusted_certificates` is a PEM file of
    authorities in the place of the public ones.
    """

    def __init__(
        self,
        insecure_origins: Collection[str] = (),
        trusted_certificates: Path | None = None,
    ) -> None:
        self._insecure_origins = frozenset(insecure_origins)
        self._authorities = str(trusted_certificates) if trusted_certificates else True

    def get(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int,
        redirects: int = 0,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Fetch `url`; anything but 200 within the limits raises FetchError."""
        if headers and redirects:
            raise ValueError("a secret goes to the address that it is for, and to no other")
        sent = {"Accept": accept, **(headers or {})}
        exchange = _Exchange("GET", url, sent, None, max_bytes, redirects)
        response = self._run(exchange)
        if response.status != HTTP_OK:
            raise FetchError("the answer is not 200")
        return response

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
        """See `Fetcher`."""
        body, media_type = _body(form, json, content)
        sent = {"Accept": "application/json", **media_type, **(headers or {})}
        return self._run(_Exchange("POST", url, sent, body, max_bytes, 0))

    def origin_of(self, url: str) -> str:
        """Give the origin of a URL that may be asked or shown; FetchError for any other."""
        return addresses.require_allowed(url, self._insecure_origins)

    def transport(self) -> BaseAdapter:
        """For a library that insists on a requests session: mount it for http and https."""
        return _Transport(self)

    def _run(self, exchange: "_Exchange") -> Response:
        """Wait for the exchange at most five seconds; then cut its connection."""
        worker = threading.Thread(target=exchange.run, args=(self._hop,), daemon=True)
        worker.start()
        worker.join(TOTAL_SECONDS)
        if worker.is_alive():
            exchange.cut()
            raise FetchError("there was no complete answer in time")
        if exchange.fault is not None:
            raise exchange.fault
        if exchange.response is None:
            raise FetchError(exchange.failure)
        return exchange.response

    def _hop(self, exchange: "_Exchange", url: str) -> tuple[Response, str]:
        """One request; gives the answer and the `Location` of a redirect, or ""."""
        origin = addresses.require_allowed(url, self._insecure_origins)
        _active.exchange = exchange
        exchange.authority = origin.partition("://")[2]
        with self._session(origin) as session:
            answer = session.request(
                exchange.method,
                url,
                headers=exchange.headers,
                data=exchange.body,
                timeout=CONNECT_SECONDS,
                allow_redirects=False,
                stream=True,
                verify=self._authorities,
            )
            return _read(answer, exchange.max_bytes)

    def _session(self, origin: str) -> requests.Session:
        session = requests.Session() if origin in self._insecure_origins else _guarded_session()
        session.trust_env = False
        session.headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        for adapter in session.adapters.values():
            cast("HTTPAdapter", adapter).poolmanager.pool_classes_by_scheme = _POOLS
        return session


class _Transport(BaseAdapter):
    """Sends what another library prepared, within the limits; redirects are not followed."""

    def __init__(self, fetcher: RequestsFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        """Give the answer, or raise FetchError."""
        headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
        body = request.body.encode() if isinstance(request.body, str) else request.body
        exchange = _Exchange(
            request.method or "GET", request.url or "", headers, body, MAX_TRANSPORT_BYTES, 0
        )
        found = self._fetcher._run(exchange)  # noqa: SLF001  two classes of one module
        response = requests.Response()
        response.status_code, response.raw = found.status, io.BytesIO(found.body)
        response.headers["Content-Type"] = found.media_type
        response.url, response.request = exchange.url, request
        return response

    def close(self) -> None:
        """Nothing stays open between two requests."""


@dataclass
class _Exchange:
    """One fetch with its redirects; lives in a worker thread, so that it can be given up."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    max_bytes: int
    redirects: int
    authority: str = ""
    response: Response | None = None
    failure: str = "there was no answer"
    fault: Exception | None = None
    _given_up: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sockets: list[socket.socket] = field(default_factory=list)

    def run(self, hop: Callable[["_Exchange", str], tuple[Response, str]]) -> None:
        """Do all hops; what goes wrong becomes a fixed sentence."""
        try:
            self.response = self._follow(hop)
        except FetchError as error:
            self.failure = str(error)
        except AntiSSRFError:
            self.failure = "the address is not public"
        except (requests.RequestException, HTTPError, OSError, ValueError):
            self.failure = "there was no valid answer"
        except Exception as error:  # noqa: BLE001  raised again in the thread that asked
            self.fault = error
        finally:
            self.cut()

    def _follow(self, hop: Callable[["_Exchange", str], tuple[Response, str]]) -> Response:
        url = self.url
        response, location = hop(self, url)
        for _ in range(self.redirects):
            if not location:
                break
            target = urljoin(url, location)
            addresses.require_safe_step(url, target)
            url = target
            response, location = hop(self, url)
        return response

    def guard(self, connected: socket.socket) -> None:
        """Keep a second handle on the connection: the first one goes into TLS."""
        with self._lock:
            if self._given_up:
                connected.close()
                raise FetchError("there was no complete answer in time")
            self._sockets.append(connected.dup())

    def cut(self) -> None:
        """End every connection; a read that waits in the worker returns at once."""
        with self._lock:
            self._given_up = True
            for handle in self._sockets:
                with suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)
                handle.close()
            self._sockets.clear()


class _Active(threading.local):
    exchange: _Exchange


_active: Final = _Active()


class _HttpConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        _active.exchange.guard(connected)
        return connected

    def putheader(self, header: str, *values: str) -> None:  # type: ignore[override]  # urllib3 names no types for it
        super().putheader(header, *_with_port(header, values))


class _HttpsConnection(_HttpConnection, HTTPSConnection):
    """The same under TLS."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


_POOLS: Final = {"http": _HttpPool, "https": _HttpsPool}


def _with_port(header: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """The library names the host without its port (RFC 9110 7.2 wants the port)."""
    return (_active.exchange.authority,) if header.lower() == "host" else values


def _guarded_session() -> requests.Session:
    policy = AntiSSRFPolicy(PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
    policy.add_denied_addresses(MORE_DENIED)
    policy.add_xff_header = False
    session: requests.Session = policy.get_antissrf_session()
    return session


def _read(answer: requests.Response, max_bytes: int) -> tuple[Response, str]:
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FetchError("the answer is compressed, which was not asked for")
    body = b""
    # Until nothing comes: only then does urllib3 tell that the body broke off.
    while piece := answer.raw.read(max_bytes + 1 - len(body), decode_content=False):
        body += piece
        if len(body) > max_bytes:
            raise FetchError("the answer is too large")
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    location = answer.headers.get("Location", "") if answer.status_code in REDIRECTS else ""
    return Response(answer.status_code, body, media_type), location


def _body(
    form: Mapping[str, str] | None, json: object, content: bytes | None
) -> tuple[bytes | None, dict[str, str]]:
    if sum(given is not None for given in (form, json, content)) > 1:
        raise ValueError("a request has one body")
    if form is not None:
        return urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    if json is not None:
        text = json_module.dumps(json, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode(), {"Content-Type": "application/json"}
    return content, {}
