"""Answering a verifier by OpenID4VP 1.0: read the question, then answer it or decline."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from holder_demo.acceptance import RefusedError
from holder_demo.checking import Judge
from holder_demo.choosing import Share
from vckit import oauth
from vckit.did import web as did_web
from vckit.errors import (
    FetchError,
    InvalidRelationshipError,
    KitError,
    ParsingError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.keys import PublicKey
from vckit.network import Fetcher, Response
from vckit.openid4vp import request, response
from vckit.openid4vp.client_id import Verifier
from vckit.trust import Organisation

_MAX_REQUEST = 262_144
_OK = 200
# The kind of attestation that verifiers of the scheme give of themselves.
_TOLD = "https://w3id.org/blauwe-knop/v1#vraag"
_CHECK_CODE = re.compile("[0-9]{4}")

_Identity = TypeVar("_Identity")


@dataclass(frozen=True)
class Question:
    """A request that may be shown; `verifier` is None when nobody of the scheme asks it."""

    request: request.VerifiedRequest
    verifier: Organisation | None

    @property
    def told(self) -> Mapping[str, Any]:
        """What the verifier tells of itself (OpenID4VP 5.11), of which it proved to be the one."""
        if self.verifier is None:
            return {}
        found = (one["data"] for one in self.request.verifier_info if one["format"] == _TOLD)
        told = next(found, None)
        return told if isinstance(told, dict) else {}

    @property
    def check_code(self) -> str:
        """Four digits that the verifier's screen shows as well; "" where it tells none."""
        code = self.told.get("controlecode")
        return code if isinstance(code, str) and _CHECK_CODE.fullmatch(code) else ""

    @property
    def is_otherwise_told(self) -> bool:
        """Whether the verifier gives another purpose than the scheme attests."""
        purpose = self.told.get("doel")
        return self.verifier is not None and purpose not in {None, self.verifier.purpose}

    def summary(self) -> dict[str, Any]:
        """Who asks and why, as plain JSON."""
        known = self.verifier
        return {
            "verifier": known.name if known else None,
            "purpose": known.purpose if known else None,
            "check_code": self.check_code or None,
            "client_id": self.request.client_id,
        }


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


def read_question(link: str, *, fetcher: Fetcher, judge: Judge) -> Question:
    """Fetch and verify the request behind a link.

    Raises VerificationError when it is not proven to be the one of the link (nobody is told),
    DeclinedForSafetyError when it is but can't be followed, RefusedError when it is not given out.
    """
    found = request.parse_link(link.strip())
    try:
        if isinstance(found, request.RequestReference):
            return _signed(found, fetcher, judge)
        return Question(request.verify_by_value(found), None)
    except request.RequestRefused as refused:
        _tell(fetcher, refused.response_uri, response.build_error(refused.code, refused.state))
        raise DeclinedForSafetyError(refused.code) from None


def answer(
    question: Question, shares: Sequence[Share], *, fetcher: Fetcher, judge: Judge
) -> str | None:
    """Send what the person agreed to; gives where the person goes on, if the verifier says so.

    Raises RefusedError when the verifier does not take it, MalformedValueError when it gives no
    key to encrypt to.
    """
    vp_token: dict[str, list[Any]] = {}
    for share in shares:
        presented = judge.format(share.card.format).present(
            share.card.credential,
            keep=share.paths,
            signer=share.card.signer,
            audience=question.request.audience,
            nonce=question.request.nonce,
            now=judge.now,
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


def _signed(reference: request.RequestReference, fetcher: Fetcher, judge: Judge) -> Question:
    wallet_nonce = secrets.token_urlsafe(24) if reference.method == "post" else None
    verified = request.verify(
        _fetch(reference, wallet_nonce, fetcher),
        expected_client_id=reference.client_id,
        now=judge.now,
        trust=lambda chain: _known(judge.scheme.verifier, chain, judge.now),
        resolve_did=lambda name, did_url: _by_did(name, did_url, reference.request_uri, judge),
        wallet_nonce=wallet_nonce,
    )
    return Question(verified, verified.organisation)


def _known(
    find: Callable[[_Identity, int], Organisation], identity: _Identity, now: int
) -> Organisation | None:
    # Whoever is not on the scheme is still proven to hold the key of the client id; the person is
    # then warned instead of told a name.
    try:
        return find(identity, now)
    except UntrustedIssuerError:
        return None


def _by_did(name: str, did_url: str, request_uri: str, judge: Judge) -> Verifier:
    """Who signed by a DID (OpenID4VP 5.9.3).

    A stranger's DID document is fetched from nobody but the host that the person was shown.
    """
    organisation = _known(judge.scheme.verifier_of_did, name, judge.now)
    if organisation is None and not _is_near(name, request_uri):
        raise UntrustedIssuerError("The verifier's DID lies elsewhere than its request.")
    return Verifier(organisation, _asking_key(did_url, judge))


def _is_near(name: str, request_uri: str) -> bool:
    if not name.startswith(did_web.PREFIX):
        return True  # it holds its own key, or is of a method that is not resolved
    host = name.removeprefix(did_web.PREFIX).partition(":")[0]
    return host.replace("%3A", ":") == urlsplit(request_uri).netloc


def _asking_key(did_url: str, judge: Judge) -> PublicKey:
    # 5.9.3 asks for any key of the document; one for key agreement alone proves nothing.
    try:
        return judge.resolver.key(did_url, "authentication", now=judge.now)
    except InvalidRelationshipError:
        return judge.resolver.key(did_url, "assertionMethod", now=judge.now)


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
