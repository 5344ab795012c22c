"""What the settings of all roles share: one TOML file, every key known, no secret in it.

Paths are relative to the file. A wrong setting raises ConfigurationError, whose text names the
key and never its value. A role extends `Site`, `Participant` or `Service` by tables of its own.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Self, TypeVar
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

from vckit import strict_json, trust, x509
from vckit.adapters.private_files import require_private
from vckit.errors import ConfigurationError, KitError
from vckit.keys import PublicKey
from vckit.network import Fetcher
from vckit.published import require_secret
from vckit.signers import Signer, open_signer
from vckit.trust import Scheme, SchemeError

if TYPE_CHECKING:
    from vckit.sealed_pdf.stamping import TimeStampAuthority

_ORIGIN: Final = re.compile(
    r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?"
)
# Where a TOML file breaks; the rest of that message may repeat what stands there.
_PLACE: Final = re.compile("line [0-9]+, column [0-9]+")
_STANDARD_PORTS: Final = {"http": 80, "https": 443}


def _beside_the_file(path: Path, info: ValidationInfo) -> Path:
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / path


def _signer_beside_the_file(uri: str, info: ValidationInfo) -> str:
    scheme, colon, rest = uri.partition(":")
    if not colon:
        raise ValueError("a signer is a URI such as file:keys/credential.pem")
    return f"file:{_beside_the_file(Path(rest), info)}" if scheme == "file" else uri


def _origin(url: str) -> str:
    # Part of identifiers that are compared byte for byte (OpenID4VCI 12.2.1, OpenID4VP 5.9).
    if not _ORIGIN.fullmatch(url):
        raise ValueError("must be scheme://host or scheme://host:port, in lower case, no slash")
    urlsplit(url).port  # noqa: B018  raises ValueError above 65535
    return url


LocalPath = Annotated[Path, AfterValidator(_beside_the_file)]
SignerUri = Annotated[str, AfterValidator(_signer_beside_the_file)]
Origin = Annotated[str, AfterValidator(_origin)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Section(BaseModel):
    """A table of the file: frozen, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Organisation(Section):
    """Whose service it is: its name on the pages, its OIN of 20 digits."""

    name: Text
    oin: str = Field(pattern=r"^[0-9]{20}$")


class SigningKey(Section):
    """Where a key is, and the file of its certificates (leaf first)."""

    signer: SignerUri
    chain: LocalPath

    def open(self, section: str) -> tuple[Signer, tuple[x509.Certificate, ...]]:
        """The key and its chain; ConfigurationError (with the table's name) if they don't fit."""
        try:
            signer = open_signer(self.signer)
        except KitError as error:
            raise ConfigurationError(f"{section}.signer: {error}") from None
        try:
            chain = x509.load_pem_chain(self.chain.read_bytes())
        except (OSError, KitError):
            raise ConfigurationError(f"{section}.chain is unreadable") from None
        if x509.public_key(chain[0]) != signer.public_key:
            raise ConfigurationError(f"{section}.signer is not the key of {section}.chain")
        return signer, chain


class TimeStamping(Section):
    """The time-stamp authority (RFC 3161) that sees our seals, and the PEM file of its roots.

    Without it a seal carries the moment that we say it was put.
    """

    url: str = Field(pattern=r"^https?://\S+$", max_length=500)
    certificates: LocalPath

    def open(self, section: str, fetcher: Fetcher) -> "TimeStampAuthority":
        """Whom to ask; ConfigurationError (with the table's name) where nobody is trusted."""
        from vckit.sealed_pdf import time_stamp  # noqa: PLC0415  pyHanko is slow to import
        from vckit.sealed_pdf.stamping import TimeStampAuthority  # noqa: PLC0415

        try:
            time_stamp.anchors(self.certificates)
        except (OSError, ValueError):
            raise ConfigurationError(f"{section}.certificates is no PEM of certificates") from None
        return TimeStampAuthority(self.url, self.certificates, fetcher)


