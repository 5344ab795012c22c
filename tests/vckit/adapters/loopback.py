"""Real servers on the loopback, as the other side of what the adapters do."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from vckit import x509
from vckit.keys import PrivateKey

NOW = int(time.time()) - 3600


@dataclass
class Call:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Loopback:
    """A server; `answer` writes the answer to the handler, `calls` is what arrived."""

    origin: str
    port: int
    calls: list[Call] = field(default_factory=list)
    connections: int = 0


Answer = Callable[[BaseHTTPRequestHandler], None]


def reply(
    status: int = 200, body: bytes = b"{}", media_type: str = "application/json", **headers: str
) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", media_type)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def serving(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Tests are silent."""

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self.body = self.rfile.read(length)
            loopback.calls.append(Call(self.command, self.path, dict(self.headers), self.body))
            answer(self)

        do_POST = do_GET  # noqa: N815  http.server's own name

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self):
            loopback.connections += 1
            return super().get_request()

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    scheme = "http"
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        scheme = "https"
    loopback = Loopback(f"{scheme}://localhost:{server.server_port}", server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def authority(folder: Path, name: str = "Test") -> tuple[PrivateKey, object, Path]:
    """A throw-away authority: its key, its certificate and the PEM file to trust it by."""
    key = PrivateKey.generate("ES256")
    certificate = x509.create_authority(name, key, now=NOW, days=2)
    path = folder / f"{name}.pem"
    path.write_bytes(x509.to_pem([certificate]))
    return key, certificate, path


def server_tls(folder: Path, issuer: tuple, *, dns: tuple[str, ...], now: int = NOW, days: int = 1):
    """A server's TLS settings with a certificate of `issuer`."""
    key = PrivateKey.generate("ES256")
    leaf = x509.create_leaf(
        "server",
        key.public,
        authority=issuer[1],
        authority_key=issuer[0],
        dns=dns,
        now=now,
        days=days,
    )
    (folder / "chain.pem").write_bytes(x509.to_pem([leaf]))
    (folder / "key.pem").write_bytes(key.to_pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    return context
