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
