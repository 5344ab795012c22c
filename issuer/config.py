"""The settings of one organisation: one TOML file, every key known, no secret in it.

Paths are relative to the file. A wrong setting raises ConfigurationError, whose text names the
key and never its value.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from vckit.errors import ConfigurationError

CONFIG_VARIABLE: Final = "BLAUWEKNOP_ISSUER_CONFIG"


def _beside_the_file(path: Path, info: ValidationInfo) -> Path:
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / path


def _signer_beside_the_file(uri: str, info: ValidationInfo) -> str:
    scheme, colon, rest = uri.partition(":")
    if not colon:
        raise ValueError("a signer is a URI such as file:keys/credential.pem")
    if scheme != "file":
        return uri
    return f"file:{_beside_the_file(Path(rest), info)}"


def _is_origin(url: str) -> bool:
    parts = urlsplit(url)
    bare = f"{parts.scheme}://{parts.netloc}"
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and url == bare


def _origin(url: str) -> str:
    # The issuer's name is compared byte for byte everywhere (OpenID4VCI 12.2.1).
    if not _is_origin(url) or url != url.lower() or "@" in url:
        raise ValueError("must be scheme://host or scheme://host:port, in lower case, no slash")
    return url


LocalPath = Annotated[Path, AfterValidator(_beside_the_file)]
SignerUri = Annotated[str, AfterValidator(_signer_beside_the_file)]
Origin = Annotated[str, AfterValidator(_origin)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Section(BaseModel):
    """A table of the file: frozen, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Organisation(Section):
    """Who states the debts: name, OIN of 20 digits, municipality code such as GM0757."""

    name: Text
    oin: str = Field(pattern=r"^[0-9]{20}$")
    municipality_code: str = Field(pattern=r"^GM[0-9]{4}$")


class Contact(Section):
    """Whom a resident with money problems can call (`contact_schuldhulp`)."""

    name: Text
    phone: Text
    email: Text
    url: Text


class Credentials(Section):
    """The key of statements and status lists, its chain (leaf first), validity in days.

    Statements carry the BSN only where `bsn_legal_basis` says by which law.
    """

    signer: SignerUri
    chain: LocalPath
    days: int = Field(default=30, ge=1, le=366)
    bsn_legal_basis: Text | None = None


class Document(Section):
    """The seal of the certified document, its chain, and how long the document holds in days."""

    signer: SignerUri
    chain: LocalPath
    days: int = Field(default=365, ge=1, le=366)


class SchemeSource(Section):
    """The signed scheme, the keys of its operator and how many of them must have signed."""

    file: LocalPath
    operator_keys: tuple[LocalPath, ...] = Field(min_length=1)
    threshold: int = Field(default=1, ge=1)


class LoginClaims(Section):
    """Where the log-in's claims stand; a dot steps into an object.

    `represents_…` name the represented person in a log-in on behalf of somebody else.
    """

    bsn: Text = "bsn"
    family_name: Text = "family_name"
    given_name: Text = "given_name"
    birthdate: Text = "birthdate"
    represents_bsn: Text | None = None
    represents_family_name: Text | None = None
    represents_given_name: Text | None = None
    represents_birthdate: Text | None = None


class Login(Section):
    """The OpenID provider where residents log in, and the assurance that it must state."""

    issuer: Text
    client_id: Text
    client_secret_file: LocalPath
    minimum_acr: Text
    claims: LoginClaims = LoginClaims()


class Desk(Section):
    """Who a BSN belongs to, for offers made at the desk and for representatives."""

    persons_file: LocalPath


class Wallet(Section):
    """A wallet that the resident can pick by name: how it is called, and where offers go."""

    name: Text
    offer_endpoint: str = Field(pattern=r"^[a-z][a-z0-9+.-]*://\S*$", max_length=500)


class Status(Section):
    """How long a status list may be cached, and how long it holds; in seconds."""

    ttl_seconds: int = Field(default=900, ge=1)
    expires_seconds: int = Field(default=86_400, ge=60)

    @model_validator(mode="after")
    def _outlives_its_cache(self) -> Self:
        if self.expires_seconds < 2 * self.ttl_seconds:
            raise ValueError("expires_seconds must be at least twice ttl_seconds")
        return self


class Source(Section):
    """One debt administration, and the dialect in which it hands over its debts.

    Without a dialect it is named in every statement as not connected.
    """

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    name: Text
    dialect: LocalPath | None = None


class Config(Section):
    """Everything that one organisation's issuer needs to know before it starts."""

    base_url: Origin
    demo: bool = False
    insecure_origins: tuple[Origin, ...] = ()
    listen: str | None = Field(default=None, pattern=r"^\S+:[0-9]{1,5}$")
    workers: int = Field(default=2, ge=1, le=64)
    theme: LocalPath | None = None
    database: LocalPath
    database_key: LocalPath
    index_key: LocalPath
    organisation: Organisation
    contact: Contact
    credentials: Credentials
    document: Document | None = None
    scheme: SchemeSource
    login: Login
    desk: Desk
    status: Status = Status()
    wallets: tuple[Wallet, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)

    @field_validator("sources")
    @classmethod
    def _each_code_once(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        if len({source.code for source in sources}) != len(sources):
            raise ValueError("two sources have the same code")
        return sources

    @model_validator(mode="after")
    def _no_leftovers_of_the_demo(self) -> Self:
        if self.demo:
            return self
        if self.insecure_origins:
            raise ValueError("insecure_origins must be empty outside the demo")
        if not self.base_url.startswith("https://"):
            raise ValueError("base_url must be https outside the demo")
        if not self.login.issuer.startswith("https://"):
            raise ValueError("login.issuer must be https outside the demo")
        if not self.listen:
            raise ValueError("listen must be set outside the demo")
        return self

    @property
    def address(self) -> str:
        """`host:port` to listen on: as set, or the loopback port of base_url."""
        if self.listen:
            return self.listen
        return f"127.0.0.1:{urlsplit(self.base_url).port or 80}"


def _in_words(error: ValidationError) -> str:
    """Which keys are wrong and why, without their values."""
    return "; ".join(
        f"{'.'.join(str(step) for step in detail['loc']) or 'file'}: {detail['msg']}"
        for detail in error.errors(include_url=False, include_input=False, include_context=False)
    )


def load(path: Path) -> Config:
    """Read and judge the settings of `path`; ConfigurationError names every wrong key."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError("the configuration is no readable TOML file") from error
    try:
        return Config.model_validate(settings, context={"folder": path.resolve().parent})
    except ValidationError as error:
        raise ConfigurationError(_in_words(error)) from None
