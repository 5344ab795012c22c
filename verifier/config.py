"""The settings of one organisation of debt counsellors: one TOML file, no secret in it.

Paths are relative to the file. A wrong setting raises ConfigurationError, whose text names the
key and never its value.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from vckit.errors import ConfigurationError


def _resolved(path: Path, info: ValidationInfo) -> Path:
    context: dict[str, Any] = info.context or {}
    return Path(context.get("folder", ".")) / path


def _resolved_signer(uri: str, info: ValidationInfo) -> str:
    kind, colon, rest = uri.partition(":")
    if not colon:
        raise ValueError("a signer is a URI such as file:keys/request.pem")
    return f"file:{_resolved(Path(rest), info)}" if kind == "file" else uri


def _exact_origin(url: str) -> str:
    # It is a part of the client id and of every response_uri, which are compared byte for byte.
    parts = urlsplit(url)
    is_origin = parts.scheme in {"http", "https"} and url == f"{parts.scheme}://{parts.netloc}"
    if not is_origin or not parts.hostname or parts.username is not None or url != url.lower():
        raise ValueError("must be scheme://host or scheme://host:port, in lower case, no slash")
    return url


FilePath = Annotated[Path, AfterValidator(_resolved)]
SignerUri = Annotated[str, AfterValidator(_resolved_signer)]
Origin = Annotated[str, AfterValidator(_exact_origin)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Table(BaseModel):
    """A table of the file: frozen, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class OrganisationSettings(Table):
    """Who asks: its name on the pages, its OIN of 20 digits."""

    name: Text
    oin: str = Field(pattern=r"^[0-9]{20}$")


class RequestSettings(Table):
    """The key of the request objects, its chain (leaf first), and how long a request is open."""

    signer: SignerUri
    chain: FilePath
    life_seconds: int = Field(default=900, ge=60, le=86_400)


class SchemeSettings(Table):
    """The signed scheme, the keys of its operator and how many of them must have signed."""

    file: FilePath
    operator_keys: tuple[FilePath, ...] = Field(min_length=1)
    threshold: int = Field(default=1, ge=1)


class ClaimPaths(Table):
    """Where the log-in's claims stand; a dot steps into an object."""

    family_name: Text = "family_name"
    given_name: Text = "given_name"


class LoginSettings(Table):
    """The OpenID provider of the counsellors, and the role that lets one in."""

    issuer: Text
    client_id: Text
    client_secret_file: FilePath
    minimum_acr: Text | None = None
    roles_claim: Text = "roles"
    counsellor_role: Text = "counsellor"
    claims: ClaimPaths = ClaimPaths()


class StatusSettings(Table):
    """How long a status list serves without asking, and after that when it can't be fetched.

    In seconds. 0 and 0: every list is asked for every response, and an old one never serves.
    """

    max_age_seconds: int = Field(default=900, ge=0)
    grace_seconds: int = Field(default=86_400, ge=0)


class OverviewSettings(Table):
    """Days until a statement is outdated or gets a note; hours that a case is kept."""

    stale_days: int = Field(default=30, ge=1)
    note_days: int = Field(default=7, ge=1)
    keep_hours: int = Field(default=12, ge=1, le=24 * 7)


class Config(Table):
    """Everything that a verifier needs to know before it starts."""

    base_url: Origin
    demo: bool = False
    insecure_origins: tuple[Origin, ...] = ()
    trusted_certificates: FilePath | None = None
    listen: str | None = Field(default=None, pattern=r"^\S+:[0-9]{1,5}$")
    workers: int = Field(default=2, ge=1, le=64)
    theme: FilePath | None = None
    database: FilePath
    database_key: FilePath
    organisation: OrganisationSettings
    request: RequestSettings
    scheme: SchemeSettings
    login: LoginSettings
    status: StatusSettings = StatusSettings()
    overview: OverviewSettings = OverviewSettings()

    @model_validator(mode="after")
    def _nothing_of_the_demo_in_production(self) -> Self:
        if self.demo:
            return self
        if self.insecure_origins:
            raise ValueError("insecure_origins must be empty outside the demo")
        for key, url in (("base_url", self.base_url), ("login.issuer", self.login.issuer)):
            if not url.startswith("https://"):
                raise ValueError(f"{key} must be https outside the demo")
        return self

    @property
    def address(self) -> str:
        """`host:port` to listen on: as set, or the loopback port of base_url."""
        parts = urlsplit(self.base_url)
        standard = 443 if parts.scheme == "https" else 80
        return self.listen or f"127.0.0.1:{parts.port or standard}"


def load(path: Path) -> Config:
    """Read and judge the settings of `path`; ConfigurationError names every wrong key."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        return Config.model_validate(settings, context={"folder": path.resolve().parent})
    except ValidationError as error:
        raise ConfigurationError(_complaints(error)) from None
    except (OSError, ValueError) as error:
        raise ConfigurationError("the configuration is no readable TOML file") from error


def _complaints(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{'.'.join(map(str, detail['loc'])) or 'file'}: {detail['msg']}" for detail in details
    )
