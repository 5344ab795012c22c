"""Statements in the W3C formats, and a wallet's presentations of them."""

import json
from dataclasses import dataclass, replace
from typing import Any

from tests.vckit import participants, statements
from tests.verifier.world import DAY, JSON_LD, NOW
from vckit import data_integrity, data_model, formats, jose
from vckit.data_integrity import ed25519_signature_2020
from vckit.data_model import Envelope
from vckit.did import jwk
from vckit.formats import jwt_vc_json, ldp_vc, vc_jwt
from vckit.keys import PrivateKey
from vckit.status import StatusReference, bitstring

CONTEXT_URL = participants.scheme_payload()["context"]["url"]
FORMATS = formats.open_formats(JSON_LD, CONTEXT_URL)
QUERIES = {
    "dc+sd-jwt": "schuldenopgave_sd_jwt",
    "ldp_vc": "schuldenopgave_ldp",
    "jwt_vc_json": "schuldenopgave_jwt_vc",
    "vc+jwt": "schuldenopgave_vc_jwt",
}


@dataclass(frozen=True)
class W3cCard:
    """A credential of one W3C format, its holder's key, and its index in both status lists."""

    format: str
    text: str
    holder: PrivateKey | None
    index: int

    def present(self, asked, *, now, audience=None, nonce=None, signer=None):
        return FORMATS[self.format].present(
            self.text,
            keep=(),
            signer=signer or self.holder,
            audience=audience or asked.client_id,
            nonce=nonce or asked.nonce,
            now=now,
        )


def _ldp(cryptosuite):
    def issue(terms, envelope, *, signer, verification_method):
        return ldp_vc.issue(
            terms,
            envelope,
            cryptosuite=cryptosuite,
            signer=signer,
            verification_method=verification_method,
            json_ld=JSON_LD,
        )

    return issue


def _vc11(terms, envelope, *, signer, verification_method):
    return ldp_vc.issue_vc11(
        terms,
        envelope,
        sign=lambda document: ed25519_signature_2020.add_proof(
            document,
            signer=signer,
            verification_method=verification_method,
            purpose="assertionMethod",
            created=envelope.issued_at,
            json_ld=JSON_LD,
        ),
    )


# By name: the format, the algorithm of the issuer's key, and how it is issued.
KINDS: dict[str, tuple[str, str, Any]] = {
    "ldp_eddsa": ("ldp_vc", "EdDSA", _ldp("eddsa-rdfc-2022")),
    "ldp_ecdsa": ("ldp_vc", "ES256", _ldp("ecdsa-rdfc-2019")),
    "vc11": ("ldp_vc", "EdDSA", _vc11),
    "jwt_vc": ("jwt_vc_json", "ES256", jwt_vc_json.issue),
    "vc_jwt": ("vc+jwt", "ES256", vc_jwt.issue),
}


def state(kind, municipality, *debts, holder=None, holder_id=None, members=None, **changes):
    """A statement of `municipality` in one of KINDS; `members` replace those of its envelope.

    `signer` and `verification_method` among the members are of the issuer's signature.
    """
    form, algorithm, issue = KINDS[kind]
    municipality.used += 1
    given = {
        "signer": municipality.did_keys[algorithm],
        "verification_method": municipality.method(algorithm),
        **(members or {}),
    }
    signature = {name: given.pop(name) for name in ("signer", "verification_method")}
    terms = municipality.terms(municipality.used, *debts, bsn=None, **changes)
    if holder is None:
        terms["document"] = True
    envelope = {
        "issuer": municipality.did,
        "holder_id": holder_id or (holder and jwk.of(holder.public)),
        "statuses": tuple(reference(municipality, one) for one in municipality.bits),
        "issued_at": statements.ISSUED - statements.ISSUED % DAY,
        "expires": NOW + 29 * DAY,
        "schema_url": "https://stelsel.example/schemas/schuldenopgave/1",
        "context_url": CONTEXT_URL,
        **given,
    }
    text = issue(terms, Envelope(**envelope), **signature)
    return W3cCard(form, text, holder, municipality.used)


def reference(municipality, purpose, index=None):
    return StatusReference(
        purpose,
        municipality.bitstring_uri(purpose),
        municipality.used if index is None else index,
        bitstring.MEMBER,
    )


def token(asked, now, *cards, **how):
    """The VP token that presents these cards, each alone: {query id: presentations}."""
    found = {}
    for card in cards:
        query_id = QUERIES[getattr(card, "format", "dc+sd-jwt")]
        found.setdefault(query_id, []).append(card.present(asked, now=now, **how))
    return found


def signed_again(card, municipality, **members):
    """The credential with other members, signed by its issuer as before."""
    document = {**json.loads(card.text), **members}
    proof = document.pop("proof")
    signed = data_integrity.add_proof(
        document,
        cryptosuite=proof["cryptosuite"],
        signer=municipality.did_keys["EdDSA"],
        verification_method=proof["verificationMethod"],
        purpose="assertionMethod",
        created=NOW - DAY,
        json_ld=JSON_LD,
    )
    return replace(card, text=json.dumps(signed))


def presented(credentials, holder, asked, now):
    """A JSON-LD presentation of whatever documents its holder likes."""
    holder_id = jwk.of(holder.public)
    return data_integrity.add_proof(
        data_model.build_presentation([data_model.V2.base], credentials, holder=holder_id),
        cryptosuite="ecdsa-rdfc-2019",
        signer=holder,
        verification_method=f"{holder_id}#0",
        purpose="authentication",
        created=now,
        json_ld=JSON_LD,
        challenge=asked.nonce,
        domain=asked.client_id,
    )


def together(cards, holder, asked, now):
    """The VP token of one presentation of all these cards, which are of one format."""
    form = cards[0].format
    if form == "ldp_vc":
        documents = [json.loads(card.text) for card in cards]
        return {QUERIES[form]: [presented(documents, holder, asked, now)]}
    holder_id = jwk.of(holder.public)
    claims = {"iss": holder_id, "aud": asked.client_id, "nonce": asked.nonce, "iat": now}
    texts = [card.text for card in cards]
    if form == "jwt_vc_json":
        typ = "JWT"
        held = data_model.build_presentation([data_model.V11.base], texts, holder=holder_id)
        claims["vp"] = held
    else:
        typ = "vp+jwt"
        enveloped = [
            {
                "@context": data_model.V2.base,
                "id": f"data:application/vc+jwt,{text}",
                "type": "EnvelopedVerifiableCredential",
            }
            for text in texts
        ]
        claims |= data_model.build_presentation([data_model.V2.base], enveloped, holder=holder_id)
    return {QUERIES[form]: [jose.sign({"typ": typ, "kid": f"{holder_id}#0"}, claims, holder)]}
