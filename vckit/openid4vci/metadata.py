"""Credential issuer metadata: OpenID4VCI 1.0 section 12.2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from vckit import strict_json
from vckit.errors import MalformedValueError
from vckit.oauth import Text, endpoint_url

CREDENTIAL_ISSUER = "openid-credential-issuer"
AUTHORIZATION_SERVER = "oauth-authorization-server"

# Under the issuer's base URL. `token_endpoint` and `issuer` belong to the authorization server's
# metadata; a widespread library looks for them here, and others ignore them (12.2.4).
ENDPOINTS = {
    "credential_endpoint": "/credential",
    "nonce_endpoint": "/nonce",
    "notification_endpoint": "/notification",
    "token_endpoint": "/token",
}

# Ed25519 is the fully-specified name of what EdDSA is here (RFC 9864); wallets know one or both.
PROOF_ALGORITHMS = ("ES256", "EdDSA", "Ed25519")


def well_known_url(issuer: str, name: str = CREDENTIAL_ISSUER) -> str:
    """Give the address of metadata: inserted between host and path (12.2.2, RFC 8414 3.1).

    `issuer` comes without a query; RFC 8414 3.1 drops the path's last slash.
    """
    parts = urlsplit(issuer)
    return f"{parts.scheme}://{parts.netloc}/.well-known/{name}{parts.path.removesuffix('/')}"


# By key, and by the DIDs that hold their key: Credo takes nothing but a DID for W3C formats.
BINDING_METHODS = ("jwk", "did:key", "did:jwk")


def credential_definition(
    types: Sequence[str], contexts: Sequence[str | Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """Give the members that tell the type of a W3C credential, to a `credential_configuration`.

    With `@context` for `ldp_vc` (A.1.2.2), without it for JWTs (A.1.1.2). Whoever uses dc+sd-jwt
    gives {"vct": …} instead (A.3.2).
    """
    definition: dict[str, Any] = {"type": list(types)}
    if contexts is not None:
        definition = {"@context": list(contexts), **definition}
    return {"credential_definition": definition}


def credential_configuration(
    credential_format: str,
    type_members: Mapping[str, Any],
    *,
    scope: str,
    signing_algorithms: Sequence[str] = ("ES256",),
    binding_methods: Sequence[str] = BINDING_METHODS,
    proof_algorithms: Sequence[str] = PROOF_ALGORITHMS,
    display: Sequence[Mapping[str, Any]] = (),
    claims: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Describe one credential of `credential_configurations_supported` (12.2.4).

    `type_members` are the format's own (`credential_definition`, or {"vct": …});
    `signing_algorithms` are JWS algorithms or, for `ldp_vc`, cryptosuites; `claims` are claims
    descriptions (Appendix B.2). HAIP 4.1: every configuration has a scope.
    """
    proofs = {"jwt": {"proof_signing_alg_values_supported": list(proof_algorithms)}}
    shown = {"display": list(display), "claims": list(claims)}
    return {
        "format": credential_format,
        "scope": scope,
        **type_members,
        "credential_signing_alg_values_supported": list(signing_algorithms),
        "cryptographic_binding_methods_supported": list(binding_methods),
        "proof_types_supported": proofs,
        "credential_metadata": {name: given for name, given in shown.items() if given},
    }


def credential_issuer_metadata(
    base_url: str,
    configurations: Mapping[str, Mapping[str, Any]],
    display: Sequence[Mapping[str, Any]],
    *,
    batch_size: int | None = None,
    endpoints: Mapping[str, str] = ENDPOINTS,
) -> dict[str, Any]:
    """Publish an issuer that is its own authorization server.

    `configurations` maps ids to `credential_configuration`s; `batch_size` is left out where only
    one credential is given at a time (12.2.4 allows 2 and more).
    """
    members: dict[str, Any] = {
        "credential_issuer": base_url,
        "issuer": base_url,
        **{name: f"{base_url}{path}" for name, path in endpoints.items()},
        "credential_configurations_supported": dict(configurations),
    }
    if display:
        members["display"] = list(display)
    if batch_size is not None:
        members["batch_credential_issuance"] = {"batch_size": batch_size}
    return members


@dataclass(frozen=True)
class IssuerMetadata:
    """What a wallet read of a credential issuer; its names are the issuer's own, not trusted.

    `configurations` maps ids to the published objects, of which `format` is checked only.
    """

    credential_issuer: str
    authorization_server: str
    credential_endpoint: str
    nonce_endpoint: str | None
    notification_endpoint: str | None
    configurations: Mapping[str, Mapping[str, Any]]
    display: tuple[Mapping[str, Any], ...]
    batch_size: int

    def unverified_name(self, locale: str = "nl") -> str | None:
        """Give the display name for a locale such as "nl", else the first one."""
        names = [one for one in self.display if isinstance(one.get("name"), str)]
        fitting = [one for one in names if str(one.get("locale", "")).startswith(locale)]
        return next((str(one["name"]) for one in [*fitting, *names]), None)


class _Configuration(BaseModel):
    model_config = ConfigDict(extra="allow")

    format: Text


class _Batch(BaseModel):
    model_config = ConfigDict(extra="ignore")

    batch_size: Annotated[int, Strict(), Field(ge=2)]


class _Metadata(BaseModel):
    model_config = ConfigDict(extra="ignore")

    credential_issuer: Text
    authorization_servers: tuple[Text, ...] | None = Field(None, min_length=1)
    credential_endpoint: Text
    nonce_endpoint: Text | None = None
    notification_endpoint: Text | None = None
    credential_configurations_supported: dict[str, _Configuration]
    display: tuple[dict[str, Any], ...] = ()
    batch_credential_issuance: _Batch | None = None

    def value(self) -> IssuerMetadata:
        batch = self.batch_credential_issuance
        # 12.2.4: without authorization_servers the issuer is its own.
        servers = self.authorization_servers or (self.credential_issuer,)
        return IssuerMetadata(
            credential_issuer=self.credential_issuer,
            authorization_server=endpoint_url(servers[0]),
            credential_endpoint=endpoint_url(self.credential_endpoint),
            nonce_endpoint=_optional_url(self.nonce_endpoint),
            notification_endpoint=_optional_url(self.notification_endpoint),
            configurations={
                one: found.model_dump()
                for one, found in self.credential_configurations_supported.items()
            },
            display=self.display,
            batch_size=batch.batch_size if batch is not None else 1,
        )


def parse_issuer(data: bytes, expected_issuer: str) -> IssuerMetadata:
    """Read the metadata fetched for `expected_issuer`. Raises MalformedValueError, ParsingError.

    12.2.4: compared as simple strings; metadata of another identifier MUST NOT be used.
    """
    members = strict_json.loads_object(data)
    try:
        read = _Metadata.model_validate(members)
    except ValidationError:
        raise MalformedValueError("The credential issuer's metadata is malformed.") from None
    if read.credential_issuer != expected_issuer:
        raise MalformedValueError("The metadata is of another credential issuer.")
    return read.value()


def _optional_url(value: str | None) -> str | None:
    return None if value is None else endpoint_url(value)
