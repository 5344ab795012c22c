"""From an access token and key proofs to signed statements, each exactly once.

The order is that of security.md "Order of one issuance": judge everything; record what will be
signed; sign; verify our own product; answer. The store keeps a digest and a seed, never the
credential, and forgets the seed with the wallet's notification or the end of the token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from issuer import claims
from issuer.claims import TooManyDebtsError
from issuer.config import Source
from issuer.configurations import CONFIGURATIONS, DOCUMENT
from issuer.debts.register import Register
from issuer.keyring import Keyring, digest
from issuer.person import Person
from issuer.publication import Publication
from issuer.store import Store
from issuer.store.intents import (
    Claim,
    GrantEndedError,
    Intent,
    NonceSpentError,
    RefusedError,
)
from issuer.store.offers import Grant
from vckit import oauth, statement, x509
from vckit.encoding import b64url_encode
from vckit.errors import KitError
from vckit.formats import dc_sd_jwt
from vckit.keys import PublicKey
from vckit.openid4vci import credential, key_proof, notification
from vckit.openid4vci.credential import CredentialRequest
from vckit.openid4vci.key_proof import UnspentProof
from vckit.openid4vci.notification import Notification
from vckit.signers import Signer

_DAY_SECONDS: Final = 86_400
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")


class OwnProductError(KitError):
    """What we signed is not what we meant to sign; it does not leave."""


@dataclass(frozen=True)
class Letterhead:
    """What every statement of an organisation is made with; validity in days."""

    issuer: claims.Issuer
    sources: Sequence[Source]
    base_url: str
    vct: str
    vct_integrity: str
    signer: Signer
    chain: Sequence[x509.Certificate]
    days: int
    document_days: int


@dataclass(frozen=True)
class Issued:
    """A signed statement, its terms, and the record that it can be withdrawn by."""

    text: str
    terms: dict[str, Any]
    record_id: str
    issued_at: int
    expires_at: int


@dataclass(frozen=True)
class Issuance:
    """Issues the statements of one organisation."""

    store: Store
    keyring: Keyring
    register: Register
    publication: Publication
    letterhead: Letterhead

    def authenticate(self, access_token: str, now: int) -> Grant:
        """What the token stands for; InvalidToken when it does not hold."""
        grant = self.store.offers.authenticate(oauth.token_digest(access_token), now)
        if grant is None:
            raise oauth.InvalidToken("The access token is unknown, revoked or has expired.")
        return grant

    def issue(self, grant: Grant, request: CredentialRequest, now: int) -> dict[str, Any]:
        """Answer a credential request (OpenID4VCI 8.3); every refusal is a ProtocolError of it."""
        _check_reach(grant, request.configuration_id)
        proofs = key_proof.verify_all(request.proofs, audience=self.letterhead.base_url, now=now)
        keys = {proof.holder_key.thumbprint(): proof.holder_key for proof in proofs}
        notification_id = self.keyring.notification_id(grant.grant_id, keys)
        claim = Claim(
            grant_id=grant.grant_id,
            configuration=request.configuration_id,
            pseudonym=grant.pseudonym,
            thumbprints=tuple(keys),
            nonces=self._nonces(proofs, now),
            notification_digest=digest(notification_id),
            key_id=self.letterhead.signer.public_key.thumbprint(),
            issued_at=day_start(now),
            expires_at=day_start(now) + self.letterhead.days * _DAY_SECONDS,
            seed_until=grant.expires_at,
            now=now,
        )
        issued = self._make(claim, _Batch(self, grant.person, keys), now)
        return credential.response([one.text for one in issued], notification_id)

    def document(self, person: Person, now: int) -> Issued:
        """A statement without holder, to be attached to a certified document."""
        claim = Claim(
            grant_id=None,
            configuration=DOCUMENT,
            pseudonym=self.keyring.pseudonym(person.bsn),
            thumbprints=(None,),
            nonces={},
            notification_digest=None,
            key_id=self.letterhead.signer.public_key.thumbprint(),
            issued_at=day_start(now),
            expires_at=day_start(now) + self.letterhead.document_days * _DAY_SECONDS,
            seed_until=now,
            now=now,
        )
        return self._make(claim, _Batch(self, person, {}), now)[0]

    def notify(self, grant: Grant, told: Notification) -> None:
        """Take the wallet's report (OpenID4VCI 11): from then on nothing can be made again."""
        known = digest(told.notification_id)
        if not self.store.records.notify(known, grant.grant_id, told.event):
            raise notification.InvalidNotificationId("The notification id is not known.")

    def _nonces(self, proofs: Sequence[UnspentProof], now: int) -> dict[str, int]:
        expiries = {proof.nonce: self.keyring.nonce_expiry(proof.nonce, now) for proof in proofs}
        spendable = {nonce: expiry for nonce, expiry in expiries.items() if expiry is not None}
        if len(spendable) != len(expiries):
            raise credential.InvalidNonce("A nonce is not ours or has expired.")
        return {digest(nonce): expiry for nonce, expiry in spendable.items()}

    def _make(self, claim: Claim, batch: "_Batch", now: int) -> list[Issued]:
        try:
            intents = self.store.intents.claim(claim, batch.content_digest)
        except NonceSpentError:
            raise credential.InvalidNonce("A nonce was used before.") from None
        except GrantEndedError:
            raise oauth.InvalidToken("The access token holds no more.") from None
        except (RefusedError, TooManyDebtsError) as error:
            raise credential.CredentialRequestDenied(str(error)) from None
        return [batch.signed(intent, now) for intent in intents]


