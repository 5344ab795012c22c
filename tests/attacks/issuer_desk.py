"""The desk of one running issuer: makes offers as its command does, and looks into its books."""

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from holder_demo.demo.world import World
from issuer.config import Config, load
from issuer.configurations.profiles import open_profiles
from issuer.keyring import digest
from issuer.offers import Made, Offering
from issuer.person import Person, find_person
from issuer.stored import Stored, open_stored


@dataclass(frozen=True)
class IssuerDesk:
    """One municipality of a world; `slug` as in `World.issuer`."""

    world: World
    slug: str = "boxtel"

    @cached_property
    def config(self) -> Config:
        return load(self.world.config_path(self.slug))

    @cached_property
    def stored(self) -> Stored:
        return open_stored(self.config)

    def person(self, bsn: str) -> Person:
        found = find_person(self.config.desk.persons_file, bsn)
        assert found
        return found

    def offer(self, bsn: str, *, with_code: bool = False, now: int | None = None) -> Made:
        """What `blauweknop-issuer offer` makes, without starting Python for each."""
        profiles = open_profiles(self.config)
        stored, base_url = self.stored, self.config.base_url
        offering = Offering(stored.store, stored.keyring, base_url, profiles)
        moment = int(time.time()) if now is None else now
        return offering.at_desk(self.person(bsn), profiles["general"], moment, with_code=with_code)

    def offer_row(self, code: str) -> dict[str, Any]:
        """How an offer stands: its state and its attempts."""
        [row] = self.stored.database.execute(
            "SELECT state, attempts FROM offers WHERE code_digest = ?", (digest(code),)
        )
        return row

    def grants(self, code: str) -> int:
        """How many tokens ever came of a code."""
        [row] = self.stored.database.execute(
            "SELECT count(*) AS made FROM grants JOIN offers USING (offer_id)"
            " WHERE code_digest = ?",
            (digest(code),),
        )
        return int(row["made"])

    def books(self) -> dict[str, Any]:
        """Everything that an attack may not change."""
        counted = (
            "SELECT (SELECT count(*) FROM records) AS records,"
            " (SELECT count(*) FROM spent_nonces) AS nonces,"
            " (SELECT count(*) FROM status_entries) AS entries,"
            " (SELECT count(*) FROM status_entries WHERE value = 1) AS marked,"
            " (SELECT count(*) FROM grants) AS grants,"
            " (SELECT count(*) FROM desk_actions) AS acts,"
            " (SELECT count(*) FROM offers WHERE state = 'open') AS open_offers"
        )
        return self.stored.database.execute(counted)[0]

    def records_of(self, bsn: str) -> list[str]:
        """The ids of what was given out about somebody."""
        pseudonym = self.stored.keyring.pseudonym(bsn)
        found = self.stored.store.records.of_person(pseudonym, int(time.time()))
        return [one.record_id for one in found]
