"""The wallet's settings: one TOML file, every key known, no secret in it.

Paths are relative to the file. A wrong setting raises ConfigurationError, which names the key.
"""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pydantic

from vckit import strict_json
from vckit.errors import ConfigurationError
from vckit.keys import PublicKey
from vckit.trust import Scheme, verify_scheme

_STRICT = pydantic.ConfigDict(frozen=True, extra="forbid")


class SchemeSettings(pydantic.BaseModel):
    """Where the signed scheme stands and who must have signed it."""

    model_config = _STRICT
    file: Path
    operator_keys: tuple[Path, ...]
    threshold: int = pydantic.Field(default=1, ge=1)


class Config(pydantic.BaseModel):
    """What the wallet needs to know; `folder` holds the sealed keys and cards."""

    model_config = _STRICT
    base_url: str
    demo: bool = False
    theme: str = "voorbeeld"
    folder: Path = Path("wallet")
    insecure_origins: tuple[str, ...] = ()
    trusted_certificates: Path | None = None
    scheme: SchemeSettings

    @property
    def port(self) -> int:
        """The loopback port of the web page."""
        return urlsplit(self.base_url).port or 80


def load(path: Path) -> Config:
    """Read a configuration file; ConfigurationError names the key that is wrong."""
    try:
        config = Config.model_validate(tomllib.loads(path.read_text("utf-8")))
    except pydantic.ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ConfigurationError(f"{path.name}: {where} is wrong") from None
    except (OSError, ValueError):
        raise ConfigurationError(f"{path.name} cannot be read as TOML") from None
    return _beside(config, path.resolve().parent)


def _beside(config: Config, folder: Path) -> Config:
    scheme = SchemeSettings(
        file=folder / config.scheme.file,
        operator_keys=tuple(folder / key for key in config.scheme.operator_keys),
        threshold=config.scheme.threshold,
    )
    certificates = config.trusted_certificates and folder / config.trusted_certificates
    return config.model_copy(
        update={
            "scheme": scheme,
            "folder": folder / config.folder,
            "trusted_certificates": certificates,
        }
    )


def load_scheme(settings: SchemeSettings, *, now: int, minimum_version: int = 0) -> Scheme:
    """Read and verify the scheme; SchemeError or ConfigurationError when it does not hold."""
    try:
        data = settings.file.read_bytes()
        keys = [_read_key(path) for path in settings.operator_keys]
    except OSError:
        raise ConfigurationError("scheme: a file cannot be read") from None
    return verify_scheme(
        data,
        operator_keys=keys,
        threshold=settings.threshold,
        now=now,
        minimum_version=minimum_version,
    )


def _read_key(path: Path) -> PublicKey:
    return PublicKey.from_jwk(strict_json.loads_object(path.read_bytes()))
