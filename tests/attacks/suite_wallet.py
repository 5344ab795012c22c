"""The wallet that the OpenID modules for verifiers drive; it reads and signs with nothing of ours.

Each module is an honest answer in which one thing is wrong: `Answering` says what.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from cryptography import x509
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

MEDIA_TYPE = "application/oauth-authz-req+jwt"
TIMEOUT = 30


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


@dataclass(frozen=True)
class Link:
    """What the person opens: who asks, and where the question is."""

    client_id: str
    request_uri: str
    method: str

    @classmethod
    def read(cls, text: str) -> "Link":
        given = parse_qs(urlsplit(text).query)
        assert {len(values) for values in given.values()} == {1}
        assert set(given) <= {"client_id", "request_uri", "request_uri_method"}, given
        [client_id], [uri] = given["client_id"], given["request_uri"]
        return cls(client_id, uri, given.get("request_uri_method", ["get"])[0])

    def fetch(self, **posted: str) -> "Question":
        """The request object, by POST where something is posted with it."""
        answer = requests.request(
            "POST" if posted else "GET",
            self.request_uri,
            data=posted or None,
            headers={"Accept": MEDIA_TYPE},
            timeout=TIMEOUT,
        )
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == MEDIA_TYPE
        return Question.open(answer.text, self.client_id)


@dataclass(frozen=True)
class Question:
    """A request object whose signature holds for the client id of its link."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]

    @classmethod
    def open(cls, text: str, client_id: str) -> "Question":
        jws = JWS()
        jws.deserialize(text)
        header = dict(jws.jose_header)
        prefix, _, name = client_id.partition(":")
        jws.verify(KEY_OF[prefix](header, name), alg=header["alg"])
        return cls(header, json.loads(jws.payload))

    @property
    def recipient(self) -> dict[str, Any]:
        """The one key that the answer is encrypted to."""
        [jwk] = self.claims["client_metadata"]["jwks"]["keys"]
        return dict(jwk)

    def query_id(self, vct: str) -> str:
        """The query that an SD-JWT VC of this type answers."""
        found = [
            each["id"]
            for each in self.claims["dcql_query"]["credentials"]
            if each["format"] == "dc+sd-jwt" and vct in each["meta"]["vct_values"]
        ]
        return str(found[0])


def _leaf(header: Mapping[str, Any]) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0], validate=True))


def _by_hash(header: Mapping[str, Any], name: str) -> JWK:
    assert b64url(hashlib.sha256(base64.b64decode(header["x5c"][0])).digest()) == name
    return JWK.from_pyca(_leaf(header).public_key())


def _by_host(header: Mapping[str, Any], name: str) -> JWK:
    names = _leaf(header).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert name in names.get_values_for_type(x509.DNSName)
    return JWK.from_pyca(_leaf(header).public_key())


def _by_did(header: Mapping[str, Any], name: str) -> JWK:
    assert "x5c" not in header
    assert header["kid"].partition("#")[0] == name
    origin = f"http://{unquote(name.removeprefix('did:web:'))}"
    document = requests.get(f"{origin}/.well-known/did.json", timeout=TIMEOUT).json()
    assert document["id"] == name
    [method] = [one for one in document["verificationMethod"] if one["id"] == header["kid"]]
    return JWK(**method["publicKeyJwk"])


KEY_OF: Mapping[str, Callable[[Mapping[str, Any], str], JWK]] = {
    "x509_hash": _by_hash,
    "x509_san_dns": _by_host,
    "decentralized_identifier": _by_did,
}


@dataclass(frozen=True)
class Answering:
    """How a module answers: honestly, but for what is given.

    `binding` replaces claims of the KB-JWT, `credential` and `signature` change the text of the
    credential (before it is bound) and the signature of the KB-JWT.
    """

    binding: Mapping[str, Any] = field(default_factory=dict)
    credential: Callable[[str], str] = str
    signature: Callable[[str], str] = str

    def presentation(self, text: str, key: Mapping[str, Any], question: Question) -> str:
        """The credential without the BSN, and the KB-JWT of RFC 9901 4.3."""
        kept = self.credential(_without(text, "bsn"))
        claims = {
            "iat": int(time.time()),
            "aud": question.claims["client_id"],
            "nonce": question.claims["nonce"],
            "sd_hash": b64url(hashlib.sha256(kept.encode("ascii")).digest()),
            **self.binding,
        }
        jws = JWS(json.dumps(claims))
        protected = json.dumps({"alg": "ES256", "typ": "kb+jwt"})
        jws.add_signature(JWK(**key), protected=protected)
        return kept + self.signature(jws.serialize(compact=True))


def _without(text: str, name: str) -> str:
    issued, *disclosures = text.removesuffix("~").split("~")
    kept = [one for one in disclosures if name not in _decoded(one)[:-1]]
    return "~".join([issued, *kept, ""])


def _decoded(disclosure: str) -> list[Any]:
    return list(json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4))))


def broken_signature(jws: str) -> str:
    """The same JWS (of an SD-JWT the issuer's) with one bit of its signature turned."""
    signed, tilde, rest = jws.partition("~")
    head, _, signature = signed.rpartition(".")
    data = bytearray(base64.urlsafe_b64decode(signature + "=="))
    data[7] ^= 0x10
    return f"{head}.{b64url(bytes(data))}{tilde}{rest}"


def form(question: Question, token: Mapping[str, list[str]]) -> dict[str, str]:
    """The answer in the response mode that was asked (OpenID4VP 8.2, 8.3)."""
    state = question.claims["state"]
    if question.claims["response_mode"] == "direct_post":
        return {"vp_token": json.dumps(token), "state": state}
    recipient = question.recipient
    header = {
        "alg": recipient["alg"],
        "enc": question.claims["client_metadata"]["encrypted_response_enc_values_supported"][0],
        "kid": recipient["kid"],
        "apu": b64url(secrets.token_bytes(16)),
        "apv": b64url(question.claims["nonce"].encode("ascii")),
    }
    jwe = JWE(json.dumps({"vp_token": token, "state": state}), json.dumps(header))
    jwe.add_recipient(JWK(**recipient))
    return {"response": jwe.serialize(compact=True)}
