"""Answering a verifier by OpenID4VP 1.0: read the question, then answer it or decline."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from holder_demo.acceptance import RefusedError
from holder_demo.choosing import Share
from vckit import oauth, x509
from vckit.errors import (
    FetchError,
    KitError,
    ParsingError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.formats import dc_sd_jwt
from vckit.network import Fetcher, Response
from vckit.openid4vp import request, response
from vckit.trust import Organisation, Scheme

_MAX_REQUEST = 262_144
_OK = 200


@dataclass(frozen=True)
class Question:
    """A request that may be shown; `verifier` is None when nobody of the scheme asks it."""

    request: request.VerifiedRequest
    verifier: Organisation | None


class DeclinedForSafetyError(KitError):
    """The request can't be followed; the verifier was told `code`, and nothing else."""

    def __init__(self, code: str) -> None:
        super().__init__("The request can't be followed.")
        self.code = code


def address_of(link: str) -> str:
    """Give whom a link would have the wallet contact, before it does. Raises VerificationError."""
    found = request.parse_link(link.strip())
    if isinstance(found, request.RequestReference):
        return found.request_uri
    return request.verify_by_value(found).response_uri


def read_question(link: str, *, fetcher: Fetcher, scheme: Scheme, now: int) -> Question:
    """Fetch and verify the request behind a link.

    Raises VerificationError when it is not proven to be the one of the link (nobody is told),
    DeclinedForSafetyError when it is but can't be followed, RefusedError when it is not given out.
    """
    found = request.parse_link(link.strip())
    try:
        if isinstance(found, request.RequestReference):
            return _signed(found, fetcher, scheme, now)
        return Question(request.verify_by_value(found), None)
    except request.RequestRefused as refused:
        _tell(fetcher, refused.response_uri, response.build_error(refused.code, refused.state))
        raise DeclinedForSafetyError(refused.code) from None


def answer(
    question: Question, shares: Sequence[Share], *, fetcher: Fetcher, now: int
) -> str | None:
    """Send what the person agreed to; gives where the person goes on, if the verifier says so.

    Raises RefusedError when the verifier does not take it, MalformedValueError when it gives no
    key to encrypt to.
    """
    vp_token: dict[str, list[str]] = {}
    for share in shares:
        presented = dc_sd_jwt.present(
            share.card.credential,
            keep=share.paths,
            signer=share.card.signer,
            audience=question.request.client_id,
            nonce=question.request.nonce,
            now=now,
        )
        vp_token.setdefault(share.query_id, []).append(presented)
    form = response.build(vp_token, question.request)
    given = fetcher.post(question.request.response_uri, form=form)
    if given.status != _OK:
        raise RefusedError(oauth.unverified_error_code(given.body))
    return _next_address(given)


def decline(question: Question, *, fetcher: Fetcher) -> None:
    """Tell the verifier no: the same words for "not willing" and "nothing that fits" (H19)."""
    form = response.build_error(response.ACCESS_DENIED, question.request.state)
    _tell(fetcher, question.request.response_uri, form)


def _signed(
    reference: request.RequestReference, fetcher: Fetcher, scheme: Scheme, now: int
) -> Question:
    def trust(chain: Sequence[x509.Certificate]) -> Organisation:
        # Whoever is not on the scheme is still proven to hold the key of the client id; the
        # person is then warned instead of told a name.
        try:
            return scheme.verifier(chain, now)
        except UntrustedIssuerError:
            return _STRANGER

    wallet_nonce = secrets.token_urlsafe(24) if reference.method == "post" else None
    verified = request.verify(
        _fetch(reference, wallet_nonce, fetcher),
        expected_client_id=reference.client_id,
        now=now,
        trust=trust,
        wallet_nonce=wallet_nonce,
    )
    known = verified.organisation is not None and verified.organisation is not _STRANGER
    return Question(verified, verified.organisation if known else None)


_STRANGER = Organisation(
    name="",
    oin="",
    municipality_code=None,
    roles=(),
    purpose=None,
    issuers=(),
    certificates=(),
    kinds=(),
)


def _fetch(reference: request.RequestReference, wallet_nonce: str | None, fetcher: Fetcher) -> str:
    if wallet_nonce is None:
        got = fetcher.get(reference.request_uri, accept=request.MEDIA_TYPE, max_bytes=_MAX_REQUEST)
    else:
        got = fetcher.post(
            reference.request_uri,
            form={"wallet_nonce": wallet_nonce},
            headers={"Accept": request.MEDIA_TYPE},
            max_bytes=_MAX_REQUEST,
        )
    if got.status != _OK:
        raise RefusedError(oauth.unverified_error_code(got.body))
    try:
        return got.body.decode("ascii")
    except UnicodeDecodeError:
        raise ParsingError("The request object is no token.") from None


def _tell(fetcher: Fetcher, response_uri: str, form: dict[str, str]) -> None:
    """Send an error; the person's own page says the same whether the verifier heard it or not."""
    try:
        fetcher.post(response_uri, form=form)
    except FetchError:
        return


def _next_address(given: Response) -> str | None:
    try:
        return response.parse_answer(given.body)
    except VerificationError:
        return None
