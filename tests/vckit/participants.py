"""Two municipalities, a verifier and an operator, with keys and certificates of their own."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from vckit import trust, x509
from vckit.keys import PrivateKey

NOW = 1_795_000_000
DAY = 86_400


@dataclass(frozen=True)
class Participant:
    url: str
    key: PrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def leaf(self):
        return self.chain[0]

    @property
    def x5c(self):
        return x509.to_x5c(self.chain)


def participant(url, *, uri=None, days=100):
    """A leaf under an authority of its own; the chain holds the authority, as an issuing CA."""
    authority_key, key = PrivateKey.generate("ES256"), PrivateKey.generate("ES256")
    authority = x509.create_authority("Proef CA", authority_key, now=NOW - DAY, days=days + 1)
    leaf = x509.create_leaf(
        "Proef",
        key.public_key,
        authority=authority,
        authority_key=authority_key,
        uri=uri or url,
        dns=(urlsplit(url).hostname,),
        now=NOW - DAY,
        days=days,
    )
    return Participant(url, key, (leaf, authority))


def issuer_entry(one, **members):
    return {
        "naam": "Gemeente Proef",
        "oin": "00000001001234567000",
        "gemeentecode": "GM0757",
        "rol": ["issuer"],
        "uitgevers": [one.url],
        "certificaten": [x509.digest(one.leaf)],
        "aki": [x509.authority_key_identifier(one.leaf)],
        "soorten": ["schuldenopgave"],
        **members,
    }


def verifier_entry(one, **members):
    return {
        "naam": "Schuldhulp Proef",
        "oin": "00000001009999999000",
        "rol": ["verifier"],
        "doel": "Een overzicht van schulden maken.",
        "certificaten": [x509.digest(one.leaf)],
        **members,
    }


def scheme_payload(*entries, **members):
    base = "https://stelsel.example"
    return {
        "iss": base,
        "iat": NOW - DAY,
        "exp": NOW + 30 * DAY,
        "versie": 3,
        "basis": base,
        "context": {"url": f"{base}/contexts/v1", "sha256": "00"},
        "schemas": [{"url": f"{base}/schemas/schuldenopgave/1", "sha256": "01"}],
        "vct": [
            {"url": f"{base}/vct/schuldenopgave/1", "sha256": "02"},
            {"url": f"{base}/vct/schuldenopgave/2", "sha256": "03"},
            {"url": f"{base}/vct/schuldenopgave-plat/1", "sha256": "04"},
        ],
        "organisaties": list(entries),
        **members,
    }


def scheme(operator, *entries, **members):
    data = trust.sign_scheme(scheme_payload(*entries, **members), [operator])
    return trust.verify_scheme(data, operator_keys=[operator.public_key], threshold=1, now=NOW)
