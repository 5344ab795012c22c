"""What the wallet checks of a credential before it keeps it, and of a card before it is shown."""

from typing import Protocol

from holder_demo.cards import Card
from vckit import statement
from vckit.errors import (
    CryptographicSecurityError,
    FetchError,
    HolderBindingError,
    MalformedValueError,
    NotRequestedError,
    ParsingError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.formats import ProvenCredential, dc_sd_jwt
from vckit.keys import PublicKey
from vckit.network import Fetcher, Response
from vckit.status import StatusReference, token_status_list
from vckit.trust import Organisation, Scheme

VALID = "valid"
WITHDRAWN = "withdrawn"
SUPERSEDED = "superseded"
EXPIRED = "expired"
UNKNOWN = "unknown"

KIND = "schuldenopgave"
_MAX_STATUS_LIST = 1_048_576


def verify_received(
    text: str, *, issuer: str, holder_key: PublicKey, scheme: Scheme, now: int
) -> tuple[Organisation, ProvenCredential]:
    """Verify a credential as its holder (RFC 9901 7.2) and against the scheme.

    It must come from exactly the `issuer` that offered it, be bound to exactly our key, carry no
    key binding of its own, hold now, and be a valid statement. Raises a VerificationError.
    """
    unverified = dc_sd_jwt.unverified_issuer(text)
    if unverified.iss != issuer:
        raise UntrustedIssuerError("The credential is from another issuer than the offer.")
    organisation, key = scheme.issuer(issuer, unverified.x5c, kind=KIND, now=now)
    # RFC 9901 7.2: what a holder receives is an SD-JWT, never an SD-JWT+KB.
    proven = dc_sd_jwt.verify(text, issuer_key=key, key_binding=None, now=now)
    proven.validity.check(now)
    _check_ours(proven, holder_key)
    if proven.type != scheme.vct(KIND):
        raise NotRequestedError("The credential is of another type than was offered.")
    statement.validate(proven.claims)
    _check_speaks_for_itself(proven, organisation)
    return organisation, proven


def _check_ours(proven: ProvenCredential, holder_key: PublicKey) -> None:
    if proven.holder_key is None or proven.holder_key != holder_key:
        raise HolderBindingError("The credential is bound to another key than ours.")
    if not any(status.purpose == "revocation" for status in proven.statuses):
        raise MalformedValueError("The credential names no status list.")


def _check_speaks_for_itself(proven: ProvenCredential, organisation: Organisation) -> None:
    """The statement must name the organisation whose key signed it."""
    if proven.claims["aangeleverd_door"].get("oin") != organisation.oin:
        raise UntrustedIssuerError("The statement names another organisation than its issuer.")
    digests = proven.claims["vordering_digests"]
    if sorted(map(statement.debt_digest, proven.claims["vorderingen"])) != sorted(digests):
        raise CryptographicSecurityError("The statement does not carry the debts that it counts.")


class GetOnly(Protocol):
    """The part of a Fetcher that looking up a status needs."""

    def get(self, url: str, *, accept: str, max_bytes: int, redirects: int = 0) -> Response:
        """Fetch `url`, as `Fetcher.get`."""
        ...


class FetchOnce:
    """Fetches an address at most once, for cards that stand in one list; failures too."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._found: dict[str, Response | FetchError] = {}

    def get(self, url: str, *, accept: str, max_bytes: int, redirects: int = 0) -> Response:
        """Give what the first fetch of this address gave."""
        if url not in self._found:
            try:
                self._found[url] = self._fetcher.get(
                    url, accept=accept, max_bytes=max_bytes, redirects=redirects
                )
            except FetchError as error:
                self._found[url] = error
        found = self._found[url]
        if isinstance(found, FetchError):
            raise found
        return found


def card_status(card: Card, *, fetcher: GetOnly, scheme: Scheme, now: int) -> str:
    """Ask the issuer's status lists what became of a card: one of the names of this module."""
    if card.expires is not None and card.expires <= now:
        return EXPIRED
    try:
        told = {
            reference.purpose: _told(card, reference, fetcher, scheme, now)
            for reference in card.statuses
        }
    except (FetchError, VerificationError):
        return UNKNOWN
    if told.get("revocation") != 0:
        return WITHDRAWN
    return SUPERSEDED if told.get("refresh", 0) else VALID


def _told(
    card: Card, reference: StatusReference, fetcher: GetOnly, scheme: Scheme, now: int
) -> int:
    x5c = dc_sd_jwt.unverified_issuer(card.credential).x5c
    _, key = scheme.issuer(card.issuer, x5c, kind=KIND, now=now)
    response = fetcher.get(
        reference.uri,
        accept=token_status_list.MEDIA_TYPE,
        max_bytes=_MAX_STATUS_LIST,
        redirects=2,
    )
    try:
        token = response.body.decode("ascii")
    except UnicodeDecodeError:
        raise ParsingError("The status list is no token.") from None
    found = token_status_list.verify(token, uri=reference.uri, issuer_key=key, now=now)
    return found.list.get(reference.index)
