"""Status lists made public: rendered when stale, by one process at a time, never shrinking.

security.md "Status list publication": lease with fencing number, one snapshot, sign, decode and
compare, then public. What is public lies in the database, so that no reader sees half a list.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from issuer.store import Store
from issuer.store.lists import Entry, Snapshot
from vckit import jose, x509
from vckit.errors import KitError
from vckit.oauth import TemporarilyUnavailable
from vckit.signers import Signer
from vckit.status import StatusReference, token_status_list
from vckit.status.token_status_list import StatusList

LEASE_SECONDS: Final = 15
WAITS: Final = 20
WAIT_SECONDS: Final = 0.05


class UnknownListError(KitError):
    """This organisation has no such status list."""


class PublicationError(KitError):
    """What was rendered is not what the store says; nothing was published."""


@dataclass(frozen=True)
class Publication:
    """Publishes the status lists of one organisation; the times in seconds.

    `alarm` is told when a list could not be renewed.
    """

    store: Store
    base_url: str
    signer: Signer
    chain: Sequence[x509.Certificate]
    ttl_seconds: int
    expires_seconds: int
    alarm: Callable[[KitError], None]

    def uri(self, list_id: str) -> str:
        """The `sub` of the list, and where it is fetched."""
        return f"{self.base_url}/status/{list_id}"

    def reference(self, purpose: str, entry: Entry) -> StatusReference:
        """What a credential says of its status."""
        return StatusReference(purpose, self.uri(entry.list_id), entry.position)

    def token(self, list_id: str, now: int) -> str:
        """The public token of a list, fresh unless another process is at it this moment.

        Raises UnknownListError, and TemporarilyUnavailable when there is nothing valid to show.
        """
        if not self.store.lists.exists(list_id):
            raise UnknownListError("no such status list")
        return (
            self._fresh(list_id, now)
            or self._try_render(list_id, now)
            or self._last_good(list_id, now)
        )

    def _fresh(self, list_id: str, now: int) -> str | None:
        published = self.store.lists.published(list_id)
        if published is None or not published.is_current:
            return None
        return published.token if now < published.issued_at + self.ttl_seconds else None

    def _last_good(self, list_id: str, now: int) -> str:
        """What is public and holds; the very first version is waited for."""
        for _ in range(WAITS):
            published = self.store.lists.published(list_id)
            if published is not None and now < published.expires_at:
                return published.token
            time.sleep(WAIT_SECONDS)
        raise TemporarilyUnavailable("The status list is being made.")

    def _try_render(self, list_id: str, now: int) -> str | None:
        """A list that cannot be renewed (disk full, damage) is an alarm, not an outage."""
        try:
            return self._render_alone(list_id, now)
        except KitError as error:
            self.alarm(error)
            return None

    def _render_alone(self, list_id: str, now: int) -> str | None:
        fence = self.store.lists.lease(list_id, until=now + LEASE_SECONDS, now=now)
        if fence is None:
            return None
        try:
            # Whoever held the lease until now may just have done it.
            return self._fresh(list_id, now) or self._render(list_id, fence, now)
        finally:
            self.store.lists.release(list_id, fence)

    def _render(self, list_id: str, fence: int, now: int) -> str | None:
        snapshot = self.store.lists.snapshot(list_id)
        expires_at = now + self.expires_seconds
        token = self._sign(list_id, snapshot, now, expires_at)
        self._check(list_id, token, snapshot, now)
        done = self.store.lists.publish(
            list_id,
            fence=fence,
            changes=snapshot.changes,
            token=token,
            issued_at=now,
            expires_at=expires_at,
        )
        return token if done else None

    def _sign(self, list_id: str, snapshot: Snapshot, now: int, expires_at: int) -> str:
        return token_status_list.issue(
            uri=self.uri(list_id),
            data=packed(snapshot),
            signer=self.signer,
            header={"x5c": x509.to_x5c(self.chain)},
            issued_at=now,
            expires=expires_at,
            ttl=self.ttl_seconds,
        )

    def _check(self, list_id: str, token: str, snapshot: Snapshot, now: int) -> None:
        """Decode our own product; it must say what the store says, and all that was public."""
        made = token_status_list.verify(
            token, uri=self.uri(list_id), issuer_key=self.signer.public_key, now=now
        ).list
        if made.data != packed(snapshot):
            raise PublicationError("the rendered status list differs from the store")
        before = self.store.lists.published(list_id)
        if before is not None and not is_superset(made, unverified_list(before.token)):
            raise PublicationError("the rendered status list takes a status back")


def unverified_list(token: str) -> StatusList:
    """The list in a token of our own store, which an earlier key of ours may have signed."""
    content = jose.parse(token).claims()["status_list"]
    return token_status_list.from_lst(content["bits"], content["lst"])


def packed(snapshot: Snapshot) -> bytes:
    """One bit for every index, the first in the lowest bit of the first byte."""
    data = bytearray((snapshot.size + 7) // 8)
    for position in snapshot.positions:
        token_status_list.set_bit(data, position)
    return bytes(data)


def is_superset(later: StatusList, earlier: StatusList) -> bool:
    """Whether every status set in `earlier` is set in `later`."""
    mine = int.from_bytes(later.data, "little")
    theirs = int.from_bytes(earlier.data, "little")
    return len(later.data) == len(earlier.data) and mine & theirs == theirs
