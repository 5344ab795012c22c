"""The DID under which an organisation issues, and the document that tells its keys."""

from dataclasses import dataclass
from typing import Any

from vckit import did
from vckit.did import DidDocument, web
from vckit.keys import PublicKey


@dataclass(frozen=True)
class Identity:
    """A did:web and the DID URLs of its keys; `legacy` is the Ed25519 key for data model 1.1.

    `published` is the did.json, `document` what it says.
    """

    did: str
    ecdsa: str
    eddsa: str
    legacy: str
    published: dict[str, Any]
    document: DidDocument


def open_identity(base_url: str, ecdsa: PublicKey, eddsa: PublicKey) -> Identity:
    """Of the did:web of `base_url`; ConfigurationError where that is none.

    A key is named by its thumbprint, so that a new key never has the name of an old one.
    """
    mine = web.of(base_url)
    methods = [
        (eddsa.thumbprint(), "Multikey", eddsa),
        # Multikey for both: vc-di-ecdsa 2.1.1 knows nothing else, and Credo-TS no JsonWebKey.
        (ecdsa.thumbprint(), "Multikey", ecdsa),
        # What wallets of data model 1.1 know the same key by.
        (f"{eddsa.thumbprint()}-2020", "Ed25519VerificationKey2020", eddsa),
    ]
    published = did.build_document(mine, methods)
    urls = [f"{mine}#{fragment}" for fragment, _, _ in methods]
    return Identity(
        did=mine,
        eddsa=urls[0],
        ecdsa=urls[1],
        legacy=urls[2],
        published=published,
        document=did.parse_document(published, mine),
    )
