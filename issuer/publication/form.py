"""How a status list is rendered for the public: the forms of its mechanisms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from issuer.configurations.identity import Identity
from issuer.store.lists import Snapshot
from vckit import jose, strict_json, x509
from vckit.rdf import JsonLd
from vckit.signers import Signer
from vckit.status import bitstring, token_status_list

# A list of our own store is one long string.
_LIMITS: Final = strict_json.Limits(string=1_048_576)


class Form(Protocol):
    """One form. Data is one bit for every index, the first in the lowest bit of a byte."""

    @property
    def mechanism(self) -> str:
        """How a credential refers to its lists: a key of `vckit.status.MECHANISMS`."""
        ...

    @property
    def path(self) -> str:
        """Where its lists are, under the base URL; the list's id follows."""
        ...

    @property
    def media_type(self) -> str:
        """What a list is served as."""
        ...

    def render(self, uri: str, snapshot: Snapshot, issued_at: int, expires_at: int) -> str:
        """The signed list."""
        ...

    def read(self, content: str, uri: str, snapshot: Snapshot, now: int) -> bytes:
        """The data of a rendered list, verified as a stranger does (VerificationError)."""
        ...

    def read_unverified(self, content: str) -> bytes:
        """The data of a list of our own store, which an earlier key of ours may have signed."""
        ...


@dataclass(frozen=True)
class TokenForm:
    """Token Status List, signed with the ES256 key of the credentials."""

    signer: Signer
    chain: Sequence[x509.Certificate]
    ttl_seconds: int
    mechanism: str = token_status_list.MEMBER
    path: str = "/status/"
    media_type: str = token_status_list.MEDIA_TYPE

    def render(self, uri: str, snapshot: Snapshot, issued_at: int, expires_at: int) -> str:
        """A token of one bit for each status."""
        return token_status_list.issue(
            uri=uri,
            data=packed(snapshot),
            signer=self.signer,
            header={"x5c": x509.to_x5c(self.chain)},
            issued_at=issued_at,
            expires=expires_at,
            ttl=self.ttl_seconds,
        )

    def read(self, content: str, uri: str, snapshot: Snapshot, now: int) -> bytes:  # noqa: ARG002  a token does not tell its purpose
        """Verify the token."""
        key = self.signer.public_key
        return token_status_list.verify(content, uri=uri, issuer_key=key, now=now).list.data

    def read_unverified(self, content: str) -> bytes:
        """Decode the token."""
        told = jose.parse(content).claims()["status_list"]
        return token_status_list.from_lst(told["bits"], told["lst"]).data


@dataclass(frozen=True)
class BitstringForm:
    """Bitstring Status List, issued by the did:web of the credentials that refer to it."""

    identity: Identity
    signer: Signer
    json_ld: JsonLd
    ttl_seconds: int
    mechanism: str = bitstring.MEMBER
    path: str = "/status/bitstring/"
    media_type: str = bitstring.MEDIA_TYPE

    def render(self, uri: str, snapshot: Snapshot, issued_at: int, expires_at: int) -> str:
        """A credential with the list."""
        return bitstring.issue(
            uri=uri,
            purpose=snapshot.purpose,
            data=packed(snapshot),
            issuer_did=self.identity.did,
            verification_method=self.identity.eddsa,
            signer=self.signer,
            issued_at=issued_at,
            expires=expires_at,
            json_ld=self.json_ld,
            ttl=self.ttl_seconds,
        )

    def read(self, content: str, uri: str, snapshot: Snapshot, now: int) -> bytes:
        """Verify the credential."""
        return bitstring.verify(
            content,
            uri=uri,
            purpose=snapshot.purpose,
            issuer_did=self.identity.did,
            key=self.signer.public_key,
            now=now,
            json_ld=self.json_ld,
        ).list.data

    def read_unverified(self, content: str) -> bytes:
        """Decode the list of the credential."""
        document = strict_json.loads_object(content, _LIMITS)
        return bitstring.decode(document["credentialSubject"]["encodedList"]).data


def packed(snapshot: Snapshot) -> bytes:
    """One bit for every index, the first in the lowest bit of the first byte."""
    data = bytearray((snapshot.size + 7) // 8)
    for position in snapshot.positions:
        token_status_list.set_bit(data, position)
    return bytes(data)


def is_superset(later: bytes, earlier: bytes) -> bool:
    """Whether every status set in `earlier` is set in `later`."""
    mine = int.from_bytes(later, "little")
    theirs = int.from_bytes(earlier, "little")
    return len(later) == len(earlier) and mine & theirs == theirs
