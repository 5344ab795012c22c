"""Offers to a wallet: made for a person who is known, fetched at will, redeemed once."""

import hmac
import secrets
from dataclasses import dataclass
from typing import Any, Final

from issuer.config import Profile
from issuer.configurations.profiles import Profiles
from issuer.keyring import Keyring, digest, new_identifier, new_transaction_code
from issuer.person import Person
from issuer.store import Store
from issuer.store.offers import Channel, Fetched, Offer
from vckit import oauth
from vckit.errors import KitError
from vckit.openid4vci import offer, token
from vckit.openid4vci.offer import CredentialOffer, TxCode
from vckit.openid4vci.token import PreAuthorizedRequest

# wire.md "Transaction code and channels"; a bearer token lives five minutes at most (A25).
LIFE_SECONDS: Final[dict[Channel, int]] = {"page": 120, "desk": 600}
TOKEN_SECONDS: Final = 300
_CODE_LENGTH: Final = 6


class ProfileError(KitError):
    """There is no such profile, or not with what was asked."""


@dataclass(frozen=True)
class Made:
    """A new offer as it is handed over; the transaction code goes by another way than the link."""

    offer: CredentialOffer
    uri: str
    link: str
    transaction_code: str | None
    expires_at: int


@dataclass(frozen=True)
class Offering:
    """Makes and redeems the offers of one organisation."""

    store: Store
    keyring: Keyring
    base_url: str
    profiles: Profiles

    def profile(self, name: str) -> Profile:
        """The profile of this name; ProfileError tells which there are."""
        found = self.profiles.get(name)
        if found is None:
            raise ProfileError(f"the profiles are: {', '.join(sorted(self.profiles))}")
        return found

    def on_page(self, person: Person, login_id: str, profile: Profile, now: int) -> str:
        """Offer to who is logged in: two minutes, void at log-out, no code beside the QR.

        Gives the id of the offer, which opens nothing by itself.
        """
        login = self.keyring.login_digest(login_id)
        return self._add(person, profile, "page", now, login_digest=login, transaction_code=None)

    def at_desk(self, person: Person, profile: Profile, now: int, *, with_code: bool) -> Made:
        """Offer to who was identified at the desk: ten minutes.

        ProfileError where wallets of this profile can't ask for a transaction code.
        """
        if with_code and profile.tx_code == "never":
            raise ProfileError("wallets of this profile take no transaction code")
        code = new_transaction_code() if with_code else None
        offer_id = self._add(person, profile, "desk", now, login_digest=None, transaction_code=code)
        uri = self.uri(offer_id)
        return Made(
            offer=self._offer(offer_id, profile.configurations, coded=with_code),
            uri=uri,
            link=offer.by_reference(profile.offer_endpoint, uri),
            transaction_code=code,
            expires_at=now + LIFE_SECONDS["desk"],
        )

    def uri(self, offer_id: str) -> str:
        """Where a wallet fetches the offer; who knows it can redeem the offer."""
        return f"{self.base_url}/offers/{self.keyring.offer_reference(offer_id)}"

    def _add(
        self,
        person: Person,
        profile: Profile,
        channel: Channel,
        now: int,
        *,
        login_digest: str | None,
        transaction_code: str | None,
    ) -> str:
        offer_id = new_identifier()
        code_digest = digest(self.keyring.offer_code(offer_id))
        self.store.purge(now)
        self.store.offers.add(
            Offer(
                offer_id=offer_id,
                reference_digest=digest(self.keyring.offer_reference(offer_id)),
                code_digest=code_digest,
                transaction_code_digest=transaction_code
                and self.keyring.transaction_code_digest(code_digest, transaction_code),
                channel=channel,
                login_digest=login_digest,
                pseudonym=self.keyring.pseudonym(person.bsn),
                person=person,
                profile=profile.name,
                configurations=profile.configurations,
                created_at=now,
                expires_at=now + LIFE_SECONDS[channel],
            )
        )
        return offer_id

    def fetch(self, reference: str, now: int) -> CredentialOffer | None:
        """The offer behind a link, as often as it is asked for (security.md G16)."""
        found = self.store.offers.fetch(digest(reference), now)
        return None if found is None else self._fetched(found)

    def _fetched(self, found: Fetched) -> CredentialOffer:
        return self._offer(found.offer_id, found.configurations, coded=found.needs_transaction_code)

    def _offer(
        self, offer_id: str, configurations: tuple[str, ...], *, coded: bool
    ) -> CredentialOffer:
        return CredentialOffer(
            credential_issuer=self.base_url,
            configuration_ids=configurations,
            pre_authorized_code=self.keyring.offer_code(offer_id),
            tx_code=TxCode(length=_CODE_LENGTH) if coded else None,
        )

    def redeem(self, request: PreAuthorizedRequest, now: int) -> dict[str, Any]:
        """Exchange a code for an access token (OpenID4VCI 6), once.

        Raises InvalidGrant, and InvalidRequest where a transaction code is missing or was not
        asked for (6.3).
        """
        code_digest = digest(request.pre_authorized_code)
        needs_code = self.store.offers.needs_transaction_code(code_digest, now)
        if needs_code is not None:
            self._judge_transaction_code(code_digest, request.tx_code, now, needed=needs_code)
        access_token = oauth.new_token()
        self.store.purge(now)
        if not self.store.offers.redeem(
            code_digest,
            grant_id=secrets.token_urlsafe(16),
            token_digest=oauth.token_digest(access_token),
            expires_at=now + TOKEN_SECONDS,
            now=now,
        ):
            raise oauth.InvalidGrant("The code is unknown, used or has expired.")
        return token.token_response(access_token, TOKEN_SECONDS)

    def _judge_transaction_code(
        self, code_digest: str, given: str | None, now: int, *, needed: bool
    ) -> None:
        if needed is not (given is not None):
            raise oauth.InvalidRequest("The transaction code is missing or was not asked for.")
        if given is None:
            return
        # The attempt is on disk before anything is compared (security.md G08).
        expected = self.store.offers.count_attempt(code_digest, now)
        made = self.keyring.transaction_code_digest(code_digest, given)
        if expected is None or not hmac.compare_digest(expected, made):
            raise oauth.InvalidGrant("The transaction code is wrong, or was wrong too often.")
