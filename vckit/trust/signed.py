"""The scheme as its operators sign it: wire.md "The scheme", Dutch member names."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
)

from vckit import did, jose, strict_json
from vckit.errors import VerificationError
from vckit.keys import PublicKey
from vckit.published import is_published
from vckit.signers import Signer
from vckit.trust.scheme import (
    ISSUER,
    VERIFIER,
    Document,
    Documents,
    Organisation,
    Scheme,
    SchemeError,
)

TYP = "blauweknop-scheme+jwt"

MAX_BYTES = 1_048_576
LEEWAY = 60

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def _epoch(value: object) -> int:
    """Times are RFC 3339 in UTC with `Z`; a plain date means 00:00 in Amsterdam (wire.md)."""
    if not isinstance(value, str):
        raise ValueError("no time")  # noqa: TRY004  pydantic reads ValueError only
    moment = datetime.fromisoformat(value)
    if value.endswith("Z"):
        return int(moment.timestamp())
    if moment.isoformat()[:10] != value:
        raise ValueError("neither UTC nor a date")
    return int(datetime.combine(moment.date(), time(), _AMSTERDAM).timestamp())


_Text = Annotated[str, Strict(), StringConstraints(min_length=1, max_length=2048)]
_Url = Annotated[str, Strict(), StringConstraints(pattern=r"^https?://[^\s@?#]+$", max_length=2048)]
_Link = Annotated[str, Strict(), StringConstraints(pattern=r"^https?://[^\s@]+$", max_length=2048)]
_Digest = Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
_KeyIdentifier = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=128)
]
# DID core 3.1: no path, query or fragment, and nothing that two readers could take differently.
_Did = Annotated[
    str, Strict(), StringConstraints(pattern=r"^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$", max_length=2048)
]
_Oin = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]{20}$")]
_Municipality = Annotated[str, Strict(), StringConstraints(pattern=r"^GM[0-9]{4}$")]
_Whole = Annotated[int, Strict(), Field(ge=0)]
_Moment = Annotated[int, BeforeValidator(_epoch)]
_Role = Literal["issuer", "verifier"]


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore")

    url: _Url
    sha256: _Text

    def document(self) -> Document:
        return Document(self.url, self.sha256)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore")

    naam: _Text
    oin: _Oin
    gemeentecode: _Municipality | None = None
    rol: tuple[_Role, ...] = Field(min_length=1)
    doel: _Text | None = None
    uitgevers: tuple[_Url, ...] = ()
    certificaten: tuple[_Digest, ...] = ()
    soorten: tuple[_Text, ...] = ()
    geldig_van: _Moment | None = None
    geldig_tot: _Moment | None = None
    start_url: _Link | None = None
    dids: tuple[_Did, ...] = ()
    opvolger_van: _Oin | None = None
    aki: tuple[_KeyIdentifier, ...] = ()

    def organisation(self) -> Organisation:
        return Organisation(
            name=self.naam,
            oin=self.oin,
            municipality_code=self.gemeentecode,
            roles=self.rol,
            purpose=self.doel,
            issuers=self.uitgevers,
            certificates=self.certificaten,
            kinds=self.soorten,
            valid_from=self.geldig_van,
            valid_until=self.geldig_tot,
            start_url=self.start_url,
            dids=self.dids,
            successor_of=self.opvolger_van,
            authority_keys=self.aki,
        )


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore")

    iss: _Text
    iat: _Whole
    exp: _Whole
    versie: Annotated[int, Strict(), Field(ge=1)]
    basis: _Url
    demo: Annotated[bool, Strict()] = False
    context: _Document
    schemas: tuple[_Document, ...] = ()
    vct: tuple[_Document, ...] = ()
    organisaties: tuple[_Entry, ...] = Field(min_length=1)

    def documents(self) -> Documents:
        return Documents(
            context=self.context.document(),
            schemas=tuple(one.document() for one in self.schemas),
            vct=tuple(one.document() for one in self.vct),
        )


def verify_scheme(
    data: bytes,
    *,
    operator_keys: Collection[PublicKey],
    threshold: int,
    now: int,
    minimum_version: int = 0,
    grace_seconds: int = 0,
) -> Scheme:
    """Verify a signed scheme (JWS, general JSON serialisation) and give its value.

    `threshold` distinct operator keys must have signed; `minimum_version` is the newest version
    seen before, so an old scheme can't come back. `grace_seconds` is how long after its end it may
    still be used: of one that was in force. Raises SchemeError.
    """
    if not operator_keys or not 1 <= threshold <= len(set(operator_keys)):
        raise SchemeError("The scheme's operator keys and threshold do not fit.", "settings")
    if len(data) > MAX_BYTES:
        raise SchemeError("The scheme is too large.", "too_large")
    scheme = read_payload(_signed_payload(data, operator_keys, threshold))
    _check_freshness(scheme, now, minimum_version, grace_seconds)
    return scheme


def sign_scheme(payload: Mapping[str, Any], signers: Sequence[Signer]) -> bytes:
    """Sign a payload (wire.md "The scheme") with every signer; one that can't be read is refused.

    Gives the JWS in its general JSON serialisation. Raises SchemeError.
    """
    if not signers:
        raise SchemeError("A scheme needs at least one signer.", "unsigned")
    read_payload(payload)
    headers = [({"typ": TYP, "kid": signer.public_key.thumbprint()}, signer) for signer in signers]
    return jose.sign_general(strict_json.dumps(dict(payload)), headers)


def unverified_payload(data: bytes) -> dict[str, Any]:
    """The payload of a signed scheme that nobody vouches for here: to be read by a person."""
    try:
        return jose.parse_general(data)[0].claims()
    except VerificationError:
        raise SchemeError("This is no signed scheme.", "unsigned") from None


def add_signature(data: bytes, signer: Signer) -> bytes:
    """Add a signature to a signed scheme, over the same bytes. SchemeError, also a second time."""
    payload = unverified_payload(data)
    read_payload(payload)
    signed = jose.parse_general(data)
    kid = signer.public_key.thumbprint()
    if any(one.header.get("kid") == kid for one in signed):
        raise SchemeError("This key has signed the scheme already.", "unsigned")
    added = jose.sign_general(signed[0].payload, [({"typ": TYP, "kid": kid}, signer)])
    both = [_document(one) for one in (data, added)]
    signatures = [one for document in both for one in document["signatures"]]
    return strict_json.dumps({"payload": both[0]["payload"], "signatures": signatures})


def _document(data: bytes) -> dict[str, Any]:
    return strict_json.loads_object(data, strict_json.Limits(string=len(data)))


def _signed_payload(
    data: bytes, operator_keys: Collection[PublicKey], threshold: int
) -> dict[str, Any]:
    try:
        payload = jose.verify_general(data, operator_keys, typ=TYP, threshold=threshold)
        return strict_json.loads_object(payload)
    except VerificationError:
        raise SchemeError("The scheme is not signed as its operators sign.", "unsigned") from None


def read_payload(payload: Mapping[str, Any]) -> Scheme:
    """What a payload says; nobody vouches for it yet. SchemeError when it can't be a scheme."""
    try:
        parsed = _Payload.model_validate(payload)
    except ValidationError:
        raise SchemeError("The scheme's payload is not of the agreed shape.") from None
    organisations = tuple(entry.organisation() for entry in parsed.organisaties)
    _check_entries(organisations)
    return Scheme(
        version=parsed.versie,
        base_url=parsed.basis,
        operator=parsed.iss,
        issued_at=parsed.iat,
        expires_at=parsed.exp,
        organisations=organisations,
        documents=parsed.documents(),
        demo=parsed.demo,
    )


