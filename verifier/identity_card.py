"""The identity credential beside the statements of a response: whose presentation it is.

It is no statement and of no organisation of the scheme: the settings name who may issue it. Of what
it says nothing is kept but whether each statement beside it is about the same person.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from vckit import dcql, x509
from vckit.dcql import Candidate, CredentialQuery
from vckit.errors import (
    ConfigurationError,
    KitError,
    MalformedValueError,
    StatusVerificationError,
)
from vckit.formats import ProvenCredential, dc_sd_jwt
from vckit.published import require_secret
from vckit.sd_jwt import KeyBindingExpectation
from verifier import question
from verifier.config import Config
from verifier.person import Person


def trusted(config: Config) -> frozenset[str]:
    """The digests of the certificates that may issue it, none where it is not asked.

    ConfigurationError for a file that cannot be read, for an example's key, and outside the demo
    for a demo's (row T13).
    """
    if config.identity is None:
        return frozenset()
    try:
        chain = x509.load_pem_chain(config.identity.certificates.read_bytes())
    except (OSError, KitError):
        raise ConfigurationError("identity.certificates is unreadable") from None
    for certificate in chain:
        require_secret(x509.public_key(certificate))
        if x509.is_of_a_demo(certificate) and not config.demo:
            raise ConfigurationError("identity.certificates holds a certificate of a demo")
    return frozenset(map(x509.digest, chain))


def verify_person(
    presentation: Any,
    query: CredentialQuery,
    *,
    issuers: frozenset[str],
    expected: KeyBindingExpectation,
    now: int,
) -> Person:
    """The person whom it names, after every check; raises the VerificationError of the first.

    `issuers` are as `trusted` gives them. OtherRequestError for another nonce or audience.
    """
    if not isinstance(presentation, str):
        raise MalformedValueError("a presentation of this format is a string")
    chain = x509.parse_x5c(dc_sd_jwt.unverified_issuer(presentation).x5c)
    # Like a statement off the scheme: proven by its own key, so that what was made for another
    # request is told from what nobody vouches for.
    proven = dc_sd_jwt.verify(
        presentation, issuer_key=x509.public_key(chain[0]), key_binding=expected, now=now
    )
    x509.verify_chain(chain, issuers, now)
    _require_current(proven, now)
    candidate = Candidate(proven.digest, proven.format, proven.meta, proven.document)
    dcql.check(query, candidate)
    return _person(proven.document)


def _require_current(proven: ProvenCredential, now: int) -> None:
    """It must end, and name no status: lists are asked of issuers of the scheme alone."""
    proven.validity.check(now)
    if proven.validity.expires is None:
        raise MalformedValueError("the identity credential has no end")
    if proven.statuses:
        raise StatusVerificationError("the status of an identity credential is not asked")


def _person(document: Mapping[str, Any]) -> Person:
    names = [document[term] for term in question.IDENTITY_TERMS]
    if not all(isinstance(each, str) for each in names):
        raise MalformedValueError("a term of the identity credential is not a string")
    person = Person(*names)
    try:
        date.fromisoformat(person.birthdate)
    except ValueError as error:
        raise MalformedValueError("the birth date is not in the calendar") from error
    return person
