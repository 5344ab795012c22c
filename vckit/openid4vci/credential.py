"""The credential endpoint: OpenID4VCI 1.0 section 8."""
# ruff: noqa: N818  the classes bear the names of the specification's codes

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vckit import strict_json
from vckit.errors import MalformedValueError, ProtocolError, VerificationError
from vckit.oauth import Text

PROOF_TYPE = "jwt"

MAX_CREDENTIALS = 100
# A credential is one JSON string, and longer than what is usual for one.
_RESPONSE_LIMITS = strict_json.Limits(string=4_194_304)


class InvalidCredentialRequest(ProtocolError):
    """8.3.1.2: a parameter is missing, unsupported, repeated or malformed."""

    code = "invalid_credential_request"


class UnknownCredentialConfiguration(ProtocolError):
    """8.3.1.2: the requested credential configuration is unknown."""

    code = "unknown_credential_configuration"


class UnknownCredentialIdentifier(ProtocolError):
    """8.3.1.2: the requested credential identifier is unknown."""

    code = "unknown_credential_identifier"


class InvalidProof(ProtocolError):
    """8.3.1.2: proofs are missing, one is invalid, or one does not carry a nonce."""

    code = "invalid_proof"


class InvalidNonce(ProtocolError):
    """8.3.1.2: a proof carries a nonce that is unknown, used or expired."""

    code = "invalid_nonce"


class InvalidEncryptionParameters(ProtocolError):
    """8.3.1.2: the parameters to encrypt the answer are invalid or missing."""

    code = "invalid_encryption_parameters"


class CredentialRequestDenied(ProtocolError):
    """8.3.1.2: the request is not accepted, and trying again does not help."""

    code = "credential_request_denied"


@dataclass(frozen=True)
class CredentialRequest:
    """A credential request; `proofs` are key proofs of type `jwt`, not verified yet."""

    configuration_id: str
    proofs: tuple[str, ...]


def parse_request(body: bytes, *, max_proofs: int = 1) -> CredentialRequest:
    """Read a credential request (section 8.2); unknown members are ignored.

    Whether the configuration exists and whether the token reaches it is the issuer's to judge.
    Raises InvalidCredentialRequest, InvalidProof or InvalidEncryptionParameters.
    """
    try:
        members = strict_json.loads_object(body)
    except VerificationError:
        raise InvalidCredentialRequest("The body is not a JSON object.") from None
    configuration_id = _configuration_id(members)
    if "credential_response_encryption" in members:
        # No encryption is published; answering in the clear is not what was asked.
        raise InvalidEncryptionParameters("This issuer does not encrypt its answers.")
    return CredentialRequest(configuration_id, _proofs(members, max_proofs))


def _configuration_id(members: Mapping[str, Any]) -> str:
    # 8.2: an identifier only if the token response had some (ours has none), and never both.
    if "credential_identifier" in members:
        raise InvalidCredentialRequest("No credential identifiers were given out.")
    configuration_id = members.get("credential_configuration_id")
    if not isinstance(configuration_id, str) or not configuration_id:
        raise InvalidCredentialRequest("The credential configuration is missing.")
    return configuration_id


def _proofs(members: Mapping[str, Any], max_proofs: int) -> tuple[str, ...]:
    if "proofs" not in members:  # `proof` of the drafts is an unknown member
        raise InvalidProof("The key proofs are missing.")
    proofs = members["proofs"]
    # 8.2: exactly one parameter, named as the proof type, with a non-empty array.
    if not isinstance(proofs, dict) or len(proofs) != 1:
        raise InvalidCredentialRequest("The key proofs are of exactly one type.")
    if PROOF_TYPE not in proofs:
        raise InvalidProof("This type of key proof is not supported.")
    jwts = proofs[PROOF_TYPE]
    if not isinstance(jwts, list) or not 1 <= len(jwts) <= max_proofs:
        raise InvalidCredentialRequest("The key proofs are no list of a supported length.")
    if not all(isinstance(jwt, str) for jwt in jwts):
        raise InvalidCredentialRequest("A key proof is not a string.")
    return tuple(jwts)


def response(
    credentials: Sequence[str | Mapping[str, Any]], notification_id: str | None = None
) -> dict[str, Any]:
    """Give the answer with the issued credentials (section 8.3).

    A credential is a string or, in `ldp_vc`, its JSON object (Appendix A.1.2.4).
    """
    members: dict[str, Any] = {"credentials": [{"credential": one} for one in credentials]}
    if notification_id is not None:
        members["notification_id"] = notification_id
    return members


def request_body(configuration_id: str, proofs: Sequence[str]) -> dict[str, Any]:
    """Give the JSON that a wallet sends (section 8.2)."""
    return {"credential_configuration_id": configuration_id, "proofs": {PROOF_TYPE: list(proofs)}}


@dataclass(frozen=True)
class CredentialResponse:
    """What a wallet got; the credentials are not verified yet.

    One that came as a JSON object is given as its JSON text.
    """

    unverified_credentials: tuple[str, ...]
    notification_id: str | None


class _Issued(BaseModel):
    model_config = ConfigDict(extra="ignore")

    credential: Text | Annotated[dict[str, Any], Field(min_length=1)]

    def text(self) -> str:
        if isinstance(self.credential, str):
            return self.credential
        return strict_json.dumps(self.credential).decode()


class _Response(BaseModel):
    model_config = ConfigDict(extra="ignore")

    credentials: tuple[_Issued, ...] = Field(min_length=1, max_length=MAX_CREDENTIALS)
    notification_id: Text | None = None


def parse_response(body: bytes) -> CredentialResponse:
    """Read a credential response. Raises MalformedValueError or ParsingError.

    One with a `transaction_id` (deferred issuance) has no credentials and is refused.
    """
    members = strict_json.loads_object(body, _RESPONSE_LIMITS)
    try:
        read = _Response.model_validate(members)
    except ValidationError:
        raise MalformedValueError("The credential response is malformed.") from None
    return CredentialResponse(tuple(one.text() for one in read.credentials), read.notification_id)
