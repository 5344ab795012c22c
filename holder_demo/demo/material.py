"""The demo's keys, certificates and scheme.

What a scheme operator and certificate authorities would do for real organisations.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import contexts
from vckit import strict_json, x509
from vckit.adapters.private_files import write_private
from vckit.did import web
from vckit.encoding import sha256_b64url
from vckit.keys import PrivateKey
from vckit.trust import sign_scheme

AUTHORITY_DAYS = 3650
LEAF_DAYS = 397
SCHEME_SECONDS = 365 * 86_400
_ALGORITHM = "ES256"
_W3C_ALGORITHM = "EdDSA"
_SCHEMA = "schemas/schuldenopgave/1"
_TYPE = "schuldenopgave/1"

Authority = tuple[x509.Certificate, PrivateKey]


@dataclass(frozen=True)
class Municipality:
    """An issuer of the demo, with its fictitious number."""

    slug: str
    name: str
    oin: str
    code: str
    phone: str


MUNICIPALITIES = (
    Municipality("boxtel", "Gemeente Boxtel", "00000001001234567000", "GM0757", "14 0411"),
    Municipality(
        "sint-michielsgestel",
        "Gemeente Sint-Michielsgestel",
        "00000001007654321000",
        "GM0845",
        "14 073",
    ),
)
IDENTITY_NAME = "Inloggen (demo)"
VERIFIER_NAME = "Schuldhulp De Meierij"
VERIFIER_OIN = "00000001005555555000"
VERIFIER_PURPOSE = (
    "Schuldhulpverlening: in één keer zien welke schulden u bij gemeenten hebt, "
    "om met u een plan te maken."
)


def make(folder: Path, urls: Mapping[str, str], *, now: int, version: int) -> None:
    """Make all keys, certificates, secrets and the signed scheme for these addresses.

    `urls` gives the base URL of each service; `version` is the scheme's version number.
    """
    root = _root(now)
    entries = [_issuer_entry(folder, one, urls, root, now) for one in MUNICIPALITIES]
    entries.append(_verifier_entry(folder, urls["verifier"], root, now))
    _make_identity(folder / "keys", urls["login"], root, now)
    for client in (*(one.slug for one in MUNICIPALITIES), "verifier"):
        secret = secrets.token_hex(32).encode()
        write_private(folder / client / "keys" / "login-secret", secret, "a log-in secret")
    operator = PrivateKey.generate("EdDSA")
    write_private(folder / "keys" / "scheme-operator.pem", operator.to_pem(), "the operator's key")
    _write(folder / "scheme-operator.jwk.json", strict_json.dumps(operator.public.to_jwk()))
    payload = _scheme(urls["boxtel"], entries, now, version)
    _write(folder / "scheme.json", sign_scheme(payload, [operator]))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _root(now: int) -> Authority:
    """The demo's root; its key is forgotten, and chains leave the root itself out (HAIP 6.1.1)."""
    key = PrivateKey.generate(_ALGORITHM)
    return x509.create_root(f"{x509.DEMO_PREFIX}stam", key, now=now, days=AUTHORITY_DAYS), key


def _leaf(
    name: str, url: str, key: PrivateKey, issuer: Authority, now: int, *, seal: bool = False
) -> x509.Certificate:
    authority, authority_key = issuer
    return x509.create_leaf(
        name,
        key.public,
        authority=authority,
        authority_key=authority_key,
        uri=url,
        dns=(urlsplit(url).hostname or "localhost",),
        now=now,
        days=LEAF_DAYS,
        seal=seal,
    )


