"""A municipality and a holder with DIDs, and statements of the one about the other."""

from dataclasses import dataclass, replace
from itertools import count

from tests.vckit.statements import ISSUED, debt, terms
from vckit import strict_json
from vckit.data_integrity import ed25519_signature_2020
from vckit.data_model import Envelope
from vckit.did import jwk, key, web
from vckit.formats import jwt_vc_json, ldp_vc, open_formats, vc_jwt
from vckit.keys import PrivateKey
from vckit.rdf import JsonLd
from vckit.sd_jwt import KeyBindingExpectation
from vckit.status import StatusReference
from vckit.status.bitstring import MEMBER

CONTEXT = "https://stelsel.example/contexts/v1"
SCHEMA = "https://stelsel.example/schemas/schuldenopgave/1"
JSON_LD = JsonLd({CONTEXT: "context/v1"})
FORMATS = open_formats(JSON_LD, CONTEXT)
AUDIENCE, NONCE = "x509_hash:abc", "een-nonce-van-de-verifier"
EXPECTED = KeyBindingExpectation(AUDIENCE, NONCE)
STATUSES = (
    StatusReference("revocation", "https://boxtel.example/status/bitstring/1", 7, MEMBER),
    StatusReference("refresh", "https://boxtel.example/status/bitstring/2", 130_000, MEMBER),
)
EXPIRES = ISSUED + 30 * 86_400


@dataclass(frozen=True)
class Municipality:
    did: str
    es256: PrivateKey
    ed25519: PrivateKey

    @property
    def methods(self):
        return {f"{self.did}#es256": self.es256, f"{self.did}#ed25519": self.ed25519}

    def key(self, verification_method):
        return self.methods[verification_method].public_key


def municipality(host):
    did = web.of(f"https://{host}")
    return Municipality(did, PrivateKey.generate("ES256"), PrivateKey.generate("EdDSA"))


BOXTEL = municipality("boxtel.example")
OTHER = municipality("sint-michielsgestel.example")
HOLDER = PrivateKey.generate("ES256")
HOLDER_ID = jwk.of(HOLDER.public_key)
HOLDERS = {
    "did:jwk ES256": (HOLDER, HOLDER_ID),
    "did:key ES256": (HOLDER, key.of(HOLDER.public_key)),
}
_ED25519 = PrivateKey.generate("EdDSA")
HOLDERS["did:jwk EdDSA"] = _ED25519, jwk.of(_ED25519.public_key)
HOLDERS["did:key EdDSA"] = _ED25519, key.of(_ED25519.public_key)


def ids(start=1):
    """Ids of debts that a test can repeat."""
    numbers = count(start)
    return lambda: f"urn:uuid:00000000-0000-4000-8000-{next(numbers):012d}"


def envelope(**changes):
    stated = Envelope(
        issuer=BOXTEL.did,
        holder_id=HOLDER_ID,
        statuses=STATUSES,
        issued_at=ISSUED,
        expires=EXPIRES,
        schema_url=SCHEMA,
        context_url=CONTEXT,
        new_id=ids(),
    )
    return replace(stated, **changes)


def stated(*debts, **changes):
    """The terms as they come back: without BSN, and without what a status entry says."""
    return terms(
        *debts, **{"bsn": None, "vernieuwing_uri": None, "vernieuwing_index": None} | changes
    )


TERMS = stated(debt(1), debt(2))
DOCUMENT = {**TERMS, "document": True}


def _ldp(suite, name):
    def issue(terms, envelope, by):
        return ldp_vc.issue(
            terms,
            envelope,
            cryptosuite=suite,
            signer=getattr(by, name),
            verification_method=f"{by.did}#{name}",
            json_ld=JSON_LD,
        )

    return issue


def _jwt(module, name):
    def issue(terms, envelope, by):
        method = f"{by.did}#{name}"
        return module.issue(terms, envelope, signer=getattr(by, name), verification_method=method)

    return issue


def _vc11(terms, envelope, by):
    def sign(document):
        return ed25519_signature_2020.add_proof(
            document,
            signer=by.ed25519,
            verification_method=f"{by.did}#ed25519",
            purpose="assertionMethod",
            created=envelope.issued_at,
            json_ld=JSON_LD,
        )

    return ldp_vc.issue_vc11(terms, envelope, sign=sign)


# By a name for the test: the format and what issues in it.
ISSUING = {
    "ldp_vc eddsa": ("ldp_vc", _ldp("eddsa-rdfc-2022", "ed25519")),
    "ldp_vc ecdsa": ("ldp_vc", _ldp("ecdsa-rdfc-2019", "es256")),
    "ldp_vc 1.1": ("ldp_vc", _vc11),
    "jwt_vc_json": ("jwt_vc_json", _jwt(jwt_vc_json, "es256")),
    "vc+jwt": ("vc+jwt", _jwt(vc_jwt, "es256")),
}


@dataclass(frozen=True)
class Kind:
    """A format with one way to issue in it."""

    name: str

    @property
    def format(self):
        return FORMATS[ISSUING[self.name][0]]

    def issue(self, stated=TERMS, *, by=BOXTEL, **changes):
        return ISSUING[self.name][1](stated, envelope(**{"issuer": by.did, **changes}), by)

    def present(self, text, *, signer=HOLDER, audience=AUDIENCE, nonce=NONCE, now=ISSUED):
        return self.format.present(
            text, keep=(), signer=signer, audience=audience, nonce=nonce, now=now
        )

    def open(self, presentation, now=ISSUED, expected=EXPECTED):
        return self.format.open_presentation(presentation, expected=expected, now=now)

    def verify(self, unverified, *, by=BOXTEL, now=ISSUED):
        issuer_key = by.key(unverified.issuer.verification_method)
        return self.format.verify(unverified, issuer_key=issuer_key, now=now)

    def verify_held(self, text, **settings):
        return self.verify(self.format.open_held(text), **settings)

    def entry(self, text):
        """As the text stands in a credential response or a presentation."""
        return strict_json.loads(text) if self.format.ENTRY_TYPE is dict else text


KINDS = [Kind(name) for name in ISSUING]
