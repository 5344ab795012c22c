"""Authorization responses: OpenID4VP 1.0 section 8, and A.4 over the Digital Credentials API."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vckit import jwe, strict_json
from vckit.errors import MalformedValueError, VerificationError
from vckit.keys import PrivateKey
from vckit.oauth import InvalidRequest, endpoint_url, single_values
from vckit.openid4vp.request import (
    DC_API,
    DC_API_JWT,
    DIRECT_POST,
    DIRECT_POST_JWT,
    VerifiedRequest,
)

MAX_PLAINTEXT = 6_291_456  # security.md, budgets
# A presentation is one JSON string, and longer than what is usual for one.
_LIMITS = strict_json.Limits(string=MAX_PLAINTEXT)

# HAIP 5: A256GCM where the verifier lists it. 8.3: A128GCM where it lists nothing.
_PREFERRED = ("A256GCM", "A128GCM")
_DEFAULT_ENCRYPTIONS = ("A128GCM",)
_ENCRYPTED_MODES = frozenset({DIRECT_POST_JWT, DC_API_JWT})

ACCESS_DENIED = "access_denied"  # 8.5: nothing that fits, or no consent; never told apart

_ERROR_CODE = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}")  # RFC 6749 4.1.2.1


@dataclass(frozen=True)
class Plain:
    """An answer with a VP token, which is still to be read by `vp_token.parse`."""

    vp_token: object
    state: str | None


@dataclass(frozen=True)
class Encrypted:
    """A JWE; the state is inside. `kid` is unverified, to find the key by."""

    compact: str
    unverified_kid: str | None


@dataclass(frozen=True)
class ErrorResponse:
    """A wallet's refusal: the code is shown to nobody but the log, the description is dropped."""

    error: str
    state: str | None


def parse_form(form: Mapping[str, str | Sequence[str]]) -> Plain | Encrypted | ErrorResponse:
    """Read what was posted to the response URI; unknown parameters are ignored (8.2).

    Raises InvalidRequest, or DecryptionError (the same code) for a malformed JWE.
    """
    parameters = single_values(form)
    if "response" in parameters:
        return _encrypted(parameters)
    vp_token = parameters.get("vp_token")
    return _answer(parameters, None if vp_token is None else _json(vp_token))


def parse_data(data: object) -> Plain | Encrypted | ErrorResponse:
    """Read the `data` of a DigitalCredential, a JSON object (A.4); errors as `parse_form`."""
    if not isinstance(data, dict):
        raise InvalidRequest("The response is not a JSON object.")
    return _encrypted(data) if "response" in data else _answer(data, data.get("vp_token"))


def _encrypted(parameters: Mapping[str, Any]) -> Encrypted:
    if "vp_token" in parameters or "error" in parameters:
        raise InvalidRequest("The response is both encrypted and in the clear.")
    kid = jwe.unverified_header(parameters["response"]).get("kid")
    return Encrypted(parameters["response"], kid if isinstance(kid, str) else None)


def decrypt(
    encrypted: Encrypted, private_key: PrivateKey, *, kid: str | None
) -> Plain | ErrorResponse:
    """Decrypt an answer with the key of its request (8.3); a JWE whose `kid` differs is refused.

    Raises DecryptionError or InvalidRequest.
    """
    plaintext = jwe.decrypt(encrypted.compact, private_key, kid=kid, max_plaintext=MAX_PLAINTEXT)
    try:
        members = strict_json.loads_object(plaintext, _LIMITS)
    except VerificationError:
        raise InvalidRequest("The decrypted response is not a JSON object.") from None
    return _answer(members, members.get("vp_token"))


@dataclass(frozen=True)
class Asked:
    """What a verifier remembers of a request, to read the answer to it.

    `private_key` is the one of an encrypted response mode, with the `kid` that it was offered by.
    """

    response_mode: str
    state: str | None
    private_key: PrivateKey | None = None
    kid: str | None = None


def read(form: Mapping[str, str | Sequence[str]], asked: Asked) -> Plain | ErrorResponse:
    """Read what was posted in answer to one request, as a verifier must.

    A VP token comes in the response mode that was asked (8.3.1; V07), an error may come in the
    clear. A state that comes back must be the request's; some wallets never return it. Raises
    InvalidRequest or DecryptionError.
    """
    return _as_asked(parse_form(form), asked)


def read_data(data: object, asked: Asked) -> Plain | ErrorResponse:
    """Read what a browser brought in answer to one request, as `read` does (A.4)."""
    return _as_asked(parse_data(data), asked)


