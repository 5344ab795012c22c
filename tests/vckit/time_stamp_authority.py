"""Time-stamp authorities that answer on loopback: certomancer in a process of its own."""

import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

# One authority with a key of each usual kind, and one whose certificate is for no stamps.
CONFIGURATION = """
keysets:
  proef:
    path-prefix: keys
    keys:
      root: {path: root.pem}
      rsa: {path: rsa.pem}
      ec: {path: ec.pem}
pki-architectures:
  proef:
    keyset: proef
    entity-defaults: {country-name: NL, organization-name: Proefstempel}
    entities:
      root: {common-name: Proefstempel Root}
      rsa: {common-name: Proefstempel RSA}
      ec: {common-name: Proefstempel EC}
      other: {common-name: Proefstempel zonder bevoegdheid}
    certs:
      root:
        subject: root
        subject-key: root
        issuer: root
        authority-key: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2100-01-01T00:00:00+0000"}
        extensions:
          - {id: basic_constraints, critical: true, value: {ca: true}}
          - id: key_usage
            critical: true
            smart-value: {schema: key-usage, params: [key_cert_sign]}
      rsa: &stamping
        subject: rsa
        subject-key: rsa
        issuer: root
        authority-key: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2100-01-01T00:00:00+0000"}
        extensions:
          - id: key_usage
            critical: true
            smart-value: {schema: key-usage, params: [digital_signature]}
          - {id: extended_key_usage, critical: true, value: [time_stamping]}
      ec:
        <<: *stamping
        subject: ec
        subject-key: ec
      other:
        <<: *stamping
        subject: other
        subject-key: ec
        extensions:
          - id: key_usage
            critical: true
            smart-value: {schema: key-usage, params: [digital_signature]}
    services:
      time-stamping:
        rsa: {signing-cert: rsa, certs-to-embed: [root]}
        ec: {signing-cert: ec}
        other: {signing-cert: other}
"""


@dataclass(frozen=True)
class Authorities:
    """Where they answer, and the PEM file of who stands above them."""

    origin: str
    certificates: Path

    def url(self, name="ec"):
        return f"{self.origin}/proef/tsa/{name}"


@contextmanager
def answering(folder):
    """The authorities, until the end of the block."""
    _write_keys(folder / "keys")
    (folder / "certomancer.yml").write_text(CONFIGURATION, "utf-8")
    certificates = folder / "authorities.pem"
    certomancer = [sys.executable, "-m", "certomancer", "--config", folder / "certomancer.yml"]
    subprocess.run(
        [*certomancer, "summon", "proef", "root", certificates], check=True, capture_output=True
    )
    port = _free_port()
    process = subprocess.Popen(
        [*certomancer, "animate", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield Authorities(f"http://127.0.0.1:{port}", certificates)
    finally:
        process.terminate()
        process.wait()


def _write_keys(folder):
    folder.mkdir()
    keys = {
        "root": ec.generate_private_key(ec.SECP256R1()),
        "ec": ec.generate_private_key(ec.SECP384R1()),
        "rsa": rsa.generate_private_key(65_537, 2048),
    }
    for name, key in keys.items():
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / f"{name}.pem").write_bytes(pem)


def _free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return server.getsockname()[1]


def _wait_for(port, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("certomancer does not answer")
