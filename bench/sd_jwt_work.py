"""Issuing and verifying a statement, beside the raw P-256 work and the library sd-jwt."""

from collections.abc import Callable
from typing import Any

from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier

from vckit import sd_jwt
from vckit.keys import PrivateKey

NOW = 1_795_500_000
NONCE, AUDIENCE = "n" * 22, "x509_hash:" + "h" * 43
UNITS = {
    "issue": "raw sign",
    "verify with key binding": "raw verify",
    "verify by the library sd-jwt": "raw verify",
}


def pieces() -> dict[str, Callable[[], object]]:
    """Name to work: raw operations first, then ours, then the peer's."""
    issuer, holder = PrivateKey.generate("ES256"), PrivateKey.generate("ES256")
    data = b"x" * 4096
    signature = issuer.sign(data)
    issued = _issue(issuer, holder)
    everything = list(sd_jwt.disclosures_by_path(issued))
    presented = _bind(sd_jwt.present(issued, keep=everything), holder)
    expected = sd_jwt.KeyBindingExpectation(audience=AUDIENCE, nonce=NONCE)
    return {
        "raw sign": lambda: issuer.sign(data),
        "raw verify": lambda: issuer.public.verify(signature, data),
        "issue": lambda: _issue(issuer, holder),
        "verify with key binding": lambda: sd_jwt.verify(
            presented,
            issuer_key=issuer.public,
            key_binding=expected,
            now=NOW,
            never_disclosable=("iss", "exp"),
        ),
        "verify by the library sd-jwt": lambda: _verified_by_peer(presented, issuer),
    }


def _statement() -> dict[str, Any]:
    debt = {
        "zaakkenmerk": "2000001",
        "vordering_kenmerk": "2000001-1",
        "categorie": "algemeen",
        "saldo": 12345,
        "hoofdsom": 12345,
        "omschrijving": "Afvalstoffenheffing",
        "fase": "aangemaand",
        "iban": "NL02ABNA0123456789",
    }
    person = dict.fromkeys(("geslachtsnaam", "voornamen", "geboortedatum", "bsn"), "waarde")
    return {
        "iss": "https://boxtel.example",
        "exp": NOW + 86_400,
        **person,
        "vorderingen": [debt] * 8,
    }


def _issue(issuer: PrivateKey, holder: PrivateKey) -> str:
    debts = [("vorderingen", number) for number in range(8)]
    accounts = [(*debt, "iban") for debt in debts]
    persons = [(name,) for name in ("geslachtsnaam", "voornamen", "geboortedatum", "bsn")]
    return sd_jwt.issue(
        {**_statement(), "cnf": {"jwk": holder.public.to_jwk()}},
        disclosable=[
            *debts,
            *accounts,
            *persons,
            ("vorderingen", 0, "fase"),
            ("vorderingen", 1, "fase"),
        ],
        header={"typ": "dc+sd-jwt"},
        signer=issuer,
    )


def _bind(presentation: str, holder: PrivateKey) -> str:
    return sd_jwt.bind(presentation, signer=holder, audience=AUDIENCE, nonce=NONCE, now=NOW)


def _verified_by_peer(presented: str, issuer: PrivateKey) -> object:
    key = JWK(**issuer.public.to_jwk())
    verifier = SDJWTVerifier(presented, lambda _issuer, _header=None: key, AUDIENCE, NONCE)
    return verifier.get_verified_payload()
