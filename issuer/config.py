"""The settings of one organisation that states debts (shared ones: vckit.adapters.settings)."""

import re
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from vckit.adapters import settings
from vckit.adapters.private_files import require_private
from vckit.adapters.settings import LocalPath, Section, SignerUri, SigningKey, Text, TimeStamping
from vckit.errors import ConfigurationError

CONFIG_VARIABLE: Final = "BLAUWEKNOP_ISSUER_CONFIG"
GENERAL: Final = "general"
_ENDPOINT: Final = r"^[a-z][a-z0-9+.-]*://\S*$"
_NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,39}$"
_ADDRESS: Final = r"^[a-z][a-z0-9+.-]*:[!-~]+$"
_SECRET: Final = re.compile("[!-~]([ -~]*[!-~])?")
_SECRET_PARAMETER: Final = re.compile("(?i)(^|&)[^=&]*(pass|pwd|token|key|secret)[^=&]*=")


class Organisation(settings.Organisation):
    """Who states the debts: with its municipality code, such as GM0757."""

    municipality_code: str = Field(pattern=r"^GM[0-9]{4}$")


class Contact(Section):
    """Whom a resident with money problems can call (`contact_schuldhulp`)."""

    name: Text
    phone: Text
    email: Text
    url: Text


class Credentials(SigningKey):
    """The key of statements and status lists, and how long a statement holds in days.

    Statements carry the BSN only where `bsn_legal_basis` says by which law.
    """

    days: int = Field(default=30, ge=1, le=366)
    bsn_legal_basis: Text | None = None


class W3c(Section):
    """Statements in the formats of the W3C, issued under the did:web of base_url.

    `signer` is the organisation's Ed25519 key; its P-256 key is that of the credentials. Two more
    forms are asked for expressly: `vc_jwt`, which OpenID4VCI has no name for, and `legacy_vc11`
    for wallets that only know linked data proofs of data model 1.1.
    """

    signer: SignerUri
    vc_jwt: bool = False
    legacy_vc11: bool = False


class Document(SigningKey):
    """The seal of the certified document, and how long the document holds in days.

    With `time_stamp` an authority sees every seal; while it does not answer, no document is made.
    """

    days: int = Field(default=365, ge=1, le=366)
    time_stamp: TimeStamping | None = None


class LoginClaims(Section):
    """Where the log-in's claims stand; a dot steps into an object.

    `represents_…` name the represented person in a log-in on behalf of somebody else. `roles` is
    where the roles of staff stand (`desk.role`).
    """

    bsn: Text = "bsn"
    family_name: Text = "family_name"
    given_name: Text = "given_name"
    birthdate: Text = "birthdate"
    represents_bsn: Text | None = None
    represents_family_name: Text | None = None
    represents_given_name: Text | None = None
    represents_birthdate: Text | None = None
    roles: Text | None = None


class Login(settings.Login):
    """The OpenID provider where residents log in, and the assurance that it must state."""

    minimum_acr: Text
    claims: LoginClaims = LoginClaims()


class Desk(Section):
    """Who a BSN belongs to, for offers made at the desk and for representatives.

    Who logs in with `role` serves people at the desk; without it there are no pages of the desk.
    """

    persons_file: LocalPath
    role: Text | None = None


class Profile(Section):
    """What a kind of wallet is offered, and how.

    `configurations` in the order of the offer. `context` tells how JSON-LD of data model 2.0
    refers to our words: by its URL, or inline for wallets that fetch nothing. With `tx_code`
    "never" the wallet can't ask its holder for a transaction code.
    """

    name: str = Field(pattern=_NAME)
    configurations: tuple[Text, ...] = Field(min_length=1)
    grant: Literal["pre-authorized_code"] = "pre-authorized_code"
    tx_code: Literal["optional", "never"] = "optional"
    context: Literal["url", "inline"] = "url"
    offer_endpoint: str = Field(default="openid-credential-offer://", pattern=_ENDPOINT)


