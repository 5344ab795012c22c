"""The settings of the demo wallet (shared ones: vckit.adapters.settings)."""

from pathlib import Path

from pydantic import Field

from vckit.adapters import settings
from vckit.adapters.settings import LocalPath, Origin, Section, Text


class IdentitySource(Section):
    """Who gives the identity card of the demo: the origin of the stand-in, and its name."""

    url: Origin
    name: Text


class Config(settings.Participant):
    """What the wallet needs to know; `folder` holds the sealed keys and cards."""

    folder: LocalPath = Field(default=Path("wallet"), validate_default=True)
    identity: IdentitySource | None = None


def load(path: Path) -> Config:
    """Read and judge the settings of `path`; ConfigurationError names every wrong key."""
    return settings.load(path, Config)
