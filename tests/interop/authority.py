"""A throw-away authority for https on this machine."""

import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from vckit import x509
from vckit.adapters.private_files import write_private
from vckit.keys import PrivateKey

BACKDATED = 300
HOST = "localhost"


@dataclass(frozen=True)
class Authority:
    """Certificates of this machine's name, that nobody trusts but who is told to."""

    folder: Path

    @property
    def certificate(self) -> Path:
        """The authority itself, in PEM."""
        return self.folder / "authority.pem"

    @property
    def chain(self) -> Path:
        """The server's certificate and the authority, in PEM."""
        return self.folder / "server.pem"

    @property
    def key(self) -> Path:
        """The server's private key, in PEM."""
        return self.folder / "server-key.pem"

    @classmethod
    def make(cls, folder: Path) -> Self:
        """Make an authority and one server certificate."""
        made = cls(folder)
        now = int(time.time()) - BACKDATED
        authority_key, key = PrivateKey.generate("ES256"), PrivateKey.generate("ES256")
        authority = x509.create_authority("Wegwerp-CA", authority_key, now=now, days=2)
        leaf = x509.create_leaf(
            HOST,
            key.public,
            authority=authority,
            authority_key=authority_key,
            dns=(HOST,),
            now=now,
            days=1,
        )
        folder.mkdir(parents=True)
        made.certificate.write_bytes(x509.to_pem((authority,)))
        made.chain.write_bytes(x509.to_pem((leaf, authority)))
        write_private(made.key, key.to_pem(), "the server's key")
        return made

    def client(self) -> ssl.SSLContext:
        """What trusts this authority only."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def server(self) -> ssl.SSLContext:
        """What serves under this authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context
