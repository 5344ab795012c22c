"""Wallet profiles: what a kind of wallet is offered, as a table and not as branches in code."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from issuer.config import Config, Profile
from issuer.configurations import ids
from vckit.adapters import settings
from vckit.errors import ConfigurationError

_PACKAGED: Final = Path(__file__).parent / "profiles.toml"

Profiles = Mapping[str, Profile]


class _Table(settings.Section):
    profiles: tuple[Profile, ...]


def open_profiles(config: Config) -> Profiles:
    """By name: the shipped profiles, and the own ones, also in the place of a shipped one.

    A shipped profile offers what the organisation gives of it, and is not there when that is
    nothing. ConfigurationError where the settings name what the organisation does not give.
    """
    given = set(ids.enabled(config))
    for profile in config.profiles:
        if not given.issuperset(profile.configurations):
            raise ConfigurationError("profiles: one names a credential that is not given here")
    shipped = settings.load(_PACKAGED, _Table, what="the shipped profiles").profiles
    profiles = {one.name: one for one in (*_given(shipped, given), *config.profiles)}
    if not all(wallet.profile in profiles for wallet in config.wallets):
        raise ConfigurationError("wallets: one has a profile that does not exist here")
    return profiles


def _given(profiles: tuple[Profile, ...], given: set[str]) -> Iterator[Profile]:
    for profile in profiles:
        chosen = tuple(one for one in profile.configurations if one in given)
        if chosen:
            yield profile.model_copy(update={"configurations": chosen})
