"""All the network that didkit's child has: one DID document, served by itself on loopback.

didkit resolves did:web with an HTTP client of its own that no guard of ours reaches. That client
obeys the proxy variables, so the child is its own proxy: it answers for the one place where the
document of the one DID lives, with the document that we resolved, and refuses everything else.
For https it plays that host with a certificate of an authority that exists as long as the child,
and is the only one that the child trusts. The same works for http://localhost, and offline.
"""

import os
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from vckit.keys import ES256, PrivateKey
from vckit.x509 import create_authority, create_leaf, to_pem

_LOOPBACK: Final = "127.0.0.1"
_PROXY_VARIABLES: Final = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
# The certificates live for seconds; their dates only have to be true on every clock.
_LONG_AGO: Final = 946_684_800  # 2000-01-01
_DAYS: Final = 36_500


class LoopbackHost(HTTPServer):
    """Serves `document` where did:web puts that of `did`, and nothing where `did` is None.

    `asked` tells whether the document was fetched. Files are made in the folder `scratch`.
    """

    def __init__(self, did: str | None, document: bytes, scratch: Path) -> None:
        super().__init__((_LOOPBACK, 0), _Proxy)
        self.authority, self.path = location(did) if did else ("", "")
        self.document = document
        self.asked = False
        self.tls = _play_host(self.authority.partition(":")[0], scratch) if did else None

    def become_the_network(self) -> None:
        """Start serving, and let every HTTP client of this process find nothing else."""
        threading.Thread(target=self.serve_forever, daemon=True).start()
        os.environ.pop("NO_PROXY", None)
        os.environ.pop("no_proxy", None)
        proxy = f"http://{_LOOPBACK}:{self.server_address[1]}"
        os.environ.update(dict.fromkeys(_PROXY_VARIABLES, proxy))


def location(did: str) -> tuple[str, str]:
    """Where did:web puts a document (did:web 2.5.2): the authority, and the path on it."""
    host, *path = did.removeprefix("did:web:").split(":")
    return unquote(host), "/".join(["", *(path or [".well-known"]), "did.json"])


class _Proxy(BaseHTTPRequestHandler):
    """One request of didkit: in absolute form (http), or in a tunnel that ends here (https)."""

    server: LoopbackHost
    tunnelled = False

    def do_GET(self) -> None:
        prefix = "" if self.tunnelled else f"http://{self.server.authority}"
        if self.path != prefix + self.server.path:
            self.send_error(404)
            return
        self.server.asked = True
        self.send_response(200)
        self.send_header("Content-Type", "application/did+json")
        self.send_header("Content-Length", str(len(self.server.document)))
        self.end_headers()
        self.wfile.write(self.server.document)

    def do_CONNECT(self) -> None:
        host, _, port = self.server.authority.partition(":")
        if self.server.tls is None or self.path != f"{host}:{port or 443}":
            self.send_error(403)
            return
        self.send_response_only(200)
        self.end_headers()
        self.connection = self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.tunnelled = True
        self.setup()
        self.handle_one_request()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  named by the base class
        """Say nothing: the name of a DID is nobody's business."""

    def finish(self) -> None:
        super().finish()
        if isinstance(self.connection, ssl.SSLSocket):
            self.connection.close()  # the server knows only the socket underneath


def _play_host(name: str, scratch: Path) -> ssl.SSLContext:
    """A context for `name` under a fresh authority, from now on the only one trusted here."""
    authority_key, key = PrivateKey.generate(ES256), PrivateKey.generate(ES256)
    authority = create_authority("didkit", authority_key, now=_LONG_AGO, days=_DAYS)
    leaf = create_leaf(
        "didkit",
        key.public,
        authority=authority,
        authority_key=authority_key,
        dns=[name],
        now=_LONG_AGO,
        days=_DAYS,
    )
    (scratch / "authority.pem").write_bytes(to_pem([authority]))
    (scratch / "host.pem").write_bytes(to_pem([leaf]) + key.to_pem())
    os.environ["SSL_CERT_FILE"] = str(scratch / "authority.pem")
    os.environ["SSL_CERT_DIR"] = str(scratch / "none")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(scratch / "host.pem")
    return context