def _issuer_entry(
    folder: Path, municipality: Municipality, urls: Mapping[str, str], root: Authority, now: int
) -> dict[str, Any]:
    """Make one municipality's authority, two leafs, the W3C key, and its entry in the scheme."""
    url = urls[municipality.slug]
    keys = folder / municipality.slug / "keys"
    authority_key = PrivateKey.generate(_ALGORITHM)
    authority = x509.create_authority(
        f"{x509.DEMO_PREFIX}CA {municipality.name}",
        authority_key,
        now=now,
        days=AUTHORITY_DAYS,
        root=root,
    )
    for purpose in ("credential", "seal"):
        key = PrivateKey.generate(_ALGORITHM)
        leaf = _leaf(
            municipality.name, url, key, (authority, authority_key), now, seal=purpose == "seal"
        )
        write_private(keys / f"{purpose}.pem", key.to_pem(), f"the {purpose} key")
        _write(keys / f"{purpose}-chain.pem", x509.to_pem((leaf, authority)))
    w3c = PrivateKey.generate(_W3C_ALGORITHM)
    write_private(keys / "credential-ed25519.pem", w3c.to_pem(), "the W3C credential key")
    return {
        "naam": municipality.name,
        "oin": municipality.oin,
        "gemeentecode": municipality.code,
        "rol": ["issuer"],
        "dids": [web.of(url)],
        "uitgevers": [url],
        "certificaten": [x509.digest(authority)],
        "aki": [x509.authority_key_identifier(leaf)],
        "soorten": ["schuldenopgave"],
        "start_url": url,
    }


def _verifier_entry(folder: Path, url: str, root: Authority, now: int) -> dict[str, Any]:
    """Make the verifier's leafs for request objects and reports, and its entry in the scheme."""
    keys = folder / "verifier" / "keys"
    authority_key = PrivateKey.generate(_ALGORITHM)
    authority = x509.create_authority(
        f"{x509.DEMO_PREFIX}CA schuldhulp", authority_key, now=now, days=AUTHORITY_DAYS, root=root
    )
    leafs = []
    for purpose in ("request", "report"):
        key, issuer = PrivateKey.generate(_ALGORITHM), (authority, authority_key)
        leafs.append(_leaf(VERIFIER_NAME, url, key, issuer, now, seal=purpose == "report"))
        write_private(keys / f"{purpose}.pem", key.to_pem(), f"the {purpose} key")
        _write(keys / f"{purpose}-chain.pem", x509.to_pem((leafs[-1], authority)))
    return {
        "naam": VERIFIER_NAME,
        "oin": VERIFIER_OIN,
        "rol": ["verifier"],
        "doel": VERIFIER_PURPOSE,
        "dids": [web.of(url)],
        "certificaten": [x509.digest(leaf) for leaf in leafs],
        "start_url": url,
    }


def _make_identity(keys: Path, url: str, root: Authority, now: int) -> None:
    """Make the key of the stand-in's identity cards; it is on no scheme."""
    authority_key, key = PrivateKey.generate(_ALGORITHM), PrivateKey.generate(_ALGORITHM)
    authority = x509.create_authority(
        f"{x509.DEMO_PREFIX}CA identiteit", authority_key, now=now, days=AUTHORITY_DAYS, root=root
    )
    leaf = _leaf("Nagemaakte identiteit", url, key, (authority, authority_key), now)
    write_private(keys / "identity.pem", key.to_pem(), "the key of identity cards")
    _write(keys / "identity-chain.pem", x509.to_pem((leaf, authority)))


def _scheme(base_url: str, entries: list[dict[str, Any]], now: int, version: int) -> dict[str, Any]:
    return {
        "iss": "Blauwe Knop demo-beheerder",
        "iat": now,
        "exp": now + SCHEME_SECONDS,
        "versie": version,
        "demo": True,
        "basis": base_url,
        "context": _document(f"{base_url}/contexts/v1", contexts.own("context/v1")),
        "schemas": [_document(f"{base_url}/{_SCHEMA}", contexts.own(_SCHEMA))],
        "vct": [
            _document(f"{base_url}/vct/{_TYPE}", contexts.type_metadata(_TYPE, base_url)),
        ],
        "organisaties": entries,
    }


def _document(url: str, content: bytes) -> dict[str, str]:
    return {"url": url, "sha256": sha256_b64url(content)}
