"""How each credential is made: a row says its format, key, status mechanism and function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from issuer.configurations import ids
from issuer.configurations.identity import Identity
from issuer.configurations.pen import Pen
from vckit import x509
from vckit.data_model import ED25519_2020, V2, V11, Envelope
from vckit.errors import ConfigurationError
from vckit.formats import Format, dc_sd_jwt, jwt_vc_json, ldp_vc, vc_jwt
from vckit.keys import EDDSA, ES256, PublicKey
from vckit.rdf import JsonLd
from vckit.status import StatusReference

EDDSA_SUITE: Final = "eddsa-rdfc-2022"
ECDSA_SUITE: Final = "ecdsa-rdfc-2019"
LEGACY_SUITE: Final = "Ed25519Signature2020"
# The forms that status lists are published in.
TOKEN_LIST: Final = "token"  # noqa: S105  a form of lists
BITSTRING_LIST: Final = "bitstring"


@dataclass(frozen=True)
class Linked:
    """What W3C formats need beside: our DID, and where the scheme publishes the words."""

    identity: Identity
    context_url: str
    schema_url: str
    json_ld: JsonLd


@dataclass(frozen=True)
class Letterhead:
    """What an organisation signs with and under which names; `chain` leaf first, without root.

    `formats` verify our own products; without `linked` only SD-JWT VCs are given.
    """

    base_url: str
    vct: str
    vct_integrity: str
    chain: Sequence[x509.Certificate]
    formats: Mapping[str, Format]
    linked: Linked | None

    def require_linked(self) -> Linked:
        """What W3C formats are made with; ConfigurationError where they are not given."""
        if self.linked is None:
            raise ConfigurationError("w3c: this organisation gives no W3C formats")
        return self.linked


@dataclass(frozen=True)
class Holder:
    """Who a statement is bound to: the key of the key proof, and the DID that stands for it."""

    key: PublicKey
    did: str


@dataclass(frozen=True)
class Draft:
    """A statement before its signature; times in epoch seconds, no holder for a document.

    `new_salt` and `new_id` give the randomness of the form, the same in a repetition.
    """

    terms: Mapping[str, Any]
    holder: Holder | None
    revocation: StatusReference
    refresh: StatusReference
    issued_at: int
    expires_at: int
    inline_context: bool
    new_salt: Callable[[], str]
    new_id: Callable[[], str]

    def envelope(self, linked: Linked) -> Envelope:
        """What a W3C credential says beside the terms."""
        return Envelope(
            issuer=linked.identity.did,
            holder_id=self.holder.did if self.holder else None,
            statuses=(self.revocation, self.refresh),
            issued_at=self.issued_at,
            expires=self.expires_at,
            schema_url=linked.schema_url,
            context_url=None if self.inline_context else linked.context_url,
            new_id=self.new_id,
        )


def _sd_jwt(draft: Draft, letterhead: Letterhead, pen: Pen) -> str:
    return dc_sd_jwt.issue(
        draft.terms,
        vct=letterhead.vct,
        vct_integrity=letterhead.vct_integrity,
        issuer=letterhead.base_url,
        chain=letterhead.chain,
        signer=pen,
        holder_key=draft.holder.key if draft.holder else None,
        revocation=draft.revocation,
        issued_at=draft.issued_at,
        expires=draft.expires_at,
        new_salt=draft.new_salt,
    )


def _ldp_eddsa(draft: Draft, letterhead: Letterhead, pen: Pen) -> str:
    linked = letterhead.require_linked()
    return _ldp(draft, linked, pen, linked.identity.eddsa, EDDSA_SUITE)


def _ldp_ecdsa(draft: Draft, letterhead: Letterhead, pen: Pen) -> str:
    linked = letterhead.require_linked()
    return _ldp(draft, linked, pen, linked.identity.ecdsa, ECDSA_SUITE)


def _ldp(draft: Draft, linked: Linked, pen: Pen, method: str, suite: str) -> str:
    return ldp_vc.issue(
        draft.terms,
        draft.envelope(linked),
        cryptosuite=suite,
        signer=pen,
        verification_method=method,
        json_ld=linked.json_ld,
    )


def _vc11(draft: Draft, letterhead: Letterhead, pen: Pen) -> str:
    linked = letterhead.require_linked()

    def sign(credential: Mapping[str, Any]) -> Mapping[str, Any]:
        return pen.prove_by_didkit(
            credential,
            verification_method=linked.identity.legacy,
            issuer=linked.identity.document,
            created=draft.issued_at,
            json_ld=linked.json_ld,
        )

    return ldp_vc.issue_vc11(draft.terms, draft.envelope(linked), sign=sign)


def _jwt_vc(draft: Draft, letterhead: Letterhead, pen: Pen) -> str:
    linked = letterhead.require_linked()
    envelope, method = draft.envelope(linked), linked.identity.ecdsa
    return jwt_vc_json.issue(draft.terms, envelope, signer=pen, verification_method=method)


def _vc_jwt(draft: Draft, letterhead: Letterhead, pen: Pen) -> str:
    linked = letterhead.require_linked()
    envelope, method = draft.envelope(linked), linked.identity.ecdsa
    return vc_jwt.issue(draft.terms, envelope, signer=pen, verification_method=method)


@dataclass(frozen=True)
class Configuration:
    """One credential that wallets can ask for.

    `algorithm` chooses the organisation's key, `proof` is what metadata calls it, `status_list`
    the form of the lists that it refers to, `contexts` the public contexts of a format in JSON-LD.
    """

    format: str
    algorithm: str
    proof: str
    status_list: str
    make: Callable[[Draft, Letterhead, Pen], str]
    contexts: tuple[str, ...] | None = None

    @property
    def is_linked(self) -> bool:
        """A W3C format: issued by a DID, without selective disclosure."""
        return self.format != dc_sd_jwt.FORMAT


CONFIGURATIONS: Final[dict[str, Configuration]] = {
    ids.RICH_SD_JWT: Configuration(dc_sd_jwt.FORMAT, ES256, ES256, TOKEN_LIST, _sd_jwt),
    ids.LDP_EDDSA: Configuration(
        ldp_vc.FORMAT, EDDSA, EDDSA_SUITE, BITSTRING_LIST, _ldp_eddsa, (V2.base,)
    ),
    ids.LDP_ECDSA: Configuration(
        ldp_vc.FORMAT, ES256, ECDSA_SUITE, BITSTRING_LIST, _ldp_ecdsa, (V2.base,)
    ),
    ids.JWT_VC: Configuration(jwt_vc_json.FORMAT, ES256, ES256, BITSTRING_LIST, _jwt_vc),
    ids.VC_JWT: Configuration(vc_jwt.FORMAT, ES256, ES256, BITSTRING_LIST, _vc_jwt),
    ids.VC11: Configuration(
        ldp_vc.FORMAT, EDDSA, LEGACY_SUITE, BITSTRING_LIST, _vc11, (V11.base, ED25519_2020)
    ),
}