class SchemeSource(Section):
    """The signed scheme, the keys of its operator and how many of them must have signed.

    The file is looked at every `reload_seconds` while a service runs. A scheme that is in force
    and ends is used for `grace_days` more, with an alarm.
    """

    file: LocalPath
    operator_keys: tuple[LocalPath, ...] = Field(min_length=1)
    threshold: int = Field(default=1, ge=1)
    reload_seconds: int = Field(default=60, ge=0, le=86_400)
    grace_days: int = Field(default=7, ge=0, le=30)

    @property
    def grace_seconds(self) -> int:
        """`grace_days` in seconds."""
        return self.grace_days * 86_400

    def load(self, now: int, *, minimum_version: int = 0) -> Scheme:
        """The verified scheme of the file, whatever was seen before; SchemeError."""
        return self.verify(self.read(), now, minimum_version=minimum_version)

    def read(self) -> bytes:
        """What the file holds now; SchemeError when it can't be read."""
        try:
            with self.file.open("rb") as file:
                return file.read(trust.MAX_BYTES + 1)
        except OSError:
            raise SchemeError("scheme.file is unreadable", "unreadable") from None

    def verify(
        self, content: bytes, now: int, *, minimum_version: int = 0, grace_seconds: int = 0
    ) -> Scheme:
        """The value of a signed scheme; SchemeError when it is not as these settings want it."""
        return trust.verify_scheme(
            content,
            operator_keys=[_public_key(path) for path in self.operator_keys],
            threshold=self.threshold,
            now=now,
            minimum_version=minimum_version,
            grace_seconds=grace_seconds,
        )


def _public_key(path: Path) -> PublicKey:
    try:
        key = PublicKey.from_jwk(strict_json.loads_object(path.read_bytes()))
        require_secret(key)
    except (OSError, KitError):
        text = "a file of scheme.operator_keys is no public JWK of an operator"
        raise SchemeError(text, "settings") from None
    return key


class Login(Section):
    """The OpenID provider where people log in, and who we are there."""

    issuer: Text
    client_id: Text
    client_secret_file: LocalPath

    def client_secret(self) -> str:
        """What the file holds; ConfigurationError when others can read it."""
        require_private(self.client_secret_file, "login.client_secret_file")
        try:
            return self.client_secret_file.read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            raise ConfigurationError("login.client_secret_file is not text") from None


class Site(Section):
    """What answers at an address: `base_url` is the one that people and programs use."""

    base_url: Origin

    @property
    def port(self) -> int:
        """The port of base_url, also where it is left out."""
        parts = urlsplit(self.base_url)
        return parts.port or _STANDARD_PORTS[parts.scheme]


class Participant(Site):
    """A site that trusts a scheme and fetches from others.

    `insecure_origins` are fetched without https and from inner addresses: only in the demo.
    `trusted_certificates` is a PEM file of authorities in the place of the public ones.
    """

    demo: bool = False
    insecure_origins: tuple[Origin, ...] = ()
    trusted_certificates: LocalPath | None = None
    theme: LocalPath | None = None
    scheme: SchemeSource

    @model_validator(mode="after")
    def _fetches_safely(self) -> Self:
        if self.insecure_origins and not self.demo:
            raise ValueError("insecure_origins must be empty outside the demo")
        return self


class Service(Participant):
    """A participant with a database, log-in and worker processes."""

    listen: str | None = Field(default=None, pattern=r"^\S+:[0-9]{1,5}$")
    workers: int = Field(default=2, ge=1, le=64)
    database: LocalPath
    database_key: LocalPath
    organisation: Organisation
    login: Login

    @model_validator(mode="after")
    def _nothing_is_left_of_the_demo(self) -> Self:
        if self.demo:
            return self
        for key, url in (("base_url", self.base_url), ("login.issuer", self.login.issuer)):
            if not url.startswith("https://"):
                raise ValueError(f"{key} must be https outside the demo")
        if not self.listen:
            raise ValueError("listen must be set outside the demo")
        return self

    @property
    def address(self) -> str:
        """`host:port` to listen on: as set, or in the demo the loopback port of base_url."""
        return self.listen or f"127.0.0.1:{self.port}"


_Settings = TypeVar("_Settings", bound=Section)


def load(path: Path, model: type[_Settings], *, what: str = "the configuration") -> _Settings:
    """Read and judge the file at `path`, which errors call `what`.

    ConfigurationError names every wrong key, or the place where it is no TOML.
    """
    try:
        members = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ConfigurationError(f"the file of {what} cannot be read") from None
    except ValueError as error:
        where = _PLACE.search(str(error))
        told = f", see {where[0]}" if where else ""
        raise ConfigurationError(f"{what} is no readable TOML file{told}") from None
    try:
        return model.model_validate(members, context={"folder": path.resolve().parent})
    except ValidationError as error:
        raise ConfigurationError(f"{what} is wrong: {_in_words(error)}") from None


def _in_words(error: ValidationError) -> str:
    """Which keys are wrong and why, without their values."""
    details = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{'.'.join(map(str, detail['loc'])) or 'together'}: "
        f"{detail['msg'].removeprefix('Value error, ')}"
        for detail in details
    )


def chosen_file(named: str | Path | None, variable: str) -> Path:
    """The file of `--config`, or else of the environment; ConfigurationError without either."""
    path = named or os.environ.get(variable)
    if not path:
        raise ConfigurationError(f"name the settings by --config FILE, or by {variable}")
    return Path(path).resolve()
