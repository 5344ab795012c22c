"""The DIDs under which an organisation issues, and the document that tells their keys."""

from dataclasses import dataclass
from typing import Any

from issuer.config import LegacyDid
from vckit import did
from vckit.did import DidDocument, key, web
from vckit.keys import PublicKey


@dataclass(frozen=True)
class Identity:
    """A DID and the DID URL of the one key that signs, as its document tells it."""

    did: str
    method: str
    document: DidDocument


@dataclass(frozen=True)
class Identities:
    """Those of one organisation; `legacy` is for data model 1.1 with linked data proofs.

    `published` is its did.json.
    """

    ecdsa: Identity
    eddsa: Identity
    legacy: Identity
    published: dict[str, Any]

    @property
    def dids(self) -> frozenset[str]:
        """Every DID that signs."""
        return frozenset(one.did for one in (self.ecdsa, self.eddsa, self.legacy))


def open_identities(
    base_url: str, ecdsa: PublicKey, eddsa: PublicKey, legacy_did: LegacyDid
) -> Identities:
    """Of the did:web of `base_url`; ConfigurationError where that is none.

    A key is named by its thumbprint, so that a new key never has the name of an old one.
    """
    mine = web.of(base_url)
    legacy_name = f"{eddsa.thumbprint()}-2020"
    published = did.build_document(
        mine,
        [
            (eddsa.thumbprint(), "Multikey", eddsa),
            (ecdsa.thumbprint(), "JsonWebKey", ecdsa),
            # What wallets of data model 1.1 know the same key by.
            (legacy_name, "Ed25519VerificationKey2020", eddsa),
        ],
    )
    document = did.parse_document(published, mine)
    return Identities(
        ecdsa=Identity(mine, f"{mine}#{ecdsa.thumbprint()}", document),
        eddsa=Identity(mine, f"{mine}#{eddsa.thumbprint()}", document),
        legacy=Identity(mine, f"{mine}#{legacy_name}", document)
        if legacy_did == "web"
        else _self_told(eddsa),
        published=published,
    )


def _self_told(public_key: PublicKey) -> Identity:
    mine = key.of(public_key)
    return Identity(mine, f"{mine}#{mine.removeprefix(key.PREFIX)}", key.resolve(mine))