def _as_asked(given: Plain | Encrypted | ErrorResponse, asked: Asked) -> Plain | ErrorResponse:
    encrypted = asked.response_mode in _ENCRYPTED_MODES
    if isinstance(given, Encrypted):
        if not encrypted or asked.private_key is None:
            raise InvalidRequest("The response is encrypted and was not asked to be.")
        given = decrypt(given, asked.private_key, kid=asked.kid)
    elif isinstance(given, Plain) and encrypted:
        raise InvalidRequest("The response is not encrypted.")
    if given.state is not None and given.state != asked.state:
        raise InvalidRequest("The response is to another request.")
    return given


def answer(redirect_uri: str | None = None) -> dict[str, str]:
    """Give what a verifier answers to a wallet with status 200 (8.2)."""
    return {} if redirect_uri is None else {"redirect_uri": redirect_uri}


def parse_answer(body: bytes) -> str | None:
    """Read a verifier's answer: where the person goes on, if anywhere (8.2).

    Raises MalformedValueError or ParsingError.
    """
    redirect_uri = strict_json.loads_object(body).get("redirect_uri")
    return None if redirect_uri is None else _redirect_uri(redirect_uri)


def build(vp_token: Mapping[str, Sequence[Any]], request: VerifiedRequest) -> dict[str, str]:
    """Give the form with which a wallet answers: {query id: presentations}, encrypted if asked.

    Raises MalformedValueError when the verifier's metadata has no key to encrypt to.
    """
    members = _members(vp_token, request)
    if request.response_mode == DIRECT_POST:
        return {**members, "vp_token": strict_json.dumps(members["vp_token"]).decode()}
    return _encrypt(members, request)


def build_data(vp_token: Mapping[str, Sequence[Any]], request: VerifiedRequest) -> dict[str, Any]:
    """Give the `data` with which a wallet answers a browser (A.4); errors as of `build`."""
    members = _members(vp_token, request)
    return members if request.response_mode == DC_API else _encrypt(members, request)


def _members(vp_token: Mapping[str, Sequence[Any]], request: VerifiedRequest) -> dict[str, Any]:
    members: dict[str, Any] = {"vp_token": {one: list(vp_token[one]) for one in vp_token}}
    return members if request.state is None else {**members, "state": request.state}


def _encrypt(members: Mapping[str, Any], request: VerifiedRequest) -> dict[str, str]:
    jwk, enc = _recipient(request.client_metadata)
    return {"response": jwe.encrypt(strict_json.dumps(members), jwk, enc=enc)}


def build_error(error: str, state: str | None) -> dict[str, str]:
    """Give the form of a refusal, in the clear, which 8.3.1 allows in every mode."""
    return {"error": error} if state is None else {"error": error, "state": state}


def _answer(members: Mapping[str, Any], vp_token: object) -> Plain | ErrorResponse:
    state, error = members.get("state"), members.get("error")
    if state is not None and not isinstance(state, str):
        raise InvalidRequest("The state is not a string.")
    if (error is None) == (vp_token is None):
        raise InvalidRequest("A response has either a VP token or an error.")
    if error is not None:
        return ErrorResponse(_error_code(error), state)
    return Plain(vp_token, state)


def _json(text: str) -> object:
    try:
        return strict_json.loads(text, _LIMITS)
    except VerificationError:
        raise InvalidRequest("The VP token is not JSON.") from None


def _error_code(error: object) -> str:
    if not isinstance(error, str) or _ERROR_CODE.fullmatch(error) is None:
        raise InvalidRequest("The error code is malformed.")
    return error


def _redirect_uri(value: object) -> str:
    # The address carries a fresh secret, often in its fragment (8.2).
    if not isinstance(value, str):
        raise MalformedValueError("The redirect URI is malformed.")
    address, _, fragment = value.partition("#")
    if not fragment.isascii() or not fragment.isprintable() or " " in fragment:
        raise MalformedValueError("The redirect URI is malformed.")
    return endpoint_url(address) and value


def _recipient(metadata: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    offered = metadata.get("encrypted_response_enc_values_supported", _DEFAULT_ENCRYPTIONS)
    enc = next((one for one in _PREFERRED if isinstance(offered, Sequence) and one in offered), "")
    jwk = next((one for one in _keys(metadata) if _fits(one)), None)
    if jwk is None or not enc:
        raise MalformedValueError("The verifier gives no key that the answer can be encrypted to.")
    return jwk, enc


def _keys(metadata: Mapping[str, Any]) -> list[Any]:
    match metadata.get("jwks"):
        case {"keys": [*keys]}:
            return keys
    return []


def _fits(jwk: object) -> bool:
    # 8.3: `use` is absent or enc, `alg` is there and becomes the JWE's; HAIP 5: P-256.
    match jwk:
        case {"kty": "EC", "crv": "P-256", "alg": jwe.ALGORITHM, **others}:
            return bool(others.get("use", "enc") == "enc")
    return False
