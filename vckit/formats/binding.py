"""Who signed and who holds: what the W3C formats check alike."""

from collections.abc import Mapping
from typing import Any

from vckit import did
from vckit.data_model import Credential
from vckit.errors import HolderBindingError, UntrustedIssuerError, VerificationError
from vckit.formats.credential import ProvenCredential, UnverifiedCredential
from vckit.keys import PublicKey
from vckit.sd_jwt import KeyBindingExpectation
from vckit.signers import Signer


def check_signer(unverified: UnverifiedCredential) -> None:
    """The method that signed is one of the issuer's own (row I22), else UntrustedIssuerError."""
    issuer = unverified.issuer
    if did.split(issuer.verification_method)[0] != issuer.iss:
        raise UntrustedIssuerError("the credential is signed by another than its issuer")


def proven(
    unverified: UnverifiedCredential,
    credential: Credential,
    *,
    document: Mapping[str, Any],
    types: tuple[str, ...],
) -> ProvenCredential:
    """What was proven, once the presenter is the holder as well; HolderBindingError."""
    holder_key = None if credential.holder_id is None else _key_of(credential.holder_id)
    if unverified.presenter is not None and unverified.presenter != holder_key:
        raise HolderBindingError("the presenter is not the holder of the credential")
    return ProvenCredential(
        format=unverified.format,
        type=types[-1],
        claims=credential.terms,
        issuer=credential.issuer,
        holder_key=holder_key,
        validity=credential.validity,
        statuses=credential.statuses,
        digest=unverified.digest,
        document=document,
        meta={"types": list(types)},
    )


def presenter_key(verification_method: object, jwk: Mapping[str, Any] | None = None) -> PublicKey:
    """The key of a presentation, out of the DID URL or the JWK that it names: one of both."""
    if (verification_method is None) is (jwk is None):
        raise HolderBindingError("the presentation names no key, or two")
    return _key_of(verification_method) if jwk is None else PublicKey.from_jwk(jwk)


def check_named(holder: str | None, presenter: PublicKey) -> None:
    """Where a presentation names its holder, that is who presents; HolderBindingError."""
    if holder is not None and _key_of(holder) != presenter:
        raise HolderBindingError("the presentation names another holder than its presenter")


def check_age(made_at: int | None, expected: KeyBindingExpectation, now: int) -> None:
    """A presentation that tells when it was made is not too old, nor from the future."""
    if made_at is None:
        return
    if not -expected.leeway <= now - made_at <= expected.max_age:
        raise HolderBindingError("the presentation is too old or from the future")


def holder_method(subject: object, signer: Signer) -> tuple[str, str]:
    """The holder's DID in a credential's subject and the DID URL of its one method.

    Raises HolderBindingError when the signer's key is not that of the DID.
    """
    holder_id = subject.get("id") if isinstance(subject, Mapping) else None
    if holder_id is None or _key_of(holder_id) != signer.public_key:
        raise HolderBindingError("the credential is bound to another key, or to none")
    (method,) = did.resolve_offline(holder_id).methods
    return holder_id, method


def _key_of(did_or_did_url: object) -> PublicKey:
    if not isinstance(did_or_did_url, str):
        raise HolderBindingError("a holder is named by what is no DID")
    try:
        return did.holder_key(did_or_did_url)
    except VerificationError as error:
        raise HolderBindingError("the holder's DID does not hold its own key") from error
