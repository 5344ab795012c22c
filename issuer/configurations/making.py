"""How each credential is made: a row says its format, key, status mechanism and function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from issuer.configurations import ids
from issuer.configurations.pen import Pen
from vckit import x509
from vckit.data_model import Envelope
from vckit.formats import Format, dc_sd_jwt
from vckit.keys import ES256, PublicKey
from vckit.status import StatusReference, token_status_list


@dataclass(frozen=True)
class Linked:
    """What W3C formats need beside: our DID, and where the scheme publishes the words."""

    did: str
    context_url: str
    schema_url: str
    json_ld: Any

    def method(self, key: PublicKey) -> str:
        """The DID URL of one of our keys: a new key never has the name of an old one."""
        return f"{self.did}#{key.thumbprint()}"

    def legacy_method(self, key: PublicKey) -> str:
        """The same key as wallets of data model 1.1 read it."""
        return f"{self.method(key)}-2020"


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
            issuer=linked.did,
            holder_id=self.holder.did if self.holder else None,
            statuses=(self.revocation, self.refresh),
            issued_at=self.issued_at,
            expires=self.expires_at,
            schema_url=linked.schema_url,
            context_url=None if self.inline_context else linked.context_url,
            new_id=self.new_id,
        )


@dataclass(frozen=True)
class Configuration:
    """One credential that wallets can ask for.

    `algorithm` chooses the organisation's key, `proof` is what metadata calls it. What has no
    selective disclosure is stated openly.
    """

    format: str
    algorithm: str
    proof: str
    mechanism: str
    make: Callable[[Draft, Letterhead, Pen], str]

    @property
    def is_linked(self) -> bool:
        """A W3C format: issued by a DID, without selective disclosure."""
        return self.format != dc_sd_jwt.FORMAT


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


CONFIGURATIONS: Final[dict[str, Configuration]] = {
    ids.RICH_SD_JWT: Configuration(
        dc_sd_jwt.FORMAT, ES256, ES256, token_status_list.MEMBER, _sd_jwt
    ),
}
