"""Getting an identity card from the stand-in that the settings name, and what is checked of it."""

import secrets
from dataclasses import dataclass

from holder_demo.acceptance import RefusedError
from holder_demo.cards import IDENTITY_TERMS, IDENTITY_TYPE, Card, make_card
from vckit import oauth, strict_json, x509
from vckit.errors import HolderBindingError, MalformedValueError, NotRequestedError
from vckit.formats import ProvenCredential, dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.network import Fetcher
from vckit.openid4vci import key_proof

PAGE_PATH = "/identiteitskaart"
_CODE_PATH = f"{PAGE_PATH}/code"
_CARD_PATH = f"{PAGE_PATH}/kaart"
_OK = 200


@dataclass(frozen=True)
class Giver:
    """Who gives the card: its address, and what a person reads as its name."""

    url: str
    name: str

    def code_of(self, bsn: str, *, fetcher: Fetcher) -> str:
        """The code of the person with this BSN; RefusedError when it knows none."""
        return _member("code", fetcher, f"{self.url}{_CODE_PATH}", {"bsn": bsn})

    def card_of(self, code: str, *, fetcher: Fetcher, now: int) -> Card:
        """The card for a code, verified and bound to a key that was made for it alone.

        Raises RefusedError, or a VerificationError when what comes does not hold.
        """
        key = PrivateKey.generate("ES256")
        proof = key_proof.create(key, audience=self.url, nonce=code, now=now)
        form = {"code": code, "proof": proof}
        text = _member("credential", fetcher, f"{self.url}{_CARD_PATH}", form)
        return make_card(
            secrets.token_hex(8),
            text,
            key=key,
            proven=self._verified(text, key, now),
            organisation=self.name,
            now=now,
        )

    def _verified(self, text: str, key: PrivateKey, now: int) -> ProvenCredential:
        """It speaks for its giver alone; whoever it is shown to judges who that is."""
        chain = x509.parse_x5c(dc_sd_jwt.unverified_issuer(text).x5c)
        proven = dc_sd_jwt.verify(
            text, issuer_key=x509.public_key(chain[0]), key_binding=None, now=now
        )
        proven.validity.check(now)
        if proven.holder_key != key.public:
            raise HolderBindingError("The card is bound to another key than ours.")
        if proven.type != IDENTITY_TYPE or proven.issuer != self.url:
            raise NotRequestedError("This is no identity card of who was asked for it.")
        if not all(isinstance(proven.claims.get(term), str) for term in IDENTITY_TERMS):
            raise MalformedValueError("The identity card lacks a term.")
        return proven


def _member(name: str, fetcher: Fetcher, url: str, form: dict[str, str]) -> str:
    answer = fetcher.post(url, form=form)
    if answer.status != _OK:
        raise RefusedError(oauth.unverified_error_code(answer.body))
    value = strict_json.loads_object(answer.body).get(name)
    if not isinstance(value, str):
        raise MalformedValueError("The answer is not what was asked.")
    return value
