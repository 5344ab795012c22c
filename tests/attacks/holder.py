"""A wallet over plain HTTP that does exactly what it is told, honest or not."""

import time
from dataclasses import dataclass, field
from typing import Any

from tests.attacks.exchange import Answer, post
from vckit import jose, strict_json
from vckit.formats import Format, dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.openid4vci import credential, key_proof, token
from vckit.sd_jwt import disclosures_by_path

CONFIGURATION = "schuldenopgave_sd_jwt"


def new_key() -> PrivateKey:
    return PrivateKey.generate("ES256")


@dataclass(frozen=True)
class Card:
    """A credential and its holder's key."""

    text: str
    key: PrivateKey

    def present(
        self,
        audience: str,
        nonce: str,
        *,
        signer: PrivateKey | None = None,
        bsn: bool = False,
        at: int | None = None,
    ) -> str:
        """Everything but the BSN, bound by the holder (or by whoever says to be)."""
        paths = [path for path in disclosures_by_path(self.text) if bsn or path != ("bsn",)]
        return dc_sd_jwt.present(
            self.text,
            keep=paths,
            signer=signer or self.key,
            audience=audience,
            nonce=nonce,
            now=int(time.time()) if at is None else at,
        )


@dataclass(frozen=True)
class Presented:
    """A presentation and the query that it answers; a plain string answers the SD-JWT query."""

    query_id: str
    presentation: Any


# The query of each W3C format.
QUERY_IDS = {
    "ldp_vc": "schuldenopgave_ldp",
    "jwt_vc_json": "schuldenopgave_jwt_vc",
    "vc+jwt": "schuldenopgave_vc_jwt",
}


@dataclass(frozen=True)
class W3cCard:
    """A credential of a W3C format and its holder's key."""

    text: str
    key: PrivateKey
    format: Format

    @property
    def document(self) -> dict[str, Any]:
        """A copy of what is signed, with its proof; of a JWT the claims."""
        if self.format.ENTRY_TYPE is dict:
            return strict_json.loads_object(self.text)
        return jose.parse(self.text).claims()

    def present(
        self, audience: str, nonce: str, *, signer: PrivateKey | None = None, at: int | None = None
    ) -> Presented:
        """The whole credential, bound by its holder."""
        entry = self.format.present(
            self.text,
            keep=(),
            signer=signer or self.key,
            audience=audience,
            nonce=nonce,
            now=int(time.time()) if at is None else at,
        )
        return Presented(QUERY_IDS[self.format.FORMAT], entry)


@dataclass
class Holder:
    """A wallet at one issuer, whose base URL is `issuer`."""

    issuer: str
    key: PrivateKey = field(default_factory=new_key)

    def redeem(self, code: str, tx_code: str | None = None, **more: str) -> Answer:
        return post(f"{self.issuer}/token", data={**token.request_form(code, tx_code), **more})

    def access_token(self, code: str, tx_code: str | None = None) -> str:
        answer = self.redeem(code, tx_code)
        assert answer.status == 200, answer.body
        return str(answer.json()["access_token"])

    def nonce(self) -> str:
        return str(post(f"{self.issuer}/nonce").json()["c_nonce"])

    def proof(
        self, *, key: PrivateKey | None = None, header: Any = None, without: Any = (), **claims: Any
    ) -> str:
        """A key proof, right but for the changes of header and claims; None leaves one out."""
        signer = key or self.key
        right = {"aud": self.issuer, "iat": int(time.time())}
        members = {**right, **({} if "nonce" in claims else {"nonce": self.nonce()}), **claims}
        named = {"typ": key_proof.TYP, "jwk": self.key.public.to_jwk(), **(header or {})}
        return jose.sign(
            {name: value for name, value in named.items() if value is not None},
            {name: value for name, value in members.items() if name not in without},
            signer,
        )

    def fetch(self, access_token: str, *proofs: str, **changes: Any) -> Answer:
        """A credential request with these proofs; `changes` replace members, None removes one."""
        body = {**credential.request_body(CONFIGURATION, proofs), **changes}
        kept = {name: value for name, value in body.items() if value is not None}
        return self.request(access_token, json=kept)

    def request(self, access_token: str | None, **given: Any) -> Answer:
        headers = dict(given.pop("headers", {}))
        if access_token is not None:
            headers["Authorization"] = f"Bearer {access_token}"
        return post(f"{self.issuer}/credential", headers=headers, **given)

    def card(self, code: str) -> Card:
        """The honest way from a code to a card."""
        answer = self.fetch(self.access_token(code), self.proof())
        return Card(credential_of(answer), self.key)


def credential_of(answer: Answer) -> str:
    """The one credential of a good answer."""
    assert answer.status == 200, answer.body
    assert "no-store" in answer.headers["Cache-Control"]
    [found] = answer.json()["credentials"]
    return str(found["credential"])
