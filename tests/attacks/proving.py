"""Documents with Data Integrity proofs as nobody honest makes them, and a careless processor.

Everything that our own JSON-LD refuses goes through here: pyld as it comes, which drops, resolves
and redefines. Where it gives the same statements, a signature stays valid over another text.
"""

import copy
import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any

from pyld import jsonld

import contexts
from tests.attacks.holder import Presented, W3cCard
from vckit.did import jwk, moment
from vckit.encoding import base58btc_encode
from vckit.keys import PrivateKey
from vckit.openid4vp.request import VerifiedRequest

V2 = "https://www.w3.org/ns/credentials/v2"
CRYPTOSUITES = {"EdDSA": "eddsa-rdfc-2022", "ES256": "ecdsa-rdfc-2019"}
LDP = "schuldenopgave_ldp"
# What even a careless processor stumbles over.
UNREADABLE = (jsonld.JsonLdError, contexts.UnknownDocumentError)
_OWN = "/contexts/v1"


def statements(document: Mapping[str, Any]) -> str:
    """The canonical N-Quads that a careless processor signs and verifies."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    found: str = jsonld.normalize(copy.deepcopy(dict(document)), options)
    return found


def same(document: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether one signature covers both, for a careless processor."""
    return statements(unproven(document)) == statements(unproven(other))


def unproven(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without the proof."""
    return {name: value for name, value in copy.deepcopy(dict(document)).items() if name != "proof"}


def proven(
    document: Mapping[str, Any], key: PrivateKey, method: str, **options: Any
) -> dict[str, Any]:
    """The document with a proof by `key`, right but for the options; None leaves one out."""
    honest = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITES[key.algorithm],
        "created": moment.write(int(time.time())),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    given = {name: value for name, value in {**honest, **options}.items() if value is not None}
    unsecured = unproven(document)
    parts = ({"@context": document["@context"], **given}, unsecured)
    data = b"".join(hashlib.sha256(statements(part).encode()).digest() for part in parts)
    return {**unsecured, "proof": {**given, "proofValue": base58btc_encode(key.sign(data))}}


def presentation(
    asked: VerifiedRequest, key: PrivateKey, *credentials: Any, members: Any = None, **options: Any
) -> Presented:
    """A holder's presentation of any credentials; `members` replace its own, None removes one."""
    holder = jwk.of(key.public)
    honest = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": list(credentials),
    }
    made = {name: value for name, value in {**honest, **(members or {})}.items() if value}
    bound = {
        "proofPurpose": "authentication",
        "challenge": asked.nonce,
        "domain": asked.client_id,
        **options,
    }
    return Presented(LDP, proven(made, key, f"{holder}#0", **bound))


def altered(card: W3cCard, change: Any) -> dict[str, Any]:
    """What is left of the card's document after `change`, which may work in place."""
    document = card.document
    return change(document) or document


def _load(url: str, _options: object = None) -> dict[str, Any]:
    document = json.loads(contexts.own("context/v1")) if url.endswith(_OWN) else contexts.load(url)
    return {"contextUrl": None, "documentUrl": url, "document": document, "tag": "static"}
