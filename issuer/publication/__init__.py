"""Status lists made public: rendered when stale, by one process at a time, never shrinking.

security.md "Status list publication": lease with fencing number, one snapshot, sign, decode and
compare, then public. What is public lies in the database, so that no reader sees half a list.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from issuer.publication.form import Form, is_superset, packed
from issuer.store import Store
from issuer.store.lists import Entry, Snapshot, Version
from vckit.errors import KitError
from vckit.oauth import TemporarilyUnavailable
from vckit.status import StatusReference

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

    Every list is there in every form, by the form's name; one credential refers to one of them.
    `alarm` is told when a list could not be renewed.
    """

    store: Store
    base_url: str
    forms: Mapping[str, Form]
    ttl_seconds: int
    expires_seconds: int
    alarm: Callable[[KitError], None]

    def uri(self, list_id: str, form: str) -> str:
        """Whose list it says it is, and where it is fetched."""
        return f"{self.base_url}{self.forms[form].path}{list_id}"

    def reference(self, purpose: str, entry: Entry, form: str) -> StatusReference:
        """What a credential says of its status."""
        uri = self.uri(entry.list_id, form)
        return StatusReference(purpose, uri, entry.position, self.forms[form].mechanism)

    def content(self, list_id: str, form: str, now: int) -> str:
        """What is public of a list, fresh unless another process is at it this moment.

        Raises UnknownListError, and TemporarilyUnavailable when there is nothing valid to show.
        """
        if form not in self.forms or not self.store.lists.exists(list_id):
            raise UnknownListError("no such status list")
        return _Edition(self, list_id, form).content(now)


@dataclass(frozen=True)
class _Edition:
    """One list in one form."""

    publication: Publication
    list_id: str
    form: str

    def content(self, now: int) -> str:
        return self._fresh(now) or self._try_render(now) or self._last_good(now)

    @property
    def _rendering(self) -> Form:
        return self.publication.forms[self.form]

    @property
    def _uri(self) -> str:
        return self.publication.uri(self.list_id, self.form)

    def _fresh(self, now: int) -> str | None:
        published = self.publication.store.lists.published(self.list_id, self.form)
        if published is None or not published.is_current:
            return None
        is_fresh = now < published.issued_at + self.publication.ttl_seconds
        return published.content if is_fresh else None

    def _last_good(self, now: int) -> str:
        """What is public and holds; the very first version is waited for."""
        for _ in range(WAITS):
            published = self.publication.store.lists.published(self.list_id, self.form)
            if published is not None and now < published.expires_at:
                return published.content
            time.sleep(WAIT_SECONDS)
        raise TemporarilyUnavailable("The status list is being made.")

    def _try_render(self, now: int) -> str | None:
        """A list that cannot be renewed (disk full, damage) is an alarm, not an outage."""
        try:
            return self._render_alone(now)
        except KitError as error:
            self.publication.alarm(error)
            return None

    def _render_alone(self, now: int) -> str | None:
        lists, until = self.publication.store.lists, now + LEASE_SECONDS
        fence = lists.lease(self.list_id, self.form, until=until, now=now)
        if fence is None:
            return None
        try:
            # Whoever held the lease until now may just have done it.
            return self._fresh(now) or self._render(fence, now)
        finally:
            lists.release(self.list_id, self.form, fence)

    def _render(self, fence: int, now: int) -> str | None:
        lists = self.publication.store.lists
        snapshot = lists.snapshot(self.list_id)
        expires_at = now + self.publication.expires_seconds
        content = self._rendering.render(self._uri, snapshot, now, expires_at)
        self._check(content, snapshot, now)
        done = lists.publish(
            self.list_id,
            self.form,
            Version(content, now, expires_at),
            fence=fence,
            changes=snapshot.changes,
        )
        return content if done else None

    def _check(self, content: str, snapshot: Snapshot, now: int) -> None:
        """Decode our own product; it must say what the store says, and all that was public."""
        made = self._rendering.read(content, self._uri, snapshot, now)
        if made != packed(snapshot):
            raise PublicationError("the rendered status list differs from the store")
        before = self.publication.store.lists.published(self.list_id, self.form)
        if before and not is_superset(made, self._rendering.read_unverified(before.content)):
            raise PublicationError("the rendered status list takes a status back")
