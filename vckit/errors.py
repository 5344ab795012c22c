"""The two families of errors: what a protocol answers, and what a counsellor is told.

A text given to an error is a fixed sentence that names what is wrong. It never repeats input:
these texts reach logs and answers.
"""

from typing import ClassVar


class KitError(Exception):
    """Everything that the kit raises on purpose."""


class ConfigurationError(KitError):
    """A setting, key or file of our own is wrong; the text names which one."""


class FetchError(KitError):
    """Something outside could not be fetched within the limits."""


class ProtocolError(KitError):
    """An answer of a specification: `code` and `status` are exactly the specification's."""

    code: ClassVar[str] = "invalid_request"
    status: ClassVar[int] = 400

    def __init__(self, description: str = "") -> None:
        super().__init__(description or self.code)
        self.description = description


class ProblemError(ProtocolError):
    """An answer of an API of our own, as RFC 9457 has it: `code` ends the URI of its type.

    `title` is the same for all of a type, `description` is of this one, `members` go beside them.
    """

    code: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "The request cannot be read"

    def __init__(self, description: str = "", **members: object) -> None:
        super().__init__(description)
        self.members = members


class VerificationError(KitError):
    """Foreign evidence does not hold; `reason` is the stable code that a finding carries."""

    reason: ClassVar[str]

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.reason)
        self.detail = detail


class ParsingError(VerificationError):
    """The bytes are no document of the expected syntax."""

    reason = "PARSING_ERROR"


class MalformedValueError(VerificationError):
    """A member is missing or has a value that its specification does not allow."""

    reason = "MALFORMED_VALUE_ERROR"


class RangeError(VerificationError):
    """A number or index lies outside its range."""

    reason = "RANGE_ERROR"


class CryptographicSecurityError(VerificationError):
    """A signature, digest or key does not hold."""

    reason = "CRYPTOGRAPHIC_SECURITY_ERROR"


class StatusRetrievalError(VerificationError):
    """The status list could not be fetched: the status is unknown."""

    reason = "STATUS_RETRIEVAL_ERROR"


class StatusVerificationError(VerificationError):
    """The status list is not what the credential's issuer stated: the status is unknown."""

    reason = "STATUS_VERIFICATION_ERROR"


class UntrustedIssuerError(VerificationError):
    """The scheme does not let this key speak for this issuer about this."""

    reason = "untrusted_issuer"


class HolderBindingError(VerificationError):
    """The presenter did not prove to hold the key that the credential is bound to."""

    reason = "holder_binding_failed"


class OtherRequestError(HolderBindingError):
    """The holder's proof is good but was made for another request: nonce or audience differ."""


class InvalidDomainError(OtherRequestError):
    """The proof of a presentation was made for another audience (VC-DI 4.4)."""

    reason = "INVALID_DOMAIN_ERROR"


class InvalidChallengeError(OtherRequestError):
    """The proof of a presentation carries another nonce (VC-DI 4.4)."""

    reason = "INVALID_CHALLENGE_ERROR"


class ProofVerificationError(VerificationError):
    """A Data Integrity proof is not of the expected kind, purpose or moment (VC-DI 4.4)."""

    reason = "PROOF_VERIFICATION_ERROR"


class ProofTransformationError(VerificationError):
    """A document can't be brought into the form that its cryptosuite signs (VC-DI 4.6)."""

    reason = "PROOF_TRANSFORMATION_ERROR"


class DataLossDetectionError(VerificationError):
    """A part of a JSON-LD document means nothing and would not be signed (VC-DI 4.6)."""

    reason = "DATA_LOSS_DETECTION_ERROR"


class InvalidVerificationMethodError(VerificationError):
    """A verification method is missing, malformed or of an unknown kind (CID 1.0 3.3)."""

    reason = "INVALID_VERIFICATION_METHOD"


class InvalidVerificationMethodUrlError(VerificationError):
    """A verification method is named by what is no allowed DID URL (CID 1.0 3.3)."""

    reason = "INVALID_VERIFICATION_METHOD_URL"


class InvalidControlledIdentifierDocumentError(VerificationError):
    """A DID document is malformed or can't be had (CID 1.0 3.3)."""

    reason = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"


class InvalidControlledIdentifierDocumentIdError(VerificationError):
    """A DID document is another DID's (CID 1.0 3.3)."""

    reason = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


class InvalidRelationshipError(VerificationError):
    """The key may not be used for this purpose (CID 1.0 3.3)."""

    reason = "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


class StatusListLengthError(StatusVerificationError):
    """A status list is too short to hide in (Bitstring Status List 3.2)."""

    reason = "STATUS_LIST_LENGTH_ERROR"


class ExpiredError(VerificationError):
    """Its validity has ended."""

    reason = "expired"


class NotYetValidError(VerificationError):
    """Its validity has not begun."""

    reason = "not_yet_valid"


class ClaimsMissingError(VerificationError):
    """What was asked for is not there."""

    reason = "claims_missing"


class NotRequestedError(VerificationError):
    """It is not what was asked for."""

    reason = "not_requested"


class PolicyLimitError(VerificationError):
    """More, deeper or longer than the budgets allow."""

    reason = "policy_limit"
