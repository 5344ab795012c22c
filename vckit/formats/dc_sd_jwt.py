"""The format `dc+sd-jwt`: SD-JWT VC (draft-ietf-oauth-sd-jwt-vc) in the shapes of wire.md."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from vckit import sd_jwt, statement, x509
from vckit.encoding import sha256_b64url
from vckit.errors import MalformedValueError
from vckit.formats.credential import ProvenCredential, UnverifiedCredential, UnverifiedIssuer
from vckit.keys import PublicKey
from vckit.sd_jwt import KeyBindingExpectation, Path
from vckit.sd_jwt.issuance import NewSalt, random_salt
from vckit.signers import Signer
from vckit.status import StatusReference
from vckit.status.token_status_list import MEMBER as STATUS_LIST

FORMAT: Final = "dc+sd-jwt"
# SD-JWT VC, Registered JWT Claims: "MUST NOT be included in Disclosures".
SD_JWT_VC_NEVER_DISCLOSABLE: Final = frozenset(
    {"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "aka_vcts"}
)
# What the format carries itself, beside the terms.
_ENVELOPE: Final = SD_JWT_VC_NEVER_DISCLOSABLE | {"iat"}


def issue(  # noqa: PLR0913  each is one stated member of the credential
    terms: Mapping[str, Any],
    *,
    vct: str,
    vct_integrity: str | None,
    issuer: str,
    chain: Sequence[x509.Certificate],
    signer: Signer,
    holder_key: PublicKey | None,
    revocation: StatusReference,
    issued_at: int,
    expires: int,
    new_salt: NewSalt = random_salt,
) -> str:
    """A debt statement as SD-JWT VC; `chain` leaf first without its root, times epoch seconds.

    Without a holder it must be a document (`document: true`), and the reverse. The reference for
    refresh stands in the terms (`vernieuwing_uri`, `vernieuwing_index`).
    """
    _check_terms(terms, holder_key)
    envelope: dict[str, Any] = {
        "iss": issuer,
        "iat": issued_at,
        "exp": expires,
        "vct": vct,
        "status": {STATUS_LIST: {"idx": revocation.index, "uri": revocation.uri}},
    }
    if vct_integrity is not None:
        envelope["vct#integrity"] = vct_integrity
    if holder_key is not None:
        envelope["cnf"] = {"jwk": holder_key.to_jwk()}
    return sd_jwt.issue(
        {**envelope, **terms},
        disclosable=statement.disclosable_paths(terms),
        header={"typ": FORMAT, "x5c": x509.to_x5c(chain)},
        signer=signer,
        new_salt=new_salt,
    )


def _check_terms(terms: Mapping[str, Any], holder_key: PublicKey | None) -> None:
    if (holder_key is None) is not (terms.get("document") is True):
        raise MalformedValueError("a document has no holder, and all else has one")
    if not _ENVELOPE.isdisjoint(terms):
        raise MalformedValueError("a term has the name of a registered claim")


@dataclass(frozen=True)
class DcSdJwt:
    """The `Format`; the proof of a presentation, its KB-JWT, stands inside the text itself."""

    FORMAT: ClassVar[str] = FORMAT
    ENTRY_TYPE: ClassVar[type] = str

    def open_presentation(
        self,
        presentation: Any,
        *,
        expected: KeyBindingExpectation,
        now: int,  # noqa: ARG002  the KB-JWT is judged with the credential
    ) -> tuple[UnverifiedCredential, ...]:
        """One credential; `verify` judges its KB-JWT and may raise OtherRequestError."""
        return (_opened(_string(presentation), expected),)

    def open_held(self, text: str) -> UnverifiedCredential:
        """A KB-JWT behind the text is refused by `verify`."""
        return _opened(text, None)

    def verify(
        self, unverified: UnverifiedCredential, *, issuer_key: PublicKey, now: int
    ) -> ProvenCredential:
        """Proof, disclosures and holder binding; see `sd_jwt.verify`."""
        return verify(
            unverified.content, issuer_key=issuer_key, key_binding=unverified.expected, now=now
        )

    def present(
        self,
        text: str,
        *,
        keep: Collection[Path],
        signer: Signer,
        audience: str,
        nonce: str,
        now: int,
    ) -> str:
        """Only the disclosures on the way to `keep`, with a KB-JWT."""
        return present(text, keep=keep, signer=signer, audience=audience, nonce=nonce, now=now)


def open_format(_json_ld: object, _context_url: str) -> DcSdJwt:
    """The format, which knows no JSON-LD."""
    return DcSdJwt()


def _string(presentation: object) -> str:
    if not isinstance(presentation, str):
        raise MalformedValueError("a presentation of this format is a string")
    return presentation


def _opened(text: str, expected: KeyBindingExpectation | None) -> UnverifiedCredential:
    return UnverifiedCredential(
        FORMAT, unverified_issuer(text), text, digest(text), expected=expected
    )


def unverified_issuer(text: str) -> UnverifiedIssuer:
    """The `iss` and the `x5c` header that the text carries, nothing of it verified."""
    parts = sd_jwt.parse(text)
    x5c = parts.unverified_header.get("x5c")
    if not isinstance(x5c, list) or not all(isinstance(entry, str) for entry in x5c):
        raise MalformedValueError("the x5c header is missing or not an array of strings")
    return UnverifiedIssuer(_text(parts.unverified_claims, "iss"), x5c)


def verify(
    text: str,
    *,
    issuer_key: PublicKey,
    key_binding: KeyBindingExpectation | None,
    now: int,
) -> ProvenCredential:
    """Proof, disclosures and holder binding of an SD-JWT VC of any type; see `sd_jwt.verify`."""
    parts = sd_jwt.parse(text)
    proven = sd_jwt.verify(
        parts,
        issuer_key=issuer_key,
        typ=FORMAT,
        key_binding=key_binding,
        now=now,
        never_disclosable=SD_JWT_VC_NEVER_DISCLOSABLE,
    )
    terms = {name: value for name, value in proven.claims.items() if name not in _ENVELOPE}
    return ProvenCredential(
        format=FORMAT,
        type=_text(proven.claims, "vct"),
        claims=terms,
        issuer=_text(proven.claims, "iss"),
        holder_key=proven.holder_key,
        validity=proven.validity,
        statuses=(*_revocation(proven.claims), *_refresh(terms)),
        digest=sha256_b64url(parts.issuer_jwt.encode("ascii")),
        document=proven.claims,
        meta={"vct": proven.claims["vct"]},
    )


def digest(text: str) -> str:
    """Base64url SHA-256 of the issuer-signed JWT, whatever is disclosed beside it."""
    return sha256_b64url(sd_jwt.parse(text).issuer_jwt.encode("ascii"))


def present(
    text: str,
    *,
    keep: Collection[Path],
    signer: Signer,
    audience: str,
    nonce: str,
    now: int,
) -> str:
    """What the wallet sends: only the disclosures on the way to `keep`, with a KB-JWT."""
    chosen = sd_jwt.present(text, keep=keep)
    return sd_jwt.bind(chosen, signer=signer, audience=audience, nonce=nonce, now=now)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedValueError(f"{name} is missing or not a string")
    return value


def _revocation(claims: Mapping[str, Any]) -> tuple[StatusReference, ...]:
    """Token Status List section 6.2: `status.status_list` with `idx` and `uri`."""
    if "status" not in claims:
        return ()
    status = claims["status"]
    entry = status.get(STATUS_LIST) if isinstance(status, dict) else None
    if not isinstance(entry, dict):
        raise MalformedValueError("status names no status list")
    return (_reference("revocation", entry.get("uri"), entry.get("idx")),)


def _refresh(terms: Mapping[str, Any]) -> tuple[StatusReference, ...]:
    if "vernieuwing_uri" not in terms and "vernieuwing_index" not in terms:
        return ()
    uri, index = terms.get("vernieuwing_uri"), terms.get("vernieuwing_index")
    return (_reference("refresh", uri, index),)


def _reference(purpose: str, uri: object, index: object) -> StatusReference:
    if not isinstance(uri, str) or isinstance(index, bool) or not isinstance(index, int):
        raise MalformedValueError("a status entry has no uri or index")
    if index < 0:
        raise MalformedValueError("a status index is negative")
    return StatusReference(purpose, uri, index)
