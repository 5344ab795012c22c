"""The stand-in's identity card: whoever one chooses to be there, as a credential for a wallet.

A hand-over of the demo's own, since its stand-in and its wallet belong together: a code for the
chosen person, once and for five minutes, and for the code with a key proof (OpenID4VCI F.1) the
credential. Like everything of the stand-in it proves nothing about anybody.
"""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import flask
import flask.typing

from holder_demo.cards import IDENTITY_TYPE
from holder_demo.persons import Person
from vckit import sd_jwt, x509
from vckit.errors import KitError
from vckit.formats import dc_sd_jwt
from vckit.keys import PublicKey
from vckit.openid4vci import key_proof
from vckit.openid4vci.credential import InvalidProof
from vckit.signers import Signer

PAGE_PATH: Final = "/identiteitskaart"
CODE_PATH: Final = f"{PAGE_PATH}/code"
CARD_PATH: Final = f"{PAGE_PATH}/kaart"
CODE_SECONDS: Final = 300
LIFE_SECONDS: Final = 86_400
_MOST_CODES: Final = 100
_ADMITTED: Final = frozenset({"resident", "representative"})

Key = tuple[Signer, Sequence[x509.Certificate]]


@dataclass(frozen=True)
class Registry:
    """Whom cards are made of, by whom and for which wallets (their origins)."""

    base_url: str
    key: Key
    persons: Mapping[str, Person]
    wallets: Sequence[str]
    clock: Callable[[], float] = time.time

    @property
    def admitted(self) -> list[tuple[str, Person]]:
        """Everybody who may have a card, by log-in."""
        return [(login, one) for login, one in self.persons.items() if one.kind in _ADMITTED]


class Codes:
    """The codes that were not used yet, in memory."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._given: dict[str, tuple[Person, float]] = {}

    def give(self, person: Person) -> str:
        """A new code for a person."""
        code = secrets.token_urlsafe(32)
        self._given[code] = (person, self._clock() + CODE_SECONDS)
        while len(self._given) > _MOST_CODES:
            del self._given[next(iter(self._given))]
        return code

    def redeem(self, code: str) -> Person | None:
        """Whose code it is, once and in time."""
        person, until = self._given.pop(code, (None, 0.0))
        return person if self._clock() < until else None


def issue(person: Person, registry: Registry, holder_key: PublicKey, now: int) -> str:
    """The credential of a person for the holder of a key; `now` is epoch seconds."""
    signer, chain = registry.key
    about = {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birthdate": person.birthdate,
    }
    return sd_jwt.issue(
        {
            "iss": registry.base_url,
            "iat": now,
            "exp": now + LIFE_SECONDS,
            "vct": IDENTITY_TYPE,
            "cnf": {"jwk": holder_key.to_jwk()},
            **about,
        },
        disclosable=[(term,) for term in about],
        header={"typ": dc_sd_jwt.FORMAT, "x5c": x509.to_x5c(chain)},
        signer=signer,
    )


def blueprint(registry: Registry) -> flask.Blueprint:
    """The page on which one chooses, and the two addresses for wallets."""
    pages = flask.Blueprint("identity", __name__)
    codes = Codes(registry.clock)

    @pages.get(PAGE_PATH)
    def choose() -> str:
        _return_address(registry)
        return flask.render_template("identity.html", people=registry.admitted)

    @pages.post(PAGE_PATH)
    def chosen() -> flask.typing.ResponseReturnValue:
        address = _return_address(registry)
        person = dict(registry.admitted).get(flask.request.form.get("login", ""))
        if person is None:
            flask.abort(400)
        return flask.redirect(f"{address}?{urlencode({'code': codes.give(person)})}", 303)

    @pages.post(CODE_PATH)
    def code() -> dict[str, str]:
        bsn = flask.request.form.get("bsn", "")
        found = [person for _, person in registry.admitted if bsn and person.bsn == bsn]
        if not found:
            flask.abort(404)
        return {"code": codes.give(found[0])}

    @pages.post(CARD_PATH)
    def card() -> Any:
        return _hand_over(registry, codes)

    return pages


def _hand_over(registry: Registry, codes: Codes) -> Any:
    form, now = flask.request.form, int(registry.clock())
    code = form.get("code", "")
    person = codes.redeem(code)
    if person is None:
        return {"error": "invalid_grant"}, 400
    try:
        proof = key_proof.verify(form.get("proof", ""), audience=registry.base_url, now=now)
    except (InvalidProof, KitError):
        return {"error": "invalid_proof"}, 400
    if proof.nonce != code:
        return {"error": "invalid_proof"}, 400
    return {"credential": issue(person, registry, proof.holder_key, now)}


def _return_address(registry: Registry) -> str:
    """Where to go on: at a wallet of the settings, else HTTP 400."""
    address = flask.request.args.get("terug", "")
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin not in registry.wallets or parts.query or parts.fragment:
        flask.abort(400)
    return address
