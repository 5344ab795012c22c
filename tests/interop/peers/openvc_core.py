"""An office that issues and verifies with openvc-core; spoken to as the programs of Node are."""

import base64
import json
import os
import ssl
import sys
import urllib.request
from collections.abc import Callable
from typing import Any

from cryptography import x509
from openvc import (
    Ed25519SigningKey,
    OpenvcError,
    P256SigningKey,
    VerificationPolicy,
    verify_credential,
)
from openvc.did.base import DidResolverRegistry
from openvc.did.did_jwk import DidJwkResolver
from openvc.did.did_key import DidKeyResolver
from openvc.did.did_web import DidWebResolver
from openvc.multibase import encode_multibase
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.proof.vc_jwt import VcJwtProofSuite
from openvc.resolvers import default_status_list_resolver
from openvc.status import verify_status_list_token
from openvc.x5c import leaf_public_jwk

TLS = ssl.create_default_context(cafile=os.environ["NODE_EXTRA_CA_CERTS"])
KEYS: dict[str, Any] = {}
TRUSTED: dict[str, Any] = {"anchors": [], "contexts": {}}
BACKENDS = {"EdDSA": Ed25519SigningKey, "ES256": P256SigningKey}
CODES = {"EdDSA": b"\xed\x01", "ES256": b"\x80\x24"}
SUITES = {"eddsa-rdfc-2022": DataIntegrityProofSuite, "ecdsa-rdfc-2019": EcdsaRdfcProofSuite}


def fetch(url: str) -> bytes:
    """In the place of the library's own, which asks public addresses only."""
    with urllib.request.urlopen(url, context=TLS, timeout=10) as answer:  # noqa: S310  our own
        return answer.read()  # type: ignore[no-any-return]  # bytes, says http.client


def resolver() -> DidResolverRegistry:
    web = DidWebResolver(lambda url: json.loads(fetch(url)))
    return DidResolverRegistry([DidKeyResolver(), DidJwkResolver(), web])


def trust(authorities: list[str], contexts: dict[str, Any]) -> None:
    anchors = [x509.load_der_x509_certificate(base64.b64decode(one)) for one in authorities]
    TRUSTED.update(anchors=anchors, contexts=contexts)


def verify(credential: Any, **_: Any) -> Any:
    """What the library read from the credential, its status checked where it states one."""
    result = verify_credential(
        credential,
        policy=VerificationPolicy(require_status=True),
        resolver=resolver(),
        resolve_status_list=bitstring_list,
        resolve_status_list_token=lambda uri: token_list(uri, credential),
        x5c_trust_anchors=TRUSTED["anchors"],
        extra_contexts=TRUSTED["contexts"],
    )
    return result.credential


def bitstring_list(url: str) -> Any:
    resolve = default_status_list_resolver(
        resolver=resolver(),
        extra_contexts=TRUSTED["contexts"],
        fetch=lambda address: fetch(address).decode(),
    )
    return resolve(url)


def token_list(uri: str, credential: str) -> Any:
    """A list, which the key of the credential must have signed."""
    head = credential.partition(".")[0]
    x5c = json.loads(base64.urlsafe_b64decode(f"{head}==="))["x5c"]
    leaf = x509.load_der_x509_certificate(base64.b64decode(x5c[0]))
    return verify_status_list_token(
        fetch(uri).decode(), public_key_jwk=leaf_public_jwk(leaf), expected_uri=uri
    )


def make_key(algorithm: str, controller: str) -> dict[str, Any]:
    """A key of `controller`: its verification method, and its JWK to certify."""
    made = BACKENDS[algorithm].generate(f"{controller}#openvc-{algorithm.lower()}")
    KEYS[made.kid] = made
    multibase = encode_multibase(CODES[algorithm] + made.public_key_raw())
    method = {"id": made.kid, "type": "Multikey", "controller": controller}
    return {"method": {**method, "publicKeyMultibase": multibase}, "jwk": made.public_jwk()}


def issue(credential: dict[str, Any], key: str, cryptosuite: str) -> Any:
    return SUITES[cryptosuite]().add_proof(
        credential,
        signing_key=KEYS[key],
        verification_method=key,
        extra_contexts=TRUSTED["contexts"],
    )


def issue_jwt(credential: dict[str, Any], key: str, seconds: int) -> str:
    return VcJwtProofSuite().sign(credential, signing_key=KEYS[key], expires_in_s=seconds)


def issue_sd_jwt(
    claims: dict[str, Any], key: str, x5c: list[str], disclosable: list[str], holder: Any
) -> str:
    return SdJwtVcProofSuite().issue(
        claims, signing_key=KEYS[key], disclosable=disclosable, holder_jwk=holder, x5c=x5c
    )


CALLS: dict[str, Callable[..., Any]] = {
    "trust": trust,
    "verify": verify,
    "makeKey": make_key,
    "issue": issue,
    "issueJwt": issue_jwt,
    "issueSdJwt": issue_sd_jwt,
}


def answer(line: str) -> dict[str, Any]:
    given = json.loads(line)
    try:
        return {"result": CALLS[given.pop("call")](**given)}
    except OpenvcError as error:
        return {"refused": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    sys.stdout.write(f"{json.dumps(answer(line))}\n")
    sys.stdout.flush()
