"""The settings of one organisation of debt counsellors (shared ones: vckit.adapters.settings)."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from vckit.adapters import settings
from vckit.adapters.settings import LocalPath, Origin, Section, SigningKey, Text
from verifier.question import USUAL_FORMATS

_ENDPOINT = r"^[a-z][a-z0-9+.-]*://\S*$"
CredentialFormat = Literal["dc+sd-jwt", "ldp_vc", "jwt_vc_json", "vc+jwt"]


class RequestSettings(SigningKey):
    """The key of the request objects, and how long a request is open in seconds.

    `client_id` is how we name ourselves to wallets: by that key's certificate, by the host of
    base_url that it names, or by the DID of base_url. `formats` are those that a wallet may answer
    in. A question that is sent as a link is open for `link_seconds`.
    """

    client_id: Literal["x509_hash", "x509_san_dns", "decentralized_identifier"] = "x509_hash"
    formats: tuple[CredentialFormat, ...] = Field(default=USUAL_FORMATS, min_length=1)
    life_seconds: int = Field(default=900, ge=60, le=86_400)
    link_seconds: int = Field(default=86_400, ge=60, le=86_400 * 7)


class ClaimPaths(Section):
    """Where the log-in's claims stand; a dot steps into an object."""

    family_name: Text = "family_name"
    given_name: Text = "given_name"


class LoginSettings(settings.Login):
    """The OpenID provider of the counsellors, and the role that lets one in."""

    minimum_acr: Text | None = None
    roles_claim: Text = "roles"
    counsellor_role: Text = "counsellor"
    claims: ClaimPaths = ClaimPaths()


class StatusSettings(Section):
    """How long a status list serves without asking, and after that when it can't be fetched.

    In seconds. 0 and 0: every list is asked for every response, and an old one never serves.
    """

    max_age_seconds: int = Field(default=900, ge=0)
    grace_seconds: int = Field(default=86_400, ge=0)


class TimeStampSettings(Section):
    """The PEM file of the time-stamp authorities that are trusted in seals of others."""

    certificates: LocalPath


class OverviewSettings(Section):
    """Days until a statement is outdated or gets a note; hours that a case is kept."""

    stale_days: int = Field(default=30, ge=1)
    note_days: int = Field(default=7, ge=1)
    keep_hours: int = Field(default=12, ge=1, le=24 * 7)


class IdentitySettings(Section):
    """The identity credential that a wallet may share beside statements; without it none is asked.

    `certificates` is a PEM file of the authorities, or of the issuers themselves, that are trusted.
    """

    vct: Text = "urn:eudi:pid:1"
    certificates: LocalPath


class Wallet(Section):
    """A wallet that people can pick by name: how it is called, and where requests go."""

    name: Text
    request_endpoint: str = Field(pattern=_ENDPOINT, max_length=500)


class ApiSettings(Section):
    """Case software: the origins that it may want to be told at when a request changes."""

    webhook_origins: tuple[Origin, ...] = ()


class Config(settings.Service):
    """Everything that a verifier needs to know before it starts."""

    request: RequestSettings
    # The seal of reports; without it there is no controlerapport.
    report: SigningKey | None = None
    login: LoginSettings
    status: StatusSettings = StatusSettings()
    overview: OverviewSettings = OverviewSettings()
    # Without it a time stamp in a seal is not judged, and the seal's own moment is what is told.
    time_stamp: TimeStampSettings | None = None
    identity: IdentitySettings | None = None
    wallets: tuple[Wallet, ...] = ()
    api: ApiSettings = ApiSettings()

    @property
    def time_stamp_certificates(self) -> Path | None:
        """The file of the time-stamp authorities, where one is set."""
        return self.time_stamp.certificates if self.time_stamp else None


def load(path: Path) -> Config:
    """Read and judge the settings of `path`; ConfigurationError names every wrong key."""
    return settings.load(path, Config)
