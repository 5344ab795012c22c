"""Offers, their redemption, and the tokens that come of it. Each verb stands or falls as one."""

from dataclasses import dataclass
from typing import Final, Literal

from issuer.person import Person
from vckit.database import Database, Row

MAXIMUM_ATTEMPTS: Final = 5

Channel = Literal["page", "desk"]
State = Literal["open", "used", "expired", "void"]


@dataclass(frozen=True)
class Offer:
    """A new offer; secrets as digests, times in epoch seconds.

    `login_digest` ties an offer of a resident's page to the log-in that asked for it.
    """

    offer_id: str
    reference_digest: str
    code_digest: str
    transaction_code_digest: str | None
    channel: Channel
    login_digest: str | None
    pseudonym: str
    person: Person
    profile: str
    configurations: tuple[str, ...]
    created_at: int
    expires_at: int


@dataclass(frozen=True)
class OfferedState:
    """How far an offer is; `expires_at` in epoch seconds."""

    offer_id: str
    profile: str
    state: State
    expires_at: int


@dataclass(frozen=True)
class Fetched:
    """What a wallet sees of an open offer."""

    offer_id: str
    configurations: tuple[str, ...]
    needs_transaction_code: bool


@dataclass(frozen=True)
class Grant:
    """What an access token stands for: one person, once offered."""

    grant_id: str
    expires_at: int
    pseudonym: str
    person: Person
    profile: str
    configurations: tuple[str, ...]


class Offers:
    """The verbs on offers and tokens of one organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, offer: Offer) -> None:
        """Keep a new offer; what the same log-in left open before is void from now on."""
        with self._database.transaction():
            if offer.login_digest is not None:
                self.void_of_login(offer.login_digest)
            self._database.execute(
                "INSERT INTO offers (offer_id, reference_digest, code_digest,"
                " transaction_code_digest, channel, login_digest, pseudonym, person,"
                " profile, configurations, created_at, expires_at)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    offer.offer_id,
                    offer.reference_digest,
                    offer.code_digest,
                    offer.transaction_code_digest,
                    offer.channel,
                    offer.login_digest,
                    offer.pseudonym,
                    offer.person.to_json(),
                    offer.profile,
                    " ".join(offer.configurations),
                    offer.created_at,
                    offer.expires_at,
                ),
            )

    def void_of_login(self, login_digest: str) -> None:
        """Log-out: nothing that this log-in offered can be redeemed any more."""
        self._database.execute(
            "UPDATE offers SET state = 'void', person = NULL"
            " WHERE login_digest = ? AND state = 'open'",
            (login_digest,),
        )

    def fetch(self, reference_digest: str, now: int) -> Fetched | None:
        """The offer behind a link while it is open; fetching consumes nothing."""
        rows = self._database.execute(
            "SELECT offer_id, configurations, transaction_code_digest IS NOT NULL AS coded"
            " FROM offers WHERE reference_digest = ? AND state = 'open' AND expires_at > ?"
            " AND attempts < ?",
            (reference_digest, now, MAXIMUM_ATTEMPTS),
        )
        return _fetched(rows[0]) if rows else None

    def state(self, offer_id: str, login_digest: str, now: int) -> OfferedState | None:
        """How far an offer of this log-in is."""
        rows = self._database.execute(
            "SELECT offer_id, profile, expires_at, CASE WHEN state = 'open' AND expires_at <= ?"
            " THEN 'expired' ELSE state END AS state"
            " FROM offers WHERE offer_id = ? AND login_digest = ?",
            (now, offer_id, login_digest),
        )
        return OfferedState(**rows[0]) if rows else None

    def needs_transaction_code(self, code_digest: str, now: int) -> bool | None:
        """Whether this code asks for a transaction code; None when it is not redeemable at all."""
        rows = self._database.execute(
            "SELECT transaction_code_digest IS NOT NULL AS coded FROM offers"
            " WHERE code_digest = ? AND state = 'open' AND expires_at > ?",
            (code_digest, now),
        )
        return bool(rows[0]["coded"]) if rows else None

    def count_attempt(self, code_digest: str, now: int) -> str | None:
        """Take one of five attempts, for good, and give the digest to compare with.

        None when no attempt is left (or no such offer is open): then nothing may be compared.
        """
        rows = self._database.execute(
            "UPDATE offers SET attempts = attempts + 1 WHERE code_digest = ? AND state = 'open'"
            " AND expires_at > ? AND attempts < ? AND transaction_code_digest IS NOT NULL"
            " RETURNING transaction_code_digest",
            (code_digest, now, MAXIMUM_ATTEMPTS),
        )
        return str(rows[0]["transaction_code_digest"]) if rows else None

    def redeem(
        self, code_digest: str, *, grant_id: str, token_digest: str, expires_at: int, now: int
    ) -> bool:
        """Turn a code into a token, once; False when it is not open.

        A code that comes back has leaked: its token is revoked if nothing was issued on it yet
        (RFC 6749 4.1.2).
        """
        with self._database.transaction():
            used = self._database.execute(
                "UPDATE offers SET state = 'used' WHERE code_digest = ? AND state = 'open'"
                " AND expires_at > ? RETURNING offer_id",
                (code_digest, now),
            )
            if not used:
                self._revoke_replayed(code_digest, now)
                return False
            self._database.execute(
                "INSERT INTO grants (grant_id, offer_id, token_digest, expires_at)"
                " VALUES (?,?,?,?)",
                (grant_id, used[0]["offer_id"], token_digest, expires_at),
            )
            return True

    def _revoke_replayed(self, code_digest: str, now: int) -> None:
        self._database.execute(
            "UPDATE grants SET revoked_at = ? WHERE used_at IS NULL AND revoked_at IS NULL AND"
            " offer_id = (SELECT offer_id FROM offers WHERE code_digest = ? AND state = 'used')",
            (now, code_digest),
        )

    def authenticate(self, token_digest: str, now: int) -> Grant | None:
        """What this access token stands for, while it holds."""
        rows = self._database.execute(
            "SELECT grant_id, grants.expires_at, pseudonym, person, profile, configurations"
            " FROM grants"
            " JOIN offers USING (offer_id) WHERE token_digest = ? AND revoked_at IS NULL"
            " AND grants.expires_at > ? AND person IS NOT NULL",
            (token_digest, now),
        )
        return _grant(rows[0]) if rows else None


def _fetched(row: Row) -> Fetched:
    return Fetched(row["offer_id"], tuple(row["configurations"].split()), bool(row["coded"]))


def _grant(row: Row) -> Grant:
    return Grant(
        grant_id=row["grant_id"],
        expires_at=row["expires_at"],
        pseudonym=row["pseudonym"],
        person=Person.from_json(row["person"]),
        profile=row["profile"],
        configurations=tuple(row["configurations"].split()),
    )
