"""From an access token and key proofs to signed statements, each exactly once.

The order is that of security.md "Order of one issuance": judge everything; record what will be
signed; sign; verify our own product; answer. The store keeps a digest and a seed, never the
credential, and forgets the seed with the wallet's notification or the end of the token.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from issuer.claims import TooManyDebtsError
from issuer.configurations.making import Configuration, Holder
from issuer.configurations.profiles import Profiles
from issuer.issuance import document
from issuer.issuance.batch import (
    DAY_SECONDS,
    Batch,
    Issued,
    OwnProductError,
    Rules,
    Workshop,
    day_start,
)
from issuer.issuance.document import Document
from issuer.keyring import digest
from issuer.person import Person
from issuer.store import Store
from issuer.store.intents import Claim, GrantEndedError, NonceSpentError, RefusedError
from issuer.store.offers import Grant
from vckit import oauth
from vckit.data_integrity.didkit_child import UnavailableError
from vckit.did import jwk
from vckit.errors import PolicyLimitError
from vckit.openid4vci import credential, key_proof, notification
from vckit.openid4vci.credential import CredentialRequest
from vckit.openid4vci.key_proof import UnspentProof
from vckit.openid4vci.notification import Notification

__all__ = ["Document", "Issuance", "Issued", "OwnProductError", "Rules", "Workshop", "day_start"]


@dataclass(frozen=True)
class Issuance:
    """Issues the statements of one organisation; `configurations` are those that it gives."""

    store: Store
    workshop: Workshop
    profiles: Profiles
    configurations: Mapping[str, Configuration]

    def authenticate(self, access_token: str, now: int) -> Grant:
        """What the token stands for; InvalidToken when it does not hold."""
        grant = self.store.offers.authenticate(oauth.token_digest(access_token), now)
        if grant is None:
            raise oauth.InvalidToken("The access token is unknown, revoked or has expired.")
        return grant

    def issue(self, grant: Grant, request: CredentialRequest, now: int) -> dict[str, Any]:
        """Answer a credential request (OpenID4VCI 8.3); every refusal is a ProtocolError of it."""
        configuration = self._reached(grant, request.configuration_id)
        letterhead, keyring = self.workshop.letterhead, self.workshop.keyring
        proofs = key_proof.verify_all(request.proofs, audience=letterhead.base_url, now=now)
        holders = {proof.holder_key.thumbprint(): _holder(proof) for proof in proofs}
        notification_id = keyring.notification_id(grant.grant_id, request.configuration_id, holders)
        claim = Claim(
            grant_id=grant.grant_id,
            configuration=request.configuration_id,
            pseudonym=grant.pseudonym,
            thumbprints=tuple(holders),
            nonces=self._nonces(proofs, now),
            notification_digest=digest(notification_id),
            key_id=self.workshop.signer(configuration).public_key.thumbprint(),
            issued_at=day_start(now),
            expires_at=day_start(now) + self.workshop.rules.days * DAY_SECONDS,
            seed_until=grant.expires_at,
            now=now,
        )
        inline = self._context_is_inline(grant)
        batch = Batch(self.workshop, configuration, grant.person, holders, inline_context=inline)
        texts = [one.text for one in self._make(claim, batch, now)]
        return credential.response(self._entries(configuration, texts), notification_id)

    def document(self, person: Person, now: int) -> Document:
        """A statement without holder, to be attached to a certified document."""
        try:
            return document.issue(self.store.intents, self.workshop, person, now)
        except TooManyDebtsError as error:
            raise credential.CredentialRequestDenied(str(error)) from None

    def notify(self, grant: Grant, told: Notification) -> None:
        """Take the wallet's report (OpenID4VCI 11): from then on nothing can be made again."""
        known = digest(told.notification_id)
        if not self.store.records.notify(known, grant.grant_id, told.event):
            raise notification.InvalidNotificationId("The notification id is not known.")

    def _reached(self, grant: Grant, configuration_id: str) -> Configuration:
        if configuration_id not in self.configurations:
            raise credential.UnknownCredentialConfiguration("There is no such credential.")
        if configuration_id not in grant.configurations:
            raise oauth.InsufficientScope("The access token is for another credential.")
        return self.configurations[configuration_id]

    def _context_is_inline(self, grant: Grant) -> bool:
        if grant.profile not in self.profiles:
            raise credential.CredentialRequestDenied("What was offered is given no more.")
        return self.profiles[grant.profile].context == "inline"

    def _nonces(self, proofs: Sequence[UnspentProof], now: int) -> dict[str, int]:
        keyring = self.workshop.keyring
        expiries = {proof.nonce: keyring.nonce_expiry(proof.nonce, now) for proof in proofs}
        spendable = {nonce: expiry for nonce, expiry in expiries.items() if expiry is not None}
        if len(spendable) != len(expiries):
            raise credential.InvalidNonce("A nonce is not ours or has expired.")
        return {digest(nonce): expiry for nonce, expiry in spendable.items()}

    def _make(self, claim: Claim, batch: Batch, now: int) -> list[Issued]:
        try:
            intents = self.store.intents.claim(claim, batch.content_digest)
        except NonceSpentError:
            raise credential.InvalidNonce("A nonce was used before.") from None
        except GrantEndedError:
            raise oauth.InvalidToken("The access token holds no more.") from None
        except (RefusedError, TooManyDebtsError) as error:
            raise credential.CredentialRequestDenied(str(error)) from None
        except PolicyLimitError:
            # What is bounded for whoever reads linked data is bounded for us who write it.
            raise credential.CredentialRequestDenied("This format can't carry so much.") from None
        try:
            return [batch.signed(intent, now) for intent in intents]
        except UnavailableError:
            # Nothing was given, so the same proofs are good once more.
            self.store.intents.give_back(claim.nonces)
            raise oauth.TemporarilyUnavailable("This credential can't be made now.") from None

    def _entries(self, configuration: Configuration, texts: Sequence[str]) -> Sequence[Any]:
        """OpenID4VCI A.1.2.4: what is a JSON object stands in the answer as one."""
        entry_type = self.workshop.letterhead.formats[configuration.format].ENTRY_TYPE
        return texts if entry_type is str else [json.loads(text) for text in texts]


def _holder(proof: UnspentProof) -> Holder:
    """Who proved the key: under the DID that the wallet named, or that of the bare key."""
    return Holder(proof.holder_key, proof.holder_id or jwk.of(proof.holder_key))
