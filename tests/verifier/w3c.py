"""Statements in the W3C formats, and a wallet's presentations of them."""

from dataclasses import dataclass
from typing import Any

from tests.vckit import participants, statements
from tests.verifier.world import DAY, JSON_LD, NOW
from vckit import formats
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
