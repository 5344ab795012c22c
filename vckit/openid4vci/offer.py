"""Credential offers: OpenID4VCI 1.0 section 4."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, ValidationError

from vckit import strict_json
from vckit.errors import MalformedValueError
from vckit.oauth import PRE_AUTHORIZED_CODE_GRANT, Text, endpoint_url

# Section 12.1, HAIP 4.2 and the European scheme: whose links a wallet takes.
SCHEMES = ("openid-credential-offer", "haip-vci", "eu-eaa-offer")
DEFAULT_ENDPOINT = "openid-credential-offer://"

MAX_LINK = 65_536

InputMode = Literal["numeric", "text"]


@dataclass(frozen=True)
class TxCode:
    """That a transaction code is expected, and what it looks like (section 4.1.1)."""

    length: int | None = None
    input_mode: InputMode = "numeric"
    description: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the `tx_code` object of an offer."""
        members: dict[str, Any] = {"input_mode": self.input_mode}
        if self.length is not None:
            members["length"] = self.length
        if self.description is not None:
            members["description"] = self.description
        return members


@dataclass(frozen=True)
class CredentialOffer:
    """An offer with the pre-authorized code grant (section 4.1.1)."""

    credential_issuer: str
    configuration_ids: tuple[str, ...]
    pre_authorized_code: str
    tx_code: TxCode | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the Credential Offer object, to be served as application/json."""
        grant: dict[str, Any] = {"pre-authorized_code": self.pre_authorized_code}
        if self.tx_code is not None:
            grant["tx_code"] = self.tx_code.to_json()
        return {
            "credential_issuer": self.credential_issuer,
            "credential_configuration_ids": list(self.configuration_ids),
            "grants": {PRE_AUTHORIZED_CODE_GRANT: grant},
        }


class _TxCode(BaseModel):
    model_config = ConfigDict(extra="ignore")

    length: Annotated[int, Strict(), Field(ge=1, le=64)] | None = None
    input_mode: InputMode = "numeric"
    description: Annotated[str, Strict(), StringConstraints(max_length=300)] | None = None

    def value(self) -> TxCode:
        return TxCode(self.length, self.input_mode, self.description)


class _Grant(BaseModel):
    model_config = ConfigDict(extra="ignore")

    code: Text = Field(alias="pre-authorized_code")
    tx_code: _TxCode | None = None


class _Grants(BaseModel):
    model_config = ConfigDict(extra="ignore")

    # Section 4.1.1 leaves the choice among grants to the wallet; this is the one it knows.
    pre_authorized_code: _Grant = Field(alias=PRE_AUTHORIZED_CODE_GRANT)


class _Offer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    credential_issuer: Text
    credential_configuration_ids: tuple[Text, ...] = Field(min_length=1)
    grants: _Grants


def parse(offer: object) -> CredentialOffer:
    """Read an offer: its JSON text, or the value of it. Raises MalformedValueError, ParsingError.

    An offer without the pre-authorized code grant is refused too: there is no other way here.
    """
    members = strict_json.loads_object(offer) if isinstance(offer, bytes | str) else offer
    try:
        read = _Offer.model_validate(members)
    except ValidationError:
        raise MalformedValueError("The credential offer can't be used.") from None
    ids = read.credential_configuration_ids
    if len(set(ids)) != len(ids):
        raise MalformedValueError("The credential offer names a credential twice.")
    grant = read.grants.pre_authorized_code
    return CredentialOffer(
        credential_issuer=credential_issuer_identifier(read.credential_issuer),
        configuration_ids=ids,
        pre_authorized_code=grant.code,
        tx_code=grant.tx_code.value() if grant.tx_code is not None else None,
    )


def credential_issuer_identifier(value: str) -> str:
    """Give a Credential Issuer Identifier: a URL without query or fragment (section 12.2.1)."""
    if "?" in endpoint_url(value):
        raise MalformedValueError("A credential issuer's identifier has no query.")
    return value


def by_reference(scheme: str, uri: str) -> str:
    """Give a link that carries the offer's address: short enough for a QR code.

    `scheme` is a wallet's offer endpoint, such as `openid-credential-offer://`.
    """
    return _link(scheme, {"credential_offer_uri": uri})


def by_value(scheme: str, offer: CredentialOffer) -> str:
    """Give a link that carries the offer itself."""
    return _link(scheme, {"credential_offer": strict_json.dumps(offer.to_json()).decode()})


def parse_link(link: str) -> dict[str, Any] | str:
    """Read a link: an offer (a dict, for `parse`) or the address to fetch it from (a str).

    Raises MalformedValueError or ParsingError; section 4.1: exactly one of the two parameters.
    """
    parameters = _parameters(link)
    given = [one for one in parameters if one[0] in {"credential_offer", "credential_offer_uri"}]
    if len(given) != 1:
        raise MalformedValueError("A link carries exactly one credential offer.")
    name, value = given[0]
    return strict_json.loads_object(value) if name == "credential_offer" else endpoint_url(value)


def _link(scheme: str, parameters: dict[str, str]) -> str:
    endpoint = scheme if "://" in scheme else f"{scheme}://"
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"


def _parameters(link: str) -> list[tuple[str, str]]:
    if len(link) > MAX_LINK:
        raise MalformedValueError("The link is too long.")
    try:
        parts = urlsplit(link)
        parameters = parse_qsl(parts.query, strict_parsing=True, max_num_fields=16, errors="strict")
    except ValueError:
        raise MalformedValueError("The link is malformed.") from None
    if parts.scheme not in {*SCHEMES, "https", "http"}:
        raise MalformedValueError("The link is no credential offer.")
    return parameters