class _Batch:
    """The statements of one request, from what is recorded to what is signed."""

    def __init__(self, issuance: Issuance, person: Person, keys: dict[str, PublicKey]) -> None:
        self._issuance = issuance
        self._person = person
        self._keys = keys
        self._terms: dict[str, dict[str, Any]] = {}
        self._digests: dict[str, str] = {}

    def content_digest(self, intent: Intent) -> str:
        """Compose from the register as it is now; called inside the recording transaction."""
        self._terms[intent.record_id] = self._compose(intent)
        unsigned = _Unsigned(self._issuance.letterhead.signer)
        self._text(intent, unsigned)
        self._digests[intent.record_id] = unsigned.content_digest
        return unsigned.content_digest

    def signed(self, intent: Intent, now: int) -> Issued:
        """Sign what was recorded, and verify it as a stranger would before it leaves."""
        text = self._text(intent, self._issuance.letterhead.signer)
        self._check(intent, text, now)
        return Issued(
            text=text,
            terms=self._terms[intent.record_id],
            record_id=intent.record_id,
            issued_at=intent.issued_at,
            expires_at=intent.expires_at,
        )

    def _compose(self, intent: Intent) -> dict[str, Any]:
        issuance, person = self._issuance, self._person
        letterhead = issuance.letterhead
        randomness = issuance.keyring.randomness(intent.record_id, intent.seed_part)
        return claims.build_statement(
            person,
            issuance.register.account_of(
                person.bsn, letterhead.sources, birthdate=person.birthdate
            ),
            letterhead.issuer,
            reference=UUID(bytes=randomness.draw(), version=4).urn,
            new_salt=randomness.salt,
            now=intent.issued_at,
            refresh=issuance.publication.reference("refresh", intent.refresh),
            document=intent.thumbprint is None,
        )

    def _text(self, intent: Intent, signer: Signer) -> str:
        letterhead = self._issuance.letterhead
        # The salts of the proof come from a stream of their own, beside those of the debts.
        salts = self._issuance.keyring.randomness(f"{intent.record_id}/proof", intent.seed_part)
        return dc_sd_jwt.issue(
            self._terms[intent.record_id],
            vct=letterhead.vct,
            vct_integrity=letterhead.vct_integrity,
            issuer=letterhead.base_url,
            chain=letterhead.chain,
            signer=signer,
            holder_key=self._holder_key(intent),
            revocation=self._issuance.publication.reference("revocation", intent.revocation),
            issued_at=intent.issued_at,
            expires=intent.expires_at,
            new_salt=salts.salt,
        )

    def _holder_key(self, intent: Intent) -> PublicKey | None:
        return None if intent.thumbprint is None else self._keys[intent.thumbprint]

    def _check(self, intent: Intent, text: str, now: int) -> None:
        key = self._issuance.letterhead.signer.public_key
        proven = dc_sd_jwt.verify(text, issuer_key=key, key_binding=None, now=now)
        proven.validity.check(now)
        statement.validate(proven.claims)
        unchanged = proven.claims == self._terms[intent.record_id]
        if not unchanged or _content_digest(text) != self._digests[intent.record_id]:
            raise OwnProductError("the signed statement is not the recorded one")
        if proven.holder_key != self._holder_key(intent):
            raise OwnProductError("the signed statement is bound to another key")


class _Unsigned:
    """Stands where the signer stands and only takes down what would be signed."""

    def __init__(self, signer: Signer) -> None:
        self.algorithm = signer.algorithm
        self.public_key = signer.public_key
        self.content_digest = ""

    def sign(self, data: bytes) -> bytes:
        """Digest the signing input (RFC 7515 5.1 step 5); the signature is left blank."""
        self.content_digest = b64url_encode(sha256(data).digest())
        return bytes(64)


def _content_digest(text: str) -> str:
    signing_input = text.partition("~")[0].rpartition(".")[0]
    return b64url_encode(sha256(signing_input.encode("ascii")).digest())


def _check_reach(grant: Grant, configuration_id: str) -> None:
    if configuration_id not in CONFIGURATIONS:
        raise credential.UnknownCredentialConfiguration("There is no such credential.")
    if configuration_id not in grant.configurations:
        raise oauth.InsufficientScope("The access token is for another credential.")


def day_start(now: int) -> int:
    """Epoch seconds of 00:00 in Europe/Amsterdam: the moment of issue tells no more than a day."""
    day = datetime.fromtimestamp(now, _CALENDAR)
    return int(day.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