class Wallet(Section):
    """A wallet that the resident can pick by name: how it is called, and where offers go.

    What it is offered stands in the profile of this name.
    """

    name: Text
    offer_endpoint: str = Field(pattern=_ENDPOINT, max_length=500)
    profile: str = GENERAL


class Status(Section):
    """How long a status list may be cached, and how long it holds; in seconds.

    A statement gets no mark for changes of less than `small_change_cents` that are interest and
    costs only, until they add up to that.
    """

    ttl_seconds: int = Field(default=900, ge=1)
    expires_seconds: int = Field(default=86_400, ge=60)
    small_change_cents: int = Field(default=0, ge=0, le=10_000)

    @model_validator(mode="after")
    def _outlives_its_cache(self) -> Self:
        if self.expires_seconds < 2 * self.ttl_seconds:
            raise ValueError("expires_seconds must be at least twice ttl_seconds")
        return self


class Source(Section):
    """One debt administration, and the dialect in which it hands over its debts.

    Without a dialect it is named in every statement as not connected. Its files are put in `folder`
    or it is asked at `address`, a URL whose password or token stands in `secret_file`. A new state
    is due every `every_days` days after the reference date, and late `grace_days` after that.
    """

    code: str = Field(pattern=_NAME)
    name: Text
    dialect: LocalPath | None = None
    folder: LocalPath | None = None
    address: str | None = Field(default=None, pattern=_ADDRESS, max_length=2_000)
    secret_file: LocalPath | None = None
    every_days: int | None = Field(default=None, ge=1, le=366)
    grace_days: int = Field(default=0, ge=0, le=366)

    @field_validator("address")
    @classmethod
    def _tells_no_secret(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.password or _SECRET_PARAMETER.search(parts.query):
            raise ValueError("has a password or token in it: that belongs in secret_file")
        return address

    @model_validator(mode="after")
    def _is_in_one_place(self) -> Self:
        if self.folder is not None and self.address is not None:
            raise ValueError("a source has a folder or an address, not both")
        if self.secret_file is not None and self.address is None:
            raise ValueError("secret_file belongs to an address")
        return self

    def secret(self) -> str:
        """What `secret_file` holds, "" without one; ConfigurationError when others can read it."""
        if self.secret_file is None:
            return ""
        what = f"secret_file of source {self.code}"
        require_private(self.secret_file, what)
        secret = self.secret_file.read_text(encoding="utf-8", errors="replace").strip()
        if not _SECRET.fullmatch(secret):
            raise ConfigurationError(f"{what} must hold one line of printable signs")
        return secret


class Config(settings.Service):
    """Everything that one organisation's issuer needs to know before it starts."""

    index_key: LocalPath
    organisation: Organisation
    contact: Contact
    credentials: Credentials
    w3c: W3c | None = None
    document: Document | None = None
    login: Login
    desk: Desk
    status: Status = Status()
    profiles: tuple[Profile, ...] = ()
    wallets: tuple[Wallet, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)

    @field_validator("sources")
    @classmethod
    def _each_code_once(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        if len({source.code for source in sources}) != len(sources):
            raise ValueError("two sources have the same code")
        return sources

    @model_validator(mode="after")
    def _can_tell_staff(self) -> Self:
        if self.desk.role is not None and self.login.claims.roles is None:
            raise ValueError("desk.role needs login.claims.roles: where the log-in states roles")
        return self

    @model_validator(mode="after")
    def _asks_sources_safely(self) -> Self:
        addresses = [source.address or "" for source in self.sources]
        if not self.demo and any(address.startswith("http:") for address in addresses):
            raise ValueError("the address of a source must be https outside the demo")
        return self

    @field_validator("profiles")
    @classmethod
    def _each_profile_once(cls, profiles: tuple[Profile, ...]) -> tuple[Profile, ...]:
        if len({profile.name for profile in profiles}) != len(profiles):
            raise ValueError("two profiles have the same name")
        return profiles


def load(path: Path) -> Config:
    """Read and judge the settings of `path`; ConfigurationError names every wrong key."""
    return settings.load(path, Config)
