"""Statements, authorities and sealed documents for the tests of both ends of the Blauwe Knop."""

from functools import cache

from issuer import document, paper
from issuer.document import Content
from issuer.paper import PaperSummary
from vckit.keys import PrivateKey
from vckit.trust import sign_scheme, verify_scheme
from vckit.x509 import Certificate, create_authority, create_leaf, digest

MADE_AT = 1_795_500_000  # 24 November 2026
BASE_URL = "https://boxtel.example"


def debt(**changes):
    """One debt of the rich form, as far as a document shows it."""
    return {
        "omschrijving": "Afvalstoffenheffing 2025",
        "type": "gem_afvalstoffenheffing",
        "zaakkenmerk": "2000001",
        "vordering_kenmerk": "2000001-1",
        "fase": "aangemaand",
        "vervaldatum": "2025-12-15",
        "saldo": 123456,
        **changes,
    }


TERMS = {
    "opgave_kenmerk": "urn:uuid:8a3e0b4e-1111-4222-8333-123456789abc",
    "aangeleverd_door": {"naam": "Gemeente Boxtel", "oin": "00000001001234567000"},
    "peildatum": "2026-11-22T23:00:00Z",
    "volledigheid": "volledig",
    "bronnen": [{"code": "belastingen", "peildatum": "2026-11-22T23:00:00Z", "status": "ok"}],
    "aantal_vorderingen": 1,
    "totaal_openstaand": 123456,
    "totaal_opeisbaar": 123456,
    "totaal_tegoed": 4000,
    "contact_schuldhulp": {"naam": "Schuldhulp Boxtel", "telefoon": "(0411) 65 59 11"},
    "voornamen": "José",
    "geslachtsnaam": "d'Hondt",
    "geboortedatum": "1974-08-21",
    "document": True,
    "vorderingen": [debt()],
}


def terms_with(*debts):
    """The statement with other debts, none for a nil statement."""
    return {
        **TERMS,
        "vorderingen": list(debts),
        "aantal_vorderingen": len(debts),
        "totaal_tegoed": 0,
        "volledigheid": "volledig" if debts else "geen_vorderingen",
    }


@cache
def seal_key() -> PrivateKey:
    return PrivateKey.generate("ES256")


@cache
def seal_chain(uri: str = BASE_URL) -> tuple[Certificate, ...]:
    """A seal's certificate and its authority, both made for the tests."""
    key = PrivateKey.generate("ES256")
    authority = create_authority("Testautoriteit", key, now=MADE_AT - 3600, days=365)
    leaf = create_leaf(
        "Gemeente Boxtel",
        seal_key().public,
        authority=authority,
        authority_key=key,
        uri=uri,
        now=MADE_AT - 3600,
        days=30,
        seal=True,
    )
    return leaf, authority


def content(terms=TERMS, credential="eyJhbGc~", linked=None, **changes) -> Content:
    """What a document of `terms` is made from, with one credential inside or two."""
    figures = PaperSummary.of(terms, MADE_AT)
    return Content(
        **{
            "terms": terms,
            "attachments": document.attachments(credential, linked),
            "digest": "mZ3b1x7fMn0WcTtQ2v5sK8yLr4pGhJdEaUoXiBnVqRs",
            "paper_address": f"{BASE_URL}{paper.PATH}{paper.sign(figures, seal_key())}",
            "check_address": f"{BASE_URL}/klopt-dit-document",
            "source_names": {"belastingen": "Belastingen"},
            "made_at": MADE_AT,
            **changes,
        }
    )


def pages(*arguments, **changes) -> bytes:
    """A document of `content` before it is sealed."""
    return document.render(content(*arguments, **changes))


def sealed(terms=TERMS, credential="eyJhbGc~", chain=None, linked=None, **changes) -> bytes:
    """A sealed document of `terms`."""
    made_of = content(terms, credential, linked, **changes)
    return document.make(made_of, signer=seal_key(), chain=chain or seal_chain())


def scheme_of(chain, *, kinds=("schuldenopgave",), now=MADE_AT):
    """A scheme with Gemeente Boxtel alone, trusting the authority of `chain`."""
    operator = PrivateKey.generate("EdDSA")
    document = {"url": f"{BASE_URL}/contexts/v1", "sha256": "0" * 64}
    payload = {
        "iss": "https://scheme.example",
        "iat": now - 60,
        "exp": now + 86_400,
        "versie": 1,
        "basis": BASE_URL,
        "context": document,
        "schemas": [],
        "vct": [{"url": f"{BASE_URL}/vct/schuldenopgave/1", "sha256": "0" * 64}],
        "organisaties": [
            {
                "naam": "Gemeente Boxtel",
                "oin": "00000001001234567000",
                "gemeentecode": "GM0757",
                "rol": ["issuer"],
                "uitgevers": [BASE_URL],
                "certificaten": [digest(chain[-1])],
                "soorten": list(kinds),
            }
        ],
    }
    signed = sign_scheme(payload, [operator])
    return verify_scheme(signed, operator_keys=[operator.public], threshold=1, now=now)