def _check_freshness(scheme: Scheme, now: int, minimum_version: int, grace_seconds: int) -> None:
    if scheme.version < minimum_version:
        raise SchemeError("The scheme is older than one seen before.", "older")
    if scheme.issued_at > now + LEEWAY:
        raise SchemeError("The scheme is not valid yet.", "not_yet_valid")
    if scheme.expires_at + grace_seconds <= now:
        raise SchemeError("The scheme has expired.", "expired")


def _check_entries(organisations: Sequence[Organisation]) -> None:
    for organisation in organisations:
        _check_roles(organisation)
        _check_dids(organisation)
    # T05 duplicate entries and T14 one certificate for two: names, numbers and keys must each
    # lead to one organisation, or the page could show another name than the key's.
    _check_distinct((one.oin for one in organisations), "number")
    _check_distinct((one.name for one in organisations), "name")
    _check_distinct((iss for one in organisations for iss in one.issuers), "issuer")
    _check_distinct((one for org in organisations for one in org.certificates), "certificate")
    _check_distinct((name for one in organisations for name in one.dids), "DID")


def _check_roles(organisation: Organisation) -> None:
    if not (organisation.certificates or organisation.dids):
        raise SchemeError("An organisation of the scheme has neither certificate nor DID.")
    if ISSUER in organisation.roles and not (organisation.issuers and organisation.kinds):
        raise SchemeError("An issuer of the scheme lacks its URL or what it may state.")
    if VERIFIER in organisation.roles and organisation.purpose is None:
        raise SchemeError("A verifier of the scheme lacks its purpose.")


def _check_dids(organisation: Organisation) -> None:
    """A DID that holds its own key may hold one that is nobody's secret (row T13)."""
    for one in organisation.dids:
        if not one.startswith(("did:key:", "did:jwk:")):
            continue
        try:
            key = did.holder_key(one)
        except VerificationError:
            raise SchemeError("A DID of the scheme holds no key.") from None
        if is_published(key):
            raise SchemeError("A key of the scheme is an example of a specification.")


def _check_distinct(values: Iterable[str], what: str) -> None:
    if any(times > 1 for times in Counter(values).values()):
        raise SchemeError(f"Two entries of the scheme share one {what}.", "contradictory")
