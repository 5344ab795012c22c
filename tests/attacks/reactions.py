"""The standard reactions of security.md, as assertions; each gives the answer's JSON."""

from typing import Any

from tests.attacks.exchange import PDF_SECONDS, Answer, refusal

PROBLEM = "application/problem+json"


def token_refused(answer: Answer, error: str) -> dict[str, Any]:
    """TOK(e): RFC 6749 5.2."""
    return _with_code(refusal(answer, 400), error)


def credential_refused(answer: Answer, error: str) -> dict[str, Any]:
    """CRED(e): OpenID4VCI 8.3.1.2."""
    return _with_code(refusal(answer, 400), error)


def notification_refused(answer: Answer, error: str) -> dict[str, Any]:
    """NOT(e): OpenID4VCI 11.3."""
    return _with_code(refusal(answer, 400), error)


def resource_refused(answer: Answer, error: str | None, status: int = 401) -> dict[str, Any]:
    """RS401(e): RFC 6750 3; without a token there is no code (None)."""
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge == ("Bearer" if error is None else f'Bearer error="{error}"')
    members = refusal(answer, status)
    assert members.get("error") == error
    return members


def response_refused(answer: Answer) -> dict[str, Any]:
    """RSP-REJ: one code for everything, and nowhere to go on to."""
    members = _with_code(refusal(answer, 400), "invalid_request")
    assert "redirect_uri" not in members
    return members


def upload_refused(answer: Answer, status: int, reason: str) -> dict[str, Any]:
    """UP(n,r): RFC 9457."""
    problem = refusal(answer, status, PROBLEM, PDF_SECONDS)
    assert (problem["type"], problem["status"]) == (reason, status)
    return problem


def _with_code(members: dict[str, Any], error: str) -> dict[str, Any]:
    assert members["error"] == error, members
    assert set(members) <= {"error", "error_description"}
    return members
